//! ResNets without tensors: architectures, parts, trainable parameters, sources of pretrained weights, and errors of
//! weights files.

pub mod architecture;
pub mod part;
pub mod sources;
pub mod trainable;
pub mod unsupported;
pub mod weights_error;

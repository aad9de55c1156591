//! What is known of a ResNet without its weights: architecture, parts, parameters and pretrained sources, and why
//! a file of weights cannot be used.

pub mod architecture;
pub mod part;
pub mod sources;
pub mod trainable;
pub mod unsupported;
pub mod weights_error;

//! What a ResNet is made of, by name: its architecture, parts, parameters and known pretrained weights.

pub mod architecture;
pub mod parameter_name;
pub mod part;
pub mod sources;
pub mod trainable;

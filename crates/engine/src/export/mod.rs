//! What a run leaves for others: the trained network with all that is needed to use it.

pub mod trained_model;

pub use trained_model::{ModelError, TrainedModel};

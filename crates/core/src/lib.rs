//! The logic of tunelab that needs no tensors, browser or terminal: options, training plans, labels from tables and
//! folders, metrics, hyperparameter search, and the messages between the page and its worker.

pub mod data;
pub mod device;
pub mod gpu;
pub mod metrics;
pub mod model;
pub mod options;
pub mod protocol;
pub mod rng;
pub mod search;
pub mod train;

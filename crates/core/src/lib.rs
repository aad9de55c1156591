//! What tunelab does, without tensors, browser or terminal: the choices of a run and what follows from them,
//! tables and folders of labels, metrics, search, and the messages between the page and its worker.

pub mod data;
pub mod device;
pub mod metrics;
pub mod model;
pub mod options;
pub mod protocol;
pub mod rng;
pub mod search;
pub mod train;

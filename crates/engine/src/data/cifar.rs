//! Reads CIFAR-10 and CIFAR-100 (Krizhevsky 2009, <https://www.cs.toronto.edu/~kriz/cifar.html>) from single
//! files or from the official archives.

mod archive;
mod class_names;
mod collector;
mod format;

pub use archive::read_archive;
pub use collector::CifarCollector;
pub use format::{CifarBatch, CifarData, CifarRecord, SIDE, parse_batch, parse_class_names};

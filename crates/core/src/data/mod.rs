//! Labels, and the settings of images. No pixels: these are the engine's.
//!
//! - [`task`]: what is predicted, and what is known of an image.
//! - [`csv`], [`table`]: a table of labels. [`folder`]: a folder of class folders. [`cifar`]: CIFAR's files.
//! - [`file_kind`]: what a file is, whatever it is called. [`image_file`]: what is known of an image file.
//! - [`notice`]: what people should know of data that can be used. [`split`]: training and validation parts.
//! - [`input`]: the network's square input. [`augmentation`], [`mix`]: random changes. [`setting`]: a setting
//!   out of its range.

pub mod augmentation;
pub mod cifar;
pub mod csv;
pub mod file_kind;
pub mod folder;
pub mod image_file;
pub mod input;
pub mod mix;
pub mod notice;
pub mod setting;
pub mod split;
pub mod table;
pub mod task;

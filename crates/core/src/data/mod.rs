//! Datasets without pixels: labels, files and settings.
//!
//! | concept | file |
//! | --- | --- |
//! | tasks and targets | [`task`] |
//! | class folders; a table of labels (CSV); CIFAR's files | [`folder`]; [`table`], [`csv`]; [`cifar`] |
//! | kinds of files by content; files by name; image files that were read | [`file_kind`]; [`listed_file`]; [`image_file`] |
//! | skipped files; warnings | [`skipped`]; [`warning`] |
//! | errors of datasets | [`dataset_error`] |
//! | splits: their names; drawing one | [`split_name`]; [`split`] |
//! | the network's input; augmentation | [`input`]; [`augmentation`] |

pub mod augmentation;
pub mod cifar;
pub mod csv;
pub mod dataset_error;
pub mod file_kind;
pub mod folder;
pub mod image_file;
pub mod input;
pub mod listed_file;
pub mod skipped;
pub mod split;
pub mod split_name;
pub mod table;
pub mod task;
pub mod warning;

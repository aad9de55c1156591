//! Data: from files in memory to pictures a network can be trained on. No file access, no tensors.
//!
//! | question | file |
//! | --- | --- |
//! | What is a picture here? | [`image`] |
//! | What kind of file are these bytes? | [`file_kind`] |
//! | Where is a JPEG decoded, EXIF turned, a bomb refused? | [`decode`] |
//! | How are pictures resized, and why like PIL? | [`resize`] |
//! | How does a picture become the network's input? | [`transform`] |
//! | What is random in training pictures? | [`augment`] |
//! | How are pictures mixed with each other? | [`mix`] |
//! | How do pictures become a tensor? | [`batch`] |
//! | How is a table of labels read? | [`csv`], [`table`], [`standardize`] |
//! | What is predicted, and what is known of a picture? | [`task`] |
//! | What is kept in memory of each picture? | [`picture`] |
//! | What is a dataset, and when is it unusable? | [`dataset`] |
//! | What of a picture's file, is it cut, is it there twice? | [`picture_file`] |
//! | What should people know of data that can be used? | [`notice`] |
//! | How is it split into training and validation? | [`split`] |
//! | How are pictures spoken of in a trained network's terms? | [`relabel`] |
//! | What is a file, whatever it is called? | [`file_kind`] |
//! | How are folders of classes recognised? | [`folder`] |
//! | How is CIFAR-10 read? | [`cifar`] (one file), [`archive`] (the official .tar.gz) |
//! | Where does the built-in sample dataset come from? | [`sample`] |

pub mod archive;
pub mod augment;
#[cfg(feature = "compute")]
pub mod batch;
pub mod cifar;
pub mod csv;
pub mod dataset;
pub mod decode;
pub mod file_kind;
pub mod folder;
pub mod image;
pub mod mix;
pub mod notice;
pub mod picture;
pub mod picture_file;
pub mod relabel;
pub mod resize;
pub mod sample;
pub mod split;
pub mod standardize;
pub mod table;
pub mod task;
pub mod transform;

pub use augment::Augmentation;
pub use dataset::{DataError, Dataset, Example, Skipped};
pub use file_kind::FileKind;
pub use image::RgbImage;
pub use notice::Notice;
pub use picture::Picture;
pub use transform::{InputSize, Normalization, Preprocessing};

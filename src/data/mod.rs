//! Data: from files in memory to pictures a network can be trained on. No file access, no tensors.
//!
//! | question | file |
//! | --- | --- |
//! | What is a picture here? | [`image`] |
//! | Where is a JPEG decoded, EXIF turned, a bomb refused? | [`decode`] |
//! | How are pictures resized, and why like PIL? | [`resize`] |
//! | How does a picture become the network's input? | [`transform`] |
//! | What is random in training pictures? | [`augment`] |
//! | How do pictures become a tensor? | [`batch`] |
//! | What is kept in memory of each picture? | [`picture`] |
//! | What is a dataset, and when is it unusable? | [`dataset`] |
//! | How is it split into training and validation? | [`split`] |
//! | How are folders of classes recognised? | [`folder`] |
//! | How is CIFAR-10 read? | [`cifar`] (one file), [`archive`] (the official .tar.gz) |
//! | Where does the built-in sample dataset come from? | [`sample`] |

pub mod archive;
pub mod augment;
#[cfg(feature = "compute")]
pub mod batch;
pub mod cifar;
pub mod dataset;
pub mod decode;
pub mod folder;
pub mod image;
pub mod picture;
pub mod resize;
pub mod sample;
pub mod split;
pub mod transform;

pub use augment::Augmentation;
pub use dataset::{DataError, Dataset, Example, Skipped};
pub use image::RgbImage;
pub use picture::Picture;
pub use transform::{InputSize, Normalization, Preprocessing};

//! Images: from files in memory to tensors. No file access.
//!
//! | question | file |
//! | --- | --- |
//! | What is an image here? | [`image`] |
//! | Where is a JPEG decoded, EXIF turned, a bomb refused? | [`decode`] |
//! | What came of reading some files? | [`image_files`] |
//! | How are images resized, and why like PIL? | [`resize`] |
//! | How does an image become the network's input? | [`transform`] |
//! | How are training images changed at random? | [`augment`], [`mix`] |
//! | How do images become a tensor? | [`batch`] |
//! | What is kept in memory of each image? | [`picture`] |
//! | What is a dataset, and when is it unusable? | [`dataset`] |
//! | How is a dataset put in the terms of a trained network? | [`relabel`] |
//! | How is CIFAR read? | [`cifar`] (one file), [`archive`] (the official .tar.gz) |
//! | Where does the built-in sample dataset come from? | [`sample`] |

pub mod archive;
pub mod augment;
pub mod batch;
pub mod cifar;
pub mod collection;
pub mod dataset;
pub mod decode;
pub mod image;
pub mod image_files;
pub mod mix;
pub mod picture;
pub mod relabel;
pub mod resize;
pub mod sample;
pub mod standardize;
pub mod transform;

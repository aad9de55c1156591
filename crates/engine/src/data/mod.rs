//! Images: from file contents to tensors. Reads no files itself.
//!
//! | concept | file |
//! | --- | --- |
//! | an image; decoding a file; cached pixels | [`image`]; [`decode`]; [`cached_image`] |
//! | preprocessing for the network; resizing like PIL | [`transform`]; [`resize`] |
//! | augmentation; MixUp and CutMix | [`augment`]; [`mix`] |
//! | the images of the user | [`collection`] |
//! | a dataset; a batch as a tensor | [`dataset`]; [`batch`] |
//! | mapping targets to other tasks; standardizing numbers | [`target_mapping`]; [`standardize`] |
//! | CIFAR's files and archives | [`cifar`] |
//! | the built-in sample dataset | [`sample`] |

pub mod augment;
pub mod batch;
pub mod cached_image;
pub mod cifar;
pub mod collection;
pub mod dataset;
pub mod decode;
pub mod image;
pub mod mix;
pub mod resize;
pub mod sample;
pub mod standardize;
pub mod target_mapping;
pub mod transform;

//! Pretrained weights: reading, recognizing, checking and writing them.
//!
//! [`load`] takes the bytes of a file in any supported format and naming and gives the tensors of a
//! known architecture, each checked, under torchvision's names. Nothing in a file is ever executed,
//! and no length in it is believed before the bytes are there.

mod detect;
mod dtype;
mod error;
mod export;
mod naming;
pub mod pickle;
mod pth;
mod safetensors;
pub mod sources;
mod state_dict;
mod validate;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::arch::Architecture;

pub use self::detect::detect;
pub use self::error::WeightsError;
pub use self::export::to_torchvision;
pub use self::naming::Naming;
pub use self::safetensors::{FloatFormat, serialize};
pub use self::state_dict::{HostTensor, StateDict, TensorValues};
pub use self::validate::Problem;

/// The container of a weights file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// safetensors.
    Safetensors,
    /// The zip archive of `torch.save` since PyTorch 1.6.
    PthArchive,
    /// The stream of `torch.save` before PyTorch 1.6.
    PthLegacy,
}

/// The linear layer that makes class scores from features.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// `[classes, features]`, floats.
    pub weight: HostTensor,
    /// `[classes]`, floats.
    pub bias: HostTensor,
}

/// The weights of a known network, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct PretrainedWeights {
    /// The network.
    pub architecture: Architecture,
    /// Exactly the tensors of [`Architecture::tensor_specs`], all floats and finite; no metadata.
    pub backbone: StateDict,
    /// The classifier the network was trained with, if the file has one.
    pub head: Option<Head>,
    /// Free text stored beside the tensors.
    pub metadata: BTreeMap<String, String>,
    /// Whose names the file used.
    pub naming: Naming,
    /// The container of the file.
    pub format: Format,
}

impl Head {
    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.bias.data.len()
    }
}

/// Beginnings of other files, and what they are.
const OTHER_FILES: [(&[u8], &str); 9] = [
    (b"<!DOCTYPE", "it is a web page, so the download went wrong"),
    (b"<!doctype", "it is a web page, so the download went wrong"),
    (b"<html", "it is a web page, so the download went wrong"),
    (b"version https://git-lfs", "it is a Git LFS pointer, which only says where the real file is"),
    (b"\x89HDF", "it is a Keras (HDF5) file"),
    (b"GGUF", "it is a GGUF language model"),
    (b"\x93NUMPY", "it is a NumPy array"),
    (b"\x1f\x8b", "it is compressed with gzip; unpack it first"),
    (b"\x08", "it looks like an ONNX or TensorFlow file"),
];

/// Recognizes the format of a weights file by its content.
///
/// # Errors
/// If it is none of the supported ones.
pub fn detect_format(bytes: &[u8]) -> Result<Format, WeightsError> {
    /// Where a tar archive has its mark.
    const TAR_MARK: usize = 257;
    if bytes.is_empty() {
        return Err(WeightsError::UnknownFormat { found: "it is empty" });
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Format::PthArchive);
    }
    if let Some((length, header)) = bytes.split_first_chunk::<8>()
        && header.starts_with(b"{")
        && u64::from_le_bytes(*length) <= header.len() as u64
    {
        return Ok(Format::Safetensors);
    }
    if pth::is_legacy(bytes) {
        return Ok(Format::PthLegacy);
    }
    if bytes.get(TAR_MARK..).is_some_and(|rest| rest.starts_with(b"ustar")) {
        return Err(WeightsError::Unsupported {
            what: "the tar archive of PyTorch before 0.1.10",
            remedy: "load it in PyTorch and save it again with torch.save",
        });
    }
    if pickle::Pickle::read(bytes).is_ok() {
        return Err(WeightsError::UnknownFormat {
            found: "it is a Python pickle that torch.save did not write",
        });
    }
    let other = OTHER_FILES.iter().find(|(start, _)| bytes.starts_with(start));
    Err(WeightsError::UnknownFormat {
        found: other.map_or("its content is of no known format", |(_, found)| *found),
    })
}

/// Reads the tensors of a weights file of any supported format, under the names they have there.
///
/// # Errors
/// If the format is unknown, or the file is damaged, too large, or holds no tensors.
pub fn parse(bytes: &[u8]) -> Result<StateDict, WeightsError> {
    match detect_format(bytes)? {
        Format::Safetensors => safetensors::parse(bytes),
        Format::PthArchive => pth::parse_archive(bytes),
        Format::PthLegacy => pth::parse_legacy(bytes),
    }
}

/// Reads a weights file, finds out which network it is for and checks every tensor.
///
/// # Errors
/// As [`parse`], and if the tensors are not those of a supported ResNet.
pub fn load(bytes: &[u8]) -> Result<PretrainedWeights, WeightsError> {
    let format = detect_format(bytes)?;
    let StateDict { tensors, metadata } = parse(bytes)?;
    let (tensors, naming) = naming::to_torchvision(tensors)?;
    let architecture = detect(&tensors)?;
    let (backbone, head) = validate::split(architecture, tensors)?;
    Ok(PretrainedWeights { architecture, backbone, head, metadata, naming, format })
}

//! Weights files: reading, recognizing, validating and writing them.
//!
//! [`load`] reads a file in any supported format and naming scheme, and returns the checked tensors of an architecture
//! under torchvision's names. It never executes code in a file, and checks every length against the size of the file.
//!
//! - [`safetensors`], [`pth`], [`pickle`], [`dtype`]: file formats. [`unsupported`] recognizes other files.
//! - [`backbone`], [`head`], [`naming`], [`role`]: which tensors of a file are the network's.
//! - [`detect`](mod@detect), [`other_networks`], [`validate`]: which architecture they are, and whether they fit.

mod backbone;
mod detect;
mod dtype;
mod head;
mod naming;
mod other_networks;
pub mod pickle;
mod pth;
mod role;
mod safetensors;
mod state_dict;
mod unsupported;
mod validate;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use tunelab_core::model::architecture::Architecture;
use tunelab_core::model::sources::Naming;
use tunelab_core::model::unsupported::UnsupportedFile;
use tunelab_core::model::weights_error::{UnreadHead, WeightsError, WeightsFormat};

pub use self::detect::detect;
pub use self::safetensors::{FloatFormat, serialize};
pub use self::state_dict::{HostTensor, StateDict, TensorValues};
pub use self::validate::{Head, to_torchvision};

/// The checked weights of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct PretrainedWeights {
    pub architecture: Architecture,
    /// Exactly the tensors of [`Architecture::tensor_specs`], all finite floats, without metadata.
    pub backbone: StateDict,
    /// The classification head, if the file has one.
    pub head: Option<Head>,
    /// Why the layers after the backbone are not used as the head, if there are any.
    pub unread_head: Option<UnreadHead>,
    /// The prefix of the backbone's names in the file, for example `model_ema.module.`.
    pub prefix: String,
    /// The number of tensors that belong neither to the backbone nor to the head, such as those of a decoder.
    pub unused: usize,
    /// The metadata of a safetensors file.
    pub metadata: BTreeMap<String, String>,
    pub naming: Naming,
    pub format: WeightsFormat,
}

/// The metadata key of the models that this program writes.
pub const MODEL_KEY: &str = "tunelab";
/// The metadata key of the checkpoints of its runs.
pub const CHECKPOINT_KEY: &str = "tunelab-checkpoint";

/// Recognizes the format of a file by its contents.
///
/// # Errors
/// It is not a supported one; says which other.
pub fn detect_format(bytes: &[u8]) -> Result<WeightsFormat, UnsupportedFile> {
    /// The longest header that safetensors allows, in bytes.
    const LONGEST_HEADER: u64 = 100_000_000;
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(WeightsFormat::PthArchive);
    }
    // Also if the file ends within the header, which is damage and not another format.
    if let Some((length, header)) = bytes.split_first_chunk::<8>()
        && header.starts_with(b"{")
        && u64::from_le_bytes(*length) <= LONGEST_HEADER
    {
        return Ok(WeightsFormat::Safetensors);
    }
    if pth::is_legacy(bytes) {
        return Ok(WeightsFormat::PthLegacy);
    }
    Err(unsupported::identify(bytes))
}

/// Reads the tensors of a file in any supported format, under their names in the file.
///
/// # Errors
/// The format is not supported, or the file is damaged, too large or without tensors.
pub fn parse(bytes: &[u8]) -> Result<StateDict, WeightsError> {
    Ok(read(bytes, detect_format(bytes)?)?.0)
}

/// The tensors, and the path of the entry that contains them.
fn read(bytes: &[u8], format: WeightsFormat) -> Result<(StateDict, String), WeightsError> {
    match format {
        WeightsFormat::Safetensors => Ok((safetensors::parse(bytes)?, String::new())),
        WeightsFormat::PthArchive => pth::parse_archive(bytes),
        WeightsFormat::PthLegacy => pth::parse_legacy(bytes),
    }
}

/// Reads a file, finds the network in it and checks its tensors.
///
/// Everything else in the file is ignored, such as the weights of a loss, a decoder or an auxiliary network, and a head
/// that is not a linear layer or does not fit, because training replaces it. A file that this program wrote must be
/// complete and contain nothing else.
///
/// # Errors
/// As [`parse`], or there is no supported ResNet, or its tensors do not fit.
pub fn load(bytes: &[u8]) -> Result<PretrainedWeights, WeightsError> {
    let format = detect_format(bytes)?;
    let (StateDict { mut tensors, metadata }, entry) = read(bytes, format)?;
    // Messages show names in one line, and no network has such names.
    tensors.retain(|name, _| !name.contains(char::is_control));
    if metadata.contains_key(CHECKPOINT_KEY) {
        return Err(UnsupportedFile::RunCheckpoint.into());
    }
    if metadata.contains_key(MODEL_KEY) {
        let architecture = detect(&tensors)?;
        let (backbone, head) = validate::split(architecture, tensors)?;
        let head = Some(head.ok_or(WeightsError::HeadMissing)?);
        return Ok(PretrainedWeights {
            architecture,
            backbone,
            head,
            unread_head: None,
            prefix: String::new(),
            unused: 0,
            metadata,
            naming: Naming::Torchvision,
            format,
        });
    }

    let names = || tensors.keys().map(String::as_str);
    // Some other networks have blocks with the same names.
    if !backbone::has_complete_resnet(names())
        && let Some(network) = other_networks::known_network(names())
    {
        return Err(network.into());
    }
    let rejected = backbone::rejected_prefixes(names());
    let Some(location) = backbone::find(&tensors)? else {
        return Err(other_networks::other_network(names()).into());
    };
    if let Some(network) = location.other_network() {
        return Err(network.into());
    }
    let backbone::Partition { backbone, mut others } = location.partition(tensors)?;
    let architecture = detect(&backbone)?;
    let backbone = validate::backbone(architecture, backbone)?;
    let features = architecture.feature_width();
    let (head, unread_head) = head::take_head(&location, features, &mut others, &rejected);
    Ok(PretrainedWeights {
        architecture,
        backbone,
        head,
        unread_head,
        prefix: entry + &location.prefix,
        unused: others.len(),
        metadata,
        naming: location.naming,
        format,
    })
}

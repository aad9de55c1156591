//! Pretrained weights: reading, recognizing, checking and writing them.
//!
//! [`load`] takes the bytes of a file in any supported format and naming and gives the tensors of a
//! known architecture, each checked, under torchvision's names. Nothing in a file is ever executed,
//! and no length in it is believed before the bytes are there.

mod backbone;
mod detect;
mod dtype;
mod error;
mod export;
mod head;
mod naming;
mod other_files;
pub mod pickle;
mod preference;
mod pth;
mod safetensors;
mod state_dict;
mod validate;
mod variants;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use tunelab_core::model::architecture::Architecture;

pub use self::detect::detect;
pub use self::error::WeightsError;
pub use self::export::to_torchvision;
pub use self::head::UnreadHead;
pub use self::safetensors::{FloatFormat, serialize};
pub use self::state_dict::{HostTensor, StateDict, TensorValues};
pub use self::validate::Problem;
pub use tunelab_core::model::sources::Naming;

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
    /// Why there is no head although layers follow the backbone.
    pub unread_head: Option<UnreadHead>,
    /// What stands before the backbone's names in the file, for example `model_ema.module.`.
    pub prefix: String,
    /// How many tensors belong neither to the backbone nor to the head, such as a loss's or a decoder's.
    pub unused: usize,
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

/// The metadata entry of the models that this program writes.
pub const MODEL_KEY: &str = "tunelab";
/// The metadata entry of the checkpoints of its runs.
pub const CHECKPOINT_KEY: &str = "tunelab-checkpoint";

/// Recognizes the format of a weights file by its content.
///
/// # Errors
/// If it is none of the supported ones.
pub fn detect_format(bytes: &[u8]) -> Result<Format, WeightsError> {
    /// Longest header that the safetensors format allows.
    const LONGEST_HEADER: u64 = 100_000_000;
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Format::PthArchive);
    }
    // A file that is cut off in its header is damaged, but is one of safetensors.
    if let Some((length, header)) = bytes.split_first_chunk::<8>()
        && header.starts_with(b"{")
        && u64::from_le_bytes(*length) <= LONGEST_HEADER
    {
        return Ok(Format::Safetensors);
    }
    if pth::is_legacy(bytes) {
        return Ok(Format::PthLegacy);
    }
    Err(other_files::identify(bytes))
}

/// Reads the tensors of a weights file of any supported format, under the names they have there.
///
/// # Errors
/// If the format is unknown, or the file is damaged, too large, or holds no tensors.
pub fn parse(bytes: &[u8]) -> Result<StateDict, WeightsError> {
    Ok(read(bytes, detect_format(bytes)?)?.0)
}

/// The tensors, and what stood before their names: the path of the entry that holds them.
fn read(bytes: &[u8], format: Format) -> Result<(StateDict, String), WeightsError> {
    match format {
        Format::Safetensors => Ok((safetensors::parse(bytes)?, String::new())),
        Format::PthArchive => pth::parse_archive(bytes),
        Format::PthLegacy => pth::parse_legacy(bytes),
    }
}

/// Reads a weights file, finds the network in it and checks every tensor of it.
///
/// Whatever else is in the file, such as a loss's weights, a decoder, or the network that helped to
/// train the wanted one, is left out. A head that is no linear layer, or does not fit, is left out as
/// well: training replaces it. A file that this program wrote must be complete, with nothing else.
///
/// # Errors
/// As [`parse`], and if there is no ResNet of a supported kind, or its tensors are not as they must be.
pub fn load(bytes: &[u8]) -> Result<PretrainedWeights, WeightsError> {
    let format = detect_format(bytes)?;
    let (StateDict { mut tensors, metadata }, entry) = read(bytes, format)?;
    // Names are shown in messages of one line, and no network has such ones.
    tensors.retain(|name, _| !name.contains(char::is_control));
    if metadata.contains_key(CHECKPOINT_KEY) {
        return Err(WeightsError::Unsupported {
            what: "the checkpoint of an unfinished run as a model",
            remedy: "use the model.safetensors beside it, or continue the run",
        });
    }
    if metadata.contains_key(MODEL_KEY) {
        let architecture = detect(&tensors)?;
        let (backbone, head) = validate::split(architecture, tensors)?;
        let head = Some(head.ok_or(WeightsError::HeadMissing)?);
        let (naming, prefix) = (Naming::Torchvision, String::new());
        let (unread_head, unused) = (None, 0);
        return Ok(PretrainedWeights {
            architecture,
            backbone,
            head,
            unread_head,
            prefix,
            unused,
            metadata,
            naming,
            format,
        });
    }

    let names = || tensors.keys().map(String::as_str);
    // Other networks have blocks of the same names.
    if !backbone::is_there(names())
        && let Some(found) = detect::known_network(names())
    {
        return Err(WeightsError::WrongNetwork { found: found.to_owned() });
    }
    let foreign = backbone::unwanted(names());
    let Some(place) = backbone::find(&tensors)? else {
        return Err(detect::other_network(names()));
    };
    if let Some(found) = place.other_network() {
        return Err(WeightsError::WrongNetwork { found: found.to_owned() });
    }
    let backbone::Sorted { network, mut others } = place.sort(tensors)?;
    let architecture = detect(&network)?;
    let backbone = validate::backbone(architecture, network)?;
    let features = architecture.feature_width();
    let (head, unread_head) = head::take_head(&place, features, &mut others, &foreign);
    Ok(PretrainedWeights {
        architecture,
        backbone,
        head,
        unread_head,
        prefix: entry + &place.prefix,
        unused: others.len(),
        metadata,
        naming: place.naming,
        format,
    })
}

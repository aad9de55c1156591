//! The naming schemes of ResNets, and their translation to torchvision's names.
//!
//! - timm uses torchvision's names.
//! - Hugging Face transformers (`ResNetForImageClassification`) uses `embedder…` and `encoder.stages…`.
//! - NVIDIA's examples keep the four stages in a list, `layers.0` to `layers.3`.
//! - `nn.Sequential(*resnet.children())` numbers the layers from 0, including the pooling of the stem, so the stages
//!   are 4 to 7 (as in fastai). With the whole stem as one layer they are 1 to 4.
//!
//! Wrappers, whole models and entries of a checkpoint add a prefix.

use tunelab_core::model::sources::Naming;

/// The name of a tensor in a residual block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlockName<'a> {
    pub naming: Naming,
    /// The part before that of the naming scheme.
    pub prefix: &'a str,
    /// The number of the stage in the name.
    pub stage: usize,
}

/// The number of the first stage in a `Sequential` of a ResNet's children.
pub(super) const FIRST_OF_CHILDREN: usize = 4;
/// The number of the first stage in a `Sequential` whose first layer is the whole stem.
pub(super) const FIRST_AFTER_STEM: usize = 1;

/// The modules of residual blocks.
const BLOCK_MODULES: [&str; 7] = ["conv1", "conv2", "conv3", "bn1", "bn2", "bn3", "downsample"];

/// Splits the name of a tensor in a residual block; `None` for other tensors.
pub(super) fn block_name(name: &str) -> Option<BlockName<'_>> {
    let parts: Vec<&str> = name.split('.').collect();
    let mut length = 0;
    for (position, part) in parts.iter().enumerate() {
        let found = match parts.get(position..).unwrap_or(&[]) {
            [stage, block, module, _, ..] if is_block(block, module) => {
                match stage.strip_prefix("layer") {
                    Some(stage) => number(stage).map(|stage| (Naming::Torchvision, stage)),
                    None => number(stage).map(|stage| (Naming::Sequential, stage)),
                }
            }
            ["layers", stage, block, module, _, ..] if is_block(block, module) => {
                number(stage).map(|stage| (Naming::Nvidia, stage))
            }
            ["encoder", "stages", stage, "layers", block, _, ..] if number(block).is_some() => {
                number(stage).map(|stage| (Naming::Transformers, stage))
            }
            _ => None,
        };
        if let Some((naming, stage)) = found {
            return Some(BlockName { naming, prefix: name.get(..length)?, stage });
        }
        length += part.len() + 1;
    }
    None
}

fn is_block(block: &str, module: &str) -> bool {
    number(block).is_some() && BLOCK_MODULES.contains(&module)
}

/// A part of a name as a number, which has digits only.
pub(super) fn number(part: &str) -> Option<usize> {
    let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| part.parse().ok())?
}

/// Translates the name of a tensor to torchvision's. A tensor in a module of the network that torchvision does not
/// have keeps its name; `None` for a tensor outside the network. `first_stage` is the number of the first stage in a
/// [`Naming::Sequential`].
pub(super) fn to_torchvision_name(
    naming: Naming,
    first_stage: usize,
    name: &str,
) -> Option<String> {
    match naming {
        Naming::Torchvision => from_torchvision(name),
        Naming::Transformers => from_transformers(name),
        Naming::Nvidia => {
            match name.strip_prefix("layers.").and_then(|rest| rest.split_once('.')) {
                Some((stage, rest)) => {
                    Some(format!("layer{}.{rest}", number(stage)?.checked_add(1)?))
                }
                None => from_torchvision(name),
            }
        }
        Naming::Sequential => from_sequential(first_stage, name),
    }
}

fn from_torchvision(name: &str) -> Option<String> {
    let (module, rest) = name.split_once('.')?;
    match (module, rest.split_once('.')) {
        // Segmentation networks keep the stem in a layer of its own.
        ("layer0", Some(("0" | "conv1", parameter))) => Some(format!("conv1.{parameter}")),
        ("layer0", Some(("1" | "bn1", parameter))) => Some(format!("bn1.{parameter}")),
        ("conv1" | "bn1" | "layer0" | "layer1" | "layer2" | "layer3" | "layer4", _) => {
            Some(name.to_owned())
        }
        // A `layer5` follows the network, as in DeepLab.
        _ => None,
    }
}

fn from_transformers(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.split('.').collect();
    match parts.as_slice() {
        ["embedder", "embedder", "convolution", parameter] => Some(format!("conv1.{parameter}")),
        ["embedder", "embedder", "normalization", parameter] => Some(format!("bn1.{parameter}")),
        ["encoder", "stages", stage, "layers", block, rest @ ..] => {
            let module = match rest {
                ["layer", index, "convolution", _] => format!("conv{}", next(index)?),
                ["layer", index, "normalization", _] => format!("bn{}", next(index)?),
                ["shortcut", "convolution", _] => "downsample.0".to_owned(),
                ["shortcut", "normalization", _] => "downsample.1".to_owned(),
                _ => return Some(name.to_owned()),
            };
            let parameter = rest.last()?;
            Some(format!("layer{}.{block}.{module}.{parameter}", next(stage)?))
        }
        ["embedder" | "encoder", ..] => Some(name.to_owned()),
        _ => None,
    }
}

fn from_sequential(first_stage: usize, name: &str) -> Option<String> {
    let (index, rest) = name.split_once('.')?;
    let index = number(index)?;
    let stem = match first_stage {
        FIRST_AFTER_STEM => (index == 0).then(|| rest.split_once('.')).flatten(),
        _ => name.split_once('.'),
    };
    match stem {
        Some(("0", parameter)) => return Some(format!("conv1.{parameter}")),
        Some(("1", parameter)) => return Some(format!("bn1.{parameter}")),
        _ => {}
    }
    match index.checked_sub(first_stage) {
        Some(stage @ 0..4) => Some(format!("layer{}.{rest}", stage + 1)),
        // The head follows the stages, and only the stem is before them.
        Some(_) => None,
        None => Some(name.to_owned()),
    }
}

/// transformers counts from 0, torchvision from 1.
fn next(index: &str) -> Option<usize> {
    number(index)?.checked_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_recognized_in_every_naming() {
        for (name, naming, prefix, stage) in [
            ("layer1.0.conv1.weight", Naming::Torchvision, "", 1),
            ("module.net.layer4.2.bn3.bias", Naming::Torchvision, "module.net.", 4),
            ("encoder_q.0.layer2.0.downsample.0.weight", Naming::Torchvision, "encoder_q.0.", 2),
            ("layers.3.0.conv1.weight", Naming::Nvidia, "", 3),
            ("4.0.conv1.weight", Naming::Sequential, "", 4),
            ("model.0.7.1.bn2.running_var", Naming::Sequential, "model.0.", 7),
            (
                "resnet.encoder.stages.0.layers.1.layer.0.convolution.weight",
                Naming::Transformers,
                "resnet.",
                0,
            ),
        ] {
            assert_eq!(block_name(name), Some(BlockName { naming, prefix, stage }), "{name}");
        }
        for name in ["conv1.weight", "layer1.0.se.fc.weight", "layers.0.self_attn.weight", "4.0"] {
            assert_eq!(block_name(name), None, "{name}");
        }
    }

    #[test]
    fn names_are_translated_to_torchvision() {
        use Naming::{Nvidia, Sequential, Torchvision, Transformers};
        for (naming, first_stage, theirs, ours) in [
            (Torchvision, 1, "layer1.0.se.fc.weight", Some("layer1.0.se.fc.weight")),
            (Torchvision, 1, "layer0.0.weight", Some("conv1.weight")),
            (Torchvision, 1, "layer0.bn1.bias", Some("bn1.bias")),
            (Torchvision, 1, "layer0.conv2.weight", Some("layer0.conv2.weight")),
            (Torchvision, 1, "fc.weight", None),
            (Torchvision, 1, "layer5.conv2d_list.0.weight", None),
            (Nvidia, 0, "layers.0.0.conv1.weight", Some("layer1.0.conv1.weight")),
            (Nvidia, 0, "bn1.weight", Some("bn1.weight")),
            (Sequential, 4, "0.weight", Some("conv1.weight")),
            (Sequential, 4, "1.running_var", Some("bn1.running_var")),
            (Sequential, 4, "3.filt", Some("3.filt")),
            (Sequential, 4, "4.0.conv1.weight", Some("layer1.0.conv1.weight")),
            (Sequential, 4, "7.1.bn2.bias", Some("layer4.1.bn2.bias")),
            (Sequential, 4, "9.weight", None),
            (Sequential, 1, "0.0.weight", Some("conv1.weight")),
            (Sequential, 1, "0.1.bias", Some("bn1.bias")),
            (Sequential, 1, "0.3.weight", Some("0.3.weight")),
            (Sequential, 1, "4.0.conv1.weight", Some("layer4.0.conv1.weight")),
            (Transformers, 0, "embedder.embedder.convolution.weight", Some("conv1.weight")),
            (
                Transformers,
                0,
                "encoder.stages.3.layers.0.layer.2.normalization.bias",
                Some("layer4.0.bn3.bias"),
            ),
            (
                Transformers,
                0,
                "encoder.stages.3.layers.0.shortcut.convolution.weight",
                Some("layer4.0.downsample.0.weight"),
            ),
            (Transformers, 0, "classifier.1.weight", None),
        ] {
            assert_eq!(
                to_torchvision_name(naming, first_stage, theirs).as_deref(),
                ours,
                "{theirs}"
            );
        }
    }
}

//! Brings the names of other libraries, and of models wrapped in others, to torchvision's.
//!
//! - timm names ResNets as torchvision does.
//! - Hugging Face transformers (`ResNetForImageClassification`) names the same tensors
//!   `resnet.embedder…`, `resnet.encoder.stages…` and `classifier.1…`.
//! - A wrapper (`DataParallel`, `torch.compile`, a detector's backbone, …) puts a prefix before all
//!   names. The prefix is whatever most names of residual blocks share.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::WeightsError;
use super::state_dict::HostTensor;

/// Which library's names a file uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Naming {
    /// torchvision's, shared by timm: `layer1.0.conv1.weight`.
    Torchvision,
    /// Hugging Face transformers': `resnet.encoder.stages.0.layers.0.layer.0.convolution.weight`.
    Transformers,
}

/// Prefixes that wrappers put before the name of a head that is not under the backbone's prefix.
const WRAPPER_PREFIXES: [&str; 7] =
    ["module.", "_orig_mod.", "model.", "backbone.", "encoder.", "resnet.", "net."];

/// Names of the linear layer that makes the logits.
const HEADS: [&str; 5] = ["fc", "head", "head.fc", "classifier.1", "classifier"];

/// Renames tensors to torchvision's names. Tensors that are no part of a ResNet keep their names,
/// less the wrappers' prefixes.
///
/// # Errors
/// If the file holds several ResNets, or two tensors for one parameter.
pub(super) fn to_torchvision(
    tensors: BTreeMap<String, HostTensor>,
) -> Result<(BTreeMap<String, HostTensor>, Naming), WeightsError> {
    let (naming, prefix) = convention(tensors.keys().map(String::as_str))?;
    let mut renamed = BTreeMap::new();
    for (name, tensor) in tensors {
        let name = rename(&name, naming, &prefix);
        if renamed.contains_key(&name) {
            return Err(WeightsError::DuplicateName { name });
        }
        renamed.insert(name, tensor);
    }
    Ok((renamed, naming))
}

/// The naming and prefix that most names of residual blocks follow.
fn convention<'a>(names: impl Iterator<Item = &'a str>) -> Result<(Naming, String), WeightsError> {
    let mut votes = BTreeMap::new();
    for (naming, prefix) in names.filter_map(block_prefix) {
        *votes.entry((naming, prefix)).or_insert(0_usize) += 1;
    }
    let mut votes: Vec<_> = votes.into_iter().collect();
    votes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    match votes.as_slice() {
        [] => Ok((Naming::Torchvision, String::new())),
        [((_, first), most), ((_, second), next), ..] if next * 2 > *most => {
            Err(WeightsError::SeveralBackbones {
                prefixes: vec![(*first).to_owned(), (*second).to_owned()],
            })
        }
        [((naming, prefix), _), ..] => Ok((*naming, (*prefix).to_owned())),
    }
}

/// If a name belongs to a residual block, its naming and the prefix before it.
fn block_prefix(name: &str) -> Option<(Naming, &str)> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = name.split('.').collect();
    let mut length = 0;
    for (position, part) in parts.iter().enumerate() {
        let naming = match parts.get(position..).unwrap_or(&[]) {
            [_, block, _, ..]
                if part.strip_prefix("layer").is_some_and(is_number) && is_number(block) =>
            {
                Some(Naming::Torchvision)
            }
            ["encoder", "stages", stage, "layers", block, ..]
                if is_number(stage) && is_number(block) =>
            {
                Some(Naming::Transformers)
            }
            _ => None,
        };
        if let Some(naming) = naming {
            return Some((naming, name.get(..length)?));
        }
        length += part.len() + 1;
    }
    None
}

fn rename(name: &str, naming: Naming, prefix: &str) -> String {
    let name = name.strip_prefix(prefix).unwrap_or_else(|| without_wrappers(name));
    let mapped = match naming {
        Naming::Torchvision => None,
        Naming::Transformers => from_transformers(name),
    };
    mapped.or_else(|| head(name)).unwrap_or_else(|| name.to_owned())
}

fn without_wrappers(mut name: &str) -> &str {
    while let Some(rest) = WRAPPER_PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        name = rest;
    }
    name
}

/// torchvision's name of the head's tensor, if it is one.
fn head(name: &str) -> Option<String> {
    let (module, parameter) = name.rsplit_once('.')?;
    (HEADS.contains(&module) && matches!(parameter, "weight" | "bias"))
        .then(|| format!("fc.{parameter}"))
}

/// torchvision's name of a backbone tensor of a transformers ResNet.
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
                _ => return None,
            };
            let parameter = rest.last()?;
            Some(format!("layer{}.{block}.{module}.{parameter}", next(stage)?))
        }
        _ => None,
    }
}

/// transformers counts from 0 where torchvision counts from 1.
fn next(index: &str) -> Option<u32> {
    index.parse::<u32>().ok()?.checked_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(names: &[&str]) -> Result<(Vec<String>, Naming), WeightsError> {
        let tensors = names
            .iter()
            .map(|name| ((*name).to_owned(), HostTensor::float([1], vec![0.0])))
            .collect();
        let (tensors, naming) = to_torchvision(tensors)?;
        Ok((tensors.into_keys().collect(), naming))
    }

    #[test]
    fn torchvision_names_stay() {
        let names = ["bn1.weight", "conv1.weight", "fc.weight", "layer1.0.conv1.weight"];
        let (same, naming) = renamed(&names).unwrap();
        assert_eq!(same, names);
        assert_eq!(naming, Naming::Torchvision);
    }

    #[test]
    fn wrappers_are_removed() {
        let plain = ["bn1.weight", "conv1.weight", "fc.weight", "layer1.0.conv1.weight"];
        for prefix in
            ["module.", "_orig_mod.", "module.model.backbone.", "model.encoder.resnet.", "student."]
        {
            let names = plain.map(|name| format!("{prefix}{name}"));
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            assert_eq!(renamed(&names).unwrap().0, plain, "{prefix}");
        }
    }

    #[test]
    fn the_head_may_lie_outside_the_backbone() {
        for (backbone, head) in [
            ("backbone.", "head."),
            ("module.backbone.", "module.head."),
            ("model.encoder.", "model.head.fc."),
            ("", "classifier."),
        ] {
            let names = [
                format!("{backbone}conv1.weight"),
                format!("{backbone}layer1.0.conv1.weight"),
                format!("{head}weight"),
                format!("{head}bias"),
            ];
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            assert_eq!(
                renamed(&names).unwrap().0,
                ["conv1.weight", "fc.bias", "fc.weight", "layer1.0.conv1.weight"],
                "{backbone} {head}"
            );
        }
    }

    #[test]
    fn transformers_names_are_mapped() {
        let (names, naming) = renamed(&[
            "resnet.embedder.embedder.convolution.weight",
            "resnet.embedder.embedder.normalization.running_var",
            "resnet.encoder.stages.0.layers.1.layer.0.convolution.weight",
            "resnet.encoder.stages.3.layers.0.layer.2.normalization.bias",
            "resnet.encoder.stages.3.layers.0.shortcut.convolution.weight",
            "resnet.encoder.stages.3.layers.0.shortcut.normalization.weight",
            "classifier.1.weight",
        ])
        .unwrap();
        assert_eq!(naming, Naming::Transformers);
        assert_eq!(
            names,
            [
                "bn1.running_var",
                "conv1.weight",
                "fc.weight",
                "layer1.1.conv1.weight",
                "layer4.0.bn3.bias",
                "layer4.0.downsample.0.weight",
                "layer4.0.downsample.1.weight",
            ]
        );
    }

    #[test]
    fn several_backbones_and_duplicates_are_errors() {
        let error = renamed(&["student.layer1.0.conv1.weight", "teacher.layer1.0.conv1.weight"]);
        assert!(matches!(error, Err(WeightsError::SeveralBackbones { .. })), "{error:?}");
        let error = renamed(&["layer1.0.conv1.weight", "fc.weight", "head.weight"]);
        assert_eq!(error, Err(WeightsError::DuplicateName { name: "fc.weight".into() }));
    }
}

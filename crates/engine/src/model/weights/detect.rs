//! Finds out which network a file holds, from its tensors' names.

use std::collections::BTreeMap;

use tunelab_core::model::architecture::Architecture;

use super::error::WeightsError;
use super::preference::is_self_supervised;
use super::state_dict::HostTensor;
use super::variants::relative;

/// Marks of other kinds of network: a part of a tensor's name, a dot before it, and what has it.
const OTHER_NETWORKS: [(&str, &str); 34] = [
    ("cls_token", "a Vision Transformer"),
    ("attn.qkv", "a Vision Transformer"),
    ("attention.attention.query", "a Vision Transformer"),
    ("self_attention.in_proj_weight", "a Vision Transformer"),
    ("visual.transformer.", "a Vision Transformer"),
    ("relative_position_bias_table", "a Swin Transformer"),
    ("model.diffusion_model.", "an image generator"),
    ("lora_", "a LoRA adapter"),
    ("self_attn.", "a language model"),
    ("denseblock1", "a DenseNet"),
    ("stage4.0.branches", "an HRNet"),
    ("Mixed_5b", "an Inception network"),
    ("mixed5b", "an Inception network"),
    ("conv_stem", "an EfficientNet or MobileNet"),
    ("_conv_stem", "an EfficientNet"),
    ("features.1.0.block", "an EfficientNet"),
    ("features.1.conv.0", "a MobileNet"),
    ("features.0.0.weight", "a MobileNet, EfficientNet or ConvNeXt"),
    ("dwconv", "a ConvNeXt"),
    ("conv_dw.weight", "a ConvNeXt"),
    ("stage2.0.branch", "a ShuffleNet"),
    (".model.22.", "a YOLO detector"),
    ("model.0.conv.weight", "a YOLO detector"),
    ("res2.0.conv1.norm", "Detectron2's ResNet, which takes its pictures and strides differently"),
    (
        "res2.0.conv1.weight",
        "Detectron2's ResNet, which takes its pictures and strides differently",
    ),
    ("body.0.res_layer", "a ResNet for faces (IResNet)"),
    ("block1.unit", "a ResNetV2 (BiT)"),
    ("stages.0.blocks.0.conv1", "a ResNetV2"),
    (".s1.b1.", "a RegNet"),
    ("trunk_output.block1", "a RegNet"),
    ("features.0.weight", "a VGG, AlexNet or SqueezeNet"),
    (".stages.0.0.", "a network with its stages in a list"),
    ("double_conv", "a U-Net without a ResNet"),
    (".inc.", "a U-Net without a ResNet"),
];

/// How many names a message lists.
const LISTED: usize = 3;

/// The network other than a ResNet that has tensors of these names, if it is a known one.
pub(super) fn known_network<'a>(
    names: impl Iterator<Item = &'a str> + Clone,
) -> Option<&'static str> {
    let dotted = names.map(|name| format!(".{name}"));
    let has = |mark: &str| dotted.clone().any(|name| name.contains(mark));
    OTHER_NETWORKS.iter().find(|(mark, _)| has(mark)).map(|(_, network)| *network)
}

/// That tensors of these names are no ResNet's.
pub(super) fn other_network<'a>(names: impl Iterator<Item = &'a str> + Clone) -> WeightsError {
    let found = match known_network(names.clone()) {
        Some(network) => network.to_owned(),
        None if is_self_supervised(names.clone()) => {
            "a network trained without labels that is no ResNet".to_owned()
        }
        None => {
            let shown: Vec<String> = names.take(LISTED).map(|name| format!("`{name}`")).collect();
            match shown.is_empty() {
                true => "no network (the file has no tensors)".to_owned(),
                false => format!("an unknown kind of network (with {})", shown.join(", ")),
            }
        }
    };
    WeightsError::WrongNetwork { found }
}

/// The architecture whose backbone the tensors, under torchvision's names, come closest to.
///
/// Which blocks exist decides: a third convolution makes a bottleneck network, a sixth block in
/// the third stage tells a ResNet-34 from a ResNet-18.
///
/// # Errors
/// If they belong to another kind of network, or to a relative of the ResNets here.
pub fn detect(tensors: &BTreeMap<String, HostTensor>) -> Result<Architecture, WeightsError> {
    let has_blocks = tensors.keys().any(|name| {
        let parameter = name.split_once('.').map_or("", |(_, rest)| rest);
        name.starts_with("layer") && parameter.ends_with("conv1.weight")
    });
    if !has_blocks {
        return Err(other_network(tensors.keys().map(String::as_str)));
    }
    if let Some(relative) = relative(tensors) {
        return Err(WeightsError::WrongNetwork { found: relative.to_owned() });
    }
    if let Some(student) = student(tensors) {
        return Ok(student);
    }
    let has = |name: &str| tensors.contains_key(name);
    if (1..=4).any(|stage| has(&format!("layer{stage}.0.conv3.weight"))) {
        return Ok(Architecture::ResNet50);
    }
    let mut sixth = tensors.range("layer3.5.".to_owned()..);
    let is_deep = sixth.next().is_some_and(|(name, _)| name.starts_with("layer3.5."));
    Ok(if is_deep { Architecture::ResNet34 } else { Architecture::ResNet18 })
}

/// The student whose widths most of the convolutions have.
fn student(tensors: &BTreeMap<String, HostTensor>) -> Option<Architecture> {
    let fits = |architecture: &Architecture| {
        let specs = architecture.tensor_specs();
        let same = specs.iter().filter(|spec| {
            tensors.get(&spec.name).is_some_and(|tensor| tensor.shape == spec.shape)
        });
        2 * same.count() > tensors.len()
    };
    Architecture::STUDENTS.into_iter().find(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(names: &[&str]) -> BTreeMap<String, HostTensor> {
        let tensors = names.iter();
        tensors.map(|name| ((*name).to_owned(), HostTensor::float([1], vec![0.0]))).collect()
    }

    fn of(architecture: Architecture) -> BTreeMap<String, HostTensor> {
        let specs = architecture.tensor_specs().into_iter();
        specs.map(|spec| (spec.name, HostTensor::float(spec.shape, Vec::new()))).collect()
    }

    #[test]
    fn each_architecture_is_told_from_the_others() {
        for architecture in Architecture::ALL {
            assert_eq!(detect(&of(architecture)), Ok(architecture));
        }
    }

    #[test]
    fn a_missing_tensor_does_not_change_the_verdict() {
        for architecture in Architecture::ALL {
            for spec in architecture.tensor_specs() {
                let mut tensors = of(architecture);
                tensors.remove(&spec.name);
                assert_eq!(detect(&tensors), Ok(architecture), "{}", spec.name);
            }
        }
    }

    #[test]
    fn other_networks_are_named() {
        let found = |tensors| detect(&tensors).unwrap_err().to_string();
        let vit = network(&["vit.embeddings.cls_token", "vit.layernorm.weight"]);
        assert!(found(vit).contains("a Vision Transformer"));
        let vgg = network(&["features.0.weight", "classifier.6.weight"]);
        assert!(found(vgg).contains("VGG"));
        assert!(found(network(&["x"])).contains("an unknown kind of network"));

        let mut deep = of(Architecture::ResNet50);
        deep.extend(network(&["layer3.22.conv1.weight"]));
        assert!(found(deep).contains("a ResNet-101"));
        let mut wide = of(Architecture::ResNet50);
        let width = HostTensor::float([128, 128, 3, 3], Vec::new());
        wide.insert("layer1.0.conv2.weight".into(), width);
        assert!(found(wide).contains("a wide ResNet"));
    }
}

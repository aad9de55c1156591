//! Finds out which network a file holds, from its tensors' names.

use std::collections::BTreeMap;

use crate::model::arch::Architecture;

use super::error::WeightsError;
use super::state_dict::HostTensor;

/// Marks of other kinds of network: a part of a tensor's name, and what has it.
const OTHER_NETWORKS: [(&str, &str); 14] = [
    ("cls_token", "a Vision Transformer"),
    ("attn.qkv", "a Vision Transformer"),
    ("attention.attention.query", "a Vision Transformer"),
    ("self_attention.in_proj_weight", "a Vision Transformer"),
    ("model.diffusion_model.", "an image generator"),
    ("lora_", "a LoRA adapter"),
    ("self_attn.", "a language model"),
    ("features.denseblock1", "a DenseNet"),
    ("conv_stem", "an EfficientNet or MobileNet"),
    ("features.1.0.block", "an EfficientNet"),
    ("features.1.conv.0", "a MobileNet"),
    ("dwconv", "a ConvNeXt"),
    ("conv_dw.weight", "a ConvNeXt"),
    ("features.0.weight", "a VGG, AlexNet or SqueezeNet"),
];

/// The architecture whose backbone the tensors, under torchvision's names, come closest to.
///
/// Which blocks exist decides: a third convolution makes a bottleneck network, a sixth block in
/// the third stage tells a ResNet-34 from a ResNet-18.
///
/// # Errors
/// If they belong to another kind of network, or to a ResNet of another size.
pub fn detect(tensors: &BTreeMap<String, HostTensor>) -> Result<Architecture, WeightsError> {
    let has = |name: &str| tensors.contains_key(name);
    let wrong = |found: &'static str| Err(WeightsError::WrongNetwork { found });

    let has_blocks = tensors.keys().any(|name| {
        let parameter = name.split_once('.').map_or("", |(_, rest)| rest);
        name.starts_with("layer") && parameter.ends_with("conv1.weight")
    });
    if !has_blocks {
        let other =
            OTHER_NETWORKS.iter().find(|(mark, _)| tensors.keys().any(|name| name.contains(mark)));
        return wrong(other.map_or("an unknown kind of network", |(_, network)| *network));
    }

    let stage_has_block = |stage: usize, block: usize| {
        let prefix = format!("layer{stage}.{block}.");
        let mut following = tensors.range(prefix.clone()..);
        following.next().is_some_and(|(name, _)| name.starts_with(&prefix))
    };
    let bottleneck = (1..=4).any(|stage| has(&format!("layer{stage}.0.conv3.weight")));

    if stage_has_block(3, 35) {
        return wrong("a ResNet-152");
    }
    if stage_has_block(3, 22) {
        return wrong("a ResNet-101");
    }
    if let Some(student) = student(tensors) {
        return Ok(student);
    }
    if !bottleneck {
        return Ok(if stage_has_block(3, 5) {
            Architecture::ResNet34
        } else {
            Architecture::ResNet18
        });
    }
    let inner_width =
        tensors.get("layer1.0.conv2.weight").and_then(|tensor| tensor.shape.first().copied());
    if inner_width.is_some_and(|width| width > Architecture::ResNet50.widths()[0]) {
        return wrong("a ResNeXt or a wide ResNet");
    }
    Ok(Architecture::ResNet50)
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

//! Detects the architecture of a backbone.

use std::collections::BTreeMap;

use tunelab_core::model::architecture::Architecture;
use tunelab_core::model::unsupported::OtherNetwork;

use super::other_networks::{other_network, unsupported_variant};
use super::state_dict::HostTensor;

/// The architecture that the tensors of a backbone, under torchvision's names, fit best.
///
/// The blocks decide: those of a ResNet50 have a third convolution, and the third stage of a ResNet34 has a sixth
/// block.
///
/// # Errors
/// They belong to another network or an unsupported variant of ResNet.
pub fn detect(tensors: &BTreeMap<String, HostTensor>) -> Result<Architecture, OtherNetwork> {
    let has_blocks = tensors.keys().any(|name| {
        let parameter = name.split_once('.').map_or("", |(_, rest)| rest);
        name.starts_with("layer") && parameter.ends_with("conv1.weight")
    });
    if !has_blocks {
        return Err(other_network(tensors.keys().map(String::as_str)));
    }
    if let Some(variant) = unsupported_variant(tensors) {
        return Err(variant);
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

/// The student model whose shapes most of the tensors have.
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
    fn each_architecture_is_detected() {
        for architecture in Architecture::ALL {
            assert_eq!(detect(&of(architecture)), Ok(architecture));
        }
    }

    #[test]
    fn a_missing_tensor_does_not_change_the_architecture() {
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
        let named = OtherNetwork::named;
        let vit = network(&["vit.embeddings.cls_token", "vit.layernorm.weight"]);
        assert_eq!(detect(&vit), Err(named("Vision Transformer")));
        let vgg = network(&["features.0.weight", "classifier.6.weight"]);
        assert_eq!(detect(&vgg), Err(named("VGG, AlexNet, SqueezeNet")));
        let unknown = OtherNetwork::Unknown { tensors: vec!["x".into()] };
        assert_eq!(detect(&network(&["x"])), Err(unknown));
        assert_eq!(detect(&network(&[])), Err(OtherNetwork::NoTensors));

        let mut deep = of(Architecture::ResNet50);
        deep.extend(network(&["layer3.22.conv1.weight"]));
        assert_eq!(detect(&deep), Err(named("ResNet101")));
        let mut wide = of(Architecture::ResNet50);
        let width = HostTensor::float([128, 128, 3, 3], Vec::new());
        wide.insert("layer1.0.conv2.weight".into(), width);
        assert_eq!(detect(&wide), Err(named("ResNeXt, Wide ResNet")));
    }
}

use std::path::PathBuf;

use tunelab_core::model::architecture::Architecture;

use super::network;
use crate::model::weights::{
    FloatFormat, Head, HostTensor, StateDict, load, parse, serialize, to_torchvision,
};
use tunelab_core::model::sources::Naming;
use tunelab_core::model::unsupported::UnsupportedFile;
use tunelab_core::model::weights_error::{WeightsError, WeightsFormat};

pub(super) fn loaded(state: &StateDict) -> Result<super::super::PretrainedWeights, WeightsError> {
    load(&serialize(state, FloatFormat::F32).unwrap())
}

#[test]
fn every_architecture_loads_with_any_head() {
    for (architecture, classes) in
        [(Architecture::ResNet18, 1000), (Architecture::ResNet34, 7), (Architecture::ResNet50, 1)]
    {
        let mut state = network(architecture, classes);
        state.metadata.insert("note".into(), "kept".into());
        let weights = loaded(&state).unwrap();
        assert_eq!(weights.architecture, architecture);
        assert_eq!(weights.format, WeightsFormat::Safetensors);
        assert_eq!(weights.naming, Naming::Torchvision);
        assert_eq!(weights.metadata, state.metadata);
        let head = weights.head.unwrap();
        assert_eq!(head.classes(), classes);
        assert_eq!(head.weight, state.tensors["fc.weight"]);
        let names: Vec<_> = weights.backbone.tensors.keys().cloned().collect();
        let mut expected: Vec<_> =
            architecture.tensor_specs().into_iter().map(|s| s.name).collect();
        expected.sort();
        assert_eq!(names, expected);
        for (name, tensor) in &weights.backbone.tensors {
            assert_eq!(tensor, &state.tensors[name], "{name}");
        }
    }
}

#[test]
fn heads_may_be_absent_or_without_bias() {
    let mut state = network(Architecture::ResNet18, 5);
    state.tensors.remove("fc.bias");
    let head = loaded(&state).unwrap().head.unwrap();
    assert_eq!(head.bias, HostTensor::float([5], vec![0.0; 5]));
    state.tensors.remove("fc.weight");
    assert_eq!(loaded(&state).unwrap().head, None);
}

#[test]
fn wrapped_models_and_step_counters_load() {
    let state = network(Architecture::ResNet18, 3);
    let mut wrapped = StateDict::default();
    for (name, tensor) in &state.tensors {
        wrapped.tensors.insert(format!("module.backbone.{name}"), tensor.clone());
    }
    let counter = HostTensor::integer([], vec![12]);
    wrapped.tensors.insert("module.backbone.bn1.num_batches_tracked".into(), counter);
    let weights = loaded(&wrapped).unwrap();
    assert_eq!(weights.prefix, "module.backbone.");
    let plain = loaded(&state).unwrap();
    assert_eq!((weights.backbone, weights.head), (plain.backbone, plain.head));
}

/// The names of a transformers ResNet, from its module tree.
fn transformers_names(architecture: Architecture) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut layer = |theirs: String, conv: String, norm: String| {
        pairs.push((format!("{theirs}.convolution.weight"), format!("{conv}.weight")));
        for part in ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"] {
            pairs.push((format!("{theirs}.normalization.{part}"), format!("{norm}.{part}")));
        }
    };
    layer("resnet.embedder.embedder".into(), "conv1".into(), "bn1".into());
    let (depths, convolutions, first_shortcut) = match architecture {
        Architecture::ResNet18 => ([2, 2, 2, 2], 2, 1),
        Architecture::ResNet34 => ([3, 4, 6, 3], 2, 1),
        Architecture::ResNet50 => ([3, 4, 6, 3], 3, 0),
        student => (student.depths(), 2, 1),
    };
    for (stage, depth) in depths.into_iter().enumerate() {
        for block in 0..depth {
            let theirs = format!("resnet.encoder.stages.{stage}.layers.{block}");
            let ours = format!("layer{}.{block}", stage + 1);
            for at in 0..convolutions {
                layer(
                    format!("{theirs}.layer.{at}"),
                    format!("{ours}.conv{}", at + 1),
                    format!("{ours}.bn{}", at + 1),
                );
            }
            if block == 0 && stage >= first_shortcut {
                layer(
                    format!("{theirs}.shortcut"),
                    format!("{ours}.downsample.0"),
                    format!("{ours}.downsample.1"),
                );
            }
        }
    }
    for part in ["weight", "bias"] {
        pairs.push((format!("classifier.1.{part}"), format!("fc.{part}")));
    }
    pairs
}

#[test]
fn transformers_models_load() {
    for architecture in Architecture::ALL {
        let ours = network(architecture, 4);
        let mut theirs = StateDict::default();
        for (their_name, our_name) in transformers_names(architecture) {
            let tensor = match our_name.ends_with("num_batches_tracked") {
                true => HostTensor::integer([], vec![1]),
                false => ours.tensors[&our_name].clone(),
            };
            theirs.tensors.insert(their_name, tensor);
        }
        let weights = loaded(&theirs).unwrap();
        assert_eq!(weights.naming, Naming::Transformers);
        assert_eq!(weights.architecture, architecture);
        let expected = loaded(&ours).unwrap();
        assert_eq!(weights.backbone, expected.backbone);
        assert_eq!(weights.head, expected.head);

        // ResNetModel alone: no prefix, no head.
        let bare = theirs
            .tensors
            .into_iter()
            .filter_map(|(name, tensor)| Some((name.strip_prefix("resnet.")?.to_owned(), tensor)));
        let bare = StateDict { tensors: bare.collect(), ..StateDict::default() };
        let weights = loaded(&bare).unwrap();
        assert_eq!(weights.backbone, expected.backbone);
        assert_eq!(weights.head, None);
    }
}

#[test]
fn exports_have_every_key_of_a_torchvision_model() {
    let weights = loaded(&network(Architecture::ResNet50, 6)).unwrap();
    let exported =
        to_torchvision(weights.architecture, weights.backbone.clone(), weights.head.clone())
            .unwrap();
    // torchvision's resnet50: 161 parameters and 53 batch normalizations with three buffers each.
    assert_eq!(exported.tensors.len(), 161 + 53 * 3);
    let counter = &exported.tensors["layer4.2.bn3.num_batches_tracked"];
    assert_eq!(counter, &HostTensor::integer([], vec![0]));
    assert_eq!(loaded(&exported).unwrap(), weights);

    let mut damaged = weights.backbone.clone();
    damaged.tensors.remove("bn1.bias");
    let error = to_torchvision(weights.architecture, damaged, None);
    assert!(matches!(error, Err(WeightsError::Mismatch { count: 1, .. })));
    let narrow = Head {
        weight: HostTensor::float([6, 512], vec![0.0; 6 * 512]),
        bias: HostTensor::float([6], vec![0.0; 6]),
    };
    assert!(to_torchvision(weights.architecture, weights.backbone, Some(narrow)).is_err());
}

#[test]
fn other_files_are_recognized() {
    assert_eq!(parse(b""), Err(UnsupportedFile::Empty.into()));
    assert_eq!(parse(b"<!DOCTYPE html><html>Not found"), Err(UnsupportedFile::WebPage.into()));
    assert!(matches!(parse(b"PK\x03\x04"), Err(WeightsError::Damaged { .. })));
    // Truncated within the header, or after it.
    let whole = serialize(&network(Architecture::ResNet10Quarter, 2), FloatFormat::F32).unwrap();
    for length in [9, 100, whole.len() - 1] {
        let error = parse(&whole[..length]).unwrap_err();
        let WeightsError::Damaged { format, .. } = error else { panic!("{error}") };
        assert_eq!(format, WeightsFormat::Safetensors);
    }
}

#[test]
fn the_bundled_model_loads() {
    let shared = std::env::var("TUNELAB_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").to_owned());
    let path = PathBuf::from(shared).join("models/resnet18-tiny-imagenet-f16.safetensors");
    let Ok(bytes) = std::fs::read(&path) else {
        let _ = std::io::Write::write_fmt(
            &mut std::io::stderr(),
            format_args!("SKIPPED: {} is absent\n", path.display()),
        );
        return;
    };
    let weights = load(&bytes).unwrap();
    assert_eq!(weights.architecture, Architecture::ResNet18);
    assert_eq!(weights.naming, Naming::Torchvision);
    assert_eq!(weights.head.as_ref().unwrap().classes(), 200);
    // Half precision in and out, so nothing is lost.
    let exported =
        to_torchvision(weights.architecture, weights.backbone.clone(), weights.head.clone())
            .unwrap();
    let again = load(&serialize(&exported, FloatFormat::F16).unwrap()).unwrap();
    assert_eq!(again.backbone, weights.backbone);
    assert_eq!(again.head, weights.head);
}

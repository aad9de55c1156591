//! Errors say which tensor is wrong and how.

use tunelab_core::model::architecture::Architecture;
use tunelab_core::model::unsupported::OtherNetwork;
use tunelab_core::model::weights_error::{TensorMismatch, WeightsError};

use super::super::{HostTensor, StateDict, TensorValues};
use super::network;
use super::networks::loaded;

/// The only difference of a network that `damage` has changed.
fn mismatch(damage: impl FnOnce(&mut StateDict)) -> (TensorMismatch, String) {
    let mut state = network(Architecture::ResNet18, 3);
    damage(&mut state);
    let error = loaded(&state).unwrap_err();
    let message = error.to_string();
    let WeightsError::Mismatch { architecture, count: 1, first } = error else {
        panic!("unexpected error: {message}");
    };
    assert_eq!(architecture, Architecture::ResNet18);
    (first[0].clone(), message)
}

fn values<'a>(state: &'a mut StateDict, name: &str) -> &'a mut Vec<f32> {
    match &mut state.tensors.get_mut(name).unwrap().data {
        TensorValues::Float(values) => values,
        TensorValues::Integer(_) => panic!("{name} holds integers"),
    }
}

#[test]
fn each_defect_of_a_backbone_is_reported() {
    let name = || "layer2.0.bn1.running_var".to_owned();
    let (found, message) = mismatch(|state| drop(state.tensors.remove(&name())));
    assert_eq!(found, TensorMismatch::Missing { name: name(), expected: vec![128] });
    assert!(message.contains("“layer2.0.bn1.running_var”") && message.contains("[128]"));

    let (found, message) = mismatch(|state| {
        let tensor = HostTensor::float([64, 3, 5, 5], vec![0.0; 64 * 75]);
        state.tensors.insert("conv1.weight".into(), tensor);
    });
    let expected = vec![64, 3, 7, 7];
    let shape = vec![64, 3, 5, 5];
    assert_eq!(
        found,
        TensorMismatch::Shape { name: "conv1.weight".into(), expected, found: shape }
    );
    assert!(message.contains("[64, 3, 7, 7]") && message.contains("[64, 3, 5, 5]"), "{message}");

    let (found, _) = mismatch(|state| {
        let extra = HostTensor::float([4, 2], vec![0.0; 8]);
        state.tensors.insert("layer1.0.extra.weight".into(), extra);
    });
    let extra = "layer1.0.extra.weight".to_owned();
    assert_eq!(found, TensorMismatch::Unexpected { name: extra, found: vec![4, 2] });

    let (found, _) = mismatch(|state| {
        values(state, &name())[5] = f32::NAN;
        values(state, &name())[6] = f32::INFINITY;
    });
    assert_eq!(found, TensorMismatch::NotFinite { name: name(), count: 2 });

    let (found, _) = mismatch(|state| values(state, &name())[5] = -1e-6);
    assert_eq!(found, TensorMismatch::NegativeVariance { name: name() });

    let (found, _) = mismatch(|state| {
        let quantized = HostTensor::integer([128], vec![1; 128]);
        state.tensors.insert(name(), quantized);
    });
    assert_eq!(found, TensorMismatch::Integers { name: name() });
}

#[test]
fn three_of_many_defects_are_listed() {
    let mut state = network(Architecture::ResNet34, 3);
    state.tensors.retain(|name, _| !name.starts_with("layer4."));
    let error = loaded(&state).unwrap_err();
    let WeightsError::Mismatch { count, ref first, .. } = error else {
        panic!("unexpected error: {error}");
    };
    assert_eq!((count, first.len()), (3 * 10 + 5, 3));
    let message = error.to_string();
    assert!(message.contains("“layer4.0.conv1.weight”"), "{message}");
    assert!(message.ends_with("There are 32 more differences."), "{message}");
}

#[test]
fn other_networks_are_named() {
    let mut state = StateDict::default();
    for name in ["cls_token", "blocks.0.attn.qkv.weight", "head.weight"] {
        state.tensors.insert(name.into(), HostTensor::float([1, 1], vec![0.0]));
    }
    let message = loaded(&state).unwrap_err().to_string();
    assert_eq!(
        message,
        "These weights belong to another network: Vision Transformer. Choose the weights of a ResNet18, ResNet34 or \
         ResNet50."
    );
    assert_eq!(loaded(&StateDict::default()), Err(OtherNetwork::NoTensors.into()));
}

//! What is wrong with a file is said with the tensor's name and shapes.

use tunelab_core::model::architecture::Architecture;

use super::super::{HostTensor, Problem, StateDict, TensorValues, WeightsError};
use super::network;
use super::networks::loaded;

/// The single problem of a network that was damaged by `damage`.
fn problem(damage: impl FnOnce(&mut StateDict)) -> (Problem, String) {
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
fn each_defect_of_a_backbone_is_named_with_its_tensor_and_shapes() {
    let name = || "layer2.0.bn1.running_var".to_owned();
    let (found, message) = problem(|state| drop(state.tensors.remove(&name())));
    assert_eq!(found, Problem::Missing { name: name(), expected: vec![128] });
    assert!(message.contains("`layer2.0.bn1.running_var`") && message.contains("[128]"));

    let (found, message) = problem(|state| {
        let tensor = HostTensor::float([64, 3, 5, 5], vec![0.0; 64 * 75]);
        state.tensors.insert("conv1.weight".into(), tensor);
    });
    let expected = vec![64, 3, 7, 7];
    let shape = vec![64, 3, 5, 5];
    assert_eq!(found, Problem::Shape { name: "conv1.weight".into(), expected, found: shape });
    assert!(message.contains("[64, 3, 7, 7]") && message.contains("[64, 3, 5, 5]"), "{message}");

    let (found, _) = problem(|state| {
        let extra = HostTensor::float([4, 2], vec![0.0; 8]);
        state.tensors.insert("layer1.0.extra.weight".into(), extra);
    });
    let extra = "layer1.0.extra.weight".to_owned();
    assert_eq!(found, Problem::Unexpected { name: extra, found: vec![4, 2] });

    let (found, _) = problem(|state| {
        values(state, &name())[5] = f32::NAN;
        values(state, &name())[6] = f32::INFINITY;
    });
    assert_eq!(found, Problem::NotFinite { name: name(), found: vec![128], count: 2 });

    let (found, _) = problem(|state| values(state, &name())[5] = -1e-6);
    assert_eq!(found, Problem::NegativeVariance { name: name(), found: vec![128] });

    let (found, _) = problem(|state| {
        let quantized = HostTensor::integer([128], vec![1; 128]);
        state.tensors.insert(name(), quantized);
    });
    assert_eq!(found, Problem::Integers { name: name(), found: vec![128] });
}

#[test]
fn of_many_defects_three_are_listed_and_all_counted() {
    let mut state = network(Architecture::ResNet34, 3);
    state.tensors.retain(|name, _| !name.starts_with("layer4."));
    let error = loaded(&state).unwrap_err();
    let WeightsError::Mismatch { count, ref first, .. } = error else {
        panic!("unexpected error: {error}");
    };
    assert_eq!((count, first.len()), (3 * 10 + 5, 3));
    let message = error.to_string();
    assert!(message.contains("`layer4.0.conv1.weight`"), "{message}");
    assert!(message.ends_with("and 32 more problems"), "{message}");
}

#[test]
fn other_networks_get_a_plain_sentence() {
    let mut state = StateDict::default();
    for name in ["cls_token", "blocks.0.attn.qkv.weight", "head.weight"] {
        state.tensors.insert(name.into(), HostTensor::float([1, 1], vec![0.0]));
    }
    let message = loaded(&state).unwrap_err().to_string();
    assert_eq!(
        message,
        "these weights belong to a Vision Transformer, not to a network this program can train; \
         choose the weights of a ResNet-18, ResNet-34 or ResNet-50"
    );
    assert!(matches!(loaded(&StateDict::default()), Err(WeightsError::WrongNetwork { .. })));
}

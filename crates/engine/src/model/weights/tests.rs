//! Tests from the bytes of a file to checked weights.

mod checkpoints;
mod defects;
mod networks;
mod properties;
#[path = "../../../../../tests/common/pth.rs"]
mod pth;
mod pytorch_files;

use tunelab_core::model::architecture::{Architecture, TensorRole};

use super::{HostTensor, StateDict};

/// Folder of files written by PyTorch.
const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/pth");

/// The tensors of a ResNet with a head, filled with distinct plausible values.
fn network(architecture: Architecture, classes: usize) -> StateDict {
    let mut state = StateDict::default();
    for (index, spec) in architecture.tensor_specs().into_iter().enumerate() {
        let count = spec.shape.iter().product();
        let scale = if spec.role == TensorRole::RunningVar { 1.0 } else { -0.5 };
        let values = (0..count).map(|at| scale * ((index * 31 + at) % 97 + 1) as f32 / 64.0);
        let tensor = HostTensor::float(spec.shape, values.collect());
        state.tensors.insert(spec.name, tensor);
    }
    let features = architecture.feature_width();
    let weight = (0..classes * features).map(|at| (at % 89) as f32 / 128.0).collect();
    let bias = (0..classes).map(|class| class as f32 / 4.0).collect();
    let tensors = &mut state.tensors;
    tensors.insert("fc.weight".into(), HostTensor::float([classes, features], weight));
    tensors.insert("fc.bias".into(), HostTensor::float([classes], bias));
    state
}

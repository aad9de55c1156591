//! Values computed by PyTorch.

use std::fs;

use burn::tensor::{Device, Tensor, TensorData};
use serde_json::Value;
use tunelab_engine::model::head::Head;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::{StateDict, load, parse};

use crate::common::{bundled_weights, shared};

/// Losses, schedules and short runs (`tests/fixtures/make_training_fixture.py`).
pub fn training_fixture() -> Value {
    serde_json::from_str(include_str!("../fixtures/training.json")).unwrap()
}

/// All numbers in a value, in order.
pub fn floats(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(values) => values.iter().flat_map(floats).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

/// Checks that each number is within `tolerance`, relative where the expected one is above 1.
pub fn assert_close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        let off = (found - expected).abs() / expected.abs().max(1.0);
        assert!(off <= tolerance, "{what}: {found}, not {expected}");
    }
}

/// PyTorch's float32 results with the included weights for a batch of eight images `[8, 3, 64, 64]` and a new head for ten
/// classes, from `shared/fixtures`.
pub struct BatchFixture {
    pub tensors: StateDict,
    pub scalars: Value,
}

impl BatchFixture {
    /// `None` with a visible message where the files are absent.
    pub fn load() -> Option<Self> {
        let tensors = fs::read(shared("fixtures/resnet18_parity.safetensors")?);
        let scalars = fs::read(shared("fixtures/resnet18_parity.json")?);
        Some(Self {
            tensors: parse(&tensors.unwrap()).unwrap(),
            scalars: serde_json::from_slice(&scalars.unwrap()).unwrap(),
        })
    }

    pub fn values(&self, name: &str) -> &[f32] {
        self.tensors.tensors[name].as_floats().unwrap()
    }

    /// The images' classes.
    pub fn labels(&self) -> Vec<usize> {
        let labels = self.scalars["labels"].as_array().unwrap();
        labels.iter().map(|label| label.as_u64().unwrap() as usize).collect()
    }

    /// The batch.
    pub fn input(&self, device: &Device) -> Tensor<4> {
        let data = TensorData::new(self.values("input").to_vec(), [8, 3, 64, 64]);
        Tensor::from_data(data, device)
    }

    /// The pretrained network with the new head, on the CPU with autodiff.
    pub fn network(&self) -> ResNet {
        let device = Device::flex().autodiff();
        let weights = load(&bundled_weights()).unwrap();
        let mut network = ResNet::from_pretrained(&weights, &device).unwrap();
        let head = (self.values("head.weight").to_vec(), self.values("head.bias").to_vec());
        network.fc = Head::from_values(head.0, head.1, 512, &device);
        network
    }
}

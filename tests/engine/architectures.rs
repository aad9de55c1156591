//! ResNet18, 34 and 50 from the same code: built from a file's tensors, run, folded.

use burn::tensor::{Device, Distribution, Tensor};
use rand::RngExt;
use tunelab_core::model::architecture::Architecture;
use tunelab_core::model::architecture::TensorRole;
use tunelab_core::rng::{Purpose, stream};
use tunelab_engine::model::folded::FoldedResNet;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::{FloatFormat, Head, HostTensor, StateDict, load};
use tunelab_engine::model::weights::{serialize, to_torchvision};

/// Random weights of a plausible scale for every tensor of `architecture`, as a file's bytes.
fn random_file(architecture: Architecture) -> Vec<u8> {
    let mut rng = stream(1, Purpose::Sample, 0, 0);
    let mut values = |count: usize, middle: f32, spread: f32| -> Vec<f32> {
        (0..count).map(|_| middle + spread * (2.0 * rng.random::<f32>() - 1.0)).collect()
    };
    let mut backbone = StateDict::default();
    for spec in architecture.tensor_specs() {
        let count: usize = spec.shape.iter().product();
        let fan_in: usize = spec.shape.iter().skip(1).product();
        let data = match spec.role {
            TensorRole::Conv => values(count, 0.0, (3.0 / fan_in as f32).sqrt()),
            TensorRole::NormWeight | TensorRole::RunningVar => values(count, 1.0, 0.3),
            TensorRole::NormBias | TensorRole::RunningMean => values(count, 0.0, 0.3),
        };
        backbone.tensors.insert(spec.name, HostTensor::float(spec.shape, data));
    }
    let features = architecture.feature_width();
    let head = Head {
        weight: HostTensor::float([5, features], values(5 * features, 0.0, 0.05)),
        bias: HostTensor::float([5], values(5, 0.0, 0.05)),
    };
    let state = to_torchvision(architecture, backbone, Some(head)).unwrap();
    serialize(&state, FloatFormat::F32).unwrap()
}

#[test]
fn every_architecture_runs_and_folds_to_the_same_logits() {
    let device = Device::flex();
    for architecture in Architecture::ALL {
        let weights = load(&random_file(architecture)).unwrap();
        assert_eq!(weights.architecture, architecture);
        let mut network = ResNet::from_pretrained(&weights, &device).unwrap();
        let normal = Distribution::Normal(0.0, 1.0);
        let images = Tensor::<4>::random([2, 3, 64, 64], normal, &device);
        let plain = network.forward(images.clone());
        assert_eq!(plain.dims(), [2, 5]);
        let plain: Vec<f32> = plain.try_into_vec_as().unwrap();
        let folded: Vec<f32> =
            FoldedResNet::new(&network).logits(images).try_into_vec_as().unwrap();
        let scale = plain.iter().fold(0.0f32, |high, value| high.max(value.abs()));
        assert!(scale > 0.0);
        for (plain, folded) in plain.iter().zip(&folded) {
            assert!((plain - folded).abs() < 1e-3 * scale, "{architecture}: {plain} and {folded}");
        }
    }
}

//! Networks with random or pretrained weights.

use burn::tensor::Device;
use rand_distr::{Distribution as _, StandardNormal};
use tunelab_core::device::ComputeError;
use tunelab_core::model::architecture::Architecture;
use tunelab_core::rng::{self, Purpose};

use super::head::Head;
use super::parameters::load_state_dict;
use super::resnet::ResNet;
use super::weights::{HostTensor, PretrainedWeights, StateDict};

impl ResNet {
    /// A network with random weights, initialized as in He et al. (2015, "Delving Deep into Rectifiers") and torchvision:
    /// normally distributed with a variance of 2 / (output channels · kernel area). Bit-identical on every machine for
    /// the same seed.
    ///
    /// # Errors
    /// A parameter does not have the shape of the architecture, which would be a bug.
    pub fn random(
        architecture: Architecture,
        seed: u64,
        device: &Device,
    ) -> Result<Self, ComputeError> {
        let mut values = StateDict::default();
        for (index, spec) in architecture.tensor_specs().into_iter().enumerate() {
            if let [out, _, height, width] = spec.shape[..] {
                let mut rng = rng::stream(seed, Purpose::NetworkInit, index as u64, 0);
                let deviation = (2.0 / (out * height * width) as f32).sqrt();
                let count = spec.shape.iter().product();
                let draws = StandardNormal.sample_iter(&mut rng).take(count);
                let kernel = draws.map(|value: f32| deviation * value).collect();
                values.tensors.insert(spec.name, HostTensor::float(spec.shape, kernel));
            }
        }
        let features = architecture.feature_width();
        let head = Head::from_values(vec![0.0; features], vec![0.0], features, device);
        load_state_dict(Self::empty(architecture, head, device), &values)
    }

    /// A network with these weights. Without a head in the file, it has a placeholder head for a single class, which must
    /// be replaced.
    ///
    /// # Errors
    /// The tensors do not match the architecture.
    pub fn from_pretrained(
        weights: &PretrainedWeights,
        device: &Device,
    ) -> Result<Self, ComputeError> {
        let features = weights.architecture.feature_width();
        let values = |tensor: &HostTensor| tensor.as_floats().unwrap_or_default().to_vec();
        let (weight, bias) = match &weights.head {
            Some(head) => (values(&head.weight), values(&head.bias)),
            None => (vec![0.0; features], vec![0.0]),
        };
        let head = Head::from_values(weight, bias, features, device);
        load_state_dict(Self::empty(weights.architecture, head, device), &weights.backbone)
    }
}

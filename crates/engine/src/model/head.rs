//! The head: a linear layer on the pooled features.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;
use rand_distr::{Distribution as _, StandardNormal};

use super::parameter;
use tunelab_core::options::values::HeadInit;
use tunelab_core::rng;
use tunelab_core::rng::Purpose;

/// A linear layer from features to classes, with PyTorch's layout.
#[derive(Module, Debug)]
pub struct Head {
    /// `[classes, features]`.
    pub weight: Param<Tensor<2>>,
    /// `[classes]`.
    pub bias: Param<Tensor<1>>,
}

impl Head {
    /// A head with random weights. The same seed gives the same bits on every machine.
    pub fn init(
        init: HeadInit,
        classes: usize,
        features: usize,
        seed: u64,
        device: &Device,
    ) -> Self {
        let mut rng = rng::stream(seed, Purpose::HeadInit, classes as u64, features as u64);
        let mut uniform = |bound: f32| bound * (2.0 * rng.random::<f32>() - 1.0);
        let (weight, bias) = match init {
            HeadInit::KaimingUniform => {
                let bound = 1.0 / (features as f32).sqrt();
                let weight: Vec<f32> = (0..classes * features).map(|_| uniform(bound)).collect();
                let bias = (0..classes).map(|_| uniform(bound)).collect();
                (weight, bias)
            }
            HeadInit::Normal => {
                let weight = StandardNormal.sample_iter(&mut rng).take(classes * features);
                (weight.map(|value: f32| 0.01 * value).collect(), vec![0.0; classes])
            }
        };
        Self::from_values(weight, bias, features, device)
    }

    /// A head from row-major weights `[classes, features]` and a bias `[classes]`.
    pub fn from_values(weight: Vec<f32>, bias: Vec<f32>, features: usize, device: &Device) -> Self {
        let classes = bias.len();
        Self {
            weight: parameter(Tensor::from_data(
                TensorData::new(weight, [classes, features]),
                device,
            )),
            bias: parameter(Tensor::from_data(TensorData::new(bias, [classes]), device)),
        }
    }

    /// Features `[N, features]` to logits `[N, classes]`.
    pub fn forward(&self, features: Tensor<2>) -> Tensor<2> {
        features.matmul(self.weight.val().transpose()) + self.bias.val().unsqueeze::<2>()
    }

    /// The number of outputs: classes, labels and numbers.
    pub fn outputs(&self) -> usize {
        self.bias.dims()[0]
    }
}

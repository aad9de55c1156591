//! Batch normalization, with the mode as a property of the layer.

use burn::module::{Module, Param};
use burn::tensor::module::batch_norm_train;
use burn::tensor::{Device, Tensor};

use super::parameter;
use tunelab_core::model::trainable::NormMode;

/// The default of [`BatchNorm2d::momentum`], as in PyTorch.
pub const MOMENTUM: f64 = 0.1;
/// Added to the variance before the square root, as in PyTorch.
pub const EPSILON: f64 = 1e-5;

/// Batch normalization of `[N, C, H, W]` (Ioffe and Szegedy, 2015) with PyTorch's conventions: the biased variance
/// normalizes the batch, and the unbiased one updates the running variance.
#[derive(Module, Debug)]
pub struct BatchNorm2d {
    /// The scale of each channel, `[C]`.
    pub weight: Param<Tensor<1>>,
    /// The shift of each channel, `[C]`.
    pub bias: Param<Tensor<1>>,
    /// The running mean of each channel, `[C]`; not trained.
    pub running_mean: Param<Tensor<1>>,
    /// The running unbiased variance of each channel, `[C]`; not trained.
    pub running_var: Param<Tensor<1>>,
    /// Which statistics the layer normalizes with.
    #[module(skip)]
    pub mode: NormMode,
    /// The weight of the batch's statistics when they update the running ones, 0 to 1.
    #[module(skip)]
    pub momentum: f64,
}

impl BatchNorm2d {
    /// The identity normalization of `channels` channels, in [`NormMode::Frozen`].
    pub fn identity(channels: usize, device: &Device) -> Self {
        let zeros = || Tensor::zeros([channels], device);
        let ones = || Tensor::ones([channels], device);
        Self {
            weight: parameter(ones()),
            bias: parameter(zeros()),
            running_mean: parameter(zeros()).set_require_grad(false),
            running_var: parameter(ones()).set_require_grad(false),
            mode: NormMode::Frozen,
            momentum: MOMENTUM,
        }
    }

    /// Normalizes `input` `[N, C, H, W]`. In [`NormMode::BatchStatistics`] it also updates the running statistics, and
    /// needs at least two values per channel.
    pub fn forward(&mut self, input: Tensor<4>) -> Tensor<4> {
        match self.mode {
            NormMode::BatchStatistics => self.forward_batch(input),
            NormMode::Frozen => {
                let (scale, shift) = self.scale_and_shift();
                let channels = scale.dims()[0];
                input * scale.reshape([1, channels, 1, 1]) + shift.reshape([1, channels, 1, 1])
            }
        }
    }

    /// The running statistics and the affine parameters as one scale and one shift per channel, `[C]` each.
    pub fn scale_and_shift(&self) -> (Tensor<1>, Tensor<1>) {
        let deviation = self.running_var.val().add_scalar(EPSILON).sqrt();
        let scale = self.weight.val() / deviation;
        let shift = self.bias.val() - self.running_mean.val() * scale.clone();
        (scale, shift)
    }

    fn forward_batch(&mut self, input: Tensor<4>) -> Tensor<4> {
        let [n, _, h, w] = input.dims();
        let samples = (n * h * w) as f64;
        let result = batch_norm_train(input, self.weight.val(), self.bias.val(), EPSILON);

        self.update_statistics(result.mean.detach(), result.variance.detach(), samples);
        result.output
    }

    /// Updates the running statistics by the mean and the biased variance of a batch with `samples` values per channel.
    pub fn update_statistics(&mut self, mean: Tensor<1>, variance: Tensor<1>, samples: f64) {
        let unbiased = variance * (samples / (samples - 1.0).max(1.0));
        update(&mut self.running_mean, mean, self.momentum);
        update(&mut self.running_var, unbiased, self.momentum);
    }
}

/// Updates a running statistic by that of a batch.
fn update(running: &mut Param<Tensor<1>>, batch: Tensor<1>, momentum: f64) {
    let updated = running.val() * (1.0 - momentum) + batch * momentum;
    *running = Param::initialized(running.id, updated.detach());
}

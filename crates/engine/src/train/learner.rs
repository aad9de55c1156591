//! A network in training: accumulates gradients over microbatches and updates the weights.

use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::{Device, Tensor, TensorData};
use rand::RngExt;

use super::activation_cache::Activations;
use super::backpropagation::Backpropagation;
use super::gradients;
use super::objective::Objective;
use super::optimizer::Optimizer;
use super::targets::Targets;
use super::task_weighting::TaskWeighting;
use crate::model::folded::FoldedBackbone;
use crate::model::parameters::{blend, read, set_trainable};
use crate::model::resnet::ResNet;
use tunelab_core::data::input::InputSize;
use tunelab_core::device::ComputeError;
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::{NormMode, Trainable};
use tunelab_core::rng::{Purpose, stream};

/// A network, its optimizer and its losses.
pub struct Learner {
    /// On the device with autodiff.
    pub network: ResNet,
    pub optimizer: Optimizer,
    pub weighting: TaskWeighting,
    pub objective: Objective,
    trainable: Trainable,
    /// The frozen parts before the trained ones; `None` where the stem is trained.
    frozen: Option<FoldedBackbone>,
    /// Dropout probability of the features before the head.
    dropout: f64,
    clip_norm: Option<f64>,
    /// The averaged weights (EMA or SWA), if any.
    pub average: Option<ResNet>,
    accumulator: GradientsAccumulator<ResNet>,
    backpropagation: Backpropagation,
}

/// A part of a batch, for gradient accumulation.
pub struct Microbatch<'a> {
    pub input: Activations,
    pub targets: Targets,
    /// [`Targets::weight_sums`] of the whole batch.
    pub weight_sums: &'a [f64],
    /// Images in the whole batch.
    pub images: usize,
    /// The teacher's logits for the same images, `[N, outputs]`.
    pub teacher: Option<Tensor<2>>,
    pub dropout_key: DropoutKey,
}

/// Selects the random stream of the dropout masks of a microbatch.
#[derive(Debug, Clone, Copy)]
pub struct DropoutKey {
    pub seed: u64,
    pub step: u64,
    /// Index of the microbatch's first image within the batch.
    pub first_image: usize,
}

/// The output of a microbatch.
pub struct MicrobatchOutput {
    /// Its contribution to the batch's loss, as optimized.
    pub loss: f64,
    /// Its contribution to the loss of each task.
    pub task_losses: Vec<f64>,
    /// `[N, outputs]`, row-major.
    pub logits: Vec<f32>,
}

impl Learner {
    /// A learner that trains only the head; see [`Learner::set_trainable`].
    pub fn new(
        network: ResNet,
        optimizer: Optimizer,
        objective: Objective,
        weighting: TaskWeighting,
        dropout: f64,
        clip_norm: Option<f64>,
    ) -> Self {
        Self {
            network,
            optimizer,
            weighting,
            objective,
            trainable: Trainable::from(Part::Head),
            frozen: None,
            dropout,
            clip_norm,
            average: None,
            accumulator: GradientsAccumulator::new(),
            backpropagation: Backpropagation::default(),
        }
    }

    /// Sets the trainable parameters and the mode of their batch norms.
    pub fn set_trainable(&mut self, trainable: Trainable, mode: NormMode) {
        self.trainable = trainable;
        self.network = set_trainable(self.network.clone(), trainable);
        self.network.set_norm_mode(trainable, mode);
        let first = trainable.first();
        self.frozen = (first > Part::Stem).then(|| FoldedBackbone::before(&self.network, first));
    }

    /// The trainable parameters.
    pub fn trainable(&self) -> Trainable {
        self.trainable
    }

    /// The frozen parts before the trained ones, if any.
    pub fn frozen(&self) -> Option<&FoldedBackbone> {
        self.frozen.as_ref()
    }

    /// The input of the trained parts for images `[N, 3, H, W]`.
    pub fn input(&self, images: Tensor<4>) -> Activations {
        match &self.frozen {
            Some(frozen) if self.trainable.first() == Part::Head => {
                Activations::Features(frozen.features(images))
            }
            Some(frozen) => Activations::Maps(frozen.activations(images)),
            None => Activations::Maps(images),
        }
    }

    /// Reserves the memory for microbatches of so many images.
    ///
    /// # Errors
    /// They do not fit in the memory.
    pub fn reserve(&mut self, images: usize, size: InputSize) -> Result<(), ComputeError> {
        let first = self.trainable.first();
        let architecture = self.network.architecture;
        if let [channels, height, width] = architecture.activation_shape(first, size)[..] {
            let input = [images, channels, height, width];
            self.backpropagation.reserve(&self.network, first, input)?;
        }
        Ok(())
    }

    /// Runs a microbatch forward and backward, and accumulates its gradients.
    ///
    /// # Errors
    /// The device failed.
    pub async fn accumulate(
        &mut self,
        microbatch: Microbatch<'_>,
    ) -> Result<MicrobatchOutput, ComputeError> {
        let Microbatch { input, targets, weight_sums, images, teacher, dropout_key } = microbatch;
        let first = self.trainable.first();
        let tracked = self.backpropagation.features(&mut self.network, first, input)?;
        let mut features = tracked.values.clone();
        let device = features.device();
        if self.dropout > 0.0 {
            features =
                features.clone() * dropout_mask(&features, self.dropout, dropout_key, &device);
        }
        let logits = self.network.fc.forward(features);
        let [n, outputs] = logits.dims();
        let teacher = teacher.as_ref().map(|teacher| (teacher, images));
        let losses = self.objective.losses(logits.clone(), &targets, weight_sums, teacher);
        let loss = self.weighting.total(losses.clone(), &device);
        let gradients = self.backpropagation.gradients(&self.network, &tracked, &loss);
        self.accumulator.accumulate(&self.network, gradients);

        // A single read: each is a round trip to the device.
        let logits = logits.reshape([n * outputs]);
        let values = read(Tensor::cat(vec![logits, losses], 0).without_autodiff()).await?;
        let (logits, losses) = values.split_at(n * outputs);
        let task_losses: Vec<f64> = losses.iter().map(|loss| f64::from(*loss)).collect();
        Ok(MicrobatchOutput {
            loss: self.weighting.total_f64(&task_losses),
            task_losses,
            logits: logits.to_vec(),
        })
    }

    /// The gradients accumulated since the last step, clipped if configured.
    pub fn take_gradients(&mut self) -> GradientsParams {
        let gradients = self.accumulator.grads();
        match self.clip_norm {
            Some(max_norm) => gradients::clip(&self.network, gradients, max_norm),
            None => gradients,
        }
    }

    /// Updates the weights. `learning_rate` maps a parameter's name to its rate.
    pub fn step(&mut self, learning_rate: impl Fn(&str) -> f64) {
        let gradients = self.take_gradients();
        self.network = self.optimizer.step(self.network.clone(), gradients, learning_rate);
    }

    /// Updates the averaged weights: `decay` · average + (1 - `decay`) · weights.
    pub fn update_average(&mut self, decay: f64) {
        let average = self.average.take().unwrap_or_else(|| self.network.clone());
        self.average = Some(blend(average, &self.network, decay));
    }
}

/// The inverted dropout mask (Srivastava et al., 2014) of features `[N, C]`: 0 with probability `dropout`, else
/// 1 / (1 - dropout). It depends only on the key and the image, so a resumed run repeats it.
fn dropout_mask(features: &Tensor<2>, dropout: f64, key: DropoutKey, device: &Device) -> Tensor<2> {
    let [images, width] = features.dims();
    let scale = (1.0 / (1.0 - dropout)) as f32;
    let mut values = Vec::with_capacity(images * width);
    for image in 0..images {
        let number = (key.first_image + image) as u64;
        let mut rng = stream(key.seed, Purpose::Dropout, key.step, number);
        values.extend((0..width).map(|_| match rng.random::<f32>() < dropout as f32 {
            true => 0.0,
            false => scale,
        }));
    }
    Tensor::from_data(TensorData::new(values, [images, width]), device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropout_zeroes_a_fraction_and_preserves_the_mean() {
        let device = Device::flex();
        let features = Tensor::<2>::ones([20, 512], &device);
        let key = DropoutKey { seed: 1, step: 2, first_image: 0 };
        let mask = dropout_mask(&features, 0.25, key, &device);
        let dropped = mask.clone().equal_elem(0.0).float().mean().into_scalar::<f32>();
        assert!((dropped - 0.25).abs() < 0.02, "{dropped}");
        let mean = mask.clone().mean().into_scalar::<f32>();
        assert!((mean - 1.0).abs() < 0.03, "{mean}");
        // A microbatch has the same mask as its slice of the whole batch.
        let part = Tensor::<2>::ones([10, 512], &device);
        let rest = dropout_mask(&part, 0.25, DropoutKey { first_image: 10, ..key }, &device);
        let difference = (mask.slice([10..20, 0..512]) - rest).abs().max().into_scalar::<f32>();
        assert_eq!(difference, 0.0);
    }
}

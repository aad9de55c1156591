//! Checks that a device computes correct results before it is used: compares the activations of the network's parts
//! and the weights after training steps with those of burn's operations on the CPU.
//!
//! The browser compiles the shaders of the GPU meanwhile, so the first step of a run need not wait for them.

use std::ops::RangeInclusive;

use burn::tensor::{Device, Tensor};
use web_time::Instant;

use crate::data::batch::Batch;
use crate::data::dataset::Dataset;
use crate::data::sample::sample_dataset;
use crate::data::transform::Preprocessing;
use crate::model::folded::FoldedBackbone;
use crate::model::head::Head;
use crate::model::parameters::{read, set_trainable, state_dict_from};
use crate::model::resnet::ResNet;
use crate::model::weights::PretrainedWeights;
use crate::train::activation_cache::Activations;
use crate::train::backpropagation::Backpropagation;
use crate::train::objective::cross_entropy;
use crate::train::optimizer::Optimizer;
use tunelab_core::data::input::InputSize;
use tunelab_core::device::{ComputeError, Kernels, Speed};
use tunelab_core::gpu::{SelfTestError, SelfTestStage};
use tunelab_core::model::part::Part;
use tunelab_core::model::trainable::NormMode;
use tunelab_core::model::trainable::Trainable;
use tunelab_core::options::table::TrainConfig;
use tunelab_core::options::values::{HeadInit, Strategy};

/// Images per sample class in the batch of the speed measurement.
const IMAGES_PER_CLASS: usize = 2;
/// Number of images for comparing results. A few suffice, because larger batches use the same kernels.
const COMPARED_IMAGES: usize = 4;
/// How many steps are timed. The fastest one counts, as the first also prepares memory or shaders.
const STEPS: RangeInclusive<usize> = 2..=8;
/// Seconds after which no more steps are made.
const PATIENCE: f64 = 0.5;
/// The largest relative error in the Euclidean norm. Float32 in another order of summation gives about 1e-6, a wrong
/// kernel about 1.
const TOLERANCE: f64 = 1e-2;

/// The comparisons, in order. Each uses kernels that the earlier ones do not.
const STAGES: [SelfTestStage; 6] = [
    SelfTestStage::Forward(Part::Layer1),
    SelfTestStage::Forward(Part::Layer2),
    SelfTestStage::Forward(Part::Head),
    SelfTestStage::Training(Part::Head),
    SelfTestStage::Training(Part::Layer4),
    SelfTestStage::Training(Part::Stem),
];

/// A self-test in progress.
pub struct SelfTest {
    reference: Workload,
    tested: Workload,
    done: usize,
}

impl SelfTest {
    /// A test of the device of `tested` against that of `reference`, with the same weights on both.
    pub fn new(reference: Workload, tested: Workload) -> Self {
        Self { reference, tested, done: 0 }
    }

    /// The workload on the tested device.
    pub fn tested(&self) -> &Workload {
        &self.tested
    }

    /// The number of finished comparisons.
    pub fn done(&self) -> usize {
        self.done
    }

    /// The number of comparisons.
    pub const fn total() -> usize {
        STAGES.len()
    }

    /// Makes the next comparison. Returns `false` if there was none left.
    ///
    /// # Errors
    /// The device failed, or its results differ from those of the reference.
    pub async fn advance(&mut self) -> Result<bool, SelfTestError> {
        let Some(&stage) = STAGES.get(self.done) else {
            return Ok(false);
        };
        // Both start with the same weights.
        let before = match stage {
            SelfTestStage::Forward(_) => Vec::new(),
            SelfTestStage::Training(first) => values_from(&self.reference.network, first).await?,
        };
        let expected = self.reference.compute(stage, &before).await?;
        let found = self.tested.compute(stage, &before).await?;
        let error = relative_error(&found, &expected);
        log::debug!("self-test, {stage:?}: relative error {error:.1e}");
        if error.is_nan() || error >= TOLERANCE {
            return Err(SelfTestError::WrongResult { stage, error });
        }
        self.done += 1;
        Ok(true)
    }
}

/// A network in training.
struct Training {
    network: ResNet,
    optimizer: Optimizer,
    backpropagation: Backpropagation,
}

/// A network and a batch of sample images on a device.
pub struct Workload {
    device: Device,
    network: ResNet,
    batch: Dataset,
    config: TrainConfig,
}

impl Workload {
    /// Puts the network on the device.
    ///
    /// # Errors
    /// The device failed.
    pub fn new(pretrained: &PretrainedWeights, device: &Device) -> Result<Self, ComputeError> {
        let size = InputSize::DEFAULT;
        let preprocessing = Preprocessing::with_size(size);
        let (batch, _) = sample_dataset(IMAGES_PER_CLASS, 0, 0, &preprocessing);
        let config = TrainConfig::recommended(Strategy::Full, size, batch.len());
        let autodiff = device.clone().autodiff();
        let mut network = ResNet::from_pretrained(pretrained, &autodiff)?;
        let (classes, features) = (batch.classes().len(), network.architecture.feature_width());
        network.fc = Head::init(HeadInit::Normal, classes, features, 0, &autodiff);
        Ok(Self { device: device.clone(), network, batch, config })
    }

    /// The same, computed by these kernels.
    pub fn with_kernels(mut self, kernels: Kernels) -> Self {
        self.network.kernels = kernels;
        self
    }

    /// The speed of the device: the fastest of some training steps of the whole network with few and with more images,
    /// and of inference.
    ///
    /// # Errors
    /// The device failed.
    pub async fn speed(&self) -> Result<Speed, ComputeError> {
        let mut training = self.training(Part::Stem);
        let all: Vec<usize> = (0..self.batch.len()).collect();
        let few = self.compared_images();
        let few = (few.len(), fastest(async || self.step(&mut training, &few).await).await?);
        let many = (all.len(), fastest(async || self.step(&mut training, &all).await).await?);
        let input = self.input(&all);
        let infer = async |backbone: &FoldedBackbone| {
            read(backbone.features(input.clone())).await.map(drop)
        };
        let fold = || FoldedBackbone::before(&self.network, Part::Head);
        let first = fastest(async || infer(&fold()).await).await?;
        let backbone = fold();
        let inference = fastest(async || infer(&backbone).await).await?;
        let folding = (first - inference).max(0.0);
        Ok(Speed::from_steps([few, many], inference / all.len() as f64, folding))
    }

    /// The values to compare: activations, or the changes that a training step makes to the values `before`.
    async fn compute(
        &self,
        stage: SelfTestStage,
        before: &[f32],
    ) -> Result<Vec<f32>, ComputeError> {
        let images = self.compared_images();
        match stage {
            SelfTestStage::Forward(end) => {
                let backbone = FoldedBackbone::before(&self.network, end);
                read(backbone.activations(self.input(&images))).await
            }
            SelfTestStage::Training(first) => {
                let mut training = self.training(first);
                self.step(&mut training, &images).await?;
                let after = values_from(&training.network, first).await?;
                Ok(after.iter().zip(before).map(|(after, before)| after - before).collect())
            }
        }
    }

    /// Training of the parts from `first` on.
    fn training(&self, first: Part) -> Training {
        let trainable = Trainable::from(first);
        let mut network = set_trainable(self.network.clone(), trainable);
        network.set_norm_mode(trainable, NormMode::BatchStatistics);
        let optimizer = Optimizer::new(self.config.optimizer_config());
        Training { network, optimizer, backpropagation: Backpropagation::default() }
    }

    /// The indices of the images that results are compared on, all of different classes.
    fn compared_images(&self) -> Vec<usize> {
        (0..self.batch.len()).step_by(self.batch.len() / COMPARED_IMAGES).collect()
    }

    /// The images as a tensor `[N, 3, H, W]`.
    fn input(&self, images: &[usize]) -> Tensor<4> {
        Batch::plain(&self.batch, images).into_tensor(&self.device)
    }

    async fn step(
        &self,
        Training { network, optimizer, backpropagation }: &mut Training,
        images: &[usize],
    ) -> Result<(), ComputeError> {
        let input = Activations::Maps(self.input(images));
        let features = backpropagation.features(network, Part::Stem, input)?;
        let logits = network.fc.forward(features.values.clone());
        let all = self.batch.strata();
        let labels: Vec<usize> = images.iter().map(|&image| all[image]).collect();
        let loss = cross_entropy(logits, &labels, 0.0);
        let gradients = backpropagation.gradients(network, &features, &loss);
        *network = optimizer.step(network.clone(), gradients, |_| self.config.learning_rate);
        // Waits until the weights are updated, which the loss does not depend on.
        read(network.fc.bias.val().without_autodiff()).await?;
        read(network.conv1.weight.val().without_autodiff()).await.map(drop)
    }
}

/// The seconds of the fastest of some steps.
async fn fastest(
    mut step: impl AsyncFnMut() -> Result<(), ComputeError>,
) -> Result<f64, ComputeError> {
    let (mut fastest, began) = (f64::INFINITY, Instant::now());
    for done in 0..*STEPS.end() {
        if done >= *STEPS.start() && began.elapsed().as_secs_f64() > PATIENCE {
            break;
        }
        let started = Instant::now();
        step().await?;
        fastest = fastest.min(started.elapsed().as_secs_f64());
    }
    Ok(fastest)
}

/// Weights and running statistics of the parts from `first` on, one after another.
async fn values_from(network: &ResNet, first: Part) -> Result<Vec<f32>, ComputeError> {
    let tensors = state_dict_from(network, first).await?.tensors.into_values();
    let values = tensors.map(|tensor| tensor.as_floats().unwrap_or_default().to_vec());
    Ok(values.collect::<Vec<_>>().concat())
}

/// The Euclidean distance of two vectors, relative to the second's length.
fn relative_error(found: &[f32], expected: &[f32]) -> f64 {
    if found.len() != expected.len() {
        return f64::NAN;
    }
    let square = |value: f64| value * value;
    let distance: f64 =
        found.iter().zip(expected).map(|(a, b)| square(f64::from(*a) - f64::from(*b))).sum();
    let length: f64 = expected.iter().map(|value| square(f64::from(*value))).sum();
    (distance / length.max(f64::MIN_POSITIVE)).sqrt()
}

#[cfg(test)]
mod tests {
    use pollster::block_on;

    use super::*;

    /// The CPU passes its own test; a device that computes something else does not.
    #[test]
    fn a_device_with_wrong_results_fails() {
        let weights = include_bytes!("../../../www/models/resnet18-tiny-imagenet-f16.safetensors");
        let pretrained = crate::model::weights::load(weights).unwrap();
        let workload = || Workload::new(&pretrained, &Device::flex()).unwrap();
        let mut test = SelfTest::new(workload(), workload());
        while block_on(test.advance()).unwrap() {}
        assert_eq!(test.done(), SelfTest::total());

        // Something like a kernel that computes one layer wrong.
        let network = &mut test.tested.network;
        network.bn1.weight = network.bn1.weight.clone().map(|scale| scale * 1.1);
        test.done = 0;
        let wrong = block_on(test.advance());
        assert!(matches!(wrong, Err(SelfTestError::WrongResult { .. })), "{wrong:?}");
    }

    #[test]
    fn errors_are_relative_and_nan_is_one() {
        assert_eq!(relative_error(&[3.0, 4.0], &[3.0, 4.0]), 0.0);
        assert!((relative_error(&[0.0, 4.0], &[3.0, 4.0]) - 0.6).abs() < 1e-12);
        assert!(relative_error(&[1.0], &[1.0, 2.0]).is_nan());
        assert!(relative_error(&[f32::NAN], &[1.0]).is_nan());
    }
}

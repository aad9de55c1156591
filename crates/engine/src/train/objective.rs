//! The training objective: the loss of each task.

use std::ops::Range;

use burn::tensor::activation::{log_softmax, relu, softmax};
use burn::tensor::{Device, Tensor, TensorData};

use super::targets::{TargetEncoder, Targets};
use tunelab_core::data::task::{Target, Task, TaskKind, output_ranges};
use tunelab_core::options::values::RegressionLoss;
use tunelab_core::options::weights::ClassWeights;
use tunelab_core::train::distillation::Distillation;
use tunelab_core::train::loss::LossConfig;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Class,
    Labels,
    Number,
}

/// The losses of the tasks of a network. Its outputs are the concatenated outputs of the tasks.
#[derive(Debug, Clone, PartialEq)]
pub struct Objective {
    heads: Vec<(Range<usize>, Kind)>,
    config: LossConfig,
    distillation: Option<Distillation>,
}

impl Objective {
    /// The losses of these tasks, without distillation.
    pub fn new(tasks: &[Task], config: LossConfig) -> Self {
        let kind = |task: &Task| match task.kind {
            TaskKind::Class { .. } => Kind::Class,
            TaskKind::Labels { .. } => Kind::Labels,
            TaskKind::Number { .. } => Kind::Number,
        };
        let heads = output_ranges(tasks).into_iter().zip(tasks.iter().map(kind));
        Self { heads: heads.collect(), config, distillation: None }
    }

    /// Adds a distillation loss to every classification task.
    pub fn with_distillation(self, distillation: Option<Distillation>) -> Self {
        Self { distillation, ..self }
    }

    /// Whether a batch with these [`Targets::weight_sums`] has labels or teacher logits for each task.
    pub fn has_targets(&self, weight_sums: &[f64]) -> Vec<bool> {
        let distilled = |kind: &Kind| self.distillation.is_some() && matches!(kind, Kind::Class);
        let heads = self.heads.iter().zip(weight_sums);
        heads.map(|((_, kind), sum)| *sum > 0.0 || distilled(kind)).collect()
    }

    /// The loss of each task, `[tasks]`, for the outputs `[N, outputs]` of a batch or a microbatch. `weight_sums`
    /// are the [`Targets::weight_sums`] of the whole batch, so that the losses and gradients of its microbatches add
    /// up to those of the batch. `teacher` has the teacher's logits `[N, outputs]` and the number of images of the
    /// whole batch.
    pub fn losses(
        &self,
        logits: Tensor<2>,
        targets: &Targets,
        weight_sums: &[f64],
        teacher: Option<(&Tensor<2>, usize)>,
    ) -> Tensor<1> {
        let device = logits.device();
        let losses = self.heads.iter().enumerate().map(|(task, (range, kind))| {
            let logits = logits.clone().slice([0..targets.images, range.clone()]);
            // Without targets in the whole batch, the loss of a task is 0.
            let total = if weight_sums[task] > 0.0 { weight_sums[task] } else { 1.0 };
            let values = targets.values_of(range, &device);
            let loss = match kind {
                Kind::Class => class_loss(self.config.focal_gamma, logits.clone(), values) / total,
                Kind::Labels => {
                    let entries = total * range.len() as f64;
                    let weights = targets.weights_of(task, &device);
                    (binary_cross_entropy(logits.clone(), values) * weights).sum() / entries
                }
                Kind::Number => {
                    let weights = targets.weights_of(task, &device);
                    (regression_loss(&self.config, logits.clone() - values) * weights).sum() / total
                }
            };
            match (self.distillation, kind, teacher) {
                (Some(distillation), Kind::Class, Some((teacher, images))) => {
                    let teacher = teacher.clone().slice([0..targets.images, range.clone()]);
                    let divergence = kl_divergence(logits, teacher, distillation.temperature);
                    loss * (1.0 - distillation.weight)
                        + divergence * (distillation.weight / images as f64)
                }
                _ => loss,
            }
        });
        Tensor::cat(losses.collect(), 0)
    }
}

/// Mean cross-entropy of `logits` `[N, classes]` and `labels` (N class indices), `[1]`, as PyTorch's
/// `cross_entropy`.
pub fn cross_entropy(logits: Tensor<2>, labels: &[usize], label_smoothing: f64) -> Tensor<1> {
    let classes = logits.dims()[1];
    let tasks = [Task::only(vec![String::new(); classes])];
    let counts = [vec![1; classes]];
    let encoder = TargetEncoder::new(&tasks, &ClassWeights::Equal, &counts, label_smoothing);
    let labels: Vec<Target> = labels.iter().map(|label| Target::Class(*label)).collect();
    let targets = encoder.encode(labels.iter().map(std::slice::from_ref));
    let objective = Objective::new(&tasks, LossConfig::default());
    objective.losses(logits, &targets, &targets.weight_sums(), None)
}

impl Targets {
    /// The target values of a task, `[N, outputs of the task]`.
    fn values_of(&self, range: &Range<usize>, device: &Device) -> Tensor<2> {
        let data = TensorData::new(self.values.clone(), [self.images, self.outputs]);
        Tensor::<2>::from_data(data, device).slice([0..self.images, range.clone()])
    }

    /// The sample weights of a task, `[N, 1]`.
    fn weights_of(&self, task: usize, device: &Device) -> Tensor<2> {
        let weights = self.weights.iter().skip(task).step_by(self.tasks).copied();
        let data = TensorData::new(weights.collect::<Vec<f32>>(), [self.images, 1]);
        Tensor::from_data(data, device)
    }
}

/// Cross-entropy, or focal loss, of `logits` and soft `targets`, both `[N, classes]`, summed over the images; `[1]`.
fn class_loss(focal_gamma: f64, logits: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    let log_probabilities = log_softmax(logits, 1);
    if focal_gamma > 0.0 {
        // (1 - p)^gamma has an infinite gradient at p = 1 if gamma < 1.
        let complement = (-log_probabilities.clone().exp() + 1.0).clamp_min(1e-6);
        -(complement.powf_scalar(focal_gamma) * log_probabilities * targets).sum()
    } else {
        -(log_probabilities * targets).sum()
    }
}

/// Elementwise binary cross-entropy of logits, numerically stable, as PyTorch's
/// `binary_cross_entropy_with_logits`.
fn binary_cross_entropy(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<2> {
    let log_term = (-logits.clone().abs()).exp().log1p();
    relu(logits.clone()) - logits * targets + log_term
}

/// Elementwise MSE or Huber loss.
fn regression_loss(config: &LossConfig, error: Tensor<2>) -> Tensor<2> {
    match config.regression_loss {
        RegressionLoss::Mse => error.square(),
        RegressionLoss::Huber => {
            let magnitude = error.abs();
            let clipped = magnitude.clone().clamp_max(config.huber_delta);
            clipped.clone() * (magnitude - clipped / 2.0)
        }
    }
}

/// T² · KL(teacher ‖ student) of the class probabilities at temperature T, summed over the images; `[1]`.
fn kl_divergence(student: Tensor<2>, teacher: Tensor<2>, temperature: f64) -> Tensor<1> {
    let teacher = teacher / temperature;
    let log_ratio = log_softmax(teacher.clone(), 1) - log_softmax(student / temperature, 1);
    (softmax(teacher, 1) * log_ratio).sum() * (temperature * temperature)
}

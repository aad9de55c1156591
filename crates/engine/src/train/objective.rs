//! The loss of each task.

use std::ops::Range;

use burn::tensor::activation::{log_softmax, relu, softmax};
use burn::tensor::{Device, Tensor, TensorData};

use super::targets::{TargetEncoder, Targets};
use tunelab_core::data::task::{Target, Task, TaskKind, output_ranges};
use tunelab_core::options::values::RegressionLoss;
use tunelab_core::train::distillation::Distillation;
use tunelab_core::train::loss::{ClassWeights, LossConfig};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Class,
    Labels,
    Number,
}

/// The losses of a network whose outputs are those of its tasks, one after another.
#[derive(Debug, Clone, PartialEq)]
pub struct Objective {
    heads: Vec<(Range<usize>, Kind)>,
    config: LossConfig,
    distillation: Option<Distillation>,
}

impl Objective {
    /// The losses of these tasks, divided by their denominators.
    pub fn new(tasks: &[Task], config: LossConfig) -> Self {
        let kind = |task: &Task| match task.kind {
            TaskKind::Class { .. } => Kind::Class,
            TaskKind::Labels { .. } => Kind::Labels,
            TaskKind::Number { .. } => Kind::Number,
        };
        let heads = output_ranges(tasks).into_iter().zip(tasks.iter().map(kind));
        Self { heads: heads.collect(), config, distillation: None }
    }

    /// The same with a teacher in the loss of every classification task.
    pub fn with_distillation(self, distillation: Option<Distillation>) -> Self {
        Self { distillation, ..self }
    }

    /// Whether a batch with these totals has targets for each task, of its own or from a teacher.
    pub fn has_targets(&self, totals: &[f64]) -> Vec<bool> {
        let taught = |kind: &Kind| self.distillation.is_some() && matches!(kind, Kind::Class);
        let heads = self.heads.iter().zip(totals);
        heads.map(|((_, kind), total)| *total > 0.0 || taught(kind)).collect()
    }

    /// The loss of each task, `[tasks]`, for the outputs `[N, outputs]` of a batch or of a piece of it.
    /// `totals` are those of the whole batch ([`Targets::totals`]), so that the losses and gradients of
    /// its pieces add up to its own; `images` is the whole batch's number, over which a teacher's share
    /// is averaged.
    pub fn losses(
        &self,
        logits: Tensor<2>,
        targets: &Targets,
        totals: &[f64],
        teacher: Option<(&Tensor<2>, usize)>,
    ) -> Tensor<1> {
        let device = logits.device();
        let losses = self.heads.iter().enumerate().map(|(task, (range, kind))| {
            let logits = logits.clone().slice([0..targets.images, range.clone()]);
            // Where nothing is known of the task in the whole batch, its loss is 0.
            let total = if totals[task] > 0.0 { totals[task] } else { 1.0 };
            let values = targets.values_of(range, &device);
            let loss = match kind {
                Kind::Class => class_loss(self.config.focal_gamma, logits.clone(), values) / total,
                Kind::Labels => {
                    let entries = total * range.len() as f64;
                    let counts = targets.counts_of(task, &device);
                    (binary_cross_entropy(logits.clone(), values) * counts).sum() / entries
                }
                Kind::Number => {
                    let counts = targets.counts_of(task, &device);
                    (number_loss(&self.config, logits.clone() - values) * counts).sum() / total
                }
            };
            match (self.distillation, kind, teacher) {
                (Some(distillation), Kind::Class, Some((teacher, images))) => {
                    let teacher = teacher.clone().slice([0..targets.images, range.clone()]);
                    let followed = divergence(logits, teacher, distillation.temperature);
                    loss * (1.0 - distillation.weight)
                        + followed * (distillation.weight / images as f64)
                }
                _ => loss,
            }
        });
        Tensor::cat(losses.collect(), 0)
    }
}

/// Mean cross-entropy of `logits` `[N, classes]` for `labels` (N class indices), `[1]`, as PyTorch's
/// `cross_entropy`: what a plain classifier trains on.
pub fn cross_entropy(logits: Tensor<2>, labels: &[usize], label_smoothing: f64) -> Tensor<1> {
    let classes = logits.dims()[1];
    let tasks = [Task::only(vec![String::new(); classes])];
    let counts = [vec![1; classes]];
    let encoder = TargetEncoder::new(&tasks, &ClassWeights::Equal, &counts, label_smoothing);
    let known: Vec<Target> = labels.iter().map(|label| Target::Class(*label)).collect();
    let targets = encoder.encode(known.iter().map(std::slice::from_ref));
    let objective = Objective::new(&tasks, LossConfig::default());
    objective.losses(logits, &targets, &targets.totals(), None)
}

impl Targets {
    /// The values of a task's outputs, `[N, outputs of the task]`.
    fn values_of(&self, range: &Range<usize>, device: &Device) -> Tensor<2> {
        let data = TensorData::new(self.values.clone(), [self.images, self.outputs]);
        Tensor::<2>::from_data(data, device).slice([0..self.images, range.clone()])
    }

    /// What each image counts for in a task, `[N, 1]`.
    fn counts_of(&self, task: usize, device: &Device) -> Tensor<2> {
        let counts: Vec<f32> = self.counts.iter().skip(task).step_by(self.tasks).copied().collect();
        Tensor::from_data(TensorData::new(counts, [self.images, 1]), device)
    }
}

/// The sum of the images' losses for soft targets `[N, classes]`; `[1]`.
fn class_loss(focal_gamma: f64, logits: Tensor<2>, targets: Tensor<2>) -> Tensor<1> {
    let logs = log_softmax(logits, 1);
    if focal_gamma > 0.0 {
        // At a probability of 1, a power below 1 has no gradient; just below it, it has.
        let missing = (-logs.clone().exp() + 1.0).clamp_min(1e-6);
        -(missing.powf_scalar(focal_gamma) * logs * targets).sum()
    } else {
        -(logs * targets).sum()
    }
}

/// Each entry's loss, without overflow for large logits.
fn binary_cross_entropy(logits: Tensor<2>, targets: Tensor<2>) -> Tensor<2> {
    let logarithm = (-logits.clone().abs()).exp().log1p();
    relu(logits.clone()) - logits * targets + logarithm
}

fn number_loss(config: &LossConfig, error: Tensor<2>) -> Tensor<2> {
    match config.regression_loss {
        RegressionLoss::Mse => error.square(),
        RegressionLoss::Huber => {
            let size = error.abs();
            let bounded = size.clone().clamp_max(config.huber_delta);
            bounded.clone() * (size - bounded / 2.0)
        }
    }
}

/// T² times the sum over the images of the divergence of the student's class probabilities from the
/// teacher's, both at temperature T; `[1]`.
fn divergence(student: Tensor<2>, teacher: Tensor<2>, temperature: f64) -> Tensor<1> {
    let teacher = teacher / temperature;
    let logs = log_softmax(teacher.clone(), 1) - log_softmax(student / temperature, 1);
    (softmax(teacher, 1) * logs).sum() * (temperature * temperature)
}

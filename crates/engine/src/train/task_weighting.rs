//! How much each task counts in the loss, fixed or learned.

use burn::tensor::{Device, Tensor, TensorData};

use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::train::loss::TaskWeights;

/// How far a step moves a learned weight, at the peak of the learning rate.
const STEP: f64 = 0.02;
/// Bounds of the learned logarithms of variance, so that a task whose loss nears 0 does not take over.
const BOUND: f64 = 6.0;

/// The weights of the tasks.
#[derive(Debug, Clone, PartialEq)]
pub enum TaskWeighting {
    Fixed(Vec<f64>),
    /// By uncertainty (Kendall et al., 2018): a task's loss counts `factor · exp(-s)`, and s/2 is added,
    /// so that s, the logarithm of the task's variance, settles where the task's noise is.
    Learned {
        log_variances: Vec<f64>,
        factors: Vec<f64>,
    },
}

impl TaskWeighting {
    /// The weights before the first step.
    pub fn new(weights: &TaskWeights, tasks: &[Task]) -> Self {
        match weights {
            TaskWeights::Equal => Self::Fixed(vec![1.0; tasks.len()]),
            TaskWeights::Given(weights) => Self::Fixed(weights.clone()),
            TaskWeights::Learned => {
                let factor = |task: &Task| match task.kind {
                    TaskKind::Number { .. } => 0.5,
                    TaskKind::Class { .. } | TaskKind::Labels { .. } => 1.0,
                };
                Self::Learned {
                    log_variances: vec![0.0; tasks.len()],
                    factors: tasks.iter().map(factor).collect(),
                }
            }
        }
    }

    /// What each task's loss is multiplied with.
    pub fn weights(&self) -> Vec<f64> {
        match self {
            Self::Fixed(weights) => weights.clone(),
            Self::Learned { log_variances, factors } => {
                let pairs = log_variances.iter().zip(factors);
                pairs.map(|(log_variance, factor)| factor * (-log_variance).exp()).collect()
            }
        }
    }

    /// The loss to minimize, `[1]`, of the tasks' losses `[tasks]`; without what is added for the
    /// variances, which has no gradient in the network.
    pub fn total(&self, losses: Tensor<1>, device: &Device) -> Tensor<1> {
        match &self.weights()[..] {
            [1.0] => losses,
            weights => {
                let data = TensorData::new(weights.to_vec(), [weights.len()]).convert::<f32>();
                (losses * Tensor::from_data(data, device)).sum()
            }
        }
    }

    /// The same of numbers.
    pub fn total_of(&self, losses: &[f64]) -> f64 {
        self.weights().iter().zip(losses).map(|(weight, loss)| weight * loss).sum()
    }

    /// The term of the variances in the loss.
    pub fn penalty(&self) -> f64 {
        match self {
            Self::Fixed(_) => 0.0,
            Self::Learned { log_variances, .. } => log_variances.iter().sum::<f64>() / 2.0,
        }
    }

    /// Moves learned weights by one step of gradient descent, for the losses of a batch; those of tasks
    /// of which it tells nothing (`None`) stay. `pace` is the learning rate as a share of its peak.
    pub fn step(&mut self, losses: &[Option<f64>], pace: f64) {
        let weights = self.weights();
        if let Self::Learned { log_variances, .. } = self {
            for ((log_variance, weight), loss) in log_variances.iter_mut().zip(weights).zip(losses)
            {
                let Some(loss) = loss else { continue };
                let gradient = 0.5 - weight * loss;
                *log_variance = (*log_variance - STEP * pace * gradient).clamp(-BOUND, BOUND);
            }
        }
    }

    /// Goes on from log variances that were kept.
    pub fn restore(&mut self, kept: &[f64]) {
        if let Self::Learned { log_variances, .. } = self
            && log_variances.len() == kept.len()
        {
            log_variances.copy_from_slice(kept);
        }
    }

    /// The log variances to keep; none where weights are fixed.
    pub fn to_keep(&self) -> Vec<f64> {
        match self {
            Self::Fixed(_) => Vec::new(),
            Self::Learned { log_variances, .. } => log_variances.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learned_weights_settle_at_the_tasks_noise() {
        let mut weighting =
            TaskWeighting::Learned { log_variances: vec![0.0; 2], factors: vec![1.0, 0.5] };
        for _ in 0..5000 {
            weighting.step(&[Some(2.0), Some(0.1)], 1.0);
        }
        // Where factor · exp(-s) · loss = 1/2.
        let weights = weighting.weights();
        assert!((weights[0] - 0.25).abs() < 1e-3, "{weights:?}");
        assert!((weights[1] - 5.0).abs() < 1e-2, "{weights:?}");
        let total = weighting.total_of(&[2.0, 0.1]) + weighting.penalty();
        assert!((total - (1.0 + 0.5 * (4f64.ln() + 0.1f64.ln()))).abs() < 1e-3, "{total}");
        // A batch without targets for a task must not count as a loss of 0, which would raise its weight.
        let before = weighting.weights();
        weighting.step(&[Some(5.0), None], 1.0);
        let after = weighting.weights();
        assert!(after[0] < before[0] && after[1] == before[1], "{before:?}, {after:?}");
    }
}

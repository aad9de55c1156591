//! The weights of the tasks in the total loss, fixed or learned.

use burn::tensor::{Device, Tensor, TensorData};

use tunelab_core::data::task::{Task, TaskKind};
use tunelab_core::options::weights::TaskWeights;

/// Learning rate of the log variances while the network's learning rate is at its peak.
const LEARNING_RATE: f64 = 0.02;
/// Largest absolute log variance, so that a task whose loss approaches 0 does not dominate.
const MAX_LOG_VARIANCE: f64 = 6.0;

/// The weights of the tasks.
#[derive(Debug, Clone, PartialEq)]
pub enum TaskWeighting {
    Fixed(Vec<f64>),
    /// Homoscedastic uncertainty (Kendall et al., 2018): the sum of `factor · exp(-s) · loss + s / 2` over the tasks,
    /// with the learned log variance s of each task.
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

    /// The current weight of each task's loss.
    pub fn weights(&self) -> Vec<f64> {
        match self {
            Self::Fixed(weights) => weights.clone(),
            Self::Learned { log_variances, factors } => {
                let pairs = log_variances.iter().zip(factors);
                pairs.map(|(log_variance, factor)| factor * (-log_variance).exp()).collect()
            }
        }
    }

    /// The weighted sum, `[1]`, of the tasks' losses `[tasks]`, without [`TaskWeighting::penalty`], which does not
    /// depend on the network.
    pub fn total(&self, losses: Tensor<1>, device: &Device) -> Tensor<1> {
        match &self.weights()[..] {
            [1.0] => losses,
            weights => {
                let data = TensorData::new(weights.to_vec(), [weights.len()]).convert::<f32>();
                (losses * Tensor::from_data(data, device)).sum()
            }
        }
    }

    /// [`TaskWeighting::total`] of losses in host memory.
    pub fn total_f64(&self, losses: &[f64]) -> f64 {
        self.weights().iter().zip(losses).map(|(weight, loss)| weight * loss).sum()
    }

    /// The sum of the terms s / 2 of the log variances.
    pub fn penalty(&self) -> f64 {
        match self {
            Self::Fixed(_) => 0.0,
            Self::Learned { log_variances, .. } => log_variances.iter().sum::<f64>() / 2.0,
        }
    }

    /// Updates the log variances by a step of gradient descent on the losses of a batch; `None` for tasks without
    /// targets, whose variances do not change. `relative_rate` is the network's learning rate divided by its peak.
    pub fn step(&mut self, losses: &[Option<f64>], relative_rate: f64) {
        let weights = self.weights();
        if let Self::Learned { log_variances, .. } = self {
            for ((log_variance, weight), loss) in log_variances.iter_mut().zip(weights).zip(losses)
            {
                let Some(loss) = loss else { continue };
                let gradient = 0.5 - weight * loss;
                let updated = *log_variance - LEARNING_RATE * relative_rate * gradient;
                *log_variance = updated.clamp(-MAX_LOG_VARIANCE, MAX_LOG_VARIANCE);
            }
        }
    }

    /// Restores the log variances of a checkpoint.
    pub fn restore(&mut self, saved: &[f64]) {
        if let Self::Learned { log_variances, .. } = self
            && log_variances.len() == saved.len()
        {
            log_variances.copy_from_slice(saved);
        }
    }

    /// The learned log variances; empty for fixed weights.
    pub fn log_variances(&self) -> Vec<f64> {
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
    fn learned_weights_converge_to_the_inverse_of_the_losses() {
        let mut weighting =
            TaskWeighting::Learned { log_variances: vec![0.0; 2], factors: vec![1.0, 0.5] };
        for _ in 0..5000 {
            weighting.step(&[Some(2.0), Some(0.1)], 1.0);
        }
        // At the minimum, factor · exp(-s) · loss = 1/2.
        let weights = weighting.weights();
        assert!((weights[0] - 0.25).abs() < 1e-3, "{weights:?}");
        assert!((weights[1] - 5.0).abs() < 1e-2, "{weights:?}");
        let total = weighting.total_f64(&[2.0, 0.1]) + weighting.penalty();
        assert!((total - (1.0 + 0.5 * (4f64.ln() + 0.1f64.ln()))).abs() < 1e-3, "{total}");
        // A batch without targets for a task must not count as a loss of 0, which would raise its weight.
        let before = weighting.weights();
        weighting.step(&[Some(5.0), None], 1.0);
        let after = weighting.weights();
        assert!(after[0] < before[0] && after[1] == before[1], "{before:?}, {after:?}");
    }
}

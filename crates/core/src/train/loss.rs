//! Loss functions and their parameters.

use crate::options::values::RegressionLoss;

/// The loss functions and their parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LossConfig {
    /// Gamma of the focal loss `-(1 - p)^gamma log(p)`, with `p` the probability of the true class, which
    /// down-weights easy examples (Lin et al., 2017, section 3.2; without alpha, which class weights replace). 0 is
    /// cross-entropy; the paper uses 2.
    pub focal_gamma: f64,
    /// Targets are standardized by the mean and standard deviation of the training targets.
    pub regression_loss: RegressionLoss,
    /// Delta of the Huber loss, in standard deviations of the training targets: quadratic below, linear above, as
    /// PyTorch's `HuberLoss`.
    pub huber_delta: f64,
}

impl Default for LossConfig {
    /// Cross-entropy, and the Huber loss with a delta of one standard deviation: outliers are common in
    /// hand-made labels.
    fn default() -> Self {
        Self { focal_gamma: 0.0, regression_loss: RegressionLoss::Huber, huber_delta: 1.0 }
    }
}

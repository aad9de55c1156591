//! A head made of the classes' mean features, without training.

use super::Session;
use crate::error::ComputeError;
use crate::eval::evaluator::{log_probabilities, predicted_class};
use crate::model::head::Head;
use crate::train::few_shot::{MeanHead, class_mean_head};
use crate::train::progress::Tally;

impl Session {
    /// Makes the head of the kept features of all training images.
    pub(super) fn take_class_means(&mut self) -> Result<(), ComputeError> {
        let width = self.learner.network.architecture.feature_width();
        let features = self.feed.kept_values()?;
        let (classes, count) = (self.feed.dataset.strata(), self.feed.dataset.classes().len());
        let MeanHead { weight, bias } = class_mean_head(&features, width, &classes, count);
        let autodiff = self.device.clone().autodiff();
        self.learner.network.fc = Head::from_values(weight.clone(), bias.clone(), width, &autodiff);
        self.tally = tally_of(&features, &weight, &bias, &classes);
        Ok(())
    }

    /// The only pass is over: what is left is to check the head, where there is something to check it with.
    pub(super) fn end_pass(&mut self) {
        self.position.step = self.plan.steps_per_epoch;
        if self.validation.is_empty() {
            self.position.epoch = 1;
            self.known_good = self.learner.network.clone();
        } else {
            self.position.step_in_epoch = self.plan.steps_per_epoch;
        }
    }
}

/// How well a head sorts the pictures that it was made of.
fn tally_of(features: &[f32], weight: &[f32], bias: &[f32], classes: &[usize]) -> Tally {
    let width = weight.len() / bias.len();
    let mut tally = Tally::default();
    for (row, &class) in features.chunks_exact(width).zip(classes) {
        let logits: Vec<f32> = weight
            .chunks_exact(width)
            .zip(bias)
            .map(|(weight, bias)| weight.iter().zip(row).map(|(w, x)| w * x).sum::<f32>() + bias)
            .collect();
        if class < logits.len() {
            tally.loss_sum -= log_probabilities(&logits)[class];
            tally.right += usize::from(predicted_class(&logits) == class);
            tally.images += 1;
            tally.known += 1;
        }
    }
    tally
}

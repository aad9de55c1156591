//! A head made of the classes' mean features, without training.

use super::Session;
use crate::error::ComputeError;
use crate::model::Head;
use crate::train::few_shot::{MeanHead, class_mean_head};

impl Session {
    /// Makes the head of the kept features of all training images.
    pub(super) fn take_class_means(&mut self) -> Result<(), ComputeError> {
        let width = self.learner.network.architecture.feature_width();
        let features = self.feed.kept_values()?;
        let (classes, count) = (self.feed.dataset.strata(), self.feed.dataset.classes().len());
        let MeanHead { weight, bias } = class_mean_head(&features, width, &classes, count);
        let autodiff = self.device.clone().autodiff();
        self.learner.network.fc = Head::from_values(weight, bias, width, &autodiff);
        Ok(())
    }
}

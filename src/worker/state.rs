//! The state of the worker, shared by all commands.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use tunelab_core::protocol::{ModelStatus, ModelSummary, Reply, WorkerError};
use tunelab_core::train::distillation::ComparedModel;
use tunelab_engine::data::transform::Normalization;
use tunelab_engine::model::weights::PretrainedWeights;
use web_sys::AbortController;

use super::active_run::ActiveRun;
use super::classifier::Classifier;
use super::devices::Devices;
use super::images::Images;
use super::messages::{POLL_INTERVAL, post, sleep};

/// The state of the worker.
#[derive(Default)]
pub struct State {
    pub images: Images,
    pub pretrained: PretrainedSlot,
    pub devices: Devices,
    pub run: ActiveRun,
    pub trained: TrainedSlot,
}

/// A pretrained model, which can be given a new head.
pub struct PretrainedModel {
    pub weights: PretrainedWeights,
    pub normalization: Normalization,
    pub summary: ModelSummary,
}

/// The pretrained model, and those that are being loaded.
#[derive(Default)]
pub struct PretrainedSlot {
    model: RefCell<Option<Rc<PretrainedModel>>>,
    loading: Cell<u32>,
    download: RefCell<Option<AbortController>>,
}

impl PretrainedSlot {
    pub fn get(&self) -> Option<Rc<PretrainedModel>> {
        self.model.borrow().clone()
    }

    /// Replaces the model and notifies the page.
    pub fn set(&self, model: PretrainedModel) {
        self.model.replace(Some(Rc::new(model)));
        self.post_status();
    }

    /// Sends the status of the model to the page.
    pub fn post_status(&self) {
        if let Some(model) = self.get() {
            post(&Reply::Model(ModelStatus::Ready(model.summary.clone())));
        }
    }

    /// Another model is being loaded, until [`Self::end_loading`].
    pub fn begin_loading(&self) {
        self.loading.update(|loading| loading + 1);
    }

    pub fn end_loading(&self) {
        self.loading.update(|loading| loading - 1);
    }

    /// Sets or clears the download that [`Self::cancel_download`] cancels.
    pub fn set_download(&self, download: Option<AbortController>) {
        self.download.replace(download);
    }

    /// Cancels the download in progress, if any.
    pub fn cancel_download(&self) {
        if let Some(download) = &*self.download.borrow() {
            download.abort();
        }
    }

    /// Waits until no model is being loaded.
    pub async fn wait(&self) {
        while self.loading.get() > 0 {
            sleep(POLL_INTERVAL).await;
        }
    }
}

/// The trained model that is tried and exported, and those of the last distillation.
#[derive(Default)]
pub struct TrainedSlot {
    current: RefCell<Option<Rc<Classifier>>>,
    compared: RefCell<Vec<(ComparedModel, Rc<Classifier>)>>,
}

impl TrainedSlot {
    /// The trained model.
    ///
    /// # Errors
    /// There is none.
    pub fn get(&self) -> Result<Rc<Classifier>, WorkerError> {
        self.current.borrow().clone().ok_or(WorkerError::NoTrainedModel)
    }

    /// Replaces the trained model, and notifies the page.
    pub fn set(&self, classifier: Classifier) {
        self.compared.borrow_mut().clear();
        self.show(Rc::new(classifier));
    }

    /// Replaces the trained model with one of the compared ones, and notifies the page.
    ///
    /// # Errors
    /// The compared model no longer exists.
    pub fn use_compared(&self, model: ComparedModel) -> Result<(), WorkerError> {
        self.show(self.compared(model).ok_or(WorkerError::NoComparedModel)?);
        Ok(())
    }

    /// The teacher of the next distillation: that of the last one, so that a student that is tried does not become
    /// a teacher, or else the trained model. Forgets the students of the last distillation.
    ///
    /// # Errors
    /// There is no trained model.
    pub fn teacher(&self) -> Result<Rc<Classifier>, WorkerError> {
        let teacher = self.compared(ComparedModel::Teacher).map_or_else(|| self.get(), Ok)?;
        self.compared.borrow_mut().retain(|(model, _)| *model == ComparedModel::Teacher);
        Ok(teacher)
    }

    /// Adds a model of a distillation.
    pub fn add_compared(&self, model: ComparedModel, classifier: Rc<Classifier>) {
        let mut compared = self.compared.borrow_mut();
        compared.retain(|(other, _)| *other != model);
        compared.push((model, classifier));
    }

    fn compared(&self, wanted: ComparedModel) -> Option<Rc<Classifier>> {
        let compared = self.compared.borrow();
        let found = compared.iter().find(|(model, _)| *model == wanted);
        found.map(|(_, classifier)| classifier.clone())
    }

    fn show(&self, classifier: Rc<Classifier>) {
        let result = classifier.result();
        self.current.replace(Some(classifier));
        post(&Reply::Trained(result));
    }
}

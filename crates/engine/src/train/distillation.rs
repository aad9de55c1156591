//! Knowledge distillation (Hinton et al., 2015): trains a student with and without a teacher, and compares the models.

use burn::tensor::Device;
use tunelab_core::data::input::InputSize;
use tunelab_core::options::context::TaskCounts;
use tunelab_core::train::distillation::{ComparedModel, Student};
use tunelab_core::train::error::TrainError;
use tunelab_core::train::event::Event;

use super::session::Session;
use crate::data::dataset::Dataset;
use crate::eval::evaluator::{Evaluator, TimedEvaluator};
use crate::model::folded::FoldedResNet;
use crate::model::resnet::ResNet;

/// A teacher, its student, and their data.
pub struct Distillation<'a> {
    pub teacher: &'a ResNet,
    pub student: &'a Student,
    /// The input size of the student.
    pub size: InputSize,
    /// Has the tasks of the teacher. Only the distilled student trains on unlabeled images.
    pub train: &'a Dataset,
    pub validation: &'a Dataset,
    /// Whether the student is also trained without the teacher.
    pub with_baseline: bool,
    pub device: &'a Device,
}

/// A model with its measurements on the validation images.
pub struct MeasuredModel {
    pub model: ComparedModel,
    pub network: ResNet,
    pub evaluation: Evaluator,
    pub images_per_second: f64,
    /// The best epoch, counted from 1; 0 for the teacher.
    pub best_epoch: u32,
}

/// An event of a distillation.
pub enum DistillationEvent<'a> {
    /// An event of a student's run of `epochs` epochs.
    Training { model: ComparedModel, epochs: u32, event: &'a Event },
    /// A batch of validation images was evaluated.
    Evaluating,
    /// A model was measured.
    Measured(Box<MeasuredModel>),
}

impl Distillation<'_> {
    /// Measures the teacher, then trains and measures the student without and with the teacher. `on_event` returns
    /// `false` to stop, which discards the student in training. Returns whether all work was done.
    ///
    /// # Errors
    /// A run fails, the device fails, or `on_event` does.
    pub async fn run<E: From<TrainError>>(
        &self,
        mut on_event: impl AsyncFnMut(DistillationEvent<'_>) -> Result<bool, E>,
    ) -> Result<bool, E> {
        let models = [ComparedModel::Teacher, ComparedModel::Baseline, ComparedModel::Distilled];
        for model in models {
            let (network, best_epoch) = match model {
                ComparedModel::Teacher => (self.teacher.clone(), 0),
                ComparedModel::Baseline if !self.with_baseline => continue,
                _ => match self.train(model, &mut on_event).await? {
                    Some(trained) => trained,
                    None => return Ok(false),
                },
            };
            let Some((evaluation, images_per_second)) =
                self.measure(&network, &mut on_event).await?
            else {
                return Ok(false);
            };
            let measured =
                MeasuredModel { model, network, evaluation, images_per_second, best_epoch };
            if !on_event(DistillationEvent::Measured(Box::new(measured))).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The student's best network and its epoch; `None` if `on_event` stopped the run.
    async fn train<E: From<TrainError>>(
        &self,
        model: ComparedModel,
        on_event: &mut impl AsyncFnMut(DistillationEvent<'_>) -> Result<bool, E>,
    ) -> Result<Option<(ResNet, u32)>, E> {
        let teacher = (model == ComparedModel::Distilled).then_some(self.teacher);
        let mut session = self.session(teacher)?;
        let epochs = session.config().epochs;
        while let Some(event) = session.next().await? {
            let event = DistillationEvent::Training { model, epochs, event: &event };
            if !on_event(event).await? {
                return Ok(None);
            }
        }
        let best_epoch = session.best().map_or(0, |best| best.epoch);
        Ok(Some((session.best_network().clone(), best_epoch)))
    }

    /// The student's run. Without a teacher, it trains only on images with a label for each task.
    fn session(&self, teacher: Option<&ResNet>) -> Result<Session, TrainError> {
        let train = match teacher {
            Some(_) => self.train.clone(),
            None => self.train.labeled(),
        };
        let tasks = TaskCounts::of(&train.tasks);
        let config = self.student.config(self.size, train.len(), tasks, teacher.is_some());
        let network = ResNet::random(self.student.architecture, config.seed, self.device)?;
        let session = Session::new(config, network, train, self.validation.clone(), self.device)?;
        Ok(match teacher {
            Some(teacher) => session.with_teacher(teacher),
            None => session,
        })
    }

    /// The evaluation of a network, and its speed in images per second; `None` if `on_event` stopped it.
    async fn measure<E: From<TrainError>>(
        &self,
        network: &ResNet,
        on_event: &mut impl AsyncFnMut(DistillationEvent<'_>) -> Result<bool, E>,
    ) -> Result<Option<(Evaluator, f64)>, E> {
        let network = FoldedResNet::new(network);
        let mut evaluation = TimedEvaluator::new(&network, self.validation);
        while !evaluation.is_over() {
            evaluation.advance(self.device).await.map_err(TrainError::from)?;
            if !on_event(DistillationEvent::Evaluating).await? {
                return Ok(None);
            }
        }
        let images_per_second = evaluation.images_per_second();
        Ok(Some((evaluation.into_evaluator(), images_per_second)))
    }
}

//! A small copy of the network that is tried: students learn, alone and from it, and all are compared.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use wasm_bindgen::JsValue;
use web_time::Instant;

use super::devices::Computing;
use super::host::Host;
use super::pictures::{prepare, read_unsorted};
use super::port::{Slices, post, post_with};
use super::runs::{free, next_event};
use super::trials::{Classifier, FinishedRun, Validated};
use tunelab_core::metrics::evaluation::EvaluationResults;
use tunelab_core::options::context::TaskCounts;
use tunelab_core::protocol::{ContestantResult, Reply, StudentProgress};
use tunelab_core::train::distillation::{Contestant, Student};
use tunelab_core::train::event::Event;
use tunelab_engine::data::dataset::{Dataset, Example};
use tunelab_engine::eval::evaluator::Evaluation;
use tunelab_engine::eval::timed::TimedEvaluation;
use tunelab_engine::export::trained_model::ModelInfo;
use tunelab_engine::export::trained_model::TrainedModel;
use tunelab_engine::model::folded::FoldedResNet;
use tunelab_engine::model::resnet::ResNet;
use tunelab_engine::model::weights::FloatFormat;
use tunelab_engine::train::student::session;
use tunelab_wire::buffer;

/// Progress within an epoch is told this often.
const TELL_EVERY: Duration = Duration::from_millis(200);

/// What is to be compared.
pub struct Contest {
    pub student: Student,
    pub validation_share: f64,
    pub per_class: Option<u32>,
    /// Whether the student learns alone too, first.
    pub compare: bool,
}

/// Has the network that is tried teach a student, and compares them; `more` are picture files that need
/// no class. What is under way when the user stops it is lost.
///
/// # Errors
/// A message for the user.
pub async fn distill(host: &Host, contest: Contest, more: &[JsValue]) -> Result<(), String> {
    host.begin_run()?;
    let done = hold(host, contest, more).await;
    host.run.replace(None);
    done
}

/// Puts one of those that were compared in the place of the network that is tried.
///
/// # Errors
/// It is not there any more.
pub fn try_contestant(host: &Host, wanted: Contestant) -> Result<(), String> {
    let found = host.contestant(wanted);
    host.show(found.ok_or("this network is not there any more; make it again")?);
    Ok(())
}

impl Host {
    fn contestant(&self, wanted: Contestant) -> Option<Rc<Classifier>> {
        let contestants = self.contestants.borrow();
        let found = contestants.iter().find(|(contestant, _)| *contestant == wanted);
        found.map(|(_, classifier)| classifier.clone())
    }
}

async fn hold(host: &Host, contest: Contest, more: &[JsValue]) -> Result<(), String> {
    // A student that is tried does not become the teacher of the next.
    let before = host.contestant(Contestant::Teacher);
    let teacher = before.map_or_else(|| host.classifier(), Ok)?;
    host.contestants.borrow_mut().retain(|(one, _)| *one == Contestant::Teacher);
    let info = teacher.info().clone();
    prepare(host, &info.preprocessing).await;
    let (mut train, validation) = parts(host, &contest, &info)?;
    let tasks = train.tasks.len();
    let unlabelled = read_unsorted(host, more, &info.preprocessing).await;
    train.examples.extend(
        unlabelled
            .into_iter()
            .map(|(file, picture)| Example::unlabelled(file.name(), tasks, Arc::new(picture))),
    );
    host.wait_for_devices(|| host.is_run_stopping()).await;
    let computing = host.computing();
    let room = Room { host, computing: &computing, info, train, validation };
    let held = room.hold(&contest, teacher).await;
    free(&computing);
    held
}

/// The pictures in the terms of the network, with those to check with.
fn parts(host: &Host, contest: &Contest, info: &ModelInfo) -> Result<(Dataset, Dataset), String> {
    let pictures = host.pictures.borrow();
    let size = info.preprocessing.size;
    let seed = contest.student.config(size, 1, TaskCounts::default(), true).seed;
    let (train, validation) = pictures.limited_datasets(
        &info.preprocessing,
        contest.validation_share,
        contest.per_class,
        seed,
    );
    if train.is_empty() {
        return Err(
            "there are no pictures to learn from; add some, or use the sample pictures".into()
        );
    }
    if validation.is_empty() {
        return Err("no pictures are left to check with; add at least two to a class".into());
    }
    let tasks = info.tasks();
    let in_terms = |part: Dataset| {
        part.map_targets(&tasks).map_err(|error| {
            format!("the pictures are not of the classes that this network knows: {error}")
        })
    };
    Ok((in_terms(train)?, in_terms(validation)?))
}

/// Where a contest is held.
struct Room<'a> {
    host: &'a Host,
    computing: &'a Computing,
    info: ModelInfo,
    train: Dataset,
    validation: Dataset,
}

impl Room<'_> {
    async fn hold(&self, contest: &Contest, teacher: Rc<Classifier>) -> Result<(), String> {
        let network = TrainedModel::from_bytes(teacher.file(), &self.computing.device);
        let network = network.map_err(|error| error.to_string())?.network;
        let Some((found, speed)) = self.measure(&network).await? else { return Ok(()) };
        self.enter(Contestant::Teacher, teacher, &found.report(), speed)?;
        for contestant in [Contestant::Alone, Contestant::Taught] {
            if contestant == Contestant::Alone && !contest.compare {
                continue;
            }
            let teacher = (contestant == Contestant::Taught).then_some(&network);
            let learned = self.learn(contestant, &contest.student, teacher).await?;
            let Some((student, best_epoch)) = learned else { break };
            let Some((found, speed)) = self.measure(&student).await? else { break };
            let report = found.report();
            let file = TrainedModel::to_bytes(&student, &self.info, FloatFormat::F32).await;
            let file = file.map_err(|error| error.to_string())?;
            let classifier = Classifier::from_file(file).map_err(|error| error.to_string())?;
            let run = FinishedRun { report: Some(report.clone()), best_epoch };
            let validated = Validated {
                pictures: self.validation.clone(),
                compared: found.compared(),
                class_predictions: found.into_class_predictions(),
            };
            let classifier = classifier.validated_on(validated).of_run(run);
            self.enter(contestant, Rc::new(classifier), &report, speed)?;
        }
        Ok(())
    }

    /// The best network of a student's run, and its epoch; none where the user stopped it.
    async fn learn(
        &self,
        contestant: Contestant,
        student: &Student,
        teacher: Option<&ResNet>,
    ) -> Result<Option<(ResNet, u32)>, String> {
        let size = self.info.preprocessing.size;
        let parts = (&self.train, &self.validation);
        let session = session(student, size, teacher, parts, &self.computing.device);
        let mut session = session.map_err(|error| error.to_string())?;
        let epochs = session.config().epochs;
        let mut progress = StudentProgress {
            contestant,
            examples: 0,
            epoch: 0,
            epochs,
            share: 0.0,
            seconds: 0.0,
            score: None,
        };
        let (mut steps, mut told, mut slices) = (1, Instant::now(), Slices::begin());
        loop {
            if self.host.is_run_stopping() {
                return Ok(None);
            }
            let Some(event) = next_event(self.host, &mut session, self.computing).await? else {
                break;
            };
            match event {
                Event::Started { train_examples, steps_per_epoch, .. } => {
                    progress.examples = train_examples;
                    steps = steps_per_epoch.max(1);
                }
                Event::Step { step, .. } => {
                    progress.share = ((step - 1) % steps + 1) as f64 / steps as f64;
                    if told.elapsed() < TELL_EVERY {
                        slices.pause().await;
                        continue;
                    }
                }
                Event::Epoch { epoch, validation, seconds, .. } => {
                    let score = Some(validation.score());
                    progress = StudentProgress { epoch, share: 0.0, seconds, score, ..progress };
                }
                _ => continue,
            }
            told = Instant::now();
            post(&Reply::StudentProgress(progress.clone()));
            slices.pause().await;
        }
        let epoch = session.best().map_or(0, |best| best.epoch);
        Ok(Some((session.best_network().clone(), epoch)))
    }

    /// What a network makes of the validation pictures, and how many it does in a second; none where the
    /// user stopped it.
    async fn measure(&self, network: &ResNet) -> Result<Option<(Evaluation, f64)>, String> {
        let network = FoldedResNet::new(network);
        let mut evaluation = TimedEvaluation::new(&network, &self.validation);
        let mut slices = Slices::begin();
        while !evaluation.is_over() {
            if self.host.is_run_stopping() {
                return Ok(None);
            }
            let advanced = evaluation.advance(&self.computing.device).await;
            self.host.believe(self.computing)?;
            advanced.map_err(|error| error.to_string())?;
            slices.pause().await;
        }
        let speed = evaluation.images_per_second();
        Ok(Some((evaluation.into_evaluation(), speed)))
    }

    /// Tells what one is worth and keeps it; hands over the file of the one that was taught.
    fn enter(
        &self,
        contestant: Contestant,
        classifier: Rc<Classifier>,
        report: &EvaluationResults,
        images_per_second: f64,
    ) -> Result<(), String> {
        let file = classifier.half_precision()?;
        post(&Reply::ContestantResult(ContestantResult {
            contestant,
            bytes: file.len() as u64,
            images_per_second,
            score: report.score(),
            is_accuracy: report.is_accuracy(),
        }));
        if contestant == Contestant::Taught {
            let file_name = classifier.file_name();
            post_with(&Reply::StudentFile { file_name }, &[buffer(&file)]);
        }
        let mut contestants = self.host.contestants.borrow_mut();
        contestants.retain(|(one, _)| *one != contestant);
        contestants.push((contestant, classifier));
        Ok(())
    }
}

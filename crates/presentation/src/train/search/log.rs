//! The state of a search.

use crate::progress::run_log::{Phase, RunLog};
use crate::train::search::setting::Setting;
use crate::train::search::trials::{RankedTrial, ranked_trials};
use crate::train::search::workload::Workload;
use tunelab_core::device::Speed;
use tunelab_core::options::TrainConfig;
use tunelab_core::options::values::Strategy;
use tunelab_core::protocol::{
    ClassId, ClassSummary, CollectionSummary, ModelSummary, TableSummary,
};
use tunelab_core::search::state::{Job, Search};
use tunelab_core::search::trial::RunResult;
use tunelab_core::train::event::Event;

/// The steps of a linear probe as a fraction of its time; caching the features is the rest.
const PROBE_STEPS: f64 = 0.2;

/// A search that was started.
#[derive(Debug, Clone, PartialEq)]
pub struct StartedSearch {
    pub setting: Setting,
    pub search: Search,
    pub workload: Workload,
    /// The configurations of all trials, for a run of one epoch.
    pub configs: Vec<TrainConfig>,
    /// The trials that were run, the best first.
    pub trials: Vec<RankedTrial>,
}

/// The data and the model of a search.
#[derive(Debug, Clone, PartialEq, Default)]
struct Basis {
    /// Class, training images and validation images.
    classes: Vec<(ClassId, usize, usize)>,
    table: Option<TableSummary>,
    model: Option<ModelSummary>,
}

/// The latest search, if there was one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SearchLog {
    pub started: Option<Box<StartedSearch>>,
    /// The current run.
    pub run: RunLog,
    current_basis: Basis,
    basis_at_start: Basis,
    /// Whether the images have changed since the start.
    has_changed: bool,
    /// Whether the engine was restarted, and does not have all images and the model again yet.
    is_recovering: bool,
}

impl SearchLog {
    /// Starts a search, in place of the previous one.
    pub fn start(&mut self, search: Search, setting: Setting) {
        let workload = Workload::new(&search, &setting);
        let configs =
            search.trials().iter().map(|trial| setting.config(&search, &trial.candidate, 1));
        let configs = configs.collect();
        let started = StartedSearch { setting, workload, configs, search, trials: Vec::new() };
        self.started = Some(Box::new(started));
        self.basis_at_start = self.current_basis.clone();
        (self.has_changed, self.is_recovering) = (false, false);
        self.resume();
    }

    /// Continues the search.
    pub fn resume(&mut self) {
        self.run.reset();
    }

    /// Applies the result of a run.
    pub fn end_run(&mut self, trial: usize, rung: usize, result: RunResult) {
        self.run.reset();
        if let Some(started) = &mut self.started
            && started.search.report(trial, rung, result).is_ok()
        {
            started.trials = ranked_trials(&started.search, &started.setting);
        }
    }

    /// Applies events of the current run, the last of the time `now` (seconds).
    pub fn apply(&mut self, events: &[Event], now: f64) {
        self.run.apply_all(events, now);
    }

    /// These images are there now.
    pub fn set_images(&mut self, collection: &CollectionSummary) {
        let class = |class: &ClassSummary| (class.id, class.images, class.validation);
        self.current_basis.classes = collection.classes.iter().map(class).collect();
        self.current_basis.table.clone_from(&collection.table);
        self.compare();
    }

    /// This model is there now.
    pub fn set_model(&mut self, model: &ModelSummary) {
        self.current_basis.model = Some(model.clone());
        // A search that was started without one has waited for it.
        self.basis_at_start.model.get_or_insert_with(|| model.clone());
        self.compare();
    }

    /// The engine stopped. The next one gets its images and model.
    pub fn engine_stopped(&mut self) {
        self.is_recovering = self.started.is_some();
    }

    /// Whether the images and the model are those of the search.
    pub fn matches_basis(&self) -> bool {
        let has_model = self.current_basis.model == self.basis_at_start.model;
        !self.has_changed && !self.is_recovering && has_model
    }

    /// The next run; `None` if there is no search, or it has finished.
    pub fn next_run(&self) -> Option<Job> {
        self.started.as_ref()?.search.next()
    }

    /// The progress of the current run, 0 to 1.
    fn run_progress(&self) -> f64 {
        let Some(job) = self.next_run() else { return 0.0 };
        let share = self.run.progress().unwrap_or(0.0);
        let is_probe = job.candidate.get("strategy") == Some(Strategy::Probe.key());
        match (is_probe, self.run.phase) {
            (_, Phase::None | Phase::Preparing) => 0.0,
            (true, Phase::Caching) => (1.0 - PROBE_STEPS) * share,
            (true, _) => 1.0 - PROBE_STEPS * (1.0 - share),
            (_, Phase::Caching) => 0.0,
            _ => share,
        }
    }

    /// The progress of the search, 0 to 1; `None` without a search.
    pub fn progress(&self) -> Option<f64> {
        let StartedSearch { search, workload, .. } = &**self.started.as_ref()?;
        workload.progress(search, self.run_progress())
    }

    /// Seconds to the end, at the measured `speed` until a run has ended.
    pub fn seconds_left(&self, speed: Option<Speed>) -> Option<f64> {
        let StartedSearch { search, workload, .. } = &**self.started.as_ref()?;
        workload.seconds_left(search, self.run_progress(), speed)
    }

    fn compare(&mut self) {
        let has_same_classes = self.current_basis.classes == self.basis_at_start.classes;
        if self.is_recovering {
            let has_same_model = self.current_basis.model == self.basis_at_start.model;
            self.is_recovering = !(has_same_classes && has_same_model);
        } else if self.started.is_some() && !has_same_classes {
            self.has_changed = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::setting::tests::{finished, setting};
    use super::*;
    use tunelab_core::search::method::Method;
    use tunelab_core::search::space::SearchSpace;

    fn collection(images: &[usize]) -> CollectionSummary {
        let class = |(index, &images): (usize, &usize)| ClassSummary {
            id: ClassId(index as u32),
            name: format!("Class {index}"),
            images,
            validation: 0,
        };
        let classes = images.iter().enumerate().map(class).collect();
        CollectionSummary { classes, ..CollectionSummary::default() }
    }

    fn started_log() -> SearchLog {
        let mut log = SearchLog::default();
        log.set_images(&collection(&[80, 80]));
        let search = Search::new(SearchSpace::default(), Method::halving(3), 9, 1).unwrap();
        log.start(search, setting());
        log
    }

    fn started() -> Event {
        Event::Started {
            tasks: Vec::new(),
            train_examples: 480,
            validation_examples: 160,
            trainable_parameters: 1,
            epochs: 2,
            steps_per_epoch: 10,
            step: 0,
        }
    }

    fn step(step: u64) -> Event {
        Event::Step {
            epoch: 1,
            step,
            total_steps: 20,
            loss: 1.0,
            learning_rate: 0.1,
            images: 8,
            seconds: 1.0,
        }
    }

    #[test]
    fn results_advance_the_search_to_its_end() {
        let mut log = started_log();
        assert_eq!(log.progress(), Some(0.0));
        let mut before = 0.0;
        while let Some(job) = log.next_run() {
            log.apply(&[started(), step(5)], 0.0);
            log.apply(&[step(10)], 1.0);
            let half = log.progress().unwrap();
            assert!(half > before && half < 1.0, "{half} after {before}");
            log.end_run(job.trial, job.rung, finished(0.5 + 0.1 * job.trial as f64, 2.0));
            // The estimate may fall when another trial is promoted.
            before = log.progress().unwrap();
        }
        assert_eq!((log.progress(), log.seconds_left(None)), (Some(1.0), Some(0.0)));
        let started = log.started.unwrap();
        assert_eq!(started.trials.len(), 3);
        assert_eq!(started.search.best().map(|(trial, _)| trial), Some(started.trials[0].trial));
    }

    #[test]
    fn an_unexpected_result_changes_nothing() {
        let mut log = started_log();
        let before = log.started.clone();
        log.end_run(2, 1, finished(0.9, 1.0));
        assert_eq!(log.started, before);
    }

    #[test]
    fn changed_images_do_not_match_even_if_their_number_is_the_same() {
        let mut log = started_log();
        log.set_images(&collection(&[80, 80]));
        assert!(log.matches_basis());
        log.set_images(&collection(&[80, 79]));
        log.set_images(&collection(&[80, 80]));
        assert!(!log.matches_basis());
        log.start(
            Search::new(SearchSpace::default(), Method::halving(3), 9, 1).unwrap(),
            setting(),
        );
        assert!(log.matches_basis());
    }

    #[test]
    fn another_model_does_not_match_until_the_first_is_back() {
        let model = |title: &str| ModelSummary {
            source: None,
            title: title.into(),
            architecture: "resnet18".into(),
            bytes: 1,
            parameters: 1,
            dataset: None,
            classes: 0,
            top1_percent: None,
            license: None,
            input_size: None,
            trained_classes: None,
        };
        // The search waited for its model.
        let mut log = started_log();
        log.set_model(&model("first"));
        assert!(log.matches_basis());
        log.set_model(&model("second"));
        assert!(!log.matches_basis());
        log.set_model(&model("first"));
        assert!(log.matches_basis());
    }

    #[test]
    fn after_a_restart_it_matches_once_images_and_model_are_restored() {
        let mut log = started_log();
        let job = log.next_run().unwrap();
        log.end_run(job.trial, job.rung, finished(0.5, 1.0));
        let kept = log.started.clone();
        log.engine_stopped();
        assert!(!log.matches_basis());
        log.set_images(&collection(&[80]));
        assert!(!log.matches_basis());
        log.set_images(&collection(&[80, 80]));
        assert!(log.matches_basis());
        assert_eq!(log.started, kept);
    }
}

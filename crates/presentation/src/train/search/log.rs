//! What the page remembers of a search.

use crate::train::run_log::{Phase, RunLog};
use crate::train::search::setting::Setting;
use crate::train::search::tries::{Try, tries};
use crate::train::search::workload::Workload;
use tunelab_core::protocol::{
    ClassId, ClassSummary, CollectionSummary, ModelSummary, TableSummary,
};
use tunelab_core::search::state::{Job, Search};
use tunelab_core::search::trial::{RunResult, Trial};
use tunelab_core::train::event::Event;

/// What is kept of a probe's work for the steps after all pictures were looked at.
const STEPS_OF_A_PROBE: f64 = 0.2;

/// A search that was begun.
#[derive(Debug, Clone, PartialEq)]
pub struct Begun {
    pub setting: Setting,
    pub search: Search,
    pub load: Workload,
    /// The learning rates of all its trials.
    pub rates: Vec<f64>,
    /// What it has come to.
    pub tries: Vec<Try>,
}

/// What a search learns from.
#[derive(Debug, Clone, PartialEq, Default)]
struct Basis {
    /// Class, pictures to train on and to validate on.
    classes: Vec<(ClassId, usize, usize)>,
    table: Option<TableSummary>,
    network: Option<ModelSummary>,
}

/// The newest search, if there was one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SearchLog {
    pub begun: Option<Box<Begun>>,
    /// The run under way.
    pub run: RunLog,
    /// What is there now, and what was when the search began.
    now: Basis,
    then: Basis,
    /// Whether there were other pictures since.
    changed: bool,
    /// Whether the worker broke down, and what there was is to come again.
    recovering: bool,
}

impl SearchLog {
    /// Begins a search, in place of the one before.
    pub fn begin(&mut self, search: Search, setting: Setting) {
        let load = Workload::new(&search, &setting);
        let rate = |trial: &Trial| setting.config(&search, &trial.candidate, 1).learning_rate;
        let rates = search.trials().iter().map(rate).collect();
        self.begun = Some(Box::new(Begun { setting, search, load, rates, tries: Vec::new() }));
        self.then = self.now.clone();
        (self.changed, self.recovering) = (false, false);
        self.go_on();
    }

    /// Goes on with the search.
    pub fn go_on(&mut self) {
        self.run.begin_anew();
    }

    /// Pictures are being prepared.
    pub fn preparing(&mut self, done: usize, total: usize) {
        self.run.preparing(done, total);
    }

    /// Takes in what happened, at `now` (seconds), in the run under way.
    pub fn trying(&mut self, events: &[Event], now: f64) {
        events.iter().for_each(|event| self.run.apply(event, now));
    }

    /// Takes in the result of a run.
    pub fn tried(&mut self, trial: usize, rung: usize, result: RunResult) {
        self.run.begin_anew();
        if let Some(begun) = &mut self.begun
            && begun.search.report(trial, rung, result).is_ok()
        {
            begun.tries = tries(&begun.search, &begun.setting);
        }
    }

    /// Takes in the pictures that are there now.
    pub fn take_in_pictures(&mut self, collection: &CollectionSummary) {
        let class = |class: &ClassSummary| (class.id, class.images, class.validation);
        self.now.classes = collection.classes.iter().map(class).collect();
        self.now.table.clone_from(&collection.table);
        self.compare();
    }

    /// Takes in the network that is there now.
    pub fn take_in_network(&mut self, network: &ModelSummary) {
        self.now.network = Some(network.clone());
        // The worker has waited for it.
        self.then.network.get_or_insert_with(|| network.clone());
        self.compare();
    }

    /// The worker broke down; another gets what it had.
    pub fn worker_lost(&mut self) {
        self.recovering = self.begun.is_some();
    }

    /// Whether the search is of what is there now.
    pub fn fits(&self) -> bool {
        !self.changed && !self.recovering && self.now.network == self.then.network
    }

    /// The run that comes next; none where there is no search, or it is over.
    pub fn next(&self) -> Option<Job> {
        self.begun.as_ref()?.search.next()
    }

    /// How much of the run under way is done, 0 to 1.
    pub fn share(&self) -> f64 {
        let Some(job) = self.next() else { return 0.0 };
        let share = self.run.progress().unwrap_or(0.0);
        match (job.candidate.get("strategy"), self.run.phase) {
            (_, Phase::None | Phase::Preparing) => 0.0,
            (Some("probe"), Phase::Looking) => (1.0 - STEPS_OF_A_PROBE) * share,
            (Some("probe"), _) => 1.0 - STEPS_OF_A_PROBE * (1.0 - share),
            (_, Phase::Looking) => 0.0,
            _ => share,
        }
    }

    /// How much of the search is done, 0 to 1; none where there is no search.
    pub fn progress(&self) -> Option<f64> {
        let begun = self.begun.as_ref()?;
        let (done, total) = begun.load.done_and_total(&begun.search);
        let under_way = self.next().map_or(0.0, |job| begun.load.of(job.trial, job.rung));
        (total > 0.0).then(|| ((done + self.share() * under_way) / total).min(1.0))
    }

    /// Seconds to the end, at the measured `speed` until runs have shown their own.
    pub fn seconds_left(&self, speed: Option<f64>) -> Option<f64> {
        let begun = self.begun.as_ref()?;
        begun.load.seconds_left(&begun.search, self.share(), speed)
    }

    fn compare(&mut self) {
        let same = self.now.classes == self.then.classes;
        if self.recovering {
            self.recovering = !(same && self.now.network == self.then.network);
        } else if self.begun.is_some() && !same {
            self.changed = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::setting::tests::{finished, setting};
    use super::*;
    use tunelab_core::search::method::Method;
    use tunelab_core::search::space::SearchSpace;

    fn collection(pictures: &[usize]) -> CollectionSummary {
        let class = |(index, &pictures): (usize, &usize)| ClassSummary {
            id: ClassId(index as u32),
            name: format!("Class {index}"),
            images: pictures,
            validation: 0,
        };
        let classes = pictures.iter().enumerate().map(class).collect();
        CollectionSummary { classes, ..CollectionSummary::default() }
    }

    fn begun() -> SearchLog {
        let mut log = SearchLog::default();
        log.take_in_pictures(&collection(&[80, 80]));
        let search = Search::new(SearchSpace::default(), Method::halving(3), 9, 1).unwrap();
        log.begin(search, setting());
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
    fn results_bring_it_to_its_end() {
        let mut log = begun();
        assert_eq!(log.progress(), Some(0.0));
        let mut before = 0.0;
        while let Some(job) = log.next() {
            log.trying(&[started(), step(5)], 0.0);
            log.trying(&[step(10)], 1.0);
            let half = log.progress().unwrap();
            assert!(half > before && half < 1.0, "{half} after {before}");
            log.tried(job.trial, job.rung, finished(0.5 + 0.1 * job.trial as f64, 2.0));
            // An estimate may fall when one more is promoted.
            before = log.progress().unwrap();
        }
        assert_eq!((log.progress(), log.seconds_left(None)), (Some(1.0), Some(0.0)));
        let begun = log.begun.unwrap();
        assert_eq!(begun.tries.len(), 3);
        assert_eq!(begun.search.best().map(|(trial, _)| trial), Some(begun.tries[0].trial));
    }

    #[test]
    fn a_result_that_nobody_waits_for_changes_nothing() {
        let mut log = begun();
        let before = log.begun.clone();
        log.tried(2, 1, finished(0.9, 1.0));
        assert_eq!(log.begun, before);
    }

    #[test]
    fn other_pictures_do_not_fit_even_when_there_are_as_many_again() {
        let mut log = begun();
        log.take_in_pictures(&collection(&[80, 80]));
        assert!(log.fits());
        log.take_in_pictures(&collection(&[80, 79]));
        log.take_in_pictures(&collection(&[80, 80]));
        assert!(!log.fits());
        log.begin(
            Search::new(SearchSpace::default(), Method::halving(3), 9, 1).unwrap(),
            setting(),
        );
        assert!(log.fits());
    }

    #[test]
    fn another_network_does_not_fit_until_the_first_is_back() {
        let network = |title: &str| ModelSummary {
            source: None,
            title: title.into(),
            architecture: "resnet18".into(),
            bytes: 1,
            parameters: 1,
            dataset: None,
            classes: 0,
            top1_percent: None,
            licence: None,
            input_size: None,
            trained_classes: None,
        };
        // The search waited for its network.
        let mut log = begun();
        log.take_in_network(&network("first"));
        assert!(log.fits());
        log.take_in_network(&network("second"));
        assert!(!log.fits());
        log.take_in_network(&network("first"));
        assert!(log.fits());
    }

    #[test]
    fn after_a_breakdown_it_fits_once_everything_is_there_again() {
        let mut log = begun();
        let job = log.next().unwrap();
        log.tried(job.trial, job.rung, finished(0.5, 1.0));
        let kept = log.begun.clone();
        log.worker_lost();
        assert!(!log.fits());
        log.take_in_pictures(&collection(&[80]));
        assert!(!log.fits());
        log.take_in_pictures(&collection(&[80, 80]));
        assert!(log.fits());
        assert_eq!(log.begun, kept);
    }
}

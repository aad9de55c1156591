//! The state that the parts of the panel share.

use leptos::prelude::*;

use crate::charts::paced;
use crate::engine::Engine;
use crate::state::{Job, State};
use tunelab_core::device::Speed;
use tunelab_core::protocol::Command;
use tunelab_core::search::state::Search;
use tunelab_l10n::{Localize, Texts};
use tunelab_presentation::train::estimate::measured_speed;
use tunelab_presentation::train::form::Form;
use tunelab_presentation::train::readiness::ImageObstacle;
use tunelab_presentation::train::search::form::{FormError, SearchForm};
use tunelab_presentation::train::search::log::{SearchLog, StartedSearch};
use tunelab_presentation::train::search::setting::Setting;
use tunelab_presentation::train::search::trials::RankedTrial;
use tunelab_presentation::train::search::workload::Workload;

/// The panel's own state. Components get it by `expect_context::<SearchContext>()`.
#[derive(Clone, Copy)]
pub struct SearchContext {
    pub state: State,
    engine: Engine,
    pub form: RwSignal<SearchForm>,
    setting: Memo<Setting>,
    /// Epochs of a full run by default.
    pub default_epochs: Memo<u32>,
    /// The search that the form describes.
    pub planned: Memo<Result<Search, FormError>>,
    pub under_way: Memo<bool>,
    /// The trials of the newest search, the best first.
    pub trials: Memo<Vec<RankedTrial>>,
    /// The trial that is pointed at.
    pub selected: RwSignal<Option<usize>>,
    drawing: ReadSignal<u32>,
}

impl SearchContext {
    /// Of the state, form and engine in the context.
    pub fn new() -> Self {
        let state = expect_context::<State>();
        let form = RwSignal::new(SearchForm::default());
        let setting =
            Memo::new(move |_| state.form.with(|form| Setting::new(form, &state.dataset.get())));
        let default_epochs = Memo::new(move |_| setting.with(Setting::default_epochs));
        let planned = Memo::new(move |_| {
            let seed = setting.with(Setting::seed);
            form.with(|form| form.search(default_epochs.get(), seed))
        });
        let under_way = Memo::new(move |_| state.job.get() == Some(Job::Search));
        let drawing = paced(move || state.search.track());
        let trials = Memo::new(move |_| {
            drawing.track();
            state.search.with_untracked(|log| {
                log.started.as_ref().map_or(Vec::new(), |started| started.trials.clone())
            })
        });
        let selected = RwSignal::new(None);
        Self {
            state,
            engine: expect_context(),
            form,
            setting,
            default_epochs,
            planned,
            under_way,
            trials,
            selected,
            drawing,
        }
    }

    /// Reads the search, again in each frame in which it is drawn.
    pub fn log<T>(&self, read: impl FnOnce(&SearchLog) -> T) -> T {
        self.drawing.track();
        self.state.search.with_untracked(read)
    }

    /// Reads the latest search, if there is one.
    pub fn started<T>(&self, read: impl FnOnce(&StartedSearch) -> T) -> Option<T> {
        self.log(|log| log.started.as_deref().map(read))
    }

    /// Why no search can start or continue.
    pub fn obstacle(&self, texts: Texts) -> Option<String> {
        if self.under_way.get() {
            return None;
        }
        if let Some(obstacle) = self.state.collection.with(ImageObstacle::of) {
            return Some(obstacle.localize(texts));
        }
        (!self.state.is_idle.get()).then(|| texts.search_busy().to_owned())
    }

    /// Seconds that the planned search takes, if the speed of the device is known.
    pub fn estimate(&self) -> Option<f64> {
        let speed = self.speed();
        self.planned.with(|planned| {
            let search = planned.as_ref().ok()?;
            let workload = self.setting.with(|setting| Workload::new(search, setting));
            workload.seconds_left(search, 0.0, speed)
        })
    }

    /// The speed of the device in use, where measured.
    pub fn speed(&self) -> Option<Speed> {
        self.state.device.with(|device| device.as_ref().and_then(measured_speed))
    }

    /// Stops the search.
    pub fn stop(&self) {
        self.engine.send(Command::Stop);
    }

    /// Starts the planned search, in place of the previous one.
    pub fn start(&self) {
        let Ok(search) = self.planned.get_untracked() else { return };
        let setting = self.setting.get_untracked();
        self.selected.set(None);
        self.state.search.update(|log| log.start(search, setting));
        self.send();
    }

    /// Continues the search that was stopped.
    pub fn resume(&self) {
        self.state.search.update(SearchLog::resume);
        self.send();
    }

    fn send(&self) {
        let command = self.state.search.with_untracked(|log| {
            log.started.as_ref().map(|started| Command::Search {
                choices: started.search.space().fixed(&started.setting.choices),
                context: Box::new(started.setting.dataset.context),
                search: Box::new(started.search.clone()),
            })
        });
        if let Some(command) = command {
            self.state.begin(self.engine, Job::Search, command, &[]);
        }
    }

    /// Whether the search can continue: it was stopped or failed, and its images and model are still there.
    pub fn can_continue(&self) -> bool {
        !self.under_way.get() && self.log(|log| log.next_run().is_some() && log.matches_basis())
    }

    /// Puts the settings of the best trial into the page's form.
    pub fn use_best(&self) {
        if let Some(form) = untrack(|| self.best_form()) {
            self.state.form.set(form);
        }
    }

    /// Whether the page's form has the settings of the best trial.
    pub fn best_is_used(&self) -> bool {
        self.best_form().is_some_and(|best| self.state.form.with(|form| *form == best))
    }

    fn best_form(&self) -> Option<Form> {
        self.started(|started| {
            let (trial, _) = started.search.best()?;
            let candidate = &started.search.trials()[trial].candidate;
            Some(started.setting.form_of(&started.search, candidate))
        })?
    }
}

//! What the parts of the panel share.

use leptos::prelude::*;

use super::choices::{Choices, Wrong};
use super::log::{Begun, SearchLog};
use super::setting::Setting;
use super::tries::Try;
use super::workload::Workload;
use crate::ui::advanced::page::{Errand, Page};
use crate::ui::plot::format::about;
use crate::ui::plot::pace::paced;
use crate::ui::train::form::Form;
use crate::ui::train::readiness::obstacle;
use crate::ui::train::sheet::Sheet;
use tunelab_core::protocol::ExtraCommand;
use tunelab_core::search::state::Search;

/// The panel's own state. Components get it by `expect_context::<Desk>()`.
#[derive(Clone, Copy)]
pub struct Desk {
    pub page: Page,
    pub sheet: Sheet,
    pub choices: RwSignal<Choices>,
    setting: Memo<Setting>,
    /// Epochs that a full run usually has.
    pub usual_epochs: Memo<u32>,
    /// The search that would begin now.
    pub planned: Memo<Result<Search, Wrong>>,
    pub under_way: Memo<bool>,
    /// What the newest search has come to, the best first.
    pub tries: Memo<Vec<Try>>,
    /// The trial that is looked at.
    pub selected: RwSignal<Option<usize>>,
    drawing: ReadSignal<u32>,
}

impl Desk {
    /// Of the page and sheet in the context.
    pub fn new() -> Self {
        let (page, sheet) = (expect_context::<Page>(), expect_context::<Sheet>());
        let choices = RwSignal::new(Choices::default());
        let setting = Memo::new(move |_| {
            sheet.form.with(|form| sheet.draft.with(|draft| Setting::new(form, draft)))
        });
        let usual_epochs = Memo::new(move |_| setting.with(Setting::usual_epochs));
        let planned = Memo::new(move |_| {
            let seed = setting.with(|setting| setting.request.config.seed);
            choices.with(|choices| choices.search(usual_epochs.get(), seed))
        });
        let under_way = Memo::new(move |_| page.errand.get() == Some(Errand::Search));
        let drawing = paced(move || page.search.track());
        let tries = Memo::new(move |_| {
            drawing.track();
            page.search.with_untracked(|log| {
                log.begun.as_ref().map_or(Vec::new(), |begun| begun.tries.clone())
            })
        });
        let selected = RwSignal::new(None);
        Self {
            page,
            sheet,
            choices,
            setting,
            usual_epochs,
            planned,
            under_way,
            tries,
            selected,
            drawing,
        }
    }

    /// Reads the search, again whenever it is to be drawn again.
    pub fn log<T>(&self, read: impl FnOnce(&SearchLog) -> T) -> T {
        self.drawing.track();
        self.page.search.with_untracked(read)
    }

    /// Reads the search that was begun, if there is one.
    pub fn begun<T>(&self, read: impl FnOnce(&Begun) -> T) -> Option<T> {
        self.log(|log| log.begun.as_deref().map(read))
    }

    /// Why no search can begin or go on, in a sentence.
    pub fn obstacle(&self) -> Option<String> {
        if self.under_way.get() {
            return None;
        }
        if let Some(obstacle) = self.page.collection.with(obstacle) {
            return Some(obstacle.reason);
        }
        (!self.page.is_free()).then(|| "It can start when what is under way has ended.".into())
    }

    /// About how long the search would take that would begin now, in words.
    pub fn estimate(&self) -> String {
        let speed = self.page.speed.get();
        let seconds = self.planned.with(|planned| {
            let search = planned.as_ref().ok()?;
            let load = self.setting.with(|setting| Workload::new(search, setting));
            load.seconds_left(search, 0.0, speed)
        });
        match seconds {
            Some(seconds) => format!("{} on this device", about(seconds)),
            None if speed.is_none() => "not known before the first runs".into(),
            None => String::new(),
        }
    }

    /// Begins the planned search, in place of the one before.
    pub fn begin(&self) {
        let Ok(search) = self.planned.get_untracked() else { return };
        let setting = self.setting.get_untracked();
        self.selected.set(None);
        self.page.search.update(|log| log.begin(search, setting));
        self.send();
    }

    /// Goes on with the search that was stopped.
    pub fn go_on(&self) {
        self.page.search.update(SearchLog::go_on);
        self.send();
    }

    fn send(&self) {
        let command = self.page.search.with_untracked(|log| {
            log.begun.as_ref().map(|begun| ExtraCommand::Search {
                request: begun.setting.request.clone(),
                examples: begun.setting.examples,
                search: Box::new(begun.search.clone()),
            })
        });
        if let Some(command) = command {
            self.page.begin(Errand::Search, &command);
        }
    }

    /// Whether the search can go on: it was stopped or broke off, and what it is about is still there.
    pub fn can_go_on(&self) -> bool {
        !self.under_way.get() && self.log(|log| log.next().is_some() && log.fits())
    }

    /// Puts the choices of the best trial into the page's form.
    pub fn use_best(&self) {
        if let Some(form) = untrack(|| self.best_form()) {
            self.sheet.form.set(form);
        }
    }

    /// Whether the page's form has the choices of the best trial.
    pub fn best_is_used(&self) -> bool {
        self.best_form().is_some_and(|best| self.sheet.form.with(|form| *form == best))
    }

    fn best_form(&self) -> Option<Form> {
        self.begun(|begun| {
            let (trial, _) = begun.search.best()?;
            let candidate = &begun.search.trials()[trial].candidate;
            Some(begun.setting.form_of(&begun.search, candidate))
        })?
    }
}

//! What the parts of step 3 share: the form, and the run at a pace that can be seen.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::estimate::{advice, measured_speed};
use super::form::{Draft, Form, Task};
use super::run_log::{Phase, RunLog};
use super::sheet::Sheet;
use crate::ui::advanced::message::ToAdvanced;
use crate::ui::engine::Engine;
use crate::ui::parts::effect;
use crate::ui::plot::pace::{a_frame_later, paced};
use crate::ui::state::State;

/// Step 3's own state. Components get it by `expect_context::<Desk>()`.
#[derive(Clone, Copy)]
pub struct Desk {
    pub state: State,
    engine: Engine,
    pub form: RwSignal<Form>,
    pub task: Memo<Task>,
    pub draft: Memo<Draft>,
    drawing: ReadSignal<u32>,
    /// The same, later by one frame for the first chart and by two for the second.
    charting: [ReadSignal<u32>; 2],
    pub phase: Memo<Phase>,
    /// The run's revision when a run was last asked for: until it changes, the worker has not answered.
    asked: RwSignal<Option<u64>>,
    /// Whether a run is asked for or under way.
    pub active: Memo<bool>,
    /// Whether the run was asked to stop.
    pub stopping: RwSignal<bool>,
}

impl Desk {
    /// Of the state and engine in the context. Its form is in the context too, as a [`Sheet`].
    pub fn new() -> Self {
        let state = expect_context::<State>();
        let form = state.link.form;
        let task = Memo::new(move |_| {
            let task = state.collection.with(|collection| Task::from(collection));
            let speed = state.device.with(|device| device.as_ref().and_then(measured_speed));
            let advised = form.with(|form| advice(form, &task, speed));
            Task { advised, ..task }
        });
        let sheet = Sheet::new(form, task.into());
        provide_context(sheet);
        let draft = sheet.draft;
        let wrong = StoredValue::new(BTreeSet::new());
        effect(move || {
            let mut tidied = form.get();
            if wrong.with_value(|wrong| tidied.forget_hidden(wrong, &task.get())) {
                form.set(tidied);
            }
            wrong.set_value(draft.with(|draft| draft.errors.keys().copied().collect()));
        });
        let asked = RwSignal::new(None);
        let drawing = paced(move || state.run.track());
        let first = a_frame_later(drawing);
        let charting = [first, a_frame_later(first)];
        let phase = Memo::new(move |_| {
            drawing.track();
            state.run.with_untracked(|run| run.phase)
        });
        let active = Memo::new(move |_| {
            drawing.track();
            let waits = asked.get() == Some(state.run.with_untracked(|run| run.revision));
            !state.is_worker_lost() && (waits || phase.get().is_active())
        });
        let engine = expect_context::<Engine>();
        let stopping = RwSignal::new(false);
        // Nobody answers any more what was asked.
        effect(move || {
            if state.is_worker_lost() {
                asked.set(None);
            }
        });
        effect(move || {
            if !active.get() {
                stopping.set(false);
            }
        });
        let link = state.link;
        effect(move || link.tell(&ToAdvanced::Sheet { form: form.get(), task: task.get() }));
        effect(move || link.tell(&ToAdvanced::Engaged(active.get() || state.is_worker_lost())));
        Self { state, engine, form, task, draft, drawing, charting, phase, asked, active, stopping }
    }

    /// Reads the run, again whenever it is to be drawn again.
    pub fn run<T>(&self, read: impl FnOnce(&RunLog) -> T) -> T {
        self.drawing.track();
        self.state.run.with_untracked(read)
    }

    /// Reads the run for one of the two charts, in a frame of its own.
    pub fn chart<T>(&self, index: usize, read: impl FnOnce(&RunLog) -> T) -> T {
        self.charting[index].track();
        self.state.run.with_untracked(read)
    }

    /// Starts a run with the choices made.
    pub fn train(&self) {
        self.ask();
        self.state.train(self.engine, self.draft.get_untracked().request);
    }

    /// Goes on with a run that was stopped or broke off.
    pub fn go_on(&self) {
        self.ask();
        self.state.forget_last_run();
        self.state.continue_run(self.engine);
    }

    /// Whether there is a run to go on with.
    pub fn can_go_on(&self) -> bool {
        let has_ended = matches!(self.phase.get(), Phase::Stopped | Phase::Failed);
        let free = !self.active.get() && !self.state.is_worker_lost();
        free && has_ended && self.state.has_checkpoint()
    }

    /// Whether a run was asked for and the worker has not answered yet.
    pub fn is_waiting(&self) -> bool {
        self.active.get() && !self.phase.get().is_active()
    }

    fn ask(&self) {
        self.asked.set(Some(self.state.run.with_untracked(|run| run.revision)));
    }
}

//! What the parts of step 3 share: the form, and the run at a pace that can be seen.

use leptos::prelude::*;

use crate::engine::Engine;
use crate::plot::drawing::{a_frame_later, paced};
use crate::state::State;
use crate::train::sheet::Sheet;
use tunelab_presentation::train::form::{Draft, Form, Task};
use tunelab_presentation::train::run_log::{Phase, RunLog};

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
    /// Whether a run is asked for or under way.
    pub active: Memo<bool>,
    /// Whether the run was asked to stop.
    pub stopping: RwSignal<bool>,
}

impl Desk {
    /// Of the state, form and engine in the context.
    pub fn new() -> Self {
        let state = expect_context::<State>();
        let Sheet { form, task, draft } = expect_context();
        let drawing = paced(move || state.run.track());
        let first = a_frame_later(drawing);
        let charting = [first, a_frame_later(first)];
        let phase = Memo::new(move |_| {
            drawing.track();
            state.run.with_untracked(|run| run.phase)
        });
        let active = Memo::new(move |_| {
            drawing.track();
            state.run.with_untracked(|run| state.is_training(run))
        });
        let engine = expect_context::<Engine>();
        let stopping = RwSignal::new(false);
        Effect::new(move || {
            if !active.get() {
                stopping.set(false);
            }
        });
        Self { state, engine, form, task, draft, drawing, charting, phase, active, stopping }
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
        self.state.train(self.engine, self.draft.get_untracked().request);
    }

    /// Goes on with a run that was stopped or broke off.
    pub fn go_on(&self) {
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
}

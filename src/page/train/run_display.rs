//! The run, updated at most ten times a second.

use leptos::prelude::*;

use crate::charts::{a_frame_later, paced};
use crate::state::State;
use tunelab_presentation::progress::run_log::{Phase, RunLog};

/// Signals of the run that change ten times a second at most. Components of step 3 get it by
/// `expect_context::<RunDisplay>()`.
#[derive(Clone, Copy)]
pub struct RunDisplay {
    state: State,
    frame: ReadSignal<u32>,
    /// The same, one frame later for the first chart and two frames later for the second.
    chart_frames: [ReadSignal<u32>; 2],
    pub phase: Memo<Phase>,
    /// Whether a run is requested or in progress.
    pub active: Memo<bool>,
}

impl RunDisplay {
    pub fn new(state: State) -> Self {
        let frame = paced(move || state.run.track());
        let first = a_frame_later(frame);
        let phase = Memo::new(move |_| {
            frame.track();
            state.run.with_untracked(|run| run.phase)
        });
        let active = Memo::new(move |_| {
            frame.track();
            state.run.with_untracked(|run| state.is_training(run))
        });
        Self { state, frame, chart_frames: [first, a_frame_later(first)], phase, active }
    }

    /// Reads the run, again in each frame in which it is drawn.
    pub fn run<T>(&self, read: impl FnOnce(&RunLog) -> T) -> T {
        self.frame.track();
        self.state.run.with_untracked(read)
    }

    /// Reads the run for one of the two charts.
    pub fn chart<T>(&self, index: usize, read: impl FnOnce(&RunLog) -> T) -> T {
        self.chart_frames[index].track();
        self.state.run.with_untracked(read)
    }

    /// Whether a run ended early and can be continued.
    pub fn can_continue(&self) -> bool {
        let has_ended = matches!(self.phase.get(), Phase::Stopped | Phase::Failed);
        let is_free = !self.active.get() && !self.state.has_engine_failed();
        is_free && has_ended && self.state.has_checkpoint()
    }

    /// Whether a run was requested and the worker has not answered yet.
    pub fn is_waiting(&self) -> bool {
        self.active.get() && !self.phase.get().is_active()
    }
}

//! The run, search or distillation in progress. There is at most one.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use tunelab_core::protocol::WorkerError;
use tunelab_engine::train::control::{Control, RunState};

/// Pauses, resumes and stops a run.
#[derive(Clone, Default)]
pub struct RunHandle {
    control: Control,
    stopping: Rc<Cell<bool>>,
}

impl RunHandle {
    /// A handle to the run of a session.
    pub fn new(control: Control) -> Self {
        Self { control, stopping: Rc::default() }
    }

    /// Whether the user stopped the run.
    pub fn is_stopping(&self) -> bool {
        self.stopping.get()
    }

    fn pause(&self) {
        self.control.pause();
    }

    fn resume(&self) {
        self.control.resume();
    }

    fn stop(&self) {
        self.stopping.set(true);
        // A paused run must continue to end.
        self.control.resume();
    }
}

/// The run in progress, if any.
#[derive(Default)]
pub struct ActiveRun(RefCell<Option<RunHandle>>);

impl ActiveRun {
    /// Registers a run that is being prepared.
    ///
    /// # Errors
    /// Another run is in progress.
    pub fn begin(&self) -> Result<(), WorkerError> {
        let mut place = self.0.borrow_mut();
        if place.is_some() {
            return Err(WorkerError::Busy);
        }
        *place = Some(RunHandle::default());
        Ok(())
    }

    /// Hands over to the run of a session, which is paused or stopped if the user did so during the preparation.
    pub fn start(&self, control: Control) -> RunHandle {
        let handle = RunHandle::new(control);
        match self.0.replace(Some(handle.clone())) {
            Some(earlier) if earlier.is_stopping() => handle.stop(),
            Some(earlier) if earlier.control.requested() == RunState::Paused => handle.pause(),
            _ => {}
        }
        handle
    }

    /// The run has ended.
    pub fn end(&self) {
        self.0.replace(None);
    }

    pub fn is_active(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Whether the user stopped the run.
    pub fn is_stopping(&self) -> bool {
        self.0.borrow().as_ref().is_some_and(RunHandle::is_stopping)
    }

    pub fn pause(&self) {
        self.0.borrow().iter().for_each(RunHandle::pause);
    }

    pub fn resume(&self) {
        self.0.borrow().iter().for_each(RunHandle::resume);
    }

    pub fn stop(&self) {
        self.0.borrow().iter().for_each(RunHandle::stop);
    }
}

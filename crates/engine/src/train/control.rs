//! The handle by which a host pauses, resumes and stops a session between its steps.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// The state that the host requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RunState {
    #[default]
    Running,
    Paused,
    Stopped,
}

/// A handle to a session. Clones control the same session.
#[derive(Debug, Clone, Default)]
pub struct Control(Arc<Mutex<Shared>>);

#[derive(Debug, Default)]
struct Shared {
    requested: RunState,
    waker: Option<Waker>,
}

impl Control {
    /// Pauses the session after its current step.
    pub fn pause(&self) {
        self.request(RunState::Paused);
    }

    /// Resumes the session.
    pub fn resume(&self) {
        self.request(RunState::Running);
    }

    /// Stops the session after its current step, with the best weights so far. A stop is final.
    pub fn stop(&self) {
        self.request(RunState::Stopped);
    }

    /// The requested state.
    pub fn requested(&self) -> RunState {
        self.lock().requested
    }

    /// Waits while the session is paused.
    pub async fn wait_while_paused(&self) {
        poll_fn(|context| {
            let mut shared = self.lock();
            if shared.requested == RunState::Paused {
                shared.waker = Some(context.waker().clone());
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        })
        .await;
    }

    fn request(&self, state: RunState) {
        let mut shared = self.lock();
        if shared.requested != RunState::Stopped {
            shared.requested = state;
        }
        if let Some(waker) = shared.waker.take() {
            waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_lasts_until_resumed_and_a_stop_is_final() {
        let control = Control::default();
        control.pause();
        let other = control.clone();
        let resumer = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(20));
            other.resume();
        });
        pollster::block_on(control.wait_while_paused());
        assert_eq!(control.requested(), RunState::Running);
        resumer.join().unwrap();

        control.stop();
        control.resume();
        assert_eq!(control.requested(), RunState::Stopped);
        pollster::block_on(control.wait_while_paused());
    }
}

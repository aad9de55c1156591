//! The handle by which a host pauses, resumes and stops a session between its steps.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

/// What the host wants the session to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wish {
    #[default]
    Run,
    Pause,
    Stop,
}

/// A handle on a session, to be kept where the session itself is out of reach. Clones steer the same
/// session.
#[derive(Debug, Clone, Default)]
pub struct Control(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    wish: Wish,
    waiting: Option<Waker>,
}

impl Control {
    /// The session finishes its step and then waits.
    pub fn pause(&self) {
        self.wish_unless_stopped(Wish::Pause);
    }

    /// The session goes on.
    pub fn resume(&self) {
        self.wish_unless_stopped(Wish::Run);
    }

    /// The session finishes its step and then ends, with the best weights so far. Final.
    pub fn stop(&self) {
        self.wish_unless_stopped(Wish::Stop);
    }

    /// What was last wished for.
    pub fn wish(&self) -> Wish {
        self.state().wish
    }

    /// Waits until the session may go on or has to stop; at once where it is not paused.
    pub async fn paused(&self) {
        poll_fn(|context| {
            let mut state = self.state();
            if state.wish == Wish::Pause {
                state.waiting = Some(context.waker().clone());
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        })
        .await;
    }

    fn wish_unless_stopped(&self, wish: Wish) {
        let mut state = self.state();
        if state.wish != Wish::Stop {
            state.wish = wish;
        }
        if let Some(waker) = state.waiting.take() {
            waker.wake();
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
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
        pollster::block_on(control.paused());
        assert_eq!(control.wish(), Wish::Run);
        resumer.join().unwrap();

        control.stop();
        control.resume();
        assert_eq!(control.wish(), Wish::Stop);
        pollster::block_on(control.paused());
    }
}

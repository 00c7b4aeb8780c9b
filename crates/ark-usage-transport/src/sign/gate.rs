//! One at a time, without a runtime.

use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// Lets one future in at a time; the others wait until it leaves.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    busy: bool,
    waiting: Vec<Waker>,
}

impl Gate {
    pub(crate) async fn enter(&self) -> Pass<'_> {
        poll_fn(|context| {
            let mut state = self.state();
            if state.busy {
                state.waiting.push(context.waker().clone());
                return Poll::Pending;
            }
            state.busy = true;
            Poll::Ready(Pass { gate: self })
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who holds it is inside.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    gate: &'a Gate,
}

impl Drop for Pass<'_> {
    /// Wakes all who wait: one that has given up meanwhile must not keep the others out.
    fn drop(&mut self) {
        let mut state = self.gate.state();
        state.busy = false;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        for waker in waiting {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Context;

    use super::*;

    #[test]
    fn one_at_a_time() {
        let gate = Gate::default();
        let mut context = Context::from_waker(Waker::noop());
        let mut first = pin!(gate.enter());
        let mut second = pin!(gate.enter());
        let Poll::Ready(pass) = first.as_mut().poll(&mut context) else { panic!("closed") };
        assert!(second.as_mut().poll(&mut context).is_pending());
        drop(pass);
        assert!(second.as_mut().poll(&mut context).is_ready());
    }
}

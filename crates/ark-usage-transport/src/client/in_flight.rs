//! Several exchanges at once on one task, returned in the order they end.

use std::pin::Pin;
use std::task::{Context, Poll};

use ark_usage_model::ExchangeId;

/// The exchanges in flight.
///
/// All of them are polled whenever one is woken. There are some tens at most and a poll is cheap, so a
/// waker for each would cost more than it saves.
pub(super) struct InFlight<F> {
    futures: Vec<(ExchangeId, Pin<Box<F>>)>,
}

impl<F: Future> InFlight<F> {
    pub(super) const fn new() -> Self {
        Self { futures: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.futures.is_empty()
    }

    pub(super) fn push(&mut self, id: ExchangeId, future: F) {
        self.futures.push((id, Box::pin(future)));
    }

    /// Drops these: their responses are no longer needed.
    pub(super) fn cancel(&mut self, ids: &[ExchangeId]) {
        self.futures.retain(|(id, _)| !ids.contains(id));
    }

    /// Returns the output of the oldest that has ended.
    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<F::Output> {
        for index in 0..self.futures.len() {
            let Some((_, future)) = self.futures.get_mut(index) else { break };
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                self.futures.remove(index);
                return Poll::Ready(output);
            }
        }
        Poll::Pending
    }
}

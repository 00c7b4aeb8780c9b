//! Several futures at once on one task, answered in the order they end.

use std::pin::Pin;
use std::task::{Context, Poll};

use ark_usage_model::ExchangeId;

/// The exchanges that are out.
///
/// All of them are looked at whenever one of them has news. There are some tens at most, and each
/// look is cheap, so keeping a waker for each would cost more than it saves.
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

    /// Drops these: their answers are of no use any more.
    pub(super) fn cancel(&mut self, ids: &[ExchangeId]) {
        self.futures.retain(|(id, _)| !ids.contains(id));
    }

    /// The output of the first that has ended, oldest first.
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

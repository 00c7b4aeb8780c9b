//! The bytes of all bodies that are read at once: one bound, however many there are.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The bound, shared by all bodies of a transport.
#[derive(Debug)]
pub(super) struct BodyBudget {
    limit: usize,
    state: Mutex<State>,
    /// Room was given back.
    freed: Notify,
}

#[derive(Debug, Default)]
struct State {
    used: usize,
    /// Bodies that are being read, and those of them that wait for room.
    readers: usize,
    waiting: usize,
}

/// There is no room, and there will be none: the body alone is too large, or all wait for each other.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoRoom;

impl BodyBudget {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, state: Mutex::default(), freed: Notify::new() }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// Begins the share of one body.
    pub(super) fn share(self: &Arc<Self>) -> BodyShare {
        self.lock().readers += 1;
        BodyShare { budget: Arc::clone(self), held: 0 }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The room that one body takes; given back when it is dropped.
#[derive(Debug)]
pub(super) struct BodyShare {
    budget: Arc<BodyBudget>,
    held: usize,
}

impl BodyShare {
    /// The bytes that it could take if there were no others.
    pub(super) fn left(&self) -> usize {
        self.budget.limit.saturating_sub(self.held)
    }

    /// Takes room for more bytes if there is any.
    pub(super) fn try_take(&mut self, bytes: usize) -> Result<(), NoRoom> {
        let mut state = self.budget.lock();
        let used = state.used.checked_add(bytes).filter(|used| *used <= self.budget.limit);
        state.used = used.ok_or(NoRoom)?;
        self.held += bytes;
        Ok(())
    }

    /// Waits until so many bytes could be taken; returns how many can. Other bodies give room back when
    /// they have ended. Of bodies that would wait for each other, the last to ask gets none.
    pub(super) async fn room_for(&self, bytes: usize) -> Result<usize, NoRoom> {
        loop {
            let freed = self.budget.freed.notified();
            let waiting = {
                let mut state = self.budget.lock();
                let room = self.budget.limit.saturating_sub(state.used);
                if room >= bytes {
                    return Ok(room);
                }
                let alone_too_large = self.held.saturating_add(bytes) > self.budget.limit;
                if alone_too_large || state.waiting + 1 >= state.readers {
                    return Err(NoRoom);
                }
                state.waiting += 1;
                Waiting(&self.budget)
            };
            freed.await;
            drop(waiting);
        }
    }
}

impl Drop for BodyShare {
    fn drop(&mut self) {
        let mut state = self.budget.lock();
        state.used = state.used.saturating_sub(self.held);
        state.readers = state.readers.saturating_sub(1);
        drop(state);
        self.budget.freed.notify_waiters();
    }
}

/// One body that waits, until it does no more.
struct Waiting<'a>(&'a BodyBudget);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.waiting = state.waiting.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    #[test]
    fn all_bodies_share_one_bound() {
        let budget = Arc::new(BodyBudget::new(10));
        let (mut one, mut two) = (budget.share(), budget.share());
        one.try_take(6).unwrap();
        two.try_take(4).unwrap();
        assert_eq!(two.try_take(1), Err(NoRoom));
        drop(one);
        two.try_take(6).unwrap();
        assert_eq!(two.try_take(1), Err(NoRoom));
    }

    #[test]
    fn a_body_waits_for_the_others_and_not_for_itself() {
        let budget = Arc::new(BodyBudget::new(10));
        let (mut one, mut two) = (budget.share(), budget.share());
        one.try_take(6).unwrap();
        two.try_take(4).unwrap();
        {
            let mut waits = pin!(two.room_for(3));
            assert!(poll(waits.as_mut()).is_pending());
            // Both would wait for ever.
            assert_eq!(poll(pin!(one.room_for(1))), Poll::Ready(Err(NoRoom)));
            drop(one);
            assert_eq!(poll(waits.as_mut()), Poll::Ready(Ok(6)));
        }
        assert_eq!(poll(pin!(two.room_for(7))), Poll::Ready(Err(NoRoom)), "larger than the bound");
        let alone = budget.share();
        assert!(poll(pin!(alone.room_for(7))).is_pending());
        assert_eq!(budget.lock().waiting, 0, "who is dropped waits no more");
    }
}

//! What the threads of a server share: the page of the last reading, the syncs so far, and the end.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ark_usage_prometheus::{SyncResult, SyncTally};

/// The shared state. No lock is held while a file is read or a request is sent.
#[derive(Debug, Default)]
pub(super) struct Board {
    state: Mutex<BoardState>,
    stopped: Condvar,
}

#[derive(Debug, Default)]
struct BoardState {
    page: Option<Arc<str>>,
    /// `None` where nothing is synced.
    tally: Option<SyncTally>,
    /// The plans as they were fetched last, in the text format.
    plans: String,
    is_stopped: bool,
}

impl Board {
    pub(super) fn new(syncs: bool) -> Self {
        let tally = syncs.then(SyncTally::default);
        let state = Mutex::new(BoardState { tally, ..BoardState::default() });
        Self { state, ..Self::default() }
    }

    /// The page of the last reading; `None` before the first one.
    pub(super) fn page(&self) -> Option<Arc<str>> {
        self.state().page.clone()
    }

    pub(super) fn show(&self, page: String) {
        self.state().page = Some(page.into());
    }

    /// The plans as they were fetched last, in the text format.
    pub(super) fn plans(&self) -> String {
        self.state().plans.clone()
    }

    pub(super) fn set_plans(&self, plans: String) {
        self.state().plans = plans;
    }

    /// The syncs so far, where there are any.
    pub(super) fn tally(&self) -> Option<SyncTally> {
        self.state().tally.clone()
    }

    /// Counts a sync that ended, with its calls.
    pub(super) fn count(&self, calls: SyncTally, result: SyncResult, now: i64) {
        let tally = &mut self.state().tally;
        let mut counted = calls;
        counted.add_run(result, now);
        *tally = Some(counted);
    }

    /// Wakes every thread that sleeps, for the last time.
    pub(super) fn stop(&self) {
        self.state().is_stopped = true;
        self.stopped.notify_all();
    }

    /// Sleeps; true if the server has stopped.
    pub(super) fn sleep(&self, time: Duration) -> bool {
        let state = self.state();
        let sleep = self.stopped.wait_timeout_while(state, time, |state| !state.is_stopped);
        sleep.unwrap_or_else(PoisonError::into_inner).0.is_stopped
    }

    /// A poisoned lock is as good: no change is ever left half done.
    fn state(&self) -> MutexGuard<'_, BoardState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

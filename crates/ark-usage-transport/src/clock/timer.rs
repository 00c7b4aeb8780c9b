//! Sleeping without a runtime: one thread, which runs while there are sleepers.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::{now, pause};

const CENTURY: Duration = Duration::from_hours(100 * 365 * 24);

/// The sleepers and their deadlines.
#[derive(Debug, Default)]
pub(super) struct Timer {
    state: Mutex<TimerState>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct TimerState {
    /// By deadline; the number tells apart those that share one.
    sleepers: BTreeMap<(Instant, u64), Waker>,
    next_number: u64,
    running: bool,
}

impl Timer {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn sleep(self: &Arc<Self>, duration: Duration) -> Sleep {
        // What overflows is as good as for ever.
        let deadline = now().checked_add(duration).unwrap_or_else(|| now() + CENTURY);
        Sleep { timer: Arc::clone(self), deadline, number: None }
    }

    /// Nothing is ever left half done under the lock, so a poisoned one is as good as new.
    fn state(&self) -> MutexGuard<'_, TimerState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a sleeper. `Err` when no thread can be started.
    fn add(self: &Arc<Self>, deadline: Instant, number: u64, waker: Waker) -> std::io::Result<()> {
        let mut state = self.state();
        state.sleepers.insert((deadline, number), waker);
        if state.running {
            drop(state);
            self.changed.notify_one();
            return Ok(());
        }
        let timer = Arc::clone(self);
        std::thread::Builder::new()
            .name("ark-usage-timer".to_owned())
            .spawn(move || timer.wake_all_in_time())?;
        state.running = true;
        Ok(())
    }

    fn wake_all_in_time(&self) {
        let mut state = self.state();
        loop {
            let Some((&key @ (deadline, _), _)) = state.sleepers.first_key_value() else {
                state.running = false;
                return;
            };
            let left = deadline.saturating_duration_since(now());
            if !left.is_zero() {
                let waited = self.changed.wait_timeout(state, left);
                (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let waker = state.sleepers.remove(&key);
            drop(state);
            if let Some(waker) = waker {
                waker.wake();
            }
            state = self.state();
        }
    }
}

/// Ready at its deadline.
pub(super) struct Sleep {
    timer: Arc<Timer>,
    deadline: Instant,
    number: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let left = self.deadline.saturating_duration_since(now());
        if left.is_zero() {
            return Poll::Ready(());
        }
        let number = self.number.unwrap_or_else(|| {
            let mut state = self.timer.state();
            state.next_number += 1;
            state.next_number
        });
        self.number = Some(number);
        let waker = context.waker().clone();
        if self.timer.add(self.deadline, number, waker).is_ok() {
            return Poll::Pending;
        }
        // No thread to be had: better to block than never to wake.
        pause(left);
        Poll::Ready(())
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.timer.state().sleepers.remove(&(self.deadline, number));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pollster::block_on;

    #[test]
    fn many_sleepers_wake_in_order_and_the_thread_ends() {
        let timer = Arc::new(Timer::new());
        let woken = Arc::new(Mutex::new(Vec::new()));
        let threads: Vec<_> = [300, 100, 200, 100]
            .map(|millis| {
                let sleep = timer.sleep(Duration::from_millis(millis));
                let woken = Arc::clone(&woken);
                std::thread::spawn(move || {
                    block_on(sleep);
                    woken.lock().unwrap().push(millis);
                })
            })
            .into();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(*woken.lock().unwrap(), [100, 100, 200, 300]);
        // The thread goes when it finds nobody left.
        while timer.state().running {
            std::thread::yield_now();
        }
        block_on(timer.sleep(Duration::from_millis(1)));
    }

    #[test]
    fn a_dropped_sleep_is_removed() {
        let timer = Arc::new(Timer::new());
        let mut sleep = timer.sleep(Duration::from_hours(1));
        let mut context = Context::from_waker(Waker::noop());
        assert!(Pin::new(&mut sleep).poll(&mut context).is_pending());
        assert_eq!(timer.state().sleepers.len(), 1);
        drop(sleep);
        assert!(timer.state().sleepers.is_empty());
    }

    #[test]
    fn the_longest_duration_does_not_overflow() {
        let timer = Arc::new(Timer::new());
        assert!(timer.sleep(Duration::MAX).deadline > now());
    }
}

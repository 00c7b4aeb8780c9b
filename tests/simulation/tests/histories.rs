//! The invariant of histories over twenty thousand seeds, in memory and in files; and that it can fail.

use std::thread;

use ark_usage_history::sqlite::SqliteStore;
use ark_usage_history::{
    Delivered, Forgotten, Intake, Line, MemoryStore, Names, Revision, Sample, Span, Store,
    StoreError, StoredPoint, Subject, WindowAnswer,
};
use ark_usage_model::{Interval, Window};
use simulation::{HistoryRun, HistorySchedule, World, check_history};

const SEEDS: u64 = 20_000;
const THREADS: u64 = 4;

fn check(world: &World, seed: u64) -> HistoryRun {
    let schedule = HistorySchedule::of_seed(world, seed);
    let checked = check_history(world, &schedule, MemoryStore::new(), &mut |store| store);
    let again = format!("cargo xtask simulate --replay-history {seed}");
    assert!(checked.is_ok(), "{:#?}\nto see it again: {again}", checked.err());
    checked.unwrap_or_default()
}

#[test]
fn twenty_thousand_histories_hold() {
    let world = World::new();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let world = &world;
            scope.spawn(move || {
                for seed in (thread..SEEDS).step_by(usize::try_from(THREADS).unwrap()) {
                    check(world, seed);
                }
            });
        }
    });
}

#[test]
fn histories_in_files_hold() {
    let world = World::new();
    for seed in 1_000_000..1_000_060 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let schedule = HistorySchedule::of_seed(&world, seed);
        let mut reopen = |store| {
            drop(store);
            SqliteStore::open(&path).unwrap()
        };
        let store = SqliteStore::open(&path).unwrap();
        let checked = check_history(&world, &schedule, store, &mut reopen);
        assert!(checked.is_ok(), "seed {seed}: {:#?}", checked.err());
        let sound = SqliteStore::open_read_only(&path).unwrap().check().unwrap();
        assert!(sound.is_empty(), "seed {seed}: {sound:?}");
    }
}

/// Seeds are worth little when they all do the same.
#[test]
fn histories_differ_in_all_that_matters() {
    let world = World::new();
    let mut seen = [0; 4];
    for seed in 0..300 {
        let run = check(&world, seed);
        let happened =
            [run.revised > 0, run.missing > 0, run.missing == 0 && run.sent > 3, run.taken_in == 0];
        for (count, happened) in seen.iter_mut().zip(happened) {
            *count += u32::from(happened);
        }
    }
    assert!(seen.iter().all(|count| *count > 5), "{seen:?}");
}

/// A store with a fault.
#[derive(Debug)]
struct FaultyStore {
    store: MemoryStore,
    fault: Fault,
    applied: u32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// Changes of values are dropped.
    FirstValueStays,
    /// The third answer is confirmed and dropped.
    AnswerLost,
    /// Windows count as answered to their end, and one bucket more.
    SpanTooLong,
}

impl Store for FaultyStore {
    fn apply(&mut self, answer: &WindowAnswer) -> Result<Intake, StoreError> {
        self.store.apply(answer)
    }

    fn apply_latest(&mut self, answer: &WindowAnswer) -> Result<Intake, StoreError> {
        self.applied += 1;
        let mut answer = answer.clone();
        let window = answer.window;
        match self.fault {
            Fault::AnswerLost if self.applied == 3 => return Ok(Intake::default()),
            Fault::FirstValueStays => {
                let mut known = Vec::new();
                self.store.points(&answer.subject, window, &|_| true, &mut |line, points| {
                    known.extend(points.iter().map(|point| (line.clone(), point.start)));
                })?;
                for (line, points) in &mut answer.lines {
                    points.retain(|(start, _)| !known.contains(&(line.clone(), *start)));
                }
            }
            Fault::SpanTooLong => {
                let longer = Window::new(window.interval(), window.first(), window.end());
                answer.window = longer.unwrap_or(window);
            }
            Fault::AnswerLost => {}
        }
        self.store.apply_latest(&answer)
    }

    fn remember(&mut self, account_id: &str, names: &Names) -> Result<(), StoreError> {
        self.store.remember(account_id, names)
    }

    fn accounts(&self) -> Result<Vec<String>, StoreError> {
        self.store.accounts()
    }

    fn names(&self, account_id: &str) -> Result<Names, StoreError> {
        self.store.names(account_id)
    }

    fn subjects(&self, account_id: &str) -> Result<Vec<(Subject, Interval)>, StoreError> {
        self.store.subjects(account_id)
    }

    fn spans(&self, subject: &Subject, window: Window) -> Result<Vec<Span>, StoreError> {
        self.store.spans(subject, window)
    }

    fn points(
        &self,
        subject: &Subject,
        window: Window,
        wanted: &dyn Fn(&Line) -> bool,
        each: &mut dyn FnMut(&Line, &[StoredPoint]),
    ) -> Result<(), StoreError> {
        self.store.points(subject, window, wanted, each)
    }

    fn revisions(
        &self,
        start: i64,
        end: i64,
        each: &mut dyn FnMut(&Revision),
    ) -> Result<(), StoreError> {
        self.store.revisions(start, end, each)
    }

    fn delivered(
        &self,
        receiver: &str,
        each: &mut dyn FnMut(&str, &[Delivered]),
    ) -> Result<(), StoreError> {
        self.store.delivered(receiver, each)
    }

    fn begin_delivery(&mut self, receiver: &str, samples: &[Sample]) -> Result<(), StoreError> {
        self.store.begin_delivery(receiver, samples)
    }

    fn complete_delivery(&mut self, receiver: &str, samples: &[Sample]) -> Result<(), StoreError> {
        self.store.complete_delivery(receiver, samples)
    }

    fn forget(&mut self, before: i64) -> Result<Forgotten, StoreError> {
        self.store.forget(before)
    }
}

#[test]
fn a_store_with_a_fault_is_found() {
    let world = World::new();
    for fault in [Fault::FirstValueStays, Fault::AnswerLost, Fault::SpanTooLong] {
        let found = (0..60).filter(|seed| {
            let schedule = HistorySchedule::of_seed(&world, *seed);
            let store = FaultyStore { store: MemoryStore::new(), fault, applied: 0 };
            check_history(&world, &schedule, store, &mut |store| store).is_err()
        });
        let found = found.count();
        assert!(found > 5, "{fault:?}: {found}");
    }
}

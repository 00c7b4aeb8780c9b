//! Deterministic simulation: the query machine against the pure emulator, in virtual time, over every
//! usage action.
//!
//! - [`Schedule`]: one run described: data, splits, behaviors, faults, revisions, interruptions, the
//!   order of answers; made from a seed, or by [`exhaustive`] one after the other
//! - [`Run`]: what happened when a schedule was carried out
//! - [`World`]: what is true, whatever any answer says
//! - [`violations`]: the invariant, *no wrong number without a mark*, checked on a run
//! - [`ListSchedule`]: a walk through a list, and [`check_list`] its invariant: each item that was
//!   served is found once, and a list of which items were not found is called incomplete
//! - [`HistorySchedule`]: syncs of a history, and [`check_history`] its invariant: for every bucket the store
//!   holds what the service last said, or says that it is missing
//!
//! No socket, runtime or clock is involved: a schedule always runs the same way, and its seed is
//! all that is needed to see a failure again.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "only tests and developers call this crate, and a panic is how it fails"
)]

mod action;
pub mod exhaustive;
mod faults;
mod history;
mod inference;
mod invariant;
mod lists;
mod random;
mod run;
mod schedule;
mod world;

pub use action::ActionKind;
pub use history::{HistoryRun, HistorySchedule, Sync, check_history};
pub use invariant::violations;
pub use lists::{Change, ListRun, ListSchedule, check_list};
pub use random::Random;
pub use run::{Alter, Part, Run, Told, run, run_altered, run_logged};
pub use schedule::{Order, Revision, Schedule};
pub use world::{Cell, World};

/// Runs the schedule of a seed and checks it; the error is all that is wrong with it.
///
/// # Errors
///
/// When the invariant does not hold: one sentence for each violation.
pub fn check_seed(world: &World, seed: u64) -> Result<Run, Vec<String>> {
    check(world, &Schedule::of_seed(world, seed))
}

/// Runs a schedule and checks it; the error is all that is wrong with it.
///
/// # Errors
///
/// When the invariant does not hold: one sentence for each violation.
pub fn check(world: &World, schedule: &Schedule) -> Result<Run, Vec<String>> {
    let run = run(world, schedule).map_err(|why| vec![why])?;
    let found = violations(world, schedule, &run);
    if found.is_empty() { Ok(run) } else { Err(found) }
}

//! Documents about history: what a sync did, what is kept, what has changed, and rows as they are kept.

mod pushed;
mod revisions;
mod rows;
mod status;
mod synced;
#[cfg(test)]
mod tests;
mod verified;

use std::collections::BTreeMap;

use serde::Serialize;

pub use pushed::{Pushed, SampleCounts, StoppedPush};
pub use revisions::{FormerValue, RevisedValue, Revisions};
pub use rows::{KeptRow, KeptRows};
pub use status::{HistoryStatus, KeptGap, NextSync, SeriesStatus};
pub use synced::{PointCounts, Synced, SyncedAccount, Unsynced};
pub use verified::{HistoryCheck, HistoryVerdict, VerifiedHistory};

/// The usage that a series of a history is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct KeptUsage {
    /// The number of the account.
    pub account_id: String,
    /// The action it was fetched with.
    pub api: String,
    /// The filters it was fetched with, by their names on the wire; none for all usage.
    pub filters: BTreeMap<String, Vec<String>>,
    /// The keys that its rows are told apart by, sorted.
    pub group_by: Vec<String>,
    /// The project.
    pub project: Option<String>,
    /// The endpoint; `None` for the whole of the project.
    pub endpoint_id: Option<String>,
}

//! Where usage is exported to: the contract, and the rows.

use std::collections::BTreeMap;

use crate::{Month, StoreError};

/// A place that usage is exported to, a partition at a time: a folder of files, a table, a queue.
///
/// `SqliteStore::export` (feature `sqlite`) drives one:
///
/// ```text
/// for each account, for each month with usage:
///     begin(partition, contents) ── false: it has them already
///         │ true
///     row(row) … row(row)
///         │
///     commit()      all rows of the partition are there now, in place of those before
/// ```
///
/// After an error nothing more is called. Rows that were not committed must not be seen by readers.
pub trait Sink {
    /// The error of the place.
    type Error;

    /// Begins a partition, whose rows follow; `false` if the same [`Contents`] were committed before.
    ///
    /// # Errors
    ///
    /// The place cannot be written.
    fn begin(&mut self, partition: &Partition, contents: &Contents) -> Result<bool, Self::Error>;

    /// Takes a row: series by series, each in order of time.
    ///
    /// # Errors
    ///
    /// The place cannot be written.
    fn row(&mut self, row: &UsageRow<'_>) -> Result<(), Self::Error>;

    /// Ends the partition: its rows take the place of those before.
    ///
    /// # Errors
    ///
    /// The place cannot be written; the rows before are still there.
    fn commit(&mut self) -> Result<(), Self::Error>;
}

/// The usage of an account in a month. Rows belong to the month their bucket starts in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Partition {
    /// The number of the account.
    pub account_id: String,
    /// The month.
    pub month: Month,
}

/// The rows of a partition, to tell if they are the same as before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Their number.
    pub rows: u64,
    /// The number of rows whose value may still change.
    pub settling: u64,
    /// SHA-256 of the rows in their order, in hexadecimal. It is different whenever a row, its state,
    /// its time of receipt or one of its names is.
    pub digest: String,
}

/// A series of usage, with names as last seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageSeries {
    /// The number of the account.
    pub account_id: String,
    /// The profile of its keys.
    pub profile: Option<String>,
    /// The action it was fetched with.
    pub api: String,
    /// The project; `None` where none was named.
    pub project: Option<String>,
    /// The endpoint; `None` for what no endpoint explains.
    pub endpoint_id: Option<String>,
    /// The name of the endpoint.
    pub endpoint_name: Option<String>,
    /// The model, of the usage or of the endpoint.
    pub model: Option<String>,
    /// Its version.
    pub model_version: Option<String>,
    /// The name of the API key, where the tags have its ID.
    pub api_key_name: Option<String>,
    /// The tags that people gave the endpoint.
    pub endpoint_tags: BTreeMap<String, String>,
    /// The tags of the service, by their names on the wire.
    pub tags: BTreeMap<String, String>,
    /// The metric.
    pub metric: String,
    /// False if values of several buckets must not be added up.
    pub is_additive: bool,
}

/// A bucket of a series: an hour, or a day of which not all hours are known.
///
/// Rows never overlap: all rows of an action and a metric add up to the whole. Usage that no endpoint
/// explains is a row without one; it is negative where an endpoint was revised after its project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageRow<'a> {
    /// The series.
    pub series: &'a UsageSeries,
    /// Start of the bucket in unix seconds.
    pub start: i64,
    /// Its end, excluded.
    pub end: i64,
    /// The value.
    pub value: i64,
    /// It had settled when it was received.
    pub is_final: bool,
    /// The time it was received, unix seconds.
    pub fetched_at: i64,
}

/// The failure of an export.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError<E> {
    /// The history could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The sink failed.
    #[error("the rows cannot be written")]
    Sink(#[source] E),
}

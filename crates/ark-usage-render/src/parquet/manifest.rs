//! The manifest of an account in an exported folder: what is current.

use ark_usage_report::ReportError;
use serde::{Deserialize, Serialize};

use super::parquet_columns;
use crate::serialized;

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/export";
const SCHEMA_VERSION: u32 = 1;

/// The partitions of an account in a folder of Parquet files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportManifest {
    schema: String,
    schema_version: u32,
    /// The number of the account.
    pub account_id: String,
    /// The columns of its files, in order.
    pub columns: Vec<String>,
    /// Its partitions, by year and month.
    pub partitions: Vec<ExportedPartition>,
}

/// A month of an account, which is one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedPartition {
    /// The year of the service's calendar (UTC+8).
    pub year: i64,
    /// The month, from 1.
    pub month: u8,
    /// The file, below the folder of the account.
    pub file: String,
    /// The number of rows.
    pub rows: u64,
    /// The number of rows whose value may still change.
    pub settling: u64,
    /// The size of the file.
    pub bytes: u64,
    /// SHA-256 of the rows, in hexadecimal. The file is written again when it changes.
    pub digest: String,
}

impl ExportManifest {
    /// Returns the manifest of an account without partitions.
    pub fn new(account_id: &str) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            schema_version: SCHEMA_VERSION,
            account_id: account_id.to_owned(),
            columns: parquet_columns().iter().map(|column| column.name.to_owned()).collect(),
            partitions: Vec::new(),
        }
    }

    /// Reads a manifest; `None` for text that is none of this version.
    pub fn read(text: &[u8]) -> Option<Self> {
        let read: Self = serde_json::from_slice(text).ok()?;
        (read.schema == SCHEMA && read.schema_version == SCHEMA_VERSION).then_some(read)
    }

    /// Returns true if its files have the columns of this version of the program.
    pub fn has_current_columns(&self) -> bool {
        self.columns.iter().eq(parquet_columns().iter().map(|column| column.name))
    }

    /// Returns the partition of a month.
    pub fn partition(&self, year: i64, month: u8) -> Option<&ExportedPartition> {
        self.partitions.iter().find(|known| (known.year, known.month) == (year, month))
    }

    /// Puts a partition in the place of the one of its month.
    pub fn put(&mut self, partition: ExportedPartition) {
        let month = (partition.year, partition.month);
        self.partitions.retain(|known| (known.year, known.month) != month);
        self.partitions.push(partition);
        self.partitions.sort_unstable_by_key(|known| (known.year, known.month));
    }

    /// Takes out the partition of a month.
    pub fn remove(&mut self, year: i64, month: u8) {
        self.partitions.retain(|known| (known.year, known.month) != (year, month));
    }

    /// Returns the document.
    ///
    /// # Errors
    ///
    /// A document that cannot be written, which is a fault of this crate.
    pub fn document(&self) -> Result<Vec<u8>, ReportError> {
        serialized(self, true)
    }
}

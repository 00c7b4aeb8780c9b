//! Exporting: the rows that count, month by month, into a sink.

use std::collections::BTreeMap;

use ark_usage_model::Tags;
use data_encoding::HEXLOWER;
use rusqlite::{Connection, OptionalExtension as _};
use sha2::{Digest as _, Sha256};

use super::SqliteStore;
use super::error::unreadable;
use crate::{Contents, ExportError, Month, Partition, Sink, StoreError, UsageRow, UsageSeries};

const ROWS: &str = include_str!("usage_rows.sql");

const SERIES: &str = "SELECT a.number, a.profile, l.action, u.project, e.name, \
    ifnull(s.model, e.model), ifnull(s.model_version, e.model_version), e.labels, s.tags, s.metric, s.level, a.id \
    FROM series s JOIN subject u ON u.id = s.subject_id JOIN slice l ON l.id = u.slice_id \
    JOIN account a ON a.id = u.account_id \
    LEFT JOIN endpoint e ON e.account_id = a.id AND e.id = ?2 WHERE s.id = ?1";

const BOUNDS: &str = "SELECT min(first), max(last) FROM (SELECT \
    (SELECT min(start) FROM point WHERE series_id = s.id) AS first, \
    (SELECT max(start) FROM point WHERE series_id = s.id) AS last \
    FROM series s JOIN subject u ON u.id = s.subject_id \
    WHERE u.account_id = (SELECT id FROM account WHERE number = ?1))";

impl SqliteStore {
    /// Exports usage to a sink, as it is at this moment, while another process may write to the file: the months
    /// that share a second with the range of unix seconds, each whole.
    ///
    /// Only what was fetched without filters is exported, since filters may overlap. At most one row is in memory.
    ///
    /// # Errors
    ///
    /// [`ExportError`]. Partitions that were committed stay.
    pub fn export<S: Sink>(
        &self,
        (start, end): (i64, i64),
        sink: &mut S,
    ) -> Result<(), ExportError<S::Error>> {
        let snapshot = self.connection.unchecked_transaction().map_err(StoreError::from)?;
        for account_id in super::names::accounts(&snapshot).map_err(StoreError::from)? {
            let bounds = bounds(&snapshot, &account_id).map_err(StoreError::from)?;
            let Some((first, last)) = bounds else { continue };
            let mut month = Month::of(first.max(start));
            while month.start() <= last && month.start() < end {
                let partition = Partition { account_id: account_id.clone(), month };
                export_partition(&snapshot, &partition, sink)?;
                month = month.next();
            }
        }
        Ok(())
    }
}

/// Returns the starts of the first and of the last bucket with a point.
fn bounds(connection: &Connection, account_id: &str) -> rusqlite::Result<Option<(i64, i64)>> {
    let read = |row: &rusqlite::Row<'_>| {
        Ok(row.get::<_, Option<i64>>(0)?.zip(row.get::<_, Option<i64>>(1)?))
    };
    connection.query_row(BOUNDS, [account_id], read)
}

fn export_partition<S: Sink>(
    connection: &Connection,
    partition: &Partition,
    sink: &mut S,
) -> Result<(), ExportError<S::Error>> {
    let mut contents = ContentsHash::default();
    rows(connection, partition, &mut |row| -> Result<(), ExportError<S::Error>> {
        contents.add(row);
        Ok(())
    })?;
    let contents = contents.finish();
    if contents.rows == 0 || !sink.begin(partition, &contents).map_err(ExportError::Sink)? {
        return Ok(());
    }
    rows(connection, partition, &mut |row| sink.row(row).map_err(ExportError::Sink))?;
    sink.commit().map_err(ExportError::Sink)
}

/// Hands out the rows of a partition.
fn rows<E>(
    connection: &Connection,
    Partition { account_id, month }: &Partition,
    each: &mut dyn FnMut(&UsageRow<'_>) -> Result<(), ExportError<E>>,
) -> Result<(), ExportError<E>> {
    let mut statement = connection.prepare_cached(ROWS).map_err(StoreError::from)?;
    let range = (account_id, month.start(), month.next().start());
    let mut rows = statement.query(range).map_err(StoreError::from)?;
    let mut current: Option<((i64, Option<String>), UsageSeries)> = None;
    while let Some(row) = rows.next().map_err(StoreError::from)? {
        let point = point(row).map_err(StoreError::from)?;
        let known = match current.take() {
            Some((place, known)) if place == point.place => known,
            _ => series(connection, &point.place).map_err(StoreError::from)?,
        };
        each(&UsageRow {
            series: &known,
            start: point.start,
            end: point.start + point.seconds,
            value: point.value,
            is_final: point.is_final,
            fetched_at: point.fetched_at,
        })?;
        current = Some((point.place, known));
    }
    Ok(())
}

/// A row of the statement: its series is named by number and endpoint.
struct Point {
    place: (i64, Option<String>),
    seconds: i64,
    start: i64,
    value: i64,
    fetched_at: i64,
    is_final: bool,
}

fn point(row: &rusqlite::Row<'_>) -> rusqlite::Result<Point> {
    Ok(Point {
        place: (row.get(0)?, row.get(1)?),
        seconds: row.get(2)?,
        start: row.get(3)?,
        value: row.get(4)?,
        fetched_at: row.get(5)?,
        is_final: row.get(6)?,
    })
}

fn series(
    connection: &Connection,
    (id, endpoint_id): &(i64, Option<String>),
) -> rusqlite::Result<UsageSeries> {
    let (mut series, account) =
        connection.prepare_cached(SERIES)?.query_row((id, endpoint_id), |row| {
            let tags: String = row.get(8)?;
            let series = UsageSeries {
                account_id: row.get(0)?,
                profile: row.get(1)?,
                api: row.get(2)?,
                project: row.get(3)?,
                endpoint_id: endpoint_id.clone(),
                endpoint_name: row.get(4)?,
                model: row.get(5)?,
                model_version: row.get(6)?,
                api_key_name: None,
                endpoint_tags: map(row.get(7)?, "the labels of an endpoint")?,
                tags: map(Some(tags), "the tags of a series")?,
                metric: row.get(9)?,
                is_additive: row.get::<_, i64>(10)? == 0,
            };
            Ok((series, row.get::<_, i64>(11)?))
        })?;
    if let Some(key) = series.tags.get(Tags::API_KEY_ID) {
        let sql = "SELECT name FROM api_key WHERE account_id = ?1 AND id = ?2";
        let name = connection.prepare_cached(sql)?.query_row((account, key), |row| row.get(0));
        series.api_key_name = name.optional()?.flatten();
    }
    Ok(series)
}

fn map(text: Option<String>, what: &str) -> rusqlite::Result<BTreeMap<String, String>> {
    let read = |text: String| serde_json::from_str(&text).map_err(|_| unreadable(what));
    text.map_or(Ok(BTreeMap::new()), read)
}

/// The digest of rows, as they pass.
#[derive(Default)]
struct ContentsHash {
    rows: u64,
    settling: u64,
    hash: Sha256,
    series: Option<UsageSeries>,
}

impl ContentsHash {
    fn add(&mut self, row: &UsageRow<'_>) {
        self.rows += 1;
        self.settling += u64::from(!row.is_final);
        if self.series.as_ref() != Some(row.series) {
            // As Debug writes it: if that ever changes, everything is exported once more.
            self.hash.update(format!("{:?}\n", row.series));
            self.series = Some(row.series.clone());
        }
        for number in [row.start, row.end, row.value, row.fetched_at, row.is_final.into()] {
            self.hash.update(number.to_le_bytes());
        }
    }

    fn finish(self) -> Contents {
        let digest = HEXLOWER.encode(&self.hash.finalize());
        Contents { rows: self.rows, settling: self.settling, digest }
    }
}

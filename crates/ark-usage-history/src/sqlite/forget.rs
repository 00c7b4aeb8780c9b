//! Removing what is older than an instant.

use ark_usage_model::Interval;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::Forgotten;

pub(super) fn forget(connection: &mut Connection, before: i64) -> rusqlite::Result<Forgotten> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut forgotten = Forgotten::default();
    for interval in [Interval::Hour, Interval::Day] {
        let removed = of_interval(&transaction, interval, before)?;
        forgotten.points += removed.points;
        forgotten.former_values += removed.former_values;
    }
    transaction.commit()?;
    Ok(forgotten)
}

fn of_interval(
    transaction: &Transaction<'_>,
    interval: Interval,
    before: i64,
) -> rusqlite::Result<Forgotten> {
    let seconds = interval.seconds();
    // The bucket that contains the instant has not ended by it.
    let cut = interval.bucket_start(before);
    let of_series = "WHERE start < ?2 AND series_id IN ( \
        SELECT s.id FROM series s JOIN subject u ON u.id = s.subject_id WHERE u.seconds = ?1)";
    let remove = |table: &str| {
        let removed =
            transaction.execute(&format!("DELETE FROM {table} {of_series}"), (seconds, cut))?;
        Ok::<u64, rusqlite::Error>(u64::try_from(removed).unwrap_or(u64::MAX))
    };
    let forgotten = Forgotten { former_values: remove("former")?, points: remove("point")? };
    let of_subjects = "subject_id IN (SELECT id FROM subject WHERE seconds = ?1)";
    let delete = format!("DELETE FROM span WHERE stop <= ?2 AND {of_subjects}");
    transaction.execute(&delete, (seconds, cut))?;
    let shorten = format!("UPDATE span SET start = ?2 WHERE start < ?2 AND {of_subjects}");
    transaction.execute(&shorten, (seconds, cut))?;
    Ok(forgotten)
}

//! SQLite with one table, as one would write it in an afternoon: nothing is compared, nothing of what was
//! answered is kept.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;

use super::year::{self, ENDPOINTS, METRICS};

pub fn write(path: &Path) {
    let _ = std::fs::remove_file(path);
    let mut connection = Connection::open(path).expect("a file");
    connection
        .execute_batch(
            "PRAGMA page_size = 8192; PRAGMA journal_mode = wal; PRAGMA synchronous = normal;
             CREATE TABLE usage (series INTEGER NOT NULL, start INTEGER NOT NULL, value INTEGER NOT NULL,
             fetched_at INTEGER NOT NULL, PRIMARY KEY (series, start)) WITHOUT ROWID;",
        )
        .expect("a table");
    for window in year::windows() {
        for endpoint in 0..ENDPOINTS {
            let transaction = connection.transaction().expect("a transaction");
            let sql =
                "INSERT INTO usage (series, start, value, fetched_at) VALUES (?1, ?2, ?3, ?4)";
            let mut insert = transaction.prepare_cached(sql).expect("SQL");
            for metric in 0..METRICS.len() {
                let series = (endpoint * METRICS.len() + metric) as i64;
                for start in window.buckets() {
                    let value = year::value(endpoint, metric, start);
                    insert.execute((series, start, value, window.end())).expect("a row");
                }
            }
            drop(insert);
            transaction.commit().expect("a commit");
        }
    }
}

/// Adds up all rows by series and month; returns the sum of all.
pub fn scan(path: &Path) -> i64 {
    let connection = Connection::open(path).expect("a file");
    let mut statement = connection.prepare("SELECT series, start, value FROM usage").expect("SQL");
    let mut rows = statement.query([]).expect("rows");
    let mut months: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    let (mut key, mut sum) = ((0, 0), 0);
    while let Some(row) = rows.next().expect("a row") {
        let series: i64 = row.get(0).expect("a number");
        let start: i64 = row.get(1).expect("a number");
        let value: i64 = row.get(2).expect("a number");
        let place = (series, (start - year::START) / (30 * 86_400));
        if place != key {
            *months.entry(key).or_default() += sum;
            (key, sum) = (place, 0);
        }
        sum += value;
    }
    *months.entry(key).or_default() += sum;
    months.values().sum()
}

//! Deliveries to other systems.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior};

use crate::{Delivered, Sample};

/// The samples handed out at once.
const BATCH: usize = 4_096;

pub(super) fn delivered(
    connection: &Connection,
    receiver: &str,
    each: &mut dyn FnMut(&str, &[Delivered]),
) -> rusqlite::Result<()> {
    let sql = "SELECT s.id, s.name FROM receiver r JOIN delivered_series s ON s.receiver_id = r.id \
        WHERE r.name = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([receiver], |row| Ok((row.get(1)?, row.get(0)?)))?;
    let mut series = rows.collect::<rusqlite::Result<Vec<(String, i64)>>>()?;
    series.sort_unstable();
    let sql =
        "SELECT at, value, samples, in_flight FROM delivered WHERE series_id = ?1 ORDER BY at";
    let mut statement = connection.prepare_cached(sql)?;
    let mut batch = Vec::new();
    for (name, id) in series {
        let mut rows = statement.query([id])?;
        while let Some(row) = rows.next()? {
            batch.push(of_row(row)?);
            if batch.len() == BATCH {
                each(&name, &batch);
                batch.clear();
            }
        }
        if !batch.is_empty() {
            each(&name, &batch);
            batch.clear();
        }
    }
    Ok(())
}

fn of_row(row: &Row<'_>) -> rusqlite::Result<Delivered> {
    let (at, value) = (row.get(0)?, row.get(1)?);
    Ok(Delivered { at, value, samples: row.get(2)?, in_flight: row.get(3)? })
}

/// Writes down that these samples are sent next.
pub(super) fn begin(
    connection: &mut Connection,
    receiver: &str,
    samples: &[Sample],
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut of_receiver = SeriesIds::new(&transaction, receiver)?;
    {
        let sql = "INSERT INTO delivered (series_id, at, value, samples, in_flight) \
            VALUES (?1, ?2, 0, 0, ?3) ON CONFLICT (series_id, at) DO UPDATE SET in_flight = ?3";
        let mut upsert = transaction.prepare_cached(sql)?;
        for sample in samples {
            let series = of_receiver.get(&transaction, &sample.series)?;
            upsert.execute((series, sample.at, sample.value))?;
        }
    }
    transaction.commit()
}

/// Writes down that the receiver has confirmed these samples.
pub(super) fn complete(
    connection: &mut Connection,
    receiver: &str,
    samples: &[Sample],
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut of_receiver = SeriesIds::new(&transaction, receiver)?;
    {
        let find =
            "SELECT at, value, samples, in_flight FROM delivered WHERE series_id = ?1 AND at = ?2";
        let mut find = transaction.prepare_cached(find)?;
        let sql = "UPDATE delivered SET value = ?3, samples = ?4, in_flight = NULL \
            WHERE series_id = ?1 AND at = ?2";
        let mut update = transaction.prepare_cached(sql)?;
        for sample in samples {
            let series = of_receiver.get(&transaction, &sample.series)?;
            let Some(known) = find.query_row((series, sample.at), of_row).optional()? else {
                continue;
            };
            let confirmed = known.confirmed();
            update.execute((series, sample.at, confirmed.value, confirmed.samples))?;
        }
    }
    transaction.commit()
}

/// The ids of the series of a receiver, each looked up once.
struct SeriesIds {
    receiver: i64,
    known: BTreeMap<String, i64>,
}

impl SeriesIds {
    fn new(transaction: &Transaction<'_>, receiver: &str) -> rusqlite::Result<Self> {
        let insert = "INSERT INTO receiver (name) VALUES (?1) ON CONFLICT DO NOTHING";
        transaction.prepare_cached(insert)?.execute([receiver])?;
        let find = "SELECT id FROM receiver WHERE name = ?1";
        let receiver = transaction.prepare_cached(find)?.query_row([receiver], |row| row.get(0))?;
        Ok(Self { receiver, known: BTreeMap::new() })
    }

    fn get(&mut self, transaction: &Transaction<'_>, name: &str) -> rusqlite::Result<i64> {
        if let Some(id) = self.known.get(name) {
            return Ok(*id);
        }
        let insert = "INSERT INTO delivered_series (receiver_id, name) VALUES (?1, ?2) \
            ON CONFLICT DO NOTHING";
        transaction.prepare_cached(insert)?.execute((self.receiver, name))?;
        let find = "SELECT id FROM delivered_series WHERE receiver_id = ?1 AND name = ?2";
        let id =
            transaction.prepare_cached(find)?.query_row((self.receiver, name), |row| row.get(0))?;
        self.known.insert(name.to_owned(), id);
        Ok(id)
    }
}

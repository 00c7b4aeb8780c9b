//! Taking in an answer: one transaction.

use std::collections::BTreeMap;

use ark_usage_model::{Interval, Tags};
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::names::{account, json};
use super::read::tags_of;
use crate::point::{PointChange, Precedence};
use crate::{Intake, Line, Place, Slice, Span, StoredPoint, Subject, WindowAnswer, span};

pub(super) fn apply(
    connection: &mut Connection,
    answer: &WindowAnswer,
    precedence: Precedence,
) -> rusqlite::Result<Intake> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let window = answer.window;
    let id = subject(&transaction, &answer.subject, window.interval())?;
    let new = Span { start: window.first(), end: window.end(), fetched_at: answer.fetched_at };
    let again = add_span(&transaction, id, new, precedence)?;
    let mut intake = Intake::default();
    let mut returned = 0;
    for (line, points) in answer.points() {
        let points: Vec<StoredPoint> = points.collect();
        returned += points.len();
        if !points.is_empty() {
            let series = series(&transaction, id, answer, line)?;
            take_in(&transaction, series, &points, precedence, &mut intake)?;
        }
    }
    if again && precedence == Precedence::Latest {
        intake.count_absent(kept_points(&transaction, id, new)?, returned);
    }
    transaction.commit()?;
    Ok(intake)
}

/// The number of points of a subject in a span.
fn kept_points(transaction: &Transaction<'_>, subject: i64, span: Span) -> rusqlite::Result<usize> {
    let sql = "SELECT count(*) FROM series s \
        CROSS JOIN point p ON p.series_id = s.id AND p.start >= ?2 AND p.start < ?3 \
        WHERE s.subject_id = ?1";
    let values = (subject, span.start, span.end);
    let points: i64 = transaction.prepare_cached(sql)?.query_row(values, |row| row.get(0))?;
    Ok(usize::try_from(points).unwrap_or(0))
}

/// The row of a subject, made where there is none.
fn subject(
    transaction: &Transaction<'_>,
    subject: &Subject,
    interval: Interval,
) -> rusqlite::Result<i64> {
    let account = account(transaction, &subject.account_id)?;
    let slice = slice(transaction, &subject.slice)?;
    let whole =
        subject_row(transaction, (account, slice), &subject.at(Place::Whole), interval, None)?;
    if subject.place == Place::Whole {
        return Ok(whole);
    }
    subject_row(transaction, (account, slice), subject, interval, Some(whole))
}

fn subject_row(
    transaction: &Transaction<'_>,
    (account, slice): (i64, i64),
    subject: &Subject,
    interval: Interval,
    whole: Option<i64>,
) -> rusqlite::Result<i64> {
    let (project, endpoint) = (&subject.project, subject.place.endpoint_id());
    let sql = "SELECT id FROM subject WHERE account_id = ?1 AND slice_id = ?2 AND project IS ?3 \
        AND endpoint_id IS ?4 AND seconds = ?5";
    let known = transaction
        .prepare_cached(sql)?
        .query_row((account, slice, project, endpoint, interval.seconds()), |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let sql = "INSERT INTO subject (account_id, slice_id, project, endpoint_id, seconds, whole_id) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    transaction.prepare_cached(sql)?.execute((
        account,
        slice,
        project,
        endpoint,
        interval.seconds(),
        whole,
    ))?;
    let id = transaction.last_insert_rowid();
    if whole.is_none() {
        mark_covered(transaction, id)?;
    }
    Ok(id)
}

/// Marks the projects of plain slices beside which there is one that is told apart further.
fn mark_covered(transaction: &Transaction<'_>, id: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE subject AS u SET covered = 1 \
        FROM subject n JOIN slice i ON i.id = n.slice_id, slice l \
        WHERE n.id = ?1 AND i.plain = 1 AND l.id = u.slice_id AND l.plain = 1 \
        AND l.action = i.action AND u.account_id = n.account_id AND u.seconds = n.seconds \
        AND u.project IS n.project AND u.endpoint_id IS NULL AND EXISTS ( \
            SELECT 1 FROM subject b JOIN slice f ON f.id = b.slice_id \
            WHERE f.plain = 1 AND f.action = l.action AND b.account_id = u.account_id \
            AND b.seconds = u.seconds AND b.project IS u.project AND b.endpoint_id IS NULL \
            AND (f.keys > l.keys OR f.keys = l.keys AND b.id < u.id))";
    transaction.prepare_cached(sql)?.execute([id])?;
    Ok(())
}

fn slice(transaction: &Transaction<'_>, slice: &Slice) -> rusqlite::Result<i64> {
    let question = slice.to_string();
    let known = transaction
        .prepare_cached("SELECT id FROM slice WHERE question = ?1")?
        .query_row([&question], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let plain = slice.filters().next().is_none();
    let keys = i64::try_from(slice.group_by().count()).unwrap_or(i64::MAX);
    let sql = "INSERT INTO slice (action, question, plain, keys) VALUES (?1, ?2, ?3, ?4)";
    transaction.prepare_cached(sql)?.execute((slice.action(), &question, plain, keys))?;
    Ok(transaction.last_insert_rowid())
}

/// Adds an answered span. Returns true if some of it was answered before.
fn add_span(
    transaction: &Transaction<'_>,
    subject: i64,
    new: Span,
    precedence: Precedence,
) -> rusqlite::Result<bool> {
    // Spans that it touches; the one that begins before it may reach into it.
    let sql = "SELECT start, stop, fetched_at FROM span WHERE subject_id = ?1 AND start <= ?3 \
        AND start >= ifnull((SELECT max(start) FROM span WHERE subject_id = ?1 AND start < ?2), ?2) \
        ORDER BY start";
    let mut statement = transaction.prepare_cached(sql)?;
    let known = statement
        .query_map((subject, new.start, new.end), |row| {
            Ok(Span { start: row.get(0)?, end: row.get(1)?, fetched_at: row.get(2)? })
        })?
        .collect::<rusqlite::Result<Vec<Span>>>()?;
    let spans = span::add(known.clone(), new, precedence);
    let mut delete =
        transaction.prepare_cached("DELETE FROM span WHERE subject_id = ?1 AND start = ?2")?;
    for old in known.iter().filter(|old| !spans.contains(old)) {
        delete.execute((subject, old.start))?;
    }
    let sql = "INSERT INTO span (subject_id, start, stop, fetched_at) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = transaction.prepare_cached(sql)?;
    for span in spans.iter().filter(|span| !known.contains(span)) {
        insert.execute((subject, span.start, span.end, span.fetched_at))?;
    }
    Ok(known.iter().any(|old| old.overlaps(&new)))
}

/// The row of a series, made where there is none.
fn series(
    transaction: &Transaction<'_>,
    subject: i64,
    answer: &WindowAnswer,
    line: &Line,
) -> rusqlite::Result<i64> {
    let tags: BTreeMap<&str, &str> = line.tags.iter().collect();
    let json = json(&tags)?;
    let metric = line.metric.as_str();
    let sql = "SELECT id FROM series WHERE subject_id = ?1 AND metric = ?2 AND tags = ?3";
    let known = transaction
        .prepare_cached(sql)?
        .query_row((subject, metric, &json), |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let tag = |key| line.tags.get(key).filter(|value| *value != Tags::NONE);
    let endpoint = tag(Tags::ENDPOINT_ID).or_else(|| answer.subject.place.endpoint_id());
    let is_level = answer.levels.contains(&line.metric);
    let sql = "INSERT INTO series \
        (subject_id, metric, tags, endpoint_id, model, model_version, level, part) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)";
    let (model, version) = (tag(Tags::MODEL_NAME), tag(Tags::MODEL_VERSION));
    transaction
        .prepare_cached(sql)?
        .execute((subject, metric, &json, endpoint, model, version, is_level))?;
    let id = transaction.last_insert_rowid();
    mark_parts(transaction, subject, (id, line))?;
    Ok(id)
}

/// Marks the series that have all the tags of another one and more: parts beside their whole.
fn mark_parts(
    transaction: &Transaction<'_>,
    subject: i64,
    (new, line): (i64, &Line),
) -> rusqlite::Result<()> {
    let sql = "SELECT id, tags FROM series WHERE subject_id = ?1 AND metric = ?2 AND id <> ?3";
    let mut statement = transaction.prepare_cached(sql)?;
    let mut rows = statement.query((subject, line.metric.as_str(), new))?;
    let mut parts = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, tags): (i64, String) = (row.get(0)?, row.get(1)?);
        let tags = tags_of(&tags)?;
        if is_part(&line.tags, &tags) {
            parts.push(new);
        } else if is_part(&tags, &line.tags) {
            parts.push(id);
        }
    }
    let mut mark = transaction.prepare_cached("UPDATE series SET part = 1 WHERE id = ?1")?;
    for id in parts {
        mark.execute([id])?;
    }
    Ok(())
}

fn is_part(tags: &Tags, of: &Tags) -> bool {
    tags.len() > of.len() && of.iter().all(|(key, value)| tags.get(key) == Some(value))
}

fn take_in(
    transaction: &Transaction<'_>,
    series: i64,
    points: &[StoredPoint],
    precedence: Precedence,
    intake: &mut Intake,
) -> rusqlite::Result<()> {
    let known = known_points(transaction, series, points)?;
    let mut known = known.into_iter().peekable();
    let sql = "INSERT INTO point (series_id, start, value, fetched_at, final) \
        VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (series_id, start) \
        DO UPDATE SET value = ?3, fetched_at = ?4, final = ?5";
    let mut upsert = transaction.prepare_cached(sql)?;
    let sql = "INSERT INTO former (series_id, start, fetched_at, value, final) \
        VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    let mut keep = transaction.prepare_cached(sql)?;
    for fetched in points {
        while known.next_if(|point| point.start < fetched.start).is_some() {}
        let before = known.next_if(|point| point.start == fetched.start);
        let PointChange { point, former } = PointChange::new(before, *fetched, precedence);
        if let Some(StoredPoint { start, value, fetched_at, is_final }) = point {
            upsert.execute(params![series, start, value, fetched_at, is_final])?;
        }
        let mut kept = None;
        if let Some(former) = former {
            let values = (series, fetched.start, former.fetched_at, former.value, former.is_final);
            kept = (keep.execute(values)? > 0).then_some(former);
        }
        intake.count(before, kept);
    }
    Ok(())
}

fn known_points(
    transaction: &Transaction<'_>,
    series: i64,
    fetched: &[StoredPoint],
) -> rusqlite::Result<Vec<StoredPoint>> {
    let (Some(first), Some(last)) = (fetched.first(), fetched.last()) else {
        return Ok(Vec::new());
    };
    let sql = "SELECT start, value, fetched_at, final FROM point \
        WHERE series_id = ?1 AND start BETWEEN ?2 AND ?3 ORDER BY start";
    let mut statement = transaction.prepare_cached(sql)?;
    let rows = statement.query_map((series, first.start, last.start), super::read::point)?;
    rows.collect()
}

//! Reading: subjects, spans, points and former values.

use std::collections::BTreeMap;

use ark_usage_model::{Interval, Metric, Tags, Window};
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::error::unreadable;
use crate::{FormerValue, Line, Place, Revision, Span, StoredPoint, Subject};

/// The points handed out at once.
const BATCH: usize = 1_024;

const SUBJECT: &str = "SELECT u.id, a.number, l.question, u.project, u.endpoint_id, u.seconds \
    FROM subject u JOIN account a ON a.id = u.account_id JOIN slice l ON l.id = u.slice_id ";

pub(super) fn subjects(
    connection: &Connection,
    number: &str,
) -> rusqlite::Result<Vec<(Subject, Interval)>> {
    let sql = format!(
        "{SUBJECT} WHERE a.number = ?1 AND EXISTS (SELECT 1 FROM span x WHERE x.subject_id = u.id)"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map([number], |row| Ok(subject(row)?.1))?;
    let mut subjects = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    subjects.sort_unstable();
    Ok(subjects)
}

fn subject(row: &Row<'_>) -> rusqlite::Result<(i64, (Subject, Interval))> {
    let question: String = row.get(2)?;
    let subject = Subject {
        account_id: row.get(1)?,
        slice: question.parse().map_err(|_| unreadable("a slice"))?,
        project: row.get(3)?,
        place: Place::new(row.get(4)?),
    };
    let interval = Interval::from_seconds(row.get(5)?).ok_or_else(|| unreadable("an interval"))?;
    Ok((row.get(0)?, (subject, interval)))
}

fn subject_id(
    connection: &Connection,
    subject: &Subject,
    interval: Interval,
) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT u.id FROM account a JOIN slice l ON l.question = ?2 \
        JOIN subject u ON u.account_id = a.id AND u.slice_id = l.id AND u.project IS ?3 \
        AND u.endpoint_id IS ?4 AND u.seconds = ?5 WHERE a.number = ?1";
    let Subject { account_id, slice, project, place } = subject;
    let key = (account_id, slice.to_string(), project, place.endpoint_id(), interval.seconds());
    connection.prepare_cached(sql)?.query_row(key, |row| row.get(0)).optional()
}

pub(super) fn spans(
    connection: &Connection,
    subject: &Subject,
    window: Window,
) -> rusqlite::Result<Vec<Span>> {
    let Some(id) = subject_id(connection, subject, window.interval())? else {
        return Ok(Vec::new());
    };
    // Spans do not overlap, so that at most one that begins before reaches into the window.
    let sql = "SELECT start, stop, fetched_at FROM span WHERE subject_id = ?1 AND start < ?3 \
        AND start >= ifnull((SELECT max(start) FROM span WHERE subject_id = ?1 AND start <= ?2), ?2) \
        AND stop > ?2 ORDER BY start";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map((id, window.first(), window.end()), |row| {
        Ok(Span { start: row.get(0)?, end: row.get(1)?, fetched_at: row.get(2)? })
    })?;
    rows.collect()
}

pub(super) fn point(row: &Row<'_>) -> rusqlite::Result<StoredPoint> {
    let is_final = row.get(3)?;
    Ok(StoredPoint { start: row.get(0)?, value: row.get(1)?, fetched_at: row.get(2)?, is_final })
}

pub(super) fn tags_of(text: &str) -> rusqlite::Result<Tags> {
    let pairs: BTreeMap<String, String> =
        serde_json::from_str(text).map_err(|_| unreadable("the tags of a series"))?;
    Ok(Tags::new(pairs))
}

fn line(metric: &str, tags: &str) -> rusqlite::Result<Line> {
    Ok(Line { tags: tags_of(tags)?, metric: Metric::from(metric) })
}

pub(super) fn points(
    connection: &Connection,
    subject: &Subject,
    window: Window,
    wanted: &dyn Fn(&Line) -> bool,
    each: &mut dyn FnMut(&Line, &[StoredPoint]),
) -> rusqlite::Result<()> {
    let Some(id) = subject_id(connection, subject, window.interval())? else { return Ok(()) };
    let mut lines: Vec<(Line, i64)> = Vec::new();
    let sql = "SELECT id, metric, tags FROM series WHERE subject_id = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([id])?;
    while let Some(row) = rows.next()? {
        let line = line(row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?)?;
        if wanted(&line) {
            lines.push((line, row.get(0)?));
        }
    }
    lines.sort_unstable();
    let mut batch = Vec::with_capacity(BATCH);
    let sql = "SELECT start, value, fetched_at, final FROM point \
        WHERE series_id = ?1 AND start >= ?2 AND start < ?3 ORDER BY start";
    let mut statement = connection.prepare_cached(sql)?;
    for (line, id) in &lines {
        let mut rows = statement.query((id, window.first(), window.end()))?;
        while let Some(row) = rows.next()? {
            batch.push(point(row)?);
            if batch.len() == BATCH {
                each(line, &batch);
                batch.clear();
            }
        }
        if !batch.is_empty() {
            each(line, &batch);
            batch.clear();
        }
    }
    Ok(())
}

pub(super) fn revisions(
    connection: &Connection,
    start: i64,
    end: i64,
    each: &mut dyn FnMut(&Revision),
) -> rusqlite::Result<()> {
    let sql = "SELECT s.id, s.metric, s.tags, s.subject_id FROM series s WHERE EXISTS ( \
        SELECT 1 FROM former f WHERE f.series_id = s.id AND f.start >= ?1 AND f.start < ?2)";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query((start, end))?;
    let mut of_subject = connection.prepare(&format!("{SUBJECT} WHERE u.id = ?1"))?;
    let mut series = Vec::new();
    while let Some(row) = rows.next()? {
        let line = line(row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?)?;
        let subject = of_subject.query_row([row.get::<_, i64>(3)?], |row| Ok(subject(row)?.1))?;
        series.push((subject, line, row.get::<_, i64>(0)?));
    }
    series.sort_unstable();
    for ((subject, interval), line, id) in series {
        let place = |point| Revision {
            subject: subject.clone(),
            interval,
            line: line.clone(),
            point,
            previous: Vec::new(),
        };
        of_series(connection, id, (start, end), &place, each)?;
    }
    Ok(())
}

/// Hands out the revisions of one series.
fn of_series(
    connection: &Connection,
    id: i64,
    (start, end): (i64, i64),
    revision: &dyn Fn(StoredPoint) -> Revision,
    each: &mut dyn FnMut(&Revision),
) -> rusqlite::Result<()> {
    let sql = "SELECT p.start, p.value, p.fetched_at, p.final, f.value, f.fetched_at, f.final \
        FROM former f JOIN point p ON p.series_id = f.series_id AND p.start = f.start \
        WHERE f.series_id = ?1 AND f.start >= ?2 AND f.start < ?3 ORDER BY f.start, f.fetched_at";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query((id, start, end))?;
    let mut current: Option<Revision> = None;
    while let Some(row) = rows.next()? {
        let point = point(row)?;
        let former =
            FormerValue { value: row.get(4)?, fetched_at: row.get(5)?, is_final: row.get(6)? };
        if current.as_ref().is_some_and(|current| current.point != point)
            && let Some(complete) = current.take()
        {
            each(&complete);
        }
        current.get_or_insert_with(|| revision(point)).previous.push(former);
    }
    if let Some(complete) = current {
        each(&complete);
    }
    Ok(())
}

//! `-f table`: a line per bucket, metrics as columns, totals at the foot.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::{Interval, Metric, State};
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use volc_openapi::visible;

use super::{Answer, in_order};
pub(super) use crate::figure::grouped;
use crate::view::{Dimension, ViewRow};

/// Draws the table.
pub(crate) fn table(answer: &Answer<'_>) -> Vec<u8> {
    if answer.view.rows.is_empty() {
        return b"no data\n".to_vec();
    }
    let metrics: BTreeSet<&Metric> = answer.view.rows.iter().map(|row| &row.metric).collect();
    let metrics: Vec<&Metric> = ordered(metrics);
    let dimensions = Dimensions::of(answer);

    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header(answer, &dimensions, &metrics));
    let lines = if answer.view.totals_only { Lines::new() } else { lines(answer, &dimensions) };
    for ((start, labels), line) in &lines {
        table.add_row(line.cells(&answer.range.bucket_label(*start), labels, &metrics));
    }
    table.add_row(total_line(answer, dimensions.names.len(), &metrics));
    trimmed(&table)
}

/// Metrics as columns.
pub(super) fn ordered(metrics: BTreeSet<&Metric>) -> Vec<&Metric> {
    let mut metrics: Vec<&Metric> = metrics.into_iter().collect();
    metrics.sort_by(|one, two| in_order(one, two));
    metrics
}

fn header(answer: &Answer<'_>, dimensions: &Dimensions, metrics: &[&Metric]) -> Vec<Cell> {
    let bucket = match answer.range.window.interval() {
        Interval::Day => "day",
        Interval::Hour => "hour",
    };
    let mut cells = vec![Cell::new(bucket)];
    cells.extend(dimensions.names.iter().map(|name| left(name)));
    cells.extend(metrics.iter().map(|metric| right(metric.as_str())));
    cells.push(Cell::new("state"));
    cells
}

/// One line: a bucket of one combination of labels.
#[derive(Default)]
struct Line<'a> {
    values: BTreeMap<&'a Metric, Option<i128>>,
    state: Option<State>,
}

impl Line<'_> {
    fn cells(&self, bucket: &str, labels: &[String], metrics: &[&Metric]) -> Vec<Cell> {
        let mut cells = vec![Cell::new(bucket)];
        cells.extend(labels.iter().map(|label| left(label)));
        cells.extend(metrics.iter().map(|metric| match self.values.get(metric) {
            Some(Some(value)) => right(&grouped(*value)),
            Some(None) => right(NOTHING),
            None => right(""),
        }));
        cells.push(Cell::new(self.state.map_or("", State::name)));
        cells
    }
}

/// Stands where a value was wanted and did not come: never a 0.
pub(super) const NOTHING: &str = "-";

type Lines<'a> = Vec<((i64, Vec<String>), Line<'a>)>;

/// Lines in the order in which their first rows come.
fn lines<'a>(answer: &'a Answer<'_>, dimensions: &Dimensions) -> Lines<'a> {
    let mut lines = Lines::new();
    let mut places: BTreeMap<(i64, Vec<String>), usize> = BTreeMap::new();
    for row in &answer.view.rows {
        let key = (row.start, dimensions.labels(answer, row));
        let place = *places.entry(key.clone()).or_insert_with(|| {
            lines.push((key, Line::default()));
            lines.len() - 1
        });
        let Some((_, line)) = lines.get_mut(place) else { continue };
        line.values.insert(&row.metric, row.value);
        line.state = line.state.max(Some(row.state));
    }
    if answer.view.is_plain() {
        lines.sort_by(|(one, _), (other, _)| one.cmp(other));
    }
    lines
}

fn total_line(answer: &Answer<'_>, dimensions: usize, metrics: &[&Metric]) -> Vec<Cell> {
    let find = |metric: &Metric| answer.view.totals.iter().find(|total| total.metric == *metric);
    let mut cells = vec![Cell::new("total")];
    cells.extend((0..dimensions).map(|_| Cell::new("")));
    cells.extend(metrics.iter().map(|metric| match find(metric).and_then(|total| total.value) {
        Some(value) => right(&grouped(value)),
        None => right(NOTHING),
    }));
    let worst = answer.view.totals.iter().map(|total| total.state).max();
    cells.push(Cell::new(worst.map_or("", State::name)));
    cells
}

/// The columns beside bucket and metrics: those in which rows differ or were asked for by name.
pub(super) struct Dimensions {
    names: Vec<String>,
}

impl Dimensions {
    pub(super) fn of(answer: &Answer<'_>) -> Self {
        let rows = &answer.view.rows;
        let by = answer.view.by.iter();
        let summed: BTreeSet<String> = by
            .filter(|one| matches!(one, Dimension::Tag(_) | Dimension::Label(_)))
            .map(Dimension::name)
            .collect();
        let known = KNOWN
            .into_iter()
            .filter(|name| rows.iter().any(|row| known_label(answer, row, name).is_some()));
        let others: BTreeSet<&str> =
            rows.iter().flat_map(|row| row.tags.keys()).map(String::as_str).collect();
        let mut names: Vec<String> = known.chain(others).map(str::to_owned).collect();
        names.extend(summed);
        Self { names }
    }

    pub(super) fn labels(&self, answer: &Answer<'_>, row: &ViewRow) -> Vec<String> {
        let label = |name: &String| {
            let absent = match row.others {
                Some(count) => format!("(others: {count})"),
                None if answer.view.by.is_empty() => "(all)".to_owned(),
                None => "(unattributed)".to_owned(),
            };
            known_label(answer, row, name)
                .or_else(|| row.tags.get(name).cloned())
                .or_else(|| keyed_label(row, name))
                .unwrap_or(absent)
        };
        self.names.iter().map(label).collect()
    }
}

const KNOWN: [&str; 8] =
    ["profile", "account", "project", "endpoint", "name", "model", "scene", "batch job"];

fn known_label(answer: &Answer<'_>, row: &ViewRow, name: &str) -> Option<String> {
    match name {
        // One alone need not be named on every line.
        "profile" if answer.facts.profiles.len() > 1 => row.profile.clone(),
        "account" => row.account_id.clone(),
        "project" => row.project.clone(),
        "endpoint" => row.endpoint_id.clone(),
        "name" => row.endpoint_name.clone(),
        "model" => row.model.clone(),
        "scene" => row.scene.clone(),
        "batch job" => row.batch_job_id.clone(),
        _ => None,
    }
}

/// A tag of the service or of the endpoint, or a column of `--labels`.
fn keyed_label(row: &ViewRow, name: &str) -> Option<String> {
    let tag = |key| row.tags.get(key).or_else(|| row.endpoint_tags.as_ref()?.get(key));
    let label = |key| row.labels.as_ref()?.get(key);
    let value = match (name.strip_prefix("tag:"), name.strip_prefix("label:")) {
        (Some(key), _) => tag(key),
        (None, Some(key)) => label(key),
        (None, None) => None,
    };
    value.cloned()
}

pub(super) fn left(text: &str) -> Cell {
    Cell::new(visible(text))
}

pub(super) fn right(text: &str) -> Cell {
    Cell::new(visible(text)).set_alignment(CellAlignment::Right)
}

/// The table without the spaces that pad its edges.
pub(super) fn trimmed(table: &Table) -> Vec<u8> {
    let mut text = String::new();
    for line in table.to_string().lines() {
        text.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
        text.push('\n');
    }
    text.into_bytes()
}

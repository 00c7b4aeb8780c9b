//! Values that have changed, with their former values: a table, JSON, CSV.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ark_usage_model::State;
use ark_usage_report::chart_data::grouped;
use ark_usage_report::range::Range;
use ark_usage_report::{Lang, ReportError, text};
use serde::{Serialize, Serializer};

use super::KeptUsage;
use super::synced::count as count_of;
use crate::csv::records;
use crate::grid::{Cell, Grid};
use crate::harmless::{csv_cell, document_lines};
use crate::{Screen, serialized};

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/revisions";
const SCHEMA_VERSION: u32 = 1;

/// The columns of CSV.
const COLUMNS: [&str; 14] = [
    "account_id",
    "api",
    "filters",
    "group_by",
    "project",
    "endpoint_id",
    "tags",
    "metric",
    "start",
    "end",
    "value",
    "previous.value",
    "previous.fetched_at",
    "previous.state",
];

/// Values that have changed.
#[derive(Debug)]
pub struct Revisions<'a> {
    /// The range they lie in, with its time zone.
    pub range: &'a Range,
    /// The path of the history.
    pub history: &'a str,
    /// Only former values that were final are listed.
    pub only_final: bool,
    /// The values, in the order in which they are shown.
    pub values: &'a [RevisedValue],
    /// Wall clock, unix seconds.
    pub generated_at: i64,
}

/// A value that has changed.
#[derive(Clone, Debug, PartialEq)]
pub struct RevisedValue {
    /// The usage it counts.
    pub usage: KeptUsage,
    /// Other tags, by key.
    pub tags: BTreeMap<String, String>,
    /// The metric.
    pub metric: String,
    /// Start of the bucket.
    pub start: i64,
    /// End of the bucket, excluded.
    pub end: i64,
    /// The value now.
    pub value: i64,
    /// The former values, oldest first.
    pub previous: Vec<FormerValue>,
}

/// A value that was replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormerValue {
    /// The value.
    pub value: i64,
    /// The time it was received.
    pub fetched_at: i64,
    /// Its state then.
    pub state: State,
}

#[derive(Serialize)]
struct RevisionsDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    generated_at: String,
    history: &'a str,
    tz: &'a str,
    start: String,
    end: String,
    only_final: bool,
    revisions: Vec<RevisionDocument<'a>>,
}

#[derive(Serialize)]
struct RevisionDocument<'a> {
    #[serde(flatten)]
    usage: &'a KeptUsage,
    tags: &'a BTreeMap<String, String>,
    metric: &'a str,
    start: String,
    end: String,
    start_unix: i64,
    end_unix: i64,
    value: i64,
    previous: Vec<FormerDocument>,
}

#[derive(Serialize)]
struct FormerDocument {
    value: i64,
    fetched_at: String,
    #[serde(serialize_with = "state_name")]
    state: State,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
fn state_name<S: Serializer>(state: &State, output: S) -> Result<S::Ok, S::Error> {
    output.serialize_str(state.name())
}

impl<'a> Revisions<'a> {
    /// Writes the document.
    ///
    /// # Errors
    ///
    /// JSON that cannot be written, which is a fault of this crate.
    pub fn json(&self) -> Result<Vec<u8>, ReportError> {
        let former = |former: &FormerValue| FormerDocument {
            value: former.value,
            fetched_at: self.range.rfc3339(former.fetched_at),
            state: former.state,
        };
        let revision = |value: &'a RevisedValue| {
            let RevisedValue { usage, tags, metric, start, end, value, previous } = value;
            RevisionDocument {
                usage,
                tags,
                metric,
                start: self.range.rfc3339(*start),
                end: self.range.rfc3339(*end),
                start_unix: *start,
                end_unix: *end,
                value: *value,
                previous: previous.iter().map(former).collect(),
            }
        };
        let document = RevisionsDocument {
            schema: SCHEMA,
            schema_version: SCHEMA_VERSION,
            generated_at: self.range.rfc3339(self.generated_at),
            history: self.history,
            tz: &self.range.zone_name,
            start: self.range.rfc3339(self.range.window.first()),
            end: self.range.rfc3339(self.range.window.end()),
            only_final: self.only_final,
            revisions: self.values.iter().map(revision).collect(),
        };
        serialized(&document, true)
    }

    /// Writes a line for each former value.
    ///
    /// # Errors
    ///
    /// CSV that cannot be written, which is a fault of this crate.
    pub fn csv(&self) -> Result<Vec<u8>, ReportError> {
        let head = COLUMNS.map(Cow::Borrowed).to_vec();
        let lines = self.values.iter().flat_map(|value| {
            value.previous.iter().map(|former| self.cells(value, former).map(Cow::Owned).to_vec())
        });
        records(std::iter::once(head).chain(lines))
    }

    fn cells(&self, revised: &RevisedValue, former: &FormerValue) -> [String; 14] {
        let usage = &revised.usage;
        [
            csv_cell(&usage.account_id),
            csv_cell(&usage.api),
            csv_cell(&super::rows::object(&usage.filters)),
            csv_cell(&usage.group_by.join(" ")),
            csv_cell(usage.project.as_deref().unwrap_or_default()),
            csv_cell(usage.endpoint_id.as_deref().unwrap_or_default()),
            csv_cell(&super::rows::object(&revised.tags)),
            csv_cell(&revised.metric),
            self.range.rfc3339(revised.start),
            self.range.rfc3339(revised.end),
            revised.value.to_string(),
            former.value.to_string(),
            self.range.rfc3339(former.fetched_at),
            former.state.name().to_owned(),
        ]
    }

    /// Draws a line for each former value.
    pub fn table(&self, screen: Screen, lang: Lang) -> Vec<u8> {
        let range = self.range.words();
        let range = range.in_lang(lang);
        if self.values.is_empty() {
            let words = if self.only_final {
                text!("no final value has changed: {range}\n", "没有已定的数值发生变化：{range}\n")
            } else {
                text!("no value has changed: {range}\n", "没有数值发生变化：{range}\n")
            };
            return document_lines(words.in_lang(lang)).into_owned().into_bytes();
        }
        let words = lang.pick(
            ["start", "project", "endpoint", "metric"],
            ["开始", "项目", "推理接入点", "指标"],
        );
        let numbers = lang.pick(["before", "now"], ["原值", "现值"]);
        let rest = lang.pick(["received", "state then"], ["收到时间", "当时状态"]);
        let head = words.map(Cell::text).into_iter().chain(numbers.map(Cell::number));
        let mut grid = Grid { head: head.chain(rest.map(Cell::text)).collect(), lines: Vec::new() };
        for revised in self.values {
            for former in &revised.previous {
                let usage = &revised.usage;
                let texts = [
                    self.range.hour_label(revised.start),
                    usage.project.clone().unwrap_or_default(),
                    usage.endpoint_id.clone().unwrap_or_default(),
                    revised.metric.clone(),
                ];
                let texts = texts.iter().map(|text| Cell::text(text)).collect::<Vec<_>>();
                let numbers =
                    [former.value, revised.value].map(|value| Cell::number(&grouped(value.into())));
                let rest = [
                    Cell::text(&self.range.hour_label(former.fetched_at)),
                    Cell::State(Some(former.state)),
                ];
                grid.lines.push(texts.into_iter().chain(numbers).chain(rest).collect());
            }
        }
        let former = self.values.iter().flat_map(|value| &value.previous);
        let was_final = former.filter(|former| former.state == State::Final).count();
        let [values, was_final] = [self.values.len(), was_final]
            .map(|count| count_of(count.try_into().unwrap_or(u64::MAX)));
        let foot = text!(
            "values changed: {values}; former values that had been final: {was_final}; {range}\n",
            "变化的数值：{values}；曾已定的原值：{was_final}；{range}\n"
        );
        (grid.fitted(1, screen, lang) + &document_lines(foot.in_lang(lang))).into_bytes()
    }
}

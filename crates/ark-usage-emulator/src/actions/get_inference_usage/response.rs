//! Building the answer: sources by group, their sums by bucket, and the rows and columns of both.

use std::collections::BTreeSet;

use ark_usage_model::Interval;
use serde_json::Value;

use super::super::Session;
use super::dimension::Dimension;
use super::request::InferenceRequest;
use super::table::{Column, Row, Table};
use crate::behaviors::{
    Duplicates, GroupRule, HourText, KeylessText, OutsideRows, ProjectColumn, SampleOrder, ZeroRows,
};
use crate::calendar::{DAY, HOUR, day_text_in, hour_of_day};
use crate::data::{Counts, InferenceSource, hour_counts, mix};

const TEXT: &str = "STRING";
const NUMBER: &str = "BIGINT";

/// `Result` of the answer.
pub(super) fn result(session: &Session<'_>, request: &InferenceRequest<'_>) -> Value {
    let columns = Columns::new(session, request);
    let mut table = Table { columns: columns.named(session, request), rows: Vec::new() };
    let groups = Groups::new(&columns, request);
    let (first, last) = match session.behaviors.inference.outside {
        OutsideRows::None => (request.first, request.last),
        OutsideRows::Added => (request.first - DAY, request.last + DAY),
    };
    let mut bucket = first;
    // Nothing is known of buckets that have not begun.
    while bucket < last + DAY && bucket <= session.now {
        let row = BucketRow::new(session, request, bucket);
        for (names, counts) in groups.names.iter().zip(groups.counts(session, request, bucket)) {
            row.add(&mut table.rows, names, counts);
        }
        bucket += request.interval.seconds();
    }
    if session.behaviors.order == SampleOrder::Unsorted {
        let mut index = 0_u64;
        table.rows.sort_by_cached_key(|_| {
            index += 1;
            mix(first.cast_unsigned(), index)
        });
    }
    table.result(session)
}

/// The columns that name groups.
struct Columns {
    has_project: bool,
    grouped: Vec<Dimension>,
}

impl Columns {
    fn new(session: &Session<'_>, request: &InferenceRequest<'_>) -> Self {
        let has_project = match session.behaviors.inference.project_column {
            ProjectColumn::WhenSent => request.names_project,
            ProjectColumn::Always => true,
            ProjectColumn::Never => false,
        };
        let most = match session.behaviors.inference.groups {
            GroupRule::Combined => usize::MAX,
            GroupRule::First => 1,
            GroupRule::None => 0,
        };
        let mut grouped: Vec<_> = request.filtered.iter().copied().take(most).collect();
        if request.window_detail && !grouped.contains(&Dimension::BillingStatus) {
            grouped.push(Dimension::BillingStatus);
        }
        Self { has_project, grouped }
    }

    /// All columns, as [`BucketRow::cells`] fills them.
    fn named(&self, session: &Session<'_>, request: &InferenceRequest<'_>) -> Vec<Column> {
        let mut columns = vec![Column { name: "AccountID", kind: NUMBER }];
        let mut add = |name, kind| columns.push(Column { name, kind });
        if self.has_project {
            add("ProjectName", TEXT);
        }
        for dimension in &self.grouped {
            add(dimension.column(), TEXT);
        }
        if request.window_detail {
            add("WindowMatchOrder", NUMBER);
            add("WindowDescription", TEXT);
            add("WindowMaxInputTokens", NUMBER);
            add("WindowMaxOutputTokens", NUMBER);
        }
        if session.extras.tags {
            add("Undocumented", TEXT);
        }
        add("Day", "DATE");
        if request.interval == Interval::Hour {
            add("Hour", TEXT);
        }
        let measures = [
            "InputTokens",
            "CacheTokensHit",
            "OutputTokens",
            "ImageCount",
            "TotalTokens",
            "ReqCnt",
        ];
        for measure in measures {
            add(measure, NUMBER);
        }
        if session.extras.metrics {
            add("UndocumentedTokens", NUMBER);
        }
        columns
    }

    /// The values of a source in these columns.
    fn values<'a>(&self, source: &InferenceSource<'a>) -> Vec<&'a str> {
        let project = self.has_project.then_some(source.project);
        let grouped = self.grouped.iter().map(|dimension| dimension.value(source));
        project.into_iter().chain(grouped).collect()
    }
}

/// The groups that the sources make up, in order of their names.
struct Groups<'a> {
    names: Vec<Vec<&'a str>>,
    /// The group of each source, by their positions.
    of_source: Vec<usize>,
}

impl<'a> Groups<'a> {
    fn new(columns: &Columns, request: &InferenceRequest<'a>) -> Self {
        let names: BTreeSet<_> =
            request.sources.iter().map(|source| columns.values(source)).collect();
        let names: Vec<_> = names.into_iter().collect();
        let place = |source| names.binary_search(&columns.values(source)).unwrap_or_default();
        let of_source = request.sources.iter().map(place).collect();
        Self { names, of_source }
    }

    /// A bucket is the sum of its hours, a group the sum of its sources.
    fn counts(
        &self,
        session: &Session<'_>,
        request: &InferenceRequest<'_>,
        bucket: i64,
    ) -> Vec<Counts> {
        let mut sums = vec![Counts::default(); self.names.len()];
        let mut hour = bucket;
        while hour < (bucket + request.interval.seconds()).min(session.now) {
            hour_counts(
                &request.sources,
                hour,
                session.now,
                session.adjustments,
                |source, counts| {
                    let sum = self.of_source.get(source).and_then(|group| sums.get_mut(*group));
                    if let Some(sum) = sum {
                        *sum += counts;
                    }
                },
            );
            hour += HOUR;
        }
        sums
    }
}

/// The cells that all rows of a bucket share.
struct BucketRow<'a> {
    session: &'a Session<'a>,
    account_id: Value,
    /// The cells between the groups and the measures.
    middle: Vec<Value>,
}

impl<'a> BucketRow<'a> {
    fn new(session: &'a Session<'_>, request: &InferenceRequest<'_>, bucket: i64) -> Self {
        let mut middle = Vec::new();
        if request.window_detail {
            middle.extend(["1", "default", "", ""].map(Value::from));
        }
        if session.extras.tags {
            middle.push("yes".into());
        }
        let days = session.behaviors.days;
        let day = day_text_in(days, bucket);
        middle.push(day.as_str().into());
        if request.interval == Interval::Hour {
            middle.push(
                hour_text(&day, hour_of_day(bucket, days), session.behaviors.inference.hour).into(),
            );
        }
        Self { session, account_id: session.account.account_id.to_string().into(), middle }
    }

    fn add(&self, rows: &mut Vec<Row>, names: &[&str], counts: Counts) {
        let behaviors = &self.session.behaviors.inference;
        if counts == Counts::default() && behaviors.zero_rows == ZeroRows::LeftOut {
            return;
        }
        match behaviors.duplicates {
            Duplicates::None => rows.push(self.cells(names, counts)),
            Duplicates::Repeated => {
                rows.extend([self.cells(names, counts), self.cells(names, counts)]);
            }
            Duplicates::Split => {
                let (first, second) = halves(counts);
                rows.extend([self.cells(names, first), self.cells(names, second)]);
            }
        }
    }

    /// The cells of a row, in the order of [`Columns::named`].
    fn cells(&self, names: &[&str], counts: Counts) -> Row {
        let behaviors = &self.session.behaviors.inference;
        let text = |text: &str| match behaviors.keyless {
            KeylessText::Null if text.is_empty() => Value::Null,
            _ => Value::from(text),
        };
        let mut row = Vec::with_capacity(names.len() + self.middle.len() + 8);
        row.push(self.account_id.clone());
        row.extend(names.iter().copied().map(text));
        row.extend(self.middle.iter().cloned());
        let Counts { input, cached, output, images, total, requests } = counts;
        let measures = [input, cached, output, images, total, requests].into_iter();
        let extra = self.session.extras.metrics.then_some(input);
        row.extend(measures.chain(extra).map(|number| behaviors.cells.cell(number)));
        row
    }
}

fn hour_text(day: &str, hour: i64, form: HourText) -> String {
    match form {
        HourText::Short => hour.to_string(),
        HourText::Padded => format!("{hour:02}"),
        HourText::Text => format!("{day} {hour:02}:00"),
    }
}

/// Two parts that add up to the whole.
fn halves(whole: Counts) -> (Counts, Counts) {
    let third = |number: u64| number / 3;
    let first = Counts {
        input: third(whole.input),
        cached: third(whole.cached),
        output: third(whole.output),
        images: third(whole.images),
        total: third(whole.total),
        requests: third(whole.requests),
    };
    let second = Counts {
        input: whole.input - first.input,
        cached: whole.cached - first.cached,
        output: whole.output - first.output,
        images: whole.images - first.images,
        total: whole.total - first.total,
        requests: whole.requests - first.requests,
    };
    (first, second)
}

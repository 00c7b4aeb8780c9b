//! Building the answer: sources by group, their sums by bucket, and the rows and columns of both.

use std::collections::BTreeMap;

use ark_usage_model::Interval;
use serde_json::Value;

use super::super::Session;
use super::dimension::Dimension;
use super::request::InferenceRequest;
use super::table::{Column, Row, Table};
use crate::behaviors::{
    Duplicates, GroupRule, HourText, KeylessText, OutsideRows, ProjectColumn, SampleOrder, ZeroRows,
};
use crate::calendar::{DAY, HOUR, beijing_hour, day_text};
use crate::data::{Counts, InferenceSource, hour_counts, mix};

const TEXT: &str = "STRING";
const NUMBER: &str = "BIGINT";

/// `Result` of the answer.
pub(super) fn result(session: &Session<'_>, request: &InferenceRequest<'_>) -> Value {
    let columns = Columns::new(session, request);
    let mut table = Table { columns: columns.named(session, request), rows: Vec::new() };
    let groups = columns.groups(request);
    let (first, last) = match session.behaviors.inference.outside {
        OutsideRows::None => (request.first, request.last),
        OutsideRows::Added => (request.first - DAY, request.last + DAY),
    };
    let mut bucket = first;
    // Nothing is known of buckets that have not begun.
    while bucket < last + DAY && bucket <= session.now {
        for (names, sources) in &groups {
            let counts = bucket_counts(session, request, sources, bucket);
            add_rows(session, request, &mut table.rows, bucket, names, counts);
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
        };
        let mut grouped: Vec<_> = request.filtered.iter().copied().take(most).collect();
        if request.window_detail && !grouped.contains(&Dimension::BillingStatus) {
            grouped.push(Dimension::BillingStatus);
        }
        Self { has_project, grouped }
    }

    /// All columns, as [`cells`] fills them.
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

    /// The sources by the values of these columns.
    fn groups<'a, 'r>(
        &self,
        request: &'r InferenceRequest<'a>,
    ) -> BTreeMap<Vec<&'a str>, Vec<&'r InferenceSource<'a>>> {
        let mut groups = BTreeMap::<_, Vec<_>>::new();
        for source in &request.sources {
            let project = self.has_project.then_some(source.project);
            let grouped = self.grouped.iter().map(|dimension| dimension.value(source));
            groups.entry(project.into_iter().chain(grouped).collect()).or_default().push(source);
        }
        groups
    }
}

/// A bucket is the sum of its hours, a group the sum of its sources.
fn bucket_counts(
    session: &Session<'_>,
    request: &InferenceRequest<'_>,
    sources: &[&InferenceSource<'_>],
    bucket: i64,
) -> Counts {
    let mut sums = Counts::default();
    let mut hour = bucket;
    while hour < (bucket + request.interval.seconds()).min(session.now) {
        for source in sources {
            sums += hour_counts(source, hour, session.now, session.adjustments);
        }
        hour += HOUR;
    }
    sums
}

fn add_rows(
    session: &Session<'_>,
    request: &InferenceRequest<'_>,
    rows: &mut Vec<Row>,
    bucket: i64,
    names: &[&str],
    counts: Counts,
) {
    let behaviors = &session.behaviors.inference;
    if counts == Counts::default() && behaviors.zero_rows == ZeroRows::LeftOut {
        return;
    }
    let row = |counts| cells(session, request, bucket, names, counts);
    match behaviors.duplicates {
        Duplicates::None => rows.push(row(counts)),
        Duplicates::Repeated => rows.extend([row(counts), row(counts)]),
        Duplicates::Split => {
            let (first, second) = halves(counts);
            rows.extend([row(first), row(second)]);
        }
    }
}

/// The cells of a row, in the order of [`Columns::named`].
fn cells(
    session: &Session<'_>,
    request: &InferenceRequest<'_>,
    bucket: i64,
    names: &[&str],
    counts: Counts,
) -> Row {
    let behaviors = &session.behaviors.inference;
    let text = |text: &str| match behaviors.keyless {
        KeylessText::Null if text.is_empty() => Value::Null,
        _ => Value::from(text),
    };
    let mut row = vec![Value::from(session.account.account_id.to_string())];
    row.extend(names.iter().copied().map(text));
    if request.window_detail {
        row.extend(["1", "default", "", ""].map(Value::from));
    }
    if session.extras.tags {
        row.push("yes".into());
    }
    row.push(day_text(bucket).into());
    if request.interval == Interval::Hour {
        row.push(hour_text(bucket, behaviors.hour).into());
    }
    let Counts { input, cached, output, images, total, requests } = counts;
    let measures = [input, cached, output, images, total, requests].into_iter();
    let extra = session.extras.metrics.then_some(input);
    row.extend(measures.chain(extra).map(|number| behaviors.cells.cell(number)));
    row
}

fn hour_text(bucket: i64, form: HourText) -> String {
    let day = day_text(bucket);
    let hour = beijing_hour(bucket);
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

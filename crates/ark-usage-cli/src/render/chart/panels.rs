//! From rows to panels: one a metric, with a line for each bucket or for each thing counted.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::Metric;
use volc_openapi::visible;

use super::{Line, Panel};
use crate::figure::{Amount, course, week};
use crate::lang::Lang;
use crate::render::table::{Column, things};
use crate::render::{Answer, in_order, interval_name};
use crate::view::ViewRow;

/// A panel for each metric of the answer.
pub(crate) fn panels(answer: &Answer<'_>, lang: Lang) -> Vec<Panel> {
    let metrics: BTreeSet<&Metric> = answer.view.rows.iter().map(|row| &row.metric).collect();
    let mut metrics: Vec<&Metric> = metrics.into_iter().collect();
    metrics.sort_by(|one, two| in_order(one, two));
    let columns = things(answer);
    metrics.into_iter().map(|metric| panel(metric, answer, &columns, lang)).collect()
}

fn panel(metric: &Metric, answer: &Answer<'_>, columns: &[Column], lang: Lang) -> Panel {
    let rows: Vec<&ViewRow> = answer.view.rows.iter().filter(|it| it.metric == *metric).collect();
    let total = answer.view.totals.iter().find(|total| total.metric == *metric);
    let course = course(answer.report, metric, answer.generated_at);
    let lines = lines(&rows, answer, columns, lang);
    let is_course = lines.iter().any(|line| !line.history.is_empty());
    Panel {
        title: title(metric, is_course, answer, lang),
        metric: visible(metric.as_str()).into_owned(),
        lines,
        total: total.map_or(Amount::NOTHING, |it| Amount { value: it.value, state: it.state }),
        week: week(&course, answer.range),
    }
}

fn title(metric: &Metric, is_course: bool, answer: &Answer<'_>, lang: Lang) -> String {
    let (metric, bucket) = (visible(metric.as_str()), interval_name(answer.range, lang));
    if is_course {
        return lang.pick(
            format!("{metric}, its course by {bucket} and its sum"),
            format!("{metric}：按{bucket}走势与合计"),
        );
    }
    lang.pick(format!("{metric} by {bucket}"), format!("{metric}（按{bucket}）"))
}

/// A line for each bucket, where there is one thing only; else one for each thing, with its history.
fn lines(rows: &[&ViewRow], answer: &Answer<'_>, columns: &[Column], lang: Lang) -> Vec<Line> {
    let mut things: BTreeMap<Vec<String>, Vec<&ViewRow>> = BTreeMap::new();
    for row in rows {
        let labels = columns.iter().map(|column| column.cell(answer, row, lang)).collect();
        things.entry(labels).or_default().push(row);
    }
    if things.len() == 1 {
        let bucket = |row: &&ViewRow| Line {
            label: answer.range.bucket_label(row.start),
            history: Vec::new(),
            amount: amount(row),
        };
        return rows.iter().map(bucket).collect();
    }
    let thing = |(labels, rows): (Vec<String>, Vec<&ViewRow>)| {
        let history: Vec<Amount> = rows.into_iter().map(amount).collect();
        let amount = Amount::sum(history.iter().copied());
        Line { label: visible(&labels.join("  ")).into_owned(), history, amount }
    };
    things.into_iter().map(thing).collect()
}

fn amount(row: &ViewRow) -> Amount {
    Amount { value: row.value, state: row.state }
}

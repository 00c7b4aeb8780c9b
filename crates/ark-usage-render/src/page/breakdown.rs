//! Usage by endpoint, project, label and so on: a line each, with bars in the cells.

use maud::{Markup, html};

use super::cell::{Align, head, number, scrolling, signs};
use super::{Breakdown, BreakdownLine, BreakdownPart, MetricPart, Page};
use crate::svg::{TONES, bar, spark_bars};
use ark_usage_report::Lang;
use ark_usage_report::chart_data::percent;

/// A table for each metric, with a picture beside each number.
pub(super) fn breakdown(report: &Page, breakdown: &Breakdown) -> Markup {
    let amounts = breakdown.lines.iter().flat_map(|line| &line.parts).map(|part| part.amount);
    html! {
        @for (index, metric) in report.metrics.iter().enumerate() {
            h3 { (metric.name) }
            (scrolling(&metric.name, &table(breakdown, index, metric, report.lang)))
        }
        (signs(amounts, report.lang))
    }
}

fn table(breakdown: &Breakdown, index: usize, metric: &MetricPart, lang: Lang) -> Markup {
    let parts = || breakdown.lines.iter().filter_map(|line| line.parts.get(index));
    let history = parts().any(|part| part.history.len() > 1);
    let largest = parts().map(|part| part.amount.height()).max().unwrap_or_default();
    let (name, by) = (&metric.name, &breakdown.by);
    let picture = Picture { largest, total: metric.total.value, tone: index % TONES, history };
    let named = columns(breakdown);
    let heads = [
        (named.as_str(), Align::Text),
        (lang.pick("sum", "合计"), Align::Number),
        (lang.pick("share", "占比"), Align::Number),
        (lang.pick("bar", "条形图"), Align::Picture),
        (lang.pick("over time", "走势"), Align::Text),
    ];
    html! {
        table class="breakdown" {
            caption { (lang.pick(format!("{name} by {by}"), format!("{name}（按{by}）"))) }
            (head(heads.get(..if history { 5 } else { 4 }).unwrap_or_default()))
            tbody {
                @for line in &breakdown.lines {
                    @if let Some(part) = line.parts.get(index) { (row(line, part, &picture, lang)) }
                }
            }
        }
    }
}

/// The scale of the bars of a table.
struct Picture {
    /// The amount that fills the whole bar.
    largest: i128,
    /// The total.
    total: Option<i128>,
    tone: usize,
    /// There is a trend to show.
    history: bool,
}

fn row(line: &BreakdownLine, part: &BreakdownPart, picture: &Picture, lang: Lang) -> Markup {
    let Picture { largest, total, tone, history } = *picture;
    let share = part.amount.value.zip(total).and_then(|(value, total)| percent(value, total));
    html! {
        tr {
            (keys(line))
            td class="n" { (number(part.amount, lang)) }
            td class="n share" { (share.unwrap_or_else(|| "–".to_owned())) }
            td class="picture-cell" { (bar(part.amount, largest, tone)) }
            @if history { td class="picture-cell" { (spark_bars(&part.history, tone)) } }
        }
    }
}

/// The names of a line, in one column, so that its numbers stay near it.
pub(super) fn columns(breakdown: &Breakdown) -> String {
    breakdown.columns.join(" · ")
}

/// The names of a line: the first, and the rest below in small.
pub(super) fn keys(line: &BreakdownLine) -> Markup {
    let (first, rest) = line.keys.split_first().unzip();
    let rest = rest.map(|rest| rest.iter().map(String::as_str).filter(|key| !key.is_empty()));
    let rest =
        rest.map(|rest| rest.collect::<Vec<_>>().join(" · ")).filter(|rest| !rest.is_empty());
    html! {
        th scope="row" {
            (first.map_or("", String::as_str))
            @if let Some(rest) = rest { span class="rest" { (rest) } }
        }
    }
}

//! All of it, by endpoint, project, label and so on: a line each, with bars in the cells.

use maud::{Markup, html};

use super::cell::{number, scrolling};
use super::{Breakdown, Part, Report};
use crate::figure::percent;
use crate::render::svg::{TONES, bar, spark_bars};

/// The table, whose pictures stand beside their numbers.
pub(super) fn breakdown(report: &Report, breakdown: &Breakdown) -> Markup {
    let lang = report.lang;
    let history = breakdown.lines.iter().flat_map(|line| &line.parts);
    let history = history.map(|part| part.history.len()).max().unwrap_or_default() > 1;
    let table = html! {
        table class="breakdown" {
            caption { (lang.pick(format!("Sums by {}", breakdown.by), format!("按{}的合计", breakdown.by))) }
            thead {
                tr {
                    @for column in &breakdown.columns { th scope="col" { (column) } }
                    @for metric in &report.metrics {
                        th scope="col" class="n" { (metric.name) }
                        th scope="col" class="n" { (lang.pick("share", "占比")) }
                        th scope="col" { span class="unseen" { (lang.pick("bar", "条形图")) } }
                        @if history { th scope="col" { (lang.pick("over time", "走势")) } }
                    }
                }
            }
            tbody {
                @for line in &breakdown.lines {
                    tr {
                        @for (index, key) in line.keys.iter().enumerate() {
                            @if index == 0 { th scope="row" { (key) } } @else { td { (key) } }
                        }
                        @for (index, part) in line.parts.iter().enumerate() {
                            (cells(report, breakdown, index, part, history))
                        }
                    }
                }
            }
        }
    };
    scrolling(&breakdown.by, &table)
}

fn cells(
    report: &Report,
    breakdown: &Breakdown,
    index: usize,
    part: &Part,
    history: bool,
) -> Markup {
    let parts = breakdown.lines.iter().filter_map(|line| line.parts.get(index));
    let largest = parts.map(|part| part.amount.height()).max().unwrap_or_default();
    let total = report.metrics.get(index).and_then(|metric| metric.total.value);
    let share = part.amount.value.zip(total).and_then(|(value, total)| percent(value, total));
    let tone = index % TONES;
    html! {
        td class="n" { (number(part.amount, report.lang)) }
        td class="n share" { (share.unwrap_or_else(|| "–".to_owned())) }
        td class="picture-cell" { (bar(part.amount, largest, tone)) }
        @if history { td class="picture-cell" { (spark_bars(&part.history, tone)) } }
    }
}

//! Changes against the previous range, and the largest of them.

use maud::{Markup, html};

use super::breakdown::{columns, keys};
use super::cell::{Align, change, change_percent, head, number, scrolling, signs};
use super::{Before, Breakdown, BreakdownLine, MetricPart, Page};
use crate::svg::difference_bar;
use ark_usage_report::chart_data::{Amount, percent};

/// Both ranges side by side, then the lines that changed most.
pub(super) fn comparison(report: &Page, range: &str) -> Markup {
    let lang = report.lang;
    html! {
        p { (lang.pick("Previous range: ", "上一周期：")) (range) }
        (scrolling(lang.pick("Both ranges", "两个周期"), &both(report)))
        (signs(report.metrics.iter().map(|metric| metric.total), lang))
        @for breakdown in &report.breakdowns {
            @for (index, metric) in report.metrics.iter().enumerate() {
                @if let Some(drivers) = Drivers::of(breakdown, index) {
                    (drivers.draw(report, breakdown, metric))
                }
            }
        }
    }
}

fn both(report: &Page) -> Markup {
    let lang = report.lang;
    html! {
        table {
            caption { (lang.pick("Both ranges", "两个周期")) }
            (head(&[
                (lang.pick("metric", "指标"), Align::Text),
                (lang.pick("previous", "上一周期"), Align::Number),
                (lang.pick("current", "本周期"), Align::Number),
                (lang.pick("change", "变化"), Align::Number),
                ("%", Align::Number),
            ]))
            tbody {
                @for metric in &report.metrics {
                    @if let Some(before) = metric.before {
                        tr {
                            th scope="row" { (metric.name) }
                            (compared(before, metric.total, report))
                        }
                    }
                }
            }
        }
    }
}

fn compared(before: Before, now: Amount, report: &Page) -> Markup {
    html! {
        td class="n" { (number(before.amount, report.lang)) }
        td class="n" { (number(now, report.lang)) }
        td class="n" { (change(before.change)) }
        td class="n" { (change_percent(before.change, before.amount.value)) }
    }
}

/// The lines of a breakdown that changed most in one metric.
struct Drivers<'a> {
    /// Each with its amount, the previous amount and the change.
    lines: Vec<(&'a BreakdownLine, Amount, Before, i128)>,
}

/// The number of changes listed; more would hide the largest.
const MOST_DRIVERS: usize = 5;

impl<'a> Drivers<'a> {
    fn of(breakdown: &'a Breakdown, index: usize) -> Option<Self> {
        let lines = breakdown.lines.iter().filter_map(|line| {
            let part = line.parts.get(index)?;
            let before = part.before?;
            Some((line, part.amount, before, before.change.filter(|it| *it != 0)?))
        });
        let mut lines: Vec<_> = lines.collect();
        lines.sort_by_key(|(.., change)| std::cmp::Reverse(change.unsigned_abs()));
        lines.truncate(MOST_DRIVERS);
        (!lines.is_empty()).then_some(Self { lines })
    }

    fn draw(&self, report: &Page, breakdown: &Breakdown, metric: &MetricPart) -> Markup {
        let (by, name) = (&breakdown.by, &metric.name);
        let title = report.lang.pick(
            format!("What drove {name}, by {by}"),
            format!("{name} 变化的主要来源（按{by}）"),
        );
        html! {
            h3 { (title) }
            (scrolling(&title, &self.table(report, breakdown, &title, metric.before)))
        }
    }

    fn table(
        &self,
        report: &Page,
        breakdown: &Breakdown,
        title: &str,
        whole: Option<Before>,
    ) -> Markup {
        let lang = report.lang;
        let sizes = self.lines.iter().map(|(.., change)| change.saturating_abs());
        let largest = sizes.max().unwrap_or_default();
        let whole = whole.and_then(|before| before.change).unwrap_or_default();
        html! {
            table class="breakdown" {
                caption { (title) }
                (head(&[
                    (&columns(breakdown), Align::Text),
                    (lang.pick("previous", "上一周期"), Align::Number),
                    (lang.pick("current", "本周期"), Align::Number),
                    (lang.pick("change", "变化"), Align::Number),
                    ("%", Align::Number),
                    (lang.pick("share of change", "占总变化"), Align::Number),
                    (lang.pick("bar", "条形图"), Align::Picture),
                ]))
                tbody {
                    @for (line, now, before, change) in &self.lines {
                        tr {
                            (keys(line))
                            (compared(*before, *now, report))
                            td class="n" { (percent(*change, whole).unwrap_or_else(|| "–".to_owned())) }
                            td class="picture-cell" { (difference_bar(*change, largest)) }
                        }
                    }
                }
            }
        }
    }
}

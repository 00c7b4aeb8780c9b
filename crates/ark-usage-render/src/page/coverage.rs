//! The section on coverage: gaps, warnings, the request, and the program that made the page.

use maud::{Markup, html};

use super::cell::{Align, head, scrolling};
use super::{GapLine, Page};

/// Buckets counted, buckets missing with the reason, and warnings.
pub(super) fn coverage(report: &Page) -> Markup {
    let lang = report.lang;
    let coverage = &report.coverage;
    html! {
        p {
            @if coverage.complete && coverage.gaps.is_empty() {
                (lang.pick("All requested data was received.", "查询的数据全部返回。"))
            } @else {
                (lang.pick("Some requested data is missing; missing is not 0.",
                    "查询的数据没有全部返回；缺失并不等于 0。"))
            }
            " " (coverage.settle)
        }
        @if let Some(counted) = &coverage.counted { p { (counted) } }
        (scrolling(lang.pick("Buckets", "时间段"), &buckets(report)))
        @if !coverage.gaps.is_empty() {
            (scrolling(lang.pick("Missing data", "缺失部分"), &gaps(report)))
        }
        @if !report.warnings.is_empty() {
            h3 { (lang.pick("Warnings", "警告")) }
            ul class="warnings" { @for warning in &report.warnings { li { (warning) } } }
        }
    }
}

fn buckets(report: &Page) -> Markup {
    let lang = report.lang;
    html! {
        table {
            caption { (lang.pick("Buckets of each metric", "各指标的时间段数")) }
            (head(&[
                (lang.pick("metric", "指标"), Align::Text),
                (lang.pick("expected", "应有"), Align::Number),
                (lang.pick("received", "已返回"), Align::Number),
                (lang.pick("settling", "未定"), Align::Number),
            ]))
            tbody {
                @for metric in &report.metrics {
                    tr {
                        th scope="row" { (metric.name) }
                        td class="n" { (metric.buckets.wanted) }
                        td class="n" { (metric.buckets.received) }
                        td class="n" { (metric.buckets.settling) }
                    }
                }
            }
        }
    }
}

fn gaps(report: &Page) -> Markup {
    let lang = report.lang;
    html! {
        table class="gaps" {
            caption { (lang.pick("Missing data and reasons", "缺失部分及原因")) }
            (head(&[
                (lang.pick("from", "从"), Align::Text),
                (lang.pick("to (exclusive)", "到（不含）"), Align::Text),
                (lang.pick("of", "对象"), Align::Text),
                (lang.pick("metric", "指标"), Align::Text),
                (lang.pick("reason", "原因"), Align::Text),
            ]))
            tbody { @for line in &report.coverage.gaps { (gap(line)) } }
        }
    }
}

fn gap(gap: &GapLine) -> Markup {
    html! {
        tr {
            td { (gap.start) }
            td { (gap.end) }
            td { (gap.of) }
            td { (gap.metric) }
            td class="why" { (gap.reason) }
        }
    }
}

/// The parts of the request.
pub(super) fn question(report: &Page) -> Markup {
    html! {
        dl {
            @for (name, value) in &report.question { div { dt { (name) } dd { (value) } } }
        }
        @for hint in &report.not_asked { p class="empty" { (hint) } }
    }
}

/// The program that made the page.
pub(super) fn foot(report: &Page) -> Markup {
    let lang = report.lang;
    html! {
        footer {
            p {
                "ark-usage " (report.version) " · "
                (lang.pick("numbers are exact; \"–\" means missing, not 0",
                    "数字为精确值；“–”表示缺失，并不是 0"))
            }
        }
    }
}

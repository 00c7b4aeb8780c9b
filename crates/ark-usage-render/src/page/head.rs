//! The top of the page: the request, whether the data is complete, and the totals.

use ark_usage_model::State;
use maud::{Markup, html};

use super::cell::{badge, change_percent, signed};
use super::{MetricPart, Page, Section, costs};
use crate::svg::{TONES, spark_bars};
use ark_usage_report::Lang;
use ark_usage_report::chart_data::{grouped, short};

/// The title, the request, and a warning where data is missing or made up.
pub(super) fn head(report: &Page, sections: &[Section]) -> Markup {
    let lang = report.lang;
    html! {
        header {
            p class="brand" {
                "ark-usage"
                @if report.demo { " " span class="badge demo" { (lang.pick("demo: made-up numbers", "演示：虚构数据")) } }
            }
            h1 { (report.title) }
            p class="lead" { (report.lead) }
            p class="sentence" { (report.sentence) }
            p class="when" {
                (lang.pick("Generated at ", "生成于 ")) time datetime=(report.generated_at) { (report.generated_at) }
            }
            @if let Some(text) = caution(report) {
                p class="caution" role="note" { (text) " " a href="#coverage" { (lang.pick("Missing data", "查看缺失部分")) } }
            }
            nav aria-label=(lang.pick("Sections", "章节")) {
                @for section in sections {
                    a href={ "#" (section.id) } { (section.title) }
                }
            }
        }
    }
}

/// Notes to read before any number.
fn caution(report: &Page) -> Option<&'static str> {
    let lang = report.lang;
    let missing = report.metrics.iter().any(|metric| metric.total.state == State::Missing);
    if report.coverage.failed {
        return Some(lang.pick(
            "Partial: some calls failed, so totals are too low.",
            "部分结果：有请求失败，合计小于实际总量。",
        ));
    }
    (missing || !report.coverage.complete).then(|| {
        lang.pick(
            "Some data is missing, so totals may be too low.",
            "有数据未返回，合计可能小于实际总量。",
        )
    })
}

/// A card for each metric.
pub(super) fn totals(report: &Page) -> Markup {
    let lang = report.lang;
    html! {
        @if report.metrics.is_empty() {
            p class="empty" { (lang.pick("No data was received for this query.", "此查询没有返回任何数据。")) }
        }
        div class="cards" {
            @for (index, metric) in report.metrics.iter().enumerate() {
                (card(metric, index % TONES, lang))
            }
            @if let Some(costs) = &report.costs { (costs::card(costs, lang)) }
        }
    }
}

fn card(metric: &MetricPart, tone: usize, lang: Lang) -> Markup {
    let buckets = metric.buckets;
    let history: Vec<_> = metric.trend.iter().map(|point| point.amount).collect();
    html! {
        article class="card" {
            h3 {
                (metric.name)
                @if let Some(meaning) = metric.meaning { span class="meaning" { (meaning) } }
            }
            p class="big" {
                @match metric.total.value {
                    Some(value) => data value=(value) data-total=(metric.name) data-state=(metric.total.state.name())
                        title=(grouped(value)) { (grouped(value)) },
                    None => span class="none" data-total=(metric.name) data-state=(metric.total.state.name()) { "–" },
                }
            }
            p class="about" {
                (badge(metric.total.state, lang))
                @if let Some(value) = metric.total.value.filter(|value| value.unsigned_abs() >= 10_000) {
                    span { "≈ " (short(value, lang)) }
                }
                span {
                    @if buckets.received == buckets.wanted {
                        (lang.pick("complete", "数据完整"))
                    } @else {
                        (lang.pick(
                            format!("{} of {} values received", buckets.received, buckets.wanted),
                            format!("{} 个值，已返回 {} 个", buckets.wanted, buckets.received),
                        ))
                    }
                    @if buckets.settling > 0 {
                        (lang.pick(
                            format!("; {} of {} values may still change", buckets.settling, buckets.wanted),
                            format!("；{} 个值中有 {} 个未定", buckets.wanted, buckets.settling),
                        ))
                    }
                }
            }
            @if let Some(before) = metric.before {
                p class="delta" {
                    @match before.change {
                        Some(change) => {
                            strong { (change_percent(Some(change), before.amount.value)) }
                            " (" (signed(change)) ") " (lang.pick("compared with the previous range", "较上一周期"))
                        }
                        None => (lang.pick("previous range unknown", "上一周期的数据未知")),
                    }
                }
            }
            (spark_bars(&history, tone))
        }
    }
}

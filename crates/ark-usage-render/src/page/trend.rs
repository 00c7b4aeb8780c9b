//! Every metric over time, and the table of the same numbers.

use maud::{Markup, html};

use super::cell::{legend, number, scrolling, signs};
use super::{MetricPart, Page};
use crate::svg::{Size, TONES, Trend};
use ark_usage_model::State;
use ark_usage_report::chart_data::{Amount, grouped};
use ark_usage_report::view::state_name;

/// A picture for each metric, then one table.
pub(super) fn trend(report: &Page) -> Markup {
    let lang = report.lang;
    html! {
        @for (index, metric) in pictured(report).iter().enumerate() {
            figure {
                figcaption { (picture_title(metric, report)) }
                @for size in [Size::Wide, Size::Narrow] {
                    (Trend {
                        id: &format!("trend-{index}-{}", size.class()),
                        title: &picture_title(metric, report),
                        description: &description(metric, report),
                        points: &metric.trend,
                        tone: index % TONES,
                        size,
                        lang,
                    }.draw())
                }
                (legend(metric.trend.iter().map(|point| point.amount), index % TONES, lang))
            }
        }
        @if let Some(left_out) = left_out(report) { p { (left_out) } }
        @if !report.metrics.is_empty() {
            (scrolling(lang.pick("Data of the trend", "趋势数据"), &table(report)))
            (signs(report.metrics.iter().flat_map(|it| &it.trend).map(|point| point.amount), lang))
        }
    }
}

/// The most metrics that are drawn: a picture takes kilobytes, and nobody looks at thousands.
const MOST_PICTURES: usize = 100;

/// The metrics that are drawn.
pub(super) fn pictured(report: &Page) -> &[MetricPart] {
    report.metrics.get(..MOST_PICTURES).unwrap_or(&report.metrics)
}

/// A note that others are not drawn.
pub(super) fn left_out(report: &Page) -> Option<String> {
    let all = report.metrics.len();
    (all > MOST_PICTURES).then(|| {
        report.lang.pick(
            format!("The first {MOST_PICTURES} of {all} metrics are drawn."),
            format!("共 {all} 个指标，只画出前 {MOST_PICTURES} 个。"),
        )
    })
}

/// `PromptTokens by day`
pub(super) fn picture_title(metric: &MetricPart, report: &Page) -> String {
    let (name, bucket) = (&metric.name, &report.bucket);
    report.lang.pick(format!("{name} by {bucket}"), format!("{name}（按{bucket}）"))
}

/// The picture in words, for those who do not see it.
pub(super) fn description(metric: &MetricPart, report: &Page) -> String {
    let lang = report.lang;
    let (Some(first), Some(last)) = (metric.trend.first(), metric.trend.last()) else {
        return lang.pick("No data.", "没有数据。").to_owned();
    };
    let most = metric.trend.iter().filter(|point| point.amount.value.is_some());
    let most = most.max_by_key(|point| point.amount.value);
    let most = most.map(|point| {
        let value = grouped(point.amount.value.unwrap_or_default());
        lang.pick(
            format!(" Maximum: {value}, at {}.", point.label),
            format!("最大值为 {value}，在 {}。", point.label),
        )
    });
    let count = |state: State| {
        let count = metric.trend.iter().filter(|point| point.amount.state == state).count();
        let name = state_name(state, lang);
        let text = lang.pick(format!(" {count} {name}."), format!("{count} 个{name}。"));
        (count > 0).then_some(text)
    };
    let (from, to, all) = (&first.label, &last.label, metric.trend.len());
    let bucket = &report.bucket;
    let span = lang.pick(
        format!("{} by {bucket}, {from} to {to}: {all} values.", metric.name),
        format!("{}，按{bucket}，{from} 至 {to}，共 {all} 个值。", metric.name),
    );
    let parts = [most, count(State::Settling), count(State::Missing)];
    span + &parts.into_iter().flatten().collect::<String>()
}

fn table(report: &Page) -> Markup {
    let lang = report.lang;
    let rows = report.metrics.iter().map(|metric| metric.trend.len()).max().unwrap_or_default();
    let nothing = Amount { value: None, state: State::Missing };
    html! {
        table {
            caption { (lang.pick("Data of the charts above", "上图的数据")) }
            thead {
                tr {
                    th scope="col" { (report.bucket) }
                    @for metric in &report.metrics { th scope="col" class="n" { (metric.name) } }
                }
            }
            tbody {
                @for row in 0..rows {
                    @let label = report.metrics.iter().find_map(|metric| metric.trend.get(row));
                    tr data-start=[label.map(|point| point.start)] {
                        th scope="row" { (label.map_or("", |point| point.label.as_str())) }
                        @for metric in &report.metrics {
                            @let amount = metric.trend.get(row).map_or(nothing, |point| point.amount);
                            td class="n" data-bucket=(metric.name) data-state=(amount.state.name()) { (number(amount, lang)) }
                        }
                    }
                }
            }
            tfoot {
                tr {
                    th scope="row" { (lang.pick("total", "合计")) }
                    @for metric in &report.metrics {
                        td class="n" { (number(metric.total, lang)) }
                    }
                }
            }
        }
    }
}

//! `ark-usage report`: one page that needs nothing else, and its trend alone.
//!
//! A [`Report`] holds what is shown, in the order in which it is shown; each section is a file.

mod breakdown;
mod cell;
mod comparison;
mod coverage;
mod head;
mod picture;
mod style;
mod trend;
mod week;

use ark_usage_model::Buckets;
use maud::{DOCTYPE, Markup, PreEscaped, html};

pub use self::picture::trend_picture;
use crate::svg::Point;
use ark_usage_report::Lang;
use ark_usage_report::chart_data::{Amount, WeekGrid};

/// Everything the page says.
#[derive(Clone, Debug)]
pub struct Report {
    /// The language of the page.
    pub lang: Lang,
    /// The title.
    pub title: String,
    /// The question in one sentence.
    pub sentence: String,
    /// The question part by part: what, and its value.
    pub question: Vec<(String, String)>,
    /// The numbers are made up.
    pub demo: bool,
    /// RFC 3339.
    pub generated_at: String,
    /// The version of the program that made the page.
    pub version: &'static str,
    /// What a bucket is called: day, hour.
    pub bucket: String,
    /// A section for each metric.
    pub metrics: Vec<MetricPart>,
    /// A table for each dimension usage is split by.
    pub breakdowns: Vec<Breakdown>,
    /// The range before, when it was asked: its first and last bucket.
    pub before: Option<String>,
    /// What was received, and what is missing.
    pub coverage: CoveragePart,
    /// Warnings.
    pub warnings: Vec<String>,
    /// What the page could hold besides, had it been asked.
    pub not_asked: Vec<String>,
}

/// One metric, whole and over time.
#[derive(Clone, Debug)]
pub struct MetricPart {
    /// The metric.
    pub name: String,
    /// Its total.
    pub total: Amount,
    /// The number of buckets, and how many were received.
    pub buckets: Buckets,
    /// The previous range, where one was requested.
    pub before: Option<Before>,
    /// Its buckets, in order.
    pub trend: Vec<Point>,
    /// Hours of the week, when the question was by the hour.
    pub week: Option<WeekGrid>,
}

/// The same in the range before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// The sum.
    pub amount: Amount,
    /// What is more now; `None` when either did not come.
    pub change: Option<i128>,
}

/// All of it, by one thing it can be split by.
#[derive(Clone, Debug)]
pub struct Breakdown {
    /// What it is split by, as it stands in "by …".
    pub by: String,
    /// The columns that name a line.
    pub columns: Vec<String>,
    /// The lines, largest first.
    pub lines: Vec<BreakdownLine>,
}

/// One line of a breakdown.
#[derive(Clone, Debug)]
pub struct BreakdownLine {
    /// A value for each column that names it.
    pub keys: Vec<String>,
    /// A part for each of the report's metrics, in their order.
    pub parts: Vec<Part>,
}

/// One metric of a line.
#[derive(Clone, Debug)]
pub struct Part {
    /// The sum.
    pub amount: Amount,
    /// Its buckets, in order.
    pub history: Vec<Amount>,
    /// The previous range, where one was requested.
    pub before: Option<Before>,
}

/// What came and what did not.
#[derive(Clone, Debug)]
pub struct CoveragePart {
    /// Every call was answered.
    pub complete: bool,
    /// Some call failed, so that totals may be too small.
    pub failed: bool,
    /// Everything that is missing.
    pub gaps: Vec<GapLine>,
    /// Which projects were counted, where that is not obvious.
    pub counted: Option<String>,
    /// How long a number may still change.
    pub settle: String,
}

/// Buckets that did not come.
#[derive(Clone, Debug)]
pub struct GapLine {
    /// Of which project, endpoint, profile.
    pub of: String,
    /// The metric, or all of them.
    pub metric: String,
    /// The first bucket.
    pub start: String,
    /// The end of the last bucket.
    pub end: String,
    /// The reason it is missing.
    pub reason: String,
}

/// The page.
pub fn page(report: &Report) -> String {
    let lang = report.lang;
    let sections = sections(report);
    let markup = html! {
        (DOCTYPE)
        html lang=(lang.pick("en", "zh-CN")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content={ "ark-usage " (report.version) };
                title { (report.title) }
                style { (PreEscaped(style::page_style())) }
            }
            body {
                (head::head(report, &sections))
                main {
                    @for section in &sections {
                        section id=(section.id) aria-labelledby={ (section.id) "-h" } {
                            h2 id={ (section.id) "-h" } { (section.title) }
                            (section.body)
                        }
                    }
                }
                (coverage::foot(report))
            }
        }
    };
    markup.into_string()
}

/// A part of the page that can be jumped to.
struct Section {
    id: String,
    title: String,
    body: Markup,
}

fn sections(report: &Report) -> Vec<Section> {
    let lang = report.lang;
    let mut sections = vec![
        section("totals", lang.pick("Totals", "合计"), head::totals(report)),
        section("trend", lang.pick("Trend", "趋势"), trend::trend(report)),
    ];
    for (index, breakdown) in report.breakdowns.iter().enumerate() {
        let title = lang.pick(format!("By {}", breakdown.by), format!("按{}", breakdown.by));
        let body = breakdown::breakdown(report, breakdown);
        sections.push(section(&format!("by-{index}"), &title, body));
    }
    if report.metrics.iter().any(|metric| metric.week.is_some()) {
        let title = lang.pick("Hours of the week", "一周各小时");
        sections.push(section("week", title, week::week(report)));
    }
    if let Some(before) = &report.before {
        let title = lang.pick("Compared with the period before", "与上一周期相比");
        sections.push(section("before", title, comparison::comparison(report, before)));
    }
    let coverage = lang.pick("Coverage", "覆盖情况");
    sections.push(section("coverage", coverage, coverage::coverage(report)));
    sections.push(section(
        "question",
        lang.pick("Question", "查询条件"),
        coverage::question(report),
    ));
    sections
}

fn section(id: &str, title: &str, body: Markup) -> Section {
    Section { id: id.to_owned(), title: title.to_owned(), body }
}

#[cfg(test)]
mod tests;

//! `ark-usage report`: one page that needs nothing else, and its trend alone.
//!
//! A [`Page`] holds what is shown, in the order in which it is shown; each section is a file.

mod breakdown;
mod build;
mod cell;
mod comparison;
mod costs;
mod coverage;
mod head;
mod picture;
mod style;
mod trend;
mod week;

use ark_usage_model::{Buckets, State};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::svg::Point;
use crate::{QueryEcho, harmless};
use ark_usage_report::chart_data::{Amount, WeekGrid};
use ark_usage_report::prices::Cost;
use ark_usage_report::view::ViewSpec;
use ark_usage_report::{Lang, UsageData};

/// A page: everything it shows, in the order in which it is shown.
#[derive(Clone, Debug)]
pub struct Page {
    /// The language of the page.
    pub(crate) lang: Lang,
    /// The title.
    pub(crate) title: String,
    /// The result in one sentence.
    pub(crate) lead: String,
    /// The request in one sentence.
    pub(crate) sentence: String,
    /// The parts of the request: names and values.
    pub(crate) question: Vec<(String, String)>,
    /// The numbers are made up.
    pub(crate) demo: bool,
    /// RFC 3339.
    pub(crate) generated_at: String,
    /// The version of the program that made the page.
    pub(crate) version: &'static str,
    /// The name of a bucket: day, hour.
    pub(crate) bucket: String,
    /// A section for each metric.
    pub(crate) metrics: Vec<MetricPart>,
    /// The cost of all of it, where prices were given.
    pub(crate) costs: Option<CostPart>,
    /// A table for each dimension usage is split by.
    pub(crate) breakdowns: Vec<Breakdown>,
    /// The first and the last bucket of the previous range, where one was requested.
    pub(crate) before: Option<String>,
    /// The coverage: what was received, and what is missing.
    pub(crate) coverage: CoveragePart,
    /// Warnings.
    pub(crate) warnings: Vec<String>,
    /// Sections that the page could have and has not.
    pub(crate) not_asked: Vec<String>,
}

/// One metric: its total, and its values over time.
#[derive(Clone, Debug)]
pub(crate) struct MetricPart {
    /// The metric.
    pub(crate) name: String,
    /// Its meaning in words, where it is known.
    pub(crate) meaning: Option<&'static str>,
    /// Its total.
    pub(crate) total: Amount,
    /// The number of buckets, and how many were received.
    pub(crate) buckets: Buckets,
    /// The previous range, where one was requested.
    pub(crate) before: Option<Before>,
    /// Its buckets, in order.
    pub(crate) trend: Vec<Point>,
    /// Hours of the week, when data is hourly; boxed, because each is some kilobytes.
    pub(crate) week: Option<Box<WeekGrid>>,
}

/// The cost of everything by prices that were given.
#[derive(Clone, Debug)]
pub(crate) struct CostPart {
    /// The sum of each currency.
    pub(crate) total: Cost,
    /// The worst state of what is in it.
    pub(crate) state: State,
}

/// The same in the previous range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Before {
    /// The sum.
    pub(crate) amount: Amount,
    /// The change; `None` when either is missing.
    pub(crate) change: Option<i128>,
}

/// All usage, split by one dimension.
#[derive(Clone, Debug)]
pub(crate) struct Breakdown {
    /// The dimension it is split by, as in "by …".
    pub(crate) by: String,
    /// The columns that name a line.
    pub(crate) columns: Vec<String>,
    /// The lines, largest first.
    pub(crate) lines: Vec<BreakdownLine>,
}

/// One line of a breakdown.
#[derive(Clone, Debug)]
pub(crate) struct BreakdownLine {
    /// A value for each column that names it.
    pub(crate) keys: Vec<String>,
    /// A part for each of the report's metrics, in their order.
    pub(crate) parts: Vec<BreakdownPart>,
    /// The cost of all of them, where prices were given.
    pub(crate) cost: Option<Cost>,
}

/// One metric of a line.
#[derive(Clone, Debug)]
pub(crate) struct BreakdownPart {
    /// The sum.
    pub(crate) amount: Amount,
    /// Its buckets, in order.
    pub(crate) history: Vec<Amount>,
    /// The previous range, where one was requested.
    pub(crate) before: Option<Before>,
}

/// The coverage of a page.
#[derive(Clone, Debug)]
pub(crate) struct CoveragePart {
    /// Every call was answered.
    pub(crate) complete: bool,
    /// Some call failed, so that totals may be too small.
    pub(crate) failed: bool,
    /// Everything that is missing.
    pub(crate) gaps: Vec<GapLine>,
    /// A note on the projects counted, where that is not obvious.
    pub(crate) counted: Option<String>,
    /// A note on how long numbers may still change.
    pub(crate) settle: String,
}

/// Buckets that are missing.
#[derive(Clone, Debug)]
pub(crate) struct GapLine {
    /// The project, endpoint and profile.
    pub(crate) of: String,
    /// The metric, or all of them.
    pub(crate) metric: String,
    /// The first bucket.
    pub(crate) start: String,
    /// The end of the last bucket.
    pub(crate) end: String,
    /// The reason it is missing.
    pub(crate) reason: String,
}

/// The request a page answers, and how it is shown.
#[derive(Clone, Copy, Debug)]
pub struct PageOptions<'a> {
    /// The dimensions usage is split by, labels, and whether the previous range is compared.
    pub spec: &'a ViewSpec,
    /// The request, as the page repeats it.
    pub query: QueryEcho<'a>,
    /// Names of the profiles usage was fetched with.
    pub profiles: &'a [String],
    /// The title; one in the language of the page when none is given.
    pub title: Option<&'a str>,
    /// The language of the page.
    pub lang: Lang,
    /// The current time, unix seconds: younger buckets are still settling.
    pub generated_at: i64,
}

impl Page {
    /// Builds the page of some usage.
    pub fn new(data: &UsageData, options: &PageOptions<'_>) -> Self {
        build::page(data, options)
    }

    /// Returns the page as one HTML file that needs nothing else.
    pub fn html(&self) -> String {
        page(self)
    }

    /// Returns the trend of the page alone, as an SVG picture.
    pub fn trend_svg(&self) -> String {
        picture::trend_picture(self)
    }
}

/// The page as HTML.
fn page(report: &Page) -> String {
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
    harmless::markup(markup.into_string())
}

/// A section of the page with an anchor to link to.
struct Section {
    id: String,
    title: String,
    body: Markup,
}

fn sections(report: &Page) -> Vec<Section> {
    let lang = report.lang;
    let mut sections = vec![
        section("totals", lang.pick("Totals", "合计"), head::totals(report)),
        section("trend", lang.pick("Trend", "趋势"), trend::trend(report)),
    ];
    for (index, breakdown) in report.breakdowns.iter().enumerate() {
        let title = lang.pick(format!("By {}", breakdown.by), format!("按{}", breakdown.by));
        let numbers = breakdown::breakdown(report, breakdown);
        let body = html! { (numbers) (costs::breakdown(report, breakdown)) };
        sections.push(section(&format!("by-{index}"), &title, body));
    }
    if report.metrics.iter().any(|metric| metric.week.is_some()) {
        let title = lang.pick("Hours of the week", "一周各小时");
        sections.push(section("week", title, week::week(report)));
    }
    if let Some(before) = &report.before {
        let title = lang.pick("Compared with the previous range", "与上一周期相比");
        sections.push(section("before", title, comparison::comparison(report, before)));
    }
    let coverage = lang.pick("Coverage", "覆盖情况");
    sections.push(section("coverage", coverage, coverage::coverage(report)));
    sections.push(section("question", lang.pick("Query", "查询条件"), coverage::question(report)));
    sections
}

fn section(id: &str, title: &str, body: Markup) -> Section {
    Section { id: id.to_owned(), title: title.to_owned(), body }
}

#[cfg(test)]
mod tests;

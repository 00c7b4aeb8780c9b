//! Output formats, one file each. A renderer takes an [`Answer`] and gives bytes.

mod budget;
pub mod chart;
mod csv;
mod focus;
mod grid;
mod json;
mod lines;
mod ndjson;
mod openmetrics;
pub mod page;
mod pretty_json;
mod raw;
mod reconcile;
mod row;
mod row_format;
mod screen;
pub mod status_line;
mod svg;
mod table;

use ark_usage_model::UsageReport;
use serde::Serialize;

use ark_usage_report::ReportError;
use ark_usage_report::Text;
use ark_usage_report::range::Range;
use ark_usage_report::text;
use ark_usage_report::view::{Facts, Fields, View};

pub use ark_usage_report::view::{interval_name, metric_order as in_order, state_name};
pub use budget::{Budget, Judged, json as budget_json, table as budget_table};
pub use csv::{csv, csv_header};
pub use focus::{focus, focus_header};
pub use json::json;
pub use lines::Lines;
pub use ndjson::ndjson;
pub use openmetrics::{costs_in_part, openmetrics, settled};
pub use pretty_json::pretty_json;
pub use raw::{RawCall, raw};
pub use reconcile::{Reconciliation, json as reconciliation_json, table as reconciliation_table};
pub use row_format::RowFormat;
pub use screen::Screen;
pub use table::{Layout, Shape, markdown, table};

/// Everything a renderer may show: the question, the answer, and when it was given.
#[derive(Debug)]
pub struct Answer<'a> {
    /// The usage, with its coverage.
    pub report: &'a UsageReport,
    /// The rows and totals to show.
    pub view: &'a View,
    /// The keys rows are shown with, when not all of them.
    pub fields: Option<&'a Fields>,
    /// What is known beside the numbers.
    pub facts: Facts<'a>,
    /// The range, with its time zone.
    pub range: &'a Range,
    /// The request, as documents repeat it.
    pub query: QueryEcho<'a>,
    /// Wall clock when the answer was complete, unix seconds.
    pub generated_at: i64,
    /// Code and prose: the report's warnings and those of the command itself.
    pub warnings: &'a [(&'static str, Text)],
}

/// The question as it was asked.
#[derive(Clone, Copy, Debug)]
pub struct QueryEcho<'a> {
    /// The action.
    pub api: &'a str,
    /// The usage that was requested.
    pub scope: QueryScope<'a>,
    /// Days begin within hours, which are not taken apart.
    pub approximate_days: bool,
}

/// The usage that was requested, as documents repeat it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct QueryScope<'a> {
    /// Projects by name.
    pub projects: &'a [String],
    /// Every project that the keys may see; with no names either, only the default one is counted.
    pub all_projects: bool,
    /// Inference endpoints by id.
    pub endpoint_ids: &'a [String],
    /// Each endpoint by itself.
    pub all_endpoints: bool,
    /// Scenes by name.
    pub scenes: &'a [String],
    /// One batch inference job.
    pub batch_job_id: Option<&'a str>,
    /// The data is made up.
    pub demo: bool,
}

impl QueryScope<'_> {
    /// Returns whether only the default project is counted.
    pub fn is_default_project_only(&self) -> bool {
        self.projects.is_empty() && !self.all_projects
    }
}

/// JSON with a line's end; what serde could not write is a fault of this program.
pub fn serialized<T: Serialize>(value: &T, pretty: bool) -> Result<Vec<u8>, ReportError> {
    let bytes = if pretty { serde_json::to_vec_pretty(value) } else { serde_json::to_vec(value) };
    let mut bytes = bytes.map_err(unwritable)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// What serde could not write is a fault of this program.
fn unwritable(error: serde_json::Error) -> ReportError {
    ReportError::output(text!("the answer could not be written as JSON", "结果无法写成 JSON"))
        .with_source(error)
}

//! Output formats, one file each. A renderer takes an [`Answer`] and gives bytes.

mod budget;
pub(crate) mod chart;
mod csv;
mod focus;
mod grid;
mod http_text;
mod json;
mod lines;
mod ndjson;
mod openmetrics;
mod pretty_json;
mod raw;
mod reconcile;
pub(crate) mod report;
mod row;
pub(crate) mod signed;
pub(crate) mod svg;
mod table;

use ark_usage_model::UsageReport;
use serde::Serialize;

use crate::error::CliError;
use crate::lang::Text;
use crate::range::Range;
use crate::text;
use crate::view::{Facts, Fields, View};

pub(crate) use crate::view::{interval_name, metric_order as in_order, state_name};
pub(crate) use budget::{Budget, Judged, json as budget_json, table as budget_table};
pub(crate) use csv::{csv, csv_header};
pub(crate) use focus::{focus, focus_header};
pub(crate) use http_text::http_text;
pub(crate) use json::json;
pub(crate) use lines::Lines;
pub(crate) use ndjson::ndjson;
pub(crate) use openmetrics::{costs_in_part, openmetrics, settled};
pub(crate) use pretty_json::pretty_json;
pub(crate) use raw::{RawCall, raw};
pub(crate) use reconcile::{
    Reconciliation, json as reconciliation_json, table as reconciliation_table,
};
pub(crate) use signed::SignedRequest;
pub(crate) use table::{Layout, Shape, markdown, table};

/// Everything a renderer may show: the question, the answer, and when it was given.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) report: &'a UsageReport,
    pub(crate) view: &'a View,
    /// The keys rows are shown with, when not all of them.
    pub(crate) fields: Option<&'a Fields>,
    /// What is known beside the numbers.
    pub(crate) facts: Facts<'a>,
    pub(crate) range: &'a Range,
    pub(crate) query: QueryEcho<'a>,
    /// Wall clock when the answer was complete, unix seconds.
    pub(crate) generated_at: i64,
    /// Code and prose: the report's warnings and those of the command itself.
    pub(crate) warnings: &'a [(&'static str, Text)],
}

/// The question as it was asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct QueryEcho<'a> {
    pub(crate) api: &'a str,
    pub(crate) about: AskedAbout<'a>,
    /// Days begin within hours, which are not taken apart.
    pub(crate) approximate_days: bool,
}

/// Whose usage was asked about, as documents repeat it.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct AskedAbout<'a> {
    pub(crate) projects: &'a [String],
    /// Every project that the keys may see; with no names either, only the default one is counted.
    pub(crate) all_projects: bool,
    pub(crate) endpoint_ids: &'a [String],
    /// Each endpoint by itself.
    pub(crate) all_endpoints: bool,
    pub(crate) scenes: &'a [String],
    pub(crate) batch_job_id: Option<&'a str>,
    pub(crate) demo: bool,
}

/// JSON with a line's end; what serde could not write is a fault of this program.
pub(crate) fn serialized<T: Serialize>(value: &T, pretty: bool) -> Result<Vec<u8>, CliError> {
    let bytes = if pretty { serde_json::to_vec_pretty(value) } else { serde_json::to_vec(value) };
    let mut bytes = bytes.map_err(unwritable)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// What serde could not write is a fault of this program.
fn unwritable(error: serde_json::Error) -> CliError {
    CliError::internal(text!("the answer could not be written as JSON", "结果无法写成 JSON"))
        .with_source(error)
}

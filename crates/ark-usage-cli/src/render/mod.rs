//! Output formats, one file each. A renderer takes an [`Answer`] and gives bytes.

mod csv;
mod http_text;
mod json;
mod ndjson;
mod pretty_json;
mod raw;
mod reconcile;
mod row;
pub(crate) mod signed;
mod table;

use std::collections::BTreeMap;

use ark_usage_model::list_endpoints::Endpoint;
use ark_usage_model::{Row, Total, UsageReport};

use crate::error::CliError;
use crate::range::Range;

pub(crate) use csv::{csv, csv_header};
pub(crate) use http_text::http_text;
pub(crate) use json::json;
pub(crate) use ndjson::ndjson;
pub(crate) use pretty_json::pretty_json;
pub(crate) use raw::{RawCall, raw};
pub(crate) use reconcile::{
    Reconciliation, json as reconciliation_json, table as reconciliation_table,
};
pub(crate) use row::RowContext;
pub(crate) use signed::SignedRequest;
pub(crate) use table::table;

/// Everything a renderer may show: the question, the answer, and when it was given.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) report: &'a UsageReport,
    pub(crate) rows: Vec<Row>,
    pub(crate) totals: Vec<Total>,
    /// What the service says about endpoints, by id, when it was asked.
    pub(crate) endpoints: &'a BTreeMap<String, Endpoint>,
    /// The profile of each account, where one was named.
    pub(crate) profiles: &'a [Option<String>],
    pub(crate) range: &'a Range,
    pub(crate) query: QueryEcho<'a>,
    /// Wall clock when the answer was complete, unix seconds.
    pub(crate) generated_at: i64,
    /// Code and prose: the report's warnings and those of the command itself.
    pub(crate) warnings: &'a [(&'static str, String)],
}

impl<'a> Answer<'a> {
    /// What it takes to write one of the rows.
    pub(crate) fn row_context(&self) -> RowContext<'a> {
        RowContext {
            range: self.range,
            endpoints: self.endpoints,
            targets: &self.report.targets,
            profiles: self.profiles,
        }
    }

    /// The endpoint a row is about, when the service was asked about it.
    fn endpoint(&self, row: &Row) -> Option<&'a Endpoint> {
        self.endpoints.get(row.endpoint_id.as_deref()?)
    }
}

/// The model an endpoint serves: `name/version`, or the id of a custom one.
fn model(endpoint: &Endpoint) -> Option<String> {
    let reference = endpoint.model_reference.as_ref()?;
    let Some(model) = &reference.foundation_model else { return reference.custom_model_id.clone() };
    match (&model.name, &model.model_version) {
        (Some(name), Some(version)) => Some(format!("{name}/{version}")),
        (name, version) => name.clone().or_else(|| version.clone()),
    }
}

/// The question as it was asked.
#[derive(Debug)]
pub(crate) struct QueryEcho<'a> {
    pub(crate) api: &'a str,
    pub(crate) projects: &'a [String],
    pub(crate) endpoint_ids: &'a [String],
    pub(crate) scenes: &'a [String],
    pub(crate) batch_job_id: Option<&'a str>,
    pub(crate) demo: bool,
}

/// JSON with a line's end; what serde could not write is a fault of this program.
pub(crate) fn serialized<T: serde::Serialize>(
    value: &T,
    pretty: bool,
) -> Result<Vec<u8>, CliError> {
    let bytes = if pretty { serde_json::to_vec_pretty(value) } else { serde_json::to_vec(value) };
    let mut bytes = bytes.map_err(|error| {
        CliError::internal("the answer could not be written as JSON").with_source(error)
    })?;
    bytes.push(b'\n');
    Ok(bytes)
}

//! Rows of a history in the columns of `get -f parquet`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ark_usage_model::{State, Tags};
use ark_usage_report::ReportError;

use super::{CellValue, parquet_columns};
use crate::document::unwritable;
use crate::history::KeptUsage;

/// The columns of tags that have one, by the names of the tags.
const COLUMNS_OF_TAGS: [(&str, &str); 7] = [
    ("scene", Tags::SCENE),
    ("batch_job_id", Tags::BATCH_JOB_ID),
    ("api_key_id", Tags::API_KEY_ID),
    ("model_version", Tags::MODEL_VERSION),
    ("billing_status", Tags::BILLING_STATUS),
    ("batch_type", Tags::BATCH_TYPE),
    ("model_unit_id", Tags::MODEL_UNIT_ID),
];

/// Tags that other columns hold.
const HELD_ELSEWHERE: [&str; 4] =
    [Tags::ACCOUNT_ID, Tags::PROJECT, Tags::ENDPOINT_ID, Tags::MODEL_NAME];

/// Names of a series of a history, as last seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptNames {
    /// The profile of the keys.
    pub profile: Option<String>,
    /// The name of the endpoint.
    pub endpoint_name: Option<String>,
    /// The model of the usage, else of the endpoint.
    pub model: Option<String>,
    /// The name of the API key.
    pub api_key_name: Option<String>,
    /// The tags that people gave the endpoint.
    pub endpoint_tags: BTreeMap<String, String>,
}

/// A series of a history: the cells that all its rows share.
#[derive(Clone, Debug)]
pub struct KeptSeries {
    cells: Vec<CellValue<'static>>,
    names: Vec<&'static str>,
}

/// A bucket of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptBucket {
    /// Start in unix seconds.
    pub start: i64,
    /// End, excluded.
    pub end: i64,
    /// The value.
    pub value: i64,
    /// Its state.
    pub state: State,
    /// The time it was received.
    pub fetched_at: i64,
}

impl KeptSeries {
    /// Returns the series of some usage.
    ///
    /// # Errors
    ///
    /// Tags that cannot be written, which is a fault of this crate.
    pub fn new(
        usage: &KeptUsage,
        tags: &BTreeMap<String, String>,
        metric: &str,
        names: &KeptNames,
    ) -> Result<Self, ReportError> {
        let has_column = |tag: &str| {
            HELD_ELSEWHERE.contains(&tag) || COLUMNS_OF_TAGS.iter().any(|(_, name)| *name == tag)
        };
        let others: BTreeMap<_, _> = tags.iter().filter(|(tag, _)| !has_column(tag)).collect();
        let columns: Vec<_> = parquet_columns().into_iter().map(|column| column.name).collect();
        let mut cells = Vec::with_capacity(columns.len());
        for name in &columns {
            cells.push(match *name {
                "api" => text(Some(&usage.api)),
                "profile" => text(names.profile.as_ref()),
                "account_id" => text(Some(&usage.account_id)),
                "project" => text(usage.project.as_ref()),
                "endpoint_id" => text(usage.endpoint_id.as_ref()),
                "endpoint_name" => text(names.endpoint_name.as_ref()),
                "model" => text(names.model.as_ref()),
                "api_key_name" => text(names.api_key_name.as_ref()),
                "endpoint_tags" => object(&names.endpoint_tags)?,
                "tags" => object(&others)?,
                "metric" => text(Some(&metric.to_owned())),
                name => {
                    let tag = COLUMNS_OF_TAGS.iter().find(|(column, _)| *column == name);
                    text(tag.and_then(|(_, tag)| tags.get(*tag)))
                }
            });
        }
        Ok(Self { cells, names: columns })
    }

    /// Returns the cells of a bucket, one for each [column](parquet_columns).
    pub fn row(&self, bucket: KeptBucket) -> impl Iterator<Item = CellValue<'_>> {
        self.names.iter().zip(&self.cells).map(move |(name, cell)| match *name {
            "start" => CellValue::Time(bucket.start),
            "end" => CellValue::Time(bucket.end),
            "value" => CellValue::Integer(bucket.value),
            "state" => CellValue::Text(Cow::Borrowed(bucket.state.name())),
            "fetched_at" => CellValue::Time(bucket.fetched_at),
            _ => match cell {
                CellValue::Text(text) => CellValue::Text(Cow::Borrowed(text)),
                cell => cell.clone(),
            },
        })
    }
}

fn text(text: Option<&String>) -> CellValue<'static> {
    text.map_or(CellValue::Null, |text| CellValue::Text(Cow::Owned(text.clone())))
}

fn object<K: serde::Serialize, V: serde::Serialize>(
    map: &BTreeMap<K, V>,
) -> Result<CellValue<'static>, ReportError> {
    if map.is_empty() {
        return Ok(CellValue::Null);
    }
    Ok(CellValue::Text(serde_json::to_string(map).map_err(unwritable)?.into()))
}

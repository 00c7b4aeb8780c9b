//! The table of a response as it was written, for those who study its spelling.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;
use volc_openapi::{Action, Answer, BaseUrl, RequestError, ResponseError, read_answer};

use super::GetInferenceUsage;
use super::columns;
use crate::number::Integer;

/// `GetInferenceUsage`, with the table of its response as it was written.
///
/// ```
/// use ark_usage_model::get_inference_usage::{RawCell, RawTableQuery};
/// use volc_openapi::Action;
///
/// let body = r#"{"ResponseMetadata":{},"Result":{"Fields":["Day","ReqCnt"],"Rows":[["2026-07-11",5]]}}"#;
/// let table = RawTableQuery::from_http(&http::Response::new(body))?.result;
/// assert_eq!(table.columns, ["Day", "ReqCnt"]);
/// assert_eq!(table.cell(&table.rows[0], "ReqCnt"), Some(&RawCell::Number("5".to_owned())));
/// # Ok::<(), volc_openapi::ResponseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "it is the request and nothing else")]
pub struct RawTableQuery(pub GetInferenceUsage);

/// A table as it was written, in any of the spellings that are accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawTable {
    /// The names of columns.
    pub columns: Vec<String>,
    /// The cells of rows, in the order of columns.
    pub rows: Vec<Vec<RawCell>>,
}

/// A cell as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RawCell {
    /// Nothing, or null.
    #[default]
    Null,
    /// A number, by its digits.
    Number(String),
    /// A text.
    Text(String),
    /// Something else.
    Other,
}

impl RawCell {
    /// Returns its text, that of a number too; `None` when it is empty.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Number(text) | Self::Text(text) => Some(text.trim()).filter(|it| !it.is_empty()),
            Self::Null | Self::Other => None,
        }
    }

    /// Returns it as an integer.
    pub fn integer(&self) -> Option<i64> {
        self.text().and_then(|text| Integer::of_text(text).exact())
    }
}

impl RawTable {
    /// Returns the cell of a row in a column, whose name may have other letters.
    pub fn cell<'r>(&self, row: &'r [RawCell], column: &str) -> Option<&'r RawCell> {
        let place = self.columns.iter().position(|name| name.eq_ignore_ascii_case(column))?;
        row.get(place)
    }

    fn read(result: &RawValue) -> Option<Self> {
        let parts: BTreeMap<String, &RawValue> = serde_json::from_str(result.get()).ok()?;
        let part = |names: [&str; 3]| names.into_iter().find_map(|name| parts.get(name));
        let columns = part(["Fields", "fields", "Columns"]).map(|list| columns::read(list));
        let columns = columns.transpose().ok()?.unwrap_or_default();
        let mut table = Self {
            columns: columns.into_iter().map(|column| column.name).collect(),
            rows: Vec::new(),
        };
        let rows = ["Data", "data", "Rows", "rows"].into_iter().find_map(|name| parts.get(name));
        if let Some(rows) = rows {
            let rows: Option<Vec<Value>> = serde_json::from_str(rows.get()).ok()?;
            table.rows = rows.unwrap_or_default().into_iter().map(|row| table.row(row)).collect();
        }
        Some(table)
    }

    fn row(&self, row: Value) -> Vec<RawCell> {
        let list = |cells: Vec<Value>| cells.into_iter().map(RawCell::from).collect();
        match row {
            Value::Array(cells) => list(cells),
            Value::Object(mut members) => {
                if let Some(Value::Array(cells)) = members.remove("Values") {
                    return list(cells);
                }
                let mut cell = |name: &String| members.remove(name).map(RawCell::from);
                self.columns.iter().map(|name| cell(name).unwrap_or_default()).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl From<Value> for RawCell {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Number(number) => Self::Number(number.to_string()),
            Value::String(text) => Self::Text(text),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => Self::Other,
        }
    }
}

impl Action for RawTableQuery {
    type Response = RawTable;
    const NAME: &'static str = GetInferenceUsage::NAME;
    const VERSION: &'static str = GetInferenceUsage::VERSION;
    const SERVICE: &'static str = GetInferenceUsage::SERVICE;
    const METHOD: http::Method = GetInferenceUsage::METHOD;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        self.0.to_http(base_url)
    }

    /// A result that is no table has no columns and no rows.
    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<RawTable>, ResponseError> {
        let Answer { metadata, result } = read_answer::<Box<RawValue>, B>(response)?;
        Ok(Answer { metadata, result: RawTable::read(&result).unwrap_or_default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(result: &str) -> RawTable {
        let body = format!(r#"{{"ResponseMetadata":{{}},"Result":{result}}}"#);
        RawTableQuery::from_http(&http::Response::new(body)).unwrap().result
    }

    #[test]
    fn every_spelling_of_a_table_is_read() {
        let text = |text: &str| RawCell::Text(text.to_owned());
        let expected = [vec![text("2026-07-11"), RawCell::Number("5".to_owned()), RawCell::Null]];
        for result in [
            r#"{"Fields":["Day","ReqCnt","ApikeyID"],"Data":[["2026-07-11",5,null]]}"#,
            r#"{"Fields":[{"Name":"Day"},{"Name":"ReqCnt"},{"Name":"ApikeyID"}],"Rows":[{"Values":["2026-07-11",5,null]}]}"#,
            r#"{"Rows":[{"Day":"2026-07-11","ReqCnt":5}],"Fields":[{"FieldName":"Day"},{"FieldName":"ReqCnt"},{"name":"ApikeyID"}]}"#,
        ] {
            let table = table(result);
            assert_eq!(table.rows, expected, "{result}");
            let row = &table.rows[0];
            assert_eq!(table.cell(row, "reqcnt").and_then(RawCell::integer), Some(5));
            assert_eq!(table.cell(row, "ApikeyID").and_then(RawCell::text), None);
            assert_eq!(table.cell(row, "Other"), None);
        }
    }

    #[test]
    fn what_is_no_table_is_empty() {
        for result in ["null", "[]", "5", r#"{"DataCount":3}"#, r#"{"Fields":5,"Data":[]}"#] {
            assert_eq!(table(result), RawTable::default(), "{result}");
        }
        assert_eq!(
            table(r#"{"Fields":["Day"],"Data":[7,{"Other":1}]}"#).rows,
            [vec![], vec![RawCell::Null]]
        );
    }
}

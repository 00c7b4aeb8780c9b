//! Output formats, one file each. A renderer takes an [`Answer`] and gives bytes.

mod answer;
mod budget;
pub mod chart;
mod csv;
mod document;
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

pub use answer::{Answer, QueryEcho, QueryScope};
pub use budget::{Budget, Judged, json as budget_json, table as budget_table};
pub use csv::{csv, csv_header};
pub use document::serialized;
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

//! Output formats for the token usage of Volcengine Ark: tables, Markdown, JSON, NDJSON, CSV, OpenMetrics,
//! Prometheus, FOCUS, charts for terminals, SVG pictures and HTML pages; texts for people in English or in Chinese.
//!
//! Every format is a function from the values of [`ark_usage_report`] to bytes or text. Nothing is written
//! anywhere, and nothing is read: width and colours of a terminal are a [`Screen`], the language is an
//! argument.
//!
//! # Example
//!
//! Usage by endpoint, as CSV and as a page:
//!
//! ```
//! use std::time::Duration;
//!
//! use ark_usage_model::{AccountId, Now, QueryOptions, Step, Target, UsageQuery};
//! use ark_usage_render::page::{Page, PageOptions};
//! use ark_usage_render::{QueryEcho, QueryScope, RowFormat};
//! use ark_usage_report::range::{RangeInput, RangeSpec, parse_zone, resolve};
//! use ark_usage_report::view::{View, ViewOptions, ViewSpec};
//! use ark_usage_report::{Lang, UsageData};
//!
//! let zone = parse_zone("Asia/Shanghai")?;
//! let now = "2024-11-25T00:00:00Z".parse()?;
//! let days = RangeInput::Between { start: "2024-11-19".into(), end: Some("2024-11-20".into()) };
//! let range = resolve(&RangeSpec::new(&days, &zone, "Asia/Shanghai", now))?;
//!
//! // The usage of the range; here a recorded answer, without signing and sending.
//! let mut query = UsageQuery::new(
//!     vec![Target::new(AccountId(0))],
//!     range.window,
//!     "https://open.volcengineapi.com".parse()?,
//!     QueryOptions::default(),
//! )?;
//! let now = Now { elapsed: Duration::ZERO, unix: now.as_second() };
//! while let Step::Send(exchange) = query.poll(now) {
//!     let answer = http::Response::new(r#"{"ResponseMetadata":{"RequestId":"r1"},"Result":{"UsageResults":[{"Name":"PromptTokens",
//!             "MetricItems":[
//!                 {"Tags":[{"Key":"EndpointId","Value":"ep-1"}],
//!                  "Values":[{"Timestamp":1731945600,"Value":1500},{"Timestamp":1732032000,"Value":500}]},
//!                 {"Tags":[{"Key":"EndpointId","Value":"ep-2"}],
//!                  "Values":[{"Timestamp":1731945600,"Value":70},{"Timestamp":1732032000,"Value":30}]}]}]}}"#);
//!     query.on_response(exchange.id, now, Ok(&answer));
//! }
//! let data = UsageData::new(query.into_report(), range);
//! let spec = ViewSpec::new(ViewOptions { by: &["endpoint".to_owned()], ..ViewOptions::default() })?;
//! let view = View::new(&spec, &data, now.unix);
//!
//! let format = RowFormat::Csv { bom: false, header: true };
//! let header = format.header(&data.range, &view.rows, None)?;
//! let csv = [header, format.lines(&data.range, &view.rows, None)?].concat();
//! assert!(String::from_utf8(csv)?.contains(",ep-1,"));
//!
//! let page = Page::new(
//!     &data,
//!     &PageOptions {
//!         spec: &spec,
//!         query: QueryEcho::new("GetUsage", QueryScope::default()),
//!         profiles: &[],
//!         title: Some("Tokens of two days"),
//!         lang: Lang::En,
//!         generated_at: now.unix,
//!     },
//! );
//! assert!(page.html().contains("<title>Tokens of two days</title>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Rules
//!
//! - Formats for programs are the same bytes in both languages, and hold every field every time.
//! - A missing value is null or empty, never 0.
//! - Text from outside does no harm: control characters, line ends and signs that turn text around or cannot be
//!   seen are shown as a space or by their code point, and JSON escapes them. CSV never holds a cell that a
//!   spreadsheet would run as a formula; pages are well-formed, and their library escapes markup.
//! - A page is one file that loads nothing.
//!
//! # Contents
//!
//! - [`Answer`], [`QueryEcho`], [`QueryScope`], [`SiteEcho`]: the answer a format shows
//! - [`RowFormat`], [`csv`], [`ndjson`], [`focus`]: a row a line, written as rows come
//! - `parquet`, `ParquetWriter` (feature `parquet`): rows and tables as Parquet files; `KeptSeries`,
//!   `ExportManifest`: a history as a folder of them
//! - [`json`], [`openmetrics`], [`prometheus`], [`raw`], [`serialized`], [`pretty_json`]: documents for programs
//! - [`table`], [`markdown`], [`Screen`], [`Layout`], [`Shape`], [`Lines`]: tables for people
//! - [`message_lines`], [`document_lines`], [`shell_word`]: text from outside, for a terminal and a shell
//! - [`unique_name`]: one name for each key, where a format knows letters, digits and underscores only
//! - [`chart`]: charts for terminals; [`page`]: pages and pictures; [`status_line`]: one line for a prompt
//! - [`is_shown_everywhere`], [`unverified_accounts`], [`UNVERIFIED_ACCOUNTS`]: warnings that are part of every output for people
//! - [`Budget`], [`JudgedPlan`], [`budget_table`], [`budget_json`]: results of budgets
//! - [`plan`]: subscription plans and their windows
//! - [`quota`]: free usage, packs, caps and balances
//! - [`Reconciliation`], [`reconciliation_table`], [`reconciliation_json`]: results of a reconciliation
//! - [`history`]: what a sync did, what a history holds, what has changed, and rows as they are kept
//! - [`ComparedActions`], [`compared_actions_table`], [`compared_actions_json`]: two actions beside each other

mod answer;
mod budget;
pub mod chart;
mod check_words;
mod comparison;
mod csv;
mod csv_columns;
mod csv_wide;
mod document;
mod focus;
mod grid;
mod harmless;
pub mod history;
mod json;
mod lines;
mod mark;
mod ndjson;
mod openmetrics;
pub mod page;
#[cfg(feature = "parquet")]
mod parquet;
pub mod plan;
mod pretty_json;
mod prometheus;
pub mod quota;
mod raw;
mod reconcile;
mod row;
mod row_batches;
mod row_format;
mod screen;
mod series;
pub mod status_line;
mod svg;
mod table;

pub use answer::{Answer, QueryEcho, QueryScope, SiteEcho};
pub use ark_usage_model::unique_name;
pub use budget::{
    Budget, Judged, JudgedPlan, NoticeContext, json as budget_json, notice as budget_notice,
    plan_notice, read_said, table as budget_table, write_said,
};
pub use comparison::{
    ComparedActions, json as compared_actions_json, table as compared_actions_table,
};
pub use csv::{csv, csv_header};
pub use csv_wide::{WideCsv, wide_csv};
pub use document::serialized;
pub use focus::{focus, focus_header};
pub use harmless::{document_lines, message_lines, shell_word};
pub use json::json;
pub use lines::Lines;
pub use mark::{
    UNVERIFIED_ACCOUNTS, USAGE_MISSING, is_shown_everywhere, unverified_accounts, usage_missing,
};
pub use ndjson::ndjson;
pub use openmetrics::{costs_in_part, openmetrics, settled};
#[cfg(feature = "parquet")]
pub use parquet::{
    CellValue, ColumnKind, ExportManifest, ExportedPartition, KeptBucket, KeptNames, KeptSeries,
    ParquetColumn, ParquetWriter, parquet, parquet_columns,
};
pub use pretty_json::pretty_json;
pub use prometheus::{Scrape, is_cost_unknown, is_known, prometheus};
pub use raw::{RawCall, raw};
pub use reconcile::{Reconciliation, json as reconciliation_json, table as reconciliation_table};
pub use row_batches::EachBatch;
pub use row_format::RowFormat;
pub use screen::Screen;
pub use table::{Layout, Shape, markdown, table};

// The README's example runs as a test.
#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct Readme;

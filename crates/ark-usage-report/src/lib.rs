//! Reports on the token usage of Volcengine Ark: time ranges and zones, grouping and sorting,
//! comparison with the previous range, labels, prices, budgets with a forecast, and reconciliation.
//!
//! The crate takes a [`UsageReport`](ark_usage_model::UsageReport) and gives back rows, totals, costs and
//! results of checks. It is pure: files come in as text, time and time zone as arguments. It reads no clock
//! and no environment, opens no file and no socket, and knows no terminal and no output format;
//! `ark-usage-render` writes what it returns. Errors about a range, a grouping or a sort order name the
//! flag of `ark-usage` that sets it (`--last`, `--by`), because that is the spelling of these settings.
//!
//! # Example
//!
//! Usage by team, with costs:
//!
//! ```
//! use std::time::Duration;
//!
//! use ark_usage_model::{AccountId, Now, QueryOptions, Step, Target, UsageQuery};
//! use ark_usage_report::range::{RangeInput, RangeSpec, parse_zone, resolve};
//! use ark_usage_report::view::{Labels, View, ViewOptions, ViewSpec};
//! use ark_usage_report::{SourceFile, UsageData, prices::Prices};
//!
//! // Two days of Shanghai; "now" is an argument.
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
//!
//! // Prices and labels come as text.
//! let prices = "currency = 'CNY'\nper = 1_000\n[[price]]\nmetric = 'PromptTokens'\nprice = 0.8";
//! let source = SourceFile { flag: "--prices", name: "prices.toml", text: prices };
//! let labels = "endpoint_id,team\nep-1,search\nep-2,ads\n";
//! let mut data = UsageData::new(query.into_report(), range);
//! data.prices = Some(Prices::read(source, &zone)?);
//!
//! let spec = ViewSpec::new(ViewOptions {
//!     by: &["label:team".to_owned()],
//!     labels: Some(Labels::parse("teams.csv", labels.as_bytes())?),
//!     ..ViewOptions::default()
//! })?;
//! let view = View::new(&spec, &data, now.unix);
//!
//! let costs = view.costs.ok_or("prices were given")?;
//! assert_eq!(costs.total.amounts["CNY"].to_string(), "1.68");
//! let search = view.rows.iter().find(|row| row.value == Some(2_000)).ok_or("two thousand tokens")?;
//! assert_eq!(search.labels.as_ref().map(|labels| labels["team"].as_str()), Some("search"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Rules
//!
//! - Nothing is counted twice: whatever rows are summed by, they add up to the totals. Usage that no key
//!   explains has a row of its own, which is unattributed.
//! - A missing bucket is missing, never 0, and marks every sum it belongs to.
//! - Only metrics that are declared additive in one unit are added up.
//! - Values are exact integers, and money is decimal: nothing goes through a float.
//! - Texts for people are [`Text`]s, in English and in Chinese. A text without its translation does not
//!   compile.
//! - Messages of [`range`] and [`view`] name their inputs by the options of the program `ark-usage`, such as
//!   `--last` and `--by`: match on [`ReportErrorKind`], not on texts. Where an input is a file, [`SourceFile`]
//!   names its flag.
//!
//! # Contents
//!
//! - [`range`]: from "the last seven days" to buckets, in any time zone
//! - [`UsageData`], [`ResultMeta`]: usage that was fetched, with everything reports are made from
//! - [`Scope`]: the projects whose usage is counted
//! - [`view`]: rows summed by dimensions, sorted, cut, compared, labelled and priced
//! - [`prices`]: price lists, and the cost of a value; [`decimal`]: numbers as people write them
//! - [`budget`]: limits on the usage of a period, and its forecast
//! - [`plan`]: subscription plans: what each window of a quota has left, the worst window, and its pace
//! - [`quota`]: free usage, packs and caps of models, and the balance
//! - [`reconciliation`]: days against their hours, projects against their endpoints
//! - [`action_comparison`]: two actions that report the same usage, by day and endpoint
//! - [`chart_data`]: the numbers charts are drawn from
//! - [`VendorAction`], [`missing_permission`]: the vendor's actions, and the permission that each needs
//! - [`probe`]: questions about the vendor's actions that only calls answer
//! - [`SourceFile`], [`toml_file`]: a TOML file as text, read with the line of every key
//! - [`Lang`], [`Text`], [`text!`], [`english`]: texts for people; [`suggest`]: "did you mean …?", by spelling;
//!   [`other_words`]: the same by meaning
//! - [`CurlCommand`], [`CurlData`]: a curl command that was pasted, as the request it sends
//! - [`ReportError`], [`ReportErrorKind`]: an input that cannot be used, and how to mend it

mod accounts_note;
pub mod action_comparison;
pub mod budget;
pub mod chart_data;
mod curl_command;
pub mod decimal;
mod error;
mod gap_names;
mod lang;
mod listed;
mod look_alike;
mod missing_usage;
pub mod other_words;
pub mod plan;
pub mod prices;
pub mod probe;
pub mod quota;
pub mod range;
pub mod reconciliation;
mod result_meta;
mod scope;
mod short_values;
pub mod suggest;
mod token_count;
pub mod toml_file;
mod usage_data;
mod vendor_actions;
pub mod view;

pub use accounts_note::{accounts_added_up, accounts_counted_together};
pub use curl_command::{CurlCommand, CurlData};
pub use error::{ReportError, ReportErrorKind};
pub use gap_names::unreturned_names;
pub use lang::{Lang, Text, english};
pub use listed::{MOST_LISTED, listed};
pub use look_alike::look_alike;
pub use missing_usage::{MissingUsage, joined};
pub use result_meta::ResultMeta;
pub use scope::Scope;
pub use short_values::{with_empty_values, with_short_values};
pub use toml_file::SourceFile;
pub use usage_data::UsageData;
pub use vendor_actions::{VENDOR_ACTIONS, VendorAction, missing_permission, policy_for};

// The README's example runs as a test.
#[doc = include_str!("../README.md")]
#[cfg(doctest)]
struct Readme;

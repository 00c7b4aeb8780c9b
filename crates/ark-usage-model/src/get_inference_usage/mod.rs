//! `GetInferenceUsage` (service `ark`, version 2024-01-01): tokens, requests and images by day or hour,
//! by model, API key and more. <https://www.volcengine.com/docs/82379/2116766>
//!
//! The result is a table whose columns depend on the request. Columns are found by their name; see
//! `decode.rs` for the spellings that are accepted.

mod action;
mod cell;
mod columns;
mod dates;
mod decode;
mod dimensions;
mod raw_table;
mod request;
mod response;
mod rows;

pub use action::{
    CACHE_TOKENS_HIT, GetInferenceUsageAction, IMAGE_COUNT, INPUT_TOKENS, OUTPUT_TOKENS, REQ_CNT,
    TOTAL_TOKENS,
};
pub(crate) use dates::day_of;
pub use raw_table::{RawCell, RawTable, RawTableQuery};
pub use request::{GetInferenceUsage, QueryInterval, UsageFilter};
pub use response::{GetInferenceUsageResponse, TableField};

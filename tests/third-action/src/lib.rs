//! A made-up usage action, `QueryUsageTable`, and its imitation. It differs from `GetUsage` in
//! everything an action may differ in:
//!
//! - dates as text, both ends included, whole days even for hours, at most seven of them
//! - the result is a table of text cells, its columns found by name
//! - it groups when it is told to, and tags nothing otherwise
//! - one metric is part of another, one has its own unit, and one must not be added up
//!
//! [`QueryUsageTableAction`] is handed to the query machine, [`QUERY_USAGE_TABLE`] to the emulator.

mod action;
mod dates;
mod emulated;
mod request;
mod table;

pub use action::{
    CACHED_TOKENS, INPUT_TOKENS, OUTPUT_TOKENS, PEAK_HOUR_TOKENS, QueryUsageTableAction, REQUESTS,
};
pub use emulated::QUERY_USAGE_TABLE;
pub use request::QueryUsageTable;
pub use table::Table;

/// The most days of one request.
pub const MAX_DAYS: u32 = 7;

/// The cached tokens among the prompt tokens of one source in one hour.
pub const fn cached(prompt_tokens: u64) -> u64 {
    prompt_tokens / 4
}

/// The requests behind the prompt tokens of one source in one hour.
pub const fn requests(prompt_tokens: u64) -> u64 {
    prompt_tokens.div_ceil(1_000)
}

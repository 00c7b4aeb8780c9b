//! Volcengine Ark's usage API on loopback.

mod actions;
mod authenticate;
mod calendar;
mod data;
mod emulator;
mod envelope;
mod errors;
pub mod faults;
mod options;
mod parameters;
mod readings;
mod request_id;
#[cfg(feature = "serve")]
mod serve;

pub use data::{
    CatalogueSize, VENDOR_DAY_COMPLETION_TOKENS, VENDOR_DAY_PROJECT, VENDOR_DAY_PROMPT_TOKENS,
    VENDOR_DAY_START,
};
pub use emulator::Emulator;
pub use faults::{FaultScript, SocketFault};
pub use options::{
    Account, DEFAULT_SEED, DEMO_ACCESS_KEY_ID, DEMO_ACCOUNT_ID, DEMO_SECRET_ACCESS_KEY,
    EmulatorOptions,
};
pub use readings::{
    Duplicates, EndTime, ErrorStatus, HourLabels, ReadingError, Readings, SampleOrder, TagKeys,
    TagRule, Unaligned, ValueForm, ZeroBuckets,
};
#[cfg(feature = "serve")]
pub use serve::{Limits, Server, serve, serve_on};

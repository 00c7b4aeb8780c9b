//! The sources against real files, a real program and services that answer from a script.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that fails may as well panic")]

mod chain;
mod common;
mod exchanges;
mod files;
mod process;
mod profiles;
mod redaction;
mod refresher;

//! Tests of the crate as others use it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::allow_attributes,
    reason = "tests"
)]

mod answers;
#[cfg(feature = "sqlite")]
mod exports;
mod plans;
mod reports;
mod respond;
#[cfg(feature = "sqlite")]
mod stores;

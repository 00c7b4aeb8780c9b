//! Tests of what the crate promises from outside, in one binary.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod edits;
mod explain;
mod fixture;
mod habits;
mod handwritten;
mod presign;
mod properties;
mod redaction;
mod signer;
mod signing_time;
mod texts;
mod vectors;
mod verify;

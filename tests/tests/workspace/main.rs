//! The workspace as a whole: layers, modules, documents, supply chain, and the program as a user runs
//! it. One binary, because each would link the same again; cases are named tests of another, `cli`.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers beside the tests; a panic fails the test"
)]

mod documents;
mod english;
mod faults;
mod layering;
mod modules;
mod program;
mod schema;
mod supply_chain;
mod tidy;
mod translations;

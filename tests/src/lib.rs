//! The shared parts of the tests of the whole workspace: nothing here is about one crate's inside.
//!
//! - [`workspace`]: where the workspace is and what cargo says about it
//! - [`layering`]: which crate may know which, and the checker for it
//! - [`code`]: Rust sources as tokens, tests and comments left out
//! - [`modules`]: the order of a crate's top-level modules, and the checker for it
//! - [`sources`]: which names the code of a crate may mention, and the checker for it
//! - [`tidy`]: what every file of the project has in common
//! - [`documents`]: what documents refer to
//! - [`pages`]: the structure of a page, and of its translation
//! - [`picture`]: a terminal as an SVG picture
//! - [`languages`]: whether what stands for Chinese is Chinese
//! - [`faults`]: the table of faults and the cases behind it
//! - [`program`]: `ark-usage` run the way a user runs it, in an environment of its own
//! - [`terminal`]: the same on a terminal of any width
//! - [`listener`]: a server that answers by a script, or never
//! - [`case`]: one run of the program written down as a file
//! - [`english`]: how doc comments begin, and names of two types
//! - [`expectation`]: the whole text of a stream, or facts that it holds
//! - [`transcript`]: the console transcripts of a document, run again
//!
//! A helper that cannot do its work panics: the only caller is a test.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "only tests call this crate, and a panic is how a test fails"
)]

pub mod case;
pub mod code;
pub mod documents;
pub mod english;
pub mod expectation;
pub mod faults;
pub mod flags;
pub mod languages;
pub mod layering;
pub mod listener;
pub mod modules;
pub mod pages;
pub mod picture;
pub mod program;
pub mod sources;
pub mod supply_chain;
pub mod terminal;
pub mod tidy;
pub mod transcript;
pub mod translations;
pub mod weight;
pub mod workspace;

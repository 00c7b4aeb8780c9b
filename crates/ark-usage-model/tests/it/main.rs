//! The machine without a runtime: one module for each concern, scenarios against a small service.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::needless_pass_by_value,
    clippy::type_complexity,
    clippy::unchecked_time_subtraction,
    clippy::allow_attributes,
    reason = "tests"
)]

mod support;

mod clock_offset;
mod coverage;
mod credentials;
mod deadline;
mod end_time;
mod equality;
mod faults;
mod inference;
mod inference_spellings;
mod narrowing;
mod odd_answers;
mod pace;
mod parts;
mod planning;
mod retry;
mod samples;
mod siblings;
mod splitting;
mod stopping;
mod stored_lines;
mod streaming;
mod tags;

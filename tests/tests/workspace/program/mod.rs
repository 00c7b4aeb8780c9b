//! Tests that are more than one run with fixed output: the JSON contract, processes that are
//! interrupted or lose their reader, a server that fails halfway, the emulator beside the program,
//! the official SDKs' signatures, what a shell and curl make of a command, hostile text from outside.

mod alerts;
mod budget;
mod busy;
mod call;
mod cases;
mod completions;
mod conformance;
mod cost;
mod curl;
mod deadlines;
mod descriptors;
mod echoes;
mod emulate;
mod help;
mod history;
mod history_disk;
mod hostile_text;
mod interrupted;
mod json;
mod languages;
mod long_queries;
mod output_files;
mod parquet;
mod partial;
mod pipes;
mod progress;
mod prometheus;
mod push;
mod reconcile;
mod record;
mod report;
mod secrets;
mod serve;
mod signatures;
mod statusline;
mod tasks;
mod text_files;
mod unreadable;
mod unsafe_config;
mod view;
mod wrong_files;

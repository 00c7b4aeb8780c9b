//! `ark-usage`: how many tokens did we use on Volcengine Ark?
//!
//! Reads from the top: [`args`] is what people type, [`commands`] what happens then, [`range`]
//! how "the last seven days" becomes buckets, [`view`] how they are summed, [`render`] how the
//! answer looks, [`exit_status`]
//! what the shell sees.

#[expect(clippy::doc_markdown, reason = "doc comments there are help texts, shown as they are")]
mod args;
mod clock;
mod commands;
mod config;
mod demo;
mod environment;
mod error;
mod exit_status;
mod figure;
mod hints;
mod interrupt;
mod keys;
mod lang;
mod network;
mod output;
mod range;
mod reconciliation;
mod record;
mod render;
mod request;
mod settings;
mod suggest;
mod view;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::args::Cli;
use crate::exit_status::ExitStatus;
use crate::lang::Lang;

fn main() -> ExitCode {
    let environment = environment::read();
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let lang = Lang::choose(&arguments, &environment);
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return clap_said(&error),
    };
    let status = commands::run(&cli, &environment, lang).unwrap_or_else(|error| {
        output::note(&error.report(lang));
        error.status()
    });
    status.into()
}

/// Help and version go to standard output and are no error; the rest is one of usage.
fn clap_said(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { ExitStatus::Usage.into() } else { ExitStatus::Done.into() }
}

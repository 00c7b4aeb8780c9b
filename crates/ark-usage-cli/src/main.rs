//! `ark-usage`: token usage on Volcengine Ark.
//!
//! [`args`] is the command line, [`commands`] runs the commands, `ark-usage-render` writes their
//! output, and [`exit_status`] is what the shell gets.

mod actions;
#[cfg(test)]
mod added_action;
mod args;
mod clock;
mod commands;
mod config;
mod context;
mod demo;
mod environment;
mod error;
mod exit_status;
mod hints;
mod history;
#[cfg(test)]
#[path = "../tests/inside/hostile_input.rs"]
mod hostile_input;
mod input_files;
mod interrupt;
#[cfg(test)]
mod kept_answers;
mod keys;
mod lang;
mod network;
mod output;
mod panic_hook;
mod progress;
mod record;
mod request;
mod screen;
mod secrets;
mod settings;
mod shell;
mod site;
mod text_file;

use std::ffi::OsString;
use std::process::ExitCode;

use ark_usage_report::{Text, look_alike, with_empty_values, with_short_values};
use clap::error::{ContextKind, ErrorKind};
use volc_openapi::{is_harmful, one_line};

use crate::args::Cli;
use crate::exit_status::ExitStatus;
use crate::lang::Lang;

fn main() -> ExitCode {
    let environment = environment::read();
    secrets::remember_variables(&environment);
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let lang = lang::choose(&arguments, &environment);
    panic_hook::install(lang);
    if std::process::id() == 1 {
        // The system ignores signals to the first process of a container that has no handler for them.
        interrupt::watch();
    }
    let cli = match Cli::read(&arguments, lang) {
        Ok(cli) => cli,
        Err(error) => {
            let (error, arguments) = shown(error, arguments, lang);
            return print_clap(error, &arguments, lang);
        }
    };
    let status = commands::run(&cli, &environment, lang).unwrap_or_else(|error| {
        let status = ExitStatus::from(error.kind());
        let is_usage = status == ExitStatus::Usage;
        let typing = is_usage.then(|| typing_hint(&arguments, &error.report(lang))).flatten();
        let error = match typing {
            Some(hint) => error.with_hint(hint),
            None => error,
        };
        note_shortened(&error.report(lang), &arguments, lang);
        status
    });
    status.into()
}

/// Returns a hint about a sign of an argument that only looks like the right one, if a message is about it.
fn typing_hint(arguments: &[OsString], message: &str) -> Option<Text> {
    let words = arguments.iter().skip(1).filter_map(|word| word.to_str());
    let is_meant = |word: &&str| {
        let value = word.split_once('=').map_or(*word, |(_, value)| value);
        message.contains(word) || (!value.is_empty() && message.contains(value))
    };
    words.filter(is_meant).find_map(look_alike)
}

/// Returns the error of the arguments as they may be shown, because clap repeats them.
fn shown(error: clap::Error, arguments: Vec<OsString>, lang: Lang) -> (clap::Error, Vec<OsString>) {
    let is_harmless = |word: &OsString| !word.to_string_lossy().contains(is_harmful);
    if arguments.iter().all(is_harmless) {
        return (error, arguments);
    }
    let words = arguments.iter().map(|word| one_line(&word.to_string_lossy()).into_owned().into());
    let words: Vec<OsString> = words.collect();
    (Cli::read(&words, lang).err().unwrap_or(error), words)
}

/// Prints what clap has to say: help and version on standard output, an error otherwise.
fn print_clap(error: clap::Error, arguments: &[OsString], lang: Lang) -> ExitCode {
    let is_error = error.use_stderr();
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    let own = if is_help {
        None
    } else {
        let typing = typing_hint(arguments, &error.render().to_string());
        args::mistyped_report(&error, typing, lang)
    };
    let chinese = if is_help && lang == Lang::Zh { chinese_help(arguments) } else { None };
    let mut error = chinese.unwrap_or(error);
    if is_error && !is_help {
        // It repeats the option that clap guessed, and others that nobody wrote.
        error.remove(ContextKind::Usage);
    }
    match own {
        Some(report) => note_shortened(&report, arguments, lang),
        None if !is_error => return print_help(&error, lang),
        None => {
            // An argument is repeated, whatever it is.
            let report = error.render().to_string();
            let shown = shortened(&report, arguments);
            if shown == report {
                let _ = error.print();
            } else {
                output::note(&shown, lang);
            }
        }
    }
    ExitStatus::Usage.into()
}

/// Prints help or the version on standard output; a reader that closes early is not an error.
fn print_help(help: &clap::Error, lang: Lang) -> ExitCode {
    let printed = output::check_stdout().and_then(|()| output::was_written(help.print()));
    match printed {
        Ok(_) => ExitStatus::Done.into(),
        Err(error) => {
            output::note(&error.report(lang), lang);
            ExitStatus::from(error.kind()).into()
        }
    }
}

/// Prints a message about arguments.
fn note_shortened(message: &str, arguments: &[OsString], lang: Lang) {
    output::note(&shortened(message, arguments), lang);
}

fn shortened(message: &str, arguments: &[OsString]) -> String {
    // A part of a secret would not be known as one.
    let message = with_empty_values(&secrets::masked_message(message));
    with_short_values(&message, arguments.iter().filter_map(|word| word.to_str()))
}

/// Parses the arguments again where clap's own words are Chinese too; returns the help they ask for.
fn chinese_help(arguments: &[OsString]) -> Option<clap::Error> {
    args::full_command(Lang::Zh).try_get_matches_from_mut(arguments).err()
}

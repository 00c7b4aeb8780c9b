//! The commands, one file or folder each; they build on everything else.

mod action_request;
mod budget;
mod call;
mod call_error;
mod completions;
mod config;
mod conformance;
mod doctor;
mod emulate;
mod example;
mod expected_keys;
mod explain;
mod fetch;
mod finish;
mod get;
mod history;
mod http_text;
mod identity;
mod listen;
mod man;
mod plan;
mod quota;
mod reconcile;
mod report;
mod serve;
mod sign;
mod signature_verdict;
mod statusline;
mod summary;
mod sync;
mod verify;

use std::io::{IsTerminal as _, stdout};

use ark_usage_report::range::parse_now;
use volc_credentials::Environment;

use crate::args::{Cli, Command};
use crate::context::{Audience, Context};
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::history::{HistoryFile, KeptUsage};
use crate::lang::{LOCALE, Lang};
use crate::record::RecordMode;

/// Runs the command.
pub(crate) fn run(
    cli: &Cli,
    environment: &Environment,
    lang: Lang,
) -> Result<ExitStatus, CliError> {
    check_terminal(cli, environment)?;
    let now = cli.global.now.as_deref().map(parse_now).transpose()?;
    let audience = match cli.command {
        Command::Statusline(_) => Audience::Prompt,
        Command::Budget(ref args) if args.prints_alerts_only() => Audience::Mail,
        _ => Audience::Terminal,
    };
    let mut updated = ExitStatus::Done;
    let record_mode = match cli.command.kept_usage() {
        Some(args) => {
            let file = HistoryFile::new(args.file(), environment)?;
            for query in cli.command.usage_to_keep().iter().filter(|_| args.update) {
                let mode = RecordMode::Off;
                let context = Context::new(&cli.global, audience, mode, environment, lang, now);
                let status = sync::update(query, &file, &context)?;
                updated = if updated == ExitStatus::Done { status } else { updated };
            }
            RecordMode::Kept(KeptUsage::open(file)?)
        }
        None => RecordMode::new(cli.command.recording(), now)?,
    };
    let context = Context::new(&cli.global, audience, record_mode, environment, lang, now);
    if example::print(&cli.command, &context)? {
        return Ok(ExitStatus::Done);
    }
    let status = match &cli.command {
        Command::Get(args) => get::run(args, &context),
        Command::Report(args) => report::run(args, &context),
        Command::Reconcile(args) => reconcile::run(args, &context),
        Command::Budget(args) => budget::run(args, &context),
        Command::Plan(args) => plan::run(args, &context),
        Command::Quota(args) => quota::run(args, &context),
        Command::Statusline(args) => statusline::run(args, &context),
        Command::Sync(args) => sync::run(args, &context),
        Command::History(args) => history::run(args, &context),
        Command::Serve(args) => serve::run(args, &context),
        Command::Call(args) => call::run(args, &context),
        Command::Sign(args) => sign::run(args, &context),
        Command::Verify(args) => verify::run(args, &context),
        Command::Explain(args) => explain::run(args, &context),
        Command::Conformance(args) => conformance::run(args, &context),
        Command::Emulate(args) => emulate::run(args, &context),
        Command::Doctor(args) => doctor::run(args, &context),
        Command::Config(args) => config::run(args, &context),
        Command::Completions(args) => completions::run(args, &context),
        Command::Man(args) => man::run(args, &context),
    }?;
    context.release_notes();
    context.record_mode.close()?;
    // The answer may lack the data that the update could not fetch.
    Ok(if status == ExitStatus::Done { updated } else { status })
}

/// Refuses variables of the terminal that count and are not UTF-8. A prompt has its own errors.
fn check_terminal(cli: &Cli, environment: &Environment) -> Result<(), CliError> {
    if matches!(cli.command, Command::Statusline(_)) {
        return Ok(());
    }
    if cli.global.lang.is_none() {
        environment.read_first(&LOCALE)?;
    }
    let has_chart = matches!(&cli.command, Command::Get(args) if args.output.chart.is_some());
    if has_chart || stdout().is_terminal() {
        environment.read("COLUMNS")?;
    }
    Ok(())
}

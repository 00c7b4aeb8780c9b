//! `ark-usage doctor`: checks the setup and says what to fix.

mod account;
mod calls;
mod checkup;
mod error_code;
mod keys;
mod lists;
mod network;
mod probe;
mod report;
mod target;

use crate::args::{DoctorArgs, DoctorTopic};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::output;

/// Runs the checks, or the chosen topic.
pub(crate) fn run(args: &DoctorArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    match &args.topic {
        Some(DoctorTopic::Error { code }) => error_code::run(code, context.lang),
        Some(DoctorTopic::Probe(args)) => context.block_on(probe::run(args, context)),
        None => {
            let report = context.block_on(checkup::run(&args.subject, context))?;
            output::write_stdout(&report.render(args.subject.format, context.lang)?)?;
            Ok(report.exit_status())
        }
    }
}

//! `ark-usage doctor`

mod error_code;

use crate::args::{DoctorArgs, DoctorTopic};
use crate::error::CliError;
use crate::exit_status::ExitStatus;

/// Looks at what was asked for.
pub(crate) fn run(args: &DoctorArgs) -> Result<ExitStatus, CliError> {
    match &args.topic {
        DoctorTopic::Error { code } => error_code::run(code),
    }
}

//! `ark-usage doctor error CODE`

use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::{hints, output};

/// Prints what the code means, in both languages.
pub(super) fn run(code: &str) -> Result<ExitStatus, CliError> {
    let Some(known) = hints::explain(code) else {
        let codes: Vec<&str> = hints::known_codes().collect();
        return Err(CliError::usage(format!("doctor error {code}: not a code this program knows"))
            .with_hint(format!("known codes: {}", codes.join(", "))));
    };
    output::write_stdout(format!("{code}\n  {}\n  {}\n", known.en, known.zh).as_bytes())?;
    Ok(ExitStatus::Done)
}

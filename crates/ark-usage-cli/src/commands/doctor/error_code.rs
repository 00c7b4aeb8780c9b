//! `ark-usage doctor error CODE`

use ark_usage_report::{suggest, text};

use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::lang::Lang;
use crate::{hints, output};

/// Prints the meaning of an error code.
pub(super) fn run(code: &str, lang: Lang) -> Result<ExitStatus, CliError> {
    let Some(known) = hints::explain(code) else {
        let codes: Vec<&str> = hints::known_codes().collect();
        let all = text!("known codes: {all}", "已知的错误码：{all}", all = codes.join(", "));
        return Err(CliError::usage(text!(
            "doctor error {code}: unknown error code",
            "doctor error {code}：未知的错误码"
        ))
        .with_hint(suggest::hint("", code, codes.iter().copied(), all)));
    };
    output::write_stdout(format!("{code}\n  {}\n", known.hint().in_lang(lang)).as_bytes())?;
    Ok(ExitStatus::Done)
}

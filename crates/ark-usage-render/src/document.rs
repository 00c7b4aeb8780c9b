//! JSON documents: written with the end of a line, and what several of them hold.

use ark_usage_report::{Lang, ReportError, Text, text};
use serde::Serialize;

use crate::harmless::json_document;

/// A warning.
#[derive(Serialize)]
pub(crate) struct WarningDocument<'a> {
    code: &'a str,
    message: &'a str,
}

impl<'a> WarningDocument<'a> {
    /// The warnings, in English: they are for programs.
    pub(crate) fn all(warnings: &'a [(&'static str, Text)]) -> Vec<Self> {
        let document = |(code, message): &'a (&'static str, Text)| Self {
            code,
            message: message.in_lang(Lang::En),
        };
        warnings.iter().map(document).collect()
    }
}

/// Writes a value as JSON and the end of a line, with signs escaped that a terminal would act on.
pub fn serialized<T: Serialize>(value: &T, pretty: bool) -> Result<Vec<u8>, ReportError> {
    let bytes = if pretty { serde_json::to_vec_pretty(value) } else { serde_json::to_vec(value) };
    let mut bytes = bytes.map_err(unwritable)?;
    bytes.push(b'\n');
    Ok(json_document(bytes))
}

/// An error of serde, which is a fault of this crate.
pub(crate) fn unwritable(error: serde_json::Error) -> ReportError {
    ReportError::output(text!("cannot write JSON", "无法写出 JSON")).with_source(error)
}

//! `--curl`: the request that a curl command sends, with the files it names.

use std::path::Path;

use ark_usage_report::{CurlCommand, CurlData, text};

use super::{Body, BodySource, GivenRequest, check_method, check_url, headers};
use crate::error::CliError;
use crate::text_file::{self, MAX_TEXT};

/// Reads the request of `--curl @FILE`, `--curl -` or a command.
pub(super) fn request(value: &str) -> Result<GivenRequest, CliError> {
    let about = format!("--curl {value}");
    let command = match value.strip_prefix('@').unwrap_or(value) {
        "-" => text_file::stdin_text().map_err(|problem| problem.about(&about))?,
        path if value.starts_with('@') => text_file::read_text(Path::new(path), MAX_TEXT)
            .map_err(|problem| problem.about(&about))?,
        command => command.to_owned(),
    };
    let command =
        CurlCommand::parse(&command).map_err(|error| of_file_name(error.into(), value))?;
    check_method(&command.method)?;
    check_url(&command.url)?;
    let headers = headers(&command.headers)?;
    let body = body(&command.data, command.separator)?;
    Ok(GivenRequest { method: command.method, url: command.url, headers, body })
}

/// Adds a hint to the error of a command that is the name of a file.
fn of_file_name(error: CliError, value: &str) -> CliError {
    if value.starts_with('@') || !Path::new(value).is_file() {
        return error;
    }
    error.with_hint(text!("did you mean --curl @{value}?", "是否想写 --curl @{value}？"))
}

/// Returns the body that the parts of a command make.
fn body(parts: &[CurlData], separator: &str) -> Result<Body, CliError> {
    let mut bytes = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            bytes.extend_from_slice(separator.as_bytes());
        }
        match part {
            CurlData::Text(text) => bytes.extend_from_slice(text.as_bytes()),
            CurlData::File(path) => bytes.extend(file(path)?),
            CurlData::Lines(path) => {
                let is_kept = |byte: &u8| !matches!(byte, b'\r' | b'\n' | 0);
                bytes.extend(file(path)?.into_iter().filter(is_kept));
            }
            _ => {}
        }
    }
    let source = match parts {
        [] => BodySource::Absent,
        [CurlData::File(path)] if path != "-" => BodySource::File(path.clone()),
        _ => BodySource::Argument,
    };
    Ok(Body { bytes, source })
}

fn file(path: &str) -> Result<Vec<u8>, CliError> {
    Ok(Body::read("--curl", Some(&format!("@{path}")))?.bytes)
}

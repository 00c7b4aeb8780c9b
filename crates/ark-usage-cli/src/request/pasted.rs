//! `--curl`: the request that a curl command sends, with the files it names.

use std::path::Path;

use ark_usage_report::{CurlCommand, CurlData, text};
use volc_openapi::first_letters;

use super::header::lines;
use super::{Body, BodySource, GivenRequest, Header, check_url};
use crate::error::CliError;
use crate::text_file;

/// Reads the request of `--curl @FILE`, `--curl -` or a command.
pub(super) fn request(value: &str) -> Result<GivenRequest, CliError> {
    let command = match text_file::place(value) {
        Some(place) => text_file::named_text(place)
            .map_err(|problem| problem.about(&format!("--curl {value}")))?,
        None => value.to_owned(),
    };
    let command =
        CurlCommand::parse(&command).map_err(|error| of_file_name(error.into(), value))?;
    check_url(&command.url)?;
    let sent = command.headers_sent(&lines(&command.headers)?);
    let headers = sent.iter().map(|line| header(line)).collect::<Result<_, _>>()?;
    let body = body(&command.data, command.separator)?;
    Ok(GivenRequest { method: command.method, url: command.url, headers, body })
}

/// Reads a header of the command. An error shows the first letters only: it may be a secret at the wrong place.
fn header(line: &str) -> Result<Header, CliError> {
    Header::parse(line).map_err(|_| {
        let letters = first_letters(line);
        CliError::usage(text!("--curl: cannot read -H {letters}", "--curl：无法读取 -H {letters}"))
            .with_hint(text!(
                "a header is 'Name: value', without a space in the name or a line end in the value",
                "请求头写作 'Name: value'，名称中没有空格，值中没有换行"
            ))
    })
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

//! A header of a request: `-H 'Name: value'`.

use std::fmt;

use ark_usage_report::text;
use http::{HeaderName, HeaderValue};
use volc_openapi::few_letters;

use crate::error::CliError;
use crate::text_file;

/// A header as given.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl Header {
    /// Returns a header that the program adds, unchecked.
    pub(crate) fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }

    /// Parses `Name: value`; white space around the value is not part of it.
    pub(super) fn parse(text: &str) -> Result<Self, CliError> {
        let Some((name, value)) = text.split_once(':') else {
            return Err(CliError::usage(text!(
                "-H {text:?}: missing colon",
                "-H {text:?}：缺少冒号",
                text = few_letters(text)
            ))
            .with_hint(text!(
                "write -H 'Name: value', or -H 'Name:' for an empty value",
                "请写 -H 'Name: value'；空值写 -H 'Name:'"
            )));
        };
        if HeaderName::from_bytes(name.as_bytes()).is_err() {
            return Err(CliError::usage(text!(
                "-H {name:?}: invalid header name",
                "-H {name:?}：不是有效的请求头名称",
                name = few_letters(name)
            ))
            .with_hint(text!(
                "write -H 'Name: value', without a space before the colon",
                "请写 -H 'Name: value'，冒号前不要有空格"
            )));
        }
        let value = value.trim_matches([' ', '\t']);
        if HeaderValue::from_bytes(value.as_bytes()).is_err() {
            return Err(CliError::usage(text!(
                "-H {name}: the value contains a control character, which cannot be sent",
                "-H {name}：值中含有控制字符，无法发送"
            )));
        }
        Ok(Self::new(name, value))
    }

    /// Returns whether the header has this name, ignoring case.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    pub(super) fn pair(&self) -> (&str, &str) {
        (&self.name, &self.value)
    }
}

/// Reads the values of `-H`: a header each, or `@FILE` with one a line.
pub(crate) fn headers(values: &[String]) -> Result<Vec<Header>, CliError> {
    lines(values)?.iter().map(|line| Header::parse(line)).collect()
}

/// Returns the values of `-H` with each `@FILE` replaced by the lines of the file.
pub(super) fn lines(values: &[String]) -> Result<Vec<String>, CliError> {
    let mut all = Vec::new();
    for value in values {
        let Some(place) = value.strip_prefix('@') else {
            all.push(value.clone());
            continue;
        };
        let text = text_file::named_text(place);
        let text = text.map_err(|problem| problem.about(&format!("-H {value}")))?;
        let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
        all.extend(lines.map(str::to_owned));
    }
    Ok(all)
}

/// The line of the header in a request.
impl fmt::Display for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let space = if self.value.is_empty() { "" } else { " " };
        write!(f, "{}:{space}{}", self.name, self.value)
    }
}

/// Leaves out the value, which may be a token.
impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_kept_as_typed() {
        for (text, name, value) in [
            ("X-Custom: a  b", "X-Custom", "a  b"),
            ("x-custom:a:b", "x-custom", "a:b"),
            ("X-Custom:", "X-Custom", ""),
            ("X-Custom: \t a\tb \t", "X-Custom", "a\tb"),
            ("Note: 用量", "Note", "用量"),
        ] {
            assert_eq!(Header::parse(text).unwrap(), Header::new(name, value), "{text}");
        }
    }

    #[test]
    fn invalid_headers_are_refused() {
        for text in ["X-Custom", "X-Custom : a", ": a", "", "X: a\nY: b", "X: \0", "名: a"] {
            assert!(Header::parse(text).is_err(), "{text:?}");
        }
    }
}

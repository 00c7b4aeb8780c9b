//! The body of a request: `-d BODY`, `-d @FILE` or `-d @-`.

use std::fmt;

use ark_usage_report::text;

use crate::error::CliError;
use crate::text_file;

/// A body, byte for byte, and its source.
#[derive(Clone)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    pub(crate) source: BodySource,
}

/// The source of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BodySource {
    /// No body was given.
    Absent,
    /// The argument itself.
    Argument,
    /// A file of this name.
    File(String),
    /// Standard input.
    Stdin,
}

impl Body {
    /// Reads the body that the value of `flag` describes.
    pub(crate) fn read(flag: &str, data: Option<&str>) -> Result<Self, CliError> {
        let Some(text) = data else {
            return Ok(Self { bytes: Vec::new(), source: BodySource::Absent });
        };
        let Some(place) = text.strip_prefix('@') else {
            return Ok(Self { bytes: text.as_bytes().to_vec(), source: BodySource::Argument });
        };
        let bytes = text_file::named_bytes(place).map_err(|problem| {
            problem.about(&format!("{flag} {text}")).with_hint(text!(
                "@FILE reads a file, @- reads standard input; a body that starts with @ must be given that way",
                "@FILE 读取文件，@- 读取标准输入；以 @ 开头的文本只能这样给出"
            ))
        })?;
        let source =
            if place == "-" { BodySource::Stdin } else { BodySource::File(place.to_owned()) };
        Ok(Self { bytes, source })
    }
}

/// Leaves out the content, which may be confidential.
impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body")
            .field("length", &self.bytes.len())
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

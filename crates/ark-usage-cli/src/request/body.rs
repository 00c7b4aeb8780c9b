//! The body of a request: `-d BODY`, `-d @FILE` or `-d @-`.

use std::fmt;
use std::io::Read as _;

use crate::error::CliError;
use crate::text;

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
        let failed = |error: std::io::Error, place: &str| {
            CliError::usage(text!("{flag} {place}: cannot be read", "{flag} {place}：无法读取"))
                .with_source(error)
                .with_hint(text!(
                    "@FILE reads a file, @- reads standard input; a body that starts with @ must be given that way",
                    "@FILE 读取文件，@- 读取标准输入；以 @ 开头的文本只能这样给出"
                ))
        };
        let Some(text) = data else {
            return Ok(Self { bytes: Vec::new(), source: BodySource::Absent });
        };
        match text.strip_prefix('@') {
            None => Ok(Self { bytes: text.as_bytes().to_vec(), source: BodySource::Argument }),
            Some("-") => {
                let mut bytes = Vec::new();
                let read = std::io::stdin().lock().read_to_end(&mut bytes);
                read.map_err(|error| failed(error, text))?;
                Ok(Self { bytes, source: BodySource::Stdin })
            }
            Some(path) => {
                let bytes = std::fs::read(path).map_err(|error| failed(error, text))?;
                Ok(Self { bytes, source: BodySource::File(path.to_owned()) })
            }
        }
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

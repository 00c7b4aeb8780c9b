//! Reading and decompressing the body of a response, within its limits.

use std::io::{self, Write};
use std::time::Duration;

use flate2::write::MultiGzDecoder;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::timeout;
use volc_openapi::TransportFailure;

use super::failure;
use crate::TransportError;

/// The most bytes that are reserved because of `Content-Length`.
const MOST_RESERVED: usize = 64 << 20;

/// Reads `body` to its end: each piece within `silence`, all of it within `limit` bytes.
///
/// Headers that describe the bytes as they came are taken away when they were unpacked.
pub(super) async fn read(
    headers: &mut HeaderMap,
    mut body: Incoming,
    limit: usize,
    silence: Duration,
) -> Result<Vec<u8>, TransportError> {
    let announced = announced_length(headers);
    let mut sink = if is_gzip(headers) {
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
        Sink::Gzip(Box::new(MultiGzDecoder::new(Limited::new(limit))))
    } else if announced.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    } else {
        Sink::Plain(Limited::with_capacity(limit, announced.unwrap_or(0)))
    };
    loop {
        let silent = |_| TransportError::new(TransportFailure::ReadTimeout);
        let Some(frame) = timeout(silence, body.frame()).await.map_err(silent)? else {
            return sink.finish(limit);
        };
        // Trailers say nothing that anybody here reads.
        if let Ok(data) = frame.map_err(failure::of_body)?.into_data() {
            sink.write(&data, limit)?;
        }
    }
}

fn announced_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn is_gzip(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_ENCODING).is_some_and(|encoding| {
        let encoding = encoding.as_bytes().trim_ascii();
        encoding.eq_ignore_ascii_case(b"gzip") || encoding.eq_ignore_ascii_case(b"x-gzip")
    })
}

fn too_large(limit: usize) -> TransportError {
    TransportError::new(TransportFailure::BodyTooLarge)
        .with_detail(format!("more than {limit} bytes"))
}

/// The destination of the pieces.
enum Sink {
    Plain(Limited),
    Gzip(Box<MultiGzDecoder<Limited>>),
}

impl Sink {
    fn write(&mut self, data: &[u8], limit: usize) -> Result<(), TransportError> {
        let written = match self {
            Self::Plain(bytes) => bytes.write_all(data),
            Self::Gzip(decoder) => decoder.write_all(data),
        };
        written.map_err(|error| of_unpacking(error, limit))
    }

    fn finish(self, limit: usize) -> Result<Vec<u8>, TransportError> {
        match self {
            Self::Plain(bytes) => Ok(bytes.bytes),
            Self::Gzip(decoder) => {
                let bytes = decoder.finish().map_err(|error| match error.kind() {
                    io::ErrorKind::FileTooLarge => too_large(limit),
                    // All that was announced came, and the packed stream still lacks its end.
                    _ => TransportError::new(TransportFailure::Truncated).with_source(error),
                })?;
                Ok(bytes.bytes)
            }
        }
    }
}

fn of_unpacking(error: io::Error, limit: usize) -> TransportError {
    match error.kind() {
        io::ErrorKind::FileTooLarge => too_large(limit),
        _ => TransportError::new(TransportFailure::Malformed)
            .with_detail("the compressed body is damaged")
            .with_source(error),
    }
}

/// Bytes up to a limit, beyond which writing fails.
struct Limited {
    bytes: Vec<u8>,
    limit: usize,
}

impl Limited {
    const fn new(limit: usize) -> Self {
        Self { bytes: Vec::new(), limit }
    }

    fn with_capacity(limit: usize, expected: usize) -> Self {
        Self { bytes: Vec::with_capacity(expected.min(limit).min(MOST_RESERVED)), limit }
    }
}

impl Write for Limited {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if data.len() > self.limit.saturating_sub(self.bytes.len()) {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_beyond_the_limit_is_kept() {
        let mut bytes = Limited::new(5);
        bytes.write_all(b"12345").unwrap();
        let error = bytes.write_all(b"6").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(bytes.bytes, b"12345");
    }
}

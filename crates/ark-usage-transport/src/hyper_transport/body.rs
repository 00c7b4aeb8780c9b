//! Reading and decompressing the body of a response, within its limits.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use flate2::write::MultiGzDecoder;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::timeout;
use volc_openapi::TransportFailure;

use super::body_budget::{BodyBudget, BodyShare, NoRoom};
use super::failure;
use crate::TransportError;

/// The most bytes that are reserved because of `Content-Length`.
const MOST_RESERVED: usize = 64 << 20;

/// The most bytes that a byte of a deflated stream becomes, and a few for what the decoder still held.
const MOST_UNPACKED: usize = 1_032;
const HELD_BACK: usize = 64 << 10;

/// Reads `body` to its end: each piece within `silence`, all of it within the budget, which it shares
/// with the other bodies that are read now.
///
/// Headers that describe the bytes as they came are taken away when they were unpacked.
pub(super) async fn read(
    headers: &mut HeaderMap,
    mut body: Incoming,
    budget: &Arc<BodyBudget>,
    silence: Duration,
) -> Result<Vec<u8>, TransportError> {
    let limit = budget.limit();
    let announced = announced_length(headers);
    let share = budget.share();
    let mut sink = if is_gzip(headers) {
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
        Sink::Gzip(Box::new(MultiGzDecoder::new(Limited::new(share))))
    } else if announced.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    } else {
        Sink::Plain(Limited::with_capacity(share, announced.unwrap_or(0)))
    };
    loop {
        let silent = |_| TransportError::new(TransportFailure::ReadTimeout);
        let Some(frame) = timeout(silence, body.frame()).await.map_err(silent)? else {
            return sink.finish(limit);
        };
        // Trailers say nothing that anybody here reads.
        if let Ok(data) = frame.map_err(failure::of_body)?.into_data() {
            sink.write(&data, limit).await?;
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
    /// Takes a piece in, in parts for which there is room.
    async fn write(&mut self, mut data: &[u8], limit: usize) -> Result<(), TransportError> {
        while !data.is_empty() {
            let no_room = |NoRoom| too_large(limit);
            let written = match self {
                Self::Plain(bytes) => {
                    bytes.share.room_for(data.len()).await.map_err(no_room)?;
                    bytes.write_all(std::mem::take(&mut data))
                }
                Self::Gzip(decoder) => {
                    // How much it unpacks to shows only then.
                    let share = &decoder.get_ref().share;
                    let least = share.left().min(HELD_BACK + MOST_UNPACKED).max(1);
                    let room = share.room_for(least).await.map_err(no_room)?;
                    let part = (room.saturating_sub(HELD_BACK) / MOST_UNPACKED).max(1);
                    let (part, rest) = data.split_at_checked(part).unwrap_or((data, &[]));
                    data = rest;
                    decoder.write_all(part)
                }
            };
            written.map_err(|error| of_unpacking(error, limit))?;
        }
        Ok(())
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

/// Bytes within a share of the budget, beyond which writing fails.
struct Limited {
    bytes: Vec<u8>,
    share: BodyShare,
}

impl Limited {
    const fn new(share: BodyShare) -> Self {
        Self { bytes: Vec::new(), share }
    }

    fn with_capacity(share: BodyShare, expected: usize) -> Self {
        Self { bytes: Vec::with_capacity(expected.min(MOST_RESERVED)), share }
    }
}

impl Write for Limited {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let taken = self.share.try_take(data.len());
        taken.map_err(|NoRoom| io::Error::from(io::ErrorKind::FileTooLarge))?;
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
        let mut bytes = Limited::new(Arc::new(BodyBudget::new(5)).share());
        bytes.write_all(b"12345").unwrap();
        let error = bytes.write_all(b"6").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(bytes.bytes, b"12345");
    }
}

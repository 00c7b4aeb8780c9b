//! Reading and decompressing the body of a response, within its limits.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use flate2::write::{MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::timeout;
use volc_openapi::{TransportFailure, one_line};

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
    let encoding = Encoding::of(headers)?;
    if encoding != Encoding::Identity {
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
    }
    let mut sink = if encoding == Encoding::Gzip {
        Sink::Gzip(Box::new(MultiGzDecoder::new(Limited::new(share))))
    } else if encoding == Encoding::Deflate {
        Sink::Deflate(Box::new(ZlibDecoder::new(Limited::new(share))))
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
        if let Ok(data) = frame.map_err(|error| failure::of_body(&error))?.into_data() {
            sink.write(&data, limit).await?;
        }
    }
}

fn announced_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The way a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Identity,
    Gzip,
    /// The format of zlib, which HTTP calls so.
    Deflate,
}

impl Encoding {
    /// Reads `Content-Encoding`. Only gzip is asked for; what a proxy or a server sends unasked is
    /// unpacked or named.
    fn of(headers: &HeaderMap) -> Result<Self, TransportError> {
        let lines: Vec<_> = headers
            .get_all(CONTENT_ENCODING)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase())
            .collect();
        let codings = lines.iter().flat_map(|line| line.split(',')).map(str::trim);
        let codings: Vec<_> =
            codings.filter(|coding| !coding.is_empty() && *coding != "identity").collect();
        match codings.as_slice() {
            [] => Ok(Self::Identity),
            ["gzip" | "x-gzip"] => Ok(Self::Gzip),
            ["deflate"] => Ok(Self::Deflate),
            others => {
                let named: String = one_line(&others.join(", ")).chars().take(NAMED).collect();
                Err(TransportError::new(TransportFailure::Malformed).with_detail(format!(
                    "the body has the encoding {named}, which was not asked for"
                )))
            }
        }
    }
}

/// The most letters of an encoding that are named.
const NAMED: usize = 40;

fn too_large(limit: usize) -> TransportError {
    TransportError::new(TransportFailure::BodyTooLarge)
        .with_detail(format!("more than {limit} bytes"))
}

/// The destination of the pieces.
enum Sink {
    Plain(Limited),
    Gzip(Box<MultiGzDecoder<Limited>>),
    Deflate(Box<ZlibDecoder<Limited>>),
}

impl Sink {
    /// Takes a piece in, in parts for which there is room.
    async fn write(&mut self, mut data: &[u8], limit: usize) -> Result<(), TransportError> {
        while !data.is_empty() {
            let written = match self {
                Self::Plain(bytes) => {
                    let room = bytes.share.room_for(data.len()).await;
                    room.map_err(|NoRoom| too_large(limit))?;
                    bytes.write_all(std::mem::take(&mut data))
                }
                Self::Gzip(decoder) => {
                    let (part, rest) = packed_part(&decoder.get_ref().share, data, limit).await?;
                    data = rest;
                    decoder.write_all(part)
                }
                Self::Deflate(decoder) => {
                    let (part, rest) = packed_part(&decoder.get_ref().share, data, limit).await?;
                    data = rest;
                    decoder.write_all(part)
                }
            };
            written.map_err(|error| of_unpacking(error, limit))?;
        }
        Ok(())
    }

    fn finish(self, limit: usize) -> Result<Vec<u8>, TransportError> {
        let unpacked = match self {
            Self::Plain(bytes) => Ok(bytes),
            Self::Gzip(decoder) => decoder.finish(),
            Self::Deflate(decoder) => decoder.finish(),
        };
        unpacked.map(|unpacked| unpacked.bytes).map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => too_large(limit),
            // All that was announced came, and the packed stream still lacks its end.
            _ => TransportError::new(TransportFailure::Truncated).with_source(error),
        })
    }
}

/// Splits packed data behind the part for which there is room: how much it unpacks to shows only then.
async fn packed_part<'d>(
    share: &BodyShare,
    data: &'d [u8],
    limit: usize,
) -> Result<(&'d [u8], &'d [u8]), TransportError> {
    let least = share.left().clamp(1, HELD_BACK + MOST_UNPACKED);
    let room = share.room_for(least).await.map_err(|NoRoom| too_large(limit))?;
    let part = (room.saturating_sub(HELD_BACK) / MOST_UNPACKED).max(1);
    Ok(data.split_at_checked(part).unwrap_or((data, &[])))
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
    fn encodings_are_understood_or_named() {
        let of = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CONTENT_ENCODING, value.parse().unwrap());
            }
            Encoding::of(&headers).map_err(|error| error.to_string())
        };
        for values in [&[][..], &["identity"], &[""], &["identity, Identity"]] {
            assert_eq!(of(values), Ok(Encoding::Identity), "{values:?}");
        }
        for values in [&["gzip"][..], &["X-GZIP"], &["identity, gzip"], &["gzip", "identity"]] {
            assert_eq!(of(values), Ok(Encoding::Gzip), "{values:?}");
        }
        assert_eq!(of(&[" deflate "]), Ok(Encoding::Deflate));
        for (values, named) in
            [(&["br"][..], "br"), (&["zstd"], "zstd"), (&["gzip, br"], "gzip, br"), (&["x"], "x")]
        {
            let error = of(values).unwrap_err();
            assert!(error.contains(&format!("encoding {named},")), "{error}");
        }
    }

    #[test]
    fn nothing_beyond_the_limit_is_kept() {
        let mut bytes = Limited::new(Arc::new(BodyBudget::new(5)).share());
        bytes.write_all(b"12345").unwrap();
        let error = bytes.write_all(b"6").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(bytes.bytes, b"12345");
    }
}

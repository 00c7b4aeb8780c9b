//! Answers packed for clients that accept gzip.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, VARY};
use http::{HeaderMap, HeaderValue, Response};

/// Smaller bodies are not worth it.
const LEAST: usize = 1024;

/// True when a client with these request headers can read gzip.
pub(super) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let values =
        headers.get_all(ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// The answer in gzip, unless it is small or packed already.
pub(super) fn packed(mut response: Response<Vec<u8>>) -> Response<Vec<u8>> {
    let is_packed = response.headers().contains_key(CONTENT_ENCODING);
    if is_packed || response.body().len() < LEAST {
        return response;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail; were it otherwise, the plain answer is right as well.
    let body = encoder.write_all(response.body()).and_then(|()| encoder.finish());
    if let Ok(body) = body {
        *response.body_mut() = body;
        let headers = response.headers_mut();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acceptance_is_read_from_the_header() {
        let accepts = |value: &'static str| {
            accepts_gzip(&HeaderMap::from_iter([(
                ACCEPT_ENCODING,
                HeaderValue::from_static(value),
            )]))
        };
        assert!(accepts("gzip") && accepts("br, GZip;q=0.5") && accepts("deflate,gzip"));
        assert!(!accepts("identity") && !accepts("gzip;q=0") && !accepts("") && !accepts("br"));
        assert!(!accepts_gzip(&HeaderMap::new()));
    }
}

//! `-f http`: the request as text.

use super::{SignedRequest, header_lines};
use crate::request::target;

/// Returns request line, headers, a blank line and the body byte for byte.
pub(crate) fn http(request: &SignedRequest<'_>) -> Vec<u8> {
    let mut text = format!("{} {} HTTP/1.1\n", request.given.method, target(request.url()));
    text.push_str(&header_lines(request));
    text.push('\n');
    let mut bytes = text.into_bytes();
    let body = &request.given.body.bytes;
    if !body.is_empty() {
        bytes.extend_from_slice(body);
        bytes.push(b'\n');
    }
    bytes
}

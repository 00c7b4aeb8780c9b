//! One request over `std::net`, as it is, and the answer: nothing in between that could change a
//! byte of what was signed.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use ark_usage_transport::TransportError;
use http::{Request, Response};

use crate::programs::Outcome;

/// Status and body of the answer to a request.
pub(crate) fn exchange(
    method: &str,
    url: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> Outcome<(u16, String)> {
    let sent = send(method, url, headers, body);
    let (status, body) = sent.map_err(|error| format!("{method} {url}: {error}"))?;
    Ok((status, String::from_utf8_lossy(&body).into_owned()))
}

/// The same as a transport of the library.
#[expect(clippy::needless_pass_by_value, reason = "a transport takes the request")]
pub(crate) fn transport(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers: Vec<(String, String)> =
        request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let url = request.uri().to_string();
    let (status, body) = send(request.method().as_str(), &url, &headers, request.body())?;
    Response::builder().status(status).body(body).map_err(TransportError::other)
}

fn send(
    method: &str,
    url: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> std::io::Result<(u16, Vec<u8>)> {
    let invalid = |why: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, why.to_owned());
    let rest = url.strip_prefix("http://").ok_or_else(|| invalid("not an http URL"))?;
    let at = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(at);
    let slash = if target.starts_with('/') { "" } else { "/" };
    let mut lines = vec![format!("{method} {slash}{target} HTTP/1.1")];
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        lines.push(format!("Host: {authority}"));
    }
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.push(format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len()));
    let head = lines.join("\r\n");
    let mut socket = TcpStream::connect(authority)?;
    socket.set_read_timeout(Some(Duration::from_secs(30)))?;
    socket.write_all(head.as_bytes())?;
    socket.write_all(body)?;
    let mut answer = Vec::new();
    socket.take(16 << 20).read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let body = answer.split_off(end.map_or(answer.len(), |end| end + 4));
    let head = String::from_utf8_lossy(&answer);
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok((status.ok_or_else(|| invalid("no status"))?, body))
}

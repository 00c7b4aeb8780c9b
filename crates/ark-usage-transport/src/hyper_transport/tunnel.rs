//! A tunnel through a proxy (CONNECT), and what the proxy said when there is none.

use std::task::{Context, Poll};
use std::time::Duration;

use http::{HeaderValue, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower_service::Service;
use volc_openapi::{FailedBody, TransportFailure};

use super::connector::{BoxError, Boxed, Tcp, call};
use super::proxy::Proxy;

/// The most bytes of the head of a proxy's answer.
const HEAD: usize = 16 << 10;
/// The time that the page of a proxy's refusal has to follow its head.
const PAGE_TIMEOUT: Duration = Duration::from_millis(500);

/// Makes connections through one proxy.
#[derive(Clone)]
pub(super) struct Tunnel {
    tcp: Tcp,
    proxy: Uri,
    shown: String,
    authorization: Option<HeaderValue>,
}

impl Tunnel {
    pub(super) fn new(proxy: &Proxy, tcp: Tcp) -> Self {
        Self {
            tcp,
            proxy: proxy.uri().clone(),
            shown: proxy.shown(),
            authorization: proxy.authorization().cloned(),
        }
    }

    async fn connect(self, target: Uri) -> Result<TokioIo<TcpStream>, BoxError> {
        let socket = call(self.tcp, self.proxy).await;
        let mut socket =
            socket.map_err(|error| ProxyUnreached::new(&self.shown, error))?.into_inner();
        let request = connect_request(&target, self.authorization.as_ref());
        socket.write_all(&request).await?;
        let mut read = Vec::new();
        let end = loop {
            if let Some(end) = end_of_head(&read) {
                break end;
            }
            let more = socket.read_buf(&mut read).await?;
            if more == 0 || read.len() > HEAD {
                return Err(ProxyRefusal::without_status(&self.shown).into());
            }
        };
        match status_line(&read) {
            Some((status, _)) if status.is_success() => Ok(TokioIo::new(socket)),
            Some((status, reason)) => {
                let _ = timeout(PAGE_TIMEOUT, read_page(&mut socket, &mut read, end)).await;
                let page = read.get(end..).unwrap_or_default();
                Err(ProxyRefusal::new(&self.shown, status, &reason, page).into())
            }
            None => Err(ProxyRefusal::without_status(&self.shown).into()),
        }
    }
}

impl Service<Uri> for Tunnel {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Boxed<TokioIo<TcpStream>, BoxError>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        Box::pin(self.clone().connect(target))
    }
}

fn connect_request(target: &Uri, authorization: Option<&HeaderValue>) -> Vec<u8> {
    let host = target.host().unwrap_or_default();
    let port = target.port_u16().unwrap_or(443);
    let mut request =
        format!("CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n").into_bytes();
    if let Some(authorization) = authorization {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(authorization.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    request
}

/// Reads on until a page can be shown; an error of the socket ends it as well.
async fn read_page(socket: &mut TcpStream, read: &mut Vec<u8>, end: usize) {
    while read.len() < end + FailedBody::CAP && matches!(socket.read_buf(read).await, Ok(1..)) {}
}

fn end_of_head(read: &[u8]) -> Option<usize> {
    let crlf = read.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
    crlf.or_else(|| read.windows(2).position(|two| two == b"\n\n").map(|at| at + 2))
}

/// The status and the reason of `HTTP/1.1 403 Forbidden`.
fn status_line(head: &[u8]) -> Option<(StatusCode, String)> {
    let line = head.split(|byte| *byte == b'\n').next()?;
    let line = String::from_utf8_lossy(line);
    let (version, rest) = line.trim().split_once(' ')?;
    let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
    let status = status.parse().ok().filter(|_| version.starts_with("HTTP/1."))?;
    Some((status, reason.to_owned()))
}

/// The refusal of a proxy: its status and the beginning of its page.
#[derive(Debug, thiserror::Error)]
#[error("{said}")]
pub(super) struct ProxyRefusal {
    /// The proxy, its status and its page.
    said: String,
    pub(super) failure: TransportFailure,
}

impl ProxyRefusal {
    pub(super) fn new(proxy: &str, status: StatusCode, reason: &str, page: &[u8]) -> Self {
        let failure = match status.as_u16() {
            407 => TransportFailure::ProxyAuthentication,
            // It did not reach the server, now.
            429 | 500.. => TransportFailure::ProxyConnect,
            _ => TransportFailure::ProxyRefused,
        };
        let reason =
            if reason.is_empty() { status.canonical_reason().unwrap_or_default() } else { reason };
        let reason = FailedBody::of(reason.as_bytes()).to_string();
        let mut said = format!("{proxy}: HTTP {} {reason}", status.as_u16()).trim_end().to_owned();
        let page = FailedBody::of(page).to_string();
        if !page.is_empty() {
            said = format!("{said}: {page}");
        }
        Self { said, failure }
    }

    fn without_status(proxy: &str) -> Self {
        Self { said: proxy.to_owned(), failure: TransportFailure::Malformed }
    }
}

/// The proxy itself could not be connected to.
#[derive(Debug, thiserror::Error)]
#[error("{proxy}")]
pub(super) struct ProxyUnreached {
    pub(super) proxy: String,
    source: BoxError,
}

impl ProxyUnreached {
    pub(super) fn new(proxy: &str, source: BoxError) -> Self {
        Self { proxy: proxy.to_owned(), source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_line_is_read() {
        let read = |head: &str| status_line(head.as_bytes()).map(|(s, r)| (s.as_u16(), r));
        assert_eq!(
            read("HTTP/1.1 403 Blocked by policy\r\n"),
            Some((403, "Blocked by policy".into()))
        );
        assert_eq!(read("HTTP/1.0 200\r\n\r\n"), Some((200, String::new())));
        for odd in ["", "HTTP/1.1", "HTTP/1.1 2000 OK", "SSH-2.0 200 x", "HTTP/1.1 -1 x"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_refusal_says_status_and_page() {
        let refusal = |status, page: &str| {
            let status = StatusCode::from_u16(status).unwrap();
            let refusal = ProxyRefusal::new("p:1", status, "Odd\u{1b}", page.as_bytes());
            (refusal.failure, refusal.to_string())
        };
        assert_eq!(refusal(407, "").0, TransportFailure::ProxyAuthentication);
        assert_eq!(refusal(502, "").0, TransportFailure::ProxyConnect);
        let (failure, said) = refusal(403, "<html>\nno</html>");
        assert_eq!(failure, TransportFailure::ProxyRefused);
        assert_eq!(said, "p:1: HTTP 403 Odd: <html> no</html>");
    }
}

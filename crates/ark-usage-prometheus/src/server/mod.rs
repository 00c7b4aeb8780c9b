//! The answers to scrapes, as values: a request in, a response out. Any HTTP server can put them on a socket.

#[cfg(test)]
mod tests;

use std::net::IpAddr;

use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};

/// The type of the text format.
pub const CONTENT_TYPE_OF_TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

const PATHS: &str = "/metrics  usage\n/healthz  200 while the process runs\n/-/ready  200 once the history was read\n";

/// Answers a request. `page` is the text of the last reading, `None` before the first one; `is_local` is true
/// for a server that only this machine reaches: names of other hosts are refused then, because a web page
/// could make a browser send them here.
pub fn respond(
    request: &Request<Vec<u8>>,
    page: Option<&str>,
    is_local: bool,
) -> Response<Vec<u8>> {
    if is_local && !names_this_machine(request.headers()) {
        return text(StatusCode::FORBIDDEN, "the Host header does not name this machine\n");
    }
    let path = request.uri().path();
    if !matches!(path, "/" | "/metrics" | "/healthz" | "/-/ready") {
        return text(StatusCode::NOT_FOUND, PATHS);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = text(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    match (path, page) {
        ("/", _) => text(StatusCode::OK, PATHS),
        ("/healthz", _) => text(StatusCode::OK, "ok\n"),
        (_, None) => text(StatusCode::SERVICE_UNAVAILABLE, "the history was not read yet\n"),
        ("/metrics", Some(page)) => {
            let mut response = text(StatusCode::OK, page);
            let format = HeaderValue::from_static(CONTENT_TYPE_OF_TEXT);
            response.headers_mut().insert(CONTENT_TYPE, format);
            response
        }
        _ => text(StatusCode::OK, "ready\n"),
    }
}

fn text(status: StatusCode, body: &str) -> Response<Vec<u8>> {
    let mut response = Response::new(body.as_bytes().to_vec());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// True for an address, `localhost`, or no host at all.
fn names_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST) else { return true };
    let Ok(host) = host.to_str() else { return false };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.is_empty() || name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}

//! A whole query over `std::net`: no runtime, no HTTP library.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use ark_usage_transport::TransportError;
use http::{Request, Response};

/// One connection, one request, an answer until the server closes: enough for loopback and for a
/// gateway that speaks TLS on the program's behalf.
pub fn over_tcp(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
    let host = request.uri().authority().map(ToString::to_string).unwrap_or_default();
    let mut socket = TcpStream::connect(host)?;
    socket.set_read_timeout(Some(Duration::from_secs(30)))?;
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    write!(socket, "{} {target} HTTP/1.1\r\n", request.method())?;
    for (name, value) in request.headers() {
        write!(socket, "{name}: ")?;
        socket.write_all(value.as_bytes())?;
        write!(socket, "\r\n")?;
    }
    write!(socket, "content-length: {}\r\nconnection: close\r\n\r\n", request.body().len())?;
    socket.write_all(request.body())?;

    let mut answer = Vec::new();
    socket.take(64 << 20).read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let end = end.ok_or(io::Error::from(io::ErrorKind::UnexpectedEof))?;
    let body = answer.split_off(end + 4);
    let head = String::from_utf8(answer).map_err(TransportError::other)?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let mut response = Response::builder().status(status);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        response = response.header(name, value);
    }
    response.body(body).map_err(TransportError::other)
}

#[cfg(test)]
mod tests {
    use ark_usage_model::{AccountId, Interval, QueryOptions, Target, UsageQuery, Window};
    use ark_usage_transport::BlockingClient;
    use loopback::{Loopback, VENDOR_DAY_START, demo_keys};
    use volc_sign::Signer;

    use super::*;

    #[test]
    fn a_week_comes_back() {
        let server = Loopback::start();
        let client = BlockingClient::new(over_tcp, Signer::new(demo_keys(), "cn-beijing", "ark"));

        let last = VENDOR_DAY_START;
        let window = Window::new(Interval::Day, last - 6 * 86_400, last).unwrap();
        let base_url = server.base_url().parse().unwrap();
        let options = QueryOptions { max_window_days: 2, ..QueryOptions::default() };
        let targets = vec![Target::new(AccountId(0))];
        let query = UsageQuery::new(targets, window, base_url, options).unwrap();
        let report = client.run(query, &mut ());

        assert!(report.coverage.complete, "{:?}", report.coverage);
        assert_eq!(report.calls.len(), 4);
        assert!(!report.series.is_empty());
    }
}

//! The hyper transport against servers that misbehave, over real sockets.

use std::io::Write;
use std::time::Duration;

use crate::support::{Act, Scripted, answer, write};
use ark_usage_transport::{HyperOptions, HyperTransport, Transport, TransportError};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use http::{Request, Response};
use tokio::net::TcpListener;
use volc_openapi::TransportFailure;

/// Short enough for a test, long enough for a busy machine.
fn patience() -> HyperOptions {
    let mut options = HyperOptions::default();
    options.connect_timeout = Duration::from_secs(1);
    options.read_timeout = Duration::from_secs(1);
    options.total_timeout = Duration::from_secs(3);
    options.body_limit = 100_000;
    options
}

fn request(url: &str) -> Request<Vec<u8>> {
    let host = url.split('/').nth(2).unwrap();
    Request::post(url).header("Host", host).body(b"{}".to_vec()).unwrap()
}

async fn send(url: &str) -> Result<Response<Vec<u8>>, TransportError> {
    HyperTransport::new(patience()).send(request(url)).await
}

/// The result of one script.
async fn outcome(script: Vec<Act>) -> Result<Response<Vec<u8>>, TransportError> {
    let server = Scripted::start(vec![script]).await;
    send(&server.url("/")).await
}

async fn failure(script: Vec<Act>) -> TransportFailure {
    outcome(script).await.unwrap_err().kind()
}

fn pause(millis: u64) -> Act {
    Act::Pause(Duration::from_millis(millis))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn every_status_is_an_answer() {
    for status in ["200 OK", "403 Forbidden", "500 Oops", "502 Bad Gateway"] {
        let answer = outcome(vec![answer(status, "X-Tt-Logid: id-1\r\n", b"text")]).await.unwrap();
        assert!(status.starts_with(answer.status().as_str()));
        assert_eq!(answer.body(), b"text");
        assert_eq!(answer.headers()["x-tt-logid"], "id-1");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let location = format!("Location: http://{}/\r\n", elsewhere.local_addr().unwrap());
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let answer = outcome(vec![answer(status, &location, b"")]).await.unwrap();
        assert!(answer.status().is_redirection());
    }
    let nobody = tokio::time::timeout(Duration::from_millis(100), elsewhere.accept()).await;
    assert!(nobody.is_err(), "the redirect was followed");
}

#[tokio::test]
async fn silent_servers_are_cut_off() {
    assert_eq!(failure(vec![pause(5000)]).await, TransportFailure::ReadTimeout);
    let half_a_head = vec![write("HTTP/1.1 200 OK\r\nContent-"), pause(5000)];
    assert_eq!(failure(half_a_head).await, TransportFailure::ReadTimeout);
    let half_a_body = vec![write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"), pause(5000)];
    assert_eq!(failure(half_a_body).await, TransportFailure::ReadTimeout);
}

#[tokio::test]
async fn a_slow_answer_that_goes_on_is_waited_for() {
    let mut script = vec![write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")];
    for piece in ["s", "l", "o", "w"] {
        script.extend([pause(300), write(piece)]);
    }
    assert_eq!(outcome(script).await.unwrap().body(), b"slow");
}

#[tokio::test]
async fn a_drip_that_never_ends_is_cut_off() {
    let mut script = vec![write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")];
    for _ in 0..80 {
        script.extend([write("."), pause(100)]);
    }
    let error = outcome(script).await.unwrap_err();
    assert_eq!(error.kind(), TransportFailure::ReadTimeout);
    assert!(error.to_string().contains("3s"), "{error}");
}

#[tokio::test]
async fn connections_that_break() {
    assert_eq!(failure(vec![Act::Reset]).await, TransportFailure::Reset);
    assert_eq!(failure(vec![]).await, TransportFailure::Reset);
    let in_head = vec![write("HTTP/1.1 200 OK\r\nContent-"), pause(50), Act::Reset];
    assert_eq!(failure(in_head).await, TransportFailure::Reset);
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc";
    assert_eq!(failure(vec![write(head)]).await, TransportFailure::Truncated);
    let in_body = vec![write(head), pause(50), Act::Reset];
    assert_eq!(failure(in_body).await, TransportFailure::Truncated);
    let in_chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc";
    assert_eq!(failure(vec![write(in_chunk)]).await, TransportFailure::Truncated);
    let before_last_chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n";
    assert_eq!(failure(vec![write(before_last_chunk)]).await, TransportFailure::Truncated);
}

#[tokio::test]
async fn a_content_length_that_is_too_small_cuts() {
    let answer = outcome(vec![write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcdef")]).await;
    assert_eq!(answer.unwrap().body(), b"abc");
}

#[tokio::test]
async fn bytes_other_than_http_are_malformed() {
    assert_eq!(failure(vec![write("hello there\r\n\r\n")]).await, TransportFailure::Malformed);
    let two_lengths = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab";
    assert_eq!(failure(vec![write(two_lengths)]).await, TransportFailure::Malformed);
    let bad_chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n";
    assert_eq!(failure(vec![write(bad_chunk)]).await, TransportFailure::Malformed);
}

#[tokio::test]
async fn bodies_have_a_limit() {
    let announced = vec![write("HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n")];
    assert_eq!(failure(announced).await, TransportFailure::BodyTooLarge);
    let endless = ["HTTP/1.1 200 OK\r\n\r\n", &"x".repeat(100_001)].concat();
    assert_eq!(failure(vec![write(endless)]).await, TransportFailure::BodyTooLarge);
    let just_fits = answer("200 OK", "", &vec![b'x'; 100_000]);
    assert_eq!(outcome(vec![just_fits]).await.unwrap().body().len(), 100_000);
    let error = outcome(vec![answer("200 OK", "", &vec![b'x'; 100_001])]).await.unwrap_err();
    assert!(error.to_string().contains("100000 bytes"), "{error}");
}

#[tokio::test]
async fn gzip_is_unpacked_within_the_limit() {
    let packed = gzip(b"hello");
    let answered = outcome(vec![answer("200 OK", "Content-Encoding: gzip\r\n", &packed)]).await;
    let answered = answered.unwrap();
    assert_eq!(answered.body(), b"hello");
    assert!(!answered.headers().contains_key("content-encoding"));
    assert!(!answered.headers().contains_key("content-length"));

    let bomb = gzip(&vec![0; 50_000_000]);
    assert!(bomb.len() > 100_000, "longer than the limit even packed: {}", bomb.len());
    let bomb = vec![answer("200 OK", "Content-Encoding: gzip\r\n", &bomb)];
    assert_eq!(failure(bomb).await, TransportFailure::BodyTooLarge);
    let small_bomb = gzip(&vec![0; 200_000]);
    assert!(small_bomb.len() < 2_000);
    let small_bomb = vec![answer("200 OK", "Content-Encoding: gzip\r\n", &small_bomb)];
    assert_eq!(failure(small_bomb).await, TransportFailure::BodyTooLarge);

    let cut = vec![answer("200 OK", "Content-Encoding: gzip\r\n", &packed[..packed.len() - 6])];
    assert_eq!(failure(cut).await, TransportFailure::Truncated);
    let garbled = vec![answer("200 OK", "Content-Encoding: gzip\r\n", b"not gzip at all")];
    assert_eq!(failure(garbled).await, TransportFailure::Malformed);
}

#[tokio::test]
async fn other_encodings_are_understood_or_named() {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(b"hello").unwrap();
    let deflated = encoder.finish().unwrap();
    let packed = gzip(b"hello");
    for (encoding, body) in [
        ("deflate", &deflated[..]),
        ("identity, gzip", &packed),
        ("identity", b"hello"),
        ("GZIP", &packed),
    ] {
        let head = format!("Content-Encoding: {encoding}\r\n");
        let answered = outcome(vec![answer("200 OK", &head, body)]).await.unwrap();
        assert_eq!(answered.body(), b"hello", "{encoding}");
    }
    for encoding in ["br", "zstd", "gzip, br"] {
        let head = format!("Content-Encoding: {encoding}\r\n");
        let error = outcome(vec![answer("200 OK", &head, b"?")]).await.unwrap_err();
        assert_eq!(error.kind(), TransportFailure::Malformed, "{encoding}");
        assert!(error.to_string().contains(encoding), "{error}");
    }
}

#[tokio::test]
async fn servers_that_cannot_be_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let free = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let error = send(&free).await.unwrap_err();
    assert_eq!(error.kind(), TransportFailure::Connect);
    assert!(std::error::Error::source(&error).is_some());

    let error = send("http://no-such-host.invalid/").await.unwrap_err();
    assert!(
        matches!(error.kind(), TransportFailure::Dns | TransportFailure::ConnectTimeout),
        "{error:?}"
    );
}

#[tokio::test]
async fn connecting_takes_no_longer_than_allowed() {
    // A listener whose queue is full neither accepts nor refuses.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full = socket.listen(1).unwrap();
    let address = full.local_addr().unwrap();
    let mut waiting = Vec::new();
    for _ in 0..8 {
        let connecting = tokio::net::TcpStream::connect(address);
        waiting.push(tokio::time::timeout(Duration::from_millis(50), connecting).await);
    }
    let error = send(&format!("http://{address}/")).await.unwrap_err();
    assert!(
        matches!(error.kind(), TransportFailure::ConnectTimeout | TransportFailure::ReadTimeout),
        "{error:?}"
    );
    drop(waiting);
}

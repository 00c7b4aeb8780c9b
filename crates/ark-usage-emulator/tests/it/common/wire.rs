//! Servers and bytes on real sockets.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "tests; each file uses its part"
)]

use std::io;
use std::time::Duration;

use ark_usage_emulator::{Emulator, EmulatorOptions, FaultScript, Limits, Server, serve, serve_on};
use http::Request;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::{SAMPLE_NOW, at, signed, total};

pub const DAY: i64 = 1_731_945_600;

pub async fn start(script: &str) -> Server {
    let faults = FaultScript::from_toml(script).unwrap();
    let emulator = Emulator::new(EmulatorOptions { faults, ..EmulatorOptions::default() });
    serve("127.0.0.1:0", emulator, || at(SAMPLE_NOW)).await.unwrap()
}

/// A server with one fault on its first call.
pub async fn faulty(effect: &str) -> Server {
    start(&format!("[[fault]]\nwhen = {{ first = 1 }}\neffect = {effect}")).await
}

pub async fn limited(limits: Limits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let emulator = Emulator::new(EmulatorOptions::default());
    serve_on(listener, emulator, || at(SAMPLE_NOW), limits).unwrap()
}

pub async fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.local_addr()).await.unwrap()
}

pub fn day() -> Request<Vec<u8>> {
    let body = json!({"Interval": 86400, "StartTime": DAY, "EndTime": DAY});
    signed("ark", "GetUsage", &body, SAMPLE_NOW)
}

/// `request` as HTTP/1.1, with `more` header lines.
pub fn wire(request: &Request<Vec<u8>>, more: &str) -> Vec<u8> {
    let target = request.uri().path_and_query().unwrap();
    let mut lines = vec![format!("{} {target} HTTP/1.1", request.method())];
    for (name, value) in request.headers() {
        lines.push(format!("{name}: {}", value.to_str().unwrap()));
    }
    lines.push(format!("content-length: {}\r\n{more}\r\n", request.body().len()));
    let mut bytes = lines.join("\r\n").into_bytes();
    bytes.extend_from_slice(request.body());
    bytes
}

/// Everything that comes until the connection ends, and how it ended.
pub async fn rest(stream: &mut TcpStream) -> (Vec<u8>, io::Result<()>) {
    let mut bytes = Vec::new();
    let reading = stream.read_to_end(&mut bytes);
    let end = timeout(Duration::from_secs(20), reading).await.unwrap();
    (bytes, end.map(|_| ()))
}

/// One whole exchange on a connection of its own.
pub async fn exchange(server: &Server) -> (Vec<u8>, io::Result<()>) {
    let mut stream = connect(server).await;
    stream.write_all(&wire(&day(), "connection: close\r\n")).await.unwrap();
    rest(&mut stream).await
}

/// Head as text, and body.
pub fn parted(answer: &[u8]) -> (String, &[u8]) {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    let (head, body) = answer.split_at(end + 4);
    (String::from_utf8(head.to_vec()).unwrap().to_ascii_lowercase(), body)
}

pub fn is_right(body: &[u8]) -> bool {
    let answer: Value = serde_json::from_slice(body).unwrap();
    total(&answer, "PromptTokens") == 1_529_525_715
}

pub fn status_line(answer: &[u8]) -> String {
    String::from_utf8_lossy(answer.split(|byte| *byte == b'\r').next().unwrap()).into_owned()
}

pub fn was_reset(end: &io::Result<()>) -> bool {
    end.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::ConnectionReset)
}

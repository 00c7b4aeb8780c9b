//! The emulator on a real socket: HTTP as it should be, limits against clients that are not, and
//! faults that only a socket can show.
#![cfg(feature = "serve")]
#![expect(clippy::unwrap_used, reason = "tests")]

mod common;

use std::io;
use std::time::Duration;

use ark_usage_emulator::{Emulator, EmulatorOptions, FaultScript, Limits, Server, serve, serve_on};
use common::{SAMPLE_NOW, at, signed};
use http::Request;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

const DAY: i64 = 1_731_945_600;

async fn start(script: &str) -> Server {
    let faults = FaultScript::from_toml(script).unwrap();
    let emulator = Emulator::new(EmulatorOptions { faults, ..EmulatorOptions::default() });
    serve("127.0.0.1:0", emulator, || at(SAMPLE_NOW)).await.unwrap()
}

/// A server with one fault on its first call.
async fn faulty(effect: &str) -> Server {
    start(&format!("[[fault]]\nwhen = {{ first = 1 }}\neffect = {effect}")).await
}

async fn limited(limits: Limits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let emulator = Emulator::new(EmulatorOptions::default());
    serve_on(listener, emulator, || at(SAMPLE_NOW), limits).unwrap()
}

async fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.local_addr()).await.unwrap()
}

fn day() -> Request<Vec<u8>> {
    let body = json!({"Interval": 86400, "StartTime": DAY, "EndTime": DAY});
    signed("ark", "GetUsage", &body, SAMPLE_NOW)
}

/// `request` as HTTP/1.1, with `more` header lines.
fn wire(request: &Request<Vec<u8>>, more: &str) -> Vec<u8> {
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
async fn rest(stream: &mut TcpStream) -> (Vec<u8>, io::Result<()>) {
    let mut bytes = Vec::new();
    let reading = stream.read_to_end(&mut bytes);
    let end = timeout(Duration::from_secs(20), reading).await.unwrap();
    (bytes, end.map(|_| ()))
}

/// One whole exchange on a connection of its own.
async fn exchange(server: &Server) -> (Vec<u8>, io::Result<()>) {
    let mut stream = connect(server).await;
    stream.write_all(&wire(&day(), "connection: close\r\n")).await.unwrap();
    rest(&mut stream).await
}

/// Head as text, and body.
fn parted(answer: &[u8]) -> (String, &[u8]) {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
    let (head, body) = answer.split_at(end + 4);
    (String::from_utf8(head.to_vec()).unwrap().to_ascii_lowercase(), body)
}

fn is_right(body: &[u8]) -> bool {
    let answer: Value = serde_json::from_slice(body).unwrap();
    common::total(&answer, "PromptTokens") == 1_529_525_715
}

fn status_line(answer: &[u8]) -> String {
    String::from_utf8_lossy(answer.split(|byte| *byte == b'\r').next().unwrap()).into_owned()
}

fn was_reset(end: &io::Result<()>) -> bool {
    end.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::ConnectionReset)
}

#[tokio::test]
async fn an_exchange_over_a_real_socket() {
    let server = start("").await;
    assert_eq!(server.base_url(), format!("http://{}", server.local_addr()));
    let (answer, end) = exchange(&server).await;
    end.unwrap();
    let (head, body) = parted(&answer);
    assert!(head.starts_with("http/1.1 200 ok"), "{head}");
    assert!(head.contains("date: tue, 19 nov 2024 10:45:37 gmt\r\n"), "{head}");
    assert!(head.contains("x-tt-logid: 20241119184537"), "{head}");
    assert!(is_right(body));
    server.shutdown().await;
}

#[tokio::test]
async fn connections_are_kept_alive() {
    let server = start("").await;
    let mut stream = connect(&server).await;
    for _ in 0..3 {
        stream.write_all(&wire(&day(), "")).await.unwrap();
        let mut answer = Vec::new();
        // The answer ends with the envelope's closing braces.
        while !answer.ends_with(b"]}]}}") {
            assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0);
        }
        assert!(is_right(parted(&answer).1));
    }
}

#[tokio::test]
async fn shutdown_closes_everything_and_frees_the_port() {
    let server = start("").await;
    let address = server.local_addr();
    let mut stream = connect(&server).await;
    stream.write_all(b"POST / HTTP/1.1\r\n").await.unwrap();
    server.shutdown().await;
    let (_, end) = rest(&mut stream).await;
    assert!(end.is_ok() || was_reset(&end));
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn dropping_the_server_stops_it() {
    let server = start("").await;
    let mut stream = connect(&server).await;
    drop(server);
    let (answer, _) = rest(&mut stream).await;
    assert!(answer.is_empty());
}

#[tokio::test]
async fn large_answers_are_packed_for_clients_that_accept_it() {
    let server = start("").await;
    let body = json!({"Interval": 3600, "StartTime": DAY - 10 * 86_400, "EndTime": DAY});
    let request = signed("ark", "GetUsage", &body, SAMPLE_NOW);
    let ask = async |more: &str| {
        let mut stream = connect(&server).await;
        stream.write_all(&wire(&request, more)).await.unwrap();
        rest(&mut stream).await.0
    };
    let plain = ask("connection: close\r\n").await;
    let packed = ask("connection: close\r\naccept-encoding: gzip\r\n").await;
    let (head, body) = parted(&packed);
    assert!(head.contains("content-encoding: gzip\r\n"), "{head}");
    assert!(packed.len() * 2 < plain.len());
    let mut unpacked = Vec::new();
    io::Read::read_to_end(&mut flate2::read::GzDecoder::new(body), &mut unpacked).unwrap();
    let result = |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap()["Result"].clone();
    assert_eq!(result(&unpacked), result(parted(&plain).1));
}

#[tokio::test]
async fn latency_is_waited() {
    let server = limited(Limits { latency: Duration::from_millis(120), ..Limits::default() }).await;
    let begun = tokio::time::Instant::now();
    let (answer, _) = exchange(&server).await;
    assert!(begun.elapsed() >= Duration::from_millis(120));
    assert!(is_right(parted(&answer).1));
}

// Clients that are not as they should be.

async fn answer_to(server: &Server, bytes: &[u8]) -> Vec<u8> {
    let mut stream = connect(server).await;
    // The server may have had enough before all is written.
    let _ = stream.write_all(bytes).await;
    rest(&mut stream).await.0
}

#[tokio::test]
async fn broken_requests_are_answered_and_forgotten() {
    let server = start("").await;
    let garbage: [&[u8]; 6] = [
        b"HELLO\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: minus one\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nbad header\r\n\r\n",
    ];
    for bytes in garbage {
        let answer = answer_to(&server, bytes).await;
        assert!(answer.is_empty() || status_line(&answer).contains(" 400 "), "{bytes:?}");
    }
    assert!(is_right(parted(&exchange(&server).await.0).1));
}

#[tokio::test]
async fn oversized_heads_are_answered_with_431() {
    let server = start("").await;
    let long = format!("GET / HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "a".repeat(200_000));
    assert!(status_line(&answer_to(&server, long.as_bytes()).await).contains(" 431 "));
    let many = format!("GET / HTTP/1.1\r\nhost: x\r\n{}\r\n", "x-many: 1\r\n".repeat(150));
    assert!(status_line(&answer_to(&server, many.as_bytes()).await).contains(" 431 "));
    assert!(is_right(parted(&exchange(&server).await.0).1));
}

#[tokio::test]
async fn oversized_bodies_are_answered_with_413() {
    let server = limited(Limits { max_body_bytes: 10_000, ..Limits::default() }).await;
    let announced = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999\r\n\r\n";
    assert!(status_line(&answer_to(&server, announced).await).contains(" 413 "));
    let mut chunked = b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..20 {
        chunked.extend_from_slice(b"400\r\n");
        chunked.extend_from_slice(&[b' '; 0x400]);
        chunked.extend_from_slice(b"\r\n");
    }
    assert!(status_line(&answer_to(&server, &chunked).await).contains(" 413 "));
    assert!(is_right(parted(&exchange(&server).await.0).1));
}

#[tokio::test]
async fn slow_clients_are_cut_off_and_hold_up_nobody() {
    let limits = Limits {
        max_connections: 2,
        header_timeout: Duration::from_millis(150),
        body_timeout: Duration::from_millis(150),
        ..Limits::default()
    };
    let server = limited(limits).await;
    // Two clients take all places: one never ends its head, one never sends its body.
    let mut silent = connect(&server).await;
    silent.write_all(b"POST / HTTP/1.1\r\nhost:").await.unwrap();
    let mut bodiless = connect(&server).await;
    bodiless.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n").await.unwrap();
    assert!(is_right(parted(&exchange(&server).await.0).1));
    let (answer, _) = rest(&mut bodiless).await;
    assert!(status_line(&answer).contains(" 408 "));
    let (answer, _) = rest(&mut silent).await;
    assert!(answer.is_empty() || status_line(&answer).contains(" 408 "));
}

#[tokio::test]
async fn clients_that_never_read_are_dropped() {
    let limits = Limits {
        max_connections: 1,
        write_timeout: Duration::from_millis(150),
        ..Limits::default()
    };
    let server = limited(limits).await;
    let years = json!({"Interval": 3600, "StartTime": DAY - 2000 * 86_400, "EndTime": DAY});
    let request = wire(&signed("ark", "GetUsage", &years, SAMPLE_NOW), "");
    let mut deaf = connect(&server).await;
    for _ in 0..4 {
        deaf.write_all(&request).await.unwrap();
    }
    assert!(is_right(parted(&exchange(&server).await.0).1));
    drop(deaf);
}

#[tokio::test]
async fn a_crowd_is_served_in_turn() {
    let server = limited(Limits { max_connections: 4, ..Limits::default() }).await;
    let address = server.local_addr();
    let clients: Vec<_> = (0..60)
        .map(|_| {
            tokio::spawn(async move {
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(&wire(&day(), "connection: close\r\n")).await.unwrap();
                rest(&mut stream).await.0
            })
        })
        .collect();
    for client in clients {
        assert!(is_right(parted(&client.await.unwrap()).1));
    }
}

// Faults.

#[tokio::test]
async fn resets() {
    let server = faulty("{ kind = \"reset\" }").await;
    let (answer, end) = exchange(&server).await;
    assert!(answer.is_empty() && was_reset(&end), "{end:?}");
    // Only the first call was to fail.
    assert!(is_right(parted(&exchange(&server).await.0).1));

    let server = faulty("{ kind = \"reset\", at = \"in-body\" }").await;
    let (answer, end) = exchange(&server).await;
    assert!(was_reset(&end), "{end:?}");
    let (head, body) = parted(&answer);
    assert!(
        head.contains(&format!("content-length: {}\r\n", body.len() * 2))
            || head.contains(&format!("content-length: {}\r\n", body.len() * 2 + 1)),
        "{head} {}",
        body.len()
    );

    let server = faulty("{ kind = \"reset\", at = \"after-body\" }").await;
    let (answer, end) = exchange(&server).await;
    assert!(was_reset(&end), "{end:?}");
    assert!(is_right(parted(&answer).1));
}

#[tokio::test]
async fn stalls() {
    for (effect, expected) in
        [("{ kind = \"stall\" }", None), ("{ kind = \"stall\", after = 10 }", Some(10))]
    {
        let server = faulty(effect).await;
        let mut stream = connect(&server).await;
        stream.write_all(&wire(&day(), "")).await.unwrap();
        let mut answer = Vec::new();
        let reading = timeout(Duration::from_millis(300), stream.read_to_end(&mut answer)).await;
        assert!(reading.is_err(), "the connection stays open");
        match expected {
            None => assert!(answer.is_empty()),
            Some(count) => assert_eq!(parted(&answer).1.len(), count),
        }
        assert!(is_right(parted(&exchange(&server).await.0).1));
    }
}

#[tokio::test]
async fn slow_drips_and_delays() {
    let server = faulty("{ kind = \"slow-drip\", bytes = 100, millis = 30 }").await;
    let begun = tokio::time::Instant::now();
    let (answer, end) = exchange(&server).await;
    end.unwrap();
    assert!(is_right(parted(&answer).1));
    assert!(begun.elapsed() >= Duration::from_millis(90), "{:?}", begun.elapsed());

    let server = faulty("{ kind = \"delay\", millis = 200 }").await;
    let begun = tokio::time::Instant::now();
    assert!(is_right(parted(&exchange(&server).await.0).1));
    assert!(begun.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn wrong_lengths() {
    for off_by in [7_i64, -7] {
        let server = faulty(&format!("{{ kind = \"content-length\", off-by = {off_by} }}")).await;
        let (answer, end) = exchange(&server).await;
        end.unwrap();
        let (head, body) = parted(&answer);
        assert!(is_right(body));
        let announced = i64::try_from(body.len()).unwrap() + off_by;
        assert!(head.contains(&format!("content-length: {announced}\r\n")), "{head}");
    }
}

#[tokio::test]
async fn huge_bodies() {
    let server = faulty("{ kind = \"huge-body\", bytes = 5000000 }").await;
    let (answer, end) = exchange(&server).await;
    end.unwrap();
    let (head, body) = parted(&answer);
    assert!(head.contains("content-length: 5000000\r\n"));
    assert_eq!(body.len(), 5_000_000);
    assert!(is_right(body));
    // A client that has had enough does no harm.
    let server = faulty("{ kind = \"huge-body\" }").await;
    let mut stream = connect(&server).await;
    stream.write_all(&wire(&day(), "")).await.unwrap();
    let mut some = [0; 1000];
    stream.read_exact(&mut some).await.unwrap();
    drop(stream);
    assert!(is_right(parted(&exchange(&server).await.0).1));
}

#[tokio::test]
async fn faults_of_the_answer_travel_too() {
    let server = start(
        "[[fault]]\nwhen = { nth = 1 }\neffect = { kind = \"html-page\", status = 502 }\n\
         [[fault]]\nwhen = { nth = 2 }\neffect = { kind = \"truncated-json\" }\n\
         [[fault]]\nwhen = { nth = 3 }\neffect = { kind = \"gzip-bomb\", bytes = 2000000 }\n\
         [[fault]]\nwhen = { nth = 4 }\neffect = { kind = \"redirect\" }",
    )
    .await;
    assert_eq!(status_line(&exchange(&server).await.0), "HTTP/1.1 502 Bad Gateway");
    let (answer, end) = exchange(&server).await;
    end.unwrap();
    assert!(serde_json::from_slice::<Value>(parted(&answer).1).is_err());
    let (answer, _) = exchange(&server).await;
    assert!(parted(&answer).0.contains("content-encoding: gzip\r\n"));
    assert!(answer.len() < 60_000);
    let (answer, _) = exchange(&server).await;
    assert!(parted(&answer).0.contains("location: https://elsewhere.example.com/\r\n"));
}

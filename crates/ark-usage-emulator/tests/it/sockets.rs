//! The emulator on a real socket: HTTP as it should be, and faults that only a socket can show.

use std::io;
use std::time::Duration;

use crate::common::wire::{
    DAY, connect, day, exchange, faulty, is_right, limited, parted, rest, start, status_line,
    was_reset, wire,
};
use crate::common::{SAMPLE_NOW, signed};
use ark_usage_emulator::Limits;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

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

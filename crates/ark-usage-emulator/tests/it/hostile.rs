//! Clients that are not as they should be: whatever they do, the server stays up, keeps to its bounds
//! and answers the next good request.

use std::time::Duration;

use crate::common::wire::{
    DAY, connect, day, exchange, is_right, limited, parted, rest, start, status_line, wire,
};
use crate::common::{SAMPLE_NOW, signed};
use ark_usage_emulator::{Limits, Server};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

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
async fn slow_clients_are_cut_off_and_block_no_other() {
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

/// Requests that two readers could understand differently, and odd but proper ones.
#[tokio::test]
async fn unclear_requests_are_refused_or_read_in_one_way() {
    let server = start("").await;
    for head in [
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 18446744073709551616\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: +1\r\n\r\na",
        "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\nbad\0name: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: x\r\nfolded: a\r\n b\r\n\r\n",
        "GET  / HTTP/1.1\r\nhost: x\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\0\0\0\0\0\0\0\0\r\n\r\n",
    ] {
        let answer = answer_to(&server, head.as_bytes()).await;
        assert!(answer.is_empty() || status_line(&answer).contains(" 4"), "{head:?}: {answer:?}");
    }
    // Proper HTTP that nobody signed.
    for head in [
        "GET http://elsewhere.example.com/?Action=GetUsage HTTP/1.1\r\nhost: x\r\n",
        "OPTIONS * HTTP/1.1\r\nhost: x\r\n",
        "CONNECT x:443 HTTP/1.1\r\nhost: x:443\r\n",
        "BREW /?%00=%ff;;;&&=&a HTTP/1.1\r\nhost: x\r\n",
        "GET /?Action=GetUsage HTTP/1.0\r\n",
    ] {
        let answer =
            answer_to(&server, format!("{head}connection: close\r\n\r\n").as_bytes()).await;
        assert!(status_line(&answer).contains(" 4"), "{head:?}: {}", status_line(&answer));
    }
    assert!(is_right(parted(&exchange(&server).await.0).1));
}

/// Cut anywhere, with bytes changed anywhere.
#[tokio::test]
async fn damaged_requests_affect_no_other_client() {
    let server = start("").await;
    let good = wire(&day(), "connection: close\r\n");
    for at in (0..good.len()).step_by(11) {
        drop(answer_and_leave(&server, good.get(..at).unwrap()).await);
        let mut damaged = good.clone();
        *damaged.get_mut(at).unwrap() ^= 0x80;
        drop(answer_and_leave(&server, &damaged).await);
    }
    assert!(is_right(parted(&exchange(&server).await.0).1));
}

/// Sends, says that no more comes, and reads what is answered.
async fn answer_and_leave(server: &Server, bytes: &[u8]) -> Vec<u8> {
    let mut stream = connect(server).await;
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    rest(&mut stream).await.0
}

#[tokio::test]
async fn half_closed_connections_are_answered() {
    let limits = Limits { latency: Duration::from_millis(50), ..Limits::default() };
    let server = limited(limits).await;
    let answer = answer_and_leave(&server, &wire(&day(), "")).await;
    assert!(is_right(parted(&answer).1));
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let server = start("").await;
    let other = json!({"Interval": 86400, "StartTime": DAY, "EndTime": DAY, "ProjectName": "none"});
    let requests = [
        wire(&day(), ""),
        wire(&signed("ark", "GetUsage", &other, SAMPLE_NOW), ""),
        b"GET /unsigned HTTP/1.1\r\nhost: x\r\n\r\n".to_vec(),
        wire(&day(), "connection: close\r\n"),
    ];
    let answers = answer_to(&server, &requests.concat()).await;
    let text = String::from_utf8(answers).unwrap();
    let statuses: Vec<&str> =
        text.split("HTTP/1.1 ").filter_map(|answer| answer.get(..3)).collect();
    assert_eq!(statuses.len(), 4, "{text}");
    assert_eq!((statuses[0], statuses[3]), ("200", "200"));
    assert!(statuses[2].starts_with('4'), "{statuses:?}");
    assert!(text.ends_with("]}]}}") && text.matches("1529525715").count() == 2, "{text}");
}

/// Far more than there is room for: those that say nothing make room for those that do.
#[tokio::test]
async fn thousands_of_idle_connections_make_room() {
    let limits = Limits {
        max_connections: 300,
        crowded_timeout: Duration::from_millis(50),
        ..Limits::default()
    };
    let server = limited(limits).await;
    let mut idle = Vec::new();
    while idle.len() < 2000 {
        // A machine may allow a process fewer descriptors than that.
        let Ok(mut stream) = TcpStream::connect(server.local_addr()).await else { break };
        if idle.len() % 2 == 0 {
            let _ = stream.write_all(b"POST / HTTP/1.1\r\nhost: ").await;
        }
        idle.push(stream);
    }
    assert!(idle.len() >= 400, "only {} connections", idle.len());
    // Room for the descriptors of what follows.
    idle.truncate(idle.len() - 10);
    for _ in 0..3 {
        assert!(is_right(parted(&exchange(&server).await.0).1));
    }
    drop(idle);
    assert!(is_right(parted(&exchange(&server).await.0).1));
}

/// A crowd of idle connections does not cost those at work theirs.
#[tokio::test]
async fn many_clients_interrupt_no_response_under_way() {
    let limits = Limits {
        max_connections: 2,
        crowded_timeout: Duration::from_millis(20),
        latency: Duration::from_millis(300),
        ..Limits::default()
    };
    let server = limited(limits).await;
    let mut at_work = connect(&server).await;
    at_work.write_all(&wire(&day(), "connection: close\r\n")).await.unwrap();
    let mut idle = Vec::new();
    for _ in 0..5 {
        idle.push(connect(&server).await);
    }
    assert!(is_right(parted(&rest(&mut at_work).await.0).1));
    // Those that made room are told by the end of their connection.
    for mut stream in idle.drain(..4) {
        assert_eq!(stream.read(&mut [0; 16]).await.unwrap_or(0), 0);
    }
}

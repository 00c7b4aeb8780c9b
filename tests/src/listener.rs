//! A server for one test: answers by a script, or never.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

/// A listener on a loopback port. Its threads end with the test.
#[derive(Debug)]
pub struct Listener {
    base_url: String,
    requests: Receiver<String>,
}

/// The script's answer to one request's body: status and body, or silence.
pub type Script = fn(&str) -> Option<(u16, String)>;

impl Listener {
    /// Starts it; every request is answered by `script`.
    pub fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a loopback port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let (sender, requests) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let sender = sender.clone();
                thread::spawn(move || serve(&stream, script, &sender));
            }
        });
        Self { base_url: format!("http://{address}"), requests }
    }

    /// The address it listens on.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The next request as it came, head and body.
    pub fn next_request(&self) -> String {
        self.requests.recv_timeout(Duration::from_mins(1)).expect("a request comes")
    }

    /// The requests that have come and were not looked at.
    pub fn requests(&self) -> Vec<String> {
        self.requests.try_iter().collect()
    }
}

fn serve(stream: &TcpStream, script: Script, requests: &Sender<String>) {
    let mut reader = BufReader::new(stream);
    while let Some((head, body)) = read_request(&mut reader) {
        // Nobody may be waiting to see it any more.
        let _ = requests.send(format!("{head}{body}"));
        let Some((status, answer)) = script(&body) else { return stay_silent(&mut reader) };
        let length = answer.len();
        let written = write!(
            &*stream,
            "HTTP/1.1 {status} Scripted\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{answer}"
        );
        if written.is_err() {
            return;
        }
    }
}

/// Holds the connection until the other side has had enough.
fn stay_silent(reader: &mut impl Read) {
    let mut byte = [0];
    while matches!(reader.read(&mut byte), Ok(1)) {}
}

fn read_request(reader: &mut impl BufRead) -> Option<(String, String)> {
    let mut head = String::new();
    let mut length = 0;
    loop {
        let before = head.len();
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
        let line = head[before..].trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8(body).ok()?))
}

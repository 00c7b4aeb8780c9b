//! A server on loopback that answers by action with what a row has prepared.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::json_text::{answer, items, line, metric, usage};

/// The answers of a row.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The status of every answer.
    pub status: u16,
    /// `GetUsage`; where it is empty, a line for each endpoint id of the request.
    pub usage: Vec<u8>,
    /// `ListEndpoints`.
    pub endpoints: Vec<u8>,
    /// `ListProjects`; where it is empty, the default project. A client tries a list that cannot be
    /// read again, and waits in between.
    pub projects: Vec<u8>,
}

pub struct Server {
    pub base_url: String,
    answers: Arc<Mutex<Arc<Answers>>>,
    /// Bytes of bodies sent.
    sent: Arc<AtomicUsize>,
}

impl Server {
    /// Starts a server for the rest of the process.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base_url = format!("http://{}", listener.local_addr().expect("an address"));
        let (answers, sent) = <(Arc<Mutex<Arc<Answers>>>, Arc<AtomicUsize>)>::default();
        let shared = (Arc::clone(&answers), Arc::clone(&sent));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answers, sent) = (Arc::clone(&shared.0), Arc::clone(&shared.1));
                // A client may leave at any time, a run that is stopped among them.
                thread::spawn(move || drop(serve(&stream, &answers, &sent)));
            }
        });
        Self { base_url, answers, sent }
    }

    /// Answers from now on with these.
    pub fn set(&self, answers: Answers) {
        *self.answers.lock().expect("no thread panics with it") = Arc::new(answers);
        self.sent.store(0, Ordering::Relaxed);
    }

    /// Takes the number of bytes sent since the last call.
    pub fn take_sent(&self) -> usize {
        self.sent.swap(0, Ordering::Relaxed)
    }
}

fn serve(
    stream: &TcpStream,
    answers: &Mutex<Arc<Answers>>,
    sent: &AtomicUsize,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut target, mut length, mut head) = (String::new(), 0, String::new());
        while reader.read_line(&mut head)? > 2 {
            if target.is_empty() {
                target.clone_from(&head);
            }
            let lower = head.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            head.clear();
        }
        if target.is_empty() {
            return Ok(());
        }
        let mut request = vec![0; length];
        reader.read_exact(&mut request)?;
        let answers = Arc::clone(&answers.lock().expect("no thread panics with it"));
        let body = body(&target, &request, &answers);
        sent.fetch_add(body.len(), Ordering::Relaxed);
        let status = if answers.status == 0 { 200 } else { answers.status };
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        // In one piece: of several, the kernel keeps the later ones back until the client has acknowledged the
        // first, and a client may take 40 ms for that.
        let mut stream = stream;
        stream.write_all(&[head.as_bytes(), &body].concat())?;
    }
}

fn body(target: &str, request: &[u8], answers: &Answers) -> Vec<u8> {
    if target.contains("Action=ListEndpoints") {
        answers.endpoints.clone()
    } else if target.contains("Action=ListProjects") {
        if answers.projects.is_empty() {
            return answer(r#"{"Total":1,"Projects":[{"ProjectName":"default"}]}"#).into_bytes();
        }
        answers.projects.clone()
    } else if answers.usage.is_empty() {
        each_endpoint(request)
    } else {
        answers.usage.clone()
    }
}

/// A line for each endpoint id that a request names.
fn each_endpoint(request: &[u8]) -> Vec<u8> {
    let request: serde_json::Value = serde_json::from_slice(request).unwrap_or_default();
    let ids = request.get("EndpointIds").and_then(serde_json::Value::as_array);
    let ids = ids.into_iter().flatten().filter_map(serde_json::Value::as_str);
    let mut lines: Vec<String> = ids.map(|id| line(&[("EndpointId", id)])).collect();
    if lines.is_empty() {
        lines.push(line(&[]));
    }
    usage([metric("PromptTokens", &items(lines))]).into_bytes()
}

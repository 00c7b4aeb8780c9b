//! Pushes to a receiver that answers by a script: the headers, retries, refusals, keys, and a push that is
//! killed at the worst instant.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use workspace_tests::program::{Finished, Sandbox, finish, run};

const NOW: &str = "2024-11-20T04:00:00Z";

/// Says what a request, by its number, is answered with: the head after the version, and the body. Empty
/// is silence.
type Script = fn(usize) -> (&'static str, &'static str);

const TAKES_ALL: Script = |_| ("204 No Content\r\n", "");

/// A request: its head in lower case, and its body.
type Request = (String, Vec<u8>);

/// A receiver on loopback. Its threads end with the test.
struct Listener {
    address: String,
    requests: Receiver<Request>,
}

impl Listener {
    fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/api/v1/write", listener.local_addr().unwrap());
        let (sender, requests) = channel();
        thread::spawn(move || {
            let mut number = 0;
            for stream in listener.incoming().map_while(Result::ok) {
                // One connection after the other, as the program sends one request after the other.
                serve(&stream, script, &mut number, &sender);
            }
        });
        Self { address, requests }
    }

    fn next(&self) -> Request {
        self.requests.recv_timeout(Duration::from_mins(1)).unwrap()
    }
}

fn serve(stream: &TcpStream, script: Script, number: &mut usize, requests: &Sender<Request>) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader) {
        let _ = requests.send(request);
        let (head, body) = script(*number);
        *number += 1;
        if head.is_empty() {
            let mut byte = [0];
            while matches!(reader.read(&mut byte), Ok(1)) {}
            return;
        }
        let length = body.len();
        let written = write!(&*stream, "HTTP/1.1 {head}Content-Length: {length}\r\n\r\n{body}");
        if written.is_err() {
            return;
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Request> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let lower = head.to_ascii_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length: "))?;
    let mut body = vec![0; length.trim().parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some((head, body))
}

/// A folder with a history of ten hours of one endpoint.
fn filled() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("rows.ndjson", &(0..10).map(|hour| row(hour, 100 + hour, 4)).collect::<String>());
    import(&sandbox);
    sandbox
}

fn row(hour: i64, value: i64, fetched: i64) -> String {
    let start = 1_731_945_600 + hour * 3_600;
    let row = serde_json::json!({
        "start_unix": start, "end_unix": start + 3_600, "account_id": "2100000001",
        "project": "search", "endpoint_id": "ep-1", "scene": null, "batch_job_id": null,
        "tags": {}, "metric": "PromptTokens", "value": value, "state": "final",
        "fetched_at": format!("2024-11-20T0{fetched}:00:00Z"), "buckets": null,
    });
    format!("{row}\n")
}

fn import(sandbox: &Sandbox) {
    let finished = program(sandbox, &["history", "import", "rows.ndjson"], &[]);
    assert_eq!(finished.status, Some(0), "{finished:?}");
}

fn program(sandbox: &Sandbox, arguments: &[&str], variables: &[(&str, &str)]) -> Finished {
    let more = ["--history", "h.db", "--now", NOW];
    let mut command = sandbox.command(&[arguments, &more].concat());
    command.envs(variables.iter().copied());
    run(command, "")
}

fn push(sandbox: &Sandbox, listener: &Listener, more: &[&str]) -> Finished {
    let arguments = ["history", "push", "--remote-write", &listener.address, "-f", "json"];
    program(sandbox, &[&arguments, more].concat(), &[])
}

fn counts(finished: &Finished) -> [u64; 5] {
    assert_eq!(finished.status, Some(0), "{finished:?}");
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    ["new", "corrections", "again", "left", "too_large"]
        .map(|key| document["samples"][key].as_u64().unwrap())
}

#[test]
fn each_value_is_sent_once_and_corrected_when_it_changes() {
    let (sandbox, listener) = (filled(), Listener::start(TAKES_ALL));
    assert_eq!(counts(&push(&sandbox, &listener, &[])), [10, 0, 0, 0, 0]);
    let (head, body) = listener.next();
    let head = head.to_ascii_lowercase();
    assert!(head.starts_with("post /api/v1/write http/1.1\r\n"), "{head}");
    for header in [
        "content-encoding: snappy",
        "content-type: application/x-protobuf",
        "x-prometheus-remote-write-version: 0.1.0",
        "user-agent: ark-usage/",
    ] {
        assert!(head.contains(&format!("\r\n{header}")), "{header}: {head}");
    }
    assert!(!head.contains("authorization"), "{head}");
    assert!(!body.is_empty());
    assert_eq!(counts(&push(&sandbox, &listener, &[])), [0; 5]);
    assert!(listener.requests.try_recv().is_err());
    // Another name is another receiver.
    let other = push(&sandbox, &listener, &["--receiver", "other", "--dry-run"]);
    assert_eq!(counts(&other), [10, 0, 0, 0, 0]);

    sandbox.write("rows.ndjson", &[row(3, 55, 5), row(10, 7, 5)].concat());
    import(&sandbox);
    assert_eq!(counts(&push(&sandbox, &listener, &[])), [1, 1, 0, 0, 0]);
    assert_ne!(listener.next().1, body);
}

#[test]
fn a_push_that_is_killed_is_sent_again_as_it_was_before_anything_else() {
    let sandbox = filled();
    // The first request is never answered; the receiver may have taken it.
    let listener = Listener::start(|number| if number == 0 { ("", "") } else { TAKES_ALL(number) });
    let arguments = ["history", "push", "--remote-write", &listener.address, "--history", "h.db"];
    let mut command = sandbox.command(&[&arguments[..], &["--now", NOW]].concat());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let (_, first) = listener.next();
    child.kill().unwrap();
    child.wait().unwrap();
    // A value changes before the next push: the receiver gets the value it may have, then the change.
    sandbox.write("rows.ndjson", &row(3, 55, 5));
    import(&sandbox);
    assert_eq!(counts(&push(&sandbox, &listener, &[])), [0, 1, 10, 0, 0]);
    assert_eq!(listener.next().1, first);
    assert_ne!(listener.next().1, first);
    assert_eq!(counts(&push(&sandbox, &listener, &[])), [0; 5]);
}

#[test]
fn what_can_be_taken_later_is_sent_again_and_what_is_refused_is_not() {
    let sandbox = filled();
    let listener = Listener::start(|number| match number {
        0 => ("503 Service Unavailable\r\nRetry-After: 0\r\n", "busy"),
        1 => ("429 Too Many Requests\r\n", "slower"),
        _ => TAKES_ALL(number),
    });
    let finished = push(&sandbox, &listener, &[]);
    assert_eq!(counts(&finished), [10, 0, 0, 0, 0]);
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    assert_eq!(document["requests"], 3);
    let bodies = [listener.next().1, listener.next().1, listener.next().1];
    assert!(bodies.iter().all(|body| *body == bodies[0]));

    let sandbox = filled();
    let refusing = Listener::start(|_| ("400 Bad Request\r\n", "\nout of bounds\nmore"));
    let finished = push(&sandbox, &refusing, &[]);
    assert_eq!((finished.status, finished.stdout.as_str()), (Some(4), ""), "{finished:?}");
    assert!(finished.stderr.contains("400 out of bounds\n"), "{finished:?}");
    assert_eq!(refusing.requests.try_iter().count(), 1);
    // A Retry-After of an hour is not waited for.
    let patient = Listener::start(|_| ("503 Service Unavailable\r\nRetry-After: 3600\r\n", ""));
    let finished = push(&sandbox, &patient, &[]);
    assert_eq!(finished.status, Some(5), "{finished:?}");
}

#[test]
fn keys_come_from_files_and_variables_and_are_never_shown() {
    let sandbox = filled();
    // A receiver that repeats what it was sent.
    let refusing = Listener::start(|_| {
        let line = "no: made-up-token, made-up-password, bWU6bWFkZS11cC1wYXNzd29yZA==";
        ("401 Unauthorized\r\n", line)
    });
    sandbox.write("token", "made-up-token\n");
    sandbox.write("basic", "me:made-up-password\n");
    let address = ["history", "push", "--remote-write", &refusing.address, "-v"];
    let bearer = ("bearer made-up-token", "bearer-token-file", "token");
    let basic = ("basic bwu6bwfkzs11cc1wyxnzd29yza==", "basic-auth-file", "basic");
    let variables = [
        ("REMOTE_WRITE_BEARER_TOKEN", "made-up-token"),
        ("REMOTE_WRITE_BASIC_AUTH", "me:made-up-password"),
    ];
    for ((header, flag, file), variable) in [bearer, basic].into_iter().zip(variables) {
        let flag = format!("--{flag}");
        for (more, variables) in [(&[flag.as_str(), file][..], &[][..]), (&[], &[variable])] {
            let finished = program(&sandbox, &[&address, more].concat(), variables);
            assert_eq!(finished.status, Some(4), "{finished:?}");
            let head = refusing.next().0.to_ascii_lowercase();
            assert!(head.contains(&format!("\r\nauthorization: {header}\r\n")), "{head}");
            let shown = format!("{}{}", finished.stdout, finished.stderr);
            assert!(shown.contains("401") && shown.contains("***"), "{shown}");
            let secret = if file == "token" { "made-up-token" } else { "made-up-password" };
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    let history = std::fs::read(sandbox.folder().join("h.db")).unwrap();
    let holds = |text: &str| history.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("ark_usage_endpoint_hour") && !holds("made-up-token"));
}

#[test]
fn a_push_that_ends_halfway_says_what_is_left() {
    let sandbox = Sandbox::new();
    sandbox
        .write("rows.ndjson", &(0..2_100).map(|hour| row(hour - 2_100, 1, 4)).collect::<String>());
    import(&sandbox);
    let stopped = |finished: &Finished| {
        let document: Value = serde_json::from_str(&finished.stdout).unwrap();
        let (samples, stopped) = (&document["samples"], &document["stopped"]);
        let count = |key: &str| samples[key].as_u64().unwrap();
        (count("new"), count("left"), stopped["reason"].as_str().unwrap().to_owned())
    };
    let refusing = Listener::start(|number| match number {
        0 => TAKES_ALL(number),
        _ => ("400 Bad Request\r\n", "too old"),
    });
    let finished = push(&sandbox, &refusing, &[]);
    assert_eq!(finished.status, Some(6), "{finished:?}");
    assert_eq!(stopped(&finished), (2_000, 100, "refused".to_owned()));
    assert!(finished.stderr.starts_with("partial: "), "{finished:?}");
    assert!(finished.stderr.contains("400 too old\n"), "{finished:?}");

    // Interrupted while the receiver is silent.
    let silent = Listener::start(|_| ("", ""));
    let arguments = ["history", "push", "--remote-write", &silent.address, "-f", "json"];
    let mut command =
        sandbox.command(&[&arguments[..], &["--history", "h.db", "--now", NOW]].concat());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    silent.next();
    let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let finished = finish(child);
    assert_eq!(finished.status, Some(130), "{finished:?}");
    assert_eq!(stopped(&finished), (0, 2_100, "interrupted".to_owned()));
}

//! Signals end the program within a second while it is busy: with the largest answers, and with
//! outputs that are not read.
#![cfg(unix)]

use std::io::Read as _;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use workspace_tests::listener::{Listener, Script};
use workspace_tests::program::{Sandbox, finish, is_ignored, is_inherited_as_ignored};

/// A second, and the time for a machine that runs other tests as well.
const AT_ONCE: Duration = Duration::from_millis(2_500);
/// The program takes signals that follow sooner for the echo of the first.
const BETWEEN: Duration = Duration::from_millis(200);

/// An answer of `count` metrics on one day.
fn metrics(count: u32) -> String {
    let metric = |number: u32| {
        format!(
            r#"{{"Name":"M{number:06}","MetricItems":[{{"Values":[{{"Timestamp":1731945600,"Value":100}}]}}]}}"#
        )
    };
    let all: Vec<String> = (0..count).map(metric).collect();
    let all = all.join(",");
    format!(r#"{{"ResponseMetadata":{{"RequestId":"r1"}},"Result":{{"UsageResults":[{all}]}}}}"#)
}

/// An answer of 40 MB.
fn forty_megabytes() -> String {
    let items = vec![r#"{"Id":"ep-1","Name":"one of many"}"#; 1_100_000].join(",");
    format!(r#"{{"ResponseMetadata":{{"RequestId":"r1"}},"Result":{{"Items":[{items}]}}}}"#)
}

/// Answers with a hundred thousand metrics.
fn many_metrics() -> Script {
    static BODY: OnceLock<String> = OnceLock::new();
    // Made before the first request.
    BODY.get_or_init(|| metrics(100_000));
    |_| Some((200, BODY.get()?.clone()))
}

/// Answers with 40 MB.
fn large_body() -> Script {
    static BODY: OnceLock<String> = OnceLock::new();
    BODY.get_or_init(forty_megabytes);
    |_| Some((200, BODY.get()?.clone()))
}

/// Answers for the first day, and is silent about the others.
fn first_day(body: &str) -> Option<(u16, String)> {
    body.contains(r#""StartTime":1731945600"#).then(|| (200, metrics(2_000)))
}

fn with_server(sandbox: &Sandbox, server: &Listener, arguments: &[&str]) -> Command {
    let mut command = sandbox.command(arguments);
    command.args(["--base-url", server.base_url(), "--now", "2024-11-20T04:00:00Z"]);
    command.env("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001");
    command.env("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001");
    command
}

fn spawn(mut command: Command) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the program is to get on with its work")]
fn wait(time: Duration) {
    thread::sleep(time);
}

fn send(signal: &str, child: &Child) {
    let pid = child.id().to_string();
    let sent = Command::new("kill").args(["-s", signal, &pid]).stderr(Stdio::null()).status();
    // It may have ended by itself.
    sent.unwrap();
}

/// Sends the signals one after the other; the program has to end soon after the last.
fn end_by(child: Child, signals: &[&str], what: &str) -> Option<i32> {
    for (place, signal) in signals.iter().enumerate() {
        wait(if place == 0 { Duration::ZERO } else { BETWEEN });
        send(signal, &child);
    }
    #[expect(clippy::disallowed_methods, reason = "the time is what is tested")]
    let sent = Instant::now();
    let finished = finish(child);
    let taken = sent.elapsed();
    assert!(taken < AT_ONCE, "{what}: {taken:?}");
    finished.status
}

/// Ends the program at several points of its work on one large answer.
fn end_at_work(script: Script, arguments: &[&str]) {
    let server = Listener::start(script);
    let at: [(u64, &[&str]); 4] =
        [(50, &["INT"]), (400, &["TERM"]), (800, &["QUIT"]), (1_500, &["INT", "INT"])];
    for (millis, signals) in at {
        let sandbox = Sandbox::new();
        let child = spawn(with_server(&sandbox, &server, arguments));
        server.next_request();
        wait(Duration::from_millis(millis));
        let what = format!("{arguments:?}, {signals:?} after {millis} ms");
        let status = end_by(child, signals, &what);
        // A quick machine may be done before.
        assert!(matches!(status, Some(130 | 0)), "{what}: {status:?}");
    }
}

#[test]
fn a_signal_ends_the_work_on_a_large_table() {
    end_at_work(many_metrics(), &["get", "--default-project", "--yesterday", "-q", "-f", "table"]);
}

#[test]
fn a_signal_ends_the_work_on_a_large_document() {
    end_at_work(
        many_metrics(),
        &["get", "--default-project", "--yesterday", "-q", "-f", "json", "-o", "usage.json"],
    );
}

#[test]
fn a_signal_ends_the_work_on_a_large_call() {
    end_at_work(large_body(), &["call", "ListEndpoints"]);
}

/// Waits until the pipe holds something, and leaves it unread.
fn first_byte(child: &mut Child) -> ChildStdout {
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0]).unwrap();
    stdout
}

#[test]
fn a_signal_ends_a_program_whose_output_is_not_read() {
    for (arguments, signals) in [
        (&["get", "--demo", "--last", "90d", "-i", "hour", "-f", "ndjson"][..], &["TERM"][..]),
        (&["get", "--demo", "--last", "90d", "-i", "hour", "-f", "json"], &["INT"]),
        (&["get", "--demo", "--last", "90d", "-i", "hour"], &["HUP"]),
        (&["report", "--demo", "--last", "30d", "-i", "hour", "-f", "html"], &["INT", "INT"]),
    ] {
        if signals.iter().any(|signal| is_ignored(signal)) {
            continue;
        }
        let sandbox = Sandbox::new();
        let mut child = spawn(sandbox.command(&[arguments, &["-q"]].concat()));
        let unread = first_byte(&mut child);
        let status = end_by(child, signals, &format!("{arguments:?}"));
        assert_eq!(status, Some(130), "{arguments:?}");
        drop(unread);
    }
}

/// The first signal is heard, but nobody reads what there is.
#[test]
fn a_program_whose_last_words_are_not_read_ends_too() {
    for more in [&[][..], &["INT"]] {
        let server = Listener::start(first_day);
        let sandbox = Sandbox::new();
        let pace = ["--max-window", "1d", "--concurrency", "1", "-f", "json", "-q"];
        let range = ["get", "--default-project", "--start", "2024-11-19", "--end", "2024-11-20"];
        let mut child = spawn(with_server(&sandbox, &server, &[&range[..], &pace].concat()));
        server.next_request();
        server.next_request();
        let unread = child.stdout.take();
        send("INT", &child);
        wait(BETWEEN);
        assert_eq!(end_by(child, more, "an unread end"), Some(130), "{more:?}");
        drop(unread);
    }
}

#[test]
fn a_signal_ends_the_wait_for_the_reader_of_a_named_pipe() {
    let sandbox = Sandbox::new();
    assert!(sandbox.shell("mkfifo pipe").status().unwrap().success());
    let child = spawn(sandbox.command(&["get", "--demo", "--yesterday", "-o", "pipe"]));
    wait(Duration::from_millis(300));
    assert_eq!(end_by(child, &["TERM"], "a pipe without a reader"), Some(130));
}

/// They install no handler: the system ends them.
#[test]
fn a_signal_ends_the_wait_for_standard_input() {
    for command in ["sign", "verify", "explain"] {
        // The program does not handle signals yet, it leaves them to the system.
        let signals = ["INT", "TERM", "HUP"].into_iter();
        for signal in signals.filter(|signal| !is_inherited_as_ignored(signal)) {
            let sandbox = Sandbox::new();
            let mut child = spawn(sandbox.command(&[command, "POST", "http://a/", "-d", "@-"]));
            let stdin = child.stdin.take();
            wait(Duration::from_millis(200));
            assert_eq!(child.try_wait().unwrap(), None, "{command} waits for its input");
            let status = end_by(child, &[signal], command);
            assert_eq!(status, None, "{command}, {signal}");
            drop(stdin);
        }
    }
}

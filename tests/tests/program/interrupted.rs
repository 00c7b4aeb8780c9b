//! Ctrl-C ends the program at once, with the exit code shells expect.

use std::process::{Command, Stdio};

use workspace_tests::listener::Listener;
use workspace_tests::program::{Sandbox, finish};

#[test]
#[cfg(unix)]
fn ctrl_c_ends_a_query_that_waits_for_its_server() {
    let server = Listener::start(|_| None);
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&["get", "--last", "2d", "--base-url", server.base_url()]);
    command.env("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001");
    command.env("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();

    // The request is out: the program waits for an answer now.
    server.next_request();
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());

    let finished = finish(child);
    assert_eq!(finished.status, Some(130), "{finished:?}");
    assert!(finished.stderr.contains("interrupted"), "{finished:?}");
}

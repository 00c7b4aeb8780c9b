//! `ark-usage conformance` against servers that do not verify.

use workspace_tests::listener::Listener;
use workspace_tests::program::{Finished, Sandbox, run};

fn conformance(server: &Listener) -> Finished {
    let sandbox = Sandbox::new();
    run(sandbox.command(&["conformance", "--server", server.base_url()]), "")
}

/// The number of cases, each with what the server did in place of what it should have done.
fn told(finished: &Finished, instead: &str) -> usize {
    finished.stdout.matches(&format!("got:      {instead}")).count()
}

#[test]
fn a_server_that_takes_everything_does_not_conform() {
    let server = Listener::start(|_| Some((200, "{}".to_owned())));
    let finished = conformance(&server);
    assert_eq!(finished.status, Some(7), "{finished:?}");
    assert_eq!(told(&finished, "accepted (HTTP 200)"), 17, "{}", finished.stdout);
    assert!(finished.stdout.contains("33 cases: 16 agree, 17 differ"), "{}", finished.stdout);
}

#[test]
fn a_server_that_refuses_everything_does_not_conform() {
    let server = Listener::start(|_| Some((401, "go away".to_owned())));
    let finished = conformance(&server);
    assert_eq!(finished.status, Some(7), "{finished:?}");
    assert_eq!(told(&finished, "refused (HTTP 401)"), 16, "{}", finished.stdout);
}

#[test]
fn a_server_that_always_fails_has_shown_nothing() {
    let server = Listener::start(|_| Some((500, "oops".to_owned())));
    let finished = conformance(&server);
    assert_eq!(finished.status, Some(7), "{finished:?}");
    assert_eq!(told(&finished, "neither accepted nor refused (HTTP 500)"), 33, "{finished:?}");
}

#[test]
fn a_server_that_fails_with_a_code_has_shown_nothing_either() {
    const FAILURE: &str = r#"{"ResponseMetadata":{"RequestId":"1","Error":{"Code":"InternalError","Message":"oops"}}}"#;
    let server = Listener::start(|_| Some((500, FAILURE.to_owned())));
    let finished = conformance(&server);
    assert_eq!(finished.status, Some(7), "{finished:?}");
    let unclear = "neither accepted nor refused (HTTP 500, InternalError)";
    assert_eq!(told(&finished, unclear), 33, "{finished:?}");
}

#[cfg(unix)]
#[test]
fn a_signer_that_has_said_all_and_stays_is_ended() {
    let sandbox = Sandbox::new();
    sandbox.write("stays.sh", "exec 1>&-\nsleep 8\necho late > lasted\n");
    let finished = run(sandbox.command(&["conformance", "--signer", "sh stays.sh"]), "");
    assert_ne!(finished.status, Some(0), "{finished:?}");
    assert_eq!(sandbox.read("lasted"), None);
}

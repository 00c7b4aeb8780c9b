//! `call`: what is sent, and how often.

use workspace_tests::listener::Listener;
use workspace_tests::program::{Finished, Sandbox, run};

/// Calls an action of a server that is too busy for anybody; the requests it got.
fn call_a_busy_server(action: &str, more: &[&str]) -> (Finished, Vec<String>) {
    let server = Listener::start(|_| Some((503, "<html>busy</html>".to_owned())));
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&["call", action, "--base-url", server.base_url()]);
    command.args(more);
    command.env("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001");
    command.env("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001");
    let finished = run(command, "");
    assert_eq!(finished.status, Some(5), "{finished:?}");
    assert_eq!(finished.stdout, "");
    (finished, server.requests())
}

#[test]
fn read_only_actions_are_retried() {
    for action in ["GetUsage", "ListEndpoints", "DescribeVpcs"] {
        assert_eq!(call_a_busy_server(action, &[]).1.len(), 4, "{action}");
    }
}

#[test]
fn actions_that_may_write_are_retried_only_on_request() {
    for action in ["CreateEndpoint", "Getaway"] {
        assert_eq!(call_a_busy_server(action, &[]).1.len(), 1, "{action}");
        assert_eq!(call_a_busy_server(action, &["--retry"]).1.len(), 4, "{action} --retry");
    }
}

#[test]
fn every_attempt_is_visible() {
    let (finished, requests) = call_a_busy_server("GetUsage", &["-v"]);
    let told = finished.stderr.matches("503 Service Unavailable, 17 bytes").count();
    assert_eq!((told, requests.len()), (4, 4), "{finished:?}");
}

#[test]
fn a_gateways_page_is_reported_with_its_first_bytes() {
    let (finished, _) = call_a_busy_server("CreateEndpoint", &[]);
    assert!(finished.stderr.contains("HTTP 503"), "{finished:?}");
    assert!(finished.stderr.contains("<html>busy</html>"), "{finished:?}");
}

#[test]
fn parameters_travel_byte_for_byte() {
    let (_, requests) = call_a_busy_server("CreateEndpoint", &["-d", "{ \"Name\" : \"密\" } "]);
    let request = requests.first().unwrap();
    assert!(request.starts_with("POST /?Action=CreateEndpoint&Version=2024-01-01 "), "{request}");
    assert!(request.ends_with("\r\n\r\n{ \"Name\" : \"密\" } "), "{request}");
}

#[test]
fn parameters_in_the_query_are_encoded() {
    let parameters = ["--query", "B=a b", "--query", "A=密&x=y"];
    let (_, requests) = call_a_busy_server("ListThings", &parameters);
    let expected = "GET /?Action=ListThings&Version=2024-01-01&B=a%20b&A=%E5%AF%86%26x%3Dy ";
    assert!(requests.iter().all(|request| request.starts_with(expected)), "{requests:?}");
}

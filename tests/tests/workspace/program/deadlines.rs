//! The time limit of a run bounds everything it waits for, and signals end it wherever it waits.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use workspace_tests::listener::Listener;
use workspace_tests::program::{Finished, Sandbox, finish, is_ignored};

const NOW: [&str; 2] = ["--now", "2024-11-20T04:00:00Z"];
const CONFIG: &str = ".config/ark-usage/config.toml";

fn silent() -> Listener {
    Listener::start(|_| None)
}

fn with_keys(command: &mut Command) {
    command.env("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001");
    command.env("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001");
}

/// A sandbox whose credentials come from STS at `sts`, for an OIDC token.
fn sandbox_with_sts(sts: &Listener) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(CONFIG, &format!("[services]\nsts_url = \"{}\"\n", sts.base_url()));
    sandbox.write("token", "made-up");
    sandbox
}

fn with_oidc(command: &mut Command, sandbox: &Sandbox) {
    command.env("VOLCENGINE_OIDC_ROLE_TRN", "trn:iam::2100000001:role/x");
    command.env("VOLCENGINE_OIDC_TOKEN_FILE", sandbox.folder().join("token"));
}

fn spawn(mut command: Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// Runs the command, which must end within its time limit and one and a half seconds.
fn timed(command: Command, seconds: u64) -> Finished {
    #[expect(clippy::disallowed_methods, reason = "the time is what is tested")]
    let began = Instant::now();
    let finished = finish(spawn(command));
    let taken = began.elapsed();
    assert!(taken < Duration::from_millis(seconds * 1000 + 1500), "{taken:?}: {finished:?}");
    finished
}

fn get(sandbox: &Sandbox, server: &Listener, more: &[&str]) -> Command {
    let mut command = sandbox.command(&["get", "--yesterday", "--base-url", server.base_url()]);
    command.args(NOW).args(more);
    command
}

#[test]
fn the_time_limit_spans_lists_and_usage() {
    for (more, activity) in [
        (&["--default-project"][..], "Action=GetUsage"),
        (&["--all-projects"], "Action=ListProjects"),
        (&["--default-project", "--all-endpoints"], "Action=ListEndpoints"),
        (&["--default-project", "--by", "endpoint"], "Action=ListEndpoints"),
    ] {
        let (server, sandbox) = (silent(), Sandbox::new());
        let mut command = get(&sandbox, &server, &[more, &["--timeout", "1s"]].concat());
        with_keys(&mut command);
        let finished = timed(command, 1);
        assert!(server.next_request().contains(activity), "{more:?}");
        assert_eq!(finished.status, Some(5), "{more:?}: {finished:?}");
        assert!(finished.stderr.contains("--timeout"), "{more:?}: {finished:?}");
        let lists = activity != "Action=GetUsage";
        assert_eq!(finished.stderr.contains("listing projects"), lists, "{finished:?}");
    }
}

#[test]
fn the_time_limit_spans_the_check_for_two_profiles_of_one_account() {
    let (server, sandbox) = (silent(), Sandbox::new());
    let profile = |name: &str| {
        format!(
            r#""{name}":{{"mode":"ak","access-key":"AKLT{name}","secret-key":"made-up-{name}"}}"#
        )
    };
    let profiles = format!("{},{}", profile("first"), profile("second"));
    sandbox.write(
        ".volcengine/config.json",
        &format!(r#"{{"current":"first","profiles":{{{profiles}}}}}"#),
    );
    sandbox.set_mode(".volcengine/config.json", 0o600);
    let more = ["--profile", "first", "--profile", "second", "--timeout", "1s"];
    let finished = timed(get(&sandbox, &server, &more), 1);
    assert!(server.next_request().contains("Action=GetCallerIdentity"));
    assert_eq!(finished.status, Some(5), "{finished:?}");
}

#[test]
fn the_time_limit_spans_the_exchange_for_credentials() {
    let sts = silent();
    let sandbox = sandbox_with_sts(&sts);
    let mut command = get(&sandbox, &silent(), &["--timeout", "1s"]);
    with_oidc(&mut command, &sandbox);
    let finished = timed(command, 1);
    assert!(sts.next_request().contains("AssumeRoleWithOIDC"));
    assert_eq!(finished.status, Some(5), "{finished:?}");
    assert!(finished.stderr.contains("getting credentials"), "{finished:?}");
}

#[test]
fn retries_of_the_exchange_for_credentials_are_those_of_the_flag() {
    let sts = Listener::start(|_| Some((503, "later".to_owned())));
    let sandbox = sandbox_with_sts(&sts);
    let mut command = get(&sandbox, &silent(), &["--retries", "0"]);
    with_oidc(&mut command, &sandbox);
    assert_eq!(finish(spawn(command)).status, Some(3));
    assert_eq!(sts.requests().len(), 1);
}

#[test]
fn the_time_limit_spans_the_program_that_prints_credentials() {
    // The second leaves a descendant that keeps the output open.
    for program in ["sleep 70", "sh -c 'sleep 70 & sleep 70'"] {
        let sandbox = Sandbox::new();
        sandbox.write(CONFIG, &format!("[keys]\ncommand = \"{program}\"\n"));
        let finished = timed(get(&sandbox, &silent(), &["--timeout", "1s"]), 1);
        assert_eq!(finished.status, Some(3), "{program}: {finished:?}");
        assert!(finished.stderr.contains("did not end in time"), "{program}: {finished:?}");
    }
}

#[test]
fn a_status_line_gives_up_after_five_seconds_and_pauses() {
    let sts = silent();
    let sandbox = sandbox_with_sts(&sts);
    let server = silent();
    let line = || {
        let mut command = sandbox.command(&["statusline", "--base-url", server.base_url()]);
        with_oidc(&mut command, &sandbox);
        command
    };
    let finished = timed(line(), 5);
    assert_eq!(finished.status, Some(0), "{finished:?}");
    sts.next_request();
    timed(line(), 0);
    assert!(sts.requests().is_empty(), "nothing is requested during the pause");
}

fn signal(name: &str, child: &Child) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn every_signal_ends_a_query_and_leaves_no_scratch_file() {
    for name in ["-INT", "-TERM", "-HUP"].into_iter().filter(|name| !is_ignored(name)) {
        let (server, sandbox) = (silent(), Sandbox::new());
        let mut command = get(&sandbox, &server, &["-f", "ndjson", "-o", "usage.ndjson"]);
        with_keys(&mut command);
        let child = spawn(command);
        server.next_request();
        signal(name, &child);
        let finished = finish(child);
        assert_eq!(finished.status, Some(130), "{name}: {finished:?}");
        let files = std::fs::read_dir(sandbox.folder()).unwrap();
        let names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
        let is_scratch = |name: &std::ffi::OsString| name.to_string_lossy().contains(".ark-usage-");
        assert!(!names.iter().any(is_scratch), "{name}: {names:?}");
    }
}

#[test]
fn a_signal_ends_the_wait_for_a_program_that_prints_credentials() {
    let sandbox = Sandbox::new();
    sandbox.write(CONFIG, "[keys]\ncommand = \"sh -c 'touch started; exec sleep 70'\"\n");
    let child = spawn(get(&sandbox, &silent(), &[]));
    sandbox.wait_for("started", "");
    signal("-TERM", &child);
    assert_eq!(finish(child).status, Some(130));
}

#[test]
fn the_emulator_ends_by_sigterm() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&["emulate", "--listen", "127.0.0.1:0"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    // It listens once it says where.
    stdout.read_line(&mut String::new()).unwrap();
    signal("-TERM", &child);
    assert_eq!(finish(child).status, Some(130));
}

//! `ark-usage statusline` beside a server that comes and goes: what it remembers, and what it says
//! when nobody answers.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use workspace_tests::listener::Listener;
use workspace_tests::program::{DEMO_KEYS, Emulator, Finished, Sandbox, run};

const START: &str = "2024-11-20T04:00:00Z";

/// A minute past, in which the memory is young.
const SOON: &str = "2024-11-20T04:01:00Z";

/// Six minutes past: older than the usual age.
const LATER: &str = "2024-11-20T04:06:00Z";

/// Midnight has passed in Shanghai: what was today is not today any more.
const NEXT_DAY: &str = "2024-11-20T16:00:30Z";

fn line(sandbox: &Sandbox, base_url: &str, now: &str, more: &[&str]) -> Finished {
    line_with(sandbox, base_url, now, more, &DEMO_KEYS)
}

/// The same with these variables.
fn line_with(
    sandbox: &Sandbox,
    base_url: &str,
    now: &str,
    more: &[&str],
    variables: &[(&str, &str)],
) -> Finished {
    let arguments =
        ["statusline", "--default-project", "--template", "{PromptTokens} {CompletionTokens}"];
    let server = ["--base-url", base_url, "--now", now, "--retries", "0"];
    let mut command = sandbox.command(&[&arguments[..], &server, more].concat());
    command.envs(variables.iter().copied());
    run(command, "")
}

/// The one file that is remembered in.
fn memory(sandbox: &Sandbox) -> PathBuf {
    let folder = sandbox.folder().join(".cache/ark-usage");
    let mut files = fs::read_dir(folder).unwrap();
    let file = files.next().unwrap().unwrap().path();
    assert!(files.next().is_none(), "one question is remembered in one file");
    file
}

fn said(stdout: &str) -> Finished {
    Finished { status: Some(0), stdout: stdout.to_owned(), stderr: String::new() }
}

#[test]
fn fresh_cached_data_is_not_fetched_again() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    let emulator = Emulator::start(&server, &["--now", START], &[]);
    let base_url = emulator.base_url().to_owned();
    assert_eq!(line(&client, &base_url, START, &[]), said("468,236,632 18,682,529\n"));
    drop(emulator);

    let file = memory(&client);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&file).unwrap();
    for (_, secret) in DEMO_KEYS {
        assert!(!text.contains(secret), "{text}");
    }
    // Nobody listens any more, and nobody is asked: another number can only come from memory.
    fs::write(&file, text.replace("468236632", "7")).unwrap();
    assert_eq!(line(&client, &base_url, SOON, &[]), said("7 18,682,529\n"));
    // Another question has another memory, which is empty.
    assert_eq!(line(&client, &base_url, SOON, &["--scene", "Batch"]), said(""));
}

#[test]
fn every_account_has_a_memory_of_its_own() {
    let server = Sandbox::new();
    let emulator = Emulator::start(&server, &["--now", START], &[]);
    let base_url = emulator.base_url().to_owned();
    let line = |client: &Sandbox, now, name, value| {
        line_with(client, &base_url, now, &[], &[&DEMO_KEYS[..], &[(name, value)]].concat())
    };
    let names = [
        "VOLCENGINE_PROFILE",
        "VOLCSTACK_PROFILE",
        "VOLCSTACK_SHARED_CREDENTIALS_FILE",
        "VOLCENGINE_CLI_CONFIG_FILE",
        "VOLCENGINE_LOGIN_CACHE_DIRECTORY",
        "VOLCENGINE_OIDC_TOKEN_FILE",
        "VOLCSTACK_REGION",
        "ARK_USAGE_CONFIG",
    ];
    let clients = names.map(|name| {
        let client = Sandbox::new();
        client.write("one", "[keys]\ncommand = \"print-keys one\"\n");
        client.write("other", "[keys]\ncommand = \"print-keys other\"\n");
        assert_eq!(line(&client, START, name, "one"), said("468,236,632 18,682,529\n"), "{name}");
        (name, client)
    });
    drop(emulator);
    // Nobody listens any more: what is printed is remembered.
    for (name, client) in clients {
        assert_eq!(line(&client, SOON, name, "one"), said("468,236,632 18,682,529\n"), "{name}");
        assert_eq!(line(&client, SOON, name, "other"), said(""), "{name}");
    }
}

#[test]
fn no_secret_is_part_of_the_question() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    let emulator = Emulator::start(&server, &["--now", START], &[]);
    let base_url = emulator.base_url().to_owned();
    let first = line(&client, &base_url, START, &[]);
    drop(emulator);
    let others = DEMO_KEYS.map(|(name, value)| {
        (name, if name.contains("SECRET") { "fake-secret-for-tests-only-0002" } else { value })
    });
    assert_ne!(others, DEMO_KEYS);
    assert_eq!(line_with(&client, &base_url, SOON, &[], &others), first);
}

#[test]
fn cached_numbers_are_marked_when_the_server_is_down() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    let emulator = Emulator::start(&server, &["--now", START], &[]);
    let base_url = emulator.base_url().to_owned();
    assert_eq!(line(&client, &base_url, START, &[]).status, Some(0));
    drop(emulator);

    let stale = said("468,236,632 18,682,529 (stale)\n");
    assert_eq!(line(&client, &base_url, LATER, &[]), stale);
    assert_eq!(line(&client, &base_url, NEXT_DAY, &[]), stale);
    let told = line(&client, &base_url, "2024-11-20T04:09:00Z", &["--errors"]);
    assert_eq!((told.status, &told.stdout), (Some(5), &stale.stdout));
    assert!(told.stderr.contains(": cannot connect"), "{}", told.stderr);
}

#[test]
fn a_damaged_cache_is_ignored() {
    let (server, client) = (Sandbox::new(), Sandbox::new());
    let emulator = Emulator::start(&server, &["--now", START], &[]);
    let base_url = emulator.base_url().to_owned();
    let first = line(&client, &base_url, START, &[]);
    let file = memory(&client);
    let whole = fs::read(&file).unwrap();
    for damaged in [&whole[..whole.len() / 2], b"", b"\xff\xfe"] {
        fs::write(&file, damaged).unwrap();
        assert_eq!(line(&client, &base_url, SOON, &[]), first);
        assert!(!fs::read(&file).unwrap().is_empty(), "and is written anew");
    }
}

#[test]
fn a_failure_is_not_repeated_at_every_prompt() {
    let client = Sandbox::new();
    // Port 9 is "discard": nobody listens there in a test.
    let base_url = "http://127.0.0.1:9";
    assert_eq!(line(&client, base_url, START, &[]), said(""));
    let file = memory(&client);
    let failed = fs::read_to_string(&file).unwrap();
    let again = "2024-11-20T04:00:59Z";
    assert_eq!(line(&client, base_url, again, &[]), said(""));
    assert_eq!(fs::read_to_string(&file).unwrap(), failed, "nobody was asked");
    assert_eq!(line(&client, base_url, SOON, &[]), said(""));
    assert_ne!(fs::read_to_string(&file).unwrap(), failed, "somebody was asked");
}

#[test]
fn an_answer_that_cannot_be_read_is_not_remembered() {
    let server = Listener::start(|_| {
        let values = r#"[{"Timestamp":1732032000,"Value":1.5}]"#;
        let metric = format!(r#"{{"Name":"PromptTokens","MetricItems":[{{"Values":{values}}}]}}"#);
        let result = format!(r#""Result":{{"UsageResults":[{metric}]}}"#);
        Some((200, format!(r#"{{"ResponseMetadata":{{"RequestId":"r1"}},{result}}}"#)))
    });
    let client = Sandbox::new();
    let told = line(&client, server.base_url(), START, &["--errors"]);
    assert_eq!((told.status, told.stdout.as_str()), (Some(5), ""), "{told:?}");
    assert!(told.stderr.contains("not a whole number"), "{}", told.stderr);
    let remembered = fs::read_to_string(memory(&client)).unwrap();
    assert!(!remembered.contains("PromptTokens"), "{remembered}");
}

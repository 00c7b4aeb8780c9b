//! Output for programs is the same in both languages: only output for people has a language.

use workspace_tests::program::{Sandbox, normalise, run};

/// Standard output of a command in a language.
fn said(command: &[&str], lang: &str) -> String {
    let sandbox = Sandbox::new();
    let mut all = vec!["--lang", lang, "--now", "2024-11-20T04:00:00Z"];
    all.extend(command);
    let mut command = sandbox.command(&all);
    command.env("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001");
    command.env("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001");
    let finished = run(command, "");
    assert!(!finished.stdout.is_empty(), "{finished:?}");
    // Free ports, what is signed for them, and the folder differ from run to run.
    normalise(&finished.stdout, &sandbox)
}

/// Formats of programs, where something is settling and something did not come.
const SAME: &[&[&str]] = &[
    &["get", "--demo", "--last", "2d", "-f", "json"],
    &["get", "--demo", "--last", "2d", "-f", "ndjson"],
    &["get", "--demo", "--last", "2d", "-f", "csv"],
    &[
        "get",
        "--demo",
        "--last",
        "1d",
        "-f",
        "csv",
        "--bom",
        "--project",
        "no-such",
        "--project",
        "default",
    ],
    &[
        "get",
        "--demo",
        "--last",
        "1d",
        "-f",
        "json",
        "--project",
        "no-such",
        "--project",
        "default",
    ],
    &["reconcile", "--demo", "--last", "1d", "-f", "json"],
    &["doctor", "probe", "--demo", "-f", "json"],
    &["doctor", "--base-url", "http://127.0.0.1:1", "-f", "json"],
    &["config", "show", "-f", "json"],
    &["call", "ListEndpoints", "--demo", "-d", "{\"PageSize\": 1}"],
    &["verify", "GET", "https://iam.volcengineapi.com/", "-f", "json"],
    &["explain", "GET", "https://iam.volcengineapi.com/", "-f", "json"],
    &["sign", "GET", "https://iam.volcengineapi.com/", "-f", "json"],
];

#[test]
fn machine_formats_are_the_same_in_both_languages() {
    for command in SAME {
        assert_eq!(said(command, "en"), said(command, "zh"), "{command:?}");
    }
}

#[test]
fn texts_for_people_differ_by_language() {
    for command in [
        &["get", "--help"][..],
        &["doctor", "--demo"],
        &["doctor", "error", "AccessDenied"],
        &["doctor", "probe", "--demo"],
        &["config", "show"],
        &["reconcile", "--demo", "--last", "1d"],
        &["verify", "GET", "https://iam.volcengineapi.com/"],
    ] {
        let (english, chinese) = (said(command, "en"), said(command, "zh"));
        assert_ne!(english, chinese, "{command:?}");
        assert!(!chinese.is_ascii(), "{command:?}: {chinese}");
    }
}

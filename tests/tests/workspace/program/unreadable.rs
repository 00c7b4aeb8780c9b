//! Variables that count and are not UTF-8 are errors with their name, never as if they were not set.
#![cfg(unix)]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use workspace_tests::program::{Sandbox, run};

/// A value in GBK.
fn gbk() -> &'static OsStr {
    OsStr::from_bytes(b"\xb2\xe2\xca\xd4")
}

const KEYS: [(&str, &str); 2] = [
    ("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001"),
    ("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001"),
];
const GET: [&str; 5] = ["get", "--yesterday", "--base-url", "http://127.0.0.1:1", "--retries=0"];

#[track_caller]
fn is_refused(arguments: &[&str], keys: &[(&str, &str)], variable: &str) {
    let sandbox = Sandbox::new();
    for lang in ["en", "zh"] {
        let mut process = sandbox.command(arguments);
        process.envs(keys.iter().copied()).args(["--lang", lang]).env(variable, gbk());
        let finished = run(process, "");
        assert_eq!(finished.status, Some(3), "{variable} {arguments:?}: {}", finished.stderr);
        assert!(finished.stderr.contains(variable), "{variable}: {}", finished.stderr);
        assert!(finished.stderr.contains("UTF-8"), "{variable}: {}", finished.stderr);
        assert_eq!(finished.stdout, "", "{variable}");
    }
}

#[test]
fn variables_of_keys_are_refused() {
    for variable in [
        "VOLCENGINE_ACCESS_KEY",
        "VOLCENGINE_SECRET_KEY",
        "VOLCENGINE_SESSION_TOKEN",
        "VOLCENGINE_REGION",
        "HTTP_PROXY",
        "https_proxy",
        "NO_PROXY",
        "SSL_CERT_FILE",
        "ARK_USAGE_CONFIG",
        "XDG_CONFIG_HOME",
        "HOME",
    ] {
        is_refused(&GET, &KEYS, variable);
    }
    for variable in [
        "VOLCENGINE_ACCESS_KEY",
        "VOLCENGINE_PROFILE",
        "VOLCENGINE_CLI_CONFIG_FILE",
        "VOLCENGINE_OIDC_TOKEN_FILE",
        "VOLCENGINE_ECS_METADATA",
        "VOLC_SECRETKEY",
        "VOLCSTACK_SHARED_CREDENTIALS_FILE",
    ] {
        is_refused(&GET, &[], variable);
    }
    is_refused(&["get", "--yesterday"], &KEYS, "VOLCENGINE_ENDPOINT");
    is_refused(&["get", "--demo", "--yesterday", "--chart"], &[], "COLUMNS");
    is_refused(&["config", "show"], &KEYS, "HTTPS_PROXY");
    is_refused(&["config", "path"], &KEYS, "XDG_CONFIG_HOME");
    is_refused(&["sign", "GET", "https://h.example/"], &[], "VOLCENGINE_ACCESS_KEY");
}

#[test]
fn a_language_that_counts_is_refused() {
    let sandbox = Sandbox::new();
    let finished = |arguments: &[&str]| {
        let mut process = sandbox.command(arguments);
        process.env("LC_ALL", gbk());
        run(process, "")
    };
    let refused = finished(&["config", "path"]);
    assert_eq!(refused.status, Some(3));
    assert!(refused.stderr.contains("LC_ALL"), "{}", refused.stderr);
    for arguments in [&["config", "path", "--lang", "en"][..], &["--help"], &["--version"]] {
        assert_eq!(finished(arguments).status, Some(0), "{arguments:?}");
    }
}

#[test]
fn variables_that_do_not_count_change_nothing() {
    let sandbox = Sandbox::new();
    let demo = ["get", "--demo", "--yesterday", "-q"];
    for variable in
        ["VOLCENGINE_PROFILE", "VOLCENGINE_ENDPOINT", "COLUMNS", "VOLCENGINE_OTHER", "OTHER"]
    {
        let mut process = sandbox.command(&demo);
        process.env(variable, gbk());
        let finished = run(process, "");
        assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""), "{variable}");
    }
    let mut process = sandbox.command(&["config", "show", "--proxy", "http://p:1"]);
    process.env("HTTP_PROXY", gbk()).env("HTTPS_PROXY", gbk()).envs(KEYS);
    assert_eq!(run(process, "").status, Some(0));
}

//! No secret is ever shown: the program is run with secrets in every place it reads, and everything
//! it says and writes is searched for them.
//!
//! `sign`, `verify` and `explain` print what they are asked to and are left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use workspace_tests::program::{Emulator, Sandbox, run};

const NOW: &str = "2024-11-20T04:00:00Z";
const KEY: &str = "AKLTEXAMPLE0000000000000000000001";

/// Secrets that must not show; each stands in one place only, so that a find says which.
const SECRETS: [&str; 20] = [
    "hush-command-secret",
    "hush-command-noise",
    "hush-variable-secret",
    "hush-variable-token",
    "hush-profile-secret",
    "hush-profile-token",
    "hush-role-secret",
    "hush-oidc-token",
    "hush-portal-access-token",
    "hush-portal-refresh-token",
    "hush-portal-client-secret",
    "hush-console-secret",
    "hush-console-token",
    "hush-older-secret",
    "hush-ini-secret",
    "hush-broken-json",
    "hush-proxy-password",
    "hush-profile-proxy-password",
    "hush-own-configuration",
    "demo-oidc-token-not-a-real-one",
];

/// Secrets that the emulator hands out, and the demo's own secrets where nobody asks for them.
const HANDED_OUT: [&str; 5] = [
    "demo-api-key-not-a-real-one",
    "emulated-secret",
    "emulated-token",
    "emulated-metadata-token",
    "demo-access-token-not-a-real",
];

const CONFIG: &str = r#"{"current": "work", "profiles": {
  "work": {"mode": "ak", "access-key": "AKLTEXAMPLE0000000000000000000002",
    "secret-key": "hush-profile-secret", "session-token": "hush-profile-token",
    "https-proxy": "http://me:hush-profile-proxy-password@127.0.0.1:1"},
  "half": {"mode": "ak", "secret-key": "hush-profile-secret"},
  "role": {"mode": "ramrolearn", "access-key": "AKLTEXAMPLE0000000000000000000003",
    "secret-key": "hush-role-secret", "role-name": "reader", "account-id": "2100000001"},
  "oidc": {"mode": "oidc", "role-trn": "trn:iam::2100000001:role/r", "oidc-token-file": "{dir}/token"},
  "good-oidc": {"mode": "oidc", "role-trn": "trn:iam::2100000001:role/r", "oidc-token-file": "{dir}/good-token"},
  "server": {"mode": "ecsrole", "role-name": "demo-role"},
  "sso": {"mode": "sso", "sso-session-name": "work", "account-id": "2100000001", "role-name": "r"},
  "good-sso": {"mode": "sso", "sso-session-name": "good", "account-id": "2100000001", "role-name": "r"},
  "console": {"mode": "console-login", "login-session": "me"}},
  "sso-session": {"work": {"start-url": "https://example.com/start"},
    "good": {"start-url": "https://example.com/start"}}}"#;

const SSO: &str = r#"{"access_token": "hush-portal-access-token", "expires_at": "2024-12-01T00:00:00Z",
  "refresh_token": "hush-portal-refresh-token", "client_secret": "hush-portal-client-secret"}"#;

const CONSOLE: &str = r#"{"login_session": "me", "issued_at": "2024-11-20T03:30:00Z", "expires_in": 3600,
  "access_token": {"access_key_id": "AKTPEXAMPLE0000000000000000000004",
    "secret_access_key": "hush-console-secret", "session_token": "hush-console-token"}}"#;

/// A home full of secrets.
fn home(emulator: &Emulator) -> Sandbox {
    let sandbox = Sandbox::new();
    let folder = sandbox.folder().display().to_string();
    let write = |name: &str, text: &str| sandbox.write(name, &text.replace("{dir}", &folder));
    write(".volcengine/config.json", CONFIG);
    write(".volcengine/sso/cache/ef1434a855843424932974030909e655cc244a40.json", SSO);
    let good = SSO.replace("hush-portal-access-token", "demo-access-token-not-a-real-one-00000000");
    // The digest of start URL and session name, as `ve` names its cache.
    write(".volcengine/sso/cache/cdbed3bfe9c38d72d6586479e8d73464fe693ae9.json", &good);
    write(".volcengine/login/cache/b1c1d8736f20db3fb6c1c66bb1455ed43909f0d8.json", CONSOLE);
    write(
        ".volc/config",
        r#"{"ak": "AKLTEXAMPLE0000000000000000000005", "sk": "hush-older-secret"}"#,
    );
    write(
        ".volcengine/credentials",
        "[default]\nvolcengine_access_key_id = AKLTEXAMPLE0000000000000000000006\nvolcengine_secret_access_key = hush-ini-secret\n",
    );
    write("broken.json", "{\"profiles\": {\"work\": {\"secret-key\": hush-broken-json}}}");
    write("token", "hush-oidc-token");
    write("command.toml", "[keys]\ncommand = \"/bin/sh {dir}/keys.sh\"\n");
    write(
        "keys.sh",
        "echo hush-command-noise >&2\necho '{\"AccessKeyId\": \"AKLTEXAMPLE0000000000000000000007\", \"SecretAccessKey\": \"hush-command-secret\"}'\n",
    );
    write("empty.json", "{}");
    write("good-token", "demo-oidc-token-not-a-real-one-0000000000");
    write("secret.toml", "[defaults]\nsecret_key = \"hush-own-configuration\"\n");
    write("broken.toml", "[defaults]\nproject = hush-own-configuration\n");
    let url = emulator.base_url();
    let services = format!(
        "[services]\nsts_url = \"{url}\"\nmetadata_url = \"{url}\"\nportal_url = \"{url}\"\n"
    );
    write(".config/ark-usage/config.toml", &services);
    sandbox
}

/// Every command that is not asked to print a signature's parts, and what can go wrong with it.
fn commands(url: &str) -> Vec<Vec<String>> {
    let commands: Vec<Vec<&str>> = vec![
        vec!["get", "--last", "2d"],
        vec!["get", "--last", "2d", "--base-url", url, "-o", "usage.json"],
        vec!["get", "--last", "2d", "--base-url", url, "-f", "raw", "-o", "usage.raw"],
        vec!["get", "--last", "2d", "--base-url", url, "-f", "csv", "--record", "{tape}"],
        vec!["get", "--last", "2d", "--base-url", url, "-f", "ndjson"],
        vec!["get", "--last", "2d", "--base-url", url, "--all-projects", "--all-endpoints"],
        vec!["get", "--last", "2d", "--dry-run"],
        vec!["get", "--last", "2d", "--demo"],
        vec!["get", "--last", "2d", "--base-url", "http://127.0.0.1:1"],
        vec![
            "get",
            "--last",
            "2d",
            "--profile",
            "work",
            "--profile",
            "good-oidc",
            "--base-url",
            url,
        ],
        vec!["call", "ListEndpoints", "--base-url", url],
        vec!["call", "GetCallerIdentity", "--service", "sts", "--base-url", url],
        vec!["call", "ListApiKeys", "--base-url", url],
        vec![
            "call",
            "ListSeatInfos",
            "-d",
            "{\"Filter\": {}}",
            "--base-url",
            url,
            "-o",
            "seats.json",
        ],
        vec!["call", "ListEndpoints", "--dry-run"],
        vec!["doctor", "--base-url", url],
        vec!["doctor"],
        vec!["doctor", "--demo", "-f", "json"],
        vec!["doctor", "probe", "--base-url", url],
        vec!["doctor", "probe", "--demo"],
        vec!["doctor", "error", "InvalidSecretToken"],
        vec!["config", "show"],
        vec!["config", "show", "-f", "json"],
        vec!["config", "path"],
    ];
    commands.iter().map(|command| owned(command)).collect()
}

/// The same for every kind of profile.
fn commands_of_profiles(url: &str) -> Vec<Vec<String>> {
    let profiles = [
        "work",
        "half",
        "role",
        "oidc",
        "good-oidc",
        "server",
        "sso",
        "good-sso",
        "console",
        "nobody",
    ];
    let of = |profile: &str| {
        [
            owned(&["get", "--last", "2d", "--profile", profile, "--base-url", url]),
            owned(&["get", "--last", "2d", "--profile", profile, "--dry-run"]),
            owned(&["call", "ListEndpoints", "--profile", profile, "--base-url", url]),
            owned(&["doctor", "--profile", profile, "--base-url", url]),
            owned(&["doctor", "--profile", profile, "-f", "json", "--base-url", url]),
            owned(&["config", "show", "--profile", profile]),
        ]
    };
    profiles.iter().flat_map(|profile| of(profile)).collect()
}

fn owned(command: &[&str]) -> Vec<String> {
    command.iter().map(|word| (*word).to_owned()).collect()
}

/// Keys in variables, which the emulator knows too.
fn variable_keys() -> Vec<(String, String)> {
    let variables = [
        ("VOLCENGINE_ACCESS_KEY", KEY),
        ("VOLCENGINE_SECRET_KEY", "hush-variable-secret"),
        ("VOLCENGINE_SESSION_TOKEN", "hush-variable-token"),
    ];
    variables.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

/// Variables in which the program may find secrets.
fn environments(sandbox: &Sandbox) -> Vec<Vec<(String, String)>> {
    let inside = |name: &str| sandbox.folder().join(name).display().to_string();
    let own = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let file = |name: &str, file: &str| (name.to_owned(), inside(file));
    let proxies = [
        own("HTTP_PROXY", "http://me:hush-proxy-password@127.0.0.1:1"),
        own("HTTPS_PROXY", "http://me:hush-proxy-password@127.0.0.1:1"),
    ];
    vec![
        vec![],
        vec![
            file("ARK_USAGE_CONFIG", "command.toml"),
            file("VOLCENGINE_CLI_CONFIG_FILE", "empty.json"),
            file("HOME", "nobody"),
        ],
        variable_keys().into_iter().chain(proxies).collect(),
        vec![
            own("VOLCENGINE_SECRET_KEY", "hush-variable-secret"),
            own("HTTPS_PROXY", "socks5://me:hush-proxy-password@proxy"),
        ],
        vec![
            own("VOLCENGINE_OIDC_ROLE_TRN", "trn:iam::2100000001:role/r"),
            file("VOLCENGINE_OIDC_TOKEN_FILE", "token"),
        ],
        vec![
            file("VOLCENGINE_CLI_CONFIG_FILE", "broken.json"),
            own("VOLCENGINE_ECS_METADATA", "demo-role"),
        ],
        vec![file("ARK_USAGE_CONFIG", "secret.toml")],
        vec![file("ARK_USAGE_CONFIG", "broken.toml")],
    ]
}

#[test]
fn no_secret_is_shown_or_written() {
    let emulator = Emulator::start(&Sandbox::new(), &["--now", NOW], &variable_keys());
    let sandbox = home(&emulator);
    let given = files(sandbox.folder());
    let url = emulator.base_url();
    let everywhere = commands(url);
    let mut runs: Vec<_> = commands_of_profiles(url).into_iter().map(|it| (it, vec![])).collect();
    for (number, environment) in environments(&sandbox).into_iter().enumerate() {
        // A recording is never written over.
        let named = |word: &String| word.replace("{tape}", &format!("tape-{number}"));
        let commands = everywhere.iter().map(|command| command.iter().map(named).collect());
        runs.extend(commands.map(|command: Vec<String>| (command, environment.clone())));
    }
    let mut done = 0;
    for (command, environment) in runs {
        let mut process = sandbox.command(&command);
        process.args(["-v", "--now", NOW]).envs(environment);
        let finished = run(process, "");
        search(&format!("{command:?} on standard output"), &finished.stdout);
        search(&format!("{command:?} on standard error"), &finished.stderr);
        done += usize::from(finished.status == Some(0));
    }
    // Had all of them failed early, there would have been nothing to show.
    assert!(done > 60, "{done} of them ended well");
    let written: Vec<PathBuf> = files(sandbox.folder()).difference(&given).cloned().collect();
    // Two answers, and several recordings.
    assert!(written.len() > 4, "{written:?}");
    for path in written {
        search(&path.display().to_string(), &String::from_utf8_lossy(&fs::read(&path).unwrap()));
    }
}

#[test]
fn the_emulator_does_not_show_the_keys_it_was_given() {
    let emulator = Emulator::start(&Sandbox::new(), &["-v", "--now", NOW], &variable_keys());
    search("emulate on standard error", &emulator.says("Ctrl-C"));
    search("emulate on standard output", emulator.first_line());
}

fn search(place: &str, text: &str) {
    for secret in SECRETS.iter().chain(&HANDED_OUT) {
        assert!(!text.contains(secret), "{place} shows {secret}:\n{text}");
    }
}

/// All files below, so that those the program has written can be told.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.extend([path]) }
    }
    found
}

/// A server that repeats whatever it was sent, in JSON escapes, in headers, and in a large page.
fn echoing(requests: usize) -> String {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().take(requests) {
            let Ok(mut stream) = stream else { continue };
            let mut head = vec![0; 8192];
            let read = stream.read(&mut head).unwrap_or(0);
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let value = |name: &str| {
                let line = head.lines().find_map(|line| line.strip_prefix(name));
                line.unwrap_or("").trim().to_owned()
            };
            let said = format!("{} {}", value("X-Security-Token:"), value("Authorization:"));
            let units: Vec<_> = said.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            let escaped = units.concat();
            let body = format!(
                "{{\"ResponseMetadata\":{{\"RequestId\":\"{escaped}\",\"Error\":{{\"Code\":\"Odd{escaped}\",\"Message\":\"{said} {escaped}\"}}}},\"Pad\":\"{}\"}}",
                " ".repeat(100 << 10)
            );
            let _ = write!(
                stream,
                "HTTP/1.1 400 Bad Request\r\nX-Tt-Logid: {said}\r\nX-Echo: {said}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    url
}

#[test]
fn what_a_server_repeats_is_masked_everywhere() {
    let url = echoing(64);
    let sandbox = Sandbox::new();
    for command in [
        &["get", "--last", "1d", "-vv", "--record", "tape"][..],
        &["get", "--last", "1d", "-f", "json"],
        &["call", "ListEndpoints", "-v"],
        &["doctor"],
        &["doctor", "-f", "json"],
    ] {
        let mut process = sandbox.command(command);
        process.args(["--base-url", &url, "--now", NOW]).envs(variable_keys());
        let finished = run(process, "");
        assert_ne!(finished.status, Some(0), "{command:?}");
        for text in [&finished.stdout, &finished.stderr] {
            search(&format!("{command:?}"), text);
            assert!(!text.contains(KEY), "{command:?} shows the key id:\n{text}");
        }
    }
    let written = files(sandbox.folder());
    assert!(!written.is_empty(), "nothing was recorded");
    for path in written {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        search(&path.display().to_string(), &text);
        assert!(!text.contains(KEY), "{} holds the key id", path.display());
    }
}

/// The texts of API keys in the answers below, and of the request.
const API_KEYS: [&str; 3] =
    ["hush-5f1c-api-key-of-a-list", "hush-77aa-api-key-of-a-table", "hush-90ab-api-key-i-sent"];

/// An answer with API keys: a success, an error that repeats them, or a part of one, as the request
/// asks for.
fn answer_with_api_keys(body: &str) -> (u16, String) {
    let [list, table, sent] = API_KEYS;
    let sent = if body.contains(sent) { sent } else { "nothing" };
    let units: Vec<_> = list.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let escaped = units.concat();
    let items = format!(
        r#""Items":[{{"SID":"apikey-1","ApiKey":"{list}"}},{{"RawApiKey" : "{escaped}"}}],"ApiKeys":["{list}"]"#
    );
    let columns = format!(
        r#""Fields":[{{"Name":"AuthToken"}},{{"Name":"Day"}}],"Data":[["{table}","2024-11-19"]]"#
    );
    let inner = format!(r#"{{\"api_key\":\"{list}\"}}"#);
    if body.contains("broken") {
        (200, format!(r#"{{"ResponseMetadata":{{"RequestId":"{sent}"}},"Result":{{{items}"#))
    } else if body.contains("refused") {
        let message = format!("{inner} {escaped} {sent}");
        let error = format!(r#"{{"Code":"Odd{sent}","Message":"{message}"}}"#);
        (400, format!(r#"{{"ResponseMetadata":{{"RequestId":"x","Error":{error}}},{items}}}"#))
    } else if body.contains("page") {
        (502, format!(r#"<html class=">{{"ApiKey": "{list}", {sent}"#))
    } else {
        let result = format!(r#"{{{items},{columns},"Note":"{inner} of {sent} {table}"}}"#);
        (200, format!(r#"{{"ResponseMetadata":{{"RequestId":"x"}},"Result":{result}}}"#))
    }
}

#[test]
fn api_keys_in_answers_are_masked_everywhere() {
    let server =
        workspace_tests::listener::Listener::start(|body| Some(answer_with_api_keys(body)));
    let url = server.base_url();
    let sandbox = Sandbox::new();
    let data = |kind: &str| format!(r#"{{"Kind": "{kind}", "ApiKey": "{}"}}"#, API_KEYS[2]);
    let called = |kind: &str| owned(&["call", "CreateThing", "-d", &data(kind), "-v"]);
    let mut commands: Vec<_> = ["fine", "refused", "broken", "page"].map(called).to_vec();
    commands.push([called("fine"), owned(&["-o", "answer.json"])].concat());
    commands.push(owned(&["get", "--last", "1d", "-vv", "--record", "tape"]));
    commands.push(owned(&["get", "--last", "1d", "-f", "raw", "-o", "usage.raw"]));
    commands.push(owned(&["doctor", "-f", "json"]));
    for command in commands {
        let mut process = sandbox.command(&command);
        process.args(["--base-url", url, "--now", NOW]).envs(variable_keys());
        let finished = run(process, "");
        for text in [&finished.stdout, &finished.stderr] {
            search_api_keys(&format!("{command:?}"), text);
        }
        // Those that print what was answered have something to mask.
        if command[0] == "call" && !command.contains(&"-o".to_owned()) {
            let shown = format!("{}{}", finished.stdout, finished.stderr);
            assert!(shown.contains("***"), "{command:?} masked nothing: {finished:?}");
        }
    }
    let written = files(sandbox.folder());
    for name in ["answer.json", "usage.raw", "tape/recording.ndjson"] {
        assert!(written.contains(&sandbox.folder().join(name)), "{name} is missing: {written:?}");
    }
    for path in written {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        search_api_keys(&path.display().to_string(), &text);
        assert!(text.contains("***"), "{} holds nothing that was masked:\n{text}", path.display());
    }
}

/// Secrets of pasted commands that cannot be read.
const PASTED: [&str; 3] = ["abcSECRETpassword123456", "hunter2secretvalue9999", "hunterpassphrase"];

#[test]
fn a_pasted_command_that_cannot_be_read_is_not_repeated() {
    let sandbox = Sandbox::new();
    let [variable, attached, plain] = PASTED;
    let mut options = vec![format!("-H \"Authorization: Bearer ${variable}\"")];
    for secret in [attached, plain] {
        let forms = [
            "-F{}",
            "-sF{}",
            "-b {}",
            "--cookie {}",
            "--form={}",
            "-H 'Bearer {}: a'",
            "-X 'Bearer {}'",
        ];
        options.extend(forms.map(|form| form.replace("{}", secret)));
        options.extend(
            ["-H Authorization: Bearer {}", "-d \"${}\""].map(|form| form.replace("{}", secret)),
        );
    }
    for option in options {
        let command = format!("curl https://h.example/ {option}");
        sandbox.write("command.sh", &command);
        for (name, curl) in [("verify", command.as_str()), ("explain", "@command.sh")] {
            let mut process = sandbox.command(&[name, "--curl", curl, "--now", NOW]);
            process.envs(variable_keys());
            let finished = run(process, "");
            assert_eq!(finished.status, Some(2), "{name} {option}: {finished:?}");
            assert!(finished.stderr.contains("--curl: "), "{name} {option}: {finished:?}");
            let shown = format!("{}{}", finished.stdout, finished.stderr);
            // A part would help to guess the rest.
            let secrets = PASTED.map(|secret| secret.get(5..).unwrap());
            assert!(
                !secrets.iter().any(|secret| shown.contains(secret)),
                "{name} {option}: {shown}"
            );
        }
    }
}

fn search_api_keys(place: &str, text: &str) {
    for key in API_KEYS {
        assert!(!text.contains(key), "{place} shows {key}:\n{text}");
    }
}

#[test]
fn exchanged_halves_are_shown_by_no_command() {
    let sandbox = Sandbox::new();
    let mut refused = 0;
    for command in commands("http://127.0.0.1:1") {
        let mut process = sandbox.command(&command);
        process.args(["-v", "--now", NOW]);
        process.env("VOLCENGINE_ACCESS_KEY", "hush-variable-secret");
        process.env("VOLCENGINE_SECRET_KEY", KEY);
        let finished = run(process, "");
        refused += usize::from(finished.stderr.contains("look exchanged"));
        for text in [&finished.stdout, &finished.stderr] {
            search(&format!("{command:?}"), text);
            assert!(!text.contains(KEY), "{command:?} shows the key id:\n{text}");
        }
    }
    assert!(refused > 12, "{refused} of them read the keys");
}

//! Servers that repeat every secret they know, in every spelling, and children that look around: none
//! of it reaches an output, a file, a recording, or the environment and the arguments of a child.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use workspace_tests::program::{Sandbox, run};

const NOW: &str = "2024-11-20T04:00:00Z";
/// Every secret begins so, and nothing else does.
const SECRET: &str = "hush-";
/// `hush-` in base64, at each of its offsets, as in the password of a proxy.
const IN_BASE64: [&str; 3] = ["aHVzaC", "h1c2gt", "odXNoL"];

/// A server for everything: it hands out keys, and refuses all else with what it knows.
struct Echo {
    url: String,
    known: Arc<Mutex<Vec<String>>>,
}

impl Echo {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let known = Arc::new(Mutex::new(Vec::new()));
        let server = Self { url, known: Arc::clone(&known) };
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let known = Arc::clone(&known);
                std::thread::spawn(move || answer(stream, &known));
            }
        });
        server
    }

    /// Forgets the keys that were handed out, which the next run cannot know; returns their number.
    fn forget(&self) -> usize {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *known).len() / 2
    }
}

fn answer(mut stream: TcpStream, known: &Mutex<Vec<String>>) {
    let request = read(&mut stream);
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    let response = if request.contains("Action=AssumeRole") {
        let number = known.len();
        let (secret, token) =
            (format!("hush-issued/secret-{number}"), format!("hush-issued/token-{number}"));
        let body = format!(
            "{{\"ResponseMetadata\":{{\"RequestId\":\"r\"}},\"Result\":{{\"Credentials\":{{\"AccessKeyId\":\"AKTPEXAMPLE{number:023}\",\"SecretAccessKey\":\"{secret}\",\"SessionToken\":\"{token}\",\"ExpiredTime\":\"2024-11-20T04:30:00Z\"}}}}}}"
        );
        known.extend([secret, token]);
        format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    } else {
        refusal(&request, &known)
    };
    let _ = stream.write_all(response.as_bytes());
}

/// A request, as far as it comes.
fn read(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut piece = [0; 8192];
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
            if body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut piece) {
            Ok(length @ 1..) => request.extend_from_slice(&piece[..length]),
            _ => return text,
        }
    }
}

/// Everything it was sent and everything it has handed out: plain, in JSON escapes, in headers, and
/// before more than 64 KiB.
fn refusal(request: &str, known: &[String]) -> String {
    let mut said = known.join(" ");
    for line in request.lines() {
        let _ = write!(said, " {}", line.split_once(": ").map_or(line, |(_, value)| value));
    }
    let plain = said.replace(['"', '\\'], " ");
    let slashed = plain.replace('/', "\\/");
    let units = said.encode_utf16().fold(String::new(), |mut units, unit| {
        let _ = write!(units, "\\u{unit:04x}");
        units
    });
    let inner = slashed.replace('\\', "\\\\");
    let body = format!(
        "{{\"ResponseMetadata\":{{\"RequestId\":\"{slashed}\",\"Error\":{{\"Code\":\"InvalidAccessKey\",\"Message\":\"{plain} {slashed} {units} {{\\\"a\\\": \\\"{inner}\\\"}}\"}}}},\"Pad\":\"{}\"}}",
        " ".repeat(100 << 10)
    );
    format!(
        "HTTP/1.1 401 Unauthorized\r\nX-Tt-Logid: {plain}\r\nX-Echo: {plain}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// A home with secrets in files, whose services are all at `url`.
fn home(url: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let folder = sandbox.folder().display().to_string();
    let write = |name: &str, text: &str| {
        sandbox.write(name, &text.replace("{dir}", &folder).replace("{url}", url));
    };
    write(
        ".volcengine/config.json",
        r#"{"current": "nobody", "profiles": {
  "role": {"mode": "ramrolearn", "access-key": "AKLTEXAMPLE0000000000000000000003",
    "secret-key": "hush-base/secret", "session-token": "hush-base/token", "role-name": "reader", "account-id": "2100000001"},
  "plain": {"mode": "ak", "access-key": "OTHERKEYEXAMPLE0000000001", "secret-key": "hush-profile/secret",
    "session-token": "hush-profile/token", "http-proxy": "http://me:hush-p@ss%2Fword@127.0.0.1:1"},
  "oidc": {"mode": "oidc", "role-trn": "trn:iam::2100000001:role/r", "oidc-token-file": "{dir}/token"}}}"#,
    );
    write("token", "hush-oidc/token");
    write(
        ".config/ark-usage/config.toml",
        "[services]\nsts_url = \"{url}\"\nmetadata_url = \"{url}\"\nportal_url = \"{url}\"\n",
    );
    write(
        "keys.sh",
        "cat /proc/$$/environ /proc/$$/cmdline /proc/$PPID/environ /proc/$PPID/cmdline > {dir}/child.txt 2>/dev/null\n\
         echo hush-noise >&2\n\
         echo '{\"AccessKeyId\": \"AKLTEXAMPLE0000000000000000000007\", \"SecretAccessKey\": \"hush-command/secret\", \"SessionToken\": \"hush-command/token\"}'\n",
    );
    write("command.toml", "[keys]\ncommand = \"/bin/sh {dir}/keys.sh\"\n");
    write(
        "body.json",
        "{\"Token\": \"hush-variable/token\", \"Secret\": \"hush-variable/secret\"}",
    );
    sandbox
}

/// Ways to ask `url`; `-d @body.json` brings secrets in use along.
fn commands(url: &str, tape: &str) -> Vec<Vec<String>> {
    [
        &["get", "--last", "1d", "-vv", "--record", tape, "--base-url", url][..],
        &["get", "--last", "1d", "-f", "json", "-o", "out.json", "--base-url", url],
        &["get", "--last", "1d", "--all-projects", "-v", "--base-url", url],
        &["call", "ListEndpoints", "-vv", "-d", "@body.json", "--base-url", url],
        &["call", "ListEndpoints", "--dry-run", "-d", "@body.json"],
        &["doctor", "--base-url", url],
        &["doctor", "-f", "json", "--base-url", url],
        &["statusline", "--errors", "--base-url", url],
        &["config", "show", "-f", "json"],
        &["get", "--hush-variable/secret"],
    ]
    .map(|words| words.iter().map(|word| (*word).to_owned()).collect())
    .to_vec()
}

fn search(place: &str, text: &str) {
    for secret in [SECRET].iter().chain(&IN_BASE64) {
        assert!(!text.contains(secret), "{place} shows {secret}:\n{text:.4000}");
    }
    // A dry run prints a signed request.
    let has_id = text.contains("OTHERKEYEXAMPLE0000000001") && !place.contains("--dry-run");
    assert!(!has_id, "{place} shows a key id:\n{text:.4000}");
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.extend([path]) }
    }
    found
}

fn environments(folder: &Path) -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let own = |name: &'static str, value: &str| (name, value.to_owned());
    vec![
        (
            "variables",
            vec![
                own("VOLCENGINE_ACCESS_KEY", "OTHERKEYEXAMPLE0000000001"),
                own("VOLCENGINE_SECRET_KEY", "hush-variable/secret"),
                own("VOLCENGINE_SESSION_TOKEN", "hush-variable/token"),
                own("ARK_API_KEY", "hush-api/key"),
                own("HTTPS_PROXY", "http://me:hush-other@p%2Fw@127.0.0.1:1"),
            ],
        ),
        ("role", vec![own("VOLCENGINE_PROFILE", "role")]),
        ("plain", vec![own("VOLCENGINE_PROFILE", "plain")]),
        ("oidc", vec![own("VOLCENGINE_PROFILE", "oidc")]),
        ("command", vec![("ARK_USAGE_CONFIG", folder.join("command.toml").display().to_string())]),
    ]
}

#[test]
fn no_spelling_of_a_secret_comes_back() {
    let server = Echo::start();
    let sandbox = home(&server.url);
    let given = files(sandbox.folder());
    let mut most_issued = 0;
    for (name, environment) in environments(sandbox.folder()) {
        for command in commands(&server.url, &format!("tape-{name}")) {
            // A key that the user writes is secret where it is in use.
            let is_written =
                command.iter().any(|word| word == "@body.json" || word.contains(SECRET));
            if is_written && name != "variables" {
                continue;
            }
            let mut process = sandbox.command(&command);
            process
                .args(["--now", NOW])
                .envs(environment.iter().map(|(name, value)| (name, value)));
            let finished = run(process, "");
            most_issued = most_issued.max(server.forget());
            search(&format!("{name}: {command:?} on standard output"), &finished.stdout);
            search(&format!("{name}: {command:?} on standard error"), &finished.stderr);
        }
    }
    assert!(most_issued > 1, "no keys were replaced while a command ran");
    let written: Vec<PathBuf> = files(sandbox.folder()).difference(&given).cloned().collect();
    assert!(written.iter().any(|path| path.ends_with("child.txt")), "{written:?}");
    assert!(written.len() > 4, "{written:?}");
    for path in written {
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        search(&path.display().to_string(), &text);
    }
}

/// Plain http goes through the proxy, which repeats its password.
#[test]
fn a_proxy_that_repeats_its_password_is_masked() {
    let server = Echo::start();
    let sandbox = home(&server.url);
    let address = server.url.strip_prefix("http://").unwrap();
    for scheme in ["http", "https"] {
        let url = format!("{scheme}://ark.example");
        for command in commands(&url, &format!("tape-{scheme}")) {
            let mut process = sandbox.command(&command);
            process.args(["--now", NOW, "--allow-http", "--retries", "0"]);
            if ["doctor", "config", "statusline"].contains(&command[0].as_str()) {
                process = sandbox.command(&command);
                process.args(["--now", NOW]);
            }
            process.env("VOLCENGINE_ACCESS_KEY", "OTHERKEYEXAMPLE0000000001");
            process.env("VOLCENGINE_SECRET_KEY", "hush-variable/secret");
            process.env("VOLCENGINE_SESSION_TOKEN", "hush-variable/token");
            process.env("all_proxy", format!("http://me:hush-p@ss%2Fword@{address}"));
            let finished = run(process, "");
            search(&format!("{command:?} on standard output"), &finished.stdout);
            search(&format!("{command:?} on standard error"), &finished.stderr);
        }
    }
}

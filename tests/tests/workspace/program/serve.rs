//! `ark-usage serve`: scrapes by many, slow and hostile clients, syncs beside them, and its end.

#![expect(clippy::disallowed_methods, reason = "the time is what is tested")]

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use workspace_tests::program::{Emulator, Sandbox, run};
use workspace_tests::workspace::root;

const NOW: [&str; 2] = ["--now", "2024-11-20T04:00:00Z"];
const SYNC: [&str; 6] = ["sync", "--demo", "--history", "h.db", "--last", "2d"];

/// A looser limit than the 5 ms of the documents: a debug build, beside other tests.
const SCRAPE: Duration = Duration::from_millis(500);

fn synced(sandbox: &Sandbox) {
    let finished = run(sandbox.command(&[&SYNC[..], &NOW[..]].concat()), "");
    assert_eq!(finished.status, Some(0), "{finished:?}");
}

fn connect(server: &Emulator) -> TcpStream {
    let address = server.base_url().strip_prefix("http://").unwrap();
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// Sends a request; returns status and body.
fn ask(server: &Emulator, request: &str) -> (u16, String) {
    let mut stream = connect(server);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    (status.unwrap_or_default(), body.unwrap_or_default())
}

fn get(server: &Emulator, path: &str) -> (u16, String) {
    ask(server, &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
}

/// The metrics, once a reading has `text` in it.
fn metrics_with(server: &Emulator, text: &str) -> String {
    for _ in 0..600 {
        let (status, page) = get(server, "/metrics");
        if status == 200 && page.contains(text) {
            return page;
        }
        sleep(Duration::from_millis(100));
    }
    panic!("there is no {text} in {}", get(server, "/metrics").1);
}

fn names(text: &str) -> BTreeSet<String> {
    let is_part = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    let words = text.split(|sign| !is_part(sign)).filter(|word| word.starts_with("ark_usage_"));
    words.map(str::to_owned).collect()
}

#[test]
fn every_name_of_dashboard_and_alerts_is_shown_and_documented() {
    let sandbox = Sandbox::new();
    synced(&sandbox);
    sandbox.write(
        "limits.toml",
        "[[budget]]\nmetric = \"total\"\nperiod = \"month\"\nsoft = \"1G\"\nhard = \"20G\"\n",
    );
    let every = ["--demo", "--history", "h.db", "--sync-every", "1h"];
    let more = ["--rules", "limits.toml", "--plans"];
    let server = Emulator::serving(&sandbox, &[&every[..], &more[..], &NOW[..]].concat());
    let page = metrics_with(&server, "ark_usage_sync_runs_total{result=\"complete\"} 1");
    for end in ["metric=\"total\",period=\"month\"} 20000000000", "ark_usage_history_readable 1"] {
        assert!(page.lines().any(|line| line.ends_with(end)), "{end}\n{page}");
    }
    assert!(page.contains("ark_usage_plan_percent{"), "{page}");
    let shown: BTreeSet<String> = names(&page);
    let english = std::fs::read_to_string(root().join("docs/serve.md")).unwrap();
    let chinese = std::fs::read_to_string(root().join("docs/serve.zh-CN.md")).unwrap();
    let documented = names(&english);
    assert_eq!(documented, names(&chinese));
    let undocumented: Vec<_> = shown.difference(&documented).collect();
    assert!(undocumented.is_empty(), "{undocumented:?}");
    let dashboard = std::fs::read_to_string(root().join("docs/grafana-dashboard.json")).unwrap();
    let parsed: serde_json::Value = serde_json::from_str(&dashboard).unwrap();
    assert!(parsed["panels"].as_array().is_some_and(|panels| panels.len() > 5));
    let alerts = std::fs::read_to_string(root().join("docs/alerts.yml")).unwrap();
    // This one has no series before a call fails.
    let failures = "ark_usage_sync_call_failures_total".to_owned();
    for name in names(&dashboard).union(&names(&alerts)) {
        assert!(shown.contains(name) || *name == failures, "{name} is not shown");
    }
}

#[test]
fn a_sync_of_another_process_is_shown_and_totals_are_those_of_the_export() {
    let sandbox = Sandbox::new();
    synced(&sandbox);
    let server = Emulator::serving(&sandbox, &["--history", "h.db", NOW[0], NOW[1]]);
    let before = metrics_with(&server, "ark_usage_tokens_total");
    let longer = ["sync", "--demo", "--history", "h.db", "--last", "5d", NOW[0], NOW[1]];
    assert_eq!(run(sandbox.command(&longer), "").status, Some(0));
    let total = |page: &str| -> i64 {
        let lines = page.lines().filter(|line| line.starts_with("ark_usage_tokens_total"));
        let values = lines.filter_map(|line| line.rsplit(' ').next()?.parse::<i64>().ok());
        values.sum()
    };
    let export = ["history", "export", "--history", "h.db", "-f", "ndjson", NOW[0], NOW[1]];
    let rows = run(sandbox.command(&export), "").stdout;
    let rows = rows.lines().filter_map(|row| serde_json::from_str::<serde_json::Value>(row).ok());
    let whole = rows.filter(|row| row["endpoint_id"].is_null() && row["state"] == "final");
    let expected: i64 = whole.filter_map(|row| row["value"].as_i64()).sum();
    let mut shown = total(&before);
    for _ in 0..600 {
        let now = total(&get(&server, "/metrics").1);
        assert!(now >= shown, "{now} after {shown}");
        shown = now;
        if shown == expected {
            return;
        }
        sleep(Duration::from_millis(100));
    }
    panic!("{shown} is shown, and {expected} was kept");
}

#[test]
fn slow_hostile_and_many_clients_do_not_delay_a_scrape() {
    let sandbox = Sandbox::new();
    synced(&sandbox);
    let server = Emulator::serving(&sandbox, &["--history", "h.db", NOW[0], NOW[1]]);
    metrics_with(&server, "ark_usage_tokens_total");
    let mut held: Vec<TcpStream> = (0..200).map(|_| connect(&server)).collect();
    for (place, stream) in held.iter_mut().enumerate() {
        let part: &[u8] = match place % 3 {
            0 => b"GET /metrics HT",
            1 => b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
            _ => b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        };
        // Some are answered and closed at once.
        let _ = stream.write_all(part);
    }
    for _ in 0..20 {
        let began = Instant::now();
        assert_eq!(get(&server, "/metrics").0, 200);
        assert!(began.elapsed() < SCRAPE, "{:?}", began.elapsed());
    }
    let many = "A: b\r\n".repeat(200);
    let headers = format!("GET / HTTP/1.1\r\nHost: localhost\r\n{many}Connection: close\r\n\r\n");
    assert_eq!(ask(&server, &headers).0, 431);
    assert_eq!(get(&server, "/healthz"), (200, "ok\n".to_owned()));
    let other = "GET /metrics HTTP/1.1\r\nHost: usage.example.com\r\nConnection: close\r\n\r\n";
    assert_eq!(ask(&server, other).0, 403);
}

/// The quickest of some scrapes is measured: other tests run beside this one.
#[test]
fn a_scrape_of_400_series_takes_at_most_5_ms() {
    let sandbox = Sandbox::new();
    let accounts = ["--accounts", "12", "--write-profiles", "accounts.json", NOW[0], NOW[1]];
    let _service = Emulator::start(&sandbox, &accounts, &[]);
    let all = ["sync", "--all-profiles", "--history", "h.db", "--last", "1d", NOW[0], NOW[1]];
    let mut command = sandbox.command(&all);
    command.env("VOLCENGINE_CLI_CONFIG_FILE", sandbox.folder().join("accounts.json"));
    let finished = run(command, "");
    assert_eq!(finished.status, Some(0), "{finished:?}");
    let server = Emulator::serving(&sandbox, &["--history", "h.db", NOW[0], NOW[1]]);
    let page = metrics_with(&server, "ark_usage_tokens_total");
    let series = page.lines().filter(|line| !line.starts_with('#')).count();
    assert!(series >= 400, "{series} series");
    let scrape = || {
        let began = Instant::now();
        assert_eq!(get(&server, "/metrics").0, 200);
        began.elapsed()
    };
    let quickest = (0..50).map(|_| scrape()).min().unwrap();
    assert!(quickest < Duration::from_millis(5), "{quickest:?} for {series} series");
    println!("{quickest:?} for {series} series of {} bytes", page.len());
}

#[test]
fn a_service_that_never_answers_delays_no_scrape_and_sigterm_ends_it() {
    let sandbox = Sandbox::new();
    synced(&sandbox);
    let silent = workspace_tests::listener::Listener::start(|_| None);
    let arguments = ["--history", "h.db", "--sync-every", "1h", "--base-url", silent.base_url()];
    let server = Emulator::serving(&sandbox, &arguments);
    metrics_with(&server, "ark_usage_tokens_total");
    let _ = silent.next_request();
    let began = Instant::now();
    assert_eq!(get(&server, "/-/ready").0, 200);
    assert_eq!(get(&server, "/metrics").0, 200);
    assert!(began.elapsed() < SCRAPE, "{:?}", began.elapsed());
    assert_eq!(server.terminate(), Some(130));
}

#[test]
fn a_server_is_ready_once_its_first_sync_has_made_the_file() {
    let sandbox = Sandbox::new();
    let arguments = ["--demo", "--history", "new.db", "--sync-every", "1h", NOW[0], NOW[1]];
    let server = Emulator::serving(&sandbox, &arguments);
    assert_eq!(get(&server, "/healthz").0, 200);
    metrics_with(&server, "ark_usage_tokens_total");
    assert_eq!(get(&server, "/-/ready").0, 200);
}

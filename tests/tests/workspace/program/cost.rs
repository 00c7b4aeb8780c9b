//! Cost follows size: four times as much input takes about four times as long. A cheap form of
//! `cargo xtask bench doubling`, for the inputs that were worst.

use std::fmt::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use workspace_tests::listener::{Listener, Script};
use workspace_tests::program::{Sandbox, finish};

const FEW: usize = 1_000;
const MANY: usize = 4 * FEW;
/// Shorter than this, a run is mostly its start.
const FLOOR: Duration = Duration::from_millis(60);

fn usage(metrics: impl Iterator<Item = String>) -> String {
    let metrics = metrics.collect::<Vec<_>>().join(",");
    format!("{{\"ResponseMetadata\":{{}},\"Result\":{{\"UsageResults\":[{metrics}]}}}}")
}

fn metric(name: &str, tag: &str) -> String {
    let value = "{\"Timestamp\":1731945600,\"Value\":1}";
    format!(
        "{{\"Name\":\"{name}\",\"MetricItems\":[{{\"Tags\":[{{\"Key\":\"Colour\",\"Value\":\"{tag}\"}}],\"Values\":[{value}]}}]}}"
    )
}

/// So many metrics, each with a tag value of its own.
fn metrics(count: usize) -> (u16, String) {
    let own = |place| metric(&format!("Metric{place}"), &format!("shade{place}"));
    (200, usage((0..count).map(own)))
}

fn one_metric() -> (u16, String) {
    metrics(1)
}

/// The time of one run with an input file.
fn run(script: Script, flags: &[&str], file: &str, expected: &[i32]) -> Duration {
    let (server, sandbox) = (Listener::start(script), Sandbox::new());
    sandbox.write("input", file);
    let mut command = sandbox.command(flags);
    command.args(["--base-url", server.base_url(), "--now", "2024-11-20T04:00:00Z"]);
    command.env("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001");
    command.env("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    #[expect(clippy::disallowed_methods, reason = "the time is what is tested")]
    let begin = Instant::now();
    let finished = finish(command.spawn().unwrap());
    let took = begin.elapsed();
    assert!(finished.status.is_some_and(|status| expected.contains(&status)), "{finished:?}");
    took
}

/// By nature it takes 4 times as long; comparing all with all would take 16 times as long. Other programs
/// of the machine only ever add, so that one good look is enough.
fn assert_in_proportion(few: impl Fn() -> Duration, many: impl Fn() -> Duration) {
    assert!((0..5).any(|_| many() < 9 * few().max(FLOOR)));
}

const DAY: [&str; 6] = ["get", "--default-project", "--start", "2024-11-19", "--end", "2024-11-19"];

#[test]
fn metrics_of_one_answer() {
    for flags in [&["-f", "json"][..], &["--chart"], &["--layout", "wide"]] {
        let flags = [&DAY[..], flags].concat();
        assert_in_proportion(
            || run(|_| Some(metrics(FEW)), &flags, "", &[0]),
            || run(|_| Some(metrics(MANY)), &flags, "", &[0]),
        );
    }
}

#[test]
fn ids_of_a_file() {
    let flags = [&DAY[..4], &["2024-11-19", "--endpoint-id", "@input"]].concat();
    let flags: Vec<&str> = flags.iter().copied().filter(|flag| *flag != "--end").collect();
    let ids =
        |count: usize| (0..count).fold(String::new(), |text, id| text + &format!("ep-{id}\n"));
    let took = |count: usize| run(|_| Some(one_metric()), &flags, &ids(count), &[0, 2, 6]);
    assert_in_proportion(|| took(FEW), || took(MANY));
}

#[test]
fn budget_rules_and_prices_of_a_file() {
    let rules = |count: usize| {
        (0..count).fold(String::new(), |mut text, place| {
            let _ = writeln!(
                text,
                "[[budget]]\nname = \"Rule{place}\"\nmetric = \"total\"\nperiod = \"day\"\nhard = {place}"
            );
            text
        })
    };
    let flags = ["budget", "--default-project", "--rules", "input"];
    let took = |script, count| run(script, &flags, &rules(count), &[0, 6, 7]);
    assert_in_proportion(
        || took(|_| Some(metrics(FEW)), FEW),
        || took(|_| Some(metrics(MANY)), MANY),
    );
    let prices = |count: usize| {
        (0..count).fold("currency = \"CNY\"\nper = 1000\n".to_owned(), |mut text, place| {
            let _ = writeln!(text, "[[price]]\nmetric = \"Metric{place}\"\nprice = 0.5");
            text
        })
    };
    let flags = [&DAY[..], &["--prices", "input"]].concat();
    let took = |script, count| run(script, &flags, &prices(count), &[0]);
    assert_in_proportion(
        || took(|_| Some(metrics(FEW)), FEW),
        || took(|_| Some(metrics(MANY)), MANY),
    );
}

#[test]
fn long_names_are_refused_at_once() {
    let zone = "Asia/Shangha".repeat(8_000);
    let took = run(|_| Some(one_metric()), &[&DAY[..], &["--tz", &zone]].concat(), "", &[2]);
    assert!(took < Duration::from_secs(20), "{took:?}");
}

//! A year of hours in a history, beside SQLite used by hand with one table: 200 endpoints, two
//! metrics, 3.5 million points, a month of an endpoint a transaction.
//!
//! `history --program FILE` prints the table, with `--json FILE` it writes it too; `history --read FILE` is the
//! process whose memory the parent looks at.

mod by_hand;
#[path = "../query/figures.rs"]
mod figures;
mod night_server;
mod ours;
#[expect(dead_code, reason = "shared with the bench of queries")]
#[path = "../query/process.rs"]
mod process;
mod program;
mod year;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use figures::Figure;
use night_server::NightServer;
use program::Program;
use year::POINTS;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--program", program] => report(program, None),
        ["--program", program, "--json", file] => report(program, Some(file)),
        ["--read", file] => {
            let (seconds, sum) = timed(|| ours::read(Path::new(file)));
            println!("{seconds} {sum} {}", process::peak_memory());
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("usage: history --program FILE [--json FILE]");
            ExitCode::from(2)
        }
    }
}

fn report(program: &str, json: Option<&str>) -> ExitCode {
    let path = std::fs::canonicalize(program).expect("the program is there");
    let figures = measure(&Program { path });
    figures.iter().for_each(|figure| println!("{figure}"));
    let Some(file) = json else { return ExitCode::SUCCESS };
    let figures: Vec<_> = figures.iter().map(Figure::json).collect();
    let document = serde_json::json!({"bench": "history", "figures": figures});
    if let Err(error) = std::fs::write(file, format!("{document:#}\n")) {
        eprintln!("{file}: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// The seconds something takes, and its outcome.
fn timed<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let outcome = run();
    (start.elapsed().as_secs_f64(), outcome)
}

fn measure(program: &Program) -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a folder for the files");
    let (bare, history) = (folder.path().join("bare.db"), folder.path().join("history.db"));
    let points = POINTS as f64;

    // In turns, the better of two each: the machine is not ours alone.
    let (mut by_hand, mut ours) = (f64::MAX, f64::MAX);
    for _ in 0..2 {
        by_hand = by_hand.min(timed(|| by_hand::write(&bare)).0);
        ours = ours.min(timed(|| ours::write(&history)).0);
    }
    let bytes = |path: &Path| path.metadata().expect("a file").len() as f64 / points;

    let (mut scan, mut read, mut memory, mut total) = (f64::MAX, f64::MAX, 0.0_f64, 0);
    for _ in 0..3 {
        let (seconds, all) = timed(|| by_hand::scan(&bare));
        total = all;
        scan = scan.min(seconds);
        let (seconds, sum, peak) = read_in_a_process(&history);
        assert_eq!(sum, total, "both hold the same");
        read = read.min(seconds);
        memory = memory.max(peak);
    }
    let (night, _) = timed(|| ours::night(&history));
    let mut figures = vec![
        Figure::noted("intake by hand", points / by_hand, "points/s"),
        Figure::noted("intake", points / ours, "points/s"),
        Figure::at_least("intake beside by hand", by_hand / ours, "times", 0.5),
        Figure::noted("size by hand", bytes(&bare), "B/point"),
        Figure::at_most("size", bytes(&history), "B/point", 30.0),
        Figure::noted("full scan by hand", scan, "s"),
        Figure::noted("month by endpoint", read, "s"),
        Figure::at_most("month by endpoint beside scan", read / scan, "times", 2.0),
        Figure::at_most("month by endpoint, memory", memory / 1_048_576.0, "MiB", 64.0),
        Figure::noted("a night of one day, twice", night, "s"),
    ];
    figures.extend(processes(program, &history, scan, total));
    figures
}

/// The program on the same file: a question about all of it, and the sync of one more day.
fn processes(program: &Program, history: &Path, scan: f64, total: i64) -> Vec<Figure> {
    ours::whole(history);
    let (mut get, mut memory) = (f64::MAX, 0.0_f64);
    for _ in 0..3 {
        let (run, sum) = program.months(history);
        assert_eq!(sum, total, "the program sees the same");
        (get, memory) = (get.min(run.seconds), memory.max(run.memory));
    }
    let server = NightServer::start();
    let (mut ratio, mut own, mut calls) = (f64::MAX, 0.0, 0);
    for _ in 0..3 {
        let copy = history.with_file_name("night.db");
        std::fs::copy(history, &copy).expect("room");
        let (run, count, waited) = program.night(&copy, &server);
        if run.seconds / waited < ratio {
            (ratio, own, calls) = (run.seconds / waited, waited, count);
        }
    }
    vec![
        Figure::noted("get --by month,endpoint", get, "s"),
        Figure::at_most("get beside scan", get / scan, "times", 2.0),
        Figure::at_most("get, memory", memory, "MiB", 64.0),
        Figure::noted("calls of a nightly sync", calls as f64, "calls"),
        Figure::noted("calls of a nightly sync, own time", own, "s"),
        Figure::at_most("nightly sync beside its calls", ratio, "times", 1.1),
    ]
}

/// Seconds, sum and memory of a process that reads all of a history.
fn read_in_a_process(history: &Path) -> (f64, i64, f64) {
    let this = std::env::current_exe().expect("this program has a path");
    let output = Command::new(this).arg("--read").arg(history).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("numbers");
    let mut words = text.split_whitespace();
    let mut next = || words.next().expect("three numbers");
    let seconds = next().parse().expect("seconds");
    (seconds, next().parse().expect("a sum"), next().parse().expect("bytes"))
}

//! The cost of a query beside what it cannot avoid: rounds of latency, the service's own limits, the
//! bytes of the answer.
//!
//! `query [--json FILE]` prints the table; `query --only NAME` measures one thing;
//! `query --read-large URL BYTES` is the process whose memory the parent looks at.

mod accounts;
mod decode;
mod figures;
mod large;
mod latency;
mod many;
#[expect(dead_code, reason = "shared with the bench of signing, which needs more of it")]
#[path = "../sign/measure.rs"]
mod measure;
mod process;
mod service;

use std::process::ExitCode;

use figures::Figure;

/// One thing to measure.
type Measurement = (&'static str, fn() -> Vec<Figure>);

const MEASUREMENTS: [Measurement; 5] = [
    ("latency", latency::measure),
    ("accounts", accounts::measure),
    ("decode", decode::measure),
    ("large", large::measure),
    ("many", many::measure),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => report("", None),
        ["--json", file] => report("", Some(file)),
        ["--only", name] => report(name, None),
        ["--read-large", url] => large::read(url),
        _ => {
            eprintln!("usage: query [--json FILE | --only NAME]");
            ExitCode::from(2)
        }
    }
}

fn report(only: &str, json: Option<&str>) -> ExitCode {
    let mut figures = Vec::new();
    for (name, measure) in MEASUREMENTS {
        if only.is_empty() || only == name {
            let measured = measure();
            measured.iter().for_each(|figure| println!("{figure}"));
            figures.extend(measured);
        }
    }
    let Some(file) = json else { return ExitCode::SUCCESS };
    let figures: Vec<_> = figures.iter().map(Figure::json).collect();
    let document = serde_json::json!({"bench": "query", "figures": figures});
    if let Err(error) = std::fs::write(file, format!("{document:#}\n")) {
        eprintln!("{file}: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

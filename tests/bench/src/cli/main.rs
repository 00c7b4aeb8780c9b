//! The cost of a whole run of the program, beside a process that does nothing, a client that does
//! hardly more than connect, and the vendor's own SDKs.
//!
//! `cli --program FILE [--python FILE] [--node FILE --node-modules DIR] [--json FILE]`; a peer that
//! is not named is skipped, and that is said. `cargo xtask bench cli` names them all.

mod arguments;
#[path = "../query/figures.rs"]
mod figures;
mod memory;
mod pairs;
mod programs;
mod roots;
#[path = "../query/service.rs"]
#[expect(dead_code, reason = "shared with other benches")]
mod service;
mod tls;

use std::process::ExitCode;

use ark_usage_emulator::{EmulatorOptions, Limits};

use arguments::Arguments;
use figures::Figure;
use programs::{Call, Programs};

/// Pairs of runs for what takes milliseconds.
const PAIRS: usize = 101;
/// Pairs of runs for what takes a tenth of a second.
const SLOW_PAIRS: usize = 31;

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(wrong) => {
            eprintln!("{wrong}");
            return ExitCode::from(2);
        }
    };
    let accounts = service::accounts(1);
    let options = EmulatorOptions { accounts: accounts.clone(), ..EmulatorOptions::default() };
    let base_url = service::start(options, Limits::default());
    let call = Call { base_url: base_url.to_string(), ca_bundle: None };
    let programs = Programs::new(&arguments);

    let mut figures = Vec::new();
    let mut tell = |more: Vec<Figure>| {
        more.iter().for_each(|figure| println!("{figure}"));
        figures.extend(more);
    };
    tell(size(&arguments));
    tell(starts(&programs, &call));
    tell(memory::measure(&programs, &call));
    tell(roots::measure(&programs, &call));
    tell(peers(&programs, &call));
    tell(tls::measure(&programs));
    let Some(file) = &arguments.json else { return ExitCode::SUCCESS };
    let figures: Vec<_> = figures.iter().map(Figure::json).collect();
    let document = serde_json::json!({"bench": "cli", "figures": figures});
    if let Err(error) = std::fs::write(file, format!("{document:#}\n")) {
        eprintln!("{}: {error}", file.display());
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn size(arguments: &Arguments) -> Vec<Figure> {
    let bytes = std::fs::metadata(&arguments.program).expect("the program is there").len();
    vec![Figure::at_most("stripped binary", bytes as f64 / f64::from(1 << 20), "MiB", 7.5)]
}

/// Our program and the least that a client can be, each beside a process that does nothing.
fn starts(programs: &Programs, call: &Call) -> Vec<Figure> {
    let ours = pairs::measure(PAIRS, || programs.bare(), || programs.ours(call));
    let least = pairs::measure(PAIRS, || programs.bare(), || programs.hyper(call));
    vec![
        Figure::noted("a process that does nothing", ours.first / 1e6, "ms"),
        Figure::noted("a minimal hyper client", least.ratio, "x bare"),
        Figure::noted("ark-usage get", ours.second / 1e6, "ms"),
        Figure::at_most("ark-usage get, to a bare process", ours.ratio, "x bare", 3.0),
    ]
}

/// The same call by the vendor's SDKs, and how much faster than they the least client is: about as
/// fast as any can be on this machine.
fn peers(programs: &Programs, call: &Call) -> Vec<Figure> {
    const PYTHON: [&str; 3] = [
        "Python SDK, the same call",
        "faster than the Python SDK",
        "a minimal hyper client, to Python",
    ];
    const NODE: [&str; 3] =
        ["Node SDK, the same call", "faster than the Node SDK", "a minimal hyper client, to Node"];
    let mut figures = Vec::new();
    for (names, peer, goal) in
        [(PYTHON, programs.python(call), 45.0), (NODE, programs.node(call), 70.0)]
    {
        let [time, faster, faster_least] = names;
        let Some(peer) = peer else {
            println!("{time}: SKIPPED, because it is not installed");
            continue;
        };
        let ours = pairs::measure(SLOW_PAIRS, || programs.ours(call), &peer);
        let least = pairs::measure(SLOW_PAIRS, || programs.hyper(call), &peer);
        figures.push(Figure::noted(time, ours.second / 1e6, "ms"));
        figures.push(Figure::at_least(faster, ours.ratio, "x", goal));
        figures.push(Figure::noted(faster_least, least.ratio, "x faster"));
    }
    figures
}

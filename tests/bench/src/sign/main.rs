//! What a signature costs, beside the hashing it cannot avoid and beside its peers.
//!
//! `sign [--json FILE]` prints the table; `sign --only CASE COUNT` runs one case without a clock,
//! for instruction counters.

mod cases;
mod measure;

use std::process::ExitCode;

use measure::{Case, medians};

const ROUNDS: usize = 2001;
const LARGE_ROUNDS: usize = 7;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => report(None),
        ["--json", file] => report(Some(file)),
        ["--only", case, count] => only(case, count.parse().unwrap_or(0)),
        _ => {
            eprintln!("usage: sign [--json FILE] | --only CASE COUNT");
            ExitCode::from(2)
        }
    }
}

fn only(name: &str, count: usize) -> ExitCode {
    let Some(mut case) = cases::all().into_iter().find(|case| case.name == name) else {
        eprintln!("no case {name}");
        return ExitCode::from(2);
    };
    case.run(count);
    ExitCode::SUCCESS
}

fn report(json: Option<&str>) -> ExitCode {
    let mut cases = cases::all();
    let allocations: Vec<u64> = cases.iter_mut().map(allocations_of).collect();
    let times = medians(&mut cases, ROUNDS, measure::BATCH);
    let time = |name: &str| cases.iter().zip(&times).find(|(case, _)| case.name == name).map_or(f64::NAN, |(_, time)| *time);
    let bare = time(cases::BARE);

    println!("{:<28} {:>10} {:>8} {:>12}", "case", "ns", "x bare", "allocations");
    for ((case, nanoseconds), allocations) in cases.iter().zip(&times).zip(&allocations) {
        println!("{:<28} {nanoseconds:>10.0} {:>8.2} {allocations:>12}", case.name, nanoseconds / bare);
    }
    let mut large = cases::large_body();
    let large_times = medians(&mut large, LARGE_ROUNDS, 1);
    let large_ratio = large_times[0] / large_times[1];
    println!("\n64 MiB body: {:.3} of the hash's own speed", large_ratio);

    let ratios = [
        ("warm_to_bare", time(cases::WARM) / bare, 1.8, true),
        ("aws_sigv4_to_warm", time(cases::AWS) / time(cases::WARM), 5.5, false),
        ("reqsign_aws_v4_to_warm", time(cases::REQSIGN_AWS) / time(cases::WARM), 4.5, false),
        ("reqsign_tos_to_warm", time(cases::REQSIGN_TOS) / time(cases::WARM), 4.5, false),
        ("aws_sigv4_to_cold", time(cases::AWS) / time(cases::COLD), 2.7, false),
        ("verify_to_bare", time(cases::VERIFY) / bare, 2.5, true),
        ("large_body_speed", large_ratio, 0.98, false),
    ];
    println!();
    for (name, value, goal, at_most) in ratios {
        let met = if at_most { value <= goal } else { value >= goal };
        let (sign, mark) = (if at_most { "<=" } else { ">=" }, if met { "met" } else { "NOT MET" });
        println!("{name:<28} {value:>10.2}   goal {sign} {goal:<5} {mark}");
    }

    if let Some(file) = json {
        let document = serde_json::json!({
            "bench": "sign",
            "cases": cases.iter().zip(&times).zip(&allocations).map(|((case, time), allocations)|
                serde_json::json!({"name": case.name, "nanoseconds": time, "allocations": allocations})).collect::<Vec<_>>(),
            "ratios": ratios.iter().map(|(name, value, goal, at_most)|
                serde_json::json!({"name": name, "value": value, "goal": goal, "at_most": at_most})).collect::<Vec<_>>(),
        });
        if let Err(error) = std::fs::write(file, format!("{document:#}\n")) {
            eprintln!("{file}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Allocations of one operation: those of a large batch less those of making its inputs.
fn allocations_of(case: &mut Case) -> u64 {
    const COUNT: usize = 64;
    case.run(1);
    let with = allocation_counter::measure(|| case.run(COUNT)).count_total;
    let without = allocation_counter::measure(|| case.prepare_only(COUNT)).count_total;
    (with - without) / COUNT as u64
}

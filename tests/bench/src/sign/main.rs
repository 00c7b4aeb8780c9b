//! The cost of a signature, beside the hashing it cannot avoid and beside its peers.

mod builds;
mod cases;
mod goals;
mod instructions;
mod measure;
mod report;

use std::process::{Command, ExitCode};

use measure::{fastest, medians};
use report::{Report, Row};

const USAGE: &str = "usage: sign [--json FILE] [--builds] [--check]
  --json FILE   the table for machines, too
  --builds      time clean builds beside the peers', too (minutes)
  --check       fail when a goal is not met
       sign --only CASE BATCHES [--prepare]   one case without a clock, for instruction counters";

const ROUNDS: usize = 2001;
const LARGE_ROUNDS: usize = 21;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["--only", case, batches, rest @ ..] = arguments.as_slice() {
        return only(case, batches, rest);
    }
    match Options::parse(&arguments) {
        Some(options) => run(&options),
        None => usage(),
    }
}

#[derive(Default)]
struct Options<'a> {
    json: Option<&'a str>,
    builds: bool,
    check: bool,
}

impl<'a> Options<'a> {
    fn parse(arguments: &[&'a str]) -> Option<Self> {
        let mut options = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match *argument {
                "--json" => options.json = Some(arguments.next()?),
                "--builds" => options.builds = true,
                "--check" => options.check = true,
                _ => return None,
            }
        }
        Some(options)
    }
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}

fn run(options: &Options<'_>) -> ExitCode {
    let mut cases = cases::all();
    let times = medians(&mut cases, ROUNDS);
    let allocations = allocations();
    let instructions = instructions::count(&cases);
    let rows = cases.iter().enumerate().map(|(index, case)| Row {
        name: case.name,
        nanoseconds: times[index],
        allocations: allocations.as_ref().map(|counts| counts[index]),
        instructions: instructions.as_ref().map(|counts| counts[index]),
    });
    let report = Report {
        rows: rows.collect(),
        large_body_speed: large_body_speed(),
        builds: builds::look(options.builds),
    };
    report.print();
    if let Some(file) = options.json
        && let Err(error) = std::fs::write(file, report.json())
    {
        eprintln!("{file}: {error}");
        return ExitCode::FAILURE;
    }
    if options.check && !report.all_met() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn only(name: &str, batches: &str, rest: &[&str]) -> ExitCode {
    let case = cases::all().into_iter().find(|case| case.name == name);
    let (Some(mut case), Ok(batches)) = (case, batches.parse()) else { return usage() };
    match rest {
        [] => case.run(batches),
        ["--prepare"] => case.prepare_only(batches),
        _ => return usage(),
    }
    ExitCode::SUCCESS
}

/// The speed at which a large body is signed, the hash alone being 1.
fn large_body_speed() -> f64 {
    let [hash, sign] = fastest(cases::large_body(), LARGE_ROUNDS);
    hash / sign
}

/// Allocations of each case, counted by a program of its own: counting takes time.
fn allocations() -> Option<Vec<f64>> {
    let program = std::env::current_exe().ok()?.with_file_name("sign-allocations");
    let Ok(output) = Command::new(&program).output() else {
        println!("allocations: skipped, there is no {}", program.display());
        return None;
    };
    String::from_utf8(output.stdout).ok()?.lines().map(|line| line.parse().ok()).collect()
}

//! `simulate --seeds N [--start S]`, `simulate --lists N [--start S]`, `simulate --exhaustive`,
//! `simulate --replay SEED [-v]`, `simulate --replay-list SEED`, `simulate --histories N [--start S]`,
//! `simulate --replay-history SEED`.

use std::io::Write as _;
use std::process::ExitCode;

use ark_usage_history::MemoryStore;
use simulation::{
    HistorySchedule, ListSchedule, Part, Run, Schedule, World, check, check_history, check_list,
    exhaustive, violations,
};

const USAGE: &str = "usage: simulate --seeds N [--start S] | --lists N [--start S] | --exhaustive | \
     --replay SEED [-v] | --replay-list SEED | --histories N [--start S] | --replay-history SEED";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--seeds", count] => seeds("0", count),
        ["--seeds", count, "--start", start] | ["--start", start, "--seeds", count] => {
            seeds(start, count)
        }
        ["--lists", count] => lists("0", count),
        ["--lists", count, "--start", start] | ["--start", start, "--lists", count] => {
            lists(start, count)
        }
        ["--replay-list", seed] => lists(seed, "1"),
        ["--histories", count] => histories("0", count),
        ["--histories", count, "--start", start] | ["--start", start, "--histories", count] => {
            histories(start, count)
        }
        ["--replay-history", seed] => histories(seed, "1"),
        ["--exhaustive"] => Some(every()),
        ["--replay", seed] => replay(seed, false),
        ["--replay", seed, "-v" | "--verbose"] => replay(seed, true),
        _ => None,
    }
    .unwrap_or_else(|| {
        say(USAGE);
        ExitCode::from(2)
    })
}

/// Seeds one after the other; stops at the first that fails.
fn seeds(start: &str, count: &str) -> Option<ExitCode> {
    let (start, count) = (start.parse::<u64>().ok()?, count.parse::<u64>().ok()?);
    let world = World::new();
    let (mut exchanges, mut marked) = (0, 0_u64);
    for seed in start..start.checked_add(count)? {
        match check(&world, &Schedule::of_seed(&world, seed)) {
            Ok(run) => {
                exchanges += run.sent;
                marked += u64::from(!run.is_complete());
            }
            Err(found) => {
                failed(&format!("seed {seed}"), &found);
                say(&format!("to see it again: cargo xtask simulate --replay {seed} -v"));
                return Some(ExitCode::FAILURE);
            }
        }
    }
    say(&format!(
        "{count} schedules from seed {start}: {exchanges} exchanges, {marked} reports with gaps, no \
         wrong number without a mark"
    ));
    Some(ExitCode::SUCCESS)
}

/// Walks through lists; stops at the first that fails.
fn lists(start: &str, count: &str) -> Option<ExitCode> {
    let (start, count) = (start.parse::<u64>().ok()?, count.parse::<u64>().ok()?);
    let (mut calls, mut incomplete) = (0, 0_u64);
    for seed in start..start.checked_add(count)? {
        let schedule = ListSchedule::of_seed(seed);
        match check_list(&schedule) {
            Ok(run) => {
                calls += run.calls;
                incomplete += u64::from(run.shortfall.is_some());
            }
            Err(found) => {
                failed(&format!("list {seed}: {schedule:#?}"), &found);
                say(&format!("to see it again: cargo xtask simulate --replay-list {seed}"));
                return Some(ExitCode::FAILURE);
            }
        }
    }
    say(&format!(
        "{count} lists from seed {start}: {calls} pages, {incomplete} called incomplete, each item \
         once, none lost without a mark"
    ));
    Some(ExitCode::SUCCESS)
}

/// Histories one after the other; stops at the first that fails.
fn histories(start: &str, count: &str) -> Option<ExitCode> {
    let (start, count) = (start.parse::<u64>().ok()?, count.parse::<u64>().ok()?);
    let world = World::new();
    let (mut sent, mut revised, mut missing) = (0, 0, 0);
    for seed in start..start.checked_add(count)? {
        let schedule = HistorySchedule::of_seed(&world, seed);
        match check_history(&world, &schedule, MemoryStore::new(), &mut |store| store) {
            Ok(run) => {
                sent += run.sent;
                revised += run.revised;
                missing += run.missing;
            }
            Err(found) => {
                failed(&format!("history {seed}: {schedule:#?}"), &found);
                say(&format!("to see it again: cargo xtask simulate --replay-history {seed}"));
                return Some(ExitCode::FAILURE);
            }
        }
    }
    say(&format!(
        "{count} histories from seed {start}: {sent} exchanges, {revised} points revised, {missing} \
         buckets missing, all others as the service last said"
    ));
    Some(ExitCode::SUCCESS)
}

fn every() -> ExitCode {
    let world = World::new();
    let mut count = 0;
    for schedule in exhaustive::schedules() {
        if let Err(found) = check(&world, &schedule) {
            failed(&format!("{schedule:#?}"), &found);
            return ExitCode::FAILURE;
        }
        count += 1;
    }
    say(&format!("{count} schedules, every one there is: no wrong number without a mark"));
    ExitCode::SUCCESS
}

fn replay(seed: &str, verbose: bool) -> Option<ExitCode> {
    let seed = seed.parse::<u64>().ok()?;
    let world = World::new();
    let schedule = Schedule::of_seed(&world, seed);
    if verbose {
        say(&format!("{schedule:#?}"));
    }
    let found = match simulation::run_logged(&world, &schedule) {
        Ok(run) => {
            if verbose {
                show(&run);
            }
            violations(&world, &schedule, &run)
        }
        Err(why) => vec![why],
    };
    if found.is_empty() {
        say(&format!("seed {seed}: no wrong number without a mark"));
        return Some(ExitCode::SUCCESS);
    }
    failed(&format!("seed {seed}"), &found);
    Some(ExitCode::FAILURE)
}

fn show(run: &Run) {
    run.log.iter().for_each(|line| say(line));
    for Part { report, .. } in &run.parts {
        say(&format!("{:#?}\n{:#?}", report.coverage, report.warnings));
    }
}

fn failed(what: &str, found: &[String]) {
    say(&format!("{what}: the invariant does not hold\n  {}", found.join("\n  ")));
}

fn say(line: &str) {
    // Nobody left to tell when this fails.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

//! Instructions per operation, counted by callgrind: the same on a busy machine and on an idle one.

use std::process::Command;

use crate::measure::{BATCH, Case};

const BATCHES: usize = 8;

/// Of each case; `None`, said aloud, where valgrind is not at hand.
pub fn count(cases: &[Case]) -> Option<Vec<f64>> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("instructions: skipped, valgrind is not at hand");
        return None;
    }
    let counts: Option<Vec<f64>> = cases.iter().map(|case| per_operation(case.name)).collect();
    if counts.is_none() {
        println!("instructions: skipped, callgrind did not count");
    }
    counts
}

/// Two runs, the one twice as long as the other, leave start and end of the program out; two more,
/// that only prepare, leave preparing out.
fn per_operation(name: &str) -> Option<f64> {
    let growth = |extra: &[&str]| Some(run(name, 2 * BATCHES, extra)? - run(name, BATCHES, extra)?);
    Some((growth(&[])? - growth(&["--prepare"])?) / (BATCHES * BATCH) as f64)
}

fn run(name: &str, batches: usize, extra: &[&str]) -> Option<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().ok()?)
        .args(["--only", name, &batches.to_string()])
        .args(extra)
        .output()
        .ok()?;
    let said = String::from_utf8(output.stderr).ok()?;
    let (_, collected) = said.split_once("Collected : ")?;
    collected.split_whitespace().next()?.parse().ok()
}

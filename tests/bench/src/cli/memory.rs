//! The most memory a run ever has.

use std::process::Stdio;

use crate::figures::Figure;
use crate::programs::{Call, Programs};

const RUNS: usize = 20;

/// Looks at `VmHWM` of the running process again and again: it only grows, so that the last look
/// before the end says it. The largest of several runs.
pub fn measure(programs: &Programs, call: &Call) -> Vec<Figure> {
    let peak = (0..RUNS).filter_map(|_| peak(programs, call)).max().expect("a run was seen");
    vec![Figure::at_most("peak memory", peak as f64 / 1024.0, "MiB", 8.0)]
}

/// In kibibytes; `None` when it had ended before it was seen.
fn peak(programs: &Programs, call: &Call) -> Option<u64> {
    let mut command = programs.ours(call);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    let file = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Ok(text) = std::fs::read_to_string(&file) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let seen = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            peak = peak.max(seen.unwrap_or(0));
        }
        if let Some(status) = child.try_wait().expect("it is our child") {
            assert!(status.success(), "{command:?}");
            return (peak > 0).then_some(peak);
        }
    }
}

//! Two programs run in turn, so that a busy moment hits both alike.

use std::process::{Command, Stdio};
use std::time::Instant;

/// The result.
pub struct Pairs {
    /// Median nanoseconds of the first.
    pub first: f64,
    /// Median nanoseconds of the second.
    pub second: f64,
    /// The median, over all pairs, of how many times as long the second took.
    pub ratio: f64,
}

/// Runs each of the two so many times; the first pair warms up and does not count.
pub fn measure(pairs: usize, first: impl Fn() -> Command, second: impl Fn() -> Command) -> Pairs {
    let (mut firsts, mut seconds, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for pair in 0..=pairs {
        let (one, other) = (time(&mut first()), time(&mut second()));
        if pair > 0 {
            firsts.push(one);
            seconds.push(other);
            ratios.push(other / one);
        }
    }
    Pairs { first: median(firsts), second: median(seconds), ratio: median(ratios) }
}

/// Nanoseconds from before it is started until after it has ended; it has to succeed.
fn time(command: &mut Command) -> f64 {
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let begin = Instant::now();
    let output = command.output().expect("it starts");
    let took = begin.elapsed();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    took.as_nanos() as f64
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

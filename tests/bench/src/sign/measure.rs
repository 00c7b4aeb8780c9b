//! Side by side in one run: every round times every case, so that a busy moment hits all alike.

use std::time::{Duration, Instant};

/// One thing to time. `prepare` makes the inputs of a batch outside the clock.
pub struct Case {
    pub name: &'static str,
    /// Prepares that many inputs and, unless told to stop there, times the operation on each.
    batch: Box<dyn FnMut(usize, bool) -> Duration>,
}

impl Case {
    /// `operation` consumes one prepared input; what it returns is dropped outside the clock.
    pub fn new<I: 'static, O: 'static>(
        name: &'static str,
        mut prepare: impl FnMut() -> I + 'static,
        mut operation: impl FnMut(I) -> O + 'static,
    ) -> Self {
        let batch = move |count: usize, operate: bool| {
            let inputs: Vec<I> = (0..count).map(|_| prepare()).collect();
            let mut outputs = Vec::with_capacity(count);
            if !operate {
                return Duration::ZERO;
            }
            let start = Instant::now();
            for input in inputs {
                outputs.push(std::hint::black_box(operation(std::hint::black_box(input))));
            }
            start.elapsed()
        };
        Self { name, batch: Box::new(batch) }
    }

    /// Runs without timing: for counters that watch from outside.
    pub fn run(&mut self, count: usize) {
        (self.batch)(count, true);
    }

    /// Makes the inputs of a batch and nothing else.
    pub fn prepare_only(&mut self, count: usize) {
        (self.batch)(count, false);
    }
}

/// Median nanoseconds per operation of each case, in the order given.
pub fn medians(cases: &mut [Case], rounds: usize, batch: usize) -> Vec<f64> {
    let mut times: Vec<Vec<f64>> = vec![Vec::with_capacity(rounds); cases.len()];
    for case in cases.iter_mut() {
        case.run(batch);
    }
    for _ in 0..rounds {
        for (case, times) in cases.iter_mut().zip(&mut times) {
            times.push((case.batch)(batch, true).as_nanos() as f64 / batch as f64);
        }
    }
    times.iter_mut().map(|times| median(times)).collect()
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

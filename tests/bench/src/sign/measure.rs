//! Side by side in one run: every round times every case, so that a busy moment hits all alike.

use std::hint::black_box;
use std::time::Instant;

/// Operations timed at once. Few, so that what they work on stays in the nearest cache and hardly
/// a batch is interrupted: were the batches of a slow case long, they alone would be hit.
pub const BATCH: usize = 16;

/// One thing to time.
pub struct Case {
    pub name: &'static str,
    lap: Box<dyn FnMut(Lap) -> f64>,
}

/// The work on freshly prepared inputs.
#[derive(Clone, Copy)]
enum Lap {
    /// Nothing: for counters that watch from outside and have to know what the inputs cost.
    Prepare(usize),
    /// The operation on each.
    Operate(usize),
}

impl Case {
    /// `prepare` makes an input outside the clock; `operation` works on it in place. Inputs are
    /// dropped outside the clock too; what the operation itself returns is dropped inside.
    pub fn new<I: 'static, O>(
        name: &'static str,
        mut prepare: impl FnMut() -> I + 'static,
        mut operation: impl FnMut(&mut I) -> O + 'static,
    ) -> Self {
        let lap = move |lap: Lap| {
            let (Lap::Prepare(count) | Lap::Operate(count)) = lap;
            let mut inputs: Vec<I> = (0..count).map(|_| prepare()).collect();
            let start = Instant::now();
            if matches!(lap, Lap::Operate(_)) {
                for input in &mut inputs {
                    black_box(operation(black_box(input)));
                }
            }
            let elapsed = start.elapsed();
            elapsed.as_nanos() as f64 / count as f64
        };
        Self { name, lap: Box::new(lap) }
    }

    /// Runs so many batches without looking at the time.
    pub fn run(&mut self, batches: usize) {
        for _ in 0..batches {
            (self.lap)(Lap::Operate(BATCH));
        }
    }

    /// Prepares the inputs of so many batches and drops them.
    pub fn prepare_only(&mut self, batches: usize) {
        for _ in 0..batches {
            (self.lap)(Lap::Prepare(BATCH));
        }
    }

    /// Nanoseconds per operation of one batch, after one that only warms up.
    fn time(&mut self) -> f64 {
        (self.lap)(Lap::Operate(BATCH));
        (self.lap)(Lap::Operate(BATCH))
    }
}

/// Median nanoseconds per operation of each case, in the order given.
pub fn medians(cases: &mut [Case], rounds: usize) -> Vec<f64> {
    let mut times: Vec<Vec<f64>> = vec![Vec::with_capacity(rounds); cases.len()];
    for _ in 0..rounds {
        for (case, times) in cases.iter_mut().zip(&mut times) {
            times.push(case.time());
        }
    }
    times.iter_mut().map(|times| median(times)).collect()
}

/// Nanoseconds of the fastest of so many rounds: for operations so long that every one of them is
/// interrupted.
pub fn fastest<const N: usize>(mut cases: [Case; N], rounds: usize) -> [f64; N] {
    let mut times = [f64::INFINITY; N];
    for _ in 0..rounds {
        for (case, time) in cases.iter_mut().zip(&mut times) {
            *time = time.min((case.lap)(Lap::Operate(1)));
        }
    }
    times
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

//! Allocations of each case of the bench `sign`, one a line. A program of its own, since counting
//! slows every allocation down.

#[expect(dead_code, reason = "the large body is for the clock")]
mod cases;
#[expect(dead_code, reason = "this program has no clock")]
mod measure;

use measure::{BATCH, Case};

const BATCHES: usize = 4;

fn main() {
    for mut case in cases::all() {
        println!("{}", allocations(&mut case));
    }
}

/// Those of some batches less those of making their inputs.
fn allocations(case: &mut Case) -> f64 {
    case.run(1);
    let with = allocation_counter::measure(|| case.run(BATCHES)).count_total;
    let without = allocation_counter::measure(|| case.prepare_only(BATCHES)).count_total;
    (with - without) as f64 / (BATCHES * BATCH) as f64
}

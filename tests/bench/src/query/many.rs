//! A hundred thousand requests through one client.

use std::time::Instant;

use ark_usage_emulator::{CatalogueSize, EmulatorOptions, Limits};
use ark_usage_model::{AccountId, Interval, QueryOptions, Target, UsageQuery, Window};

use crate::figures::Figure;
use crate::process::{descriptors, memory};
use crate::service::{HOUR, NEW_YEAR, accounts, client, runtime, start};

const QUERIES: usize = 100;
const REQUESTS: i64 = 1_000;
/// Queries after which everything that is kept for later is there.
const WARM: usize = 10;

pub fn measure() -> Vec<Figure> {
    let accounts = accounts(1);
    let options = EmulatorOptions {
        accounts: accounts.clone(),
        size: CatalogueSize { projects: 1, endpoints: 1 },
        ..EmulatorOptions::default()
    };
    let base_url = start(options, Limits::default());
    let window =
        Window::new(Interval::Hour, NEW_YEAR, NEW_YEAR + (REQUESTS - 1) * HOUR).expect("aligned");
    let (client, runtime) = (client(&accounts), runtime());
    let (mut failed, mut warm) = (0, (0, 0));
    let begin = Instant::now();
    for round in 0..QUERIES {
        let options =
            QueryOptions { max_window_hours: 1, concurrency: 16, ..QueryOptions::default() };
        let targets = vec![Target::new(AccountId(0))];
        let query = UsageQuery::new(targets, window, base_url.clone(), options).expect("a query");
        let report = runtime.block_on(client.run(query, &mut ()));
        failed +=
            report.calls.iter().filter(|call| call.error.is_some() || call.attempts > 1).count();
        if round + 1 == WARM {
            warm = (memory(), descriptors());
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    let growth = memory() as f64 - warm.0 as f64;
    let requests = QUERIES as f64 * REQUESTS as f64;
    vec![
        Figure::at_most("100,000 requests, errors", failed as f64, "calls", 0.0),
        Figure::at_most("100,000 requests, memory growth", growth / f64::from(1 << 20), "MiB", 4.0),
        Figure::at_most(
            "100,000 requests, files growth",
            descriptors() as f64 - warm.1 as f64,
            "files",
            0.0,
        ),
        Figure::noted("100,000 requests, memory", memory() as f64 / f64::from(1 << 20), "MiB"),
        Figure::noted("100,000 requests, pace", requests / seconds, "a second"),
    ]
}

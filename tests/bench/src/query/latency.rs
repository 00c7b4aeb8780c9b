//! 365 windows of one day each, against a service that answers after 50 ms.

use std::time::{Duration, Instant};

use ark_usage_emulator::{EmulatorOptions, Limits};
use ark_usage_model::{AccountId, Interval, QueryOptions, Target, UsageQuery, Window};

use crate::figures::Figure;
use crate::service::{DAY, NEW_YEAR, accounts, client, runtime, start};

const WINDOWS: i64 = 365;
const CONCURRENCY: u32 = 32;
const LATENCY: Duration = Duration::from_millis(50);
const ROUNDS: usize = 5;

pub fn measure() -> Vec<Figure> {
    let accounts = accounts(1);
    let options = EmulatorOptions { accounts: accounts.clone(), ..EmulatorOptions::default() };
    let base_url = start(options, Limits { latency: LATENCY, ..Limits::default() });
    let ideal = LATENCY.as_secs_f64() * (WINDOWS as f64 / f64::from(CONCURRENCY)).ceil();
    let mut ratios: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let window = Window::new(Interval::Day, NEW_YEAR, NEW_YEAR + (WINDOWS - 1) * DAY)
                .expect("aligned");
            let options = QueryOptions {
                max_window_days: 1,
                concurrency: CONCURRENCY,
                ..QueryOptions::default()
            };
            let targets = vec![Target::new(AccountId(0))];
            let query =
                UsageQuery::new(targets, window, base_url.clone(), options).expect("a query");
            // A new client each time: connecting is part of it.
            let client = client(&accounts);
            let begin = Instant::now();
            let report = runtime().block_on(client.run(query, &mut ()));
            let took = begin.elapsed();
            assert!(report.coverage.complete, "{:?}", report.coverage);
            assert_eq!(report.calls.len(), WINDOWS as usize);
            took.as_secs_f64() / ideal
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    vec![Figure::at_most("365 windows, to 12 rounds", ratios[ROUNDS / 2], "x ideal", 1.1)]
}

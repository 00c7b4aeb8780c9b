//! 20 accounts with 5 projects each over a year, when each account may call 4 times a second.

use std::time::Instant;

use ark_usage_emulator::{CatalogueSize, EmulatorOptions, Limits};
use ark_usage_model::{AccountId, Interval, QueryOptions, Target, UsageQuery, Window};

use crate::figures::Figure;
use crate::service::{DAY, NEW_YEAR, accounts, client, runtime, start};

const ACCOUNTS: u32 = 20;
const PROJECTS: [&str; 5] = ["default", "search", "assistant", "translation", "code-review"];
const DAYS: i64 = 365;
const WINDOW: i64 = 31;
const RATE: u32 = 4;

pub fn measure() -> Vec<Figure> {
    let accounts = accounts(ACCOUNTS as usize);
    let base_url = start(
        EmulatorOptions {
            accounts: accounts.clone(),
            size: CatalogueSize { projects: PROJECTS.len(), endpoints: 2 },
            calls_per_second: Some(RATE),
            ..EmulatorOptions::default()
        },
        Limits::default(),
    );
    let of_account = |account| {
        PROJECTS.map(|project| Target {
            project: Some(project.to_owned()),
            ..Target::new(AccountId(account))
        })
    };
    let targets: Vec<Target> = (0..ACCOUNTS).flat_map(of_account).collect();
    let window =
        Window::new(Interval::Day, NEW_YEAR, NEW_YEAR + (DAYS - 1) * DAY).expect("aligned");
    let options = QueryOptions { rate: Some(f64::from(RATE)), ..QueryOptions::default() };
    let query = UsageQuery::new(targets, window, base_url, options).expect("a query");
    let client = client(&accounts);
    let begin = Instant::now();
    let report = runtime().block_on(client.run(query, &mut ()));
    let took = begin.elapsed().as_secs_f64();
    assert!(report.coverage.complete, "{:?}", report.coverage);

    let windows = (DAYS + WINDOW - 1) / WINDOW;
    let calls_of_account = PROJECTS.len() as i64 * windows;
    let least = i64::from(ACCOUNTS) * calls_of_account;
    let calls: u32 = report.calls.iter().map(|call| call.attempts).sum();
    // The first call of each account is free, each other costs its share of a second.
    let floor = (calls_of_account - 1) as f64 / f64::from(RATE);
    vec![
        Figure::at_most("20 x 5 x 12, to the limiter's floor", took / floor, "x floor", 1.1),
        Figure::at_most(
            "20 x 5 x 12, calls to the least",
            f64::from(calls) / least as f64,
            "x least",
            1.0,
        ),
        Figure::noted("20 x 5 x 12, calls", f64::from(calls), "calls"),
    ]
}

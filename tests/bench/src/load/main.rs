//! The emulator and the client under load, in one process: an hour's worth of requests of a busy
//! service, one after the other without a pause. Each is signed, sent over a socket, verified,
//! answered and decoded.
//!
//! `load [--requests N] [--json FILE]`

#[path = "../query/figures.rs"]
#[expect(dead_code, reason = "shared with other benches")]
mod figures;
#[path = "../query/process.rs"]
#[expect(dead_code, reason = "shared with other benches")]
mod process;
#[path = "../query/service.rs"]
#[expect(dead_code, reason = "shared with other benches")]
mod service;

use std::cell::{Cell, RefCell};
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Instant;

use ark_usage_emulator::{Account, EmulatorOptions, Limits};
use ark_usage_model::get_usage::GetUsage;
use ark_usage_model::{AccountId, Interval};
use ark_usage_transport::{Client, HyperTransport};
use volc_openapi::BaseUrl;
use volc_sign::{Credentials, Signer};

use figures::Figure;
use service::{DAY, NEW_YEAR};

/// Fifty a second for an hour.
const REQUESTS: usize = 180_000;
/// Requests that are out at once.
const CONCURRENCY: usize = 32;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (mut requests, mut json) = (REQUESTS, None);
    for pair in arguments.chunks(2) {
        match pair {
            [name, value] if name == "--json" => json = Some(value.clone()),
            [name, value] if name == "--requests" && value.parse::<usize>().is_ok() => {
                requests = value.parse().expect("just read");
            }
            _ => {
                eprintln!("usage: load [--requests N] [--json FILE]");
                return ExitCode::from(2);
            }
        }
    }
    let figures = measure(requests.max(1_000));
    figures.iter().for_each(|figure| println!("{figure}"));
    let Some(file) = json else { return ExitCode::SUCCESS };
    let figures: Vec<_> = figures.iter().map(Figure::json).collect();
    let document = serde_json::json!({"bench": "load", "figures": figures});
    if let Err(error) = std::fs::write(&file, format!("{document:#}\n")) {
        eprintln!("{file}: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn measure(requests: usize) -> Vec<Figure> {
    let accounts = service::accounts(1);
    let options = EmulatorOptions { accounts: accounts.clone(), ..EmulatorOptions::default() };
    let base_url = service::start(options, Limits::default());
    let runtime = service::runtime();
    // Nobody is let in with another secret: what follows is verified for real.
    let stranger = Credentials::new(accounts[0].credentials.access_key_id(), "another-fake-secret");
    let stranger = Account::new(stranger, 2_100_000_001);
    let refused = runtime.block_on(run(&[stranger], &base_url, 1, 1));
    assert_eq!(refused.errors, 1, "a wrong secret was let in");

    let client = [accounts[0].clone()];
    // What is kept for later is there after a tenth.
    runtime.block_on(run(&client, &base_url, requests / 10, CONCURRENCY));
    let (memory, files, busy) = (process::memory(), process::descriptors(), Busy::now());
    let begin = Instant::now();
    let mut answered = runtime.block_on(run(&client, &base_url, requests, CONCURRENCY));
    let seconds = begin.elapsed().as_secs_f64();
    let busy = Busy::now().since(&busy);
    let growth = process::memory() as f64 - memory as f64;
    answered.millis.sort_by(f64::total_cmp);
    let share = |part: usize| answered.millis[answered.millis.len() * part / 1_000];
    vec![
        Figure::noted("requests", requests as f64, "requests"),
        Figure::noted("requests a second", requests as f64 / seconds, "a second"),
        Figure::noted("a second and core, both", requests as f64 / busy.both(), "a second"),
        Figure::noted("a second and core, emulator", requests as f64 / busy.others, "a second"),
        Figure::noted("a second and core, client", requests as f64 / busy.main, "a second"),
        Figure::noted("32 at once, p50", share(500), "ms"),
        Figure::noted("32 at once, p99", share(990), "ms"),
        Figure::at_most("errors", answered.errors as f64, "requests", 0.0),
        Figure::at_most("memory growth", growth / f64::from(1 << 20), "MiB", 4.0),
        Figure::noted("memory", process::memory() as f64 / f64::from(1 << 20), "MiB"),
        Figure::at_most("files growth", process::descriptors() as f64 - files as f64, "files", 0.0),
    ]
}

/// The result of a run.
#[derive(Default)]
struct Answered {
    errors: usize,
    /// The time each request took.
    millis: Vec<f64>,
}

/// Asks so many times for a day, with so many requests out at once, through one client.
async fn run(
    accounts: &[Account],
    base_url: &BaseUrl,
    requests: usize,
    at_once: usize,
) -> Answered {
    let client: Rc<Client<HyperTransport, Vec<Signer>>> = Rc::new(service::client(accounts));
    let left = Rc::new(Cell::new(requests));
    let answered = Rc::new(RefCell::new(Answered {
        millis: Vec::with_capacity(requests),
        ..Answered::default()
    }));
    let local = tokio::task::LocalSet::new();
    for _ in 0..at_once {
        let (client, left, answered) = (Rc::clone(&client), Rc::clone(&left), Rc::clone(&answered));
        let base_url = base_url.clone();
        local.spawn_local(async move {
            while left.get() > 0 {
                left.set(left.get() - 1);
                let day = NEW_YEAR + (left.get() % 365) as i64 * DAY;
                let ask = GetUsage::new(Interval::Day, day, day);
                let begin = Instant::now();
                let answer = client.call(&base_url, AccountId(0), &ask).await;
                let took = begin.elapsed().as_secs_f64() * 1e3;
                let mut answered = answered.borrow_mut();
                answered.millis.push(took);
                answered.errors += usize::from(
                    !answer.is_ok_and(|answer| !answer.result.usage_results.is_empty()),
                );
            }
        });
    }
    local.await;
    answered.take()
}

/// Seconds of processors.
struct Busy {
    /// Of the first thread, which has the client.
    main: f64,
    /// Of all other threads, which have the emulator.
    others: f64,
}

impl Busy {
    fn now() -> Self {
        let main = std::process::id().to_string();
        let mut busy = Self { main: 0.0, others: 0.0 };
        for thread in std::fs::read_dir("/proc/self/task").expect("Linux") {
            let thread = thread.expect("Linux");
            let Ok(text) = std::fs::read_to_string(thread.path().join("schedstat")) else {
                continue;
            };
            let nanoseconds: f64 =
                text.split_whitespace().next().and_then(|n| n.parse().ok()).expect("a number");
            let place =
                if *thread.file_name() == *main { &mut busy.main } else { &mut busy.others };
            *place += nanoseconds / 1e9;
        }
        busy
    }

    fn since(&self, earlier: &Self) -> Self {
        Self { main: self.main - earlier.main, others: self.others - earlier.others }
    }

    fn both(&self) -> f64 {
        self.main + self.others
    }
}

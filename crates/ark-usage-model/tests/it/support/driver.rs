//! Drives a query: time is a number, sending is a function.

use std::collections::VecDeque;
use std::time::Duration;

use ark_usage_model::{
    Exchange, Now, Progress, QueryOptions, Step, Target, UsageAction, UsageQuery, UsageReport,
    Window,
};
use volc_openapi::TransportFailure;

pub(crate) type Outcome = Result<http::Response<Vec<u8>>, TransportFailure>;
pub(crate) type Server<'a> = Box<dyn FnMut(&Exchange, Duration) -> Outcome + 'a>;

/// A query and how it is driven.
pub(crate) struct Scenario<'a> {
    pub(crate) action: &'static dyn UsageAction,
    pub(crate) targets: Vec<Target>,
    pub(crate) window: Window,
    pub(crate) options: QueryOptions,
    /// The wall clock when the query begins.
    pub(crate) unix: i64,
    /// The time each answer takes.
    pub(crate) latency: Duration,
    /// Answers are taken newest first, not oldest first.
    pub(crate) reversed: bool,
    /// Parts of the report are taken as they are finished.
    pub(crate) streamed: bool,
    pub(crate) server: Server<'a>,
}

/// The course of a query.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) report: UsageReport,
    /// The parts taken before the end.
    pub(crate) parts: Vec<UsageReport>,
    pub(crate) sent: Vec<(Duration, Exchange)>,
    pub(crate) progress: Vec<Progress>,
    pub(crate) elapsed: Duration,
    /// Most exchanges out at once.
    pub(crate) most_out: usize,
}

impl Run {
    /// All parts: those taken on the way and the rest.
    pub(crate) fn reports(self) -> Vec<UsageReport> {
        let mut reports = self.parts;
        reports.push(self.report);
        reports
    }

    /// The bodies sent, as JSON.
    pub(crate) fn bodies(&self) -> Vec<serde_json::Value> {
        let read = |(_, exchange): &(Duration, Exchange)| {
            serde_json::from_slice(exchange.request.body()).unwrap()
        };
        self.sent.iter().map(read).collect()
    }
}

impl<'a> Scenario<'a> {
    /// One target over a window that has settled, against a server.
    pub(crate) fn new(
        target: Target,
        window: Window,
        server: impl FnMut(&Exchange, Duration) -> Outcome + 'a,
    ) -> Self {
        Self {
            action: &ark_usage_model::get_usage::GetUsageAction,
            targets: vec![target],
            window,
            options: QueryOptions::default(),
            unix: window.end() + 1_000_000,
            latency: Duration::from_millis(50),
            reversed: false,
            streamed: false,
            server: Box::new(server),
        }
    }

    pub(crate) fn targets(mut self, targets: impl IntoIterator<Item = Target>) -> Self {
        self.targets = targets.into_iter().collect();
        self
    }

    pub(crate) fn options(mut self, change: impl FnOnce(&mut QueryOptions)) -> Self {
        change(&mut self.options);
        self
    }

    pub(crate) fn at(mut self, unix: i64) -> Self {
        self.unix = unix;
        self
    }

    pub(crate) fn streamed(mut self) -> Self {
        self.streamed = true;
        self
    }

    pub(crate) fn reversed(mut self) -> Self {
        self.reversed = true;
        self
    }

    pub(crate) fn run(mut self) -> Run {
        let base_url = "https://open.volcengineapi.com".parse().unwrap();
        let mut query =
            UsageQuery::with_action(self.action, self.targets, self.window, base_url, self.options)
                .unwrap();
        let mut elapsed = Duration::ZERO;
        let mut out: VecDeque<(Duration, Exchange, Outcome)> = VecDeque::new();
        let (mut sent, mut progress, mut most_out) = (Vec::new(), Vec::new(), 0);
        let mut parts = Vec::new();
        for _ in 0..100_000 {
            let unix = self.unix + i64::try_from(elapsed.as_secs()).unwrap();
            let now = Now { elapsed, unix };
            match query.poll(now) {
                Step::Send(exchange) => {
                    let outcome = (self.server)(&exchange, elapsed);
                    sent.push((elapsed, exchange.clone()));
                    out.push_back((elapsed + self.latency, exchange, outcome));
                    most_out = most_out.max(out.len());
                    continue;
                }
                Step::Done => {
                    let report = query.into_report();
                    return Run { report, parts, sent, progress, elapsed, most_out };
                }
                Step::WakeAt(wake) => {
                    assert!(wake > elapsed, "woken for nothing");
                    let next = out.front().map(|(due, ..)| *due);
                    if next.is_none_or(|next| wake < next) {
                        elapsed = wake;
                        continue;
                    }
                }
                Step::Wait => assert!(!out.is_empty(), "waits for an answer that cannot come"),
            }
            let next = if self.reversed { out.pop_back() } else { out.pop_front() };
            let (due, exchange, outcome) = next.unwrap();
            elapsed = elapsed.max(due);
            let unix = self.unix + i64::try_from(elapsed.as_secs()).unwrap();
            let now = Now { elapsed, unix };
            let made = query.on_response(exchange.id, now, outcome.as_ref().map_err(|f| *f));
            progress.push(made);
            while let Some(part) = self.streamed.then(|| query.take_finished()).flatten() {
                parts.push(part);
            }
        }
        panic!("never done");
    }
}

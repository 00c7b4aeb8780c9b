//! The progress of a query, counted from its requests and responses.

use std::collections::BTreeMap;
use std::time::Duration;

use ark_usage_model::{Exchange, ExchangeId, Progress, Target, UsageQuery, Window};
use ark_usage_report::text;
use ark_usage_transport::Event;

use crate::lang::Text;

/// The progress of a query. Windows that are too large for the server are split, so progress is
/// counted in buckets of endpoints and shown in windows as planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Calls, if none is split or retried.
    windows: u64,
    wanted: u64,
    done: u64,
    answers: u64,
    retries: u64,
    /// Requests in flight, and the size of each.
    out: BTreeMap<ExchangeId, RequestSize>,
}

/// The size of a request: buckets and endpoints; a request for the total counts as one endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RequestSize {
    buckets: u64,
    endpoints: u64,
}

impl RequestSize {
    fn total(self) -> u64 {
        self.buckets.saturating_mul(self.endpoints)
    }
}

impl Tally {
    /// Returns the progress of a query that has not begun.
    pub(crate) fn new(query: &UsageQuery) -> Self {
        let whole = |target: &Target| size(query.window(), target.endpoint_ids.len());
        Self {
            windows: query.planned_calls(),
            wanted: query.targets().iter().map(whole).map(RequestSize::total).sum(),
            done: 0,
            answers: 0,
            retries: 0,
            out: BTreeMap::new(),
        }
    }

    /// Counts an event.
    pub(crate) fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Sent { exchange } => {
                self.out.insert(exchange.id, of_exchange(exchange));
            }
            Event::Answered { .. } | Event::Failed { .. } => self.answers += 1,
            Event::Progress { id, progress } => {
                let size = self.out.remove(id);
                self.done += size.map_or(0, |size| settled(progress, size));
                self.retries += u64::from(matches!(progress, Progress::Retrying { .. }));
            }
            _ => {}
        }
    }

    /// Returns the number of windows as planned.
    pub(crate) fn windows(&self) -> u64 {
        self.windows
    }

    /// Returns the number of finished windows; it reaches the total only at the end.
    pub(crate) fn windows_done(&self) -> u64 {
        let parts = u128::from(self.windows) * u128::from(self.done.min(self.wanted));
        u64::try_from(parts / u128::from(self.wanted.max(1))).unwrap_or(self.windows)
    }

    /// Returns the text of the line after `elapsed`.
    pub(crate) fn line(&self, elapsed: Duration) -> Text {
        let (done, all) = (self.windows_done(), self.windows);
        let rate = f64::from(u32::try_from(self.answers).unwrap_or(u32::MAX))
            / elapsed.as_secs_f64().max(0.001);
        let retries = match self.retries {
            0 => Text::same(""),
            1 => text!(", 1 retry", "，重试 1 次"),
            count => text!(", {count} retries", "，重试 {count} 次"),
        };
        let left = self.left(elapsed).map_or_else(|| Text::same(""), in_words);
        Text::each(|lang| {
            let head = text!(
                "{done}/{all} windows, {rate:.1} calls/s",
                "时间窗 {done}/{all}，{rate:.1} 次/秒"
            );
            format!("{}{}{}", head.in_lang(lang), retries.in_lang(lang), left.in_lang(lang))
        })
    }

    /// Estimates the remaining time at the current speed.
    fn left(&self, elapsed: Duration) -> Option<Duration> {
        let done = u32::try_from(self.done.min(self.wanted)).ok().filter(|done| *done > 0)?;
        let rest = u32::try_from(self.wanted.saturating_sub(self.done)).ok()?;
        elapsed.checked_mul(rest).map(|time| time / done)
    }
}

fn of_exchange(exchange: &Exchange) -> RequestSize {
    size(exchange.window, exchange.ids.len())
}

fn size(window: Window, ids: usize) -> RequestSize {
    let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    RequestSize { buckets: count(window.len()), endpoints: count(ids.max(1)) }
}

/// Returns the part of a request that needs no further request.
fn settled(progress: &Progress, size: RequestSize) -> u64 {
    match progress {
        Progress::Accepted { .. }
        | Progress::Failed(_)
        | Progress::TargetStopped { .. }
        | Progress::AccountStopped { .. } => size.total(),
        Progress::AskingFurther { .. } => size.total().saturating_sub(size.endpoints),
        _ => 0,
    }
}

fn in_words(left: Duration) -> Text {
    let seconds = left.as_secs() + 1;
    if seconds < 100 {
        return text!(", about {seconds} s left", "，约剩 {seconds} 秒");
    }
    let minutes = seconds.div_ceil(60);
    text!(", about {minutes} min left", "，约剩 {minutes} 分钟")
}

#[cfg(test)]
mod tests {
    use ark_usage_model::{AccountId, CallFailure, Interval, QueryOptions, TargetId, UsageAction};
    use http::Request;

    use super::*;
    use crate::lang::Lang;

    fn days(count: i64) -> Window {
        Window::new(Interval::Day, 1_731_513_600, 1_731_513_600 + (count - 1) * 86_400).unwrap()
    }

    fn tally(targets: Vec<Target>, window: Window, options: QueryOptions) -> Tally {
        of_action(crate::actions::DEFAULT, targets, window, options)
    }

    fn of_action(
        action: &'static dyn UsageAction,
        targets: Vec<Target>,
        window: Window,
        options: QueryOptions,
    ) -> Tally {
        let base_url = "https://example.com".parse().unwrap();
        Tally::new(&UsageQuery::with_action(action, targets, window, base_url, options).unwrap())
    }

    fn account(number: u32) -> Target {
        Target::new(AccountId(number))
    }

    fn exchange(id: u64, count: i64) -> Exchange {
        Exchange {
            id: ExchangeId(id),
            account: AccountId(0),
            target: TargetId(0),
            window: days(count),
            ids: 0..0,
            attempt: 1,
            clock_offset: 0,
            refresh_credentials: false,
            request: Request::new(Vec::new()),
        }
    }

    fn outcome(tally: &mut Tally, sent: &Exchange, progress: &Progress) {
        tally.take(&Event::Sent { exchange: sent });
        let response = http::Response::new(Vec::new());
        tally.take(&Event::Answered { exchange: sent, response: &response });
        tally.take(&Event::Progress { id: sent.id, progress });
    }

    #[test]
    fn windows_are_counted_as_planned_even_if_split() {
        let options = QueryOptions { max_window_days: 31, max_ids: 2, ..QueryOptions::default() };
        let ids = ["a", "b", "c"].map(str::to_owned).to_vec();
        let target = |number| Target { endpoint_ids: ids.clone(), ..account(number) };
        let targets = vec![target(0), target(1)];
        assert_eq!(tally(targets, days(62), options.clone()).windows(), 8);

        let mut tally = tally(vec![account(0)], days(62), options);
        let accepted = Progress::Accepted { points: 31 };
        for (id, count, done) in [(0, 31, 1), (1, 16, 1), (2, 15, 2)] {
            outcome(&mut tally, &exchange(id, count), &accepted);
            assert_eq!(tally.windows_done(), done, "after {count} days more");
        }
    }

    /// The made-up action takes seven days at most, for hours too.
    #[test]
    fn the_limits_of_the_action_count() {
        let table = |window| {
            let action = &third_action::QueryUsageTableAction;
            of_action(action, vec![account(0)], window, QueryOptions::default()).windows()
        };
        assert_eq!((table(days(7)), table(days(8)), table(days(62))), (1, 2, 9));
        let first = days(1).first() + 5 * 3_600;
        let hours = Window::new(Interval::Hour, first, first + 7 * 86_400).unwrap();
        assert_eq!(table(hours), 2, "it touches eight days");
    }

    #[test]
    fn retries_and_further_requests_are_not_done() {
        let mut tally = tally(vec![account(0)], days(2), QueryOptions::default());
        let retrying =
            Progress::Retrying { after: Duration::from_secs(1), why: CallFailure::Deadline };
        outcome(&mut tally, &exchange(0, 2), &retrying);
        let further = Progress::AskingFurther { points: 1, bucket: 0 };
        outcome(&mut tally, &exchange(1, 2), &further);
        assert_eq!(
            tally.line(Duration::from_secs(4)).in_lang(Lang::En),
            "0/1 windows, 0.5 calls/s, 1 retry, about 5 s left"
        );
        outcome(&mut tally, &exchange(2, 1), &Progress::Accepted { points: 1 });
        assert_eq!(
            tally.line(Duration::from_secs(6)).in_lang(Lang::Zh),
            "时间窗 1/1，0.5 次/秒，重试 1 次，约剩 1 秒"
        );
    }

    #[test]
    fn no_estimate_before_the_first_response() {
        let tally = tally(vec![account(0)], days(400), QueryOptions::default());
        let line = tally.line(Duration::from_secs(1));
        assert_eq!(line.in_lang(Lang::En), "0/13 windows, 0.0 calls/s");
        assert_eq!(in_words(Duration::from_secs(130)).in_lang(Lang::En), ", about 3 min left");
    }
}

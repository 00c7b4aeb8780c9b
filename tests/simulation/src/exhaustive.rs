//! Every schedule of up to four windows and three faults, one after the other.

use std::time::Duration;

use ark_usage_emulator::faults::{Effect, Fault, ResetAt, StatusBody, When};
use ark_usage_emulator::{Behaviors, EndTime, FaultScript};
use ark_usage_model::{AccountId, Interval, QueryOptions, Target, Window};

use crate::action::ActionKind;
use crate::schedule::{Order, Schedule};
use crate::world::ORIGIN;

/// Windows of one day each.
const MOST_WINDOWS: u32 = 4;
/// Faults.
const MOST_FAULTS: usize = 3;
/// Calls after the last window's that faults may still strike: the retries they cause themselves.
const EXTRA_CALLS: u32 = 2;

/// The faults of a call: one of each sort that the machine treats differently.
fn kinds() -> [Effect; 8] {
    let error = |status, code: &str| Effect::Error {
        status,
        code: code.to_owned(),
        code_n: None,
        message: String::new(),
        retry_after: None,
    };
    [
        Effect::Throttle { retry_after: None, http_200: true },
        Effect::Status { status: 503, body: StatusBody::Html, retry_after: None },
        Effect::Status { status: 400, body: StatusBody::Html, retry_after: None },
        Effect::TruncatedJson {},
        Effect::Reset { at: ResetAt::InBody },
        Effect::ResultNull {},
        error(400, "InvalidParameter.EndTime"),
        error(403, "AccessDenied"),
    ]
}

/// All of them.
pub fn schedules() -> impl Iterator<Item = Schedule> {
    let bases = (1..=MOST_WINDOWS).flat_map(|windows| {
        [Order::Oldest, Order::Newest].into_iter().flat_map(move |order| {
            [EndTime::Inclusive, EndTime::Exclusive]
                .into_iter()
                .map(move |end_time| (windows, order, end_time))
        })
    });
    bases.flat_map(|(windows, order, end_time)| {
        scripts(windows + EXTRA_CALLS)
            .into_iter()
            .map(move |faults| schedule(windows, order, end_time, faults))
    })
}

fn schedule(windows: u32, order: Order, end_time: EndTime, faults: FaultScript) -> Schedule {
    let last = ORIGIN + 86_400 * i64::from(windows - 1);
    let window = Window::new(Interval::Day, ORIGIN, last).expect("aligned");
    Schedule {
        seed: 0,
        action: ActionKind::GetUsage,
        targets: vec![Target::new(AccountId(0))],
        window,
        options: QueryOptions { max_window_days: 1, ..QueryOptions::default() },
        unix: window.end() + 86_400,
        clock_ahead: 0,
        behaviors: Behaviors { end_time, ..Behaviors::default() },
        calls_per_second: None,
        faults,
        revision: None,
        order,
        latency: Duration::from_millis(50),
        echoes: false,
        streamed: false,
        interrupt_after: None,
    }
}

/// All ways to strike up to three of so many calls.
fn scripts(calls: u32) -> Vec<FaultScript> {
    let mut all = vec![FaultScript::default()];
    let mut longest = all.clone();
    for _ in 0..MOST_FAULTS {
        longest = longest.iter().flat_map(|script| longer(script, calls)).collect();
        all.extend(longest.iter().cloned());
    }
    all
}

/// A script with one more fault, at any call behind its last.
fn longer(script: &FaultScript, calls: u32) -> Vec<FaultScript> {
    let last = script.faults.last().and_then(|fault| fault.when.nth).unwrap_or(0);
    let places = (last + 1)..=calls;
    let with = |nth, effect| {
        let mut longer = script.clone();
        let when = When { nth: Some(nth), ..When::default() };
        longer.faults.push(Fault { name: None, when, effect });
        longer
    };
    places.flat_map(|nth| kinds().map(|effect| with(nth, effect))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_is_left_out_and_none_comes_twice() {
        // None, one, two or three of six calls, each in eight ways.
        let counted = scripts(6).len();
        assert_eq!(counted, 1 + 6 * 8 + 15 * 64 + 20 * 512);
    }
}

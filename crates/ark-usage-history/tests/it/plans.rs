//! Plans, as properties: what is known and final is never asked for, all else that has begun is.

use std::time::Duration;

use ark_usage_history::{
    MemoryStore, Place, PlanRule, Slice, Span, Store, Subject, WindowAnswer, plan,
};
use ark_usage_model::{Interval, Window};
use proptest::prelude::*;

const HOUR: i64 = 3_600;
const DAY: i64 = 1_731_945_600;

fn subject() -> Subject {
    Subject {
        account_id: "1".to_owned(),
        slice: Slice::new("GetUsage"),
        project: None,
        place: Place::Whole,
    }
}

fn answered(first: i64, len: i64, fetched_at: i64) -> WindowAnswer {
    let window = Window::new(Interval::Hour, first, first + (len - 1) * HOUR).unwrap();
    let settle = Duration::from_hours(1);
    WindowAnswer {
        subject: subject(),
        window,
        fetched_at,
        settle,
        levels: Vec::new(),
        lines: Vec::new(),
    }
}

proptest! {
    #[test]
    fn every_bucket_is_asked_for_if_and_only_if_it_may_teach_something(
        windows in proptest::collection::vec((0_i64..40, 1_i64..20, 0_i64..90), 0..12),
        now in 0_i64..80,
        settle in 0_u64..4,
        recheck in 0_u64..12,
    ) {
        let mut store = MemoryStore::new();
        let mut latest = [None::<i64>; 60];
        for (first, len, fetched_at) in windows {
            let fetched_at = DAY + fetched_at * HOUR / 2;
            store.apply(&answered(DAY + first * HOUR, len, fetched_at)).unwrap();
            for bucket in &mut latest[usize::try_from(first).unwrap()..][..usize::try_from(len).unwrap()] {
                *bucket = (*bucket).max(Some(fetched_at));
            }
        }
        let wanted = Window::new(Interval::Hour, DAY + 5 * HOUR, DAY + 49 * HOUR).unwrap();
        let rule = PlanRule {
            now: DAY + now * HOUR,
            settle: Duration::from_hours(settle),
            recheck: Duration::from_hours(recheck),
        };
        let spans = store.spans(&subject(), wanted).unwrap();
        let windows = plan(&spans, wanted, rule);
        for (start, latest) in wanted.buckets().zip(&latest[5..]) {
            let end = start + HOUR;
            let settled = end + i64::try_from(settle).unwrap() * HOUR;
            let is_final = latest.is_some_and(|at| settled <= at.min(rule.now));
            let again = end + i64::try_from(recheck).unwrap() * HOUR > rule.now;
            let expected = start <= rule.now && (!is_final || again);
            let asked = windows.iter().filter(|window| window.contains(start)).count();
            prop_assert_eq!(asked, usize::from(expected), "{}", (start - DAY) / HOUR);
        }
        // Windows are as long as they can be.
        prop_assert!(windows.is_sorted_by(|one, other| one.end() < other.first()));
        prop_assert!(spans.is_sorted_by(|one, other| one.end <= other.start));
        // Once answered and settled, nothing is left to ask.
        for window in windows {
            let later = window.end() + 99 * HOUR;
            store.apply(&WindowAnswer { window, ..answered(DAY, 1, later) }).unwrap();
        }
        let spans: Vec<Span> = store.spans(&subject(), wanted).unwrap();
        let rule = PlanRule { recheck: Duration::ZERO, now: wanted.end() + 99 * HOUR, ..rule };
        let mut known = wanted.buckets().filter(|start| spans.iter().any(|span| {
            span.start <= *start && span.end > *start && span.fetched_at >= start + 6 * HOUR
        }));
        let windows = plan(&spans, wanted, rule);
        prop_assert!(known.all(|start| !windows.iter().any(|window| window.contains(start))));
    }
}

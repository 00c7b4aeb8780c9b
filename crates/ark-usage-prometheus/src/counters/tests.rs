//! Counters over stores that change: by answers, revisions and removals.

use proptest::prelude::*;

use ark_usage_history::{Line, MemoryStore, Place, Slice, Store as _, Subject, WindowAnswer};
use ark_usage_model::get_usage::GetUsageAction;
use ark_usage_model::{
    AccountId, DimensionFilter, Interval, Metric, Tags, UsageAction as _, Window,
};

use super::*;
use crate::exposition;

const DAY: i64 = 1_731_945_600;
const HOUR: i64 = 3_600;

fn facts(_: &str) -> ActionFacts {
    ActionFacts { metrics: GetUsageAction.metrics(), settle: Duration::from_hours(1) }
}

fn totals(store: &MemoryStore) -> UsageTotals {
    usage_totals(store, ReadRule { month_start: DAY, facts: &facts }).unwrap()
}

fn text(store: &MemoryStore) -> String {
    exposition(&totals(store).families())
}

fn answer(place: Place, points: &[(i64, i64)], fetched_at: i64) -> WindowAnswer {
    let starts = points.iter().map(|(hour, _)| DAY + hour * HOUR);
    let (first, last) = (starts.clone().min().unwrap(), starts.max().unwrap());
    WindowAnswer {
        subject: Subject {
            account_id: "2100000001".to_owned(),
            slice: Slice::new("GetUsage"),
            project: Some("search".to_owned()),
            place,
        },
        window: Window::new(Interval::Hour, first, last).unwrap(),
        fetched_at,
        settle: Duration::from_hours(1),
        levels: Vec::new(),
        lines: vec![(
            Line { tags: Tags::default(), metric: Metric::PROMPT_TOKENS },
            points.iter().map(|(hour, value)| (DAY + hour * HOUR, *value)).collect(),
        )],
    }
}

#[test]
fn settled_buckets_are_counted_and_the_month_has_the_rest() {
    let mut store = MemoryStore::new();
    let now = DAY + 4 * HOUR + 60;
    store.apply(&answer(Place::Whole, &[(-1, 100), (0, 10), (1, 20), (3, 5)], now)).unwrap();
    store.apply(&answer(Place::Endpoint("ep-1".into()), &[(1, 7)], now)).unwrap();
    let text = text(&store);
    let labels = "account_id=\"2100000001\",api=\"GetUsage\",bucket=\"hour\",";
    for line in [
        format!("ark_usage_tokens_total{{{labels}metric=\"PromptTokens\",project=\"search\"}} 130"),
        format!(
            "ark_usage_endpoint_tokens_total{{{labels}endpoint_id=\"ep-1\",metric=\"PromptTokens\",project=\"search\"}} 7"
        ),
        format!(
            "ark_usage_month_to_date_tokens{{{labels}metric=\"PromptTokens\",project=\"search\"}} 35"
        ),
        format!(
            "ark_usage_settled_until_timestamp_seconds{{account_id=\"2100000001\",api=\"GetUsage\",project=\"search\"}} {}",
            DAY + 3 * HOUR
        ),
        format!("ark_usage_last_fetch_timestamp_seconds{{account_id=\"2100000001\"}} {now}"),
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains("overcounted"), "{text}");
}

#[test]
fn a_coarser_grouping_a_filter_and_days_are_not_counted_beside_hours() {
    let mut store = MemoryStore::new();
    let now = DAY + 9 * 24 * HOUR;
    let plain = answer(Place::Whole, &[(0, 10)], now);
    store.apply(&plain).unwrap();
    let mut grouped = plain.clone();
    let mut target = grouped.subject.target(AccountId(0));
    target.filters.push(DimensionFilter { key: Tags::SCENE.to_owned(), values: Vec::new() });
    grouped.subject.slice = Slice::of("GetUsage", &target);
    grouped.lines[0].0.tags = Tags::new([(Tags::SCENE.to_owned(), "Batch".to_owned())]);
    store.apply(&grouped).unwrap();
    let mut days = plain.clone();
    days.window = Window::new(Interval::Day, DAY, DAY).unwrap();
    store.apply(&days).unwrap();
    let mut unnamed = plain;
    unnamed.subject.project = None;
    store.apply(&unnamed).unwrap();
    let text = text(&store);
    let counted: Vec<&str> =
        text.lines().filter(|line| line.starts_with("ark_usage_tokens_total")).collect();
    assert_eq!(counted.len(), 2, "{text}");
    assert!(counted.iter().any(|line| line.contains("scene=\"Batch\"")), "{text}");
    assert!(counted.iter().any(|line| line.contains("project=\"default\"")), "{text}");
}

#[test]
fn forgotten_usage_is_counted_on_and_a_restored_file_catches_up() {
    let mut store = MemoryStore::new();
    let late = DAY + 99 * HOUR;
    store.apply(&answer(Place::Whole, &[(0, 10), (1, 20)], late)).unwrap();
    let mut floor = CounterFloor::default();
    let mut shown = |store: &MemoryStore| {
        let mut totals = totals(store);
        floor.hold(&mut totals);
        let total = totals.series.values().next().copied().unwrap();
        (total.counted, total.overcounted)
    };
    let older = store.clone();
    assert_eq!(shown(&store), (30, 0));
    store.forget(DAY + HOUR).unwrap();
    assert_eq!(shown(&store), (30, 0));
    store.apply(&answer(Place::Whole, &[(2, 5)], late)).unwrap();
    assert_eq!(shown(&store), (35, 0));
    assert_eq!(shown(&older), (40, 0), "the forgotten hour is counted on");
}

proptest! {
    /// Answers with any values: no counter falls, and without what was overcounted it is the sum of what is
    /// final now. Where the clock goes back too, a server holds what it has shown.
    #[test]
    fn counters_never_fall_and_add_up(
        clock_goes_back in any::<bool>(),
        answers in prop::collection::vec((0_i64..6, -5_i64..50, -3_i64..9, any::<bool>()), 1..40),
    ) {
        let mut store = MemoryStore::new();
        let mut floor = CounterFloor::default();
        let mut last: BTreeMap<SeriesKey, i128> = BTreeMap::new();
        let mut now = DAY;
        for (hour, value, fetched, latest) in answers {
            now = if clock_goes_back { DAY + fetched * HOUR } else { now + 1 + fetched.abs() * HOUR };
            let answer = answer(Place::Whole, &[(hour, value)], now);
            let _ = if latest { store.apply_latest(&answer) } else { store.apply(&answer) }.unwrap();
            let raw = totals(&store);
            let mut held = raw.clone();
            floor.hold(&mut held);
            if !clock_goes_back {
                prop_assert_eq!(&held, &raw);
            }
            for (key, total) in &held.series {
                let before = last.insert(key.clone(), total.counted).unwrap_or_default();
                prop_assert!(total.counted >= before, "{} after {}", total.counted, before);
            }
            let (mut is_final, mut sum) = (true, 0);
            let all = ark_usage_history::all_time(Interval::Hour).unwrap();
            store.points(&answer.subject, all, &|_| true, &mut |_, points| {
                is_final &= points.iter().all(|point| point.is_final);
                sum += points.iter().map(|point| i128::from(point.value)).sum::<i128>();
            }).unwrap();
            if is_final {
                let known = held.series.values().map(|total| total.counted - total.overcounted);
                prop_assert_eq!(known.sum::<i128>(), sum);
            }
        }
    }
}

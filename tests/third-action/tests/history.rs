//! A store that has taken in hours answers queries as the service does, for any action.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::time::Duration;

use ark_usage_emulator::{Account, Emulator, EmulatorOptions};
use ark_usage_history::{Catalog, MemoryStore, Store as _, respond, windows_of_report};
use ark_usage_model::get_inference_usage::GetInferenceUsageAction;
use ark_usage_model::get_usage::GetUsageAction;
use ark_usage_model::{
    AccountId, DimensionFilter, GapReason, Interval, Now, QueryOptions, Step, Tags, Target,
    UsageAction, UsageQuery, UsageReport, Window,
};
use proptest::prelude::*;
use third_action::{PEAK_HOUR_TOKENS, QUERY_USAGE_TABLE, QueryUsageTableAction};
use volc_sign::{Signer, SigningTime};

/// 2024-11-18T00:00:00+08:00.
const DAY0: i64 = 1_731_859_200;
const DAY: i64 = 86_400;
const NOW: i64 = DAY0 + 40 * DAY;
const NUMBER: &str = "2100000001";

static ACTIONS: [&dyn UsageAction; 3] =
    [&GetUsageAction, &GetInferenceUsageAction, &QueryUsageTableAction];

fn emulator(seed: u64, behaviors: &str) -> Emulator {
    Emulator::new(EmulatorOptions {
        seed,
        behaviors: behaviors.parse().unwrap(),
        extra_actions: vec![QUERY_USAGE_TABLE],
        ..EmulatorOptions::default()
    })
}

/// Runs a query to its end; `server` answers at once.
fn run(
    action: &'static dyn UsageAction,
    targets: Vec<Target>,
    window: Window,
    server: impl Fn(http::Request<Vec<u8>>) -> http::Response<Vec<u8>>,
) -> UsageReport {
    let options = QueryOptions { max_ids: 2, ..QueryOptions::default() };
    let base_url = "http://127.0.0.1/".parse().unwrap();
    let mut query = UsageQuery::with_action(action, targets, window, base_url, options).unwrap();
    let mut out = Vec::new();
    let mut now = Now { elapsed: Duration::ZERO, unix: NOW };
    loop {
        match query.poll(now) {
            Step::Send(exchange) => out.push(exchange),
            Step::Wait => {
                let exchange = out.remove(0);
                let response = server(exchange.request);
                query.on_response(exchange.id, now, Ok(&response));
            }
            Step::WakeAt(elapsed) => now.elapsed = elapsed,
            Step::Done => return query.into_report(),
        }
    }
}

fn live(
    emulator: &Emulator,
    action: &'static dyn UsageAction,
    targets: Vec<Target>,
    window: Window,
) -> UsageReport {
    let signer = Signer::new(Account::demo().credentials, "cn-beijing", "ark");
    let time = SigningTime::from_unix(u64::try_from(NOW).unwrap()).unwrap();
    run(action, targets, window, |mut request| {
        signer.sign_request(&mut request, time).unwrap();
        emulator.handle(&request, time)
    })
}

fn kept(
    store: &MemoryStore,
    action: &'static dyn UsageAction,
    targets: Vec<Target>,
    window: Window,
) -> UsageReport {
    let catalog = Catalog::read(store, NUMBER).unwrap();
    run(action, targets, window, |request| respond(store, &catalog, NUMBER, &request).unwrap())
}

fn project(name: &str) -> Target {
    Target { project: Some(name.to_owned()), ..Target::new(AccountId(0)) }
}

fn group(key: &str) -> DimensionFilter {
    DimensionFilter { key: key.to_owned(), values: Vec::new() }
}

/// Everything of a project as finely as an action reports it, and its endpoints by id where it does not
/// group by them.
fn finest(action: &dyn UsageAction, name: &str, ids: &[String]) -> Vec<Vec<Target>> {
    let keys = action.dimensions().iter().filter(|dimension| dimension.group);
    let filters: Vec<DimensionFilter> = keys.map(|dimension| group(dimension.key)).collect();
    let groups_endpoints = filters.iter().any(|filter| filter.key == Tags::ENDPOINT_ID);
    let whole = vec![Target { filters, ..project(name) }];
    if groups_endpoints {
        return vec![whole];
    }
    let one = |id: &String| Target { endpoint_ids: vec![id.clone()], ..project(name) };
    vec![whole, ids.iter().map(one).collect()]
}

/// Takes in the hours of a window.
fn sync(
    store: &mut MemoryStore,
    emulator: &Emulator,
    action: &'static dyn UsageAction,
    ids: &[String],
    window: Window,
) {
    for targets in finest(action, "default", ids) {
        let report = live(emulator, action, targets, window);
        let number = |_| Some(NUMBER.to_owned());
        for answer in windows_of_report(&report, action.name(), &number, NOW) {
            store.apply(&answer).unwrap();
        }
    }
}

/// A report without the times at which it was fetched, and without peaks: they are no sums of hours.
fn told(report: &UsageReport) -> (Vec<String>, Vec<String>, Vec<String>) {
    let series = report.series.iter().filter(|series| series.metric != PEAK_HOUR_TOKENS);
    let series = series.map(|series| {
        let points: Vec<_> = series.points.iter().map(|(start, p)| (start, p.value)).collect();
        format!("{} {:?} {:?} {points:?}", series.target.0, series.metric, series.tags)
    });
    let missing = report.coverage.missing.iter();
    let missing = missing.filter(|gap| gap.metric != Some(PEAK_HOUR_TOKENS));
    let missing = missing.map(|gap| format!("{gap:?}"));
    let totals = report.totals(NOW).into_iter();
    let totals = totals
        .filter(|total| total.metric != PEAK_HOUR_TOKENS)
        .map(|total| format!("{:?} {:?} {:?}", total.metric, total.value, total.state));
    (series.collect(), missing.collect(), totals.collect())
}

/// The endpoints of the default project.
fn endpoint_ids(emulator: &Emulator) -> Vec<String> {
    let window = Window::new(Interval::Day, DAY0, DAY0).unwrap();
    let by = Target { filters: vec![group(Tags::ENDPOINT_ID)], ..project("default") };
    let report = live(emulator, &GetInferenceUsageAction, vec![by], window);
    let mut ids: Vec<String> = report
        .series
        .iter()
        .filter_map(|series| series.tags.get(Tags::ENDPOINT_ID).map(str::to_owned))
        .collect();
    ids.dedup();
    ids.sort();
    ids.dedup();
    ids
}

#[derive(Clone, Debug)]
struct Question {
    seed: u64,
    action: usize,
    hours: bool,
    first: i64,
    len: i64,
    /// One bit for each key that the action groups by.
    keys: u32,
    /// The number of endpoint ids; none for all.
    ids: usize,
    behaviors: &'static str,
}

fn questions() -> impl Strategy<Value = Question> {
    let behaviors = prop_oneof![
        Just(""),
        Just("zero-buckets=left-out"),
        Just("order=unsorted,values=string"),
        Just("end-time=exclusive,duplicates=repeated"),
    ];
    (0..4_u64, 0..3_usize, any::<bool>(), 0..60_i64, 1..60_i64, any::<u32>(), 0..4_usize, behaviors)
        .prop_map(|(seed, action, hours, first, len, keys, ids, behaviors)| Question {
            seed,
            action,
            hours,
            first,
            len,
            keys,
            ids,
            behaviors,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hours_that_were_taken_in_answer_like_the_service(question in questions()) {
        let Question { seed, action, hours, first, len, keys, ids, behaviors } = question.clone();
        let emulator = emulator(seed, behaviors);
        let action = ACTIONS[action];
        let all = endpoint_ids(&emulator);
        let mut store = MemoryStore::new();
        let kept_hours = Window::new(Interval::Hour, DAY0, DAY0 + 10 * DAY - 3_600).unwrap();
        sync(&mut store, &emulator, action, &all, kept_hours);

        let window = if hours {
            let first = DAY0 + first * 3_600;
            Window::new(Interval::Hour, first, first + (len - 1) * 3_600).unwrap()
        } else {
            let first = first % 9;
            let len = len % (10 - first) + 1;
            let last = (first + len - 1).min(9);
            Window::new(Interval::Day, DAY0 + first * DAY, DAY0 + last * DAY).unwrap()
        };
        let groups = action.dimensions().iter().filter(|dimension| dimension.group).enumerate();
        // The third action names only the keys that it groups by; the other two also those filtered by.
        let names_ids = |key: &str| key == Tags::ENDPOINT_ID && ids > 0;
        let chosen =
            groups.filter(|(place, one)| keys >> place & 1 == 1 || names_ids(one.key));
        let target = Target {
            filters: chosen.map(|(_, dimension)| group(dimension.key)).collect(),
            endpoint_ids: all.iter().take(ids).cloned().collect(),
            ..project("default")
        };
        let expected = live(&emulator, action, vec![target.clone()], window);
        let found = kept(&store, action, vec![target], window);
        prop_assert_eq!(told(&found), told(&expected));
    }

    #[test]
    fn what_was_never_fetched_is_missing_and_the_rest_is_there(
        seed in 0..4_u64,
        action in 0..3_usize,
        first in 0..9_i64,
        len in 1..9_i64,
    ) {
        let emulator = emulator(seed, "");
        let action = ACTIONS[action];
        let ids = endpoint_ids(&emulator);
        let mut store = MemoryStore::new();
        let (first, last) = (DAY0 + first * DAY, DAY0 + (first + len) * DAY);
        let hours = Window::new(Interval::Hour, first, last - 3_600).unwrap();
        sync(&mut store, &emulator, action, &ids, hours);
        let wanted = Window::new(Interval::Day, DAY0 - 3 * DAY, DAY0 + 20 * DAY).unwrap();
        let report = kept(&store, action, vec![project("default")], wanted);
        let days = Window::new(Interval::Day, first, last - DAY).unwrap();
        let expected = live(&emulator, action, vec![project("default")], days);
        prop_assert_eq!(told(&report).0, told(&expected).0);
        for gap in report.coverage.missing.iter().filter(|gap| gap.metric.is_none()) {
            prop_assert_eq!(&gap.reason, &GapReason::NotInHistory);
            prop_assert!(gap.end <= first || gap.start >= last);
        }
        let covers = |start| report.coverage.missing.iter().any(|gap| gap.covers(start));
        prop_assert!(wanted.buckets().all(|start| days.contains(start) || covers(start)));
    }
}

//! Answers: days from hours, groups from finer ones, and what is not kept.

use std::time::Duration;

use ark_usage_history::{
    Answer, Line, MemoryStore, Place, Question, Slice, Store, Subject, WindowAnswer, answer,
};
use ark_usage_model::get_inference_usage::GetInferenceUsageAction;
use ark_usage_model::{
    AccountId, DimensionFilter, Interval, Metric, MetricInfo, MetricTable, Tags, Target, Unit,
    UsageAction, Window,
};

const HOUR: i64 = 3_600;
const DAY: i64 = 1_731_945_600;
const SETTLE: Duration = Duration::from_hours(1);

fn grouped(keys: &[&str]) -> Target {
    let group = |key: &&str| DimensionFilter { key: (*key).to_owned(), values: Vec::new() };
    Target {
        project: Some("p".to_owned()),
        filters: keys.iter().map(group).collect(),
        ..Target::new(AccountId(0))
    }
}

fn line(tags: &[(&str, &str)], metric: &'static str) -> Line {
    let pairs = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Line { tags: Tags::new(pairs), metric: Metric::from_static(metric) }
}

fn window(interval: Interval, first: i64, len: i64) -> Window {
    Window::new(interval, first, first + (len - 1) * interval.seconds()).unwrap()
}

/// Takes in an answer about a target.
fn apply(
    store: &mut MemoryStore,
    target: &Target,
    window: Window,
    fetched_at: i64,
    lines: Vec<(Line, Vec<(i64, i64)>)>,
) {
    let subject = Subject::of("1", "GetInferenceUsage", target).remove(0);
    let levels = Vec::new();
    store
        .apply(&WindowAnswer { subject, window, fetched_at, settle: SETTLE, levels, lines })
        .unwrap();
}

fn ask(store: &MemoryStore, target: &Target, window: Window, metrics: MetricTable) -> Answer {
    let question = Question {
        account_id: "1",
        action: "GetInferenceUsage",
        metrics,
        target,
        window,
        settle: SETTLE,
    };
    answer(store, &question).unwrap()
}

fn values(answer: &Answer) -> Vec<(&Line, Vec<(i64, i64)>)> {
    let points = |line: &ark_usage_history::AnswerLine| {
        line.points.iter().map(|point| (point.start, point.value)).collect()
    };
    answer.lines.iter().map(|line| (&line.line, points(line))).collect()
}

#[test]
fn fine_lines_answer_coarse_questions() {
    let mut store = MemoryStore::new();
    let fine = grouped(&[Tags::ENDPOINT_ID, Tags::MODEL_NAME]);
    let tags =
        |id, model| line(&[(Tags::ENDPOINT_ID, id), (Tags::MODEL_NAME, model)], "InputTokens");
    let hours = window(Interval::Hour, DAY, 2);
    let lines = vec![
        (tags("ep-1", "a"), vec![(DAY, 1), (DAY + HOUR, 2)]),
        (tags("ep-2", "a"), vec![(DAY, 10)]),
        (tags("ep-2", "b"), vec![(DAY + HOUR, 200)]),
    ];
    apply(&mut store, &fine, hours, DAY + 9 * HOUR, lines.clone());
    let metrics = GetInferenceUsageAction.metrics();

    let same = ask(&store, &fine, hours, metrics);
    assert_eq!(values(&same).len(), 3);
    assert!(same.not_kept.is_empty());

    let whole = ask(&store, &grouped(&[]), hours, metrics);
    let total = line(&[], "InputTokens");
    assert_eq!(values(&whole), [(&total, vec![(DAY, 11), (DAY + HOUR, 202)])]);

    let by_model = ask(&store, &grouped(&[Tags::MODEL_NAME]), hours, metrics);
    let a = line(&[(Tags::MODEL_NAME, "a")], "InputTokens");
    let b = line(&[(Tags::MODEL_NAME, "b")], "InputTokens");
    let expected = [(&a, vec![(DAY, 11), (DAY + HOUR, 2)]), (&b, vec![(DAY + HOUR, 200)])];
    assert_eq!(values(&by_model), expected);

    // A filter by a key that is told apart, and an endpoint.
    let of_a = DimensionFilter { key: Tags::MODEL_NAME.to_owned(), values: vec!["a".to_owned()] };
    let of_a = Target { filters: vec![of_a], ..grouped(&[]) };
    assert_eq!(values(&ask(&store, &of_a, hours, metrics)), [expected[0].clone()]);
    let of_one = Target { endpoint_ids: vec!["ep-1".to_owned()], ..grouped(&[]) };
    let one = line(&[(Tags::ENDPOINT_ID, "ep-1")], "InputTokens");
    let of_one = ask(&store, &of_one, hours, metrics);
    assert_eq!(values(&of_one), [(&one, vec![(DAY, 1), (DAY + HOUR, 2)])]);

    // Another project, another account and a key that was never told apart are not kept.
    let other = Target { project: None, ..grouped(&[]) };
    assert_eq!(ask(&store, &other, hours, metrics).not_kept, [hours]);
    let by_key = ask(&store, &grouped(&[Tags::API_KEY_ID]), hours, metrics);
    assert_eq!((by_key.lines.len(), by_key.not_kept), (0, vec![hours]));
}

#[test]
fn endpoints_asked_one_by_one_are_added_up() {
    let mut store = MemoryStore::new();
    let hours = window(Interval::Hour, DAY, 1);
    for (id, value) in [("ep-1", 3), ("ep-2", 4)] {
        let target = Target { endpoint_ids: vec![id.to_owned()], ..grouped(&[]) };
        let lines = vec![(line(&[], "InputTokens"), vec![(DAY, value)])];
        apply(&mut store, &target, hours, DAY + 9 * HOUR, lines);
    }
    let ids = |ids: &[&str]| Target {
        endpoint_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
        ..grouped(&[])
    };
    let metrics = GetInferenceUsageAction.metrics();
    let both = ask(&store, &ids(&["ep-1", "ep-2"]), hours, metrics);
    assert_eq!(values(&both), [(&line(&[], "InputTokens"), vec![(DAY, 7)])]);
    // One of them was never asked for, so their sum is not known; the whole neither.
    assert_eq!(ask(&store, &ids(&["ep-1", "ep-3"]), hours, metrics).not_kept, [hours]);
    assert_eq!(ask(&store, &grouped(&[]), hours, metrics).not_kept, [hours]);
}

#[test]
fn days_are_sums_of_hours_that_were_all_answered() {
    let mut store = MemoryStore::new();
    let target = grouped(&[]);
    let total = line(&[], "InputTokens");
    let metrics = GetInferenceUsageAction.metrics();
    // The first day was fetched by day, the second by hour, of the third the first three hours.
    let of_days = vec![(total.clone(), vec![(DAY, 500)])];
    apply(&mut store, &target, window(Interval::Day, DAY, 1), DAY + 200 * HOUR, of_days);
    let second = DAY + 24 * HOUR;
    let points = vec![(second + 5 * HOUR, 30), (second + 23 * HOUR, 3), (second + 24 * HOUR, 7)];
    let hours = window(Interval::Hour, second, 27);
    apply(&mut store, &target, hours, second + 26 * HOUR, vec![(total.clone(), points)]);
    let days = window(Interval::Day, DAY, 4);
    let answer = ask(&store, &target, days, metrics);
    let third = second + 24 * HOUR;
    assert_eq!(values(&answer), [(&total, vec![(DAY, 500), (second, 33), (third, 7)])]);
    assert_eq!(answer.not_kept, [window(Interval::Day, third + 24 * HOUR, 1)]);
    // The third day is the sum so far, and may change by the time it was fetched.
    assert_eq!(answer.lines[0].points[2].fetched_at, second + 26 * HOUR);
    // Two hours of it had begun when they were fetched; a day later that is no longer the day.
    apply(&mut store, &target, window(Interval::Hour, third, 3), third + 40 * HOUR, Vec::new());
    assert_eq!(ask(&store, &target, days, metrics).not_kept.len(), 1);
    assert_eq!(ask(&store, &target, days, metrics).not_kept[0].first(), third);
    // Hours are never made from days.
    let hours = window(Interval::Hour, DAY, 24);
    assert_eq!(ask(&store, &target, hours, metrics).not_kept, [hours]);
}

#[test]
fn levels_and_sums_beyond_64_bits_are_not_added_up() {
    static METRICS: [MetricInfo; 1] =
        [MetricInfo::level(Metric::from_static("Peak"), Unit::Requests)];
    let mut store = MemoryStore::new();
    let target = grouped(&[]);
    let lines = vec![
        (line(&[], "Peak"), vec![(DAY, 5), (DAY + HOUR, 6), (DAY + 24 * HOUR, 7)]),
        (line(&[], "Big"), vec![(DAY, i64::MAX), (DAY + HOUR, 1)]),
    ];
    apply(&mut store, &target, window(Interval::Hour, DAY, 48), DAY + 99 * HOUR, lines);
    let days = window(Interval::Day, DAY, 2);
    let answer = ask(&store, &target, days, MetricTable::new(&METRICS));
    assert_eq!(values(&answer), [(&line(&[], "Peak"), vec![(DAY + 24 * HOUR, 7)])]);
}

#[test]
fn the_latest_answer_counts_whatever_slice_it_came_with() {
    let mut store = MemoryStore::new();
    let hours = window(Interval::Hour, DAY, 2);
    let total = line(&[], "InputTokens");
    let metrics = GetInferenceUsageAction.metrics();
    let exact = vec![(total.clone(), vec![(DAY, 1), (DAY + HOUR, 1)])];
    apply(&mut store, &grouped(&[]), hours, DAY + 2 * HOUR, exact);
    let of_model = line(&[(Tags::MODEL_NAME, "a")], "InputTokens");
    let later = vec![(of_model, vec![(DAY + HOUR, 2)])];
    let second = window(Interval::Hour, DAY + HOUR, 1);
    apply(&mut store, &grouped(&[Tags::MODEL_NAME]), second, DAY + 9 * HOUR, later);
    let answer = ask(&store, &grouped(&[]), hours, metrics);
    assert_eq!(values(&answer), [(&total, vec![(DAY, 1), (DAY + HOUR, 2)])]);
}

#[test]
fn former_values_are_kept_in_the_order_they_were_fetched() {
    let mut store = MemoryStore::new();
    let hours = window(Interval::Hour, DAY, 1);
    let total = line(&[], "InputTokens");
    for (fetched_at, value) in [(10, 1), (1, 2), (99, 3), (50, 4), (50, 4)] {
        let lines = vec![(total.clone(), vec![(DAY, value)])];
        apply(&mut store, &grouped(&[]), hours, DAY + fetched_at * HOUR, lines);
    }
    let mut seen = Vec::new();
    store.revisions(DAY, DAY + 1, &mut |revision| seen.push(revision.clone())).unwrap();
    let [revision] = seen.as_slice() else { panic!("one point was revised") };
    let previous: Vec<_> = revision.previous.iter().map(|one| (one.value, one.is_final)).collect();
    assert_eq!(revision.point.value, 3);
    assert_eq!(previous, [(2, false), (1, true), (4, true)]);
    assert_eq!(revision.subject.place, Place::Whole);
    assert_eq!(revision.subject.slice, Slice::new("GetInferenceUsage"));
    let forgotten = store.forget(DAY + HOUR).unwrap();
    assert_eq!((forgotten.points, forgotten.former_values), (1, 3));
    assert!(store.subjects("1").unwrap().is_empty());
}

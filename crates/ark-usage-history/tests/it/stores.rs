//! Every store behaves as the one in memory, under random operations.

use std::time::Duration;

use ark_usage_history::sqlite::SqliteStore;
use ark_usage_history::{
    Delivered, Line, MemoryStore, Names, Place, Revision, Sample, Slice, Store, StoredPoint,
    Subject, WindowAnswer,
};
use ark_usage_model::list_api_keys::ApiKeyName;
use ark_usage_model::list_endpoints::Endpoint;
use ark_usage_model::list_projects::Project;
use ark_usage_model::{Interval, Metric, Tags, Window};
use proptest::collection::vec;
use proptest::prelude::*;

const DAY: i64 = 1_731_945_600;

#[derive(Clone, Debug)]
enum Operation {
    Apply(WindowAnswer),
    ApplyLatest(WindowAnswer),
    Remember(String, Names),
    Forget(i64),
    Begin(&'static str, Vec<Sample>),
    Complete(&'static str, Vec<Sample>),
    Reopen,
}

fn subject() -> impl Strategy<Value = Subject> {
    let text = |of: &'static [&'static str]| proptest::sample::select(of).prop_map(str::to_owned);
    let slice =
        proptest::sample::select(&["GetUsage", "GetInferenceUsage"][..]).prop_map(Slice::new);
    (
        text(&["1", "2"]),
        slice,
        proptest::option::of(text(&["", "p", "q\u{0}\"'; --"])),
        proptest::option::of(text(&["ep-1", "ep-2"])),
    )
        .prop_map(|(account_id, slice, project, id)| Subject {
            account_id,
            slice,
            project,
            place: Place::new(id),
        })
}

fn line() -> impl Strategy<Value = Line> {
    let pair = (
        proptest::sample::select(&["EndpointId", "Scene", "数"][..]),
        proptest::sample::select(&["", "a", "(none)"][..]),
    );
    let metric = proptest::sample::select(&["PromptTokens", "Peak", "x"][..]);
    (vec(pair, 0..3), metric).prop_map(|(pairs, metric)| Line {
        tags: Tags::new(pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned()))),
        metric: Metric::from(metric),
    })
}

fn answer() -> impl Strategy<Value = WindowAnswer> {
    let interval = proptest::sample::select(&[Interval::Hour, Interval::Hour, Interval::Day][..]);
    let points = vec((0_i64..40, prop_oneof![0_i64..4, any::<i64>()]), 0..20);
    let lines = proptest::collection::btree_map(line(), points, 0..3);
    (subject(), interval, 0_i64..30, 1_i64..12, 0_i64..40, 0_u64..5, lines).prop_map(
        |(subject, interval, first, len, fetched_at, settle, lines)| {
            let seconds = interval.seconds();
            let start = |at: i64| DAY + at * seconds;
            let window = Window::new(interval, start(first), start(first + len - 1)).unwrap();
            let sorted = |points: Vec<(i64, i64)>| {
                let by_start: std::collections::BTreeMap<i64, i64> =
                    points.into_iter().map(|(at, value)| (start(at), value)).collect();
                by_start.into_iter().collect::<Vec<_>>()
            };
            WindowAnswer {
                subject,
                window,
                fetched_at: DAY + fetched_at * 4_000,
                settle: Duration::from_hours(settle),
                levels: vec![Metric::from("Peak")],
                lines: lines.into_iter().map(|(line, points)| (line, sorted(points))).collect(),
            }
        },
    )
}

fn names() -> impl Strategy<Value = Names> {
    let id = || proptest::option::of("[a-c]");
    let name = || proptest::option::of("[x-z'\"]{0,2}");
    let projects = vec((id(), name()), 0..3).prop_map(|all| {
        let project = |(project_name, display_name)| Project {
            project_name,
            display_name,
            account_id: Some(7),
            ..Project::default()
        };
        all.into_iter().map(project).collect()
    });
    let endpoints = vec((id(), name()), 0..3).prop_map(|all| {
        all.into_iter().map(|(id, name)| Endpoint { id, name, ..Endpoint::default() }).collect()
    });
    let keys = vec((id(), name()), 0..3)
        .prop_map(|all| all.into_iter().map(|(sid, name)| ApiKeyName { sid, name }).collect());
    (name(), projects, endpoints, keys).prop_map(|(profile, projects, endpoints, api_keys)| Names {
        profile,
        projects,
        endpoints,
        api_keys,
    })
}

fn samples() -> impl Strategy<Value = (&'static str, Vec<Sample>)> {
    let receiver = proptest::sample::select(&["http://a/", "b'\""][..]);
    let series = proptest::sample::select(&["", "x", "{\"y\":1}"][..]);
    // Each series and time comes once.
    let by_place = proptest::collection::btree_map(
        (series, 0_i64..4),
        prop_oneof![0_i64..4, any::<i64>()],
        0..6,
    );
    (receiver, by_place).prop_map(|(receiver, by_place)| {
        let sample = |((series, at), value): ((&str, i64), i64)| Sample {
            series: series.to_owned(),
            at: DAY + at * 3_600,
            value,
        };
        (receiver, by_place.into_iter().map(sample).collect())
    })
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        8 => answer().prop_map(Operation::Apply),
        4 => answer().prop_map(Operation::ApplyLatest),
        2 => ("[12]", names()).prop_map(|(account, names)| Operation::Remember(account, names)),
        1 => (0_i64..40).prop_map(|at| Operation::Forget(DAY + at * 3_000)),
        3 => samples().prop_map(|(receiver, samples)| Operation::Begin(receiver, samples)),
        3 => samples().prop_map(|(receiver, samples)| Operation::Complete(receiver, samples)),
        1 => Just(Operation::Reopen),
    ]
}

/// All that a store holds.
#[derive(Debug, PartialEq)]
struct Content {
    names: Vec<(String, Names)>,
    subjects: Vec<(Subject, Interval, Vec<ark_usage_history::Span>)>,
    points: Vec<(Subject, Line, Vec<StoredPoint>)>,
    revisions: Vec<Revision>,
    delivered: Vec<(&'static str, String, Vec<Delivered>)>,
}

fn content(store: &dyn Store) -> Content {
    let accounts = store.accounts().unwrap();
    let names = accounts.iter().map(|id| (id.clone(), store.names(id).unwrap())).collect();
    let (mut subjects, mut points) = (Vec::new(), Vec::new());
    for (subject, interval) in accounts.iter().flat_map(|id| store.subjects(id).unwrap()) {
        let all = Window::covering(interval, DAY - 400_000, DAY + 8_000_000).unwrap();
        let some = Window::covering(interval, DAY + 8_000, DAY + 60_000).unwrap();
        subjects.push((subject.clone(), interval, store.spans(&subject, all).unwrap()));
        subjects.push((subject.clone(), interval, store.spans(&subject, some).unwrap()));
        for window in [all, some] {
            store
                .points(&subject, window, &|line| line.metric.as_str() != "x", &mut |line, some| {
                    points.push((subject.clone(), line.clone(), some.to_vec()));
                })
                .unwrap();
        }
    }
    let mut revisions = Vec::new();
    store.revisions(DAY, DAY + 400_000, &mut |one| revisions.push(one.clone())).unwrap();
    let mut delivered = Vec::new();
    for receiver in ["http://a/", "b'\""] {
        store
            .delivered(receiver, &mut |series, some| {
                delivered.push((receiver, series.to_owned(), some.to_vec()));
            })
            .unwrap();
    }
    Content { names, subjects, points, revisions, delivered }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_file_holds_what_memory_holds(operations in vec(operation(), 1..25)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("history.db");
        let mut file = SqliteStore::open(&path).unwrap();
        let mut memory = MemoryStore::new();
        for operation in &operations {
            match operation {
                Operation::Apply(answer) => {
                    let intake = memory.apply(answer).unwrap();
                    prop_assert_eq!(file.apply(answer).unwrap(), intake);
                    // The same again changes nothing.
                    let before = content(&file);
                    let again = file.apply(answer).unwrap();
                    prop_assert_eq!(again.unchanged, intake.new + intake.revised + intake.unchanged);
                    prop_assert_eq!(content(&file), before);
                    prop_assert_eq!(memory.apply(answer).unwrap(), again);
                }
                Operation::ApplyLatest(answer) => {
                    let intake = memory.apply_latest(answer).unwrap();
                    prop_assert_eq!(file.apply_latest(answer).unwrap(), intake);
                    let before = content(&file);
                    let again = file.apply_latest(answer).unwrap();
                    prop_assert_eq!(again.unchanged, intake.new + intake.revised + intake.unchanged);
                    prop_assert_eq!(content(&file), before);
                }
                Operation::Remember(account, names) => {
                    file.remember(account, names).unwrap();
                    memory.remember(account, names).unwrap();
                }
                Operation::Forget(before) => {
                    prop_assert_eq!(file.forget(*before).unwrap(), memory.forget(*before).unwrap());
                }
                Operation::Begin(receiver, samples) => {
                    file.begin_delivery(receiver, samples).unwrap();
                    memory.begin_delivery(receiver, samples).unwrap();
                }
                Operation::Complete(receiver, samples) => {
                    file.complete_delivery(receiver, samples).unwrap();
                    memory.complete_delivery(receiver, samples).unwrap();
                }
                Operation::Reopen => {
                    drop(file);
                    file = SqliteStore::open(&path).unwrap();
                }
            }
            prop_assert_eq!(content(&file), content(&memory));
        }
        prop_assert!(file.check().unwrap().is_empty());
        drop(file);
        let reader = SqliteStore::open_read_only(&path).unwrap();
        prop_assert_eq!(content(&reader), content(&memory));
    }
}

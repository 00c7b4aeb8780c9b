//! The message by a decoder of its own, and a receiver that behaves as Prometheus does, under kills.

use std::collections::BTreeMap;
use std::time::Duration;

use ark_usage_history::{Line, MemoryStore, Place, Slice, Store, Subject, WindowAnswer};
use ark_usage_model::{Interval, Metric, Tags, Window};
use http::{HeaderMap, HeaderValue, StatusCode};
use proptest::prelude::*;

use super::*;

const DAY: i64 = 1_731_945_600;
const HOUR: i64 = 3_600;
const URL: &str = "http://127.0.0.1:9090/api/v1/write";

/// A series as it is sent, and its samples by time.
type Received = BTreeMap<Vec<(String, String)>, BTreeMap<i64, f64>>;

fn subject(group_by: &[&str], place: Place) -> Subject {
    Subject {
        account_id: "2100000001".to_owned(),
        slice: slice(group_by),
        project: Some("search".to_owned()),
        place,
    }
}

fn slice(group_by: &[&str]) -> Slice {
    let keys: Vec<String> = group_by.iter().map(|key| format!("{key:?}")).collect();
    let text = format!(r#"{{"action":"GetUsage","filters":{{}},"group_by":[{}]}}"#, keys.join(","));
    text.parse().unwrap()
}

fn line(tags: &[(&str, &str)]) -> Line {
    let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Line { tags: Tags::new(tags), metric: Metric::PROMPT_TOKENS }
}

fn answer(subject: Subject, fetched_at: i64, lines: &[(Line, &[(i64, i64)])]) -> WindowAnswer {
    let placed = |points: &[(i64, i64)]| {
        points.iter().map(|(hour, value)| (DAY + hour * HOUR, *value)).collect()
    };
    WindowAnswer {
        subject,
        window: Window::new(Interval::Hour, DAY, DAY + 23 * HOUR).unwrap(),
        fetched_at: DAY + fetched_at * HOUR,
        settle: Duration::from_hours(1),
        levels: Vec::new(),
        lines: lines.iter().map(|(line, points)| (line.clone(), placed(points))).collect(),
    }
}

/// A decoder of Snappy's block format, by its description.
fn unsnap(bytes: &[u8]) -> Vec<u8> {
    let (length, mut at) = varint(bytes, 0);
    let mut out = Vec::new();
    while at < bytes.len() {
        let tag = usize::from(bytes[at]);
        at += 1;
        let little = |at: usize, count: usize| {
            (0..count).fold(0, |sum, index| sum | usize::from(bytes[at + index]) << (8 * index))
        };
        let (count, offset) = match tag & 3 {
            0 => {
                let short = tag >> 2;
                let more = short.saturating_sub(59);
                let count = if more == 0 { short } else { little(at, more) } + 1;
                at += more;
                out.extend_from_slice(&bytes[at..at + count]);
                at += count;
                continue;
            }
            1 => (4 + (tag >> 2 & 7), (tag >> 5) << 8 | little(at, 1)),
            2 => (1 + (tag >> 2), little(at, 2)),
            _ => (1 + (tag >> 2), little(at, 4)),
        };
        at += [0, 1, 2, 4][tag & 3];
        for _ in 0..count {
            out.push(out[out.len() - offset]);
        }
    }
    assert_eq!(u64::try_from(out.len()).unwrap(), length);
    out
}

fn varint(bytes: &[u8], mut at: usize) -> (u64, usize) {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        value |= u64::from(bytes[at] & 0x7f) << shift;
        at += 1;
        if bytes[at - 1] < 0x80 {
            break;
        }
    }
    (value, at)
}

/// The fields of a message: number and content, a number as its little-endian bytes.
fn fields(bytes: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let (mut at, mut fields) = (0, Vec::new());
    while at < bytes.len() {
        let (key, after) = varint(bytes, at);
        let (content, end) = match key & 7 {
            0 => {
                let (value, end) = varint(bytes, after);
                (value.to_le_bytes().to_vec(), end)
            }
            1 => (bytes[after..after + 8].to_vec(), after + 8),
            2 => {
                let (length, start) = varint(bytes, after);
                let end = start + usize::try_from(length).unwrap();
                (bytes[start..end].to_vec(), end)
            }
            other => panic!("wire type {other}"),
        };
        fields.push((key >> 3, content));
        at = end;
    }
    fields
}

fn decoded(body: &[u8]) -> Received {
    let mut received = Received::new();
    for (number, series) in fields(&unsnap(body)) {
        assert_eq!(number, 1);
        let (mut labels, mut samples) = (Vec::new(), Vec::new());
        for (number, content) in fields(&series) {
            let inner: BTreeMap<u64, Vec<u8>> = fields(&content).into_iter().collect();
            if number == 1 {
                let text = |number| String::from_utf8(inner[&number].clone()).unwrap();
                labels.push((text(1), text(2)));
            } else {
                let number =
                    |number| inner.get(&number).map_or([0; 8], |n| n[..].try_into().unwrap());
                samples.push((i64::from_le_bytes(number(2)), f64::from_le_bytes(number(1))));
            }
        }
        assert!(labels.is_sorted_by(|one, next| one.0 < next.0), "{labels:?}");
        assert!(labels.iter().all(|(name, value)| !name.is_empty() && !value.is_empty()));
        assert!(samples.is_sorted_by(|one, next| one.0 < next.0), "{samples:?}");
        assert!(received.insert(labels, samples.into_iter().collect()).is_none());
    }
    received
}

/// A receiver that keeps its rules: one value for a series and time.
#[derive(Default)]
struct Receiver(Received);

impl Receiver {
    fn take(&mut self, body: &[u8]) -> WriteResponse {
        for (series, samples) in decoded(body) {
            let known = self.0.entry(series.clone()).or_default();
            for (at, value) in samples {
                let before = known.insert(at, value);
                assert!(
                    before.is_none_or(|before| before.to_bits() == value.to_bits()),
                    "{series:?}"
                );
            }
        }
        WriteResponse::Received
    }

    /// The sums over all series of a metric and over corrections, by time.
    fn sums(&self, metric: &str) -> BTreeMap<i64, f64> {
        let mut sums = BTreeMap::new();
        let is_named = |(name, value): &(String, String)| name == "__name__" && value == metric;
        for (labels, samples) in &self.0 {
            if labels.iter().any(is_named) {
                for (at, value) in samples {
                    *sums.entry(*at).or_default() += value;
                }
            }
        }
        sums
    }
}

/// Pushes everything; a request that is killed is received or not, and ends it.
fn push(
    store: &mut MemoryStore,
    receiver: &mut Receiver,
    batch: usize,
    kill: Option<(u64, bool)>,
) -> PushCounts {
    let mut push = Push::new(URL, i64::MIN..=i64::MAX);
    push.batch = batch;
    for _ in 0..10_000 {
        match push.next(store).unwrap() {
            PushStep::End => return push.counts(),
            PushStep::Wait(_) => panic!("nothing fails"),
            PushStep::Send(body) => {
                let is_killed = kill.is_some_and(|(at, _)| push.counts().requests > at);
                if is_killed && !kill.is_some_and(|(_, is_received)| is_received) {
                    return push.counts();
                }
                let response = receiver.take(&body);
                if is_killed {
                    return push.counts();
                }
                push.on_response(response);
            }
        }
    }
    panic!("it does not end")
}

/// A message written by hand after the description of the protocol.
const MESSAGE: [&str; 4] = [
    "0a95010a220a085f5f6e616d655f5f121661726b5f75736167655f70726f6a6563745f686f75720a180a0a61",
    "63636f756e745f6964120a323130303030303030310a0f0a03617069120847657455736167650a160a066d65",
    "74726963120c50726f6d7074546f6b656e730a110a0770726f6a656374120673656172636812100900000000",
    "00001c40108085de81b43212071080e2b983b432",
];

#[test]
fn the_message_is_that_of_the_protocol() {
    let mut store = MemoryStore::new();
    let lines: [(Line, &[(i64, i64)]); 1] = [(line(&[]), &[(0, 7), (1, 0)])];
    store.apply(&answer(subject(&[], Place::Whole), 99, &lines)).unwrap();
    let mut push = Push::new(URL, i64::MIN..=i64::MAX);
    let PushStep::Send(body) = push.next(&mut store).unwrap() else { panic!("nothing to send") };
    let bytes = MESSAGE.concat();
    let bytes = bytes.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    let bytes: Vec<u8> = bytes.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
    assert_eq!(unsnap(&body), bytes);
    let received = decoded(&body);
    let samples = received.first_key_value().unwrap().1;
    let [first, second] = [1, 2].map(|hour| (DAY + hour * HOUR) * 1_000);
    assert_eq!(*samples, BTreeMap::from([(first, 7.0), (second, 0.0)]));
}

#[test]
fn any_tag_is_a_label_and_is_read_back() {
    let tags = [("Scene", "Batch"), ("\u{56e2}\u{961f} a", "x=%0A\n"), ("EndpointId", "ep-1")];
    let name = SeriesName::of(&subject(&[], Place::Whole), Interval::Hour, &line(&tags));
    assert_eq!(SeriesName::from_text(&name.text()).as_ref(), Some(&name));
    let sent = name.sent(2);
    assert!(sent.is_sorted());
    let of = |name: &str| sent.iter().find(|(one, _)| one == name).map(|(_, value)| value.as_str());
    let known = [of("scene"), of("endpoint_id"), of("revision")];
    assert_eq!(known, [Some("Batch"), Some("ep-1"), Some("2")]);
    let (tag, value) = sent.iter().find(|(name, _)| name.starts_with("tag_")).unwrap();
    assert!(tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'), "{tag}");
    assert_eq!(value, "x=%0A\n");
}

#[test]
fn values_that_change_or_move_are_corrected_by_differences() {
    let (mut store, mut receiver) = (MemoryStore::new(), Receiver::default());
    let whole = subject(&[], Place::Whole);
    let at = |hour: i64| (DAY + (hour + 1) * HOUR) * 1_000;
    store.apply(&answer(whole.clone(), 2, &[(line(&[]), &[(0, 10), (1, 5)])])).unwrap();
    // The second hour has not settled.
    assert_eq!(push(&mut store, &mut receiver, 100, None).new, 1);
    assert_eq!(push(&mut store, &mut receiver, 100, None), PushCounts::default());
    store.apply(&answer(whole.clone(), 40, &[(line(&[]), &[(0, 12), (1, 5)])])).unwrap();
    let counts = push(&mut store, &mut receiver, 100, None);
    assert_eq!((counts.new, counts.corrections, counts.requests), (1, 1, 1));
    store.apply(&answer(whole.clone(), 41, &[(line(&[]), &[(0, 10), (1, 5)])])).unwrap();
    assert_eq!(push(&mut store, &mut receiver, 100, None).corrections, 1);
    let sums = BTreeMap::from([(at(0), 10.0), (at(1), 5.0)]);
    assert_eq!(receiver.sums("ark_usage_project_hour"), sums);
    assert_eq!(receiver.0.len(), 3);

    // The same hours told apart further, with a whole beside its parts in the first of them.
    let fine = subject(&["ModelName"], Place::Whole);
    let (one, other) = (line(&[("ModelName", "a")]), line(&[("ModelName", "b")]));
    let lines: [(Line, &[(i64, i64)]); 3] =
        [(line(&[]), &[(0, 10)]), (one, &[(0, 4), (1, 2)]), (other, &[(0, 6), (1, 3)])];
    store.apply(&answer(fine, 50, &lines)).unwrap();
    push(&mut store, &mut receiver, 100, None);
    assert_eq!(receiver.sums("ark_usage_project_hour"), sums);
    // Endpoints have names of their own, and forgotten usage stays where it is.
    let endpoint = subject(&[], Place::Endpoint("ep-1".to_owned()));
    store.apply(&answer(endpoint, 50, &[(line(&[]), &[(0, 9)])])).unwrap();
    store.forget(DAY + HOUR).unwrap();
    store.apply(&answer(whole, 60, &[(line(&[]), &[(0, 10), (1, 5)])])).unwrap();
    push(&mut store, &mut receiver, 100, None);
    assert_eq!(receiver.sums("ark_usage_project_hour"), sums);
}

#[test]
fn the_default_project_counts_once_under_any_name() {
    let (mut store, mut receiver) = (MemoryStore::new(), Receiver::default());
    for (project, value) in [(None, 7), (Some("default"), 8), (Some(""), 9)] {
        let project = project.map(str::to_owned);
        let subject = Subject { project, ..subject(&[], Place::Whole) };
        store.apply(&answer(subject, 99, &[(line(&[]), &[(0, value)])])).unwrap();
    }
    push(&mut store, &mut receiver, 100, None);
    let sums: Vec<f64> = receiver.sums("ark_usage_project_hour").into_values().collect();
    assert!(sums == [8.0] || sums == [9.0], "{sums:?}");
}

#[test]
fn what_a_float_does_not_hold_is_left_out_and_counted() {
    let mut store = MemoryStore::new();
    let limit = 1_i64 << 53;
    let lines: [(Line, &[(i64, i64)]); 1] =
        [(line(&[]), &[(0, limit), (1, limit + 1), (2, i64::MIN), (3, -limit)])];
    store.apply(&answer(subject(&[], Place::Whole), 99, &lines)).unwrap();
    let mut receiver = Receiver::default();
    let counts = push(&mut store, &mut receiver, 100, None);
    assert_eq!((counts.new, counts.too_large), (2, 2));
}

#[test]
fn responses_say_received_later_or_never() {
    let mut headers = HeaderMap::new();
    headers.insert("retry-after", HeaderValue::from_static("7"));
    let read = |status: u16| {
        let status = StatusCode::from_u16(status).unwrap();
        WriteResponse::new(status, &headers, b"\n out of bounds \nmore", 0)
    };
    let line = || "out of bounds".to_owned();
    assert_eq!(read(204), WriteResponse::Received);
    for status in [429, 500, 503, 599] {
        let retry_after = Some(Duration::from_secs(7));
        assert_eq!(read(status), WriteResponse::Later { status, line: line(), retry_after });
    }
    for status in [302, 400, 401, 404, 413] {
        assert_eq!(read(status), WriteResponse::Refused { status, line: line() });
    }
}

#[test]
fn retries_wait_longer_each_time_and_end() {
    let mut store = MemoryStore::new();
    let lines: [(Line, &[(i64, i64)]); 1] = [(line(&[]), &[(0, 1)])];
    store.apply(&answer(subject(&[], Place::Whole), 99, &lines)).unwrap();
    let mut push = Push::new(URL, i64::MIN..=i64::MAX);
    (push.limits.retries, push.jitter) = (3, u64::MAX);
    let later =
        |retry_after| WriteResponse::Later { status: 429, line: String::new(), retry_after };
    let mut waits = Vec::new();
    let mut sent = Vec::new();
    loop {
        match push.next(&mut store).unwrap() {
            PushStep::Send(body) => {
                sent.push(body);
                push.on_response(later((sent.len() == 2).then_some(Duration::from_secs(40))));
            }
            PushStep::Wait(delay) => waits.push(delay),
            PushStep::End => break,
        }
    }
    assert_eq!(push.stop(), Some(&PushStop::Unable { status: 429, line: String::new() }));
    let [first, second, third] = waits[..] else { panic!("{waits:?}") };
    assert!(first >= Duration::from_millis(500) && first <= Duration::from_secs(1), "{waits:?}");
    assert_eq!(second, Duration::from_secs(40));
    assert!(third >= Duration::from_secs(2) && third <= Duration::from_secs(4), "{waits:?}");
    assert!(sent.iter().all(|body| *body == sent[0]));
    let counts = push.counts();
    assert_eq!((counts.requests, counts.left, counts.new), (4, 1, 0));
    // A Retry-After of an hour is not waited for, and a lasting failure is not tried again.
    for fail in [
        &mut |push: &mut Push| push.on_response(later(Some(Duration::from_hours(1)))),
        &mut |push: &mut Push| push.on_failure(false),
    ] as [&mut dyn FnMut(&mut Push); 2]
    {
        let mut push = Push::new(URL, i64::MIN..=i64::MAX);
        assert_eq!(push.next(&mut store).unwrap(), PushStep::Send(sent[0].clone()));
        fail(&mut push);
        assert_eq!(push.next(&mut store).unwrap(), PushStep::End);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn sums_are_those_kept_after_any_kills_and_revisions(
        rounds in proptest::collection::vec(
            (
                proptest::collection::vec((0_i64..24, 0_i64..9), 1..12),
                0_usize..3,
                proptest::option::of((0_u64..6, any::<bool>())),
                1_usize..8,
            ),
            1..8,
        ),
    ) {
        let (mut store, mut receiver) = (MemoryStore::new(), Receiver::default());
        let subjects = [
            subject(&[], Place::Whole),
            subject(&["ModelName"], Place::Whole),
            subject(&[], Place::Endpoint("ep-1".to_owned())),
        ];
        let lines = [line(&[]), line(&[("ModelName", "a")]), line(&[])];
        for (round, (points, place, kill, batch)) in (0_i64..).zip(&rounds) {
            let points: BTreeMap<i64, i64> = points.iter().copied().collect();
            let points: Vec<(i64, i64)> = points.into_iter().collect();
            let lines: [(Line, &[(i64, i64)]); 1] = [(lines[*place].clone(), &points)];
            store.apply(&answer(subjects[*place].clone(), 20 + round, &lines)).unwrap();
            push(&mut store, &mut receiver, *batch, *kill);
        }
        push(&mut store, &mut receiver, 3, None);
        prop_assert_eq!(push(&mut store, &mut receiver, 3, None), PushCounts::default());
        for (metric, places) in
            [("ark_usage_project_hour", &subjects[..2]), ("ark_usage_endpoint_hour", &subjects[2..])]
        {
            // The finer of two subjects counts in all hours, because each answer was about all.
            let all = Window::new(Interval::Hour, DAY, DAY + 23 * HOUR).unwrap();
            let kept = places.iter().rev().find(|one| !store.spans(one, all).unwrap().is_empty());
            let mut sums: BTreeMap<i64, f64> = BTreeMap::new();
            if let Some(subject) = kept {
                store.points(subject, all, &|_| true, &mut |_, points| {
                    for point in points.iter().filter(|point| point.is_final) {
                        let value = i32::try_from(point.value).unwrap();
                        sums.insert((point.start + HOUR) * 1_000, f64::from(value));
                    }
                }).unwrap();
            }
            let mut received = receiver.sums(metric);
            received.retain(|at, sum| *sum != 0.0 || sums.contains_key(at));
            prop_assert_eq!(received, sums);
        }
    }
}

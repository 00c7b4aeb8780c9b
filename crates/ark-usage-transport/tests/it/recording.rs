//! Recording around other people's transports, and replaying without any.

use std::future::{pending, poll_fn, ready};
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use ark_usage_model::{UsageQuery, UsageReport};
use ark_usage_transport::{
    BlockingClient, Client, Clock, Recorder, RecordingError, RecordingTransport, ReplayTransport,
    Sign, TransportError, Unsigned,
};
use http::{Request, Response};
use pollster::block_on;
use serde_json::{Value, json};

use crate::world::{Simulated, days, one_point, refused, signer};

/// A sink whose text a test can read.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type Outcome = Result<Response<Vec<u8>>, TransportError>;

/// Throttled, cut off, then answered.
fn eventful(request: &Request<Vec<u8>>, number: u32) -> Outcome {
    match number {
        1 => Ok(refused(429, "AccountFlowLimitExceeded")),
        2 => Err(io::Error::from(io::ErrorKind::ConnectionReset).into()),
        _ => Ok(one_point(request)),
    }
}

/// A transport that knows how many requests it has seen.
fn counting(
    answer: impl Fn(&Request<Vec<u8>>, u32) -> Outcome + Send + Sync,
) -> impl Fn(Request<Vec<u8>>) -> Outcome + Send + Sync {
    let seen = Mutex::new(0);
    move |request| {
        let mut seen = seen.lock().unwrap();
        *seen += 1;
        answer(&request, *seen)
    }
}

/// Records three days, and returns the report with the recording.
fn recorded(
    sign: impl Sign,
    answer: impl Fn(&Request<Vec<u8>>, u32) -> Outcome + Send + Sync,
) -> (UsageReport, String) {
    let (sink, network) = (Sink::default(), counting(answer));
    let recorder = Recorder::new(Simulated::default());
    recorder.start(sink.clone(), &json!({ "question": "three days" })).unwrap();
    let network = |request| ready(network(request));
    let transport = RecordingTransport::new(network, recorder.clone());
    let client = Client::new(transport, sign).with_clock(recorder.clone());
    let report = block_on(client.run(days(3, 2), &mut ()));
    recorder.finish().unwrap();
    (report, sink.text())
}

fn replayed(query: UsageQuery, recording: &str) -> UsageReport {
    let replay = ReplayTransport::parse(recording).unwrap();
    let client = Client::new(replay.clone(), Unsigned).with_clock(replay.clone());
    block_on(replay.drive(client.run(query, &mut ()))).unwrap()
}

fn lines(recording: &str) -> Vec<Value> {
    recording.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_replay_gives_the_same_report() {
    let (report, recording) = recorded(signer(), eventful);
    assert!(report.coverage.complete);
    assert_eq!(report.calls.len(), 3);
    let again = replayed(days(3, 2), &recording);
    assert_eq!(again.series, report.series);
    assert_eq!(format!("{:?}", again.calls), format!("{:?}", report.calls));
}

#[test]
fn metadata_is_the_callers() {
    let (_, recording) = recorded(signer(), eventful);
    let replay = ReplayTransport::from_reader(recording.as_bytes()).unwrap();
    assert_eq!(Value::from(replay.metadata().clone()), json!({ "question": "three days" }));
    let recorder = Recorder::new(Simulated::default());
    assert!(recorder.start(Sink::default(), &"no object").is_err());
}

#[test]
fn a_recording_holds_no_secret() {
    let key = "AKLTEXAMPLE0000000000000000000001";
    let echo = |request: &Request<Vec<u8>>, _| {
        let authorization = request.headers()["authorization"].to_str().unwrap().to_owned();
        let body = format!("{authorization} fake-secret-for-tests-only-0001");
        Ok(Response::builder().status(400).body(body.into_bytes()).unwrap())
    };
    let sink = Sink::default();
    let recorder = Recorder::new(Simulated::default());
    recorder.hide("fake-secret-for-tests-only-0001");
    recorder.start(sink.clone(), &json!({})).unwrap();
    let network = |request| ready(echo(&request, 1));
    let transport = RecordingTransport::new(network, recorder.clone());
    let client = Client::new(transport, signer()).with_clock(recorder);
    block_on(client.run(days(1, 1), &mut ()));
    let text = sink.text();
    assert!(text.contains("SignedHeaders=host;x-content-sha256;x-date, Signature=***"), "{text}");
    for secret in [key, "fake-secret", "authorization"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[test]
fn times_are_those_of_the_recording() {
    let (_, recording) = recorded(signer(), eventful);
    let replay = ReplayTransport::parse(&recording).unwrap();
    let first = &lines(&recording)[0]["now"];
    assert_eq!(first, "2024-11-20T10:45:37Z");
    assert_eq!(replay.unix_seconds(), 1_732_099_537);
    let client = Client::new(replay.clone(), Unsigned).with_clock(replay.clone());
    block_on(replay.drive(client.run(days(3, 2), &mut ()))).unwrap();
    let last = lines(&recording).pop().unwrap();
    let end = Duration::from_micros(last["ended_us"].as_u64().unwrap());
    // Each of two delays is rounded up.
    assert!((end..=end + Duration::from_micros(2)).contains(&replay.elapsed()));
}

/// A deadline counts from the start of the program, not of the recording.
#[test]
fn the_time_before_the_recording_counts() {
    let (sink, clock) = (Sink::default(), Simulated::default());
    clock.pause(Duration::from_millis(2_500));
    let recorder = Recorder::new(clock);
    recorder.start(sink.clone(), &json!({})).unwrap();
    let replay = ReplayTransport::parse(&sink.text()).unwrap();
    assert_eq!(replay.elapsed(), recorder.elapsed());
    let older =
        sink.text().replace("\"spent_us\":2500000,", "").replace(",\"spent_us\":2500000", "");
    assert_eq!(ReplayTransport::parse(&older).unwrap().elapsed(), Duration::ZERO);
}

#[test]
fn a_request_that_was_not_recorded_ends_the_replay() {
    let (_, recording) = recorded(signer(), |request, _| Ok(one_point(request)));
    let replay = ReplayTransport::parse(&recording).unwrap();
    let client = Client::new(replay.clone(), Unsigned).with_clock(replay.clone());
    let error = block_on(replay.drive(client.run(days(4, 1), &mut ()))).unwrap_err();
    assert!(error.request().starts_with("POST http://127.0.0.1:9/?Action=GetUsage"), "{error}");
    assert!(error.request().contains("StartTime"), "{error}");
}

#[test]
fn an_interruption_is_replayed() {
    let sink = Sink::default();
    let recorder = Recorder::new(Simulated::default());
    recorder.start(sink.clone(), &json!({})).unwrap();
    // The first request is answered, the second never.
    let sent = AtomicUsize::new(0);
    let network = |request: Request<Vec<u8>>| {
        let first = sent.fetch_add(1, Ordering::Relaxed) == 0;
        async move { if first { Ok(one_point(&request)) } else { pending().await } }
    };
    let transport = RecordingTransport::new(network, recorder.clone());
    let client = Client::new(transport, Unsigned).with_clock(recorder.clone());
    let interrupted = poll_fn(|context| {
        if sent.load(Ordering::Relaxed) == 2 {
            recorder.interrupted();
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    });
    let report = block_on(client.run_until(days(2, 1), &mut (), interrupted)).report;
    assert!(!report.coverage.complete);

    let replay = ReplayTransport::parse(&sink.text()).unwrap();
    let client = Client::new(replay.clone(), Unsigned).with_clock(replay.clone());
    let (query, mut observer) = (days(2, 1), ());
    let run = client.run_until(query, &mut observer, replay.interrupted());
    let again = block_on(replay.drive(run)).unwrap();
    assert!(again.interrupted.is_some());
    assert_eq!(again.report.series, report.series);
}

#[test]
fn a_blocking_client_records_and_replays_too() {
    let sink = Sink::default();
    let recorder = Recorder::new(Simulated::default());
    recorder.start(sink.clone(), &json!({})).unwrap();
    let transport = RecordingTransport::new(counting(eventful), recorder.clone());
    let client = BlockingClient::new(transport, signer()).with_clock(recorder.clone());
    let report = client.run(days(3, 1), &mut ());
    assert!(report.coverage.complete);

    let replay = ReplayTransport::parse(&sink.text()).unwrap();
    let client = BlockingClient::new(replay.clone(), Unsigned).with_clock(replay.clone());
    assert_eq!(client.run(days(3, 1), &mut ()).series, report.series);
    let rest = client.run(days(3, 1), &mut ());
    assert!(!rest.coverage.complete, "each response is given once");
}

#[test]
fn a_full_disk_is_reported_at_the_end() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(1).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let recorder = Recorder::new(Simulated::default());
    recorder.start(Full(1), &json!({})).unwrap();
    let network = counting(|request, _| Ok(one_point(request)));
    let network = |request| ready(network(request));
    let transport = RecordingTransport::new(network, recorder.clone());
    let client = Client::new(transport, signer()).with_clock(recorder.clone());
    assert!(block_on(client.run(days(1, 1), &mut ())).coverage.complete);
    assert_eq!(recorder.finish().unwrap_err().kind(), io::ErrorKind::StorageFull);
}

#[test]
fn a_damaged_line_is_named() {
    let (_, recording) = recorded(signer(), |request, _| Ok(one_point(request)));
    let cut = recording.trim_end().trim_end_matches('}');
    let error = ReplayTransport::parse(cut).unwrap_err();
    assert!(matches!(error, RecordingError::Damaged { line: 4, .. }), "{error}");
    let error = ReplayTransport::from_reader(&b"\xff"[..]).unwrap_err();
    assert!(matches!(error, RecordingError::Read(_)), "{error}");
}

#[test]
fn instants_that_no_recording_reaches_are_damage() {
    let (_, recording) = recorded(signer(), |request, _| Ok(one_point(request)));
    let line = recording.lines().nth(1).unwrap();
    let lines: Vec<_> = recording.lines().collect();
    let mut event: Value = serde_json::from_str(line).unwrap();
    for key in ["ended_us", "sent_us"] {
        for value in [json!(u64::MAX), json!(u64::MAX - 1), json!(i64::MAX), json!(1_u64 << 60)] {
            let kept = event[key].take();
            event[key] = value.clone();
            let text = [lines[0], &event.to_string()].join("\n");
            let error = ReplayTransport::parse(&text).unwrap_err();
            assert!(
                matches!(error, RecordingError::Damaged { line: 2, .. }),
                "{key} {value}: {error}"
            );
            event[key] = kept;
        }
    }
    for kind in ["woke", "interrupted"] {
        for value in [u64::MAX, u64::MAX / 2] {
            let line = json!({"event": kind, "at_us": value, "now": "2024-11-20T04:00:00Z"});
            let text = [lines[0], &line.to_string()].join("\n");
            assert!(ReplayTransport::parse(&text).is_err(), "{kind} {value}");
        }
    }
    for number in [0, u64::MAX] {
        event["number"] = json!(number);
        assert!(ReplayTransport::parse(&[lines[0], &event.to_string()].join("\n")).is_ok());
    }
}

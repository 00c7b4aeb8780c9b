//! A transport of one's own, recorded and replayed: for a bug report, or for tests without a network.

use std::error::Error;
use std::io::Write;

use ark_usage_model::{UsageQuery, UsageReport};
use ark_usage_transport::{
    BlockingClient, BlockingTransport, Recorder, RecordingTransport, ReplayTransport, Sign,
    SystemClock, TransportError, Unsigned,
};
use http::{Request, Response};
use serde_json::json;
use ureq::Agent;

/// Sends over ureq.
#[derive(Clone)]
pub struct OverUreq(Agent);

impl Default for OverUreq {
    fn default() -> Self {
        // An HTTP error and a redirect are responses too.
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
        Self(config.build().into())
    }
}

impl BlockingTransport for OverUreq {
    fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
        let response = self.0.run(request).map_err(TransportError::other)?;
        let (head, mut body) = response.into_parts();
        let body = body.read_to_vec().map_err(TransportError::other)?;
        Ok(Response::from_parts(head, body))
    }
}

/// Runs a query, and writes every exchange to `sink`, without keys and signatures.
pub fn record(
    query: UsageQuery,
    signer: impl Sign,
    sink: impl Write + Send + 'static,
) -> Result<UsageReport, Box<dyn Error>> {
    let recorder = Recorder::new(SystemClock::new());
    recorder.start(sink, &json!({ "title": "one day" }))?;
    let transport = RecordingTransport::new(OverUreq::default(), recorder.clone());
    let client = BlockingClient::new(transport, signer).with_clock(recorder.clone());
    let report = client.run(query, &mut ());
    recorder.finish()?;
    Ok(report)
}

/// Runs the same query again, answered by the recording: without keys and without a network.
pub fn replay(query: UsageQuery, recording: &str) -> Result<UsageReport, Box<dyn Error>> {
    let replay = ReplayTransport::parse(recording)?;
    let client = BlockingClient::new(replay.clone(), Unsigned).with_clock(replay);
    Ok(client.run(query, &mut ()))
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use ark_usage_model::{AccountId, Interval, QueryOptions, Target, Window};
    use loopback::{
        DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY, Loopback, VENDOR_DAY_START, demo_keys,
    };
    use volc_sign::Signer;

    use super::*;

    /// A recording in memory.
    #[derive(Clone, Default)]
    struct Memory(Arc<Mutex<Vec<u8>>>);

    impl Memory {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl Write for Memory {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn query(base_url: &str, first: i64) -> UsageQuery {
        let window = Window::new(Interval::Day, first, first).unwrap();
        let targets = vec![Target::new(AccountId(0))];
        let base_url = base_url.parse().unwrap();
        UsageQuery::new(targets, window, base_url, QueryOptions::default()).unwrap()
    }

    #[test]
    fn a_replay_is_the_recorded_report_without_server_and_keys() {
        let server = Loopback::start();
        let base_url = server.base_url().to_owned();
        let signer = Signer::new(demo_keys(), "cn-beijing", "ark");
        let recording = Memory::default();
        let recorded =
            record(query(&base_url, VENDOR_DAY_START), signer, recording.clone()).unwrap();
        assert!(recorded.coverage.complete && !recorded.series.is_empty());
        drop(server);

        let text = recording.text();
        for secret in [DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY, "Signature="] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        let replayed = replay(query(&base_url, VENDOR_DAY_START), &text).unwrap();
        assert_eq!(replayed.series, recorded.series);
        assert_eq!(replayed.coverage, recorded.coverage);
        assert_eq!(replayed.warnings, recorded.warnings);

        // A day that was not recorded has no data, rather than that of another day.
        let other = replay(query(&base_url, VENDOR_DAY_START + 86_400), &text).unwrap();
        assert!(!other.coverage.complete && other.series.is_empty());
    }

    #[test]
    fn a_damaged_recording_names_its_line() {
        let error = replay(query("http://127.0.0.1:9", VENDOR_DAY_START), "{}\n").unwrap_err();
        assert!(error.to_string().contains("line 1"), "{error}");
    }
}

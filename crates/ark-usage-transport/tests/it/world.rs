//! The parts the driver's tests share: a clock that needs no waiting, answers, queries.

use std::sync::Mutex;
use std::time::Duration;

use ark_usage_model::{AccountId, Interval, QueryOptions, Target, UsageQuery, Window};
use ark_usage_transport::Clock;
use http::{Request, Response};
use volc_sign::{Credentials, Signer};

pub(crate) const DAY: i64 = 86_400;
/// 2024-11-19 00:00 in Beijing, the day of the vendor's page.
pub(crate) const FIRST: i64 = 1_731_945_600;
/// 2024-11-20 10:45:37 UTC.
pub(crate) const NOW: u64 = 1_732_099_537;

/// A clock on which sleeping takes no time but makes it pass.
#[derive(Default)]
pub(crate) struct Simulated {
    elapsed: Mutex<Duration>,
}

impl Clock for Simulated {
    fn unix_seconds(&self) -> u64 {
        NOW + self.elapsed().as_secs()
    }

    fn elapsed(&self) -> Duration {
        *self.elapsed.lock().unwrap()
    }

    async fn sleep(&self, duration: Duration) {
        self.pause(duration);
    }

    fn pause(&self, duration: Duration) {
        *self.elapsed.lock().unwrap() += duration;
    }
}

pub(crate) fn signer() -> Signer {
    let id = "AKLTEXAMPLE0000000000000000000001";
    let keys = Credentials::new(id, "fake-secret-for-tests-only-0001");
    Signer::new(keys, "cn-beijing", "ark")
}

/// `calls` days of one target, asked for one by one.
pub(crate) fn days(calls: i64, concurrency: u32) -> UsageQuery {
    query(vec![Target::new(AccountId(0))], calls, "http://127.0.0.1:9", concurrency)
}

pub(crate) fn query(
    targets: Vec<Target>,
    days: i64,
    base_url: &str,
    concurrency: u32,
) -> UsageQuery {
    let window = Window::new(Interval::Day, FIRST - DAY * (days - 1), FIRST).unwrap();
    let options = QueryOptions { max_window_days: 1, concurrency, ..QueryOptions::default() };
    UsageQuery::new(targets, window, base_url.parse().unwrap(), options).unwrap()
}

/// An answer with one point in the bucket that was asked for.
pub(crate) fn one_point(request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let asked = std::str::from_utf8(request.body()).unwrap();
    let start = asked.split_once(r#""StartTime":"#).unwrap().1;
    let start: i64 = start.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap();
    let body = format!(
        r#"{{"ResponseMetadata":{{"RequestId":"r"}},"Result":{{"UsageResults":[{{
            "Name":"PromptTokens","MetricItems":[{{"Values":[
                {{"Timestamp":{start},"Value":7}}]}}]}}]}}}}"#
    );
    Response::new(body.into_bytes())
}

/// A refusal with this code.
pub(crate) fn refused(status: u16, code: &str) -> Response<Vec<u8>> {
    let body = format!(
        r#"{{"ResponseMetadata":{{"RequestId":"r","Error":{{"Code":"{code}","Message":"m"}}}}}}"#
    );
    Response::builder().status(status).body(body.into_bytes()).unwrap()
}

pub(crate) fn header(request: &Request<Vec<u8>>, name: &str) -> String {
    request.headers()[name].to_str().unwrap().to_owned()
}

/// The message of an error, with all causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

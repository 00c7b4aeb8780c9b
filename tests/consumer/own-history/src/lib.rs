//! A history of one's own: hours in a file, fetched over any transport, answered without the service.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use ark_usage_history::sqlite::{SqliteStore, SyncLock};
use ark_usage_history::{
    Intake, PlanRule, Question, Store as _, Subject, answer, group_by_window, plan,
    windows_of_report,
};
use ark_usage_model::{
    AccountId, Metric, MetricTable, Now, QueryOptions, Step, Target, UsageQuery, Window,
};

const ACTION: &str = "GetUsage";
const SETTLE: Duration = Duration::from_hours(1);

/// Fetches the hours of `wanted` that the file lacks or that may have changed, and nothing else.
///
/// # Errors
///
/// When the file cannot be used, or a query cannot be made.
pub fn sync(
    file: &Path,
    account: &str,
    target: &Target,
    wanted: Window,
    now: i64,
    send: &mut dyn FnMut(http::Request<Vec<u8>>) -> http::Response<Vec<u8>>,
) -> Result<Intake, Box<dyn Error>> {
    let _lock = SyncLock::try_new(file)?;
    let mut store = SqliteStore::open(file)?;
    let rule = PlanRule { now, settle: SETTLE, recheck: Duration::from_hours(6) };
    let mut plans = Vec::new();
    for subject in Subject::of(account, ACTION, target) {
        let known = store.spans(&subject, wanted)?;
        plans.push((subject, plan(&known, wanted, rule)));
    }
    let mut intake = Intake::default();
    for (window, subjects) in group_by_window(plans) {
        let targets = subjects.iter().map(|subject| subject.target(AccountId(0))).collect();
        let base_url = "https://open.volcengineapi.com".parse()?;
        let options = QueryOptions { settle: SETTLE, ..QueryOptions::default() };
        let mut query = UsageQuery::new(targets, window, base_url, options)?;
        let mut time = Now { elapsed: Duration::ZERO, unix: now };
        loop {
            match query.poll(time) {
                Step::Send(exchange) => {
                    let response = send(exchange.request);
                    query.on_response(exchange.id, time, Ok(&response));
                }
                Step::WakeAt(elapsed) => time.elapsed = elapsed,
                Step::Wait | Step::Done => break,
            }
        }
        let report = query.into_report();
        for answered in windows_of_report(&report, ACTION, &|_| Some(account.to_owned()), now) {
            intake += store.apply_latest(&answered)?;
        }
    }
    Ok(intake)
}

/// The tokens of a metric in a window, from the file alone, and the parts that it does not have.
///
/// # Errors
///
/// When the file cannot be read.
pub fn tokens(
    file: &Path,
    account: &str,
    target: &Target,
    metric: &Metric,
    window: Window,
) -> Result<(i64, Vec<Window>), Box<dyn Error>> {
    let store = SqliteStore::open_read_only(file)?;
    let question = Question {
        account_id: account,
        action: ACTION,
        metrics: MetricTable::default(),
        target,
        window,
        settle: SETTLE,
    };
    let kept = answer(&store, &question)?;
    let lines = kept.lines.iter().filter(|one| one.line.metric == *metric);
    let sum = lines.flat_map(|one| &one.points).map(|point| point.value).sum();
    Ok((sum, kept.not_kept))
}

#[cfg(test)]
mod tests {
    use ark_usage_model::Interval;

    use super::*;

    const DAY: i64 = 1_731_945_600;
    const HOUR: i64 = 3_600;

    /// A service that has a thousand prompt tokens in every hour.
    fn respond(request: &http::Request<Vec<u8>>) -> http::Response<Vec<u8>> {
        let body = String::from_utf8_lossy(request.body()).into_owned();
        let number = |name: &str| -> i64 {
            let (_, rest) = body.split_once(&format!("\"{name}\":")).expect("a parameter");
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().expect("a number")
        };
        let hours = (number("StartTime")..=number("EndTime")).step_by(3_600);
        let values: Vec<String> =
            hours.map(|start| format!(r#"{{"Timestamp":{start},"Value":1000}}"#)).collect();
        let answer = format!(
            r#"{{"ResponseMetadata":{{"RequestId":"r"}},"Result":{{"UsageResults":[{{"Name":"PromptTokens","MetricItems":[{{"Values":[{}]}}]}}]}}}}"#,
            values.join(",")
        );
        http::Response::new(answer.into_bytes())
    }

    #[test]
    fn a_history_needs_neither_the_service_nor_the_program() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("history.db");
        let target = Target { project: Some("search".to_owned()), ..Target::new(AccountId(0)) };
        let hours = Window::new(Interval::Hour, DAY, DAY + 47 * HOUR).expect("two days");
        let mut calls = 0;
        let mut send = |request: http::Request<Vec<u8>>| {
            calls += 1;
            respond(&request)
        };
        let later = DAY + 60 * HOUR;
        let first = sync(&file, "2100000001", &target, hours, later, &mut send).expect("a sync");
        let again = sync(&file, "2100000001", &target, hours, later, &mut send).expect("a sync");
        assert_eq!((first.new, again), (48, Intake::default()));
        assert!(calls <= 3, "{calls}");

        let days = Window::new(Interval::Day, DAY, DAY + 2 * 86_400).expect("three days");
        let metric = Metric::PROMPT_TOKENS;
        let (sum, missing) = tokens(&file, "2100000001", &target, &metric, days).expect("a file");
        assert_eq!((sum, missing.len()), (48_000, 1));
        assert_eq!(missing[0].first(), DAY + 2 * 86_400);
    }
}

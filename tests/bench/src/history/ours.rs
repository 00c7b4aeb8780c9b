//! The same year in a history.

use std::path::Path;
use std::time::Duration;

use ark_usage_history::sqlite::SqliteStore;
use ark_usage_history::{
    Catalog, Line, Names, Place, Question, Slice, Store as _, Subject, WindowAnswer,
};
use ark_usage_model::{AccountId, Interval, MetricTable, Tags, Window};

use super::year::{self, ENDPOINTS, HOURS, METRICS, START};

const ACCOUNT: &str = "2100000001";
const SETTLE: Duration = Duration::from_hours(1);

fn subject(endpoint: usize) -> Subject {
    Subject {
        account_id: ACCOUNT.to_owned(),
        slice: Slice::new("GetUsage"),
        project: Some("default".to_owned()),
        place: Place::Endpoint(year::endpoint(endpoint)),
    }
}

fn answer(endpoint: usize, window: Window, fetched_at: i64) -> WindowAnswer {
    let lines = METRICS.into_iter().enumerate().map(|(number, metric)| {
        let points = window.buckets().map(|start| (start, year::value(endpoint, number, start)));
        (Line { tags: Tags::default(), metric }, points.collect())
    });
    WindowAnswer {
        subject: subject(endpoint),
        window,
        fetched_at,
        settle: SETTLE,
        levels: Vec::new(),
        lines: lines.collect(),
    }
}

pub fn write(path: &Path) {
    let _ = std::fs::remove_file(path);
    let mut store = SqliteStore::open(path).expect("a file");
    for window in year::windows() {
        for endpoint in 0..ENDPOINTS {
            let intake =
                store.apply_latest(&answer(endpoint, window, window.end() + 86_400)).expect("room");
            assert_eq!(intake.new, 2 * window.len() as u64);
        }
    }
}

/// Adds what a sync knows besides: the total of the project, and names.
pub fn whole(path: &Path) {
    let mut store = SqliteStore::open(path).expect("a file");
    let subject = Subject { place: Place::Whole, ..subject(0) };
    for window in year::windows() {
        let lines = METRICS.into_iter().enumerate().map(|(number, metric)| {
            let all = |start| (0..ENDPOINTS).map(|one| year::value(one, number, start)).sum();
            let points = window.buckets().map(|start| (start, all(start))).collect();
            (Line { tags: Tags::default(), metric }, points)
        });
        let answer = WindowAnswer {
            subject: subject.clone(),
            lines: lines.collect(),
            ..answer(0, window, window.end() + 86_400)
        };
        store.apply_latest(&answer).expect("room");
    }
    let project = |name: &str| ark_usage_model::list_projects::Project {
        project_name: Some(name.to_owned()),
        ..Default::default()
    };
    let names = Names { projects: vec![project("default")], ..Names::default() };
    store.remember(ACCOUNT, &names).expect("room");
}

/// Takes in the last day of every endpoint once more, an hour later, and again a minute after that.
pub fn night(path: &Path) {
    let mut store = SqliteStore::open(path).expect("a file");
    let end = START + HOURS * year::HOUR;
    let day = Window::new(Interval::Hour, end - 86_400, end - year::HOUR).expect("hours");
    for fetched_at in [end + 200_000, end + 200_060] {
        for endpoint in 0..ENDPOINTS {
            store.apply_latest(&answer(endpoint, day, fetched_at)).expect("room");
        }
    }
}

/// Answers what `get --by month,endpoint` asks: the days of each endpoint. Returns the sum of all.
pub fn read(path: &Path) -> i64 {
    let store = SqliteStore::open_read_only(path).expect("a file");
    let catalog = Catalog::read(&store, ACCOUNT).expect("subjects");
    let last = START + (HOURS / 24 - 1) * 86_400;
    let mut sum = 0;
    for endpoint in 0..ENDPOINTS {
        let target = subject(endpoint).target(AccountId(0));
        let question = Question {
            account_id: ACCOUNT,
            action: "GetUsage",
            metrics: MetricTable::default(),
            target: &target,
            window: Window::new(Interval::Day, START, last).expect("days"),
            settle: SETTLE,
        };
        let answer = catalog.answer(&store, &question).expect("points");
        assert!(answer.not_kept.is_empty());
        let points = answer.lines.iter().flat_map(|line| &line.points);
        sum += points.map(|point| point.value).sum::<i64>();
    }
    sum
}

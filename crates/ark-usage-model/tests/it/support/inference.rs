//! A `GetInferenceUsage` service small enough to be obviously right.

use std::collections::BTreeMap;

use ark_usage_model::get_inference_usage::{GetInferenceUsage, QueryInterval};
use ark_usage_model::{Exchange, Interval};
use serde_json::{Value, json};

use super::{DAY, DAY0, HOUR};

/// The dimensions that traffic has, by the key of filters: endpoint, model, API key, billing status.
pub(crate) const KEYS: [&str; 4] = ["ModelEndpoint", "ModelName", "ApikeyID", "BillingStatus"];

/// Traffic with one value for each of [`KEYS`]. The last two calls are made without an API key.
pub(crate) const TRAFFIC: [[&str; 4]; 5] = [
    ["ep-1", "doubao-pro", "apikey-1", "normal"],
    ["ep-1", "doubao-pro", "apikey-2", "normal"],
    ["ep-2", "doubao-lite", "apikey-2", "free_for_coding_plan"],
    ["ep-2", "doubao-lite", "", "normal"],
    ["ep-3", "seedance", "", "normal"],
];

pub(crate) const METRICS: [&str; 6] =
    ["InputTokens", "CacheTokensHit", "OutputTokens", "ImageCount", "TotalTokens", "ReqCnt"];

/// The metrics of one kind of traffic in one hour. Video has tokens in the total only.
pub(crate) fn hour(place: usize, start: i64) -> [i64; 6] {
    let size = i64::try_from(place).unwrap() + 1 + (start - DAY0).div_euclid(HOUR) % 5;
    let video = if place == 4 { 1_000 } else { 0 };
    [size * 100, size * 40, size * 10, i64::from(place == 4), size * 110 + video, size]
}

/// The sum of a metric over all traffic of a window that `counts`.
pub(crate) fn expected(
    window: ark_usage_model::Window,
    metric: &str,
    counts: impl Fn(&[&str; 4]) -> bool,
) -> i128 {
    let at = METRICS.iter().position(|name| *name == metric).unwrap();
    let hours = (window.first()..window.end()).step_by(3_600);
    let places = TRAFFIC.iter().enumerate().filter(|(_, traffic)| counts(traffic));
    let sums = places.flat_map(|(place, _)| hours.clone().map(move |start| hour(place, start)[at]));
    sums.map(i128::from).sum()
}

/// The request of an exchange.
pub(crate) fn read(exchange: &Exchange) -> GetInferenceUsage {
    serde_json::from_slice(exchange.request.body()).unwrap()
}

/// The day that an instant is in, by counting from 2024-01-01 on.
fn date(start: i64) -> String {
    let mut day = (start - DAY0).div_euclid(DAY) + 323;
    for year in 2024.. {
        let february = if year % 4 == 0 { 29 } else { 28 };
        for (length, month) in
            [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].into_iter().zip(1..)
        {
            if day < length {
                return format!("{year}-{month:02}-{:02}", day + 1);
            }
            day -= length;
        }
    }
    panic!("years do not end")
}

/// Answers a request as the vendor documents it: a table of texts.
pub(crate) fn table(request: &GetInferenceUsage) -> Value {
    let day = |text: &str| {
        let mut starts = (-40..400).map(|day| DAY0 + day * DAY);
        starts.find(|start| date(*start) == text).expect("a day of these tests")
    };
    let (first, last) = (day(&request.start_time), day(&request.end_time));
    assert!(first <= last && (last - first) / DAY < 30, "{request:?}");
    let place = |key: &str| KEYS.iter().position(|known| *known == key).expect("a known key");
    let keys: Vec<(usize, &[String])> =
        request.filters.iter().map(|one| (place(&one.key), one.values.as_slice())).collect();
    let mut fields = vec![json!({"Name": "AccountID", "Type": "BIGINT"})];
    fields.extend(keys.iter().map(|(at, _)| json!({"Name": KEYS[*at], "Type": "STRING"})));
    fields.push(json!({"Name": "Day", "Type": "DATE"}));
    let interval = match request.query_interval {
        QueryInterval::Hour => Interval::Hour,
        _ => Interval::Day,
    };
    if interval == Interval::Hour {
        fields.push(json!({"Name": "Hour", "Type": "STRING"}));
    }
    fields.extend(METRICS.map(|name| json!({"Name": name, "Type": "BIGINT"})));
    let mut data = Vec::new();
    for start in (first..last + DAY).step_by(usize::try_from(interval.seconds()).unwrap()) {
        let mut groups: BTreeMap<Vec<&str>, [i64; 6]> = BTreeMap::new();
        for (at, traffic) in TRAFFIC.iter().enumerate() {
            let wanted = |(key, values): &(usize, &[String])| {
                values.is_empty() || values.iter().any(|value| value == traffic[*key])
            };
            if !keys.iter().all(wanted) {
                continue;
            }
            let names = keys.iter().map(|(key, _)| traffic[*key]).collect();
            let sums = groups.entry(names).or_default();
            for hour_start in (start..start + interval.seconds()).step_by(3_600) {
                let values = hour(at, hour_start);
                sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
            }
        }
        for (names, sums) in groups {
            let mut row = vec!["2100000000".to_owned()];
            row.extend(names.into_iter().map(str::to_owned));
            row.push(date(start));
            if interval == Interval::Hour {
                row.push(((start - DAY0).rem_euclid(DAY) / HOUR).to_string());
            }
            row.extend(sums.iter().map(i64::to_string));
            data.push(row);
        }
    }
    json!({"DataCount": data.len(), "Fields": fields, "Data": data})
}

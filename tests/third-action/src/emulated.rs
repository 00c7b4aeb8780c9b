//! `QueryUsageTable` imitated.

use std::collections::BTreeMap;

use ark_usage_emulator::{
    Behaviors, EmulatedAction, Refusal, SampleOrder, Session, UsageSource, ZeroBuckets,
};
use ark_usage_model::{Interval, Tags};
use http::{Method, Response};
use serde::Deserialize;
use volc_openapi::Action;

use crate::dates::{day_of, days_between, start_of};
use crate::table::{DAY, HOUR};
use crate::{
    CACHED_TOKENS, INPUT_TOKENS, MAX_DAYS, OUTPUT_TOKENS, PEAK_HOUR_TOKENS, QueryUsageTable,
    REQUESTS, Table, cached, requests,
};

/// `QueryUsageTable` for the emulator.
pub const QUERY_USAGE_TABLE: EmulatedAction = EmulatedAction {
    name: QueryUsageTable::NAME,
    version: QueryUsageTable::VERSION,
    services: &[QueryUsageTable::SERVICE],
    methods: &[Method::POST],
    answer,
};

fn answer(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let request = read(session.body())?;
    let (first, last) = range(&request, session.behaviors())?;
    let interval = match request.granularity.as_str() {
        "Day" => Interval::Day,
        "Hour" => Interval::Hour,
        other => {
            let why = format!("{other:?} is neither Day nor Hour");
            return Err(Refusal::invalid_parameter("Granularity", &why));
        }
    };
    let groups = groups(session, &request)?;
    let mut table = Table { columns: columns(interval, &request.group_by), rows: Vec::new() };
    let mut start = first;
    // Nothing is known of buckets that have not begun.
    while start < last + 86_400 && start <= session.now() {
        for (names, sources) in &groups {
            let sums = Sums::of(sources, start, interval);
            if !sums.is_zero() || session.behaviors().zero_buckets == ZeroBuckets::Kept {
                table.rows.push(row(start, first, interval, names, &sums));
            }
        }
        start += interval.seconds();
    }
    if session.behaviors().order == SampleOrder::Unsorted {
        table.rows.reverse();
    }
    Ok(session.success(&table))
}

fn read(body: &[u8]) -> Result<QueryUsageTable, Refusal> {
    let mut input = serde_json::Deserializer::from_slice(body);
    QueryUsageTable::deserialize(&mut input)
        .map_err(|error| Refusal::invalid_parameter("Body", &error.to_string()))
}

/// The starts of both days.
fn range(request: &QueryUsageTable, behaviors: &Behaviors) -> Result<(i64, i64), Refusal> {
    let day = |name: &str, text: &str| match text {
        "" => Err(Refusal::missing_parameter(name)),
        text => start_of(text).ok_or_else(|| Refusal::invalid_parameter(name, "not a date")),
    };
    let (first, last) =
        (day("StartDate", &request.start_date)?, day("EndDate", &request.end_date)?);
    if last < first {
        return Err(Refusal::invalid_parameter("EndDate", "it is before StartDate"));
    }
    let days = days_between(first, last);
    let longest = behaviors.max_range.map_or(i64::MAX, |seconds| (seconds / 86_400).max(1));
    if days > i64::from(MAX_DAYS).min(longest) {
        return Err(Refusal::invalid_parameter("EndDate", "the range is too large"));
    }
    Ok((first, last))
}

/// Sources by what they are grouped by.
type Groups<'a> = BTreeMap<Vec<String>, Vec<UsageSource<'a>>>;

fn groups<'a>(session: &'a Session<'_>, request: &QueryUsageTable) -> Result<Groups<'a>, Refusal> {
    let sources = session.sources(request.project_name.as_deref())?;
    let known = |id: &&String| sources.iter().any(|source| source.endpoint_id() == id.as_str());
    if let Some(unknown) = request.endpoint_ids.iter().find(|id| !known(id)) {
        return Err(Refusal::not_found("EndpointIds", unknown));
    }
    if session.behaviors().max_ids.is_some_and(|most| request.endpoint_ids.len() > most) {
        return Err(Refusal::invalid_parameter("EndpointIds", "there are too many"));
    }
    let wanted = |names: &[String], name: &str| names.is_empty() || names.iter().any(|n| n == name);
    let mut groups = Groups::new();
    for source in sources {
        if !wanted(&request.endpoint_ids, source.endpoint_id())
            || !wanted(&request.scenes, source.scene())
        {
            continue;
        }
        let name = |key: &String| match key.as_str() {
            Tags::ENDPOINT_ID => Ok(source.endpoint_id().to_owned()),
            Tags::SCENE => Ok(source.scene().to_owned()),
            _ => Err(Refusal::invalid_parameter("GroupBy", "unknown column")),
        };
        let names = request.group_by.iter().map(name).collect::<Result<_, _>>()?;
        groups.entry(names).or_default().push(source);
    }
    if groups.is_empty() && request.group_by.is_empty() {
        groups.insert(Vec::new(), Vec::new());
    }
    Ok(groups)
}

fn columns(interval: Interval, group_by: &[String]) -> Vec<String> {
    let time = [DAY, HOUR].into_iter().take(if interval == Interval::Hour { 2 } else { 1 });
    let metrics = [INPUT_TOKENS, CACHED_TOKENS, OUTPUT_TOKENS, REQUESTS, PEAK_HOUR_TOKENS];
    let metrics = metrics.iter().map(|metric| metric.as_str().to_owned()).collect::<Vec<_>>();
    group_by.iter().cloned().chain(time.map(str::to_owned)).chain(metrics).collect()
}

fn row(
    start: i64,
    first: i64,
    interval: Interval,
    names: &[String],
    sums: &Sums,
) -> Vec<Option<String>> {
    let hour = (start - first) % 86_400 / 3_600;
    let hour = (interval == Interval::Hour).then(|| hour.to_string());
    let metrics = [sums.input, sums.cached, sums.output, sums.requests, sums.peak];
    let time = [Some(day_of(start)), hour].into_iter().flatten();
    let cells = names.iter().cloned().chain(time).chain(metrics.map(|sum| sum.to_string()));
    cells.map(Some).collect()
}

/// The metrics of some sources in one bucket.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    input: u64,
    cached: u64,
    output: u64,
    requests: u64,
    /// The input of the busiest hour.
    peak: u64,
}

impl Sums {
    fn of(sources: &[UsageSource<'_>], start: i64, interval: Interval) -> Self {
        let mut sums = Self::default();
        for hour in (0..interval.seconds() / 3_600).map(|hour| start + hour * 3_600) {
            let mut input = 0;
            for source in sources {
                let tokens = source.hour(hour);
                input += tokens.prompt;
                sums.cached += cached(tokens.prompt);
                sums.output += tokens.completion;
                sums.requests += requests(tokens.prompt);
            }
            sums.input += input;
            sums.peak = sums.peak.max(input);
        }
        sums
    }

    fn is_zero(&self) -> bool {
        self.input + self.output == 0
    }
}

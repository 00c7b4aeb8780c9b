//! From rows, as `get -f ndjson` and an export write them, to answers of the service.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ark_usage_model::{Interval, Metric, Tags, Window};
use serde::Deserialize;

use crate::{Line, Place, Slice, Subject, WindowAnswer};

/// The project of usage that was fetched without naming one.
const DEFAULT_PROJECT: &str = "default";

/// The keys of a row that a grouping by a dimension fills, and the dimensions.
const GROUPED: [(&str, &str); 6] = [
    ("api_key_id", Tags::API_KEY_ID),
    ("model", Tags::MODEL_NAME),
    ("model_version", Tags::MODEL_VERSION),
    ("billing_status", Tags::BILLING_STATUS),
    ("batch_type", Tags::BATCH_TYPE),
    ("model_unit_id", Tags::MODEL_UNIT_ID),
];

/// Reads rows of NDJSON one after the other, and gives them back as answers.
///
/// ```
/// use ark_usage_history::{MemoryStore, RowReader, Store};
///
/// let row = r#"{"start_unix":1731945600,"end_unix":1731949200,"account_id":"2100000001","project":"search",
///     "metric":"PromptTokens","value":5,"state":"final","fetched_at":"2024-11-20T12:00:00+08:00"}"#;
/// let at = |text: &str| text.starts_with("2024-11-20").then_some(1_732_075_200);
/// let mut rows = RowReader::new(None);
/// rows.read(row, &at)?;
/// let mut store = MemoryStore::new();
/// for answer in rows.answers() {
///     store.apply(&answer)?;
/// }
/// assert_eq!(store.accounts()?, ["2100000001"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct RowReader {
    /// The account of rows that name none.
    account_id: Option<String>,
    answers: BTreeMap<AnswerKey, LineValues>,
    /// The numbers of rows that say nothing about one bucket of one project.
    skipped: BTreeMap<SkipReason, u64>,
}

/// The reason why a row is skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SkipReason {
    /// The row adds up several hours or days.
    SeveralBuckets,
    /// The row adds up several projects.
    SeveralProjects,
    /// The row has no value.
    NoValue,
    /// The row does not say when its value was fetched.
    NoFetchTime,
}

/// Values by line and start of the bucket.
type LineValues = BTreeMap<Line, BTreeMap<i64, i64>>;

/// The rows that make one answer, if their buckets follow each other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct AnswerKey {
    subject: Subject,
    interval: Interval,
    fetched_at: i64,
    is_final: bool,
}

/// The keys of a row that matter here.
#[derive(Deserialize)]
struct ImportedRow {
    start_unix: i64,
    end_unix: i64,
    metric: String,
    value: Option<i64>,
    state: String,
    fetched_at: Option<String>,
    account_id: Option<String>,
    project: Option<String>,
    endpoint_id: Option<String>,
    scene: Option<String>,
    batch_job_id: Option<String>,
    #[serde(default)]
    tags: Option<BTreeMap<String, String>>,
    buckets: Option<BucketCounts>,
    /// Only in exports.
    api: Option<String>,
    filters: Option<BTreeMap<String, BTreeSet<String>>>,
    group_by: Option<BTreeSet<String>>,
    #[serde(flatten)]
    others: BTreeMap<String, serde_json::Value>,
}

#[derive(Deserialize)]
struct BucketCounts {
    wanted: u64,
}

/// A row that cannot be taken in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RowError {
    /// The line is no row. Choose a file of `get -f ndjson` without `--fields`, or of an export.
    #[error("this is not a row")]
    NotARow(#[source] serde_json::Error),
    /// The row names no account. Name the account it belongs to.
    #[error("the row names no account")]
    NoAccount,
    /// A time or a state is none.
    #[error("{key} has an invalid value")]
    Invalid {
        /// The key.
        key: &'static str,
    },
}

impl RowReader {
    /// Returns a reader; `account_id` is the account of rows that name none.
    pub fn new(account_id: Option<String>) -> Self {
        Self { account_id, ..Self::default() }
    }

    /// Reads a line; `instant` reads a time in RFC 3339 as unix seconds.
    ///
    /// Rows that are missing, of several buckets, or of several projects, are skipped and counted.
    ///
    /// # Errors
    ///
    /// [`RowError`]; the line is not taken in.
    pub fn read(
        &mut self,
        line: &str,
        instant: &dyn Fn(&str) -> Option<i64>,
    ) -> Result<(), RowError> {
        let row: ImportedRow = serde_json::from_str(line).map_err(RowError::NotARow)?;
        let fetched_at = row.fetched_at.as_deref();
        let fetched_at =
            fetched_at.map(|text| instant(text).ok_or(RowError::Invalid { key: "fetched_at" }));
        let fetched_at = fetched_at.transpose()?;
        let is_final = match row.state.as_str() {
            "final" => true,
            "settling" | "missing" => false,
            _ => return Err(RowError::Invalid { key: "state" }),
        };
        let width = row.end_unix.checked_sub(row.start_unix);
        let interval = width.and_then(Interval::from_seconds);
        let interval = interval.filter(|interval| interval.is_aligned(row.start_unix));
        let is_sum = row.buckets.as_ref().is_some_and(|buckets| buckets.wanted != 1);
        let of_several = row.project.is_none() && row.buckets.is_some();
        let (interval, value, fetched_at) = match (interval, row.value, fetched_at) {
            (None, ..) => return self.skip(SkipReason::SeveralBuckets),
            _ if of_several => return self.skip(SkipReason::SeveralProjects),
            _ if is_sum => return self.skip(SkipReason::SeveralBuckets),
            (_, None, _) => return self.skip(SkipReason::NoValue),
            (.., None) => return self.skip(SkipReason::NoFetchTime),
            (Some(interval), Some(value), Some(fetched_at)) => (interval, value, fetched_at),
        };
        let start = row.start_unix;
        let (subject, line) = self.place(row)?;
        let key = AnswerKey { subject, interval, fetched_at, is_final };
        // Of two rows of one bucket the later one counts.
        self.answers.entry(key).or_default().entry(line).or_default().insert(start, value);
        Ok(())
    }

    /// The number of rows that were skipped.
    pub fn skipped(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// The reasons for which rows were skipped, each with their number.
    pub fn skip_reasons(&self) -> impl Iterator<Item = (SkipReason, u64)> {
        self.skipped.iter().map(|(reason, rows)| (*reason, *rows))
    }

    /// Returns everything read as answers.
    pub fn answers(self) -> impl Iterator<Item = WindowAnswer> {
        self.answers.into_iter().flat_map(|(key, lines)| answers(&key, &lines))
    }

    #[expect(clippy::unnecessary_wraps, reason = "a skipped row is a row that was read")]
    fn skip(&mut self, reason: SkipReason) -> Result<(), RowError> {
        *self.skipped.entry(reason).or_default() += 1;
        Ok(())
    }

    fn place(&self, row: ImportedRow) -> Result<(Subject, Line), RowError> {
        let account_id = row.account_id.or_else(|| self.account_id.clone());
        let account_id = account_id.ok_or(RowError::NoAccount)?;
        let metric = Metric::from(row.metric.as_str());
        let text = |key: &str| row.others.get(key).and_then(|value| value.as_str());
        let is_inference = row.others.contains_key("api_key_id");
        let name = if is_inference { "GetInferenceUsage" } else { "GetUsage" };
        let mut slice = Slice::new(row.api.clone().unwrap_or_else(|| name.to_owned()));
        let mut tags = row.tags.unwrap_or_default();
        let mut place = Place::new(row.endpoint_id.clone());
        if let Some(filters) = row.filters {
            slice = slice.with(filters, row.group_by.unwrap_or_default());
        } else {
            let named = [(Tags::SCENE, row.scene), (Tags::BATCH_JOB_ID, row.batch_job_id)];
            let filters = named
                .into_iter()
                .filter_map(|(key, value)| Some((key.to_owned(), [value?].into())));
            let mut groups = BTreeSet::new();
            if is_inference {
                let given =
                    GROUPED.iter().filter_map(|(key, tag)| Some((*tag, text(key)?.to_owned())));
                let endpoint = row.endpoint_id.map(|id| (Tags::ENDPOINT_ID, id));
                for (tag, value) in given.chain(endpoint) {
                    groups.insert(tag.to_owned());
                    tags.insert(tag.to_owned(), value);
                }
                place = Place::Whole;
            } else if let Some(id) = row.endpoint_id {
                tags.insert(Tags::ENDPOINT_ID.to_owned(), id);
            }
            slice = slice.with(filters.collect(), groups);
        }
        let project = Some(row.project.unwrap_or_else(|| DEFAULT_PROJECT.to_owned()));
        Ok((Subject { account_id, slice, project, place }, Line { tags: Tags::new(tags), metric }))
    }
}

/// Makes an answer of each run of buckets.
fn answers(key: &AnswerKey, lines: &LineValues) -> Vec<WindowAnswer> {
    let starts: BTreeSet<i64> = lines.values().flat_map(BTreeMap::keys).copied().collect();
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for start in starts {
        match runs.last_mut() {
            Some((_, last)) if *last + key.interval.seconds() == start => *last = start,
            _ => runs.push((start, start)),
        }
    }
    let answer = |(first, last)| {
        let points = |values: &BTreeMap<i64, i64>| {
            let points: Vec<(i64, i64)> =
                values.range(first..=last).map(|(start, value)| (*start, *value)).collect();
            (!points.is_empty()).then_some(points)
        };
        let lines = lines.iter().filter_map(|(line, values)| Some((line.clone(), points(values)?)));
        Some(WindowAnswer {
            subject: key.subject.clone(),
            window: Window::new(key.interval, first, last).ok()?,
            fetched_at: key.fetched_at,
            // The row says whether it had settled.
            settle: if key.is_final { Duration::ZERO } else { Duration::MAX },
            // Rows do not say; the actions that wrote them have none.
            levels: Vec::new(),
            lines: lines.collect(),
        })
    };
    runs.into_iter().filter_map(answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MemoryStore, Store as _, StoredPoint};

    const DAY: i64 = 1_731_945_600;

    fn row(more: &str) -> String {
        format!(
            r#"{{"start_unix":{DAY},"end_unix":{},"metric":"PromptTokens","value":5,"state":"final","fetched_at":"1732075200",
            "account_id":"2100000001","project":"search","endpoint_id":null,"scene":null,"batch_job_id":null,"tags":{{}},
            "buckets":null{more}}}"#,
            DAY + 3_600
        )
    }

    fn read(lines: &[String]) -> (Vec<WindowAnswer>, u64) {
        let mut rows = RowReader::new(None);
        for line in lines {
            rows.read(line, &|text| text.parse().ok()).unwrap();
        }
        let skipped = rows.skipped();
        (rows.answers().collect(), skipped)
    }

    #[test]
    fn sums_and_missing_values_are_skipped() {
        let sum = row("").replace("\"buckets\":null", "\"buckets\":{\"wanted\":7}");
        let several = sum.replace("\"search\"", "null").replace("wanted\":7", "wanted\":1");
        let missing = row("").replace("\"value\":5", "\"value\":null").replace("final", "missing");
        let week = row("").replace(&(DAY + 3_600).to_string(), &(DAY + 7 * 86_400).to_string());
        let unfetched = row("").replace("\"1732075200\"", "null");
        let mut rows = RowReader::new(None);
        for line in [row(""), sum, several, missing, week, unfetched] {
            rows.read(&line, &|text| text.parse().ok()).unwrap();
        }
        let reasons: Vec<(SkipReason, u64)> = rows.skip_reasons().collect();
        let expected = [
            (SkipReason::SeveralBuckets, 2),
            (SkipReason::SeveralProjects, 1),
            (SkipReason::NoValue, 1),
            (SkipReason::NoFetchTime, 1),
        ];
        assert_eq!((reasons.as_slice(), rows.skipped()), (expected.as_slice(), 5));
        assert_eq!(rows.answers().count(), 1);
    }

    #[test]
    fn a_row_says_which_usage_it_counts() {
        let subject = |line: String| read(&[line]).0.remove(0).subject;
        let default = subject(row("").replace("\"search\"", "null"));
        assert_eq!((default.project.as_deref(), default.place), (Some("default"), Place::Whole));
        let endpoint = subject(row("").replace("\"endpoint_id\":null", "\"endpoint_id\":\"ep-1\""));
        assert_eq!(endpoint.place, Place::Endpoint("ep-1".into()));
        let scene = subject(row("").replace("\"scene\":null", "\"scene\":\"Batch\""));
        assert_eq!(scene.slice.values(Tags::SCENE).unwrap().first().unwrap(), "Batch");
        let grouped = row(r#","api_key_id":"apikey-1","model":null"#);
        let (answers, _) = read(&[grouped]);
        assert!(answers[0].subject.slice.groups(Tags::API_KEY_ID));
        assert_eq!(answers[0].subject.slice.action(), "GetInferenceUsage");
        assert_eq!(answers[0].lines[0].0.tags.get(Tags::API_KEY_ID), Some("apikey-1"));
        let exported = row(
            r#","api":"QueryUsageTable","filters":{"Scene":["Batch"]},"group_by":["EndpointId"]"#,
        );
        let slice = subject(exported).slice;
        assert_eq!(
            slice.to_string(),
            r#"{"action":"QueryUsageTable","filters":{"Scene":["Batch"]},"group_by":["EndpointId"]}"#
        );
    }

    #[test]
    fn the_same_rows_twice_change_nothing() {
        let settling = row("").replace("\"final\"", "\"settling\"");
        let settling = settling.replace(&DAY.to_string(), &(DAY + 3_600).to_string());
        let settling = settling.replacen(&(DAY + 3_600).to_string(), "START", 1);
        let settling = settling.replace(
            &format!("\"end_unix\":{}", DAY + 3_600),
            &format!("\"end_unix\":{}", DAY + 7_200),
        );
        let lines = [row(""), settling.replace("START", &(DAY + 3_600).to_string())];
        let mut store = MemoryStore::new();
        let (answers, skipped) = read(&lines);
        assert_eq!((answers.len(), skipped), (2, 0));
        let mut states = Vec::new();
        for answer in &answers {
            assert_eq!(store.apply(answer).unwrap().new, 1);
            let each = &mut |_: &Line, points: &[StoredPoint]| {
                states.extend(points.iter().map(|point| (point.start, point.is_final)));
            };
            store.points(&answer.subject, answer.window, &|_| true, each).unwrap();
        }
        states.sort_unstable();
        assert_eq!(states, [(DAY, true), (DAY + 3_600, false)]);
        let before = store.clone();
        for answer in &answers {
            let intake = store.apply(answer).unwrap();
            assert_eq!((intake.new, intake.unchanged), (0, 1));
        }
        assert_eq!(store, before);
    }

    #[test]
    fn a_line_that_is_no_row_is_an_error() {
        let mut rows = RowReader::new(None);
        let instant = |text: &str| text.parse().ok();
        assert!(matches!(rows.read("{}", &instant), Err(RowError::NotARow(_))));
        let unnamed = row("").replace("\"2100000001\"", "null");
        assert!(matches!(rows.read(&unnamed, &instant), Err(RowError::NoAccount)));
        assert!(RowReader::new(Some("7".into())).read(&unnamed, &instant).is_ok());
        let odd = row("").replace("\"1732075200\"", "\"soon\"");
        assert!(matches!(rows.read(&odd, &instant), Err(RowError::Invalid { key: "fetched_at" })));
    }
}

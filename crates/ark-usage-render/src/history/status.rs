//! What a history holds: a table for people, one document for programs.

use ark_usage_model::Interval;
use ark_usage_report::range::Range;
use ark_usage_report::{Lang, ReportError};
use serde::Serialize;

use super::KeptUsage;
use super::synced::count;
use crate::grid::{Cell, Grid};
use crate::harmless::document_lines;
use crate::{Screen, serialized};

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/history-status";
const SCHEMA_VERSION: u32 = 1;

/// The contents of a history.
#[derive(Debug)]
pub struct HistoryStatus<'a> {
    /// Everything kept, with the time zone of times.
    pub range: &'a Range,
    /// The path of the history.
    pub history: &'a str,
    /// Its size.
    pub size_bytes: u64,
    /// A line per account, action, filters and project.
    pub series: &'a [SeriesStatus],
    /// Wall clock, unix seconds.
    pub generated_at: i64,
}

/// The kept usage of one project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesStatus {
    /// The usage; its endpoint is `None`.
    pub usage: KeptUsage,
    /// The profile it was last fetched with.
    pub profile: Option<String>,
    /// The width of its buckets.
    pub interval: Interval,
    /// The number of endpoints kept by themselves.
    pub endpoints: usize,
    /// The number of points.
    pub points: u64,
    /// Start of the first bucket that was answered.
    pub start: i64,
    /// End of the last bucket that was answered, excluded.
    pub end: i64,
    /// Buckets of the whole that were not final when they were fetched.
    pub settling: u64,
    /// Buckets between start and end that were never answered.
    pub gaps: Vec<KeptGap>,
    /// The last time something was fetched.
    pub last_sync: Option<i64>,
    /// Buckets that the next sync would fetch.
    pub next: NextSync,
}

/// Buckets that are not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptGap {
    /// Start of the first bucket.
    pub start: i64,
    /// End of the last bucket, excluded.
    pub end: i64,
}

/// The part of a series that the next sync would fetch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NextSync {
    /// The number of buckets of the whole.
    pub buckets: u64,
    /// Start of the first one; `None` without any.
    pub start: Option<i64>,
}

#[derive(Serialize)]
struct StatusDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    generated_at: String,
    history: &'a str,
    size_bytes: u64,
    tz: &'a str,
    series: Vec<SeriesDocument<'a>>,
}

#[derive(Serialize)]
struct SeriesDocument<'a> {
    #[serde(flatten)]
    usage: &'a KeptUsage,
    profile: Option<&'a str>,
    interval: &'static str,
    endpoints: usize,
    points: u64,
    start: String,
    end: String,
    start_unix: i64,
    end_unix: i64,
    settling: u64,
    gaps: Vec<GapTimes>,
    last_sync: Option<String>,
    next_sync: NextDocument,
}

#[derive(Serialize)]
struct GapTimes {
    start: String,
    end: String,
    start_unix: i64,
    end_unix: i64,
}

#[derive(Serialize)]
struct NextDocument {
    buckets: u64,
    start: Option<String>,
}

impl HistoryStatus<'_> {
    /// Writes the document.
    ///
    /// # Errors
    ///
    /// JSON that cannot be written, which is a fault of this crate.
    pub fn json(&self) -> Result<Vec<u8>, ReportError> {
        let document = StatusDocument {
            schema: SCHEMA,
            schema_version: SCHEMA_VERSION,
            generated_at: self.range.rfc3339(self.generated_at),
            history: self.history,
            size_bytes: self.size_bytes,
            tz: &self.range.zone_name,
            series: self.series.iter().map(|series| self.document(series)).collect(),
        };
        serialized(&document, true)
    }

    fn document<'s>(&self, series: &'s SeriesStatus) -> SeriesDocument<'s> {
        let time = |unix: i64| self.range.rfc3339(unix);
        let gap = |gap: &KeptGap| GapTimes {
            start: time(gap.start),
            end: time(gap.end),
            start_unix: gap.start,
            end_unix: gap.end,
        };
        SeriesDocument {
            usage: &series.usage,
            profile: series.profile.as_deref(),
            interval: series.interval.name(),
            endpoints: series.endpoints,
            points: series.points,
            start: time(series.start),
            end: time(series.end),
            start_unix: series.start,
            end_unix: series.end,
            settling: series.settling,
            gaps: series.gaps.iter().map(gap).collect(),
            last_sync: series.last_sync.map(time),
            next_sync: NextDocument {
                buckets: series.next.buckets,
                start: series.next.start.map(time),
            },
        }
    }

    /// Draws a line per series, below the path and the size.
    pub fn table(&self, screen: Screen, lang: Lang) -> Vec<u8> {
        let path = self.history;
        let size = megabytes(self.size_bytes);
        let head = lang.pick(format!("{path}: {size} MB\n"), format!("{path}：{size} MB\n"));
        let mut text = document_lines(&head).into_owned();
        if self.series.is_empty() {
            text.push_str(lang.pick("nothing kept yet\n", "还没有保存任何数据\n"));
            return text.into_bytes();
        }
        let words = lang.pick(["account", "api", "project"], ["账号", "接口", "项目"]);
        let times = lang.pick(["from", "to", "last sync"], ["起", "止", "上次同步"]);
        let numbers = lang.pick(
            ["endpoints", "points", "gaps", "settling", "next"],
            ["推理接入点", "数据点", "缺口", "未定", "下次"],
        );
        let words = words.iter().chain(&times).map(|word| Cell::text(word));
        let head = words.chain(numbers.map(Cell::number)).collect();
        let mut grid = Grid { head, lines: Vec::new() };
        for series in self.series {
            grid.lines.push(self.cells(series));
        }
        text.push_str(&grid.fitted(3, screen, lang));
        text.push_str(&document_lines(lang.pick(
            "gaps, settling, next: hours or days of the whole project; next: fetched by the next sync\n",
            "缺口、未定、下次：以整个项目的小时或天计；下次：下一次同步会查询的数量\n",
        )));
        text.into_bytes()
    }

    fn cells(&self, series: &SeriesStatus) -> Vec<Cell> {
        let usage = &series.usage;
        let label = |unix: i64| self.range.hour_label(unix);
        let filters = super::rows::object(&usage.filters);
        let api =
            if filters.is_empty() { usage.api.clone() } else { format!("{} {filters}", usage.api) };
        let texts = [
            usage.account_id.clone(),
            api,
            usage.project.clone().unwrap_or_default(),
            label(series.start),
            label(series.end),
            series.last_sync.map(label).unwrap_or_default(),
        ];
        let seconds = series.interval.seconds();
        let missing: i64 = series.gaps.iter().map(|gap| (gap.end - gap.start) / seconds).sum();
        let numbers = [
            u64::try_from(series.endpoints).unwrap_or(u64::MAX),
            series.points,
            u64::try_from(missing).unwrap_or_default(),
            series.settling,
            series.next.buckets,
        ];
        let texts = texts.iter().map(|text| Cell::text(text));
        texts.chain(numbers.map(|number| Cell::number(&count(number)))).collect()
    }
}

/// Returns a size in millions of bytes, with one digit behind the point.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes.saturating_add(50_000) / 100_000;
    format!("{}.{}", count(tenths / 10), tenths % 10)
}

//! The checks of a history: a table for people, one document for programs.

use ark_usage_report::chart_data::grouped;
use ark_usage_report::range::Range;
use ark_usage_report::{Lang, ReportError};
use serde::Serialize;

use super::KeptUsage;
use super::synced::count;
use crate::grid::{Cell, Grid};
use crate::harmless::document_lines;
use crate::{Screen, serialized};

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/history-verify";
const SCHEMA_VERSION: u32 = 1;

/// The checks of a history.
#[derive(Debug)]
pub struct VerifiedHistory<'a> {
    /// Everything kept, with the time zone of times.
    pub range: &'a Range,
    /// The path of the history.
    pub history: &'a str,
    /// Damage of the file, in the words of the database; none if it is whole.
    pub damage: &'a [String],
    /// The number of all checks.
    pub checks: u64,
    /// The number of checks that agree.
    pub equal: u64,
    /// The checks that do not agree.
    pub open: &'a [HistoryCheck],
    /// Wall clock, unix seconds.
    pub generated_at: i64,
}

/// Two sums that should agree, and do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryCheck {
    /// `hours`, of a day; or `endpoints`, of a project's hour.
    pub check: &'static str,
    /// The usage; its endpoint is `None`.
    pub usage: KeptUsage,
    /// The metric.
    pub metric: String,
    /// Start of the bucket.
    pub start: i64,
    /// End of the bucket, excluded.
    pub end: i64,
    /// The day, or the whole of the project.
    pub whole: i128,
    /// The sum of the hours, or of the endpoints.
    pub parts: i128,
    /// The conclusion.
    pub verdict: HistoryVerdict,
}

/// The conclusion of a check that does not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HistoryVerdict {
    /// Both sides are final, and differ.
    Differs,
    /// One side was settling when it was fetched.
    Settling,
    /// No endpoint that is kept explains the rest.
    Unattributed,
}

impl HistoryVerdict {
    /// Returns its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Differs => "differs",
            Self::Settling => "settling",
            Self::Unattributed => "unattributed",
        }
    }

    fn label(self, lang: Lang) -> &'static str {
        match self {
            Self::Differs => lang.pick("differs", "不一致"),
            Self::Settling => lang.pick("settling", "未定"),
            Self::Unattributed => lang.pick("unattributed", "未归属"),
        }
    }
}

#[derive(Serialize)]
struct VerifyDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    generated_at: String,
    history: &'a str,
    tz: &'a str,
    damage: &'a [String],
    summary: VerifySummary,
    checks: Vec<HistoryCheckDocument<'a>>,
}

#[derive(Serialize)]
struct VerifySummary {
    checks: u64,
    equal: u64,
    differs: u64,
    settling: u64,
    unattributed: u64,
}

#[derive(Serialize)]
struct HistoryCheckDocument<'a> {
    check: &'static str,
    #[serde(flatten)]
    usage: &'a KeptUsage,
    metric: &'a str,
    start: String,
    end: String,
    start_unix: i64,
    end_unix: i64,
    whole: i128,
    parts: i128,
    difference: i128,
    verdict: &'static str,
}

impl<'a> VerifiedHistory<'a> {
    /// Returns true if the file is whole and no final sums differ.
    pub fn has_passed(&self) -> bool {
        self.damage.is_empty() && self.count(HistoryVerdict::Differs) == 0
    }

    fn count(&self, verdict: HistoryVerdict) -> u64 {
        let found = self.open.iter().filter(|check| check.verdict == verdict).count();
        u64::try_from(found).unwrap_or(u64::MAX)
    }

    /// Writes the document; its `checks` are those that do not agree.
    ///
    /// # Errors
    ///
    /// JSON that cannot be written, which is a fault of this crate.
    pub fn json(&self) -> Result<Vec<u8>, ReportError> {
        let line = |check: &'a HistoryCheck| {
            let HistoryCheck { check, usage, metric, start, end, whole, parts, verdict } = check;
            HistoryCheckDocument {
                check,
                usage,
                metric,
                start: self.range.rfc3339(*start),
                end: self.range.rfc3339(*end),
                start_unix: *start,
                end_unix: *end,
                whole: *whole,
                parts: *parts,
                difference: parts - whole,
                verdict: verdict.name(),
            }
        };
        let document = VerifyDocument {
            schema: SCHEMA,
            schema_version: SCHEMA_VERSION,
            generated_at: self.range.rfc3339(self.generated_at),
            history: self.history,
            tz: &self.range.zone_name,
            damage: self.damage,
            summary: VerifySummary {
                checks: self.checks,
                equal: self.equal,
                differs: self.count(HistoryVerdict::Differs),
                settling: self.count(HistoryVerdict::Settling),
                unattributed: self.count(HistoryVerdict::Unattributed),
            },
            checks: self.open.iter().map(line).collect(),
        };
        serialized(&document, true)
    }

    /// Draws the counts, damage, and every check that does not agree.
    pub fn table(&self, screen: Screen, lang: Lang) -> Vec<u8> {
        let path = self.history;
        let numbers = [
            self.checks,
            self.equal,
            self.count(HistoryVerdict::Differs),
            self.count(HistoryVerdict::Settling),
            self.count(HistoryVerdict::Unattributed),
        ];
        let [checks, equal, differs, settling, unattributed] = numbers.map(count);
        let file = if self.damage.is_empty() {
            lang.pick("the file is whole", "文件完好")
        } else {
            lang.pick("the file is damaged", "文件已损坏")
        };
        let head = lang.pick(
            format!("{path}: {file}\n{checks} checks: {equal} equal, {differs} differ, {settling} settling, {unattributed} unattributed\n"),
            format!("{path}：{file}\n核对 {checks} 项：{equal} 项一致，{differs} 项不一致，{settling} 项未定，{unattributed} 项未归属\n"),
        );
        let mut text = document_lines(&head).into_owned();
        for line in self.damage {
            text.push_str(&document_lines(&format!("  {line}\n")));
        }
        if !self.open.is_empty() {
            text.push('\n');
            text.push_str(&self.grid(lang).fitted(1, screen, lang));
        }
        text.into_bytes()
    }

    fn grid(&self, lang: Lang) -> Grid {
        let words =
            lang.pick(["start", "check", "project", "metric"], ["开始", "核对项", "项目", "指标"]);
        let numbers = lang.pick(["total", "parts", "difference"], ["合计", "部分之和", "差值"]);
        let head = words.map(Cell::text).into_iter().chain(numbers.map(Cell::number));
        let verdict = Cell::text(lang.pick("verdict", "结论"));
        let mut grid = Grid { head: head.chain([verdict]).collect(), lines: Vec::new() };
        for check in self.open {
            let kind = match check.check {
                "hours" => lang.pick("hours of the day", "各小时与天"),
                _ => lang.pick("endpoints of the project", "推理接入点与项目"),
            };
            let texts = [
                self.range.hour_label(check.start),
                kind.to_owned(),
                check.usage.project.clone().unwrap_or_default(),
                check.metric.clone(),
            ];
            let numbers = [check.whole, check.parts, check.parts - check.whole];
            let mut cells: Vec<Cell> = texts.iter().map(|text| Cell::text(text)).collect();
            cells.extend(numbers.map(|number| Cell::number(&grouped(number))));
            cells.push(Cell::text(check.verdict.label(lang)));
            grid.lines.push(cells);
        }
        grid
    }
}

//! What a sync did: one line for people, one document for programs.

use ark_usage_report::chart_data::grouped;
use ark_usage_report::range::Range;
use ark_usage_report::{ReportError, Text, text};
use serde::Serialize;

use crate::document::WarningDocument;
use crate::{QueryEcho, QueryScope, serialized};

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/sync";
const SCHEMA_VERSION: u32 = 1;

/// The result of a sync.
#[derive(Debug)]
pub struct Synced<'a> {
    /// The range that was to be complete, with its time zone.
    pub range: &'a Range,
    /// The usage it is about.
    pub query: QueryEcho<'a>,
    /// The path of the history.
    pub history: &'a str,
    /// The accounts, in the order of the request.
    pub accounts: &'a [SyncedAccount],
    /// The calls for usage that the service answered or refused.
    pub calls: usize,
    /// The points received, by what they changed.
    pub points: PointCounts,
    /// Usage that could not be fetched.
    pub missing: &'a [Unsynced],
    /// The values that were final, and are others now.
    pub revised_after_final: u64,
    /// Wall clock when it ended, unix seconds.
    pub generated_at: i64,
    /// Code and prose of each warning.
    pub warnings: &'a [(&'static str, Text)],
}

/// An account that was synced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SyncedAccount {
    /// Its number.
    pub account_id: String,
    /// The profile whose keys were used, where one was named.
    pub profile: Option<String>,
}

/// Points received, by what they changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PointCounts {
    /// Not kept before.
    pub new: u64,
    /// Kept with another value.
    pub revised: u64,
    /// Kept with the same value.
    pub unchanged: u64,
}

/// Buckets that the service did not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsynced {
    /// The number of the account.
    pub account_id: String,
    /// The project, `None` for what a list left out.
    pub project: Option<String>,
    /// The endpoints that were asked for; none for the whole of the project.
    pub endpoint_ids: Vec<String>,
    /// Start of the first bucket.
    pub start: i64,
    /// End of the last bucket, excluded.
    pub end: i64,
    /// The reason, in English.
    pub reason: String,
}

#[derive(Serialize)]
struct SyncDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    generated_at: String,
    history: &'a str,
    query: SyncQuery<'a>,
    accounts: &'a [SyncedAccount],
    calls: usize,
    points: PointCounts,
    missing: Vec<UnsyncedDocument<'a>>,
    revised_after_final: u64,
    warnings: Vec<WarningDocument<'a>>,
}

#[derive(Serialize)]
struct SyncQuery<'a> {
    api: &'a str,
    start: String,
    end: String,
    last: String,
    interval: &'static str,
    tz: &'a str,
    #[serde(flatten)]
    about: QueryScope<'a>,
}

#[derive(Serialize)]
struct UnsyncedDocument<'a> {
    account_id: &'a str,
    project: Option<&'a str>,
    endpoint_ids: &'a [String],
    start: String,
    end: String,
    start_unix: i64,
    end_unix: i64,
    reason: &'a str,
}

impl Synced<'_> {
    /// Writes the document.
    ///
    /// # Errors
    ///
    /// JSON that cannot be written, which is a fault of this crate.
    pub fn json(&self) -> Result<Vec<u8>, ReportError> {
        let (range, window) = (self.range, self.range.window);
        let missing = self.missing.iter().map(|gap| UnsyncedDocument {
            account_id: &gap.account_id,
            project: gap.project.as_deref(),
            endpoint_ids: &gap.endpoint_ids,
            start: range.rfc3339(gap.start),
            end: range.rfc3339(gap.end),
            start_unix: gap.start,
            end_unix: gap.end,
            reason: &gap.reason,
        });
        let document = SyncDocument {
            schema: SCHEMA,
            schema_version: SCHEMA_VERSION,
            generated_at: range.rfc3339(self.generated_at),
            history: self.history,
            query: SyncQuery {
                api: self.query.api,
                start: range.rfc3339(window.first()),
                end: range.rfc3339(window.end()),
                last: range.rfc3339(window.last()),
                interval: window.interval().name(),
                tz: &range.zone_name,
                about: self.query.scope,
            },
            accounts: self.accounts,
            calls: self.calls,
            points: self.points,
            missing: missing.collect(),
            revised_after_final: self.revised_after_final,
            warnings: WarningDocument::all(self.warnings),
        };
        serialized(&document, true)
    }

    /// Returns the line for people: `synced 2024-10-21 … : 12 calls; 1,234 new, 5 revised, 70 unchanged; nothing missing`.
    pub fn line(&self) -> Text {
        let calls = grouped(i128::try_from(self.calls).unwrap_or(i128::MAX));
        let [new, revised, unchanged] =
            [self.points.new, self.points.revised, self.points.unchanged].map(count);
        let noun = if self.calls == 1 { "call" } else { "calls" };
        text!(
            "synced {range}: {calls} {noun}; {new} new, {revised} revised, {unchanged} unchanged; {missing}{scope}",
            "已同步 {range}：{calls} 次调用；新增 {new}，修订 {revised}，未变 {unchanged}；{missing}{scope}";
            range = self.range.words(), missing = self.missing_words(), scope = self.scope_words()
        )
    }

    /// Returns the scope after a semicolon where it is smaller than was wanted.
    fn scope_words(&self) -> Text {
        let title = self.query.scope.counted.title();
        title.map_or_else(|| Text::same(""), |title| text!("; {title}", "；{title}"; title = title))
    }

    fn missing_words(&self) -> Text {
        let seconds = self.range.window.interval().seconds();
        let places = |gap: &Unsynced| i64::try_from(gap.endpoint_ids.len().max(1)).unwrap_or(1);
        let buckets = |gap: &Unsynced| (gap.end - gap.start) / seconds * places(gap);
        let missing: i64 = self.missing.iter().map(buckets).sum();
        if missing == 0 {
            return text!("nothing missing", "没有缺失");
        }
        let missing = grouped(missing.into());
        match self.range.window.interval() {
            ark_usage_model::Interval::Hour => {
                text!("{missing} hours missing", "缺 {missing} 小时")
            }
            ark_usage_model::Interval::Day => text!("{missing} days missing", "缺 {missing} 天"),
        }
    }
}

/// A number with separators.
pub(super) fn count(number: u64) -> String {
    grouped(number.into())
}

//! What a push sent: one line for people, one document for programs.

use ark_usage_report::range::Range;
use ark_usage_report::{ReportError, Text, text};
use serde::Serialize;

use super::synced::count;
use crate::serialized;

/// The name of this schema; its version changes only when a key changes its meaning or goes.
const SCHEMA: &str = "ark-usage/push";
const SCHEMA_VERSION: u32 = 1;

/// The result of a push, or of its dry run.
#[derive(Debug)]
pub struct Pushed<'a> {
    /// The path of the history.
    pub history: &'a str,
    /// The name of the receiver.
    pub receiver: &'a str,
    /// Nothing was sent: the samples are those that would be.
    pub dry_run: bool,
    /// The number of series of which samples were sent.
    pub series: usize,
    /// The samples, by what became of them.
    pub samples: SampleCounts,
    /// Requests, with retries.
    pub requests: u64,
    /// The reason for which it stopped early, with the status and first line of the response.
    pub stopped: Option<StoppedPush<'a>>,
    /// A range with the time zone of times.
    pub range: &'a Range,
    /// Wall clock when it ended, unix seconds.
    pub generated_at: i64,
}

/// Samples, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SampleCounts {
    /// First values of buckets.
    pub new: u64,
    /// Differences of values that have changed since they were sent.
    pub corrections: u64,
    /// Samples of a push that did not end, sent once more as they were.
    pub again: u64,
    /// Samples that are still to be sent.
    pub left: u64,
    /// Values of more than 2^53, which are left out.
    pub too_large: u64,
}

/// The reason for which a push stopped early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct StoppedPush<'a> {
    /// `refused`, `unable`, `unreached` or `interrupted`.
    pub reason: &'static str,
    /// The status of the response, if there was one.
    pub status: Option<u16>,
    /// The first line of its body.
    pub line: Option<&'a str>,
}

#[derive(Serialize)]
struct PushDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    generated_at: String,
    history: &'a str,
    receiver: &'a str,
    dry_run: bool,
    series: usize,
    samples: SampleCounts,
    requests: u64,
    stopped: Option<StoppedPush<'a>>,
}

impl Pushed<'_> {
    /// Writes the document.
    ///
    /// # Errors
    ///
    /// JSON that cannot be written, which is a fault of this crate.
    pub fn json(&self) -> Result<Vec<u8>, ReportError> {
        let document = PushDocument {
            schema: SCHEMA,
            schema_version: SCHEMA_VERSION,
            generated_at: self.range.rfc3339(self.generated_at),
            history: self.history,
            receiver: self.receiver,
            dry_run: self.dry_run,
            series: self.series,
            samples: self.samples,
            requests: self.requests,
            stopped: self.stopped,
        };
        serialized(&document, true)
    }

    /// Returns the line for people: `sent 17,592 samples of 24 series to http://…: 17,592 new, 0
    /// corrections, 0 again; nothing left`.
    pub fn line(&self) -> Text {
        let SampleCounts { new, corrections, again, left, too_large } = self.samples;
        let nouns = |number: u64, one, several| if number == 1 { one } else { several };
        let samples = nouns(new + corrections + again, "sample", "samples");
        let changes = nouns(corrections, "correction", "corrections");
        let sent = count(new + corrections + again);
        let [new, corrections, again] = [new, corrections, again].map(count);
        let receiver = self.receiver;
        let series = count(u64::try_from(self.series).unwrap_or(u64::MAX));
        let left = if left == 0 {
            text!("nothing left", "没有剩余")
        } else {
            text!("{left} left", "剩余 {left}", left = count(left))
        };
        let too_large = if too_large == 0 {
            text!("", "")
        } else {
            text!(
                "; {too_large} above 2^53 left out",
                "；{too_large} 个大于 2^53 的数值未发送",
                too_large = count(too_large)
            )
        };
        let done = if self.dry_run {
            text!("would send", "将发送")
        } else {
            text!("sent", "已发送")
        };
        text!(
            "{done} {sent} {samples} of {series} series to {receiver}: {new} new, {corrections} {changes}, {again} again; {left}{too_large}",
            "{done} {series} 个序列的 {sent} 个样本到 {receiver}：新增 {new}，更正 {corrections}，重发 {again}；{left}{too_large}";
            done = done, left = left, too_large = too_large
        )
    }
}

//! Collects the points of one response: numbers buckets, drops what was not requested, joins lines.

use volc_openapi::ServiceDays;

use crate::action::RepeatedRows;
use crate::points::Slot;
use crate::{Metric, Tags, Warning, Window};

/// The points of a line before there is room made for more, and the most that it is made for.
const FEW: usize = 4;
const MORE: usize = 60;

/// The buckets a response is read for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CollectorScope {
    /// The query's window, which numbers the buckets.
    pub(crate) whole: Window,
    /// The buckets wanted of this response; others are dropped.
    pub(crate) wanted: Window,
    /// The start of the bucket at the end of the request: its presence answers an open question.
    pub(crate) watch: i64,
    /// The seconds to add to a label to get the start of its bucket.
    pub(crate) label_shift: i64,
    /// The time of the response, as points keep it.
    pub(crate) stamp: i32,
    /// The instants that the request named: where ranges are whole days, hours of these days that
    /// are not wanted are no surprise. The end is not included.
    pub(crate) named: (i64, i64),
    /// The bucket before or after the wanted ones is no surprise.
    pub(crate) open_ends: bool,
    /// The meaning of a bucket that occurs twice.
    pub(crate) repeated: RepeatedRows,
}

/// Takes the points of one response as an action reads them.
#[derive(Debug)]
pub struct PointCollector {
    scope: CollectorScope,
    decoded: DecodedResponse,
}

/// One line of a response: a metric with one set of tags.
#[derive(Debug, Default)]
pub struct ResponseLine {
    /// The metric.
    pub metric: Metric,
    /// The tags the service put on it.
    pub tags: Tags,
    pub(crate) slots: Vec<Slot>,
    oddities: LineOddities,
}

/// The values of a line that are left out.
#[derive(Clone, Copy, Debug, Default)]
struct LineOddities {
    unreadable: usize,
    unaligned: Labels,
    outside: Labels,
}

/// Labels of one kind: their number and the first of them.
#[derive(Clone, Copy, Debug, Default)]
struct Labels {
    times: usize,
    first: i64,
}

impl Labels {
    fn add(&mut self, label: i64) {
        if self.times == 0 {
            self.first = label;
        }
        self.times += 1;
    }
}

/// The points of one response.
#[derive(Debug, Default)]
pub(crate) struct DecodedResponse {
    /// Each metric with one set of tags once, points sorted, each bucket once.
    pub(crate) lines: Vec<ResponseLine>,
    /// The metrics that the response could not tell of.
    pub(crate) untold: Vec<Metric>,
    /// The watched bucket is in the response.
    pub(crate) watched: bool,
    /// The irregularities found.
    pub(crate) warnings: DecodeWarnings,
}

/// The irregularities of one response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DecodeWarnings {
    /// Buckets that occur twice with different values.
    pub(crate) contradictions: Oddity,
    /// Buckets that occur twice, where an action must not repeat any.
    pub(crate) repeated: Oddity,
    /// Labels at which no bucket starts.
    pub(crate) unaligned: Oddity,
    /// Labels outside the request, but for the buckets beside it.
    pub(crate) outside: Oddity,
    /// Labels or values that are not exact integers.
    pub(crate) unreadable: Oddity,
    /// Warnings of the action's own.
    pub(crate) other: Vec<Warning>,
}

/// An irregularity: how often it occurs, and where it did first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Oddity {
    pub(crate) times: usize,
    /// The line, and for labels the label, unix seconds.
    pub(crate) first: Option<(String, i64)>,
}

impl Oddity {
    fn add(&mut self, times: usize, line: &ResponseLine, label: i64) {
        if times > 0 {
            self.times += times;
            self.first.get_or_insert_with(|| (line.describe(), label));
        }
    }
}

impl ResponseLine {
    /// A line without points.
    pub fn new(metric: Metric, tags: Tags) -> Self {
        Self { metric, tags, ..Self::default() }
    }

    /// Counts a label that is not an exact 64-bit integer, or a value that is not one from 0: its bucket is missing, with a
    /// warning.
    pub fn unreadable(&mut self) {
        self.oddities.unreadable += 1;
    }

    fn key(&self) -> (&Metric, &Tags) {
        (&self.metric, &self.tags)
    }

    /// `PromptTokens of endpoint ep-1`
    fn describe(&self) -> String {
        let endpoint = self.tags.get(Tags::ENDPOINT_ID);
        endpoint.map_or_else(
            || self.metric.to_string(),
            |endpoint| format!("{} of endpoint {endpoint}", self.metric),
        )
    }
}

impl CollectorScope {
    /// The scope of lines that need no reading: their buckets are numbered already.
    pub(crate) fn stored(whole: Window, wanted: Window) -> Self {
        Self {
            whole,
            wanted,
            watch: i64::MAX,
            label_shift: 0,
            stamp: 0,
            named: (wanted.first(), wanted.end()),
            open_ends: false,
            repeated: RepeatedRows::Silent,
        }
    }

    /// True for a bucket that may be in the response although it is not wanted.
    fn expects(&self, start: i64) -> bool {
        // Services differ on whether a range holds its ends.
        let seconds = self.wanted.interval().seconds();
        let beside =
            start == self.wanted.end() || start.saturating_add(seconds) == self.wanted.first();
        self.open_ends && beside || (self.named.0..self.named.1).contains(&start)
    }
}

impl PointCollector {
    pub(crate) fn new(scope: CollectorScope) -> Self {
        Self { scope, decoded: DecodedResponse::default() }
    }

    /// Adds a point to a line, if its bucket was requested. `label` is the instant the response
    /// names, unix seconds. A label at which no bucket starts is left out with a warning, and so is
    /// one outside the request, unless it is of a bucket beside it. Usage is counted: a negative value is
    /// [unreadable](ResponseLine::unreadable).
    pub fn push(&mut self, line: &mut ResponseLine, label: i64, value: i64) {
        let CollectorScope { whole, wanted, watch, label_shift, stamp, .. } = self.scope;
        let start = label.saturating_add(label_shift);
        self.decoded.watched |= start == watch;
        if !(wanted.first()..wanted.end()).contains(&start) {
            if !self.scope.expects(start) {
                line.oddities.outside.add(label);
            }
            return;
        }
        if value < 0 {
            return line.unreadable();
        }
        // Nearly always it is the bucket after the line's last one, which spares a division.
        let bucket = match line.slots.last() {
            Some(last) if start == whole.start_of(last.bucket + 1) => Some(last.bucket + 1),
            _ => whole.index_of(start),
        };
        match bucket {
            Some(bucket) => {
                if line.slots.len() == FEW {
                    make_room(&mut line.slots, wanted);
                }
                line.slots.push(Slot { bucket, stamp, value });
            }
            None => line.oddities.unaligned.add(label),
        }
    }

    /// Adds a finished line. Lines with the same metric and tags are joined; the value that comes
    /// later in the response wins.
    pub fn add(&mut self, line: ResponseLine) {
        self.note(&line);
        self.add_noted(line);
    }

    /// Counts the values that a finished line left out.
    pub(crate) fn note(&mut self, line: &ResponseLine) {
        let LineOddities { unreadable, unaligned, outside } = line.oddities;
        let warnings = &mut self.decoded.warnings;
        warnings.unreadable.add(unreadable, line, 0);
        warnings.unaligned.add(unaligned.times, line, unaligned.first);
        warnings.outside.add(outside.times, line, outside.first);
    }

    /// Adds a line whose left out values are [counted](Self::note).
    pub(crate) fn add_noted(&mut self, line: ResponseLine) {
        self.decoded.lines.push(line);
    }

    /// The days that the service counts by, where labels are texts.
    pub fn days(&self) -> ServiceDays {
        self.scope.whole.days()
    }

    /// Counts a label or value that is not an exact 64-bit integer and belongs to no line: its bucket is
    /// missing, with a warning.
    pub fn unreadable(&mut self) {
        self.decoded.warnings.unreadable.times += 1;
    }

    /// Adds a warning. `code` is a stable name; each code is reported once, with its first message
    /// and a count.
    pub fn warn(&mut self, code: &'static str, message: impl Into<String>) {
        self.decoded.warnings.other.push(Warning { code, message: message.into() });
    }

    /// Notes that the response has usage but cannot tell of a metric, as a table without its column: the values
    /// are unknown, not 0. They are missing where another response of the query has the metric.
    pub fn untold(&mut self, metric: Metric) {
        self.decoded.untold.push(metric);
    }

    /// Sorts points and joins lines that occur twice.
    pub(crate) fn finish(mut self) -> DecodedResponse {
        let mut lines = std::mem::take(&mut self.decoded.lines);
        // Stable: of lines that occur twice, the later one stays later.
        lines.sort_by(|one, other| one.key().cmp(&other.key()));
        lines.dedup_by(|later, kept| {
            let same = later.key() == kept.key();
            if same {
                kept.slots.append(&mut later.slots);
            }
            same
        });
        for line in &mut lines {
            let (repeated, contradictions) = normalise(&mut line.slots, self.scope.repeated);
            let warnings = &mut self.decoded.warnings;
            warnings.contradictions.add(contradictions, line, 0);
            if self.scope.repeated == RepeatedRows::Reported {
                warnings.repeated.add(repeated.saturating_sub(contradictions), line, 0);
            }
        }
        self.decoded.lines = lines;
        self.decoded
    }
}

/// Makes room at once for a line with a few points: it has mostly one for each bucket, where many lines have one in all.
#[cold]
fn make_room(slots: &mut Vec<Slot>, wanted: Window) {
    slots.reserve_exact(wanted.len().min(MORE).saturating_sub(slots.len()));
}

impl DecodedResponse {
    /// True when any line has this bucket.
    pub(crate) fn has(&self, bucket: Option<u32>) -> bool {
        let bucket = bucket.unwrap_or(u32::MAX);
        self.lines
            .iter()
            .any(|line| line.slots.binary_search_by_key(&bucket, |slot| slot.bucket).is_ok())
    }
}

/// Sorts by bucket and keeps one of each: the last, or their sum. Returns how many were repeated, and
/// how many of these contradicted another. A sum beyond 64 bits is left out, as a value that cannot be
/// read is.
fn normalise(slots: &mut Vec<Slot>, meaning: RepeatedRows) -> (usize, usize) {
    if slots.is_sorted_by(|one, two| one.bucket < two.bucket) {
        return (0, 0);
    }
    slots.sort_by_key(|slot| slot.bucket);
    let (mut repeated, mut contradictions) = (0, 0);
    let mut too_large = Vec::new();
    slots.dedup_by(|later, kept| {
        let same = later.bucket == kept.bucket;
        if same {
            repeated += 1;
            if meaning == RepeatedRows::Added {
                match kept.value.checked_add(later.value) {
                    Some(sum) => kept.value = sum,
                    None => too_large.push(kept.bucket),
                }
            } else {
                contradictions += usize::from(later.value != kept.value);
                *kept = *later;
            }
        }
        same
    });
    slots.retain(|slot| !too_large.contains(&slot.bucket));
    (repeated, contradictions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Interval;

    fn scope(window: Window) -> CollectorScope {
        CollectorScope {
            whole: window,
            wanted: window,
            watch: 0,
            label_shift: 0,
            stamp: 0,
            named: (window.first(), window.end()),
            open_ends: true,
            repeated: RepeatedRows::Silent,
        }
    }

    #[test]
    fn repeated_rows_are_kept_reported_or_added() {
        let first = 1_731_945_600;
        let window = Window::new(Interval::Hour, first, first + 5 * 3_600).unwrap();
        let decoded = |repeated| {
            let mut points = PointCollector::new(CollectorScope { repeated, ..scope(window) });
            let mut line = ResponseLine::new(Metric::from("one"), Tags::default());
            for (hour, value) in [(0, 1), (0, 1), (1, 5), (1, 6), (2, i64::MAX), (2, 1)] {
                points.push(&mut line, first + hour * 3_600, value);
            }
            points.add(line);
            points.finish()
        };
        let values = |decoded: &DecodedResponse| -> Vec<i64> {
            decoded.lines[0].slots.iter().map(|slot| slot.value).collect()
        };
        let silent = decoded(RepeatedRows::Silent);
        assert_eq!(values(&silent), [1, 6, 1]);
        assert_eq!((silent.warnings.repeated.times, silent.warnings.contradictions.times), (0, 2));
        let reported = decoded(RepeatedRows::Reported);
        assert_eq!(values(&reported), [1, 6, 1]);
        assert_eq!(reported.warnings.repeated.times, 1);
        assert_eq!(reported.warnings.contradictions.times, 2);
        let added = decoded(RepeatedRows::Added);
        assert_eq!(values(&added), [2, 11], "a sum that does not fit is left out");
        assert_eq!(added.warnings.contradictions.times, 0);
    }

    #[test]
    fn hours_of_named_days_are_no_surprise_and_documented_ends_are_kept_to() {
        let day = 1_731_945_600;
        let window = Window::new(Interval::Hour, day + 5 * 3_600, day + 7 * 3_600).unwrap();
        let scope =
            CollectorScope { named: (day, day + 86_400), open_ends: false, ..scope(window) };
        let mut points = PointCollector::new(scope);
        let mut line = ResponseLine::new(Metric::from("one"), Tags::default());
        for hour in -1..=24 {
            points.push(&mut line, day + hour * 3_600, hour);
        }
        points.add(line);
        let decoded = points.finish();
        assert_eq!(decoded.lines[0].slots.len(), 3);
        assert_eq!(decoded.warnings.outside.times, 2);
    }

    /// A table interleaves lines; each has its own last bucket.
    #[test]
    fn lines_may_be_filled_in_turns() {
        let first = 1_731_945_600;
        let window = Window::new(Interval::Hour, first, first + 5 * 3_600).unwrap();
        let mut points = PointCollector::new(scope(window));
        let line = |name: &str| ResponseLine::new(Metric::from(name), Tags::default());
        let (mut one, mut two) = (line("one"), line("two"));
        for (hour, is_one) in [(0, true), (0, false), (1, false), (2, true), (2, false), (3, true)]
        {
            let line = if is_one { &mut one } else { &mut two };
            points.push(line, first + hour * 3_600, hour);
        }
        points.push(&mut one, first + 1, 9);
        points.unreadable();
        points.warn("odd", "something odd");
        points.add(one);
        points.add(two);
        let decoded = points.finish();
        let buckets = |line: &ResponseLine| -> Vec<(u32, i64)> {
            line.slots.iter().map(|slot| (slot.bucket, slot.value)).collect()
        };
        let lines: Vec<_> = decoded.lines.iter().map(buckets).collect();
        assert_eq!(lines, [vec![(0, 0), (2, 2), (3, 3)], vec![(0, 0), (1, 1), (2, 2)]]);
        let DecodeWarnings { contradictions, unaligned, outside, unreadable, other, .. } =
            decoded.warnings;
        assert_eq!((contradictions.times, outside.times, other.len()), (0, 0, 1));
        assert_eq!((unreadable.times, unreadable.first), (1, None));
        assert_eq!(unaligned, Oddity { times: 1, first: Some(("one".to_owned(), first + 1)) });
    }

    #[test]
    fn labels_outside_the_request_are_counted_but_for_those_beside_it() {
        let first = 1_731_945_600;
        let window = Window::new(Interval::Hour, first, first + 5 * 3_600).unwrap();
        let mut points = PointCollector::new(scope(window));
        let tags = Tags::new([(Tags::ENDPOINT_ID.to_owned(), "ep-1".to_owned())]);
        let mut line = ResponseLine::new(Metric::from("one"), tags);
        for label in [first - 3_600, first, window.end()] {
            points.push(&mut line, label, 1);
        }
        for label in [first * 1_000, 1, first - 7_200, window.end() + 1, i64::MAX, i64::MIN] {
            points.push(&mut line, label, 1);
        }
        points.add(line);
        let warnings = points.finish().warnings;
        let named = Some(("one of endpoint ep-1".to_owned(), first * 1_000));
        assert_eq!(warnings.outside, Oddity { times: 6, first: named });
        assert_eq!(warnings.unaligned.times, 0);
    }
}

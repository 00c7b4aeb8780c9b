//! The range by the server's clock, which decides which buckets "today" and "until now" name.
//!
//! Before the first response only this machine's clock is known. The first one that shows the
//! server's decides: a query for other buckets is stopped, and sent again for the right ones.

use ark_usage_model::{Interval, ServerClock, UsageReport};
use ark_usage_report::range::{self, Range, RangeInput, RangeSpec};
use ark_usage_report::text;
use ark_usage_transport::{Event, Observer};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::Notify;
use volc_openapi::ServiceDays;

use super::FetchContext;
use crate::error::CliError;

/// The specification of a range, beside its zone.
#[derive(Debug)]
pub(super) struct RangeSource {
    pub(super) input: RangeInput,
    pub(super) rows: Option<Interval>,
    pub(super) now: Timestamp,
    pub(super) complete: Option<i64>,
    pub(super) compare: bool,
    pub(super) days: ServiceDays,
}

impl RangeSource {
    pub(super) fn resolve(&self, zone: &TimeZone, zone_name: &str) -> Result<Range, CliError> {
        Ok(range::resolve(&self.spec(zone, zone_name))?)
    }

    /// Returns the range by a clock that shows `offset` seconds more, if that names other buckets.
    pub(super) fn moved(
        &self,
        zone: &TimeZone,
        zone_name: &str,
        offset: i64,
    ) -> Result<Option<Range>, CliError> {
        Ok(self.spec(zone, zone_name).moved(offset)?)
    }

    fn spec<'a>(&'a self, zone: &'a TimeZone, zone_name: &'a str) -> RangeSpec<'a> {
        let Self { ref input, rows, now, complete, compare, days } = *self;
        RangeSpec { input, rows, zone, zone_name, now, complete, compare, days }
    }
}

/// A server's clock further away than this, in seconds, does not change a time given with `--now`:
/// another day was meant.
const LARGEST_CORRECTION: u64 = 2 * 86_400;

impl FetchContext<'_> {
    /// Returns the seconds to add to this machine's clock to get the time that ranges go by.
    pub(crate) fn clock_offset(&self) -> i64 {
        let offset = self.transport.server_clock().offset();
        let is_meant = self.context.pretends_now() && offset.unsigned_abs() > LARGEST_CORRECTION;
        if is_meant { 0 } else { offset }
    }

    /// Returns the server's clock as queries are to start with it.
    pub(super) fn server_clock(&self) -> ServerClock {
        let clock = self.transport.server_clock();
        if clock.offset() == self.clock_offset() { clock } else { ServerClock::default() }
    }

    /// Returns the range by the server's clock, as far as responses have shown it.
    pub(crate) fn range(&self) -> Result<Range, CliError> {
        Ok(self.moved_range()?.unwrap_or_else(|| self.request.range.clone()))
    }

    /// Returns the range by the server's clock if it names other buckets, with a note. Only the
    /// first response that shows the server's clock decides.
    fn moved_range(&self) -> Result<Option<Range>, CliError> {
        let is_known = self.transport.server_clock().is_known();
        if !is_known || self.is_range_settled.replace(true) {
            return Ok(None);
        }
        let Range { zone, zone_name, .. } = &self.request.range;
        let offset = self.clock_offset();
        let moved = self.request.source.moved(zone, zone_name, offset)?;
        if let Some(range) = &moved {
            let seconds = offset.unsigned_abs();
            let words = range.words();
            self.context.note(if offset < 0 {
                text!(
                    "note: this machine's clock is {seconds} s ahead of the server's; by the server's clock the range is {words}",
                    "注意：本机时钟比服务端快 {seconds} 秒；按服务端时钟，时间范围是 {words}"; words = words
                )
            } else {
                text!(
                    "note: this machine's clock is {seconds} s behind the server's; by the server's clock the range is {words}",
                    "注意：本机时钟比服务端慢 {seconds} 秒；按服务端时钟，时间范围是 {words}"; words = words
                )
            });
        }
        Ok(moved)
    }
}

/// Passes events on, and stops a query whose buckets are not those of the server's clock.
pub(super) struct RangeCheck<'a, O> {
    pub(super) inner: O,
    pub(super) session: &'a FetchContext<'a>,
    /// Notified when the query is to stop.
    pub(super) stop: &'a Notify,
    /// The range by the server's clock, if it is another one.
    pub(super) moved: Option<Result<Range, CliError>>,
}

impl<'a, O> RangeCheck<'a, O> {
    pub(super) fn new(inner: O, session: &'a FetchContext<'a>, stop: &'a Notify) -> Self {
        Self { inner, session, stop, moved: None }
    }
}

impl<O: Observer> Observer for RangeCheck<'_, O> {
    fn on_event(&mut self, event: Event<'_>) {
        let is_answer = matches!(event, Event::Answered { .. });
        self.inner.on_event(event);
        if is_answer && let Some(moved) = self.session.moved_range().transpose() {
            self.moved = Some(moved);
            self.stop.notify_one();
        }
    }

    fn takes_parts(&self) -> bool {
        self.inner.takes_parts()
    }

    fn on_part(&mut self, part: UsageReport) {
        if self.moved.is_none() {
            // Rows that are written are not taken back.
            self.session.is_range_settled.set(true);
            self.inner.on_part(part);
        }
    }
}

//! The last settled hour, which is fetched beside days.

use ark_usage_model::{Interval, QueryOptions, Target, UsageReport};
use ark_usage_report::range::Range;
use ark_usage_report::view::LatestWindow;
use ark_usage_report::{ResultMeta, UsageData};

use super::server_range::RangeSource;
use super::usage::{FetchRun, OutputMode, mark_unlisted};
use super::{FetchContext, ListedTargets, PartTargets, UsageRequest};
use crate::args::QueryArgs;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Text;

/// The range of the last settled hour, and the options of its query.
#[derive(Debug)]
pub(super) struct LastHour {
    source: RangeSource,
    options: QueryOptions,
}

impl UsageRequest {
    /// Adds the last settled hour to the usage that is fetched, and returns its range in words.
    pub(crate) fn add_last_hour(
        &mut self,
        query: &QueryArgs,
        context: &Context<'_>,
    ) -> Result<Text, CliError> {
        let source = RangeSource {
            input: LatestWindow::settled_hours(),
            rows: Some(Interval::Hour),
            now: context.clock.now(),
            complete: Some(i64::try_from(self.effective().settle.as_secs()).unwrap_or(i64::MAX)),
            compare: false,
            days: self.site.days.value,
        };
        let range = source.resolve(&self.range.zone, &self.range.zone_name)?;
        let seed = self.options.seed;
        let options =
            QueryOptions { seed, ..query.options(Interval::Hour, self.effective().action)? };
        self.last_hour = Some(LastHour { source, options });
        Ok(range.words())
    }
}

impl LastHour {
    /// Returns the hours that have settled by the server's clock. From then on no response moves the range.
    fn range(&self, session: &FetchContext<'_>) -> Result<Range, CliError> {
        session.is_range_settled.set(true);
        let Range { zone, zone_name, .. } = &session.request.range;
        let moved = self.source.moved(zone, zone_name, session.clock_offset())?;
        moved.map_or_else(|| self.source.resolve(zone, zone_name), Ok)
    }
}

impl FetchRun<'_> {
    /// Fetches the last settled hour of the targets, if the request has one.
    pub(super) async fn last_hour(
        &mut self,
        listed: &ListedTargets,
        parts: &PartTargets,
        facts: ResultMeta<'_>,
    ) -> Result<Option<(UsageReport, Range)>, CliError> {
        let hour = self.session.request.last_hour.as_ref();
        let Some(hour) = hour.filter(|_| self.stopped.is_none()) else { return Ok(None) };
        let range = hour.range(self.session)?;
        let days = std::mem::replace(&mut self.range, range.clone());
        self.options = hour.options.clone();
        let targets: &[Target] = &listed.targets;
        let mut report = self.whole(targets, range.window, OutputMode::Report, facts).await?;
        self.add_parts(&mut report, parts, range.window).await?;
        mark_unlisted(&mut report, listed, parts);
        self.range = days;
        Ok(Some((report, range)))
    }
}

/// Returns the usage of another range with everything else that is known about `usage`.
pub(super) fn beside(usage: &UsageData, (report, range): (UsageReport, Range)) -> UsageData {
    UsageData {
        report,
        previous: None,
        endpoints: usage.endpoints.clone(),
        api_keys: usage.api_keys.clone(),
        profiles: usage.profiles.clone(),
        account_ids: usage.account_ids.clone(),
        warnings: usage.warnings.clone(),
        scope: usage.scope.clone(),
        range,
        prices: usage.prices.clone(),
    }
}

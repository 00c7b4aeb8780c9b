//! Fetching usage for the line, when the cache is too old.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::Interval;
use ark_usage_render as render;
use ark_usage_render::status_line::{LineCosts, LineSpan, LineValue, Snapshot, Template};
use ark_usage_report::budget::{Period, PeriodSpan as Stretch};
use ark_usage_report::prices::Cost;
use ark_usage_report::range::{self, RangeInput};
use ark_usage_report::view::{Dimension, View, ViewSpec};
use ark_usage_report::{UsageData, text};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::args::StatuslineArgs;
use crate::commands::fetch::{self, FetchContext, OutputMode, RequestExtras, UsageRequest};
use crate::commands::summary::print_warnings;
use crate::context::Context;
use crate::error::CliError;
use crate::site::SiteChoice;

/// The default of `--timeout`: a prompt must come back soon.
const DEFAULT_TIMEOUT: &str = "5s";

/// Fetches the values of the template. Incomplete data is an error: it would be cached.
pub(super) fn fetch(
    args: &StatuslineArgs,
    template: &Template,
    zone: &TimeZone,
    context: &Context<'_>,
) -> Result<Snapshot, CliError> {
    let mut spans = template.spans();
    spans.insert(LineSpan::Today);
    let (stretches, today) = stretches(&spans, zone, context.clock.now())?;
    let start = stretches.values().map(|stretch| stretch.start).min().unwrap_or(today.start);
    range::check_full_hour(start, super::zone_name(args, context)?)?;
    let days = SiteChoice::new(&args.usage.account, context)?.days.value;
    let aligned = |stretch: &Stretch| Interval::Day.is_start_in(days, stretch.start);
    let by_day = stretches.values().all(aligned);
    let interval = if by_day { Interval::Day } else { Interval::Hour };
    let mut usage_args = args.usage.by(interval);
    usage_args.account.query.retry.timeout.get_or_insert_with(|| DEFAULT_TIMEOUT.to_owned());
    let since: Vec<RangeInput> = spans.iter().map(|span| input(*span)).collect();
    let metrics: Vec<String> = template.short_metrics().into_iter().map(str::to_owned).collect();
    let extras = RequestExtras {
        endpoint_ids: &args.endpoint_id,
        all_endpoints: false,
        sent: true,
        view: None,
        projects: &[],
        since: &since,
        metrics: &metrics,
    };
    let mut request = UsageRequest::new(&usage_args, &extras, context)?;
    if template.wants_cost() {
        request.price(&args.prices, context)?;
    }
    let network = &usage_args.account.network;
    let (plans, result, clock_offset) = context.block_on(async {
        let session = FetchContext::open("statusline", network, &request, context).await?;
        let plans = if template.wants_plans() {
            // A missing permission is no failure: it lasts, and lines show it.
            session.plans().await?.require_all()?
        } else {
            Vec::new()
        };
        let result = if template.wants_usage() {
            Some(fetch::fetch_usage_in(&session, OutputMode::Report).await?)
        } else {
            None
        };
        Ok((plans, result, session.clock_offset()))
    })?;
    let Some(result) = result else {
        let (at, now) = (context.clock.now().as_second(), context.clock.shifted(clock_offset));
        let (_, today) = self::stretches(&spans, zone, now)?;
        return Ok(Snapshot { at, day: today.start, clock_offset, plans, ..Snapshot::default() });
    };
    result.summary().accepting_history().require_all()?;
    let lasting =
        result.usage.warnings.iter().filter(|(code, _)| render::is_shown_everywhere(code));
    print_warnings(&lasting.cloned().collect::<Vec<_>>(), context);
    // The server's clock decides which day is today.
    let now = context.clock.shifted(result.clock_offset);
    let (stretches, today) = self::stretches(&spans, zone, now)?;
    let snapshot = snapshot(&result.usage, &stretches, today.start, context);
    Ok(Snapshot { clock_offset: result.clock_offset, plans, ..snapshot })
}

/// Returns the range that a span names.
fn input(span: LineSpan) -> RangeInput {
    match span {
        LineSpan::Today => RangeInput::Today,
        LineSpan::Yesterday => RangeInput::Yesterday,
        LineSpan::Month => RangeInput::ThisMonth,
    }
}

/// Returns start and end of each span, and those of today.
fn stretches(
    spans: &BTreeSet<LineSpan>,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<(BTreeMap<LineSpan, Stretch>, Stretch), CliError> {
    let of = |span: &LineSpan| Ok((*span, stretch(*span, zone, now)?));
    let stretches = spans.iter().map(of).collect::<Result<_, CliError>>()?;
    Ok((stretches, stretch(LineSpan::Today, zone, now)?))
}

/// Returns start and end of a span.
fn stretch(span: LineSpan, zone: &TimeZone, now: Timestamp) -> Result<Stretch, CliError> {
    let today = Period::Day.around(now, zone).map_err(out_of_reach)?;
    match span {
        LineSpan::Today => Ok(today),
        LineSpan::Month => Period::Month.around(now, zone).map_err(out_of_reach),
        LineSpan::Yesterday => {
            let before = Timestamp::from_second(today.start - 1).map_err(out_of_reach)?;
            Period::Day.around(before, zone).map_err(out_of_reach)
        }
    }
}

/// The error for a date the calendar cannot represent.
pub(super) fn out_of_reach(error: jiff::Error) -> CliError {
    CliError::usage(text!("date out of range", "日期超出范围")).with_source(error)
}

/// Returns the sums of every span, from a view that does not count a whole beside its parts.
fn snapshot(
    usage: &UsageData,
    stretches: &BTreeMap<LineSpan, Stretch>,
    day: i64,
    context: &Context<'_>,
) -> Snapshot {
    let at = context.clock.now().as_second();
    let spec = ViewSpec { by: vec![Dimension::Day], ..ViewSpec::default() };
    let view = View::new(&spec, usage, at);
    let scope = usage.scope.clone();
    let unverified = usage.warnings.iter().any(|(code, _)| render::is_shown_everywhere(code));
    let mut snapshot = Snapshot {
        at,
        day,
        scope,
        unverified,
        profiles: usage.profiles.clone(),
        ..Snapshot::default()
    };
    for (span, stretch) in stretches {
        let rows = || view.rows.iter().filter(|row| stretch.holds(row.start));
        let metrics = snapshot.usage.entry(*span).or_default();
        for row in rows() {
            let value = LineValue { value: row.value, state: row.state };
            // Days of a level have no sum.
            let additive = usage.report.metrics.is_additive(&row.metric);
            metrics
                .entry(row.metric.as_str().to_owned())
                .and_modify(|sum| {
                    *sum = sum.and(value);
                    sum.value = sum.value.filter(|_| additive);
                })
                .or_insert(value);
        }
        let mut priced = rows().filter_map(|row| row.cost.as_ref()).peekable();
        if priced.peek().is_some() {
            let mut sum = Cost::default();
            priced.for_each(|cost| sum.add(cost));
            let amounts = sum.amounts.iter();
            let amounts = amounts.map(|(currency, amount)| (currency.clone(), amount.to_string()));
            let costs = LineCosts { amounts: amounts.collect(), unpriced: sum.unpriced };
            snapshot.costs.insert(*span, costs);
        }
    }
    snapshot
}

//! `-f prometheus`: the ranges that are fetched where none is given, and the usage that is written.

use ark_usage_model::{Interval, UsageAction};
use ark_usage_render::Scrape;
use ark_usage_report::range::{Range, RangeInput};
use ark_usage_report::text;
use ark_usage_report::view::{Dimension, LatestUsage, LatestWindow, View, ViewRow, ViewSpec};

use crate::args::{Format, GetArgs, UsageArgs};
use crate::commands::fetch::{FetchResult, UsageRequest};
use crate::context::Context;
use crate::error::CliError;
use crate::lang::{Lang, Text};

/// The usage that is fetched for a format.
pub(super) struct FetchPlan {
    pub(super) usage: UsageArgs,
    /// The range is from the earliest of these; that of the arguments without any.
    pub(super) since: Vec<RangeInput>,
    pub(super) all_endpoints: bool,
    /// The last settled hour is fetched too.
    pub(super) adds_hour: bool,
}

/// Returns the usage to fetch: that of the arguments, but for Prometheus without a range, the windows it shows.
pub(super) fn plan(
    args: &GetArgs,
    spec: &mut ViewSpec,
    format: Format,
    action: &dyn UsageAction,
) -> Result<FetchPlan, CliError> {
    let all_endpoints = args.endpoints.all_endpoints;
    let mut plan =
        FetchPlan { usage: args.usage.clone(), since: Vec::new(), all_endpoints, adds_hour: false };
    if format != Format::Prometheus || args.dry_run.dry_run {
        spec.lines = all_endpoints;
        return Ok(plan);
    }
    if all_endpoints && !spec.by.contains(&Dimension::Endpoint) {
        // Every series is a part of the whole, which `--all-endpoints` alone does not have.
        spec.by.push(Dimension::Endpoint);
        plan.all_endpoints = false;
    }
    let range = &mut plan.usage.range;
    let interval = range.interval()?;
    if range.is_given() {
        return Ok(plan);
    }
    if interval == Some(Interval::Hour) {
        plan.since = vec![LatestWindow::settled_hours()];
        range.complete = true;
    } else {
        let settle = args.usage.account.query.settle(action)?;
        plan.since = LatestWindow::days(settle.as_secs());
        plan.adds_hour = interval.is_none();
    }
    Ok(plan)
}

/// Returns the samples; `None` without any. Costs are rounded to `decimals`. Of a range that
/// was given, a note names what is written when that is not all.
pub(super) fn samples(
    spec: &ViewSpec,
    (decimals, is_range_given): (Option<u32>, bool),
    request: &UsageRequest,
    result: &FetchResult,
    context: &Context<'_>,
) -> Result<Option<Vec<u8>>, CliError> {
    let (usage, now) = (&result.usage, context.clock.now().as_second());
    for note in View::new(spec, usage, now).notes {
        context.note(note);
    }
    let own: &[LatestWindow] = match usage.range.rows {
        Interval::Hour => &[LatestWindow::Hour],
        Interval::Day => &[LatestWindow::Day, LatestWindow::MonthToDate],
    };
    let own = own.iter().map(|window| (*window, usage));
    let hour = result.last_hour.iter().map(|usage| (LatestWindow::Hour, usage));
    let windows = own.chain(hour);
    let windows = windows.filter_map(|(window, of)| LatestUsage::new(window, spec, of, now));
    let mut windows: Vec<LatestUsage> = windows.collect();
    if let Some(decimals) = decimals {
        for latest in &mut windows {
            latest.round_costs(decimals);
        }
    }
    note_left_out(&windows, context);
    if is_range_given {
        note_narrower(&windows, &usage.range, context);
    }
    Ok(ark_usage_render::prometheus(&Scrape {
        windows: &windows,
        query: request.echo(&usage.scope),
        spec,
        profiles: &usage.profiles,
        zone_name: &usage.range.zone_name,
    })?)
}

/// Notes what is written of a range that begins before all of it.
fn note_narrower(windows: &[LatestUsage], range: &Range, context: &Context<'_>) {
    let Some(first) = windows.iter().map(|latest| latest.span.start).min() else { return };
    if first <= range.window.first() {
        return;
    }
    let written = windows.iter().map(|latest| {
        let start = range.bucket_label(latest.span.start);
        match latest.window {
            LatestWindow::Hour => {
                text!("the last settled hour ({start})", "最近一个已定的小时（{start}）")
            }
            LatestWindow::Day => {
                text!("the last settled day ({start})", "最近一个已定的日期（{start}）")
            }
            LatestWindow::MonthToDate => {
                text!("the month to date (from {start})", "本月至今（从 {start} 起）")
            }
        }
    });
    let written = written.collect::<Vec<_>>();
    let listed = |lang: Lang| {
        let each = written.iter().map(|one| one.in_lang(lang)).collect::<Vec<_>>();
        each.join(lang.pick(" and ", "和"))
    };
    context.note(text!(
        "note: -f prometheus writes only {written} of this range; use -f openmetrics for the whole range",
        "注意：-f prometheus 只写出该范围中的{written}；要写出整个范围，请用 -f openmetrics";
        written = Text::each(listed)
    ));
}

/// Notes series that are left out.
fn note_left_out(windows: &[LatestUsage], context: &Context<'_>) {
    let count = |is_left_out: fn(&ViewRow) -> bool| {
        windows.iter().flat_map(|latest| &latest.rows).filter(|row| is_left_out(row)).count()
    };
    let missing = count(|row| !ark_usage_render::is_known(row));
    if missing > 0 {
        context.note(text!(
            "note: {missing} series are left out because some of their usage is missing",
            "注意：有 {missing} 个序列的部分用量缺失，未写出"
        ));
    }
    let unpriced = count(ark_usage_render::is_cost_unknown);
    if unpriced > 0 {
        context.note(text!(
            "note: the costs of {unpriced} series are left out because they are not fully priced",
            "注意：有 {unpriced} 个序列全部或部分没有价格，其费用未写出"
        ));
    }
}

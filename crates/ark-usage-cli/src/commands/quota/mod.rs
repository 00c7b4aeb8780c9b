//! `ark-usage quota`: free usage, packs and caps of models, and the balance.

use ark_usage_render::quota::{self as render, QuotaReport};
use ark_usage_report::quota::{QUOTA_NOT_ALLOWED, quota_warnings};
use ark_usage_report::text;

use super::fetch::{FetchContext, FetchedQuotas, RequestExtras, UsageRequest};
use super::summary::print_warnings;
use crate::args::{AccountStateFormat, QuotaArgs, RangeArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::{Conclusion, ExitStatus};
use crate::output::Output;

/// Checks all arguments, fetches the quotas of each account, and prints them.
pub(crate) fn run(args: &QuotaArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let usage_args = args.state.request_args(RangeArgs::default());
    let extras = RequestExtras {
        endpoint_ids: &[],
        all_endpoints: false,
        sent: true,
        view: None,
        projects: &[],
        since: &[],
        metrics: &[],
    };
    let request = UsageRequest::new(&usage_args, &extras, context)?;
    let format = args.state.format(request.default_format)?;
    let output = Output::from_flag(args.state.output.as_deref());
    // An output that cannot be written is found before anything is sent.
    let mut sink = output.open()?;
    let (fetched, clock_offset) = context.block_on(async {
        let session = FetchContext::open("quota", &args.state.network, &request, context).await?;
        Ok((session.quotas(args.balance).await?.require_any()?, session.clock_offset()))
    })?;
    let FetchedQuotas { accounts, mut warnings, .. } = fetched;
    print_warnings(&warnings, context);
    for (code, message) in quota_warnings(&accounts) {
        if code == QUOTA_NOT_ALLOWED {
            context.warn(&message);
        } else {
            context
                .say(text!("partial: {message}", "部分结果：{message}"; message = message.clone()));
        }
        warnings.push((code, message));
    }
    let report = QuotaReport {
        accounts: &accounts,
        all: args.all,
        now: context.clock.shifted(clock_offset),
        zone: &request.range.zone,
        zone_name: &request.range.zone_name,
        demo: request.demo,
        warnings: &warnings,
    };
    sink.write(&match format {
        AccountStateFormat::Table => render::table(&report, context.screen(&output), context.lang),
        AccountStateFormat::Json => render::json(&report)?,
        AccountStateFormat::Csv => render::csv(&report)?,
        AccountStateFormat::OpenMetrics => render::openmetrics(&report),
        AccountStateFormat::Prometheus => render::prometheus(&report),
    })?;
    sink.finish()?;
    let is_complete = accounts.iter().all(|account| account.has_read() && !account.has_failed());
    Ok(ExitStatus::from(if is_complete { Conclusion::Shown } else { Conclusion::Unknown }))
}

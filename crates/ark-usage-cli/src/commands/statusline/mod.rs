//! `ark-usage statusline`: one line, from the cache if that is recent enough.
//!
//! With a recent cache nothing is started: no event loop, no TLS, no emulator.

mod cache;
mod fetch;

use ark_usage_render::SiteEcho;
use ark_usage_render::status_line::{self, CachedValues, Template, TemplateValues};
use ark_usage_report::view::UnknownMetric;
use ark_usage_report::{budget, range, text};
use jiff::tz::TimeZone;

use self::cache::StatuslineCache;
use crate::actions::{ACTIONS, ActionChoice};
use crate::args::{StatuslineArgs, StatuslineFormat};
use crate::commands::fetch::action_choice;
use crate::context::Context;
use crate::error::{CliError, CliErrorKind};
use crate::exit_status::ExitStatus;
use crate::lang::{Lang, Text};
use crate::output;
use crate::site::SiteChoice;

/// Prints the line.
pub(crate) fn run(args: &StatuslineArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let source = args.template.as_deref().unwrap_or_else(|| default_template(context.lang));
    let tables: Vec<_> = ACTIONS.iter().map(|one| one.action.metrics()).collect();
    let template = Template::parse(source, &tables).map_err(|hint| {
        CliError::usage(text!(
            "--template {source}: invalid template",
            "--template {source}：模板无效"
        ))
        .with_hint(hint)
    })?;
    if template.wants_plans() {
        args.kept.check_plans("--template: {plan…}")?;
    }
    let max_age = i64::try_from(args.max_age()?.as_secs()).unwrap_or(i64::MAX);
    let zone = zone(args, context)?;
    let metrics: Vec<String> = template.short_metrics().into_iter().map(str::to_owned).collect();
    let choice = action_choice(&args.usage.account.action, context)?.knowing(&metrics);
    check_metrics(source, &metrics, choice)?;
    let is_json = args.format == Some(StatuslineFormat::Json);
    let site = SiteChoice::new(&args.usage.account, context)?.echo();
    let line = LinePrinter { template: &template, choice, zone: &zone, site, is_json, context };

    // A recording has its own time and responses, and a history answers as fast as the cache.
    let record = &args.usage.account.record;
    let has_file = record.record.is_some() || record.replay.is_some() || args.kept.is_given();
    let cache = if has_file { None } else { StatuslineCache::new(args, &template, context)? };
    let cached = cache.as_ref().map(StatuslineCache::read).unwrap_or_default();
    let now = context.clock.now().as_second();
    if cached.is_fresh(now, line.day(&cached)?, max_age) {
        return line.print(&cached, false);
    }
    if cached.is_pausing(now, max_age) && !shows_errors(args, context) {
        return line.print(&cached, true);
    }
    match fetch::fetch(args, &template, &zone, context) {
        Ok(snapshot) => {
            let cached = CachedValues { snapshot: Some(snapshot), failed_at: None };
            let written = cache.map_or(Ok(()), |cache| cache.write(&cached));
            let status = line.print(&cached, false)?;
            show_error(written, status, args, context)
        }
        Err(error) if error.kind() == CliErrorKind::Usage => Err(error),
        Err(error) => {
            // The pause counts from here: waiting for the failure may have taken as long.
            let failed_at = Some(context.clock.now().as_second());
            let cached = CachedValues { failed_at, ..cached };
            let written = cache.map_or(Ok(()), |cache| cache.write(&cached));
            let status = line.print(&cached, true)?;
            let status = show_error(written, status, args, context)?;
            show_error(Err(error), status, args, context)
        }
    }
}

/// Refuses short names of metrics that the action does not have.
fn check_metrics(source: &str, metrics: &[String], choice: ActionChoice) -> Result<(), CliError> {
    let unknown = |word: &String| UnknownMetric::find(word, choice.first(), ACTIONS);
    let Some(UnknownMetric { problem, hint, .. }) = metrics.iter().find_map(unknown) else {
        return Ok(());
    };
    Err(CliError::usage(text!(
        "--template {source}: {problem}",
        "--template {source}：{problem}";
        problem = problem
    ))
    .with_hint(hint))
}

fn default_template(lang: Lang) -> &'static str {
    lang.pick(
        "{today:short} tokens today, {month:short} this month",
        "今日 {today:short} token，本月 {month:short}",
    )
}

fn zone(args: &StatuslineArgs, context: &Context<'_>) -> Result<TimeZone, CliError> {
    Ok(range::parse_zone(zone_name(args, context)?)?)
}

fn zone_name<'a>(args: &'a StatuslineArgs, context: &'a Context<'_>) -> Result<&'a str, CliError> {
    SiteChoice::new(&args.usage.account, context)?.zone_name(args.usage.tz.as_deref(), context)
}

/// Returns true if errors are shown.
fn shows_errors(args: &StatuslineArgs, context: &Context<'_>) -> bool {
    args.errors || context.is_verbose()
}

/// Hides an error unless `--errors` or `-v` shows it: a prompt is no place for errors.
fn show_error(
    result: Result<(), CliError>,
    status: ExitStatus,
    args: &StatuslineArgs,
    context: &Context<'_>,
) -> Result<ExitStatus, CliError> {
    match result {
        Err(error) if args.errors => Err(error),
        Err(error) => {
            context.detail(Text::each(|lang| error.report(lang)));
            Ok(status)
        }
        Ok(()) => Ok(status),
    }
}

/// The line, without its values.
struct LinePrinter<'a> {
    template: &'a Template,
    choice: ActionChoice,
    zone: &'a TimeZone,
    site: SiteEcho,
    is_json: bool,
    context: &'a Context<'a>,
}

impl LinePrinter<'_> {
    /// Returns the start of today, unix seconds, by the server's clock as it was last seen.
    fn day(&self, cached: &CachedValues) -> Result<i64, CliError> {
        let offset = cached.snapshot.as_ref().map_or(0, |snapshot| snapshot.clock_offset);
        let now = self.context.clock.shifted(offset);
        let today = budget::Period::Day.around(now, self.zone);
        today.map(|today| today.start).map_err(fetch::out_of_reach)
    }

    /// Prints the cached values, if there are any.
    fn print(&self, cached: &CachedValues, stale: bool) -> Result<ExitStatus, CliError> {
        if let Some(snapshot) = &cached.snapshot {
            let metrics = snapshot.usage.values().flat_map(|usage| usage.keys());
            let action = self.choice.with_metrics(metrics.map(String::as_str));
            let writer = TemplateValues {
                snapshot,
                metrics: action.metrics(),
                stale,
                now: self.context.clock.now().as_second(),
                zone: self.zone,
                lang: self.context.lang,
                site: self.site,
            };
            let bytes = if self.is_json {
                status_line::json(self.template, &writer)?
            } else {
                format!("{}\n", self.template.write(&writer)).into_bytes()
            };
            output::write_stdout(&bytes)?;
        }
        Ok(ExitStatus::Done)
    }
}

//! Fetching usage: the queries of one run, one after the other; data is kept whatever fails.

use std::collections::BTreeMap;

use ark_usage_model::{
    CallFailure, Metric, MetricTable, QueryOptions, Tags, Target, UsageReport, Window,
};
use ark_usage_render::RawCall;
use ark_usage_report::range::Range;
use ark_usage_report::view::{action_fit, unmatched_prices};
use ark_usage_report::{MOST_LISTED, ResultMeta, UsageData, chart_data, listed, text};
use ark_usage_transport::{Event, ExchangeError, Finished, Observer};
use tokio::sync::Notify;
use volc_openapi::{BaseUrl, CodeClass};

use super::row_stream::{RowStream, RowWriter};
use super::{
    EndpointCatalog, FetchContext, ListedTargets, PartTargets, UsageRequest, last_hour, query,
    with_remaining_time,
};
use crate::actions::ACTIONS;
use crate::args::NetworkArgs;
use crate::commands::summary::QuerySummary;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::{Text, model_warning};

/// The fetched usage, and the end of the run.
#[derive(Debug)]
pub(crate) struct FetchResult {
    pub(crate) usage: UsageData,
    /// The same of the last settled hour, where that was requested beside days.
    pub(crate) last_hour: Option<UsageData>,
    /// The responses as received, for `-f raw`.
    pub(crate) raw: Vec<RawCall>,
    pub(crate) base_url: BaseUrl,
    /// The last exchange without a response, with its chain of causes.
    pub(crate) last_error: Option<ExchangeError>,
    /// The reason why it stopped early.
    pub(crate) stopped: Option<StopReason>,
    /// A hint on the first failure.
    hint: Option<Text>,
    /// The writer of rows that could not be written as they arrived.
    pub(crate) writer: Option<RowWriter>,
    /// Seconds to add to this machine's clock to get the time that the range goes by.
    pub(crate) clock_offset: i64,
}

/// The part of the data that is kept in memory.
#[derive(Debug)]
pub(crate) enum OutputMode {
    /// The report.
    Report,
    /// The report and the responses as received.
    Raw,
    /// No rows: they are written as they arrive, and only facts for the end of the run are kept.
    Rows(RowWriter),
}

impl FetchResult {
    /// Returns the summary its exit status follows from.
    pub(in crate::commands) fn summary(&self) -> QuerySummary<'_> {
        let last_error = self.last_error.as_ref();
        let reports = self.usages().map(|usage| &usage.report);
        QuerySummary::new(reports, &self.usage.warnings, last_error, &self.base_url)
            .with_stop(self.stopped)
            .with_hint(self.hint.as_ref())
    }

    /// Returns the usage of every range.
    pub(in crate::commands) fn usages(&self) -> impl Iterator<Item = &UsageData> {
        std::iter::once(&self.usage).chain(&self.last_hour)
    }
}

/// Fetches usage for `command`: the targets, their parts where the service may not tag them by
/// itself, and the previous range.
pub(crate) async fn fetch_usage(
    command: &'static str,
    network: &NetworkArgs,
    request: &UsageRequest,
    context: &Context<'_>,
    mode: OutputMode,
) -> Result<FetchResult, CliError> {
    let session = FetchContext::open(command, network, request, context).await?;
    fetch_usage_in(&session, mode).await
}

/// Fetches the usage of the session's request.
pub(crate) async fn fetch_usage_in(
    session: &FetchContext<'_>,
    mode: OutputMode,
) -> Result<FetchResult, CliError> {
    let (request, context) = (session.request, session.context);
    let listed = session.targets().await?;
    let (targets, mut endpoints) = (&listed.targets, listed.endpoints.clone());
    let parts = session.parts(targets).await?;
    endpoints.extend(parts.endpoints.iter().map(|(id, endpoint)| (id.clone(), endpoint.clone())));
    let profiles = session.profiles();
    let plan = request.effective();
    let facts = ResultMeta {
        metrics: plan.action.metrics(),
        dimensions: plan.action.dimensions(),
        targets,
        endpoints: &endpoints,
        api_keys: &listed.api_keys,
        profiles: &profiles,
        account_ids: &listed.account_ids,
        prices: request.prices.as_ref(),
    };
    // A bucket of several targets is known at the end only.
    let in_one = targets.len() == 1
        && !request.checks_filters()
        && listed.unlisted.is_empty()
        && parts.targets.is_empty();
    let (mode, writer) = match mode {
        OutputMode::Rows(writer) if !writer.lines && !in_one => (OutputMode::Report, Some(writer)),
        mode => (mode, None),
    };
    let mut run = FetchRun::new(session, context)?;
    let mut report = run.whole(targets, run.range.window, mode, facts).await?;
    let window = run.range.window;
    run.add_parts(&mut report, &parts, window).await?;
    mark_unlisted(&mut report, &listed, &parts);
    let hint = session.hint(&report).await;
    run.warnings.extend(action_fit::warn_not_grouped(&report));
    run.warn_without_usage(&report, targets, window).await?;
    let mut previous = None;
    // Nothing can be compared with a part of the range.
    if let Some(window) = run.range.previous.filter(|_| run.stopped.is_none()) {
        let mut before = run.whole(targets, window, OutputMode::Report, facts).await?;
        run.add_parts(&mut before, &parts, window).await?;
        listed.mark(&mut before);
        report.take_log(&mut before);
        previous = Some(before);
    }
    let last_hour = run.last_hour(&listed, &parts, facts).await?;
    let FetchRun { raw, mut warnings, last_error, stopped, range, .. } = run;
    warnings.extend(request.approximate_days.then(|| approximate_days(request)));
    warnings.extend(listed.warnings());
    warnings.extend(parts.warnings);
    let now = context.clock.now().as_second();
    warnings.extend(warn_unattributed_prices(request, &report, &endpoints, now));
    let mut usage = UsageData {
        report,
        previous,
        endpoints,
        api_keys: listed.api_keys,
        profiles,
        account_ids: listed.account_ids,
        warnings,
        scope: listed.scope,
        range,
        prices: request.prices.clone(),
    };
    let are_all = request.filter.endpoint_ids.is_empty();
    let unmatched = unmatched_prices(&usage, request.effective().action, ACTIONS, are_all);
    usage.warnings.extend(unmatched);
    Ok(FetchResult {
        last_hour: last_hour.map(|hour| last_hour::beside(&usage, hour)),
        usage,
        raw,
        base_url: session.base_url().clone(),
        last_error,
        stopped,
        hint,
        writer,
        clock_offset: session.clock_offset(),
    })
}

/// Marks what lists left out: of the targets, and of their parts.
pub(super) fn mark_unlisted(report: &mut UsageReport, listed: &ListedTargets, parts: &PartTargets) {
    listed.mark(report);
    for (target, shortfall) in &parts.unlisted {
        report.add_unlisted_parts(*target, *shortfall);
    }
}

fn approximate_days(request: &UsageRequest) -> (&'static str, Text) {
    let message = text!(
        "days in {zone} do not start on the hour; an hour counts towards the day it starts in, so days are approximate",
        "{zone} 的一天不从整点开始：跨越零点的一小时计入它开始的那一天，因此每天的数字是近似的",
        zone = request.range.zone_name
    );
    ("approximate_days", message)
}

/// Warns about usage of unknown endpoints and models, to which only the default price applies.
fn warn_unattributed_prices(
    request: &UsageRequest,
    report: &UsageReport,
    endpoints: &EndpointCatalog,
    now_unix: i64,
) -> Option<(&'static str, Text)> {
    let prices = request.prices.as_ref()?;
    let mut sums: BTreeMap<Metric, i128> = BTreeMap::new();
    for share in report.attribute(&[Tags::ENDPOINT_ID], now_unix) {
        let id = share.label.endpoint_id.as_deref();
        let listed = id.is_some_and(|id| endpoints.contains_key(id));
        if !listed && prices.are_specific_of(&share.metric, id.is_some()) {
            let value = share.cells.iter().filter_map(|cell| cell.value).sum::<i128>();
            *sums.entry(share.metric).or_default() += value;
        }
    }
    let sums = sums.into_iter().filter(|(_, sum)| *sum != 0);
    let sums = sums.map(|(metric, sum)| format!("{metric} ({})", chart_data::grouped(sum)));
    let sums: Vec<String> = sums.collect();
    let message = text!(
        "prices: some usage has no known endpoint or model; only the default price applies to it: {sums}",
        "价格：部分用量的推理接入点或模型未知，只能采用默认价格：{sums}";
        sums = listed(&sums, MOST_LISTED)
    );
    (!sums.is_empty()).then_some(("priced_as_nobodys", message))
}

/// The queries of one run, which share accounts and `--timeout`.
pub(super) struct FetchRun<'a> {
    pub(super) session: &'a FetchContext<'a>,
    context: &'a Context<'a>,
    /// The range, by the server's clock once that is known.
    pub(super) range: Range,
    /// The options of the next query.
    pub(super) options: QueryOptions,
    /// Keep the responses as received, of every query.
    keeps_raw: bool,
    raw: Vec<RawCall>,
    warnings: Vec<(&'static str, Text)>,
    last_error: Option<ExchangeError>,
    pub(super) stopped: Option<StopReason>,
}

impl<'a> FetchRun<'a> {
    fn new(session: &'a FetchContext<'a>, context: &'a Context<'a>) -> Result<Self, CliError> {
        Ok(Self {
            session,
            context,
            range: session.range()?,
            options: session.request.query_options(),
            keeps_raw: false,
            raw: Vec::new(),
            warnings: Vec::new(),
            last_error: None,
            stopped: None,
        })
    }

    /// Fetches the targets; rows are written as they arrive in [`OutputMode::Rows`].
    pub(super) async fn whole(
        &mut self,
        targets: &[Target],
        mut window: Window,
        mode: OutputMode,
        facts: ResultMeta<'_>,
    ) -> Result<UsageReport, CliError> {
        self.keeps_raw |= matches!(mode, OutputMode::Raw);
        let keep_raw = self.keeps_raw;
        let stream = if let OutputMode::Rows(writer) = mode {
            let range = self.range.clone();
            Some(RowStream::new(writer, facts, range, self.context.clock.clone())?)
        } else {
            None
        };
        let output_closed = Notify::new();
        let mut collector =
            ResponseCollector { keep_raw, raw: Vec::new(), stream, output_closed: &output_closed };
        let mut report = loop {
            match self.run_query(targets, window, &mut collector, &output_closed).await? {
                Ok(report) => break report,
                Err(range) => {
                    window = range.window;
                    collector.restart(&range);
                    self.range = *range;
                }
            }
        };
        self.raw.append(&mut collector.raw);
        if self.session.request.filter.projects.is_every() {
            report.forget_absent(is_absent_batch_job);
        }
        if let Some(mut stream) = collector.stream {
            stream.write_part(&mut report);
            let summary = stream.finish()?;
            report.calls = summary.calls;
            report.coverage.missing = summary.missing;
            self.warnings.extend(summary.warnings);
            if let Some(note) = summary.note {
                self.context.note(note);
            }
        }
        self.warnings.extend(report.warnings.iter().map(model_warning));
        Ok(report)
    }

    /// Fetches parts of the targets and adds them to their wholes.
    pub(super) async fn add_parts(
        &mut self,
        report: &mut UsageReport,
        parts: &PartTargets,
        window: Window,
    ) -> Result<(), CliError> {
        if parts.targets.is_empty() || self.stopped.is_some() {
            return Ok(());
        }
        let facts = ResultMeta {
            metrics: MetricTable::default(),
            dimensions: &[],
            targets: &[],
            endpoints: &parts.endpoints,
            api_keys: &BTreeMap::new(),
            profiles: &[],
            account_ids: &[],
            prices: None,
        };
        let of_parts = self.whole(&parts.targets, window, OutputMode::Report, facts).await?;
        let known = report.warnings.len() + of_parts.warnings.len();
        report.add_parts(of_parts, &parts.whole_of);
        self.warnings.extend(report.warnings.iter().skip(known).map(model_warning));
        Ok(())
    }

    /// Warns about values of filters without usage: the service takes any name, so that a mistyped
    /// one counts nothing. The values that have usage are fetched to tell the nearest.
    async fn warn_without_usage(
        &mut self,
        report: &UsageReport,
        targets: &[Target],
        window: Window,
    ) -> Result<(), CliError> {
        let action = self.session.request.effective().action;
        for filter in action_fit::resolved(self.session.request.filters(), targets) {
            let missing = action_fit::without_usage(report, &filter);
            if missing.is_empty()
                || self.stopped.is_some()
                || !report.calls.iter().all(|call| call.error.is_none())
                || !action_fit::groups(action, filter.key)
            {
                continue;
            }
            let others = targets.iter().map(|target| action_fit::by_instead(target, filter.key));
            let others: Vec<Target> = others.collect();
            let mut observer = ();
            let never = std::future::pending::<StopReason>();
            let options =
                with_remaining_time(self.session.request.query_options(), &self.context.clock);
            let query = query(action, others, window, self.session.base_url(), options)?;
            let run = self.session.run(query, &self.range, &mut observer, never);
            if let Ok(Finished { report: all, .. }) = run.await? {
                self.warnings.extend(action_fit::warn_without_usage(&all, &filter, &missing));
            }
        }
        Ok(())
    }

    async fn run_query(
        &mut self,
        targets: &[Target],
        window: Window,
        collector: &mut ResponseCollector<'_>,
        output_closed: &Notify,
    ) -> Result<Result<UsageReport, Box<Range>>, CliError> {
        let request = self.session.request;
        let options = with_remaining_time(self.options.clone(), &self.context.clock);
        let query = query(
            request.effective().action,
            targets.to_vec(),
            window,
            self.session.base_url(),
            options,
        )?;
        let stop = stop_reason(self.context, output_closed);
        let run = self.session.run(query, &self.range, collector, stop);
        let Finished { report, interrupted, last_error, .. } = match run.await? {
            Ok(finished) => finished,
            Err(range) => return Ok(Err(range)),
        };
        self.last_error = last_error.or_else(|| self.last_error.take());
        self.stopped = self.stopped.or_else(|| interrupted.flatten());
        Ok(Ok(report))
    }
}

/// Returns true for the refusal of a project that does not have the batch job.
fn is_absent_batch_job(failure: &CallFailure) -> bool {
    let CallFailure::Api(error) = failure else { return false };
    error.error_code().class() == CodeClass::NotFound(Some("BatchJobId"))
}

/// The reason why a query stops early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// Ctrl-C.
    Interrupted,
    /// The reader of the output left, or the output cannot be written.
    OutputClosed,
}

async fn stop_reason(context: &Context<'_>, output_closed: &Notify) -> StopReason {
    tokio::select! {
        biased;
        () = context.record_mode.interrupted() => StopReason::Interrupted,
        () = output_closed.notified() => StopReason::OutputClosed,
    }
}

/// Keeps the responses for `-f raw`, and writes rows as they arrive.
struct ResponseCollector<'a> {
    keep_raw: bool,
    raw: Vec<RawCall>,
    stream: Option<RowStream<'a>>,
    /// Notified when the output takes no more rows.
    output_closed: &'a Notify,
}

impl ResponseCollector<'_> {
    /// Drops what a query for other buckets brought.
    fn restart(&mut self, range: &Range) {
        self.raw.clear();
        if let Some(stream) = &mut self.stream {
            stream.move_to(range);
        }
    }
}

impl Observer for ResponseCollector<'_> {
    fn on_event(&mut self, event: Event<'_>) {
        if let Event::Answered { exchange, response } = event
            && self.keep_raw
        {
            self.raw.push(RawCall::new(exchange, response.body()));
        }
    }

    fn takes_parts(&self) -> bool {
        self.stream.is_some()
    }

    fn on_part(&mut self, mut part: UsageReport) {
        let Some(stream) = &mut self.stream else { return };
        stream.write_part(&mut part);
        if !stream.is_open() {
            self.output_closed.notify_one();
        }
    }
}

//! The asking: keys, transport, driver; what came is kept whatever happens.

use std::collections::BTreeMap;
use std::ops::Deref;

use ark_usage_model::{Metric, MetricTable, Tags, Target, UsageReport, Window};
use ark_usage_report::{ResultMeta, UsageData};
use ark_usage_transport::{Event, ExchangeError, Finished, Observer};
use tokio::sync::Notify;
use volc_openapi::BaseUrl;

use super::row_stream::{RowStream, RowWriter};
use super::{EndpointCatalog, FetchContext, PartTargets, UsageRequest, left, query};
use crate::args::NetworkArgs;
use crate::clock::DriverClock;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::{Text, model_warning};
use crate::render::RawCall;
use crate::{figure, text};

/// The usage that was fetched, and how the run ended.
#[derive(Debug)]
pub(crate) struct FetchResult {
    pub(crate) usage: UsageData,
    /// The responses as received, when they were requested.
    pub(crate) raw: Vec<RawCall>,
    pub(crate) base_url: BaseUrl,
    /// The error of the last exchange that failed, with its chain of causes.
    pub(crate) last_error: Option<ExchangeError>,
    /// The reason the run ended early, if it did.
    pub(crate) end: Option<StopReason>,
}

/// What is taken of the answers.
#[derive(Debug)]
pub(crate) enum OutputMode {
    /// The report, whole.
    Report,
    /// The report, and the answers as they came.
    Raw,
    /// Rows, written as they come; only what the end of the run needs is kept.
    Rows(RowWriter),
}

impl Deref for FetchResult {
    type Target = UsageData;

    fn deref(&self) -> &UsageData {
        &self.usage
    }
}

/// Asks, in the name of `command`: for the usage, for its parts where the service may not tell
/// them apart by itself, and for the range before.
pub(crate) async fn fetch_usage(
    command: &'static str,
    network: &NetworkArgs,
    request: &UsageRequest,
    context: &Context<'_>,
    mode: OutputMode,
) -> Result<FetchResult, CliError> {
    let session = FetchContext::open(command, network, request, context).await?;
    let (targets, mut endpoints) = session.targets().await?;
    let parts = session.parts(&targets).await?;
    endpoints.extend(parts.endpoints.iter().map(|(id, it)| (id.clone(), it.clone())));
    let profiles = session.profiles();
    let facts = ResultMeta {
        metrics: request.action.metrics(),
        targets: &targets,
        endpoints: &endpoints,
        profiles: &profiles,
        prices: request.prices.as_ref(),
    };
    let mut run = FetchRun::new(&session, context);
    let window = request.range.window;
    let mut report = run.whole(&targets, window, mode, facts).await?;
    run.beside(&mut report, &parts, window).await?;
    let mut previous = None;
    // Ctrl-C ends it all: no change can be told of a part.
    if let Some(window) = request.range.previous.filter(|_| run.end.is_none()) {
        let mut before = run.whole(&targets, window, OutputMode::Report, facts).await?;
        run.beside(&mut before, &parts, window).await?;
        report.take_log(&mut before);
        previous = Some(before);
    }
    let FetchRun { raw, mut warnings, last_error, end, .. } = run;
    warnings.extend(request.approximate_days.then(|| approximate_days(request)));
    warnings.extend(parts.warnings);
    let now = context.clock.now().as_second();
    warnings.extend(warn_unattributed_prices(request, &report, &endpoints, now));
    Ok(FetchResult {
        usage: UsageData {
            report,
            previous,
            endpoints,
            profiles,
            warnings,
            range: request.range.clone(),
            prices: request.prices.clone(),
        },
        raw,
        base_url: session.base_url().clone(),
        last_error,
        end,
    })
}

fn approximate_days(request: &UsageRequest) -> (&'static str, Text) {
    let message = text!(
        "days of {zone} do not begin on the hour: an hour counts to the day in which it begins, so days are approximate",
        "{zone} 的一天不从整点开始：跨越零点的一小时计入它开始的那一天，因此每天的数字是近似的",
        zone = request.range.zone_name
    );
    ("approximate_days", message)
}

/// What prices of endpoints, labels and models cannot apply to, because nobody knows whose it is.
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
    let sums = sums.map(|(metric, sum)| format!("{metric} ({})", figure::grouped(sum)));
    let sums = sums.collect::<Vec<_>>().join(", ");
    let message = text!(
        "prices: of usage of no known endpoint or model, only the price for nothing in particular can apply: {sums}",
        "价格：推理接入点或模型未知的用量只能采用什么都没指定的价格：{sums}"
    );
    (!sums.is_empty()).then_some(("priced_as_nobodys", message))
}

/// One query after the other, in the same names and within the same time.
struct FetchRun<'a> {
    session: &'a FetchContext<'a>,
    context: &'a Context<'a>,
    clock: DriverClock,
    /// The answers as they came are wanted, of every query.
    keeps_raw: bool,
    raw: Vec<RawCall>,
    warnings: Vec<(&'static str, Text)>,
    last_error: Option<ExchangeError>,
    end: Option<StopReason>,
}

impl<'a> FetchRun<'a> {
    fn new(session: &'a FetchContext<'a>, context: &'a Context<'a>) -> Self {
        Self {
            session,
            context,
            clock: context.clock.for_driver(),
            keeps_raw: false,
            raw: Vec::new(),
            warnings: Vec::new(),
            last_error: None,
            end: None,
        }
    }

    /// Asks about the targets; rows are written as they come where they are taken so.
    async fn whole(
        &mut self,
        targets: &[Target],
        window: Window,
        mode: OutputMode,
        facts: ResultMeta<'_>,
    ) -> Result<UsageReport, CliError> {
        let range = &self.session.request.range;
        self.keeps_raw |= matches!(mode, OutputMode::Raw);
        let keep_raw = self.keeps_raw;
        let stream = if let OutputMode::Rows(writer) = mode {
            Some(RowStream::new(writer, facts, range, self.context.clock.clone())?)
        } else {
            None
        };
        let enough = Notify::new();
        let mut watcher = ResponseCollector { keep_raw, raw: Vec::new(), stream, enough: &enough };
        let mut report = self.finished(targets, window, &mut watcher, &enough).await?;
        self.raw.append(&mut watcher.raw);
        if let Some(mut stream) = watcher.stream {
            stream.take(&mut report);
            let kept = stream.finish()?;
            report.calls = kept.calls;
            report.coverage.missing = kept.missing;
            self.warnings.extend(kept.warnings);
            if let Some(note) = kept.note {
                self.context.note(note);
            }
        }
        self.warnings.extend(report.warnings.iter().map(model_warning));
        Ok(report)
    }

    /// Asks about parts of the targets, and lays them beside their wholes.
    async fn beside(
        &mut self,
        report: &mut UsageReport,
        parts: &PartTargets,
        window: Window,
    ) -> Result<(), CliError> {
        if parts.targets.is_empty() || self.end.is_some() {
            return Ok(());
        }
        let facts = ResultMeta {
            metrics: MetricTable::default(),
            targets: &[],
            endpoints: &parts.endpoints,
            profiles: &[],
            prices: None,
        };
        let of_parts = self.whole(&parts.targets, window, OutputMode::Report, facts).await?;
        report.add_parts(of_parts, &parts.whole_of);
        Ok(())
    }

    async fn finished(
        &mut self,
        targets: &[Target],
        window: Window,
        watcher: &mut ResponseCollector<'_>,
        enough: &Notify,
    ) -> Result<UsageReport, CliError> {
        let request = self.session.request;
        let options = left(request.options.clone(), &self.clock);
        let query = query(
            request.action,
            targets.to_vec(),
            window,
            self.session.base_url(),
            options.clone(),
        )?;
        let end = end(self.context, enough);
        let run = self.session.run(query, &options, &request.range, watcher, end);
        let Finished { report, interrupted, last_error, .. } = run.await;
        self.last_error = last_error.or_else(|| self.last_error.take());
        self.end = self.end.or(interrupted);
        Ok(report)
    }
}

/// Why a query ends before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StopReason {
    /// The user wants it to.
    Interrupted,
    /// Nobody reads any more, or it cannot be written.
    Enough,
}

async fn end(context: &Context<'_>, enough: &Notify) -> StopReason {
    tokio::select! {
        biased;
        () = context.record_mode.interrupted() => StopReason::Interrupted,
        () = enough.notified() => StopReason::Enough,
    }
}

/// Keeps what `-f raw` prints, and writes rows as they come.
struct ResponseCollector<'a> {
    keep_raw: bool,
    raw: Vec<RawCall>,
    stream: Option<RowStream<'a>>,
    /// Told when nothing more is wanted.
    enough: &'a Notify,
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
        stream.take(&mut part);
        if !stream.is_open() {
            self.enough.notify_one();
        }
    }
}

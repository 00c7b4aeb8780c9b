//! The asking: keys, transport, driver; what came is kept whatever happens.

use ark_usage_model::{CallFailure, TargetId, UsageReport};
use ark_usage_transport::{Event, Finished, Observer};
use tokio::sync::Notify;
use volc_openapi::BaseUrl;

use super::row_stream::{RowStream, RowWriter};
use super::{Asking, Endpoints, Question, query, tell};
use crate::args::NetworkArgs;
use crate::commands::Context;
use crate::error::CliError;
use crate::lang::{Text, model_warning};
use crate::prices::Prices;
use crate::range::Range;
use crate::render::RawCall;
use crate::view::Facts;

/// What came of it.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) report: UsageReport,
    /// What the service says about endpoints, when it was asked.
    pub(crate) endpoints: Endpoints,
    /// The profile of each account, where one was named.
    pub(crate) profiles: Vec<Option<String>>,
    /// The answers as they came, when they were asked for.
    pub(crate) raw: Vec<RawCall>,
    /// Code and prose.
    pub(crate) warnings: Vec<(&'static str, Text)>,
    pub(crate) base_url: BaseUrl,
    pub(crate) range: Range,
    /// Own prices, when some were given.
    pub(crate) prices: Option<Prices>,
    /// Why the last exchange without an answer had none, with the whole chain of causes.
    pub(crate) last_error: Option<ark_usage_transport::ExchangeError>,
    /// What ended it before its time.
    pub(crate) end: Option<End>,
}

/// What is taken of the answers.
#[derive(Debug)]
pub(crate) enum Take {
    /// The report, whole.
    Report,
    /// The report, and the answers as they came.
    Raw,
    /// Rows, written as they come; only what the end of the run needs is kept.
    Rows(RowWriter),
}

impl Asked {
    /// Whether there is an answer to show: data, or at least a call the service answered.
    pub(crate) fn anything_came(&self) -> bool {
        !self.report.series.is_empty() || self.report.calls.iter().any(|call| call.error.is_none())
    }

    /// The first thing that went wrong.
    pub(crate) fn first_failure(&self) -> Option<&CallFailure> {
        self.report.calls.iter().find_map(|call| call.error.as_ref())
    }

    /// The profile whose keys asked about a target, when several were named.
    pub(crate) fn profile(&self, target: TargetId) -> Option<&str> {
        self.facts().profile(target).filter(|_| self.profiles.len() > 1)
    }

    /// The project a target asks about, when it names one.
    pub(crate) fn project(&self, target: TargetId) -> Option<&str> {
        self.report.targets.get(target.index())?.project.as_deref()
    }

    /// What is known beside the numbers.
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            targets: &self.report.targets,
            endpoints: &self.endpoints,
            profiles: &self.profiles,
            prices: self.prices.as_ref(),
        }
    }
}

/// Asks, in the name of `command`.
pub(crate) async fn ask(
    command: &'static str,
    network: &NetworkArgs,
    question: &Question,
    context: &Context<'_>,
    take: Take,
) -> Result<Asked, CliError> {
    let asking = Asking::open(command, network, question, context).await?;
    let (targets, endpoints) = asking.targets().await?;
    let base_url = asking.base_url();
    let window = question.range.window;
    let query = query(targets.clone(), window, base_url, question.options.clone())?;
    let client = asking.client();
    let profiles = asking.profiles();
    let keep_raw = matches!(take, Take::Raw);
    let stream = if let Take::Rows(writer) = take {
        let facts = Facts {
            targets: &targets,
            endpoints: &endpoints,
            profiles: &profiles,
            prices: question.prices.as_ref(),
        };
        Some(RowStream::new(writer, facts, &question.range, context.clock.clone())?)
    } else {
        None
    };
    let enough = Notify::new();
    let mut watcher = Watcher {
        context,
        range: &question.range,
        keep_raw,
        raw: Vec::new(),
        stream,
        enough: &enough,
    };
    let finished = client.run_until(query, &mut watcher, end(context, &enough)).await;
    let Finished { mut report, interrupted, last_error, .. } = finished;
    let mut warnings = Vec::new();
    if let Some(mut stream) = watcher.stream {
        stream.take(&mut report);
        let kept = stream.finish()?;
        report.calls = kept.calls;
        report.coverage.missing = kept.missing;
        warnings = kept.warnings;
    }
    warnings.extend(report.warnings.iter().map(model_warning));
    Ok(Asked {
        report,
        raw: watcher.raw,
        endpoints,
        profiles,
        warnings,
        base_url: base_url.clone(),
        range: question.range.clone(),
        prices: question.prices.clone(),
        last_error,
        end: interrupted,
    })
}

/// Why a query ends before its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The user wants it to.
    Interrupted,
    /// Nobody reads any more, or it cannot be written.
    Enough,
}

async fn end(context: &Context<'_>, enough: &Notify) -> End {
    tokio::select! {
        biased;
        () = context.tape.interrupted() => End::Interrupted,
        () = enough.notified() => End::Enough,
    }
}

/// Keeps what `-f raw` prints, writes rows as they come, and tells `-v` every call.
struct Watcher<'a> {
    context: &'a Context<'a>,
    range: &'a Range,
    keep_raw: bool,
    raw: Vec<RawCall>,
    stream: Option<RowStream<'a>>,
    /// Told when nothing more is wanted.
    enough: &'a Notify,
}

impl Observer for Watcher<'_> {
    fn on_event(&mut self, event: Event<'_>) {
        tell(&event, self.range, self.context);
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

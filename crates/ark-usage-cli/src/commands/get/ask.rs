//! The asking: keys, transport, driver; what came is kept whatever happens.

use ark_usage_model::{CallFailure, Progress, TargetId, UsageReport};
use ark_usage_transport::{Client, Event, Finished};
use volc_openapi::BaseUrl;

use super::account::{self, Account};
use super::discover::{self, Endpoints};
use super::question::Question;
use crate::args::GetArgs;
use crate::commands::Context;
use crate::demo::Demo;
use crate::error::CliError;
use crate::interrupt::interrupted;
use crate::range::Range;
use crate::render::RawCall;

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
    pub(crate) warnings: Vec<(&'static str, String)>,
    pub(crate) base_url: BaseUrl,
    pub(crate) range: Range,
    /// Why the last exchange without an answer had none, with the whole chain of causes.
    pub(crate) last_error: Option<ark_usage_transport::ExchangeError>,
    /// The user ended it.
    pub(crate) interrupted: bool,
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
        let account = self.report.targets.get(target.index())?.account;
        let profile = self.profiles.get(usize::try_from(account.0).ok()?)?.as_deref();
        profile.filter(|_| self.profiles.len() > 1)
    }

    /// The project a target asks about, when it names one.
    pub(crate) fn project(&self, target: TargetId) -> Option<&str> {
        self.report.targets.get(target.index())?.project.as_deref()
    }
}

/// Asks. With `keep_raw` the answers are kept as they came.
pub(super) async fn ask(
    args: &GetArgs,
    question: &Question,
    context: &Context<'_>,
    keep_raw: bool,
) -> Result<Asked, CliError> {
    let (accounts, transport) = account::all(&args.network, question, context)?;
    account::find_keys(&accounts, context).await?;
    if question.counts_default_project_only() {
        context.note("only the default project is counted; --project names others");
    }
    let demo = if question.demo { Some(Demo::start(context.clock).await?) } else { None };
    let base_url = demo.as_ref().map_or(&question.base_url, |demo| &demo.base_url);
    account::refuse_doubles(&accounts, base_url, context).await?;
    let (targets, endpoints) = discover::targets(question, &accounts, base_url).await?;

    let query = question.query(targets, base_url.clone(), question.options.clone())?;
    let signers: Vec<_> = accounts.iter().map(Account::signer).collect();
    let client = Client::new(transport, signers).with_clock(context.clock.for_driver());
    let mut watcher = Watcher { context, range: &question.range, keep_raw, raw: Vec::new() };
    let mut observer = |event: Event<'_>| watcher.see(&event);
    let finished = client.run_until(query, &mut observer, interrupted()).await;
    let raw = watcher.raw;
    let Finished { report, interrupted, last_error, .. } = finished;
    Ok(Asked {
        warnings: report.warnings.iter().map(|it| (it.code, it.message.clone())).collect(),
        report,
        endpoints,
        profiles: accounts.iter().map(|account| account.profile.clone()).collect(),
        raw,
        base_url: base_url.clone(),
        range: question.range.clone(),
        last_error,
        interrupted: interrupted.is_some(),
    })
}

/// Keeps what `-f raw` prints, and tells `-v` every call.
struct Watcher<'a> {
    context: &'a Context<'a>,
    range: &'a Range,
    keep_raw: bool,
    raw: Vec<RawCall>,
}

impl Watcher<'_> {
    fn see(&mut self, event: &Event<'_>) {
        match event {
            Event::Sent { exchange } => self.context.detail(&format!(
                "call {}: {} … {}, attempt {}",
                exchange.id.0,
                self.range.bucket_label(exchange.window.first()),
                self.range.bucket_label(exchange.window.last()),
                exchange.attempt
            )),
            Event::Answered { exchange, response } => {
                self.context.detail(&format!(
                    "call {}: {}, {} bytes",
                    exchange.id.0,
                    response.status(),
                    response.body().len()
                ));
                if self.keep_raw {
                    self.raw.push(RawCall::new(exchange, response.body()));
                }
            }
            Event::Failed { exchange, error } => {
                self.context.detail(&format!("call {}: {error}", exchange.id.0));
            }
            Event::Progress { id, progress } => {
                if let Some(text) = in_words(progress) {
                    self.context.detail(&format!("call {}: {text}", id.0));
                }
            }
            _ => {}
        }
    }
}

/// What the query made of an answer, where it is more than taking it in.
fn in_words(progress: &Progress) -> Option<String> {
    match progress {
        Progress::Retrying { after, why } => {
            Some(format!("again in {:.1} s, because: {why}", after.as_secs_f32()))
        }
        Progress::CorrectingClock { offset } => {
            Some(format!("again with the server's time, {offset:+} s from this machine's"))
        }
        Progress::RefreshingCredentials { why } => {
            Some(format!("again with fresh credentials, because: {why}"))
        }
        Progress::Probing { why } => Some(format!("asking for less to find out why: {why}")),
        Progress::Narrowed { from, to, .. } => {
            Some(format!("asking for {to} at a time, not {from}"))
        }
        Progress::AskingFurther { .. } => {
            Some("the last bucket did not come: asking one interval further".to_owned())
        }
        Progress::Failed(why) => Some(format!("given up: {why}")),
        Progress::TargetStopped { why, .. } | Progress::AccountStopped { why, .. } => {
            Some(format!("no further calls: {why}"))
        }
        _ => None,
    }
}

//! `history push`: sends settled samples to a receiver of Prometheus remote write.

use std::ops::RangeInclusive;

use ark_usage_history::{Store, StoreError};
use ark_usage_model::Interval;
use ark_usage_prometheus::remote_write::{
    Push, PushStep, PushStop, SampleKind, WriteResponse, plan, request,
};
use ark_usage_render::history::{Pushed, SampleCounts, StoppedPush};
use ark_usage_report::range::{self, Range, RangeInput, RangeSpec};
use ark_usage_report::text;
use ark_usage_transport::{Clock as _, ExchangeError, Transport as _, TransportError, random_seed};

use super::receiver::Receiver;
use super::zone;
use crate::args::{PushArgs, RangeArgs, ReportFormat};
use crate::commands::call_error;
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::history::HistoryFile;
use crate::interrupt;
use crate::lang::Text;
use crate::output::{Output, Sink};

/// Sends what the receiver lacks, or says what that is.
pub(super) fn push(args: &PushArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let file = HistoryFile::new(args.file.history.as_deref(), context.environment)?;
    let receiver = Receiver::new(args, context)?;
    let (range, times) = range_of(&args.range, context)?;
    file.require()?;
    let job = PushJob { args, file: &file, receiver: &receiver, range: &range, context };
    let sink = Output::Stdout.open()?;
    if args.dry_run { job.show_plan(&times, sink) } else { job.send(times, sink) }
}

/// Returns the range of flags, and the times of its samples: everything where no flag names a range.
fn range_of(
    args: &RangeArgs,
    context: &Context<'_>,
) -> Result<(Range, RangeInclusive<i64>), CliError> {
    let (zone, zone_name) = zone(args.tz.as_deref(), context)?;
    let input = if args.is_given() { args.input() } else { RangeInput::Last("1h".to_owned()) };
    let spec = RangeSpec::new(&input, &zone, &zone_name, context.clock.now());
    let range = range::resolve(&RangeSpec { rows: Some(Interval::Hour), ..spec })?;
    // A sample has the time at which its bucket ends.
    let given = range.window.first().saturating_add(1)..=range.window.end();
    let times = if args.is_given() { given } else { i64::MIN..=i64::MAX };
    Ok((range, times))
}

struct PushJob<'a> {
    args: &'a PushArgs,
    file: &'a HistoryFile,
    receiver: &'a Receiver,
    range: &'a Range,
    context: &'a Context<'a>,
}

/// The end of a push.
struct PushOutcome {
    push: Push,
    interrupted: bool,
    /// The last exchange without a response.
    failure: Option<ExchangeError>,
}

impl PushJob<'_> {
    fn show_plan(&self, times: &RangeInclusive<i64>, sink: Sink) -> Result<ExitStatus, CliError> {
        let store = self.file.open_to_read()?;
        let plan = plan(&store, &self.receiver.name, times).map_err(|error| self.failed(error))?;
        let samples = SampleCounts {
            new: plan.count(SampleKind::New),
            corrections: plan.count(SampleKind::Correction),
            again: plan.count(SampleKind::Again),
            left: 0,
            too_large: plan.too_large,
        };
        self.show((plan.series.len(), samples, 0), None, sink)?;
        Ok(self.status_of(samples.too_large))
    }

    fn send(&self, times: RangeInclusive<i64>, sink: Sink) -> Result<ExitStatus, CliError> {
        let lock = self.file.try_lock()?.ok_or_else(|| self.file.busy())?;
        let mut store = self.file.open_to_write(&lock)?;
        let mut push = Push::new(self.receiver.name.clone(), times);
        (push.limits.retries, push.jitter) = (self.args.receiver.retries, random_seed());
        let outcome = self.context.block_on(self.send_all(push, &mut store))?;
        let counts = outcome.push.counts();
        let error = outcome.error(self.receiver);
        let is_any_sent = counts.new + counts.corrections + counts.again > 0;
        if let Some(error) = error.filter(|_| !is_any_sent) {
            return Err(error);
        }
        let (new, corrections, again) = (counts.new, counts.corrections, counts.again);
        let (left, too_large) = (counts.left, counts.too_large);
        let samples = SampleCounts { new, corrections, again, left, too_large };
        let stopped = outcome.stopped();
        self.show((outcome.push.series(), samples, counts.requests), stopped, sink)?;
        if let Some(error) = outcome.error(self.receiver) {
            self.context.say(Text::each(|lang| error.report_partial(lang)));
            return Ok(ExitStatus::Partial);
        }
        if outcome.interrupted {
            self.context.say(text!(
                "interrupted: the next push continues where this one ended",
                "已中断：下次发送会从这里继续"
            ));
            return Ok(ExitStatus::Interrupted);
        }
        Ok(self.status_of(too_large))
    }

    /// Does what the machine says until it ends, or until Ctrl-C.
    async fn send_all(
        &self,
        mut push: Push,
        store: &mut dyn Store,
    ) -> Result<PushOutcome, CliError> {
        let mut failure = None;
        loop {
            let exchange = match push.next(store).map_err(|error| self.failed(error))? {
                PushStep::Send(body) => Some(body),
                PushStep::Wait(delay) => {
                    tokio::select! {
                        () = self.context.clock.sleep(delay) => continue,
                        () = interrupt::interrupted() => None,
                    }
                }
                PushStep::End => return Ok(PushOutcome { push, interrupted: false, failure }),
            };
            let Some(body) = exchange else {
                return Ok(PushOutcome { push, interrupted: true, failure });
            };
            tokio::select! {
                response = self.exchange(body) => match response {
                    Ok(response) => push.on_response(response),
                    Err(error) => {
                        push.on_failure(error.kind().is_temporary());
                        failure = Some(error);
                    }
                },
                () = interrupt::interrupted() => {
                    return Ok(PushOutcome { push, interrupted: true, failure });
                }
            }
        }
    }

    async fn exchange(&self, body: Vec<u8>) -> Result<WriteResponse, ExchangeError> {
        let Receiver { url, key, network, .. } = self.receiver;
        let request = request(url, key.as_ref(), body).map_err(TransportError::other)?;
        let response = network.send(request).await?;
        let (head, body) = response.into_parts();
        let now = self.context.clock.now().as_second();
        Ok(WriteResponse::new(head.status, &head.headers, &body, now))
    }

    fn show(
        &self,
        (series, samples, requests): (usize, SampleCounts, u64),
        stopped: Option<StoppedPush<'_>>,
        mut sink: Sink,
    ) -> Result<(), CliError> {
        let history = self.file.path.display().to_string();
        let pushed = Pushed {
            history: &history,
            receiver: &self.receiver.name,
            dry_run: self.args.dry_run,
            series,
            samples,
            requests,
            stopped,
            range: self.range,
            generated_at: self.context.clock.now().as_second(),
        };
        sink.write(&match self.args.format {
            ReportFormat::Text => {
                format!("{}\n", pushed.line().in_lang(self.context.lang)).into_bytes()
            }
            ReportFormat::Json => pushed.json()?,
        })?;
        sink.finish()
    }

    fn status_of(&self, too_large: u64) -> ExitStatus {
        if too_large == 0 {
            return ExitStatus::Done;
        }
        self.context.say(text!(
            "warning: {too_large} values were left out: receivers hold whole numbers up to 2^53 only",
            "警告：有 {too_large} 个数值未发送：接收端只能精确保存不超过 2^53 的整数"
        ));
        ExitStatus::Partial
    }

    fn failed(&self, error: StoreError) -> CliError {
        self.file.failed(error)
    }
}

impl PushOutcome {
    fn stopped(&self) -> Option<StoppedPush<'_>> {
        let stopped = |reason, status, line| StoppedPush { reason, status, line };
        match self.push.stop() {
            Some(PushStop::Refused { status, line }) => {
                Some(stopped("refused", Some(*status), Some(line)))
            }
            Some(PushStop::Unable { status, line }) => {
                Some(stopped("unable", Some(*status), Some(line)))
            }
            Some(PushStop::Unreached) => Some(stopped("unreached", None, None)),
            None => self.interrupted.then(|| stopped("interrupted", None, None)),
        }
    }

    fn error(&self, receiver: &Receiver) -> Option<CliError> {
        let url = &receiver.url;
        Some(match self.push.stop()? {
            PushStop::Refused { status, line } => CliError::refused(text!(
                "--remote-write {url}: the receiver refused the samples: {status} {line}",
                "--remote-write {url}：接收端拒绝了样本：{status} {line}"
            ))
            .with_hint(refusal_hint(*status)),
            PushStop::Unable { status, line } => CliError::transport(text!(
                "--remote-write {url}: the receiver cannot take the samples now: {status} {line}",
                "--remote-write {url}：接收端暂时无法接收样本：{status} {line}"
            ))
            .with_hint(text!(
                "push again later: nothing is lost and nothing is counted twice",
                "请稍后再次发送：不会丢失，也不会重复计算"
            )),
            PushStop::Unreached => match &self.failure {
                Some(failure) => call_error::from_exchange(failure, url),
                None => CliError::transport(text!("no response from {url}", "{url} 没有应答")),
            },
        })
    }
}

fn refusal_hint(status: u16) -> Text {
    match status {
        401 | 403 => text!(
            "pass a key with --bearer-token-file or --basic-auth-file",
            "请用 --bearer-token-file 或 --basic-auth-file 提供密钥"
        ),
        404 | 405 => text!(
            "write the whole address, such as http://127.0.0.1:9090/api/v1/write; Prometheus needs --web.enable-remote-write-receiver",
            "请写完整地址，例如 http://127.0.0.1:9090/api/v1/write；Prometheus 需要 --web.enable-remote-write-receiver"
        ),
        _ => text!(
            "Prometheus takes samples of the past within out_of_order_time_window only: raise it, or push less with --last 31d",
            "Prometheus 只接受 out_of_order_time_window 以内的过去样本：请调大它，或用 --last 31d 少发送一些"
        ),
    }
}

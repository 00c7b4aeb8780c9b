//! Carrying a schedule out: time is a number, sending is a function call.

use std::time::Duration;

use ark_usage_emulator::faults::{Effect, Fault, When};
use ark_usage_emulator::{Emulator, EmulatorOptions, SocketFault};
use ark_usage_model::{
    Exchange, ExchangeId, Now, Progress, Step, TargetId, UsageQuery, UsageReport, Window,
};
use http::header::CONTENT_ENCODING;
use third_action::QUERY_USAGE_TABLE;
use volc_openapi::TransportFailure;
use volc_sign::SigningTime;

use crate::random::Random;
use crate::schedule::{Order, Schedule};
use crate::world::{self, World};

/// The course of a run.
#[derive(Debug)]
pub struct Run {
    /// The reports: one, or several when it was streamed.
    pub parts: Vec<Part>,
    /// The responses whose points were taken, in that order.
    pub told: Vec<Told>,
    /// Exchanges sent.
    pub sent: usize,
    /// A log, one line for each event, when it was asked for.
    pub log: Vec<String>,
}

/// A report on some of the buckets.
#[derive(Debug)]
pub struct Part {
    /// The report.
    pub report: UsageReport,
    /// This machine's clock when it was taken, unix seconds.
    pub unix: i64,
}

impl Run {
    /// True when nothing is missing.
    pub fn is_complete(&self) -> bool {
        self.parts.iter().all(|part| part.report.coverage.complete)
    }
}

/// A change to an answer on its way.
pub type Alter = fn(&mut Vec<u8>);

/// An answer whose points the query took in.
#[derive(Clone, Debug)]
pub struct Told {
    /// The target.
    pub target: TargetId,
    /// The buckets asked for.
    pub window: Window,
    /// The range of the target's endpoint ids, by position.
    pub ids: std::ops::Range<usize>,
    /// Of the true values, in percent.
    pub percent: u64,
}

type Outcome = Result<http::Response<Vec<u8>>, TransportFailure>;

/// Steps after which a query counts as endless; the longest schedules take a few hundred.
const MOST_STEPS: usize = 20_000;
/// The time a transport waits for an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Carries a schedule out.
///
/// # Errors
///
/// When the query cannot be made, never ends, waits for nothing, or takes an answer in twice.
pub fn run(world: &World, schedule: &Schedule) -> Result<Run, String> {
    perform(world, schedule, false, None)
}

/// The same, with a line for each thing that happens.
///
/// # Errors
///
/// As [`run`].
pub fn run_logged(world: &World, schedule: &Schedule) -> Result<Run, String> {
    perform(world, schedule, true, None)
}

/// The same with answers that are not what the server said: what the invariant has to find.
///
/// # Errors
///
/// As [`run`].
pub fn run_altered(world: &World, schedule: &Schedule, alter: Alter) -> Result<Run, String> {
    perform(world, schedule, false, Some(alter))
}

fn perform(
    world: &World,
    schedule: &Schedule,
    log: bool,
    alter: Option<Alter>,
) -> Result<Run, String> {
    let base_url = "http://127.0.0.1/".parse().expect("a base URL");
    let query = UsageQuery::with_action(
        schedule.action.usage_action(),
        schedule.targets.clone(),
        schedule.window,
        base_url,
        schedule.options.clone(),
    )
    .map_err(|error| format!("the query cannot be made: {error}"))?;
    let mut stage = Stage {
        world,
        schedule,
        emulator: emulator(schedule),
        random: Random::new(schedule.seed),
        elapsed: Duration::ZERO,
        calls: 0,
        out: Vec::new(),
        told: Vec::new(),
        parts: Vec::new(),
        alter,
        log: log.then(Vec::new),
    };
    let query = stage.play(query)?;
    stage.parts.push(Part { report: query.into_report(), unix: stage.now().unix });
    Ok(Run {
        parts: stage.parts,
        told: stage.told,
        sent: usize::try_from(stage.calls).unwrap_or(usize::MAX),
        log: stage.log.unwrap_or_default(),
    })
}

fn emulator(schedule: &Schedule) -> Emulator {
    let mut faults = schedule.faults.clone();
    if let Some(revision) = schedule.revision {
        faults.faults.push(Fault {
            name: None,
            when: When { from: Some(revision.from), ..When::default() },
            effect: Effect::Revision { percent: revision.percent, since: None },
        });
    }
    Emulator::new(EmulatorOptions {
        accounts: world::accounts(),
        behaviors: schedule.behaviors.clone(),
        faults,
        size: world::size(),
        extra_actions: vec![QUERY_USAGE_TABLE],
        calls_per_second: schedule.calls_per_second,
        ..EmulatorOptions::default()
    })
}

/// Everything a run is made of, but for the query itself.
struct Stage<'a> {
    world: &'a World,
    schedule: &'a Schedule,
    emulator: Emulator,
    random: Random,
    elapsed: Duration,
    calls: u32,
    out: Vec<Out>,
    told: Vec<Told>,
    parts: Vec<Part>,
    alter: Option<Alter>,
    log: Option<Vec<String>>,
}

/// An exchange and the answer that is on its way.
struct Out {
    exchange: Exchange,
    percent: u64,
    due: Duration,
    outcome: Outcome,
}

impl Stage<'_> {
    fn play(&mut self, mut query: UsageQuery) -> Result<UsageQuery, String> {
        let mut answers = 0;
        for _ in 0..MOST_STEPS {
            if self.schedule.streamed
                && let Some(report) = query.take_finished()
            {
                self.note(|| format!("a part was taken: {:?}", report.window));
                self.parts.push(Part { report, unix: self.now().unix });
            }
            if self.schedule.interrupt_after == Some(answers) {
                self.note(|| "interrupted".to_owned());
                query.finish_early();
                return Ok(query);
            }
            let wake = match query.poll(self.now()) {
                Step::Send(exchange) => {
                    self.send(exchange)?;
                    continue;
                }
                Step::Done => return Ok(query),
                Step::WakeAt(wake) => Some(wake),
                Step::Wait => None,
            };
            let next = self.next_answer();
            let due = next.and_then(|index| self.out.get(index)).map(|out| out.due);
            match (next, wake) {
                (Some(index), _) if wake.is_none_or(|wake| due.is_some_and(|due| due <= wake)) => {
                    let out = self.out.remove(index);
                    self.elapsed = self.elapsed.max(out.due);
                    answers += 1;
                    self.deliver(&mut query, out)?;
                }
                (_, Some(wake)) if wake > self.elapsed => self.elapsed = wake,
                (_, Some(_)) => return Err("the query is woken for nothing".to_owned()),
                (_, None) => {
                    return Err("the query waits for an answer that cannot come".to_owned());
                }
            }
        }
        Err(format!("the query has not ended after {MOST_STEPS} steps"))
    }

    fn send(&mut self, exchange: Exchange) -> Result<(), String> {
        let mut request = exchange.request.clone();
        let signed_at = instant(self.now().unix + exchange.clock_offset)?;
        self.world
            .signer(exchange.account.0)
            .sign_request(&mut request, signed_at)
            .map_err(|error| format!("a request cannot be signed: {error}"))?;
        self.calls += 1;
        let server = instant(self.now().unix - self.schedule.clock_ahead)?;
        let mut response = self.emulator.handle(&request, server);
        if let Some(alter) = self.alter {
            alter(response.body_mut());
        }
        let revised = self.schedule.revision.filter(|revision| self.calls >= revision.from);
        let (outcome, takes) = self.carry(response);
        self.note(|| {
            format!(
                "call {}: {}, answer after {takes:?}: {}",
                exchange.id.0,
                String::from_utf8_lossy(exchange.request.body()),
                shown(&outcome)
            )
        });
        self.out.push(Out {
            exchange,
            percent: revised.map_or(100, |revision| revision.percent),
            due: self.elapsed + takes,
            outcome,
        });
        Ok(())
    }

    /// The outcome a transport reports, and the time it takes.
    fn carry(&mut self, response: http::Response<Vec<u8>>) -> (Outcome, Duration) {
        let longest = u32::try_from(self.schedule.latency.as_millis()).unwrap_or(u32::MAX);
        let usual = Duration::from_millis(u64::from(self.random.between(1, longest.max(1))));
        if response.headers().contains_key(CONTENT_ENCODING) {
            // Unpacking stops at the limit.
            return (Err(TransportFailure::BodyTooLarge), usual);
        }
        let Some(fault) = response.extensions().get::<SocketFault>().copied() else {
            return (Ok(response), usual);
        };
        match fault {
            SocketFault::ResetBeforeBody => (Err(TransportFailure::Reset), usual),
            SocketFault::ResetInBody => (Err(TransportFailure::Truncated), usual),
            SocketFault::Stall { .. } => (Err(TransportFailure::ReadTimeout), READ_TIMEOUT),
            SocketFault::SlowDrip { .. } if self.random.once_in(2) => {
                (Err(TransportFailure::ReadTimeout), READ_TIMEOUT)
            }
            SocketFault::ContentLength { off_by } if off_by > 0 => {
                (Err(TransportFailure::Truncated), usual)
            }
            SocketFault::ContentLength { off_by } => {
                let cut = usize::try_from(off_by.unsigned_abs()).unwrap_or(usize::MAX);
                let shorter = |mut body: Vec<u8>| {
                    body.truncate(body.len().saturating_sub(cut));
                    body
                };
                (Ok(response.map(shorter)), usual)
            }
            SocketFault::HugeBody { .. } => (Err(TransportFailure::BodyTooLarge), usual),
            SocketFault::Delay { millis } => (Ok(response), usual + Duration::from_millis(millis)),
            // After the whole answer, or all of it in the end.
            _ => (Ok(response), usual),
        }
    }

    /// The answer that comes next, by position.
    fn next_answer(&mut self) -> Option<usize> {
        let last = self.out.len().checked_sub(1)?;
        Some(match self.schedule.order {
            Order::Oldest => 0,
            Order::Newest => last,
            Order::Random => {
                let last = u32::try_from(last).unwrap_or(u32::MAX);
                usize::try_from(self.random.between(0, last)).unwrap_or(0)
            }
        })
    }

    fn deliver(&mut self, query: &mut UsageQuery, out: Out) -> Result<(), String> {
        let Out { exchange, percent, outcome, .. } = out;
        let progress = feed(query, exchange.id, self.now(), &outcome);
        self.note(|| format!("call {}: {progress:?}", exchange.id.0));
        match &progress {
            Progress::Accepted { .. } | Progress::AskingFurther { .. } => self.told.push(Told {
                target: exchange.target,
                window: exchange.window,
                ids: exchange.ids.clone(),
                percent,
            }),
            Progress::AccountStopped { cancelled, .. }
            | Progress::TargetStopped { cancelled, .. }
                if !self.schedule.echoes =>
            {
                self.out.retain(|out| !cancelled.contains(&out.exchange.id));
            }
            _ => {}
        }
        if self.schedule.echoes
            && feed(query, exchange.id, self.now(), &outcome) != Progress::Ignored
        {
            return Err(format!("the answer of call {} was taken in twice", exchange.id.0));
        }
        Ok(())
    }

    fn now(&self) -> Now {
        let seconds = i64::try_from(self.elapsed.as_secs()).unwrap_or(i64::MAX);
        Now { elapsed: self.elapsed, unix: self.schedule.unix.saturating_add(seconds) }
    }

    fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(log) = &mut self.log {
            log.push(format!("{:>8.3} s  {}", self.elapsed.as_secs_f64(), line()));
        }
    }
}

fn feed(query: &mut UsageQuery, id: ExchangeId, now: Now, outcome: &Outcome) -> Progress {
    query.on_response(id, now, outcome.as_ref().map_err(|failure| *failure))
}

fn instant(unix: i64) -> Result<SigningTime, String> {
    let seconds = u64::try_from(unix).map_err(|_| format!("{unix} is before 1970"))?;
    SigningTime::from_unix(seconds).map_err(|error| error.to_string())
}

fn shown(outcome: &Outcome) -> String {
    match outcome {
        Ok(response) => {
            format!("{} {}", response.status(), String::from_utf8_lossy(response.body()))
        }
        Err(failure) => failure.to_string(),
    }
}

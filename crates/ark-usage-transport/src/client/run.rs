//! Driving a query from its first request to its report.

use std::future::{pending, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use ark_usage_model::{Exchange, Now, Progress, Step, UsageQuery, UsageReport};
use http::Response;

use super::in_flight::InFlight;
use super::{Client, ExchangeError};
use crate::{Clock, Event, Observer, Sign, Transport};

/// The result of a query.
#[derive(Debug)]
#[non_exhaustive]
pub struct Finished<I = ()> {
    /// The report, without the [parts](Observer::on_part) that the observer received.
    pub report: UsageReport,
    /// The output of the interruption, if it ended the query.
    pub interrupted: Option<I>,
    /// The last error of an exchange without a response, with its causes; the report has only its kind.
    pub last_error: Option<ExchangeError>,
}

impl<T: Transport, S: Sign, C: Clock> Client<T, S, C> {
    /// Runs a query to its end. Dropping the future stops everything at once, without a report;
    /// see [`run_until`](Self::run_until) for an end that keeps what came.
    pub async fn run<O: Observer>(&self, query: UsageQuery, observer: &mut O) -> UsageReport {
        self.run_until(query, observer, pending::<()>()).await.report
    }

    /// Runs a query to its end, or until `interruption` is ready: Ctrl-C, a deadline, another
    /// task's signal. Exchanges that are out then are dropped; what came before is kept.
    ///
    /// Nothing here fails: an exchange that does is part of the report, and of
    /// [`Finished::last_error`].
    pub async fn run_until<O: Observer, I: Future>(
        &self,
        mut query: UsageQuery,
        observer: &mut O,
        interruption: I,
    ) -> Finished<I::Output> {
        let began = self.clock.elapsed();
        let mut interruption = pin!(interruption);
        let mut interrupted = None;
        let mut last_error = None;
        let mut in_flight = InFlight::new();
        loop {
            let now = self.now(began);
            let pause = match query.poll(now) {
                Step::Send(exchange) => {
                    observer.on_event(Event::Sent { exchange: &exchange });
                    in_flight.push(exchange.id, self.carry_out(exchange));
                    continue;
                }
                Step::WakeAt(instant) => Some(instant.saturating_sub(now.elapsed)),
                // Nothing is out that could be waited for; a query does not say so.
                Step::Wait if in_flight.is_empty() => break,
                Step::Wait => None,
                Step::Done => break,
            };
            match self.wait(&mut in_flight, pause, interruption.as_mut()).await {
                Woken::Answered(answered) => {
                    let progress = feed(&mut query, observer, self.now(began), &answered);
                    in_flight.cancel(cancelled(&progress));
                    last_error = answered.outcome.err().or(last_error);
                    hand_out_parts(&mut query, observer);
                }
                Woken::Interrupted(output) => {
                    interrupted = Some(output);
                    break;
                }
                Woken::InTime => {}
            }
        }
        // Changes nothing about a query that has ended by itself.
        query.finish_early();
        Finished { report: query.into_report(), interrupted, last_error }
    }

    async fn carry_out(&self, exchange: Exchange) -> Answered {
        let Exchange { account, clock_offset, refresh_credentials: refresh, .. } = exchange;
        let request = exchange.request.clone();
        let outcome = self.attempt(account, request, clock_offset, refresh).await;
        Answered { exchange, outcome }
    }

    /// Waits for whatever comes first. An interruption goes before an answer, an answer before the
    /// end of the pause.
    async fn wait<F: Future<Output = Answered>, I: Future>(
        &self,
        in_flight: &mut InFlight<F>,
        pause: Option<Duration>,
        mut interruption: Pin<&mut I>,
    ) -> Woken<I::Output> {
        let mut sleep = pin!(async {
            match pause {
                Some(pause) => self.clock.sleep(pause).await,
                None => pending().await,
            }
        });
        poll_fn(|context| {
            if let Poll::Ready(output) = interruption.as_mut().poll(context) {
                return Poll::Ready(Woken::Interrupted(output));
            }
            if let Poll::Ready(answered) = in_flight.poll_next(context) {
                return Poll::Ready(Woken::Answered(answered));
            }
            sleep.as_mut().poll(context).map(|()| Woken::InTime)
        })
        .await
    }

    fn now(&self, began: Duration) -> Now {
        Now { elapsed: self.clock.elapsed().saturating_sub(began), unix: self.unix_now() }
    }
}

/// An exchange that has ended.
struct Answered {
    exchange: Exchange,
    outcome: Result<Response<Vec<u8>>, ExchangeError>,
}

/// The end of a wait.
#[expect(clippy::large_enum_variant, reason = "short-lived: taken apart at once")]
enum Woken<I> {
    Answered(Answered),
    Interrupted(I),
    InTime,
}

/// Hands the outcome to the query, and tells the observer.
fn feed(
    query: &mut UsageQuery,
    observer: &mut impl Observer,
    now: Now,
    Answered { exchange, outcome }: &Answered,
) -> Progress {
    observer.on_event(match outcome {
        Ok(response) => Event::Answered { exchange, response },
        Err(error) => Event::Failed { exchange, error },
    });
    let outcome = outcome.as_ref().map_err(ExchangeError::kind);
    let progress = query.on_response(exchange.id, now, outcome);
    observer.on_event(Event::Progress { id: exchange.id, progress: &progress });
    progress
}

fn hand_out_parts(query: &mut UsageQuery, observer: &mut impl Observer) {
    while observer.takes_parts()
        && let Some(part) = query.take_finished()
    {
        observer.on_part(part);
    }
}

/// The exchanges that are no longer needed.
fn cancelled(progress: &Progress) -> &[ark_usage_model::ExchangeId] {
    match progress {
        Progress::AccountStopped { cancelled, .. } | Progress::TargetStopped { cancelled, .. } => {
            cancelled
        }
        _ => &[],
    }
}

//! Observing a running query.

use ark_usage_model::{Exchange, ExchangeId, Progress, UsageReport};
use http::Response;

use crate::ExchangeError;

/// Receives the events of a running query, for logs, progress and raw output.
///
/// Closures implement it, and `()` ignores everything.
pub trait Observer {
    /// Handles an event.
    fn on_event(&mut self, event: Event<'_>);

    /// True to receive the report in parts, in the order of time, each as soon as it is complete: for
    /// ranges too large to keep. The final report then has the rest.
    fn takes_parts(&self) -> bool {
        false
    }

    /// Handles a complete part. Never called unless [`takes_parts`](Self::takes_parts).
    fn on_part(&mut self, part: UsageReport) {
        drop(part);
    }
}

/// An event. For each exchange: `Sent`, then `Answered` or `Failed`, then `Progress`.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The request is about to be signed and sent. It holds no key and no signature yet.
    Sent {
        /// The request with its account, buckets and attempt.
        exchange: &'a Exchange,
    },
    /// The server responded, with any status.
    Answered {
        /// The exchange.
        exchange: &'a Exchange,
        /// The whole response.
        response: &'a Response<Vec<u8>>,
    },
    /// There is no response.
    Failed {
        /// The exchange.
        exchange: &'a Exchange,
        /// The reason.
        error: &'a ExchangeError,
    },
    /// The query processed the outcome.
    Progress {
        /// The exchange.
        id: ExchangeId,
        /// Points, a retry, or the end of a target.
        progress: &'a Progress,
    },
}

impl Observer for () {
    fn on_event(&mut self, _: Event<'_>) {}
}

impl<F: FnMut(Event<'_>)> Observer for F {
    fn on_event(&mut self, event: Event<'_>) {
        self(event);
    }
}

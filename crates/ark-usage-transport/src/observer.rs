//! Watching a query on its way.

use ark_usage_model::{Exchange, ExchangeId, Progress, UsageReport};
use http::Response;

use crate::ExchangeError;

/// Is told what happens while a query runs: for `-v`, for progress, for raw output.
///
/// Closures implement it, and `()` is the one that looks away.
pub trait Observer {
    /// Something happened.
    fn on_event(&mut self, event: Event<'_>);

    /// Whether reports are wanted part by part, in the order of time, as soon as nothing more can
    /// come for them: for ranges too large to keep. The report at the end is then on the rest.
    fn takes_parts(&self) -> bool {
        false
    }

    /// A part is finished. Never called unless [`takes_parts`](Self::takes_parts).
    fn on_part(&mut self, part: UsageReport) {
        drop(part);
    }
}

/// What happened. For each exchange: `Sent`, then `Answered` or `Failed`, then `Progress`.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The request goes to be signed and sent. It is shown unsigned: no key or signature in it.
    Sent {
        /// What is asked, of whom, for which buckets, and which attempt it is.
        exchange: &'a Exchange,
    },
    /// The server answered, with whatever status.
    Answered {
        /// What was asked.
        exchange: &'a Exchange,
        /// The answer, its body whole.
        response: &'a Response<Vec<u8>>,
    },
    /// No answer came.
    Failed {
        /// What was asked.
        exchange: &'a Exchange,
        /// Why.
        error: &'a ExchangeError,
    },
    /// What the query made of it.
    Progress {
        /// Of which exchange.
        id: ExchangeId,
        /// Points, a retry, the end of a target.
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

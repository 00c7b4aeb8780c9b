//! Several queries in the name of one command, whose answers only mean something together.

use ark_usage_model::{QueryOptions, Target, UsageReport};
use ark_usage_transport::{ExchangeError, Finished};

use super::{FetchContext, left, query};
use crate::clock::DriverClock;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::{Text, model_warning};
use crate::range::Range;

/// Asks one after the other within the same time, and keeps what people should know about any of them.
#[derive(Debug)]
pub(crate) struct QueryBatch<'a> {
    session: &'a FetchContext<'a>,
    context: &'a Context<'a>,
    /// Began with the first query.
    clock: DriverClock,
    /// Code and prose.
    pub(crate) warnings: Vec<(&'static str, Text)>,
    /// Why the last exchange without an answer had none.
    pub(crate) last_error: Option<ExchangeError>,
}

impl<'a> QueryBatch<'a> {
    /// Nothing is asked yet.
    pub(crate) fn new(session: &'a FetchContext<'a>, context: &'a Context<'a>) -> Self {
        let clock = context.clock.for_driver();
        Self { session, context, clock, warnings: Vec::new(), last_error: None }
    }

    /// Asks about `targets`. Ctrl-C ends it all.
    pub(crate) async fn fetch(
        &mut self,
        targets: Vec<Target>,
        range: &Range,
        options: QueryOptions,
    ) -> Result<UsageReport, CliError> {
        let options = left(options, &self.clock);
        let query = query(
            self.session.action(),
            targets,
            range.window,
            self.session.base_url(),
            options.clone(),
        )?;
        let interrupted = self.context.record_mode.interrupted();
        let mut nobody = ();
        let run = self.session.run(query, &options, range, &mut nobody, interrupted);
        let Finished { report, interrupted, last_error, .. } = run.await;
        if interrupted.is_some() {
            return Err(CliError::interrupted());
        }
        self.last_error = last_error.or_else(|| self.last_error.take());
        self.warnings.extend(report.warnings.iter().map(model_warning));
        Ok(report)
    }
}

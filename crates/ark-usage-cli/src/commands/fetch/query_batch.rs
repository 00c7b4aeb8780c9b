//! Several queries of one command, whose results are only of use together.

use ark_usage_model::{QueryOptions, Target, UsageAction, UsageReport};
use ark_usage_report::range::Range;
use ark_usage_transport::{ExchangeError, Finished};

use super::{FetchContext, query, with_remaining_time};
use crate::context::Context;
use crate::error::CliError;
use crate::lang::{Text, model_warning};

/// Runs queries one after the other within one `--timeout`, and keeps their warnings.
#[derive(Debug)]
pub(crate) struct QueryBatch<'a> {
    session: &'a FetchContext<'a>,
    context: &'a Context<'a>,
    /// Code and message of each warning.
    pub(crate) warnings: Vec<(&'static str, Text)>,
    /// The last exchange without a response.
    pub(crate) last_error: Option<ExchangeError>,
}

impl<'a> QueryBatch<'a> {
    /// Sends nothing yet.
    pub(crate) fn new(session: &'a FetchContext<'a>, context: &'a Context<'a>) -> Self {
        Self { session, context, warnings: Vec::new(), last_error: None }
    }

    /// Fetches the usage of `targets`, and corrects `range` if the first response shows that the
    /// server's clock names other buckets; an interruption is an error.
    pub(crate) async fn fetch(
        &mut self,
        targets: Vec<Target>,
        range: &mut Range,
        options: QueryOptions,
    ) -> Result<UsageReport, CliError> {
        self.fetch_with(self.session.action(), targets, range, options).await
    }

    /// Fetches the same with an action.
    pub(crate) async fn fetch_with(
        &mut self,
        action: &'static dyn UsageAction,
        targets: Vec<Target>,
        range: &mut Range,
        options: QueryOptions,
    ) -> Result<UsageReport, CliError> {
        let finished = loop {
            let options = with_remaining_time(options.clone(), &self.context.clock);
            let (window, base_url) = (range.window, self.session.base_url());
            let query = query(action, targets.clone(), window, base_url, options)?;
            let interrupted = self.context.record_mode.interrupted();
            let mut no_observer = ();
            let run = self.session.run(query, range, &mut no_observer, interrupted);
            match run.await? {
                Ok(finished) => break finished,
                Err(moved) => *range = *moved,
            }
        };
        let Finished { report, interrupted, last_error, .. } = finished;
        if interrupted.is_some() {
            return Err(CliError::interrupted());
        }
        self.last_error = last_error.or_else(|| self.last_error.take());
        self.warnings.extend(report.warnings.iter().map(model_warning));
        Ok(report)
    }
}

//! The thread that syncs the history of a server.

use std::time::Duration;

use ark_usage_prometheus::SyncResult;

use super::board::Board;
use crate::args::UsageArgs;
use crate::commands::{plan, sync};
use crate::context::Context;
use crate::error::CliErrorKind;
use crate::exit_status::ExitStatus;
use crate::history::HistoryFile;
use crate::record::RecordMode;

/// Syncs at once and then every so often, until the server stops. A sync that fails is printed and
/// counted, and the next one tries again.
pub(super) fn run(
    usage: &UsageArgs,
    (every, shows_plans): (Duration, bool),
    file: &HistoryFile,
    board: &Board,
    context: &Context<'_>,
) {
    loop {
        // Its time limit counts from here.
        let context = context.renewed(RecordMode::Off);
        let mut tally = board.tally().unwrap_or_default();
        let synced = sync::counted(usage, file, &mut tally, &context);
        let result = match synced {
            Ok(ExitStatus::Done) => SyncResult::Complete,
            Ok(_) => SyncResult::Partial,
            Err(error) => {
                if error.kind() != CliErrorKind::Interrupted {
                    context.say(error.report_warning());
                }
                SyncResult::Failed
            }
        };
        if shows_plans {
            // Plans that cannot be fetched now are not shown as they were.
            let plans = plan::metrics(usage, &context.renewed(RecordMode::Off));
            board.set_plans(plans.unwrap_or_else(|error| {
                if error.kind() != CliErrorKind::Interrupted {
                    context.say(error.report_warning());
                }
                String::new()
            }));
        }
        board.count(tally, result, context.clock.now().as_second());
        if board.sleep(every) {
            return;
        }
    }
}

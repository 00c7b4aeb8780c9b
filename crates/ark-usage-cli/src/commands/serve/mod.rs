//! `ark-usage serve`: metrics of a history for Prometheus, until it is interrupted.

mod board;
mod reader;
mod syncs;

use std::sync::Arc;

use ark_usage_emulator::{Limits, serve_handler};
use ark_usage_prometheus::server::respond;
use ark_usage_report::text;

use self::board::Board;
use self::reader::Reader;
use super::listen::{bind, cannot_listen, check_address};
use crate::args::ServeArgs;
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::history::HistoryFile;
use crate::{interrupt, output};

/// Listens, prints the address, and serves; a thread reads the history, another one syncs it.
pub(crate) fn run(args: &ServeArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    check_address(args.listen, args.allow_remote)?;
    let every = args.sync_every()?;
    let file = HistoryFile::new(args.file.history.as_deref(), context.environment)?;
    let board = Arc::new(Board::new(every.is_some()));
    let reader = Reader::new(args, &file, &board, context)?;
    if every.is_none() {
        // A file that cannot be read is an error now, and later only a gauge.
        drop(file.open_to_read()?);
    }
    std::thread::scope(|threads| {
        let served = context.block_on(async {
            let listener = bind(args.listen)?;
            let (shown, is_local) = (Arc::clone(&board), !args.allow_remote);
            let answer = move |request: &_| respond(request, shown.page().as_deref(), is_local);
            let server = serve_handler(listener, Limits::default(), answer)
                .map_err(|error| cannot_listen(args.listen, error))?;
            // A signal may follow the announcement at once.
            interrupt::watch();
            output::write_stdout(format!("listening on {}\n", server.base_url()).as_bytes())?;
            context.note(text!("press Ctrl-C to stop", "按 Ctrl-C 停止"));
            threads.spawn(|| reader.run());
            if let Some(every) = every {
                let (usage, file, board) = (args.usage(), &file, &board);
                let plans = args.plans;
                threads.spawn(move || syncs::run(&usage, (every, plans), file, board, context));
            }
            interrupt::interrupted().await;
            server.shutdown().await;
            Ok(ExitStatus::Interrupted)
        });
        board.stop();
        served
    })
}

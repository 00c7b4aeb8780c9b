//! The end from outside: Ctrl-C, SIGTERM, SIGHUP and SIGQUIT.
//!
//! A thread waits for the signals, because the program may be busy or blocked. The first one asks the
//! program to end with the data it has, and ends it when a second is over; a second one, or SIGQUIT, ends
//! it at once.

use std::future::{pending, poll_fn};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ark_usage_files::discard_unfinished;
use tokio::runtime::{Builder, Runtime};
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
#[cfg(windows)]
use tokio::signal::windows::{CtrlC as Signal, ctrl_c};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::exit_status::ExitStatus;

/// The time the program has to listen to the first signal.
const GRACE: Duration = Duration::from_millis(450);
/// The time it has then to show what it has, to a reader that may not read. With it, and with the time
/// the system takes for gigabytes of memory, the program ends within a second.
const FINISH: Duration = Duration::from_millis(350);
/// The time in which further signals count as the first one: a terminal that closes, or `timeout`,
/// sends it to the program and to its group.
const ECHO: Duration = Duration::from_millis(100);

/// Completes when the user or the system asks the program to end. Once asked, it is always complete.
pub(crate) async fn interrupted() {
    if let Some(signals) = watch()
        && signals.asked.subscribe().wait_for(|asked| *asked).await.is_ok()
    {
        return signals.heard.store(true, Ordering::Relaxed);
    }
    // No handler could be installed; the default action then ends the program.
    pending::<()>().await;
}

/// Installs the handlers, if that has not been done yet.
pub(crate) fn watch() -> Option<&'static Interruption> {
    static WATCHED: OnceLock<Option<Interruption>> = OnceLock::new();
    WATCHED.get_or_init(|| Interruption::install().ok()).as_ref()
}

/// The interruption as the program sees it.
pub(crate) struct Interruption {
    asked: watch::Sender<bool>,
    /// Set when a part of the program has listened.
    heard: Arc<AtomicBool>,
}

impl Interruption {
    /// Installs the handlers and starts the thread.
    fn install() -> io::Result<Self> {
        check_descriptors(4)?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let own = Self { asked: watch::Sender::new(false), heard: Arc::default() };
        let (asked, heard) = (own.asked.clone(), Arc::clone(&own.heard));
        let (signals, quit) = {
            let _inside = runtime.enter();
            (signals()?, quit_signals()?)
        };
        let thread = std::thread::Builder::new().name("signals".to_owned());
        thread.spawn(move || end_by_signal(&runtime, signals, quit, &asked, &heard))?;
        Ok(own)
    }
}

/// Fails when not so many pipes can be opened, of two descriptors each: the event loop panics when it
/// gets none for its signals.
pub(crate) fn check_descriptors(pipes: usize) -> io::Result<()> {
    let pipes = std::iter::repeat_with(io::pipe).take(pipes);
    pipes.collect::<io::Result<Vec<_>>>().map(drop)
}

/// Passes the first signal on, and ends the program by the second, or if it takes too long to hear the
/// first or to end by it; by SIGQUIT at once, which would leave a core with keys in it.
fn end_by_signal(
    runtime: &Runtime,
    mut signals: Vec<Signal>,
    mut quit: Vec<Signal>,
    asked: &watch::Sender<bool>,
    heard: &AtomicBool,
) {
    let end = async {
        next(&mut signals).await;
        asked.send_replace(true);
        sleep(ECHO).await;
        while poll_next(&mut signals, &mut Context::from_waker(Waker::noop())).is_ready() {}
        if timeout(GRACE, next(&mut signals)).await.is_err() && heard.load(Ordering::Relaxed) {
            // The program ends, in time or not.
            let _ = timeout(FINISH, next(&mut signals)).await;
        }
    };
    runtime.block_on(async {
        tokio::select! {
            () = end => {}
            () = next(&mut quit) => {}
        }
    });
    discard_unfinished();
    #[expect(clippy::exit, reason = "the main thread is busy and does not listen")]
    std::process::exit(ExitStatus::Interrupted.code().into());
}

async fn next(signals: &mut [Signal]) {
    poll_fn(|context| poll_next(signals, context)).await;
}

fn poll_next(signals: &mut [Signal], context: &mut Context<'_>) -> Poll<()> {
    let mut arrived = signals.iter_mut().map(|signal| signal.poll_recv(context));
    if arrived.any(|poll| poll.is_ready()) { Poll::Ready(()) } else { Poll::Pending }
}

#[cfg(windows)]
fn signals() -> io::Result<Vec<Signal>> {
    Ok(vec![ctrl_c()?])
}

#[cfg(windows)]
fn quit_signals() -> io::Result<Vec<Signal>> {
    Ok(Vec::new())
}

#[cfg(unix)]
fn quit_signals() -> io::Result<Vec<Signal>> {
    Ok(vec![signal(SignalKind::quit())?])
}

/// Handles the signals that end the program, but not a SIGHUP that `nohup` ignores, where the system
/// shows it.
#[cfg(unix)]
fn signals() -> io::Result<Vec<Signal>> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let hangup = Some(SignalKind::hangup()).filter(|_| ignored.is_none_or(|mask| mask & 1 == 0));
    let kinds = [SignalKind::interrupt(), SignalKind::terminate()].into_iter().chain(hangup);
    kinds.map(signal).collect()
}

//! The progress line of a long query.
//!
//! [`Tally`] counts and words it; here it is drawn, and erased before anything else is printed.

mod tally;

use std::convert::Infallible;
use std::io;
use std::sync::Mutex;
use std::time::Duration;

use ark_usage_model::UsageQuery;
use ark_usage_transport::{Clock as _, Event};
use console::{Term, measure_text_width, truncate_str};

use self::tally::Tally;
use crate::clock::DriverClock;
use crate::lang::Lang;

/// The progress line, shown on terminals unless `--quiet` or `--verbose` is given.
#[derive(Debug)]
pub(crate) struct ProgressLine {
    wanted: bool,
    lang: Lang,
    running: Mutex<Option<Running>>,
}

/// A running query.
#[derive(Debug)]
struct Running {
    tally: Tally,
    clock: DriverClock,
    began: Duration,
    terminal: Term,
    /// The line is on the terminal now.
    drawn: bool,
}

/// Shorter queries show no line.
const DELAY: Duration = Duration::from_millis(500);
/// The time between redraws.
const REDRAW: Duration = Duration::from_millis(200);
/// The longest bar, in cells; it takes the space that the words leave.
const MOST_CELLS: usize = 24;
/// The shortest bar, in cells.
const LEAST_CELLS: usize = 4;

impl ProgressLine {
    /// Returns a line that is shown only if it is `wanted`.
    pub(crate) fn new(wanted: bool, lang: Lang) -> Self {
        Self { wanted, lang, running: Mutex::new(None) }
    }

    /// Starts the line of a query.
    pub(crate) fn begin(&self, query: &UsageQuery, clock: DriverClock) {
        if !self.wanted {
            return;
        }
        self.set(Some(Running {
            tally: Tally::new(query),
            began: clock.elapsed(),
            clock,
            terminal: Term::buffered_stderr(),
            drawn: false,
        }));
    }

    /// Counts an event.
    pub(crate) fn take(&self, event: &Event<'_>) {
        self.with(|running| running.tally.take(event));
    }

    /// Redraws the line for as long as this is polled.
    pub(crate) async fn pulse(&self) -> Infallible {
        if !self.wanted {
            return std::future::pending().await;
        }
        loop {
            tokio::time::sleep(REDRAW).await;
            // A failure to write to the terminal must not stop the query.
            self.with(|running| running.draw(self.lang).is_ok());
        }
    }

    /// Erases the line at the end of the query.
    pub(crate) fn end(&self) {
        self.with(Running::erase);
        self.set(None);
    }

    /// Runs something that prints, with the line erased until it is redrawn.
    pub(crate) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.with(Running::erase);
        print()
    }

    fn set(&self, running: Option<Running>) {
        if let Ok(mut place) = self.running.lock() {
            *place = running;
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Running) -> T) -> Option<T> {
        self.running.lock().ok()?.as_mut().map(act)
    }
}

impl Running {
    fn draw(&mut self, lang: Lang) -> io::Result<()> {
        let elapsed = self.clock.elapsed().saturating_sub(self.began);
        if elapsed < DELAY {
            return Ok(());
        }
        let words = self.tally.line(elapsed);
        let words = words.in_lang(lang);
        // A line that reaches the edge would wrap, and the second line would not be erased.
        let room = usize::from(self.terminal.size().1).saturating_sub(1);
        let cells = room.saturating_sub(measure_text_width(words) + 1).min(MOST_CELLS);
        let bar = bar(cells, self.tally.windows_done(), self.tally.windows());
        let line = format!("{bar}{words}");
        self.terminal.clear_line()?;
        self.terminal.write_str(&truncate_str(&line, room, "…"))?;
        self.drawn = true;
        self.terminal.flush()
    }

    fn erase(&mut self) {
        if std::mem::take(&mut self.drawn) {
            let _ = self.terminal.clear_line().and_then(|()| self.terminal.flush());
        }
    }
}

/// Draws the finished part in block elements, followed by a space; nothing if there is no room.
fn bar(cells: usize, done: u64, all: u64) -> String {
    if cells < LEAST_CELLS {
        return String::new();
    }
    let whole = u64::try_from(cells).unwrap_or(0);
    let full = done.min(all).saturating_mul(whole) / all.max(1);
    let cells = (0..whole).map(|cell| if cell < full { '█' } else { '░' });
    cells.chain([' ']).collect()
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn a_bar_fills_with_progress() {
        assert_eq!(bar(24, 0, 5), "░".repeat(24) + " ");
        assert_eq!(bar(24, 1, 2), "█".repeat(12) + &"░".repeat(12) + " ");
        assert_eq!(bar(24, 4, 5), "█".repeat(19) + &"░".repeat(5) + " ");
        assert_eq!(bar(6, 5, 5), "██████ ");
        assert_eq!(bar(6, 0, 0), "░░░░░░ ");
        assert_eq!(bar(3, 1, 2), "");
    }
}

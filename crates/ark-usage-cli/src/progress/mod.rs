//! The line on a terminal that shows how far a long query is.
//!
//! [`Tally`] counts and finds the words; here it is drawn, and taken away before anything else is
//! printed.

mod tally;

use std::convert::Infallible;
use std::sync::Mutex;
use std::time::Duration;

use ark_usage_model::{QueryOptions, Target, Window};
use ark_usage_transport::{Clock as _, Event};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use self::tally::Tally;
use crate::clock::DriverClock;
use crate::lang::Lang;

/// The line, if there is one to be: on a terminal, for those who did not ask for quiet or for every
/// call.
#[derive(Debug)]
pub(crate) struct ProgressLine {
    wanted: bool,
    lang: Lang,
    running: Mutex<Option<Running>>,
}

/// A query on its way.
#[derive(Debug)]
struct Running {
    tally: Tally,
    clock: DriverClock,
    began: Duration,
    bar: ProgressBar,
}

/// What is done sooner needs no line.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the line is drawn when nothing happens.
const PULSE: Duration = Duration::from_millis(200);

impl ProgressLine {
    /// A line that shows itself when it is `wanted`.
    pub(crate) fn new(wanted: bool, lang: Lang) -> Self {
        Self { wanted, lang, running: Mutex::new(None) }
    }

    /// A query begins.
    pub(crate) fn begin(
        &self,
        targets: &[Target],
        window: Window,
        options: &QueryOptions,
        clock: DriverClock,
    ) {
        if !self.wanted {
            return;
        }
        let tally = Tally::new(targets, window, options);
        // Hidden until it is drawn for the first time.
        let bar =
            ProgressBar::with_draw_target(Some(tally.windows()), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {wide_msg}") {
            bar.set_style(style);
        }
        self.set(Some(Running { tally, began: clock.elapsed(), clock, bar }));
    }

    /// Something happened.
    pub(crate) fn take(&self, event: &Event<'_>) {
        self.with(|running| running.tally.take(event));
    }

    /// Draws the line again and again for as long as this is polled.
    pub(crate) async fn pulse(&self) -> Infallible {
        if !self.wanted {
            return std::future::pending().await;
        }
        loop {
            tokio::time::sleep(PULSE).await;
            self.with(|running| running.draw(self.lang));
        }
    }

    /// The query is over: the line goes.
    pub(crate) fn end(&self) {
        self.with(|running| running.bar.finish_and_clear());
        self.set(None);
    }

    /// Does what prints, with the line out of the way.
    pub(crate) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        let bar = self.with(|running| running.bar.clone());
        match bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
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
    fn draw(&self, lang: Lang) {
        let elapsed = self.clock.elapsed().saturating_sub(self.began);
        if elapsed < PATIENCE {
            return;
        }
        if self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_message(self.tally.line(elapsed).in_lang(lang).to_owned());
        self.bar.set_position(self.tally.windows_done());
    }
}

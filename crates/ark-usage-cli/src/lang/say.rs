//! Help texts, in the language that the command line is being defined in.
//!
//! clap takes each text of help once, while it builds the command, so the language is chosen before
//! that: by [`Cli::definition`](crate::args::Cli::definition) and nothing else. Both texts stand
//! side by side at the argument they describe.

use std::cell::Cell;

use super::Lang;

thread_local! {
    static CHOSEN: Cell<Lang> = const { Cell::new(Lang::En) };
}

/// Chooses the language of every help text on this thread, until the next choice.
pub(crate) fn choose(lang: Lang) {
    CHOSEN.set(lang);
}

/// Returns a help text in the chosen language.
pub(crate) fn say(en: &'static str, zh: &'static str) -> &'static str {
    CHOSEN.get().pick(en, zh)
}

//! Where a table is shown: how wide, and whether in colour.

use std::io::{IsTerminal as _, stdout};

use anstyle::{AnsiColor, Style};
use ark_usage_model::State;
use clap::ValueEnum;
use terminal_size::{Width, terminal_size_of};
use volc_credentials::Environment;

use crate::lang::say;
use crate::output::Output;

/// When colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    #[default]
    #[value(help = say(
        "Colors on a terminal, unless NO_COLOR or TERM=dumb is set",
        "仅在终端上使用颜色，除非设置了 NO_COLOR 或 TERM=dumb",
    ))]
    Auto,
    #[value(help = say("Colors always", "总是使用颜色"))]
    Always,
    #[value(help = say("No colors", "不使用颜色"))]
    Never,
}

/// What a table is shown on. Data does not depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Screen {
    /// Columns of the terminal; a pipe or a file has no end.
    pub(crate) width: Option<usize>,
    /// Whether headers and states are coloured.
    pub(crate) colored: bool,
}

impl Screen {
    /// Where data of this run goes.
    pub(crate) fn of(output: &Output, when: ColorWhen, environment: &Environment) -> Self {
        let terminal = *output == Output::Stdout && stdout().is_terminal();
        let columns = environment.get("COLUMNS").and_then(|text| text.parse().ok());
        let measured = || terminal_size_of(stdout()).map(|(Width(width), _)| usize::from(width));
        Self {
            width: if terminal { columns.or_else(measured).filter(|it| *it > 0) } else { None },
            colored: colored(when, environment, terminal),
        }
    }

    /// The names of columns.
    pub(crate) fn header(self, text: &str) -> String {
        self.painted(text, Style::new().bold())
    }

    /// What is to be looked at: what may still change, and what did not come. What is final needs
    /// no colour.
    pub(crate) fn state(self, state: State, text: &str) -> String {
        match state {
            State::Settling => self.painted(text, AnsiColor::Yellow.on_default()),
            State::Missing => self.painted(text, AnsiColor::Red.on_default()),
            State::Final => text.to_owned(),
        }
    }

    fn painted(self, text: &str, style: Style) -> String {
        if self.colored { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// `--color`, then `NO_COLOR` (no-color.org), then `CLICOLOR_FORCE` and `CLICOLOR`
/// (bixense.com/clicolors), then what the terminal is.
fn colored(when: ColorWhen, environment: &Environment, terminal: bool) -> bool {
    let said = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    match when {
        ColorWhen::Always => return true,
        ColorWhen::Never => return false,
        ColorWhen::Auto => {}
    }
    if said("NO_COLOR").is_some() {
        return false;
    }
    if said("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    let able = said("TERM").is_some_and(|term| term != "dumb") || cfg!(windows);
    terminal && able && said("CLICOLOR") != Some("0")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_colored(when: ColorWhen, variables: &[(&str, &str)], terminal: bool) -> bool {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        colored(when, &Environment::from_variables(variables.iter().map(owned)), terminal)
    }

    #[test]
    fn the_flag_then_no_color_then_force_then_the_terminal() {
        use ColorWhen::{Always, Auto, Never};
        const XTERM: (&str, &str) = ("TERM", "xterm-256color");

        assert!(is_colored(Auto, &[XTERM], true));
        assert!(!is_colored(Auto, &[XTERM], false));
        assert!(!is_colored(Auto, &[], true), "nothing is known of it");
        assert!(!is_colored(Auto, &[("TERM", "dumb")], true));
        assert!(!is_colored(Auto, &[XTERM, ("NO_COLOR", "1")], true));
        assert!(is_colored(Auto, &[XTERM, ("NO_COLOR", "")], true), "empty is not set");
        assert!(is_colored(Auto, &[("CLICOLOR_FORCE", "1")], false));
        assert!(!is_colored(Auto, &[("CLICOLOR_FORCE", "0")], false));
        assert!(!is_colored(Auto, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], true));
        assert!(!is_colored(Auto, &[XTERM, ("CLICOLOR", "0")], true));
        assert!(is_colored(Always, &[("NO_COLOR", "1")], false));
        assert!(!is_colored(Never, &[("CLICOLOR_FORCE", "1")], true));
    }

    #[test]
    fn without_colour_nothing_is_added() {
        let plain = Screen::default();
        assert_eq!(plain.header("day"), "day");
        assert_eq!(plain.state(State::Missing, "missing"), "missing");
        let colored = Screen { colored: true, ..plain };
        assert_eq!(colored.state(State::Final, "final"), "final");
        assert_eq!(colored.state(State::Missing, "missing"), "\u{1b}[31mmissing\u{1b}[0m");
    }
}

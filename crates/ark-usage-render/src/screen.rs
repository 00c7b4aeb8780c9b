//! The screen a table is printed on: its width and its colours.

use anstyle::{AnsiColor, Style};
use ark_usage_model::State;

/// The screen a table is printed on. Formats for programs ignore it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Screen {
    /// Columns of the terminal; `None` for a pipe or a file, which has no width.
    pub width: Option<usize>,
    /// True if headers and states are coloured.
    pub colored: bool,
}

impl Screen {
    /// Styles the names of columns.
    pub fn header(self, text: &str) -> String {
        self.painted(text, Style::new().bold())
    }

    /// Colours a state that needs attention: settling or missing. A final one has none.
    pub fn state(self, state: State, text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

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

//! Cells in lines and columns, as a terminal shows them and as Markdown.

use std::collections::BTreeSet;

use crate::harmless::one_line;
use crate::screen::Screen;
use ark_usage_model::State;
use ark_usage_report::Lang;
use comfy_table::{
    Cell as Drawn, CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets,
};
use unicode_width::UnicodeWidthStr;

use ark_usage_report::view::state_name;

/// A table of any content.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grid {
    /// The names of the columns.
    pub head: Vec<Cell>,
    pub lines: Vec<Vec<Cell>>,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum Cell {
    /// Left-aligned; wrapped where there is no room.
    Text(String),
    /// Left-aligned; never wrapped.
    Name(String),
    /// Right-aligned; never wrapped.
    Number(String),
    /// Aligned at the decimal point; never wrapped.
    Amount(String),
    /// The state of the line; its last cell.
    State(Option<State>),
}

impl Cell {
    /// A text.
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(one_line(text).into_owned())
    }

    /// A text that is never wrapped.
    pub(crate) fn name(text: &str) -> Self {
        Self::Name(one_line(text).into_owned())
    }

    /// A number, formatted.
    pub(crate) fn number(text: &str) -> Self {
        Self::Number(one_line(text).into_owned())
    }

    /// An amount of money, formatted.
    pub(crate) fn amount(text: &str) -> Self {
        Self::Amount(one_line(text).into_owned())
    }

    /// Returns the width of what stands from the decimal point on.
    fn tail(&self) -> Option<usize> {
        let Self::Amount(text) = self else { return None };
        let whole = text.find(|sign: char| !sign.is_ascii_digit() && !matches!(sign, ',' | '-'));
        Some(whole.map_or(0, |at| text.len() - at))
    }

    fn shown(&self, lang: Lang) -> &str {
        match self {
            Self::Text(text) | Self::Name(text) | Self::Number(text) | Self::Amount(text) => text,
            Self::State(state) => state.map_or("", |state| state_name(state, lang)),
        }
    }

    fn drawn(&self, lang: Lang) -> Drawn {
        let cell = Drawn::new(self.shown(lang));
        match self {
            Self::Number(_) | Self::Amount(_) => cell.set_alignment(CellAlignment::Right),
            Self::Text(_) | Self::Name(_) | Self::State(_) => cell,
        }
    }
}

impl Grid {
    /// Aligns amounts at their decimal points: those with fewer digits behind it get spaces.
    pub(crate) fn align_amounts(&mut self) {
        for place in 0..self.columns() {
            let tails = self.lines.iter().filter_map(|line| line.get(place)?.tail());
            let Some(widest) = tails.max() else { continue };
            for cell in self.lines.iter_mut().filter_map(|line| line.get_mut(place)) {
                let missing = widest.saturating_sub(cell.tail().unwrap_or(widest));
                if let Cell::Amount(text) = cell {
                    text.push_str(&" ".repeat(missing));
                }
            }
        }
    }

    /// Draws the table in lines. Texts wrap where a line is too long; other cells never do, however
    /// narrow the terminal is.
    pub(crate) fn draw(&self, screen: Screen, lang: Lang) -> String {
        let natural = lines(&self.table(lang));
        let drawn = match screen.width {
            Some(width) if widest(&natural) > width => lines(&self.squeezed(lang, width)),
            _ => natural,
        };
        let heads = if self.head.is_empty() { 0 } else { head_lines(&drawn, self, lang) };
        let states = self.states();
        let paint = |(place, line): (usize, String)| {
            if place < heads {
                screen.header(&line)
            } else {
                paint_state(&line, &states, screen, lang)
            }
        };
        drawn.into_iter().enumerate().map(paint).map(|line| line + "\n").collect()
    }

    /// In lines where they fit, else as a list; `about` says how many cells tell what a line is about.
    pub(crate) fn fitted(&self, about: usize, screen: Screen, lang: Lang) -> String {
        if self.fits(screen, lang) {
            self.draw(screen, lang)
        } else {
            self.listed(about, screen, lang)
        }
    }

    /// Returns true if every line fits once texts are wrapped into pieces that can still be read.
    pub(crate) fn fits(&self, screen: Screen, lang: Lang) -> bool {
        let Some(width) = screen.width else { return true };
        self.least_width(lang) <= width
    }

    /// The same for a terminal too narrow for any of that: what a line is about stands above it, and
    /// `about` says how many cells that are.
    pub(crate) fn stacked(&self, about: usize, screen: Screen, lang: Lang) -> String {
        let numbers = |line: &Vec<Cell>| line.iter().skip(about).cloned().collect::<Vec<_>>();
        let beside =
            Self { head: numbers(&self.head), lines: self.lines.iter().map(numbers).collect() };
        let drawn = beside.draw(Screen { width: None, ..screen }, lang);
        let mut rest = drawn.lines();
        let mut text = String::new();
        if !self.head.is_empty() {
            let names = self.head.iter().take(about);
            let names = packed(names.map(|cell| cell.shown(lang)), screen.width);
            text.extend(names.lines().map(|line| screen.header(line) + "\n"));
            text.extend(rest.next().map(|line| format!("  {line}\n")));
        }
        let mut above: Option<&[Cell]> = None;
        for (line, drawn) in self.lines.iter().zip(rest) {
            let labels = line.get(..about).unwrap_or_default();
            if above != Some(labels) {
                let labels = labels.iter().map(|cell| cell.shown(lang));
                text.push_str(&packed(labels.filter(|label| !label.is_empty()), screen.width));
            }
            above = Some(labels);
            text.extend(["  ", drawn, "\n"]);
        }
        text
    }

    /// Returns true if that fits.
    pub(crate) fn stack_fits(&self, about: usize, screen: Screen, lang: Lang) -> bool {
        let Some(width) = screen.width else { return true };
        let beside = (about..self.columns()).map(|place| self.widest(place, lang) + GAP);
        beside.sum::<usize>() <= width
    }

    /// The same for a terminal too narrow for lines with much in them: beneath what a line is about
    /// each of its cells has a line of its own, with the name of its column.
    pub(crate) fn listed(&self, about: usize, screen: Screen, lang: Lang) -> String {
        let states = self.states();
        let mut text = String::new();
        for line in &self.lines {
            let (labels, cells) = line.split_at_checked(about).unwrap_or_default();
            let labels = labels.iter().map(|cell| cell.shown(lang));
            let labels = packed(labels.filter(|label| !label.is_empty()), screen.width);
            text.extend(labels.lines().map(|line| screen.header(line) + "\n"));
            for line in self.entries(about, cells, lang) {
                text.extend([paint_state(&line, &states, screen, lang).as_str(), "\n"]);
            }
        }
        text
    }

    /// Cells with the names of their columns, numbers at the right of numbers.
    fn entries(&self, about: usize, cells: &[Cell], lang: Lang) -> Vec<String> {
        let heads = || self.head.iter().skip(about).map(|head| head.shown(lang));
        let names = heads().map(str::width).max().unwrap_or_default();
        let number = |cell: &Cell| match cell {
            Cell::Number(number) | Cell::Amount(number) => Some(number.width()),
            Cell::Text(_) | Cell::Name(_) | Cell::State(_) => None,
        };
        let numbers = cells.iter().filter_map(number).max().unwrap_or_default();
        let entry = |(name, cell): (&str, &Cell)| {
            let before = number(cell).map_or(0, |width| numbers.saturating_sub(width));
            let gap = " ".repeat(names.saturating_sub(name.width()) + GAP + before);
            format!("  {name}{gap}{}", cell.shown(lang))
        };
        let entries = heads().zip(cells).filter(|(_, cell)| !cell.shown(lang).is_empty());
        entries.map(entry).collect()
    }

    /// GitHub's Markdown: numbers at the right, no colours.
    pub(crate) fn markdown(&self, lang: Lang) -> String {
        let line = |cells: &[Cell]| {
            let cells = cells.iter().map(|cell| escaped(cell.shown(lang).trim_end()));
            format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
        };
        let rule = self.head.iter().map(|cell| match cell {
            Cell::Number(_) | Cell::Amount(_) => "---:",
            Cell::Text(_) | Cell::Name(_) | Cell::State(_) => "---",
        });
        let rule = format!("| {} |\n", rule.collect::<Vec<_>>().join(" | "));
        let rest = self.lines.iter().map(|cells| line(cells));
        [line(&self.head), rule].into_iter().chain(rest).collect()
    }

    fn table(&self, lang: Lang) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        if !self.head.is_empty() {
            table.set_header(self.head.iter().map(|cell| cell.drawn(lang)));
        }
        for line in &self.lines {
            table.add_row(line.iter().map(|cell| cell.drawn(lang)));
        }
        table
    }

    /// Draws the same in so many columns, with texts wrapped.
    fn squeezed(&self, lang: Lang, width: usize) -> Table {
        let mut table = self.table(lang);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        // The spaces at both edges are taken off.
        table.set_width(u16::try_from(width + 2).unwrap_or(u16::MAX));
        let constraints: Vec<_> = (0..self.columns()).map(|at| self.constraint(at, lang)).collect();
        for (column, constraint) in table.column_iter_mut().zip(constraints) {
            column.set_constraint(constraint);
        }
        table
    }

    fn constraint(&self, place: usize, lang: Lang) -> ColumnConstraint {
        if !self.may_break(place) {
            return ColumnConstraint::ContentWidth;
        }
        let least = self.widest(place, lang).min(READABLE) + GAP;
        ColumnConstraint::LowerBoundary(Width::Fixed(u16::try_from(least).unwrap_or(u16::MAX)))
    }

    fn widest(&self, place: usize, lang: Lang) -> usize {
        self.column(place).map(|cell| cell.shown(lang).width()).max().unwrap_or(0)
    }

    fn columns(&self) -> usize {
        self.lines.iter().map(Vec::len).chain([self.head.len()]).max().unwrap_or(0)
    }

    fn column(&self, place: usize) -> impl Iterator<Item = &Cell> {
        self.lines.iter().chain([&self.head]).filter_map(move |line| line.get(place))
    }

    /// The first column names a line, and numbers must not be misread.
    fn may_break(&self, column: usize) -> bool {
        column > 0 && self.column(column).all(|cell| matches!(cell, Cell::Text(_)))
    }

    fn least_width(&self, lang: Lang) -> usize {
        let columns = 0..self.columns();
        let widths = columns.map(|place| {
            let widest = self.widest(place, lang);
            if self.may_break(place) { widest.min(READABLE) } else { widest }
        });
        let (count, sum) = widths.fold((0, 0), |(count, sum), width| (count + 1, sum + width));
        sum + GAP * usize::saturating_sub(count, 1)
    }

    fn states(&self) -> BTreeSet<State> {
        let cells = self.lines.iter().flatten();
        cells.filter_map(|cell| if let Cell::State(state) = cell { *state } else { None }).collect()
    }
}

/// The shortest piece of a wrapped text that can still be read.
const READABLE: usize = 12;
/// Between two columns.
const GAP: usize = 2;

/// Without the spaces that pad the edges.
fn lines(table: &Table) -> Vec<String> {
    let trimmed = |line: &str| line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned();
    table.to_string().lines().map(trimmed).collect()
}

/// Words side by side, as many as fit on a line.
fn packed<'a>(words: impl Iterator<Item = &'a str>, width: Option<usize>) -> String {
    let mut text = String::new();
    let mut taken = 0;
    for word in words {
        let needed = taken + GAP + word.width();
        if taken == 0 {
            taken = word.width();
        } else if width.is_some_and(|width| needed > width) {
            text.push('\n');
            taken = word.width();
        } else {
            text.push_str("  ");
            taken = needed;
        }
        text.push_str(word);
    }
    text + "\n"
}

fn widest(lines: &[String]) -> usize {
    lines.iter().map(|line| line.width()).max().unwrap_or(0)
}

/// The number of lines that the names of the columns take: those before the first line of data.
fn head_lines(drawn: &[String], grid: &Grid, lang: Lang) -> usize {
    let first = grid.lines.first().and_then(|line| line.first()).map(|cell| cell.shown(lang));
    let Some(first) = first.filter(|text| !text.is_empty()) else { return 1 };
    let place = drawn.iter().skip(1).position(|line| line.trim_start().starts_with(first));
    place.map_or(1, |place| place + 1)
}

/// The state is the last cell of its line.
fn paint_state(line: &str, states: &BTreeSet<State>, screen: Screen, lang: Lang) -> String {
    for state in states {
        let name = state_name(*state, lang);
        if let Some(before) = line.strip_suffix(name).filter(|before| before.ends_with(' ')) {
            return format!("{before}{}", screen.state(*state, name));
        }
    }
    line.to_owned()
}

/// A text that Markdown shows as it is.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '<' | '~' | '&') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> Grid {
        let line = |day: &str, name: &str, value: &str, state| {
            vec![Cell::text(day), Cell::text(name), Cell::number(value), Cell::State(Some(state))]
        };
        Grid {
            head: vec![
                Cell::text("day"),
                Cell::text("name"),
                Cell::number("tokens"),
                Cell::text("state"),
            ],
            lines: vec![
                line("2024-11-19", "客服 机器人 的 接入点", "1,234", State::Final),
                line("2024-11-20", "a|b", "5", State::Settling),
            ],
        }
    }

    #[test]
    fn wide_letters_take_two_columns() {
        let text = grid().draw(Screen::default(), Lang::En);
        assert_eq!(
            text,
            "day         name                   tokens  state\n\
             2024-11-19  客服 机器人 的 接入点   1,234  final\n\
             2024-11-20  a|b                         5  settling\n"
        );
    }

    #[test]
    fn texts_are_broken_where_there_is_no_room_and_numbers_are_not() {
        let narrow = Screen { width: Some(44), ..Screen::default() };
        let text = grid().draw(narrow, Lang::En);
        assert!(text.lines().all(|line| line.width() <= 44), "{text}");
        assert!(text.contains("1,234") && text.contains("2024-11-20"), "{text}");
        assert!(grid().fits(narrow, Lang::En));
        assert!(!grid().fits(Screen { width: Some(40), ..narrow }, Lang::En));
    }

    #[test]
    fn tables_too_wide_are_stacked() {
        let narrow = Screen { width: Some(24), ..Screen::default() };
        assert_eq!(
            grid().stacked(2, narrow, Lang::En),
            "day  name\n  tokens  state\n\
             2024-11-19\n客服 机器人 的 接入点\n   1,234  final\n\
             2024-11-20  a|b\n       5  settling\n"
        );
    }

    #[test]
    fn colours_change_nothing_else() {
        let plain = grid().draw(Screen::default(), Lang::En);
        let colored = grid().draw(Screen { colored: true, width: None }, Lang::En);
        let head = "\u{1b}[1mday         name                   tokens  state\u{1b}[0m\n";
        assert!(colored.starts_with(head), "{colored}");
        assert!(colored.ends_with("5  \u{1b}[33msettling\u{1b}[0m\n"), "{colored}");
        let codes = ["\u{1b}[1m", "\u{1b}[33m", "\u{1b}[0m"];
        assert_eq!(codes.iter().fold(colored, |text, code| text.replace(code, "")), plain);
    }

    #[test]
    fn nothing_in_a_cell_is_markup() {
        assert_eq!(
            escaped("a&#x202e;b<i>*_[x]`~|\\"),
            "a\\&#x202e;b\\<i>\\*\\_\\[x\\]\\`\\~\\|\\\\"
        );
    }

    #[test]
    fn markdown_escapes_cells() {
        assert_eq!(
            grid().markdown(Lang::Zh),
            "| day | name | tokens | state |\n| --- | --- | ---: | --- |\n\
             | 2024-11-19 | 客服 机器人 的 接入点 | 1,234 | 已定 |\n\
             | 2024-11-20 | a\\|b | 5 | 未定 |\n"
        );
    }
}

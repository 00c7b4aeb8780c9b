//! `-f table` and `-f markdown`: a line per bucket or group, totals at the foot.

mod columns;
mod costs;
mod fields;
mod lines;

pub(super) use self::columns::{keys, moment, others};
pub(super) use self::costs::in_threes;
pub(super) use self::lines::is_filled;
use super::Answer;
use super::answer::title_line;
use super::grid::Grid;
use crate::mark::marks;
use crate::screen::Screen;
use ark_usage_report::Lang;
use ark_usage_report::text;

/// The layout of a table.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape {
    /// Wide or long; chosen by the width when it is `None`.
    pub layout: Option<Layout>,
    /// Short numbers, and no column with the same text on every line.
    pub compact: bool,
    /// Leave out the names of the columns.
    pub no_header: bool,
    /// The digits behind the point of a cost; all when none are named.
    pub round: Option<u32>,
}

/// The arrangement of metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// Each in a column of its own.
    Wide,
    /// Each on a line of its own.
    Long,
}

/// The sign of a missing value: never a 0.
pub(super) const NOTHING: &str = "-";

/// Draws the table for a terminal, a pipe or a file.
pub fn table(answer: &Answer<'_>, shape: Shape, screen: Screen, lang: Lang) -> Vec<u8> {
    let title =
        if shape.no_header { String::new() } else { title_line(answer.query.scope.counted, lang) };
    if lines::are_none(answer) {
        return (title + text!("no data\n", "没有数据\n").in_lang(lang)).into_bytes();
    }
    let (mut grid, stacked) = grid(answer, shape, screen, lang);
    // In a list names are beside their values, not above.
    let listed = stacked.filter(|about| !grid.stack_fits(*about, screen, lang));
    if shape.no_header && listed.is_none() {
        grid.head.clear();
    }
    let drawn = match (listed, stacked) {
        // The metric is one of the things a line is about.
        (Some(about), _) => grid.listed(about + 1, screen, lang),
        (None, Some(about)) => grid.stacked(about, screen, lang),
        (None, None) => grid.draw(screen, lang),
    };
    (title + &drawn + &marks(answer.warnings, lang)).into_bytes()
}

/// Writes the table as Markdown, which cannot do without names of columns.
pub fn markdown(answer: &Answer<'_>, shape: Shape, lang: Lang) -> Vec<u8> {
    let title = title_line(answer.query.scope.counted, lang);
    let title = if title.is_empty() { title } else { title + "\n" };
    let table = grid(answer, shape, Screen::default(), lang).0.markdown(lang);
    (title + &table + &marks(answer.warnings, lang)).into_bytes()
}

/// Wide where that fits, else long; a comparison has so many columns that it is long to begin with.
/// Returns with it, where not even that fits, the number of cells of each line that go above its rest.
fn grid(answer: &Answer<'_>, shape: Shape, screen: Screen, lang: Lang) -> (Grid, Option<usize>) {
    if let Some(fields) = answer.fields {
        return (fields::grid(answer, fields), None);
    }
    if let Some(layout) = shape.layout {
        return (lines::grid(answer, shape, layout, lang).0, None);
    }
    if !lines::are_compared(answer) {
        let (wide, _) = lines::grid(answer, shape, Layout::Wide, lang);
        if wide.fits(screen, lang) {
            return (wide, None);
        }
    }
    let (long, about) = lines::grid(answer, shape, Layout::Long, lang);
    let fits = long.fits(screen, lang);
    (long, (!fits).then_some(about))
}

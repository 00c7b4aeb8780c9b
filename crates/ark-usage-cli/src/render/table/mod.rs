//! `-f table` and `-f markdown`: a line per bucket or group, totals at the foot.

mod columns;
mod costs;
mod fields;
mod lines;

pub(super) use self::columns::keys;
use super::Answer;
use super::grid::Grid;
use crate::lang::Lang;
use crate::screen::Screen;
use crate::text;

/// How a table is laid out.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shape {
    /// Wide or long; whatever fits when it is left open.
    pub(crate) layout: Option<Layout>,
    /// Short numbers, and no column that says the same on every line.
    pub(crate) compact: bool,
    /// Leave out the names of the columns.
    pub(crate) no_header: bool,
}

/// Where the metrics stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Each in a column of its own.
    Wide,
    /// Each on a line of its own.
    Long,
}

/// Stands where a value was wanted and did not come: never a 0.
pub(super) const NOTHING: &str = "-";

/// Draws the table for a terminal, a pipe or a file.
pub(crate) fn table(answer: &Answer<'_>, shape: Shape, screen: Screen, lang: Lang) -> Vec<u8> {
    if lines::are_none(answer) {
        return text!("no data\n", "没有数据\n").in_lang(lang).as_bytes().to_vec();
    }
    let mut grid = grid(answer, shape, screen, lang);
    if shape.no_header {
        grid.head.clear();
    }
    grid.draw(screen, lang).into_bytes()
}

/// Writes the table as Markdown, which cannot do without names of columns.
pub(crate) fn markdown(answer: &Answer<'_>, shape: Shape, lang: Lang) -> Vec<u8> {
    grid(answer, shape, Screen::default(), lang).markdown(lang).into_bytes()
}

/// Wide where that fits: a comparison has so many columns that it is long to begin with.
fn grid(answer: &Answer<'_>, shape: Shape, screen: Screen, lang: Lang) -> Grid {
    if let Some(fields) = answer.fields {
        return fields::grid(answer, fields);
    }
    let of = |layout| lines::grid(answer, shape, layout, lang);
    if let Some(layout) = shape.layout {
        return of(layout);
    }
    if lines::are_compared(answer) {
        return of(Layout::Long);
    }
    let wide = of(Layout::Wide);
    if wide.fits(screen, lang) { wide } else { of(Layout::Long) }
}

//! Hours of the day by days of the week, the darker the more.

use super::glyphs::{Glyphs, MISSING};
use super::text::pad;
use ark_usage_report::Lang;
use ark_usage_report::chart_data::{HOURS, WeekCell, WeekGrid, grouped, weekday};

/// Columns of a day's name, with the space behind it.
const LABEL: usize = 6;

/// Draws the grid in at most `width` columns, with a legend.
pub(super) fn heat_map(grid: &WeekGrid, width: usize, glyphs: Glyphs, lang: Lang) -> String {
    let cell = (width.saturating_sub(LABEL) / HOURS).clamp(1, 4);
    let largest = grid.largest();
    let mut text = header(cell);
    for (day, hours) in grid.days().enumerate() {
        let hours: String = hours.iter().map(|it| mark(it, largest, cell, glyphs)).collect();
        text.push_str(format!("{}{hours}", pad(weekday(day, lang), LABEL)).trim_end());
        text.push('\n');
    }
    text + &legend(grid, glyphs, lang)
}

/// The hours, as far apart as their names need.
fn header(cell: usize) -> String {
    let every = if cell >= 3 { 1 } else { 3 };
    let names = (0..HOURS).step_by(every).map(|hour| pad(&format!("{hour:02}"), cell * every));
    format!("{}{}", pad("", LABEL), names.collect::<String>()).trim_end().to_owned() + "\n"
}

/// One hour. Its last column marks what its shade cannot show: data is missing, or may change.
fn mark(cell: &WeekCell, largest: i128, width: usize, glyphs: Glyphs) -> String {
    if !cell.is_wanted() {
        return " ".repeat(width);
    }
    let shade = cell.level(largest, Glyphs::HEAT_LEVELS).map_or(MISSING, |it| glyphs.heat(it));
    // A gap between hours where there is room for one, so that they can be counted.
    let shown = if width >= 3 { width - 1 } else { width };
    let mut marks: Vec<char> = std::iter::repeat_n(shade, shown).collect();
    if let Some(last) = marks.last_mut() {
        if cell.missing > 0 {
            *last = MISSING;
        } else if cell.settling > 0 && width > 1 {
            *last = SETTLING;
        }
    }
    pad(&marks.into_iter().collect::<String>(), width)
}

/// The mark of an hour that may still change.
const SETTLING: char = '~';

fn legend(grid: &WeekGrid, glyphs: Glyphs, lang: Lang) -> String {
    let largest = grid.largest();
    let levels = i128::from(Glyphs::HEAT_LEVELS);
    let shades = (1..=Glyphs::HEAT_LEVELS).map(|level| {
        let up_to = largest.saturating_mul(i128::from(level)) / levels;
        format!("{} ≤ {}", glyphs.heat(level), grouped(up_to))
    });
    let zero = format!("{} 0", glyphs.heat(0));
    let mut parts: Vec<String> = std::iter::once(zero).chain(shades).collect();
    if glyphs == Glyphs::Ascii {
        for part in &mut parts {
            *part = part.replace('≤', "<=");
        }
    }
    if grid.cells().any(|cell| cell.missing > 0) {
        parts.push(format!("{MISSING} {}", lang.pick("missing", "缺失")));
    }
    if grid.cells().any(|cell| cell.settling > 0) {
        parts.push(format!("{SETTLING} {}", lang.pick("settling", "未定")));
    }
    parts.join("  ") + "\n"
}

#[cfg(test)]
mod tests {
    use ark_usage_model::State;
    use jiff::civil::Weekday;
    use unicode_width::UnicodeWidthStr as _;

    use super::*;
    use ark_usage_report::chart_data::Amount;

    fn grid() -> WeekGrid {
        let mut grid = WeekGrid::default();
        for hour in 0..24 {
            let value = Some(i128::from(hour) * 1_000);
            grid.add(Weekday::Monday, hour, Amount { value, state: State::Final });
        }
        grid.add(Weekday::Tuesday, 0, Amount { value: None, state: State::Missing });
        grid.add(Weekday::Tuesday, 1, Amount { value: Some(23_000), state: State::Settling });
        grid
    }

    #[test]
    fn fits_every_width_in_both_languages() {
        for width in [30, 60, 100, 160] {
            for lang in [Lang::En, Lang::Zh] {
                let drawn = heat_map(&grid(), width, Glyphs::Blocks, lang);
                let days = drawn.lines().take(8);
                let widest = days.map(unicode_width::UnicodeWidthStr::width).max().unwrap();
                assert!(widest <= width, "{widest} of {width}:\n{drawn}");
                assert!("周一".width() == 4 && widest > width / 2, "{drawn}");
            }
        }
    }

    #[test]
    fn marks_what_is_missing_and_what_may_change() {
        let drawn = heat_map(&grid(), 60, Glyphs::Ascii, Lang::En);
        let lines: Vec<&str> = drawn.lines().collect();
        assert_eq!(lines[0], "      00    03    06    09    12    15    18    21");
        assert_eq!(lines[1], "Mon   001111111111222222222222333333333333444444444444");
        assert_eq!(lines[2], "Tue   --4~");
        assert_eq!(lines[3], "Wed");
        let legend =
            "0 0  1 <= 5,750  2 <= 11,500  3 <= 17,250  4 <= 23,000  - missing  ~ settling";
        assert_eq!(lines[8], legend);
    }

    #[test]
    fn leaves_gaps_where_there_is_room() {
        let drawn = heat_map(&grid(), 100, Glyphs::Blocks, Lang::Zh);
        assert!(drawn.lines().nth(1).unwrap().starts_with("周一  ·· ░░ ░░"), "{drawn}");
    }
}

//! Hours of the day by days of the week, the stronger the colour the more.

use maud::{Markup, html};

use super::pattern::{missing, patterns};
use super::trend::Size;
use ark_usage_model::State;
use ark_usage_report::Lang;
use ark_usage_report::chart_data::{DAYS, HOURS, WeekCell, WeekGrid, grouped, weekday};
use ark_usage_report::view::state_name;

/// The strength of the busiest hour; 0 is none.
pub(crate) const HEAT_LEVELS: u8 = 5;

/// Draws the grid. `id` is unique in the document.
pub(crate) fn heat_map(
    id: &str,
    title: &str,
    description: &str,
    grid: &WeekGrid,
    size: Size,
    lang: Lang,
) -> Markup {
    let layout = HeatMapLayout::of(size);
    let (width, _) = size.extent();
    let height = TOP + layout.height * count(DAYS);
    let largest = grid.largest();
    html! {
        svg xmlns="http://www.w3.org/2000/svg" class={ "picture " (size.class()) } role="img"
            viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height)
            aria-labelledby={ (id) "-title " (id) "-desc" } {
            title id={ (id) "-title" } { (title) }
            desc id={ (id) "-desc" } { (description) }
            (patterns(id, 0))
            @for hour in (0..HOURS).step_by(layout.named) {
                text x=(layout.x(hour)) y="14" { (format!("{hour:02}")) }
            }
            @for (day, hours) in grid.days().enumerate() {
                text x="0" y=(layout.y(day) + layout.height / 2 + 4) { (weekday(day, lang)) }
                @for (hour, cell) in hours.iter().enumerate().filter(|(_, cell)| cell.is_wanted()) {
                    rect class=(class(cell, largest)) x=(layout.x(hour)) y=(layout.y(day)) rx="2"
                        width=(layout.width - 2) height=(layout.height - 2)
                        style=[(cell.missing > 0 && cell.came == 0).then(|| format!("fill:{}", missing(id)))] {
                        title { (in_words(day, hour, cell, lang)) }
                    }
                }
            }
        }
    }
}

/// Room for the hours' names.
const TOP: i64 = 22;

/// The positions of cells.
struct HeatMapLayout {
    left: i64,
    width: i64,
    height: i64,
    /// Every how many hours one is named.
    named: usize,
}

impl HeatMapLayout {
    fn of(size: Size) -> Self {
        match size {
            Size::Narrow => Self { left: 40, width: 15, height: 22, named: 3 },
            Size::Wide => Self { left: 48, width: 38, height: 26, named: 1 },
        }
    }

    fn x(&self, hour: usize) -> i64 {
        self.left + self.width * count(hour)
    }

    fn y(&self, day: usize) -> i64 {
        TOP + self.height * count(day)
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or_default()
}

fn class(cell: &WeekCell, largest: i128) -> String {
    let level = cell.level(largest, HEAT_LEVELS).unwrap_or_default();
    let mark = match cell {
        WeekCell { missing: 1.., .. } => " holed",
        WeekCell { settling: 1.., .. } => " unsettled",
        _ => "",
    };
    format!("heat{level}{mark}")
}

/// `Tue 09:00: 1,234 on average of 2 hours; 1 missing`
fn in_words(day: usize, hour: usize, cell: &WeekCell, lang: Lang) -> String {
    let name = weekday(day, lang);
    let mean = cell.mean().map_or_else(|| "-".to_owned(), grouped);
    let (came, missing, settling) = (cell.came, cell.missing, cell.settling);
    let mut text = match (lang, came) {
        (Lang::En, 1) => format!("{name} {hour:02}:00: {mean} in 1 hour"),
        (Lang::En, _) => format!("{name} {hour:02}:00: {mean} on average over {came} hours"),
        (Lang::Zh, _) => format!("{name} {hour:02}:00：{came} 个小时平均 {mean}"),
    };
    for (count, state) in [(missing, State::Missing), (settling, State::Settling)] {
        if count > 0 {
            let state = state_name(state, lang);
            text.push_str(&lang.pick(format!("; {count} {state}"), format!("；{count} 个{state}")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday;

    use super::*;
    use ark_usage_report::chart_data::Amount;

    #[test]
    fn cells_say_their_numbers_and_what_is_missing() {
        let mut grid = WeekGrid::default();
        grid.add(Weekday::Tuesday, 9, Amount { value: Some(1_234), state: State::Settling });
        grid.add(Weekday::Tuesday, 9, Amount { value: None, state: State::Missing });
        grid.add(Weekday::Sunday, 0, Amount { value: None, state: State::Missing });
        let svg = heat_map("w", "a < b", "words", &grid, Size::Wide, Lang::En).into_string();
        assert!(
            svg.contains("<title>Tue 09:00: 1,234 in 1 hour; 1 missing; 1 settling</title>"),
            "{svg}"
        );
        assert!(svg.contains("a &lt; b"), "{svg}");
        assert!(svg.contains("class=\"heat0 holed\""), "{svg}");
        assert!(svg.contains("style=\"fill:url(#w-missing)\""), "{svg}");
        // Hours that the range does not have are left out.
        assert_eq!(svg.matches("<title>").count(), 2, "{svg}");
    }
}

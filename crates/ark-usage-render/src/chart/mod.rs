//! `get --chart`: bars, sparklines and heat maps in a terminal of any width, without colour.

mod bars;
mod glyphs;
mod heat_map;
mod panels;
mod sparkline;
mod text;

use ark_usage_model::State;
use unicode_width::UnicodeWidthStr as _;

pub(crate) use self::bars::bar;
pub use self::glyphs::Glyphs;
use self::heat_map::heat_map;
pub use self::panels::of_usage;
use self::sparkline::sparkline;
use self::text::{pad, pad_left, shortened};
use ark_usage_report::Lang;
use ark_usage_report::chart_data::{Amount, WeekGrid, folded, grouped};
use ark_usage_report::view::state_name;

/// One metric: a bar for each of its lines, their sum, and its week.
#[derive(Clone, Debug)]
pub(crate) struct Panel {
    /// The metric, and the interval or dimensions.
    pub title: String,
    /// The metric alone.
    pub metric: String,
    /// The lines, in order.
    pub lines: Vec<ChartLine>,
    /// The total of all of them.
    pub total: Amount,
    /// Hours of the week, when data is hourly.
    pub week: Option<WeekGrid>,
}

/// One line of a panel.
#[derive(Clone, Debug)]
pub(crate) struct ChartLine {
    /// The name of the line.
    pub label: String,
    /// Bucket by bucket, where the line is a sum of several; else empty.
    pub history: Vec<Amount>,
    /// Its sum.
    pub amount: Amount,
}

/// The look of a chart.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Columns.
    pub width: usize,
    /// The characters bars are drawn with.
    pub glyphs: Glyphs,
    /// The language of labels.
    pub lang: Lang,
}

/// Draws the panels one below the other.
pub(crate) fn chart(panels: impl IntoIterator<Item = Panel>, look: Look) -> String {
    let mut text = String::new();
    for panel in panels {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&panel_text(&panel, look));
    }
    text
}

fn panel_text(panel: &Panel, look: Look) -> String {
    let columns = Columns::of(panel, look);
    let mut text = format!("{}\n", shortened(&panel.title, look.width, look.ellipsis()));
    let largest = panel.lines.iter().map(|line| line.amount.height()).max().unwrap_or_default();
    for line in &panel.lines {
        let drawn = bar(line.amount, largest, columns.bar, look.glyphs);
        let spark = sparkline(&line.history, columns.spark, look.glyphs);
        text.push_str(&columns.line(&line.label, &spark, &drawn, line.amount, look));
    }
    let total = look.lang.pick("total", "合计");
    text.push_str(&columns.line(total, "", "", panel.total, look));
    if let Some(note) = columns.note(panel, look.lang) {
        text.push_str(&note);
    }
    if let Some(week) = &panel.week {
        let title = look.lang.pick("mean per hour of the week", "一周各小时的平均值");
        text.extend(["\n", &panel.metric, ": ", title, "\n"]);
        text.push_str(&heat_map(week, look.width, look.glyphs, look.lang));
    }
    text
}

impl Look {
    fn ellipsis(self) -> &'static str {
        match self.glyphs {
            Glyphs::Blocks => "…",
            Glyphs::Ascii => "..",
        }
    }
}

/// The width of each part of a line; between two parts are two spaces.
#[derive(Debug)]
struct Columns {
    label: usize,
    spark: usize,
    bar: usize,
    value: usize,
    state: usize,
}

/// A sparkline takes no more, so that bars keep some room.
const WIDEST_SPARK: usize = 31;
/// A bar has at least so many columns; labels give way.
const NARROWEST_BAR: usize = 6;
const GAP: usize = 2;

impl Columns {
    fn of(panel: &Panel, look: Look) -> Self {
        let amounts = || panel.lines.iter().map(|line| line.amount).chain([panel.total]);
        let value = amounts().map(|it| number(it).width()).max().unwrap_or_default();
        let state = amounts().map(|it| state(it, look.lang).width()).max().unwrap_or_default();
        let labels = panel.lines.iter().map(|line| line.label.width());
        let total = look.lang.pick("total", "合计").width();
        let label = labels.chain([total]).max().unwrap_or_default();
        let buckets = panel.lines.iter().map(|line| line.history.len()).max().unwrap_or_default();

        let gaps = GAP * (2 + usize::from(state > 0) + usize::from(buckets > 0));
        let room = look.width.saturating_sub(value + state + gaps);
        // A fifth may be the sparkline's whatever labels there are; then half of what they leave.
        let label = label.min(room.saturating_sub(NARROWEST_BAR + buckets.min(room / 5)));
        let (total_room, room) = (room, room.saturating_sub(label));
        let most = (room / 2).max(room.saturating_sub(NARROWEST_BAR).min(total_room / 5));
        let spark = buckets.min(WIDEST_SPARK).min(most);
        // Buckets put together are equal in number: as wide as that makes it.
        let spark = buckets.div_ceil(buckets.div_ceil(spark.max(1)).max(1));
        Self { label, spark, bar: room.saturating_sub(spark), value, state }
    }

    fn line(&self, label: &str, spark: &str, bar: &str, amount: Amount, look: Look) -> String {
        let label = pad(&shortened(label, self.label, look.ellipsis()), self.label);
        let mut parts = vec![label];
        if self.spark > 0 {
            parts.push(pad(spark, self.spark));
        }
        parts.push(pad(bar, self.bar));
        parts.push(pad_left(&number(amount), self.value));
        if self.state > 0 {
            parts.push(state(amount, look.lang).to_owned());
        }
        format!("{}\n", parts.join(&" ".repeat(GAP)).trim_end())
    }

    /// The meaning of a mark of the sparklines, when it is not one bucket.
    fn note(&self, panel: &Panel, lang: Lang) -> Option<String> {
        let longest = panel.lines.iter().max_by_key(|line| line.history.len())?;
        let (_, each) = folded(&longest.history, self.spark);
        (each > 1 && self.spark > 0).then(|| {
            lang.pick(
                format!("each character is the mean of {each} buckets\n"),
                format!("每个字符是 {each} 个时间段的平均值\n"),
            )
        })
    }
}

fn number(amount: Amount) -> String {
    amount.value.map_or_else(|| glyphs::MISSING.to_string(), grouped)
}

/// The note on a number that is not settled.
fn state(amount: Amount, lang: Lang) -> &'static str {
    match amount.state {
        State::Final => "",
        other => state_name(other, lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(value: i128, state: State) -> Amount {
        Amount { value: Some(value), state }
    }

    const METRIC: &str = "PromptTokens";

    fn by_day() -> Panel {
        let missing = Amount { value: None, state: State::Missing };
        let line =
            |label: &str, amount| ChartLine { label: label.to_owned(), history: vec![], amount };
        let lines = vec![
            line("2024-11-18", amount(1_000, State::Final)),
            line("2024-11-19", missing),
            line("2024-11-20", amount(500, State::Settling)),
        ];
        let total = Amount::sum(lines.iter().map(|line| line.amount), true);
        Panel { title: METRIC.to_owned(), metric: METRIC.to_owned(), lines, total, week: None }
    }

    fn by_endpoint() -> Panel {
        let history: Vec<Amount> = (0..40).map(|day| amount(day, State::Final)).collect();
        let total = Amount::sum(history.iter().copied(), true);
        let line =
            ChartLine { label: "ep-20240801120000-对话".to_owned(), history, amount: total };
        Panel { lines: vec![line], total, ..by_day() }
    }

    #[test]
    fn bars_with_their_numbers_and_marks() {
        let look = Look { width: 44, glyphs: Glyphs::Ascii, lang: Lang::En };
        let drawn = chart([by_day()], look);
        let expected = "\
PromptTokens
2024-11-18  ###############  1,000
2024-11-19  -                    -  missing
2024-11-20  ::::::::           500  settling
total                        1,500  missing
";
        assert_eq!(drawn, expected);
    }

    #[test]
    fn fits_every_width() {
        for width in [40, 60, 100, 160] {
            for (lang, glyphs) in [(Lang::En, Glyphs::Blocks), (Lang::Zh, Glyphs::Ascii)] {
                let look = Look { width, glyphs, lang };
                let drawn = chart([by_day(), by_endpoint()], look);
                let widest = drawn.lines().map(unicode_width::UnicodeWidthStr::width).max();
                assert!(widest <= Some(width), "{widest:?} of {width}:\n{drawn}");
            }
        }
    }

    #[test]
    fn sparklines_say_what_a_mark_is() {
        let look = Look { width: 60, glyphs: Glyphs::Blocks, lang: Lang::En };
        let drawn = chart([by_endpoint()], look);
        assert!(drawn.contains("each character is the mean of 3 buckets\n"), "{drawn}");
        assert!(drawn.contains("  ▂▂▃▃▄▄▅▅▆▆▇▇██") || drawn.contains('█'), "{drawn}");
    }
}

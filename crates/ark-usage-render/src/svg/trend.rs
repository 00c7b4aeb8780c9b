//! One metric over time: bars, or an area when there are too many of them.

use maud::{Markup, html};

use super::length::Tenths;
use super::pattern::patterns;
use super::trend_marks::{area, bars};
use ark_usage_report::Lang;
use ark_usage_report::chart_data::{Amount, Ticks, short, tenths_of};

/// One bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    /// Its start, unix seconds.
    pub start: i64,
    /// Its name in tables.
    pub label: String,
    /// Its name on an axis.
    pub tick: String,
    /// A good place for a name on the axis: the first hour of a day.
    pub is_major: bool,
    /// The amount of the bucket.
    pub amount: Amount,
}

/// A picture's size in its own units, which are pixels where it has room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub(crate) enum Size {
    /// For a phone.
    Narrow,
    /// For a desktop and for paper.
    Wide,
}

impl Size {
    /// Width and height.
    pub(crate) const fn extent(self) -> (i64, i64) {
        match self {
            Self::Narrow => (400, 240),
            Self::Wide => (960, 260),
        }
    }

    /// The suffix of names in pictures of this size.
    pub(crate) const fn class(self) -> &'static str {
        match self {
            Self::Narrow => "narrow",
            Self::Wide => "wide",
        }
    }
}

/// The picture of a trend.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trend<'a> {
    /// Unique in the document.
    pub id: &'a str,
    /// The title, for screen readers.
    pub title: &'a str,
    /// The picture in words.
    pub description: &'a str,
    /// The buckets, in order.
    pub points: &'a [Point],
    /// The index of its tone, from 0.
    pub tone: usize,
    /// The size of the picture.
    pub size: Size,
    /// The language of labels.
    pub lang: Lang,
}

/// More buckets than these become an area.
const MOST_BARS: usize = 62;
const STEPS: u8 = 4;
/// Room for the names of both axes.
const LEFT: i64 = 58;
const RIGHT: i64 = 8;
const TOP: i64 = 12;
const BOTTOM: i64 = 26;
/// About as wide as a letter of an axis' names.
const LETTER: i64 = 8;

/// The part of a picture that values are drawn in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plot {
    pub(super) left: i64,
    pub(super) top: i64,
    pub(super) width: i64,
    pub(super) height: i64,
    /// The axis' end.
    pub(super) end: i128,
    /// The number of buckets that share the width.
    pub(super) count: i64,
}

impl Plot {
    /// The left edge of a bucket.
    pub(super) fn x(&self, index: usize) -> Tenths {
        let index = i64::try_from(index).unwrap_or_default();
        Tenths(self.left * 10 + self.width * 10 * index / self.count.max(1))
    }

    /// The middle of a bucket.
    pub(super) fn middle(&self, index: usize) -> Tenths {
        Tenths(i64::midpoint(self.x(index).0, self.x(index + 1).0))
    }

    /// The height of a value.
    pub(super) fn y(&self, value: i128) -> Tenths {
        Tenths(self.bottom().0 - tenths_of(self.height, value, self.end))
    }

    /// The height of 0.
    pub(super) fn bottom(&self) -> Tenths {
        Tenths::whole(self.top + self.height)
    }
}

impl Trend<'_> {
    /// Draws it.
    pub(crate) fn draw(&self) -> Markup {
        let (width, height) = self.size.extent();
        let ticks = Ticks::up_to(self.largest(), STEPS);
        let plot = Plot {
            left: LEFT,
            top: TOP,
            width: width - LEFT - RIGHT,
            height: height - TOP - BOTTOM,
            end: ticks.end(),
            count: i64::try_from(self.points.len()).unwrap_or(i64::MAX),
        };
        let (title_id, description_id) =
            (format!("{}-title", self.id), format!("{}-desc", self.id));
        html! {
            svg xmlns="http://www.w3.org/2000/svg" class={ "picture " (self.size.class()) } role="img"
                viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height)
                aria-labelledby={ (title_id) " " (description_id) } {
                title id=(title_id) { (self.title) }
                desc id=(description_id) { (self.description) }
                (patterns(self.id, self.tone))
                (self.value_axis(&ticks, &plot))
                @if self.points.len() > MOST_BARS {
                    (area(self.id, self.tone, self.points, &plot, self.lang))
                } @else {
                    (bars(self.id, self.tone, self.points, &plot, self.lang))
                }
                (self.time_axis(&plot))
            }
        }
    }

    fn largest(&self) -> i128 {
        self.points.iter().map(|point| point.amount.height()).max().unwrap_or_default()
    }

    fn value_axis(&self, ticks: &Ticks, plot: &Plot) -> Markup {
        let right = plot.left + plot.width;
        html! {
            @for value in &ticks.at {
                line class=(if *value == 0 { "base" } else { "grid" })
                    x1=(plot.left) x2=(right) y1=(plot.y(*value)) y2=(plot.y(*value)) {}
                text x=(plot.left - 8) y=(Tenths(plot.y(*value).0 + 40)) text-anchor="end" {
                    (short(*value, self.lang))
                }
            }
        }
    }

    fn time_axis(&self, plot: &Plot) -> Markup {
        let every = self.tick_distance(plot);
        let first = self.points.iter().position(|point| point.is_major).unwrap_or_default() % every;
        let named = self.points.iter().enumerate().skip(first).step_by(every);
        let y = plot.top + plot.height + 18;
        html! {
            @for (index, point) in named {
                text x=(within(plot.middle(index), &point.tick, self.size)) y=(y) text-anchor="middle" {
                    (point.tick)
                }
            }
        }
    }

    /// The number of buckets between two names, so that the names do not touch.
    fn tick_distance(&self, plot: &Plot) -> usize {
        const ROUND: [usize; 12] = [1, 2, 3, 4, 6, 7, 12, 14, 24, 48, 168, 336];
        let longest = self.points.iter().map(|point| point.tick.chars().count()).max();
        let needed =
            i64::try_from(longest.unwrap_or_default()).unwrap_or_default() * LETTER + LETTER;
        let most = usize::try_from((plot.width / needed.max(1)).max(1)).unwrap_or(1);
        let distance = self.points.len().div_ceil(most).max(1);
        ROUND.into_iter().find(|round| *round >= distance).unwrap_or(distance)
    }
}

/// A name's middle, moved so that none of the name lies outside.
fn within(middle: Tenths, name: &str, size: Size) -> Tenths {
    let half = i64::try_from(name.chars().count()).unwrap_or_default() * LETTER * 5;
    let right = size.extent().0 * 10;
    Tenths(middle.0.min(right - half).max(half))
}

#[cfg(test)]
mod tests {
    use ark_usage_model::State;

    use super::*;

    fn points(count: i64) -> Vec<Point> {
        let amount = |index: i64| match index {
            2 => Amount { value: None, state: State::Missing },
            last if last == count - 1 => Amount { value: Some(5), state: State::Settling },
            _ => Amount { value: Some(i128::from(index) * 10), state: State::Final },
        };
        let point = |index| Point {
            start: index,
            label: format!("day <{index}>"),
            tick: format!("11-{index:02}"),
            is_major: false,
            amount: amount(index),
        };
        (0..count).map(point).collect()
    }

    fn drawn(count: i64, size: Size) -> String {
        let points = points(count);
        let trend = Trend {
            id: "t1",
            title: "Tokens & more",
            description: "in words",
            points: &points,
            tone: 0,
            size,
            lang: Lang::En,
        };
        trend.draw().into_string()
    }

    #[test]
    fn bars_say_their_numbers_and_states_differ() {
        let svg = drawn(5, Size::Wide);
        assert!(svg.contains("<title id=\"t1-title\">Tokens &amp; more</title>"), "{svg}");
        assert!(svg.contains("<title>day &lt;3&gt;: 30 (final)</title>"), "{svg}");
        assert!(svg.contains("fill=\"url(#t1-missing)\""), "{svg}");
        assert!(svg.contains("<title>day &lt;2&gt;: missing</title>"), "{svg}");
        assert!(svg.contains("fill=\"url(#t1-settling)\""), "{svg}");
        assert!(svg.contains(">11-04<"), "{svg}");
    }

    #[test]
    fn many_buckets_are_an_area_with_a_gap() {
        let svg = drawn(200, Size::Narrow);
        // Before the gap, behind it, and what may still change.
        assert_eq!(svg.matches("<path class=\"area area0\"").count(), 3, "{svg}");
        assert_eq!(svg.matches("url(#t1-settling)").count(), 1, "{svg}");
        assert!(svg.matches("<text").count() < 16, "{svg}");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert!(drawn(0, Size::Wide).contains("</svg>"));
    }
}

//! Pictures as SVG: pure functions from values to markup. Colours are classes, which
//! [`style`] gives a value for light and for dark; every mark says its number when pointed at.

mod bar;
mod heat_map;
mod length;
mod pattern;
mod style;
mod trend;
mod trend_marks;

pub(crate) use bar::{bar, difference_bar, spark_bars};
pub(crate) use heat_map::{HEAT_LEVELS, heat_map};
pub(crate) use style::{PICTURE_STYLE, TONES, palette};
pub(crate) use trend::{Point, Size, Trend};

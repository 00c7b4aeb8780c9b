//! Pictures as SVG: pure functions from values to markup. Colours are classes, which
//! [`style`] gives a value for light and for dark; every mark says its number when pointed at.

mod bar;
mod heat_map;
mod length;
mod pattern;
mod style;
mod trend;
mod trend_marks;

pub use bar::{bar, difference_bar, spark_bars};
pub use heat_map::{HEAT_LEVELS, heat_map};
pub use style::{PICTURE_STYLE, TONES, palette};
pub use trend::{Point, Size, Trend};

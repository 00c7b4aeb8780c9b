//! The data of charts, in the terminal and on a page: amounts in order, weeks by hour, and
//! numbers people can take in at a glance.

mod amount;
mod course;
mod number;
mod ticks;
mod week_grid;

pub use amount::{Amount, folded};
pub use course::{Moment, course, course_of_tokens, week};
pub use number::{grouped, percent, short};
pub use ticks::{Ticks, tenths_of};
pub use week_grid::{DAYS, HOURS, WeekCell, WeekGrid, weekday};

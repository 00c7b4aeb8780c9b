//! Lengths with one decimal, which is finer than any screen shows: no float is needed.

use maud::{Escaper, Render};
use std::fmt::{self, Write as _};

/// A length in tenths of a unit, written as `12.3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tenths(pub(super) i64);

impl Tenths {
    /// A number of whole units.
    pub(super) const fn whole(units: i64) -> Self {
        Self(units.saturating_mul(10))
    }
}

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        match size % 10 {
            0 => write!(f, "{sign}{}", size / 10),
            tenth => write!(f, "{sign}{}.{tenth}", size / 10),
        }
    }
}

impl Render for Tenths {
    fn render_to(&self, buffer: &mut String) {
        let _ = write!(Escaper::new(buffer), "{self}");
    }
}

#[cfg(test)]
mod tests {
    use super::Tenths;

    #[test]
    fn one_decimal_at_most() {
        let cases = [(0, "0"), (5, "0.5"), (-5, "-0.5"), (120, "12"), (123, "12.3")];
        for (tenths, text) in cases {
            assert_eq!(Tenths(tenths).to_string(), text);
        }
        assert_eq!(Tenths::whole(7).to_string(), "7");
    }
}

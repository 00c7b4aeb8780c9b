//! The characters that charts in a terminal are made of.

/// The characters a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Glyphs {
    /// Block elements, which are in every monospaced font.
    Blocks,
    /// ASCII only: digits and signs.
    Ascii,
}

/// The sign of a missing value: never a 0.
pub(super) const MISSING: char = '-';

impl Glyphs {
    /// One bucket of a sparkline: 0 for none, up to [`Self::SPARK_LEVELS`].
    pub(super) fn spark(self, level: usize) -> char {
        let levels: &[char] = match self {
            Self::Blocks => &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
            Self::Ascii => &['0', '1', '2', '3', '4', '5', '6', '7'],
        };
        levels.get(level).copied().unwrap_or(MISSING)
    }

    /// The level of the tallest bucket.
    pub(super) const SPARK_LEVELS: u8 = 7;

    /// A full cell of a bar; one that may still change looks lighter.
    pub(super) fn full(self, settled: bool) -> char {
        match (self, settled) {
            (Self::Blocks, true) => '█',
            (Self::Blocks, false) => '▒',
            (Self::Ascii, true) => '#',
            (Self::Ascii, false) => ':',
        }
    }

    /// The last cell of a bar, by its eighths; none where a cell cannot be told from a full one.
    pub(super) fn partial(self, eighths: usize) -> Option<char> {
        let levels: &[char] = match self {
            Self::Blocks => &['▏', '▎', '▍', '▌', '▋', '▊', '▉'],
            Self::Ascii => &[],
        };
        levels.get(eighths.checked_sub(1)?).copied()
    }

    /// One hour of a heat map: 0 for none, up to [`Self::HEAT_LEVELS`].
    pub(super) fn heat(self, level: u8) -> char {
        let levels: &[char] = match self {
            Self::Blocks => &['·', '░', '▒', '▓', '█'],
            Self::Ascii => &['0', '1', '2', '3', '4'],
        };
        levels.get(usize::from(level)).copied().unwrap_or(MISSING)
    }

    /// The level of the busiest hour.
    pub(super) const HEAT_LEVELS: u8 = 4;
}

//! The ways a page is looked at.

use std::fmt;

/// The languages a page is written in.
pub(super) const LANGUAGES: [&str; 2] = ["en", "zh"];

/// One way to look at a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Viewing {
    /// The value of `--lang`.
    pub(super) language: &'static str,
    pub(super) dark: bool,
    /// CSS pixels.
    pub(super) width: u32,
}

/// A phone and a desktop.
const WIDTHS: [u32; 2] = [390, 1280];

impl Viewing {
    /// Every way, for one language.
    pub(super) fn all(language: &'static str) -> impl Iterator<Item = Self> {
        let of = move |width| [false, true].map(|dark| Self { language, dark, width });
        WIDTHS.into_iter().flat_map(of)
    }

    /// The page's language (BCP 47).
    pub(super) fn tag(self) -> &'static str {
        if self.language == "zh" { "zh-CN" } else { "en" }
    }

    /// `zh-dark-390`
    pub(super) fn name(self) -> String {
        let theme = if self.dark { "dark" } else { "light" };
        format!("{}-{theme}-{}", self.language, self.width)
    }
}

impl fmt::Display for Viewing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

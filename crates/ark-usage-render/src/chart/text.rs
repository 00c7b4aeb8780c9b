//! Texts of a certain width in a terminal, where 密 takes two columns.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// The text with spaces behind it, up to a width.
pub(super) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// The text with spaces before it, up to a width.
pub(super) fn pad_left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

/// The text, or its beginning and an ellipsis where it is wider than `width`.
pub(super) fn shortened(text: &str, width: usize, ellipsis: &str) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(ellipsis.width());
    let mut taken = 0;
    let kept = text.chars().take_while(|letter| {
        taken += letter.width().unwrap_or_default();
        taken <= room
    });
    kept.collect::<String>() + ellipsis
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_letters_take_two_columns() {
        assert_eq!(pad("周一", 6), "周一  ");
        assert_eq!(pad_left("周一", 6), "  周一");
        assert_eq!(pad("longer", 3), "longer");
        assert_eq!(shortened("推理接入点", 6, "…"), "推理…");
        assert_eq!(shortened("推理", 4, "…"), "推理");
        assert_eq!(shortened("abcdef", 4, ".."), "ab..");
    }
}

//! Values of labels in the text formats of Prometheus and OpenMetrics.

use std::fmt::Write as _;

use volc_openapi::is_harmful;

/// Returns the value of a label of Prometheus or OpenMetrics, as it stands between quotes. Every harmful sign is shown by its code
/// point, so that two values that differ stay different.
pub fn label_value(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for sign in value.chars() {
        match sign {
            '\\' => escaped.push_str(r"\\"),
            '"' => escaped.push_str(r#"\""#),
            '\n' => escaped.push_str(r"\n"),
            // Writing to a String cannot fail.
            sign if is_harmful(sign) => drop(write!(escaped, "<U+{:04X}>", u32::from(sign))),
            sign => escaped.push(sign),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_labels_stay_different() {
        assert_eq!(label_value("a\"b\\c\nd 密"), r#"a\"b\\c\nd 密"#);
        assert_eq!(label_value("\u{1b}\t\u{2028}"), "<U+001B><U+0009><U+2028>");
    }
}

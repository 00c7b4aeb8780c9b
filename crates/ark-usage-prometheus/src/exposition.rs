//! The text format of a scrape, version 0.0.4.

use std::fmt::Write as _;

use crate::Family;

/// Writes families in the text format 0.0.4, in their order; those without series are left out.
pub fn exposition(families: &[Family]) -> String {
    let mut text = String::new();
    for family in families {
        if family.samples().next().is_none() {
            continue;
        }
        let (name, kind) = (family.name(), family.kind().as_str());
        let help = family.help().replace('\\', r"\\").replace('\n', r"\n");
        // Writing to a String cannot fail.
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        for (labels, value) in family.samples() {
            let pairs = labels.pairs();
            let _ = match pairs.as_str() {
                "" => writeln!(text, "{name} {value}"),
                pairs => writeln!(text, "{name}{{{pairs}}} {value}"),
            };
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FamilyKind, Labels, SampleValue};

    #[test]
    fn labels_and_help_are_escaped_and_empty_families_left_out() {
        let empty = Family::new("ark_usage_images_total", FamilyKind::Counter, "Images.");
        let mut gauge = Family::new("ark_usage_ratio", FamilyKind::Gauge, "A\\b\nc.");
        let labels = Labels::new().with("project", "a\"b\\c\nd\u{202e}").with("model", "");
        gauge.set(labels, SampleValue::Real(0.5));
        gauge.set(Labels::new(), SampleValue::Real(f64::INFINITY));
        assert_eq!(
            exposition(&[empty, gauge]),
            "# HELP ark_usage_ratio A\\\\b\\nc.\n# TYPE ark_usage_ratio gauge\nark_usage_ratio +Inf\n\
             ark_usage_ratio{project=\"a\\\"b\\\\c\\nd<U+202E>\"} 0.5\n"
        );
    }
}

//! Everything people write down: read, printed and read again, as it is and damaged at random.
//!
//! `PROPTEST_CASES=1000000 cargo test -p ark-usage-report --test it` is a long run.

mod budgets;
mod prices;
mod ranges;

use ark_usage_report::{Lang, ReportError};

/// Asserts that an error names `about` in both languages.
fn value_of<T>(outcome: Result<T, ReportError>, about: &str) -> Option<T> {
    outcome
        .map_err(|error| {
            for lang in [Lang::En, Lang::Zh] {
                let message = error.message().in_lang(lang);
                assert!(message.contains(about), "{message:?} is not about {about}");
            }
        })
        .ok()
}

/// Writes a TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\0'..='\u{1f}' | '\u{7f}' => {
                quoted.extend(format!("\\u{:04X}", u32::from(character)).chars());
            }
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

//! Warnings that doubt every number, which every output for people therefore carries.

use ark_usage_report::{Lang, Text, joined, text};

/// The code of the warning that accounts could not be verified as different ones.
pub const UNVERIFIED_ACCOUNTS: &str = "accounts_unverified";

/// The code of the warning that names usage which was not received.
pub const USAGE_MISSING: &str = "usage_missing";

/// Returns the warning that names usage which was not received: its code and its words; `None` for no usage.
pub fn usage_missing(gaps: &[Text]) -> Option<(&'static str, Text)> {
    let more = gaps.len().saturating_sub(NAMED_GAPS);
    let shown = joined(gaps.get(..NAMED_GAPS).unwrap_or(gaps), ["; ", "；"]);
    let more = (more > 0).then(|| text!("; and {more} more", "；另有 {more} 处"));
    let words = text!("usage is missing: {shown}{more}", "用量缺失：{shown}{more}"; shown = shown, more = Text::all(more));
    (!gaps.is_empty()).then_some((USAGE_MISSING, words))
}

/// The number of gaps that the warning names.
const NAMED_GAPS: usize = 20;

/// Returns the warning that accounts could not be verified as different ones: its code and its words.
pub fn unverified_accounts() -> (&'static str, Text) {
    let words = text!(
        "the profiles are assumed to be different accounts, which could not be verified; usage may be counted twice",
        "按参数假定各 profile 属于不同账号，但未能核实；用量可能被重复计算"
    );
    (UNVERIFIED_ACCOUNTS, words)
}

/// Returns true for a warning that doubts every number: it is part of every output for people, and
/// printed even where others are not.
pub fn is_shown_everywhere(code: &str) -> bool {
    matches!(code, UNVERIFIED_ACCOUNTS | USAGE_MISSING)
}

/// Returns the lines below a table or a chart, a warning each.
pub(crate) fn marks(warnings: &[(&'static str, Text)], lang: Lang) -> String {
    let shown = warnings.iter().filter(|(code, _)| is_shown_everywhere(code));
    let line = |(_, message): &(&str, Text)| {
        let line = text!("\nwarning: {message}\n", "\n警告：{message}\n"; message = message);
        line.in_lang(lang).to_owned()
    };
    shown.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_doubts_about_everything_are_part_of_tables() {
        let warnings =
            [("empty_answer", text!("a", "甲")), (UNVERIFIED_ACCOUNTS, text!("b", "乙"))];
        assert_eq!(marks(&warnings, Lang::En), "\nwarning: b\n");
        assert_eq!(marks(&warnings, Lang::Zh), "\n警告：乙\n");
        assert_eq!(marks(&[], Lang::En), "");
    }
}

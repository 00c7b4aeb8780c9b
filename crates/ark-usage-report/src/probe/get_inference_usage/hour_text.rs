//! The spelling of an hour.

use std::collections::BTreeSet;

use ark_usage_model::get_inference_usage::RawCell;

use super::{Observed, ProbeFinding, no_usage, refused, shown};
use crate::{listed, text};

const QUESTION: &str = "hour text";

/// Looks at the column `Hour`.
pub(super) fn finding(hours: &Observed) -> ProbeFinding {
    let hours = match hours {
        Ok(hours) => hours,
        Err(error) => return ProbeFinding::open(QUESTION, refused(error)),
    };
    if hours.0.rows.is_empty() {
        return ProbeFinding::open(QUESTION, no_usage());
    }
    let are_numbers = hours.cells("Hour").all(|cell| matches!(cell, RawCell::Number(_)));
    let kind = if are_numbers { text!("numbers", "数字") } else { text!("text", "文本") };
    let evidence =
        text!("the cells of the column Hour are {kind}", "Hour 列的单元格是{kind}"; kind = kind);
    let texts: Vec<&str> = hours.cells("Hour").filter_map(RawCell::text).collect();
    let is_digits = |text: &&str| text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    let answer = if texts.is_empty() {
        text!("there is no column Hour with texts", "没有内容可读的 Hour 列")
    } else if !texts.iter().all(is_digits) {
        let forms: BTreeSet<String> = texts.iter().map(|text| form(text)).collect();
        let all = listed(&forms, 5);
        text!("{all} (every digit written as 0)", "{all}（每个数字都写作 0）"; all = all)
    } else if texts.iter().any(|text| text.len() == 1) {
        text!("7: without a leading zero", "7：没有前导零")
    } else if texts.iter().any(|text| text.starts_with('0')) {
        text!("07: always two digits", "07：总是两位数字")
    } else {
        let why = text!("no hour before 10:00 has usage", "10:00 之前的小时没有用量");
        return ProbeFinding::open(QUESTION, why);
    };
    ProbeFinding::settled(QUESTION, answer, evidence)
}

/// Returns the form of a text: every digit as 0.
fn form(text: &str) -> String {
    let form: String =
        text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
    shown(&form)
}

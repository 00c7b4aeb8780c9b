//! The form of the table: its columns, its numbers, its order, and which numbers hold others.

use ark_usage_model::get_inference_usage::RawCell;

use super::observation::TableObservation;
use super::{MEASURES, Observed, ProbeFinding, no_usage, refused, shown};
use crate::lang::Text;
use crate::{MOST_LISTED, listed, text};

/// Compares the tokens of rows with their total.
pub(super) fn cached(whole: &TableObservation, grouped: &Observed) -> ProbeFinding {
    const QUESTION: &str = "cached tokens";
    let (mut parts, mut extras) = (0, 0);
    for table in std::iter::once(whole).chain(grouped) {
        for row in &table.0.rows {
            let number = |column| table.number(row, column).unwrap_or_default();
            let (cached, total) = (number("CacheTokensHit"), number("TotalTokens"));
            let rest = number("InputTokens") + number("OutputTokens");
            parts += usize::from(cached > 0 && total == rest);
            extras += usize::from(cached > 0 && total == rest + cached);
        }
    }
    match (parts, extras) {
        (1.., 0) => ProbeFinding::settled(
            QUESTION,
            text!("part of InputTokens", "包含在 InputTokens 内"),
            text!(
                "TotalTokens is the sum of InputTokens and OutputTokens in rows with cached tokens",
                "有缓存 token 的行中，TotalTokens 等于 InputTokens 与 OutputTokens 之和"
            ),
        ),
        (0, 1..) => ProbeFinding::settled(
            QUESTION,
            text!("beside InputTokens", "不包含在 InputTokens 内"),
            text!(
                "TotalTokens is the sum of InputTokens, CacheTokensHit and OutputTokens",
                "TotalTokens 等于 InputTokens、CacheTokensHit 与 OutputTokens 之和"
            ),
        ),
        _ => ProbeFinding::open(
            QUESTION,
            text!("no row has cached tokens and a total that tells", "没有能说明问题的行"),
        ),
    }
}

/// Looks at the cells of numbers.
pub(super) fn numbers(whole: &TableObservation, grouped: &Observed) -> ProbeFinding {
    const QUESTION: &str = "numbers";
    let tables: Vec<_> = std::iter::once(whole).chain(grouped).collect();
    let cells =
        || tables.iter().flat_map(|table| MEASURES.iter().flat_map(|name| table.cells(name)));
    let has = |is: fn(&RawCell) -> bool| cells().any(is);
    let is_empty = |cell: &RawCell| matches!(cell, RawCell::Text(text) if text.trim().is_empty());
    let answer = match (
        has(|cell| matches!(cell, RawCell::Number(_))),
        has(|cell| matches!(cell, RawCell::Text(text) if !text.trim().is_empty())),
    ) {
        (false, false) => return ProbeFinding::open(QUESTION, no_usage()),
        (true, false) => text!("numbers", "数字"),
        (false, true) => text!("text", "文本"),
        (true, true) => text!("numbers and text", "数字和文本都有"),
    };
    let answer = match (cells().any(is_empty), has(|cell| *cell == RawCell::Null)) {
        (false, false) => answer,
        (true, _) => text!("{answer}, some are empty", "{answer}，有的为空"; answer = answer),
        (false, true) => text!("{answer}, some are null", "{answer}，有的为 null"; answer = answer),
    };
    ProbeFinding::settled(QUESTION, answer, text!("the cells of two calls", "两次调用的单元格"))
}

/// Names the columns of usage that is not grouped.
pub(super) fn columns(whole: &TableObservation) -> ProbeFinding {
    const QUESTION: &str = "columns";
    let names: Vec<String> = whole.0.columns.iter().map(|name| shown(name)).collect();
    if names.is_empty() {
        let why = text!("the response names none", "应答没有列出任何列");
        return ProbeFinding::open(QUESTION, why);
    }
    let evidence = text!("one call by day, not grouped", "一次按天、不分组的调用");
    ProbeFinding::settled(QUESTION, listed(&names, MOST_LISTED), evidence)
}

/// Looks at the order of hours.
pub(super) fn order(hours: &Observed) -> ProbeFinding {
    const QUESTION: &str = "order";
    let hours = match hours {
        Ok(hours) => hours,
        Err(error) => return ProbeFinding::open(QUESTION, refused(error)),
    };
    let times: Vec<i64> = hours.0.rows.iter().filter_map(|row| hours.hour(row)).collect();
    if times.len() < 2 {
        return ProbeFinding::open(QUESTION, no_usage());
    }
    let answer: Text = if times.is_sorted() {
        text!("by time", "按时间")
    } else if hours.hours_by_group().values().all(|group| group.is_sorted()) {
        text!("by time within each group", "每组之内按时间")
    } else {
        text!("not sorted", "无序")
    };
    ProbeFinding::settled(
        QUESTION,
        answer,
        text!("the rows of a day by hour", "一天内按小时的各行"),
    )
}

#[cfg(test)]
mod tests {
    use ark_usage_model::get_inference_usage::RawTableQuery;
    use volc_openapi::Action as _;

    use super::*;
    use crate::Lang;

    /// Rows of input, cached, output and total tokens.
    fn table(rows: &str) -> TableObservation {
        let fields = r#"["InputTokens","CacheTokensHit","OutputTokens","TotalTokens"]"#;
        let body =
            format!(r#"{{"ResponseMetadata":{{}},"Result":{{"Fields":{fields},"Data":{rows}}}}}"#);
        TableObservation(RawTableQuery::from_http(&http::Response::new(body)).unwrap().result)
    }

    fn answer(rows: &str) -> Option<String> {
        let finding = cached(&table(rows), &Ok(TableObservation::default()));
        finding.answer.map(|answer| answer.in_lang(Lang::En).to_owned())
    }

    #[test]
    fn totals_tell_if_the_input_holds_cached_tokens() {
        let part = Some("part of InputTokens".to_owned());
        assert_eq!(answer(r#"[["10","4","1","11"],["5","0","1","900"]]"#), part);
        assert_eq!(answer("[[6,4,1,11],[5,0,1,6]]").as_deref(), Some("beside InputTokens"));
        for open in ["[]", "[[10,0,1,11]]", "[[10,4,1,900]]", "[[10,4,1,11],[6,4,1,11]]"] {
            assert_eq!(answer(open), None, "{open}");
        }
    }
}

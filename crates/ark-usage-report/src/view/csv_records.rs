//! Records of a CSV file, read strictly, each with the line it begins on.
//!
//! The `csv` crate takes a quote that is never closed and text behind a closing quote, and its line
//! numbers are off behind CRLF and blank lines; here all three are exact.

use std::iter::Peekable;
use std::str::Chars;

use crate::lang::Text;
use crate::text;

/// One record, its fields without the blanks around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CsvRecord {
    /// The line it begins on, from 1.
    pub(super) line: usize,
    pub(super) fields: Vec<String>,
}

impl CsvRecord {
    /// True when nothing stands in it, as in the unused rows of a spreadsheet.
    pub(super) fn is_blank(&self) -> bool {
        self.fields.iter().all(String::is_empty)
    }
}

/// A place where the text is no CSV.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CsvProblem {
    pub(super) line: usize,
    pub(super) what: Text,
}

/// Returns the records of `text` in order; blank lines are left out.
pub(super) fn csv_records(text: &str) -> Result<Vec<CsvRecord>, CsvProblem> {
    let mut input = CsvInput { rest: text.chars().peekable(), line: 1 };
    let mut records = Vec::new();
    while input.rest.peek().is_some() {
        let record = input.record()?;
        if !record.is_blank() {
            records.push(record);
        }
    }
    Ok(records)
}

/// The text that is left, and the line it begins on.
struct CsvInput<'a> {
    rest: Peekable<Chars<'a>>,
    line: usize,
}

impl CsvInput<'_> {
    fn record(&mut self) -> Result<CsvRecord, CsvProblem> {
        let (line, mut fields) = (self.line, Vec::new());
        loop {
            fields.push(self.field()?);
            match self.next() {
                Some(',') => {}
                _ => return Ok(CsvRecord { line, fields }),
            }
        }
    }

    /// Reads a field up to the comma or the end of the line behind it.
    fn field(&mut self) -> Result<String, CsvProblem> {
        if self.rest.next_if_eq(&'"').is_some() {
            return self.quoted();
        }
        let mut field = String::new();
        while let Some(sign) = self.rest.next_if(|sign| !ends_field(*sign)) {
            if sign == '"' && field.trim().is_empty() {
                return Err(self.problem(text!(
                    "a quote must be the first character of its field",
                    "引号必须是字段的第一个字符"
                )));
            }
            field.push(sign);
        }
        Ok(field.trim().to_owned())
    }

    fn quoted(&mut self) -> Result<String, CsvProblem> {
        let (opened, mut field) = (self.line, String::new());
        loop {
            match self.next() {
                Some('"') if self.rest.next_if_eq(&'"').is_some() => field.push('"'),
                Some('"') => break,
                Some(sign) => field.push(sign),
                None => {
                    return Err(CsvProblem {
                        line: opened,
                        what: text!(
                            "a quote opened on line {opened} is not closed",
                            "第 {opened} 行开始的引号没有结束"
                        ),
                    });
                }
            }
        }
        while self.rest.next_if(|sign| !ends_field(*sign) && sign.is_whitespace()).is_some() {}
        match self.rest.peek() {
            Some(sign) if !ends_field(*sign) => Err(self.problem(text!(
                "text behind a closing quote; a quote inside quotes is written twice",
                "结束引号之后还有文字；引号之内的引号要写两次"
            ))),
            _ => Ok(field.trim().to_owned()),
        }
    }

    /// Takes one character, a line break as one LF, and counts lines.
    fn next(&mut self) -> Option<char> {
        let sign = self.rest.next()?;
        if sign == '\r' {
            self.rest.next_if_eq(&'\n');
        }
        if is_line_break(sign) {
            self.line = self.line.saturating_add(1);
            return Some('\n');
        }
        Some(sign)
    }

    fn problem(&self, what: Text) -> CsvProblem {
        CsvProblem { line: self.line, what }
    }
}

fn ends_field(sign: char) -> bool {
    sign == ',' || is_line_break(sign)
}

/// A lone CR ends a line too, as old spreadsheets write it.
fn is_line_break(sign: char) -> bool {
    matches!(sign, '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lang::Lang;

    fn read(text: &str) -> Vec<(usize, Vec<String>)> {
        let records = csv_records(text).unwrap();
        records.into_iter().map(|record| (record.line, record.fields)).collect()
    }

    #[test]
    fn fields_are_as_they_were_meant() {
        let text = "a, b ,\"c, \"\"d\"\"\"\n12\" x,\" y \" ,\n";
        let expected = [
            (1, vec!["a".to_owned(), "b".to_owned(), "c, \"d\"".to_owned()]),
            (2, vec!["12\" x".to_owned(), "y".to_owned(), String::new()]),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn quotes_that_are_not_right_are_refused_by_line() {
        let cases = [
            ("a,b\r\nc,\"d\r\ne,f\r\n", 2, "opened on line 2 is not closed"),
            ("a\n\n\"b\nc\n", 3, "opened on line 3"),
            ("a\n\"b\nc\"d\n", 3, "behind a closing quote"),
            ("a\nb, \"c\"\n", 2, "first character of its field"),
        ];
        for (text, line, what) in cases {
            let problem = csv_records(text).unwrap_err();
            assert_eq!(problem.line, line, "{text:?}");
            let said = problem.what.in_lang(Lang::En);
            assert!(said.contains(what), "{text:?}: {said}");
        }
    }

    proptest! {
        /// Whatever ends the lines, and however many are blank, lines are counted as an editor does.
        #[test]
        fn lines_are_those_of_an_editor(
            lines in prop::collection::vec(prop::sample::select(vec!["", "a,b", ",", "\"x\",y"]), 1..20),
            end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        ) {
            let text = format!("{}{end}", lines.join(end));
            let expected: Vec<usize> =
                (1..).zip(&lines).filter(|(_, line)| line.len() > 1).map(|(at, _)| at).collect();
            let found: Vec<usize> = read(&text).into_iter().map(|(line, _)| line).collect();
            prop_assert_eq!(found, expected);
        }

        /// Nothing makes the reader panic.
        #[test]
        fn any_text_is_read_or_refused(text in "[ab,\"\r\n ;]{0,60}") {
            let _ = csv_records(&text);
        }
    }
}

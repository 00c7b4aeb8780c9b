//! Names from the command line, files or standard input.

use std::collections::BTreeSet;

use ark_usage_report::text;
use volc_openapi::{few_letters, looks_secret};

use crate::error::CliError;
use crate::text_file;

/// Returns the names in the order given, each once: a repeated name would be counted twice.
pub(super) fn names(flag: &str, given: &[String]) -> Result<Vec<String>, CliError> {
    let mut seen = BTreeSet::new();
    given.iter().try_for_each(|name| check(flag, name))?;
    Ok(given.iter().filter(|name| seen.insert(name.as_str())).cloned().collect())
}

/// Returns the names, with `@FILE` and `-` replaced by the lines of a file or standard input.
pub(super) fn names_or_lists(flag: &str, given: &[String]) -> Result<Vec<String>, CliError> {
    let mut all = Vec::new();
    for word in given {
        match text_file::place(word) {
            Some(place) => all.extend(lines(flag, word, place)?),
            None => all.push(word.clone()),
        }
    }
    names(flag, &all)
}

/// Parses one name a line; empty lines and comments after `#` are skipped.
fn lines(flag: &str, word: &str, place: &str) -> Result<Vec<String>, CliError> {
    let text =
        text_file::named_text(place).map_err(|problem| problem.about(&format!("{flag} {word}")))?;
    let name = |line: &str| line.split('#').next().unwrap_or_default().trim().to_owned();
    let named = (1..).zip(text.lines().map(name)).filter(|(_, name)| !name.is_empty());
    let named: Vec<(usize, String)> = named.collect();
    named.iter().try_for_each(|(line, name)| check_line(flag, word, *line, name))?;
    let names: Vec<String> = named.into_iter().map(|(_, name)| name).collect();
    if names.is_empty() {
        return Err(CliError::usage(text!(
            "{flag} {word}: contains no names",
            "{flag} {word}：其中没有任何名称"
        ))
        .with_hint(text!(
            "write one name a line; # starts a comment",
            "每行一个名称；# 之后是注释"
        )));
    }
    Ok(names)
}

/// Refuses a line that names no endpoint: it would be sent, and repeated by whoever answers.
fn check_line(flag: &str, word: &str, line: usize, name: &str) -> Result<(), CliError> {
    let is_of_id = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_id = name.len() <= LONGEST_ID && name.bytes().all(is_of_id);
    if is_id && (name.starts_with("ep-") && !name.contains("AKLT") || !looks_secret(name)) {
        return Ok(());
    }
    let name = few_letters(name);
    Err(CliError::usage(text!(
        "{flag} {word}, line {line}: {name:?} is not an endpoint id",
        "{flag} {word}，第 {line} 行：{name:?} 不是推理接入点的 ID"
    ))
    .with_hint(text!(
        "write one id a line, such as ep-20240707121820-d13ab; # starts a comment",
        "每行一个 ID，例如 ep-20240707121820-d13ab；# 之后是注释"
    )))
}

/// More than any id has.
const LONGEST_ID: usize = 64;

fn check(flag: &str, name: &str) -> Result<(), CliError> {
    let is_invalid = |letter: char| letter.is_whitespace() || letter.is_control() || letter == ',';
    if name.is_empty() || name.chars().any(is_invalid) {
        let hint = if name.is_empty() {
            text!("pass a name or remove {flag}", "请写上名称，或去掉 {flag}")
        } else {
            text!(
                "repeat the flag for several names: {flag} A {flag} B",
                "要写多个，请重复该参数：{flag} A {flag} B"
            )
        };
        return Err(CliError::usage(text!(
            "{flag} {name:?}: a name must not be empty or contain spaces or commas",
            "{flag} {name:?}：名称不能为空，也不能含空格或逗号"
        ))
        .with_hint(hint));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_skip_comments_and_duplicates() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ids");
        std::fs::write(&path, "# ours\nep-1\n\n  ep-2  # chat\nep-1\n").unwrap();
        let given = [format!("@{}", path.display()), "ep-3".to_owned(), "ep-2".to_owned()];
        assert_eq!(names_or_lists("--endpoint-id", &given).unwrap(), ["ep-1", "ep-2", "ep-3"]);
        std::fs::write(&path, "# nothing\n").unwrap();
        let error = names_or_lists("--endpoint-id", &given[..1]).unwrap_err().to_string();
        assert!(error.contains("contains no names"), "{error}");
    }

    #[test]
    fn invalid_names_are_refused() {
        for name in ["", "a b", "a,b", "a\n"] {
            assert!(names("--project", &[name.to_owned()]).is_err(), "{name:?}");
        }
    }
}

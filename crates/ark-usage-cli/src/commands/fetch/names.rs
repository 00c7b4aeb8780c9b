//! Names given on the command line, in files or on standard input.

use std::collections::BTreeSet;
use std::io::Read as _;

use crate::error::CliError;
use crate::text;

/// Names in the order given, each once: asking twice would count twice.
pub(super) fn names(flag: &str, given: &[String]) -> Result<Vec<String>, CliError> {
    let mut seen = BTreeSet::new();
    given.iter().try_for_each(|name| check(flag, name))?;
    Ok(given.iter().filter(|name| seen.insert(name.as_str())).cloned().collect())
}

/// The same, where `@FILE` and `-` stand for the lines of a file and of standard input.
pub(super) fn names_or_lists(flag: &str, given: &[String]) -> Result<Vec<String>, CliError> {
    let mut all = Vec::new();
    for word in given {
        match word.strip_prefix('@') {
            Some(path) => all.extend(lines(flag, word, read_list(path))?),
            None if word == "-" => {
                let mut text = String::new();
                let read = std::io::stdin().read_to_string(&mut text);
                all.extend(lines(flag, word, read.map(|_| text))?);
            }
            None => all.push(word.clone()),
        }
    }
    names(flag, &all)
}

/// More than a list of names can sensibly hold; a device would never end.
const MAX_LIST: u64 = 16 << 20;

fn read_list(path: &str) -> std::io::Result<String> {
    let mut text = String::new();
    let read = std::fs::File::open(path)?.take(MAX_LIST + 1).read_to_string(&mut text)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > MAX_LIST {
        return Err(std::io::Error::other("more than 16 MiB is no list of names"));
    }
    Ok(text)
}

/// One name a line; empty lines and what follows a `#` do not count.
fn lines(flag: &str, word: &str, text: std::io::Result<String>) -> Result<Vec<String>, CliError> {
    let text = text.map_err(|error| {
        CliError::usage(text!("{flag} {word}: cannot be read", "{flag} {word}：无法读取"))
            .with_source(error)
    })?;
    let name = |line: &str| line.split('#').next().unwrap_or_default().trim().to_owned();
    let names: Vec<String> = text.lines().map(name).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err(CliError::usage(text!(
            "{flag} {word}: no names in it",
            "{flag} {word}：其中没有任何名称"
        ))
        .with_hint(text!(
            "one name a line; what follows a # is a comment",
            "每行一个名称；# 之后是注释"
        )));
    }
    Ok(names)
}

fn check(flag: &str, name: &str) -> Result<(), CliError> {
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || letter == ',';
    if name.is_empty() || name.chars().any(odd) {
        let hint = if name.is_empty() {
            text!("give it a name, or leave {flag} out", "请写上名称，或去掉 {flag}")
        } else {
            text!(
                "for several, repeat the flag: {flag} A {flag} B",
                "要写多个，请重复该参数：{flag} A {flag} B"
            )
        };
        return Err(CliError::usage(text!(
            "{flag} {name:?}: a name has no spaces or commas and is not empty",
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
    fn lists_have_comments_and_no_doubles() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ids");
        std::fs::write(&path, "# ours\nep-1\n\n  ep-2  # chat\nep-1\n").unwrap();
        let given = [format!("@{}", path.display()), "ep-3".to_owned(), "ep-2".to_owned()];
        assert_eq!(names_or_lists("--endpoint-id", &given).unwrap(), ["ep-1", "ep-2", "ep-3"]);
        std::fs::write(&path, "# nothing\n").unwrap();
        let error = names_or_lists("--endpoint-id", &given[..1]).unwrap_err().to_string();
        assert!(error.contains("no names in it"), "{error}");
    }

    #[test]
    fn odd_names_are_refused() {
        for name in ["", "a b", "a,b", "a\n"] {
            assert!(names("--project", &[name.to_owned()]).is_err(), "{name:?}");
        }
    }
}

//! Hints for arguments that clap refuses.

use std::net::AddrParseError;
use std::num::{IntErrorKind, ParseFloatError, ParseIntError};

use ark_usage_report::{Lang, Text, suggest, text};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Error, ValueEnum};

use super::{Format, full_command};

/// Returns what is wrong with a value, in words of the command line: clap passes on those of the library that
/// tried to read it.
pub(super) fn problem(error: &Error) -> Option<Text> {
    let source = std::error::Error::source(error)?;
    if let Some(number) = source.downcast_ref::<ParseIntError>() {
        return Some(match number.kind() {
            IntErrorKind::PosOverflow => text!("is too large", "太大"),
            IntErrorKind::NegOverflow => text!("is too small", "太小"),
            _ => text!("must be a whole number", "必须是整数"),
        });
    }
    if source.is::<ParseFloatError>() {
        return Some(text!("must be a number", "必须是数字"));
    }
    let is_address = source.is::<AddrParseError>();
    is_address.then(|| text!("must be an address with a port", "必须是带端口的地址"))
}

/// Returns what to write instead, where clap does not know it.
pub(super) fn hint(error: &Error) -> Option<Text> {
    let value = context(error, ContextKind::InvalidValue).unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument => of_option(&context(error, ContextKind::InvalidArg)?),
        ErrorKind::InvalidSubcommand => {
            of_command(&context(error, ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::InvalidValue if !value.is_empty() => of_choice(error, &value),
        ErrorKind::ValueValidation => {
            let arg = context(error, ContextKind::InvalidArg)?;
            let flag = arg.split(' ').next().unwrap_or_default();
            if flag == "--listen" {
                let port = value.trim_start_matches(':');
                let port = if port.parse::<u16>().is_ok() { port } else { "8080" };
                return Some(text!(
                    "write --listen 127.0.0.1:{port}",
                    "请写 --listen 127.0.0.1:{port}"
                ));
            }
            problem(error)
                .map(|_| text!("write a number, as in {flag} 5", "请写数字，例如 {flag} 5"))
        }
        _ => None,
    }
}

/// Names a format for its option, or the command that has an option.
fn of_option(option: &str) -> Option<Text> {
    let bare = option.strip_prefix("--")?;
    if Format::from_str(bare, true).is_ok() || FORMATS.iter().any(|(other, _)| *other == bare) {
        let format = FORMATS.iter().find(|(other, _)| *other == bare);
        let format = format.map_or(bare, |(_, format)| *format);
        return Some(text!("write -f {format}", "请写 -f {format}"));
    }
    let definition = full_command(Lang::En);
    let has =
        |command: &&clap::Command| command.get_arguments().any(|arg| arg.get_long() == Some(bare));
    let owners = definition
        .get_subcommands()
        .filter(has)
        .map(|command| format!("`ark-usage {}`", command.get_name()));
    let owners: Vec<String> = owners.take(3).collect();
    if owners.is_empty() {
        return None;
    }
    Some(text!(
        "{option} is an option of {owners}",
        "{option} 是 {owners} 的选项",
        owners = owners.join(", ")
    ))
}

fn of_command(command: &str) -> Option<Text> {
    let lower = command.to_lowercase();
    let (_, meant) =
        COMMANDS.iter().find(|(words, _)| words.split(' ').any(|word| word == lower))?;
    Some(text!("did you mean `ark-usage {meant}`?", "是否想用 `ark-usage {meant}`？"))
}

/// Names the choice that was meant, where it is spelled in another way.
fn of_choice(error: &Error, value: &str) -> Option<Text> {
    let Some(ContextValue::Strings(known)) = error.get(ContextKind::ValidValue) else {
        return None;
    };
    let lower = value.to_lowercase();
    let arg = context(error, ContextKind::InvalidArg)?;
    let flag = arg.split(' ').next().unwrap_or_default();
    let named = |name: &str| known.iter().map(String::as_str).find(|known| *known == name);
    let other = FORMATS.iter().find(|(other, _)| *other == lower && flag == "--format");
    let meant = named(&lower).or_else(|| named(other?.1));
    let meant = meant.or_else(|| suggest::nearest(value, known.iter().map(String::as_str)));
    match (meant, lower.as_str()) {
        (Some(meant), _) => {
            Some(text!("did you mean {flag} {meant}?", "是否想写 {flag} {meant}？"))
        }
        (None, "html" | "svg") if flag == "--format" => Some(text!(
            "`ark-usage report` writes pages and pictures",
            "网页和图片由 `ark-usage report` 生成"
        )),
        _ => None,
    }
}

fn context(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        _ => None,
    }
}

/// Other names of formats.
const FORMATS: [(&str, &str); 10] = [
    ("prom", "prometheus"),
    ("om", "openmetrics"),
    ("md", "markdown"),
    ("jsonl", "ndjson"),
    ("excel", "csv"),
    ("xlsx", "csv"),
    ("tsv", "csv"),
    ("yaml", "json"),
    ("text", "table"),
    ("txt", "table"),
];

/// Other words for what commands do.
const COMMANDS: [(&str, &str); 8] = [
    ("usage tokens token show query stats list ls", "get"),
    ("plan preview", "get --dry-run"),
    ("cost costs price prices bill billing", "get --prices FILE"),
    ("export download", "get -f csv -o FILE"),
    ("limit limits quota alert", "budget"),
    ("serve server mock start", "emulate"),
    ("check diagnose test ping", "doctor"),
    ("html page chart", "report -o usage.html"),
];

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use crate::args::Cli;

    use super::*;

    fn given(line: &str) -> (Option<String>, Option<String>) {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let error = Cli::read(&words, Lang::En).unwrap_err();
        let english = |text: Text| text.in_lang(Lang::En).to_owned();
        (problem(&error).map(english), hint(&error).map(english))
    }

    #[test]
    fn each_names_what_to_write() {
        for (line, words) in [
            ("ark-usage get --json", "write -f json"),
            ("ark-usage get -f JSON", "did you mean --format json?"),
            ("ark-usage get -f prom", "did you mean --format prometheus?"),
            ("ark-usage get -f html", "`ark-usage report`"),
            ("ark-usage usage", "did you mean `ark-usage get`?"),
            ("ark-usage plan", "did you mean `ark-usage get --dry-run`?"),
            ("ark-usage call X --top 3", "--top is an option of `ark-usage get`"),
            ("ark-usage emulate --listen 8080", "write --listen 127.0.0.1:8080"),
            ("ark-usage get --top three", "write a number, as in --top 5"),
            ("ark-usage get --rate abc", "write a number, as in --rate 5"),
        ] {
            let (_, hint) = given(line);
            assert!(hint.as_ref().is_some_and(|hint| hint.contains(words)), "{line}: {hint:?}");
        }
    }

    #[test]
    fn no_words_of_a_library() {
        for (line, words) in [
            ("ark-usage get --top three", "must be a whole number"),
            ("ark-usage get --top 99999999999999999999", "is too large"),
            ("ark-usage get --rate abc", "must be a number"),
            ("ark-usage emulate --listen 8080", "must be an address with a port"),
        ] {
            assert_eq!(given(line).0.as_deref(), Some(words), "{line}");
        }
    }
}

//! Hints for arguments that clap refuses.

use std::net::AddrParseError;
use std::num::{IntErrorKind, ParseFloatError, ParseIntError};

use ark_usage_report::{Lang, Text, budget, other_words, suggest, text};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Error, ValueEnum};

use super::{Format, full_command, mistyped_conflict};

/// Returns what is wrong with a value, in words of the command line: clap passes on those of the library that
/// tried to read it.
pub(super) fn problem(error: &Error) -> Option<Text> {
    if error.kind() == ErrorKind::InvalidValue {
        let value = context(error, ContextKind::InvalidValue).unwrap_or_default();
        return (!value.is_empty()).then(|| text!("unknown value", "未知的值"));
    }
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
    if let Some(problem) = out_of_range(&source.to_string()) {
        return Some(problem);
    }
    let is_address = source.is::<AddrParseError>();
    is_address.then(|| text!("must be an address with a port", "必须是带端口的地址"))
}

/// Returns what is wrong with a number, from clap's words about it: `0 is not in 1..=64`.
fn out_of_range(words: &str) -> Option<Text> {
    let (value, bounds) = words.split_once(" is not in ")?;
    let (least, most) = bounds.split_once("..=")?;
    let (number, highest) = (value.parse::<i128>().ok()?, most.parse::<i128>().ok()?);
    Some(if highest < i128::from(u16::MAX) {
        text!("must be from {least} to {most}", "必须在 {least} 到 {most} 之间")
    } else if number > highest {
        text!("is too large", "太大")
    } else {
        text!("must be at least {least}", "不能小于 {least}")
    })
}

/// Returns what to write instead, where clap does not know it.
pub(super) fn hint(error: &Error) -> Option<Text> {
    let value = context(error, ContextKind::InvalidValue).unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let usage = Usage::of(error);
            let option = context(error, ContextKind::InvalidArg)?;
            let guessed = context(error, ContextKind::SuggestedArg);
            let hint = of_option(&option, guessed.as_deref(), &usage);
            hint.or_else(|| guessed.is_none().then(|| usage.help()))
        }
        ErrorKind::InvalidSubcommand => {
            let is_guessed = error.get(ContextKind::SuggestedSubcommand).is_some();
            let (word, usage) = (context(error, ContextKind::InvalidSubcommand)?, Usage::of(error));
            // The topics of a command are not named like commands.
            let meant =
                if usage.words.is_empty() { of_command(&word) } else { of_topic(&word, &usage) };
            meant.or_else(|| (!is_guessed).then(|| usage.commands()))
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
        ErrorKind::ArgumentConflict => mistyped_conflict::hint(error),
        ErrorKind::MissingRequiredArgument => mistyped_conflict::missing(error),
        _ => None,
    }
}

/// The command that an error is about, as its usage line names it.
pub(super) struct Usage {
    /// The names behind that of the program; none where no command was given.
    pub(super) words: Vec<String>,
}

impl Usage {
    pub(super) fn of(error: &Error) -> Self {
        let line = match error.get(ContextKind::Usage) {
            Some(ContextValue::StyledStr(line)) => line.to_string(),
            _ => String::new(),
        };
        let words = line.split_whitespace().skip_while(|word| *word != "ark-usage").skip(1);
        let is_name = |word: &&str| word.starts_with(|sign: char| sign.is_ascii_lowercase());
        Self { words: words.take_while(is_name).map(str::to_owned).collect() }
    }

    /// Names the help with everything the command knows.
    fn help(&self) -> Text {
        let all = self.name();
        text!("`{all} --help` lists its options", "`{all} --help` 列出它的选项")
    }

    /// Names the help that lists the commands.
    fn commands(&self) -> Text {
        let all = self.name();
        text!("`{all} -h` lists its commands", "`{all} -h` 列出它的命令")
    }

    fn name(&self) -> String {
        [&["ark-usage".to_owned()], self.words.as_slice()].concat().join(" ")
    }
}

/// Names a format for its option, a word that is an option, or the command that has an option.
fn of_option(option: &str, guessed: Option<&str>, usage: &Usage) -> Option<Text> {
    let definition = full_command(Lang::En);
    let given = option.split('=').next().unwrap_or_default();
    let word = given.trim_start_matches('-');
    // `--date` of a command that has `--data` but no range is a slip of the finger.
    let is_slip = guessed.is_some_and(|guessed| is_one_letter_off(guessed, given));
    let of_get = || if is_slip { None } else { of_get(word, &definition) };
    if let Some(meant) = by_meaning(word, usage, &definition).or_else(of_get) {
        return Some(meant);
    }
    let Some(bare) = given.strip_prefix("--") else {
        if std::path::Path::new(option).extension().is_some_and(|extension| extension == "db") {
            return Some(text!(
                "to answer from a history, write --history={option}",
                "要从历史回答，请写 --history={option}"
            ));
        }
        return of_word(given, usage, &definition);
    };
    let format = other_words::value_meant("--format", bare);
    if format.is_some() || Format::from_str(bare, true).is_ok() {
        let format = format.unwrap_or(bare);
        return Some(text!("write -f {format}", "请写 -f {format}"));
    }
    if bare == "prices" && usage.words.first().is_some_and(|command| command == "budget") {
        return Some(budget::tokens_only());
    }
    let owners = definition.get_subcommands().filter(|command| has_option(command, bare));
    let owners: Vec<String> =
        owners.map(|command| format!("`ark-usage {}`", command.get_name())).take(3).collect();
    let first = owners.first()?.trim_matches('`');
    if usage.words.is_empty() {
        return Some(text!(
            "a command comes first, as in `{first} {option}`",
            "请先写命令，例如 `{first} {option}`"
        ));
    }
    Some(text!(
        "{option} is an option of {owners}",
        "{option} 是 {owners} 的选项",
        owners = owners.join(", ")
    ))
}

/// Names the options that another word means, as far as the command has them.
fn by_meaning(word: &str, usage: &Usage, definition: &clap::Command) -> Option<Text> {
    if let Some(absence) = other_words::absence(word) {
        return Some(absence);
    }
    let command = definition.find_subcommand(usage.words.first()?)?;
    let inner = usage.words.get(1).and_then(|name| command.find_subcommand(name));
    let command = inner.unwrap_or(command);
    if ["html", "svg", "page"].contains(&word) && command.get_name() != "report" {
        return Some(writes_pages());
    }
    let fitting: Vec<&str> =
        other_words::options_meant(word).filter(|written| accepts(command, written)).collect();
    let (english, chinese) = (fitting.join(", or "), fitting.join("，或 "));
    (!fitting.is_empty()).then(|| text!("write {english}", "请写 {chinese}"))
}

/// Names what another word means for `get`, which has most options.
fn of_get(word: &str, definition: &clap::Command) -> Option<Text> {
    let get = definition.find_subcommand("get")?;
    let written = other_words::options_meant(word).find(|written| accepts(get, written))?;
    Some(text!("did you mean `ark-usage get {written}`?", "是否想用 `ark-usage get {written}`？"))
}

/// Returns true if a command has all options of a text, and the values among them that are fixed.
fn accepts(command: &clap::Command, written: &str) -> bool {
    let mut words = written.split(' ').peekable();
    while let Some(word) = words.next() {
        let Some(name) = word.strip_prefix('-') else { continue };
        let is_meant = |arg: &&clap::Arg| match name.strip_prefix('-') {
            Some(long) => arg.get_long() == Some(long),
            None => arg.get_short().is_some_and(|short| name == short.to_string()),
        };
        let Some(option) = command.get_arguments().find(is_meant) else { return false };
        let known = option.get_possible_values();
        let value = words.peek().filter(|next| !next.starts_with("--"));
        let fits = |value: &&str| known.iter().any(|known| known.matches(value, false));
        if !known.is_empty() && !value.is_none_or(fits) {
            return false;
        }
    }
    true
}

fn writes_pages() -> Text {
    text!("`ark-usage report` writes pages and pictures", "网页和图片由 `ark-usage report` 生成")
}

fn is_one_letter_off(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).filter(|(a, b)| a != b).count() == 1
}

/// Names the option that a word without dashes is, or is the value of.
fn of_word(word: &str, usage: &Usage, definition: &clap::Command) -> Option<Text> {
    let command = definition.find_subcommand(usage.words.first()?)?;
    let bare = word.trim_start_matches('-');
    if bare.len() > 1 && has_option(command, bare) {
        return Some(text!("write --{bare}", "请写 --{bare}"));
    }
    let is_span = word.starts_with(|sign: char| sign.is_ascii_digit())
        && word.ends_with(['h', 'd', 'w', 'o']);
    (is_span && has_option(command, "last"))
        .then(|| text!("write --last {word}", "请写 --last {word}"))
}

fn has_option(command: &clap::Command, long: &str) -> bool {
    command.get_arguments().any(|arg| arg.get_long() == Some(long))
}

fn of_command(command: &str) -> Option<Text> {
    if let Some(absence) = other_words::absence(command) {
        return Some(absence);
    }
    let definition = full_command(Lang::En);
    let names = definition.get_subcommands().map(clap::Command::get_name);
    let meant = other_words::command_meant(command).or_else(|| suggest::swapped(command, names))?;
    Some(text!("did you mean `ark-usage {meant}`?", "是否想用 `ark-usage {meant}`？"))
}

fn of_topic(word: &str, usage: &Usage) -> Option<Text> {
    let is_history = usage.words.first().is_some_and(|command| command == "history");
    let meant = is_history.then(|| other_words::history_topic_meant(word)).flatten()?;
    Some(text!(
        "did you mean `ark-usage history {meant}`?",
        "是否想用 `ark-usage history {meant}`？"
    ))
}

/// Names the choices, and the one that was meant, where it is spelled in another way.
fn of_choice(error: &Error, value: &str) -> Option<Text> {
    let Some(ContextValue::Strings(known)) = error.get(ContextKind::ValidValue) else {
        return None;
    };
    let lower = value.to_lowercase();
    let arg = context(error, ContextKind::InvalidArg)?;
    let (flag, sign) = flag_of(&arg);
    let before = if flag.starts_with('-') { format!("{flag}{sign}") } else { String::new() };
    let meant = suggest::meant(flag, value, known.iter().map(String::as_str));
    let writes_rows = known.iter().any(|known| known == "ndjson");
    if meant.is_none() && writes_rows && ["html", "svg"].contains(&lower.as_str()) {
        return Some(writes_pages());
    }
    let (commas, marks) = (known.join(", "), known.join("、"));
    let all = text!("known values: {commas}", "可选的有：{marks}");
    Some(suggest::hint_of(&before, meant, all))
}

/// Returns the name in `--chart[=<GLYPHS>]` or `--format <FORMAT>`, and the sign between it and its value.
pub(super) fn flag_of(arg: &str) -> (&str, &'static str) {
    let sign = if arg.contains("[=") { "=" } else { " " };
    let name = if arg.starts_with('-') {
        arg.split([' ', '[']).next().unwrap_or_default()
    } else {
        arg.trim_matches(['<', '>', '[', ']', '.'])
    };
    (name, sign)
}

pub(super) fn context(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        _ => None,
    }
}

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
            ("ark-usage history ls", "did you mean `ark-usage history status`?"),
            ("ark-usage history prune", "did you mean `ark-usage history forget`?"),
            ("ark-usage config list", "`ark-usage config -h` lists its commands"),
            ("ark-usage version", "did you mean `ark-usage --version`?"),
            ("ark-usage foo -h", "`ark-usage -h` lists its commands"),
            ("ark-usage doctor foo", "`ark-usage doctor -h` lists its commands"),
            ("ark-usage preview", "did you mean `ark-usage get --dry-run`?"),
            ("ark-usage gte", "did you mean `ark-usage get`?"),
            ("ark-usage diff", "did you mean `ark-usage get --compare previous`?"),
            ("ark-usage metrics", "did you mean `ark-usage get -f prometheus`?"),
            ("ark-usage archive", "usage is kept by `ark-usage sync`"),
            ("ark-usage plans", "`ark-usage plan` shows what is left"),
            ("ark-usage 套餐", "`ark-usage plan` shows what is left"),
            ("ark-usage get --plan", "`ark-usage plan` shows what is left"),
            ("ark-usage get --quota", "`ark-usage quota` free quota"),
            ("ark-usage get --from 2026-11-01", "write --start 2026-11-01"),
            ("ark-usage get --date=2026-11-01", "write --start 2026-11-01 --end 2026-11-01"),
            ("ark-usage get -n 5", "write --top 10"),
            ("ark-usage budget --limit 5", "write --max total=20G/month"),
            ("ark-usage get --fmt x", "write -f csv, or -f json"),
            ("ark-usage budget --fmt x", "write -f json"),
            ("ark-usage get --html", "`ark-usage report`"),
            ("ark-usage report --html", "write -o usage.html"),
            ("ark-usage budget --since x", "did you mean `ark-usage get --start 2026-11-01`?"),
            ("ark-usage doctor --from x", "did you mean `ark-usage get --start 2026-11-01`?"),
            ("ark-usage --from x", "did you mean `ark-usage get --start 2026-11-01`?"),
            ("ark-usage get --hourly", "write -i hour"),
            ("ark-usage call X --top 3", "--top is an option of `ark-usage get`"),
            ("ark-usage call X --top=3", "--top is an option of `ark-usage get`"),
            ("ark-usage --demo", "as in `ark-usage get --demo`"),
            ("ark-usage get yesterday", "write --yesterday"),
            ("ark-usage get 7d", "write --last 7d"),
            ("ark-usage get --chart pie", "`ark-usage get --help`"),
            ("ark-usage get --chart=block", "did you mean --chart=blocks?"),
            ("ark-usage get -f 表格", "did you mean --format table?"),
            ("ark-usage get -f CSV", "did you mean --format csv?"),
            ("ark-usage get --start 2026-11-01 --last 7d", "--start 2026-11-01 --end"),
            ("ark-usage get --yesterday --last-week", "leave out --yesterday or --last-week"),
            ("ark-usage get --by day --totals-only", "leave out --totals-only"),
            ("ark-usage get --end 2026-11-01", "write --start 2026-11-01 --end"),
            ("ark-usage call X -f curl -o F", "-f curl > FILE"),
            ("ark-usage get --today --today", "write --today once"),
            ("ark-usage get --chart -f csv", "leave out --chart or --format"),
            ("ark-usage completions zshell", "did you mean zsh?"),
            ("ark-usage emulate --listen 8080", "write --listen 127.0.0.1:8080"),
            ("ark-usage get --top three", "write a number, as in --top 5"),
            ("ark-usage get --rate abc", "write a number, as in --rate 5"),
        ] {
            let (_, hint) = given(line);
            assert!(hint.as_ref().is_some_and(|hint| hint.contains(words)), "{line}: {hint:?}");
        }
    }

    #[test]
    fn options_of_other_programs_by_meaning() {
        for (words, meant) in [
            ("from begin", "--start 2026-11-01"),
            ("to", "--end 2026-11-07"),
            ("timezone zone", "--tz"),
            ("date on", "--start 2026-11-01 --end 2026-11-01"),
            ("group group-by groupby", "--by project"),
            ("limit", "--top"),
            ("days", "--last 7d"),
            ("hours", "--last 24h"),
            ("cost price currency", "--prices"),
            ("file out save", "-o FILE"),
            ("previous diff", "--compare previous"),
            ("sum total", "--totals-only"),
            ("heatmap graph plot", "--chart"),
            ("hour hourly", "-i hour"),
            ("day daily", "-i day"),
            ("team", "--by label:team --labels"),
            ("output-format fmt", "-f csv"),
            ("this-year", "--start YYYY-01-01"),
            ("store sync", "usage is kept by `ark-usage sync`"),
            ("balance plan", "ark-usage plan"),
        ] {
            for word in words.split(' ') {
                let (_, hint) = given(&format!("ark-usage get --{word}"));
                assert!(hint.as_ref().is_some_and(|hint| hint.contains(meant)), "{word}: {hint:?}");
            }
        }
    }

    #[test]
    fn no_words_of_a_library() {
        for (line, words) in [
            ("ark-usage get --top three", "must be a whole number"),
            ("ark-usage get --top 99999999999999999999", "is too large"),
            ("ark-usage get --top 9999999999", "is too large"),
            ("ark-usage get --top 0", "must be at least 1"),
            ("ark-usage get --concurrency 0", "must be from 1 to 64"),
            ("ark-usage get --concurrency 65", "must be from 1 to 64"),
            ("ark-usage get --retries 21", "must be from 0 to 20"),
            ("ark-usage sign GET / --presign --expires-in 0", "must be at least 1"),
            ("ark-usage get --rate abc", "must be a number"),
            ("ark-usage emulate --listen 8080", "must be an address with a port"),
        ] {
            assert_eq!(given(line).0.as_deref(), Some(words), "{line}");
        }
    }
}

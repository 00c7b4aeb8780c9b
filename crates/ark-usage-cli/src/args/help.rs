//! The command line with all its help, in either language.
//!
//! The texts stand at the arguments ([`say`](crate::lang::say)). Words that clap adds by itself, such as
//! "Usage:" and "[default: …]", are English there; for Chinese they are replaced here.

use clap::builder::{Resettable, Str, StyledStr};
use clap::{Arg, Command};

use super::Cli;
use crate::lang::Lang;

/// Returns the command line with the flags of all commands, and help in `lang`.
pub(crate) fn full_command(lang: Lang) -> Command {
    let mut command = Cli::definition(lang);
    // The flags of a command are not defined before.
    command.build();
    match lang {
        Lang::En => command,
        Lang::Zh => with_chinese_words(command),
    }
}

/// Words that clap adds by itself, in Chinese.
mod words {
    pub(super) const USAGE: &str = "用法:";
    pub(super) const COMMANDS: &str = "命令";
    pub(super) const ARGUMENTS: &str = "参数";
    pub(super) const OPTIONS: &str = "选项";
    pub(super) const DEFAULT: &str = "默认：";
    pub(super) const ALIASES: &str = "别名：";
    pub(super) const VALUES: &str = "可选值：";
    pub(super) const HELP_COMMAND: &str = "显示本帮助或某个命令的帮助";
}

fn with_chinese_words(command: Command) -> Command {
    let usage = *command.get_styles().get_usage();
    let template = format!(
        "{{about-with-newline}}\n{usage}{}{usage:#} {{usage}}\n\n{{before-help}}{{all-args}}{{after-help}}",
        words::USAGE
    );
    let command = match command.get_name() {
        "help" => command.about(words::HELP_COMMAND),
        _ => command,
    };
    command
        .help_template(template)
        .subcommand_help_heading(words::COMMANDS)
        .mut_args(with_chinese_notes)
        .mut_subcommands(with_chinese_words)
}

fn with_chinese_notes(arg: Arg) -> Arg {
    let heading = match arg.get_help_heading() {
        Some(heading) => Str::from(heading.to_owned()),
        None if arg.is_positional() => words::ARGUMENTS.into(),
        None => words::OPTIONS.into(),
    };
    let help = ArgumentHelp::of(&arg);
    let aliases: Vec<String> =
        arg.get_visible_aliases().into_iter().flatten().map(str::to_owned).collect();
    let takes_values = arg.get_action().takes_values();
    let arg = arg
        .help_heading(heading)
        .help(styled(help.short()))
        .long_help(styled(help.long()))
        .visible_alias(Resettable::Reset)
        .aliases(aliases);
    if !takes_values {
        return arg;
    }
    arg.hide_default_value(true).hide_possible_values(true)
}

fn styled(text: Option<String>) -> Resettable<StyledStr> {
    text.map(StyledStr::from).into()
}

/// The parts of the help of an argument, with the notes that clap would add.
struct ArgumentHelp {
    short: Option<String>,
    long: Option<String>,
    /// Name and help of each possible value.
    values: Vec<(String, Option<String>)>,
    /// Default and aliases, in brackets.
    notes: Vec<String>,
}

impl ArgumentHelp {
    fn of(arg: &Arg) -> Self {
        let takes_value = arg.get_action().takes_values();
        let shown = |hidden: bool| takes_value && !hidden;
        let values = arg.get_possible_values();
        let values = values.iter().filter(|value| !value.is_hide_set());
        let values = values
            .map(|value| (value.get_name().to_owned(), value.get_help().map(ToString::to_string)));
        let default: Vec<_> =
            arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        let default = (shown(arg.is_hide_default_value_set()) && !default.is_empty())
            .then(|| format!("[{}{}]", words::DEFAULT, default.join(" ")));
        let aliases = arg.get_visible_aliases().into_iter().flatten();
        let aliases: Vec<String> = aliases.map(|alias| format!("--{alias}")).collect();
        let aliases =
            (!aliases.is_empty()).then(|| format!("[{}{}]", words::ALIASES, aliases.join("、")));
        let shows_values = shown(arg.is_hide_possible_values_set());
        Self {
            short: arg.get_help().map(ToString::to_string),
            long: arg.get_long_help().or_else(|| arg.get_help()).map(ToString::to_string),
            values: if shows_values { values.collect() } else { Vec::new() },
            notes: default.into_iter().chain(aliases).collect(),
        }
    }

    /// Returns all of it in one line.
    fn short(&self) -> Option<String> {
        let names: Vec<&str> = self.values.iter().map(|(name, _)| name.as_str()).collect();
        let values =
            (!names.is_empty()).then(|| format!("[{}{}]", words::VALUES, names.join("、")));
        let parts = self.short.iter().chain(&self.notes).chain(&values).map(String::as_str);
        let line = parts.collect::<Vec<_>>().join(" ");
        (!line.is_empty()).then_some(line)
    }

    /// Returns it with every value explained; `None` where that says no more than [`Self::short`].
    fn long(&self) -> Option<String> {
        if self.values.is_empty() && self.long == self.short {
            return None;
        }
        let values = self.values.iter().map(|(name, help)| match help {
            Some(help) => format!("\n- {name}：{help}"),
            None => format!("\n- {name}"),
        });
        let values = (!self.values.is_empty())
            .then(|| format!("{}{}", words::VALUES, values.collect::<String>()));
        let notes = (!self.notes.is_empty()).then(|| self.notes.join(" "));
        let parts = self.long.iter().chain(&values).chain(&notes).map(String::as_str);
        Some(parts.collect::<Vec<_>>().join("\n\n"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Every text that help shows, by the command, the argument and the kind of text.
    fn texts(lang: Lang) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        let mut command = Cli::definition(lang);
        command.build();
        read(&command, "ark-usage", &mut texts);
        texts
    }

    fn read(command: &Command, path: &str, texts: &mut BTreeMap<String, String>) {
        let mut add = |key: &str, text: Option<String>| {
            texts.extend(text.map(|text| (format!("{path} {key}"), text)));
        };
        let shown = |text: Option<&StyledStr>| text.map(ToString::to_string);
        if command.get_name() != "help" {
            add("about", shown(command.get_about()));
            add("long about", shown(command.get_long_about()));
            add("before", shown(command.get_before_help()));
            add("long before", shown(command.get_before_long_help()));
            add("after", shown(command.get_after_help()));
        }
        for arg in command.get_arguments() {
            let id = arg.get_id();
            add(&format!("{id}"), Some(shown(arg.get_help()).unwrap_or_default()));
            add(&format!("{id} long"), shown(arg.get_long_help()));
            add(&format!("{id} heading"), arg.get_help_heading().map(str::to_owned));
            // The names of shells say enough.
            let explained = arg.get_action().takes_values() && id != "shell";
            for value in arg.get_possible_values().iter().filter(|_| explained) {
                let name = format!("{id} value {}", value.get_name());
                add(&name, Some(shown(value.get_help()).unwrap_or_default()));
            }
        }
        let inner = command.get_subcommands().filter(|inner| inner.get_name() != "help");
        for inner in inner {
            read(inner, &format!("{path} {}", inner.get_name()), texts);
        }
    }

    fn is_chinese(letter: char) -> bool {
        ('\u{4e00}'..='\u{9fff}').contains(&letter)
    }

    /// The commands of examples, without the comments on them.
    fn commands(text: &str) -> Vec<&str> {
        let lines = text.lines().filter(|line| line.starts_with("  "));
        lines.map(|line| line.trim().split("   ").next().unwrap_or_default()).collect()
    }

    #[test]
    fn every_text_of_help_is_english_and_chinese() {
        let (english, chinese) = (texts(Lang::En), texts(Lang::Zh));
        let keys: Vec<&String> = english.keys().collect();
        assert_eq!(keys, chinese.keys().collect::<Vec<_>>());
        assert!(keys.len() > 300, "only {} texts are shown", keys.len());
        for (key, text) in &english {
            assert!(!text.is_empty() && !text.contains(is_chinese), "{key} in English: {text:?}");
            let translated = &chinese[key];
            assert!(translated.contains(is_chinese), "{key} in Chinese: {translated:?}");
        }
    }

    #[test]
    fn examples_are_the_same_commands_in_both_languages() {
        let chinese = texts(Lang::Zh);
        for (key, text) in texts(Lang::En).iter().filter(|(key, _)| key.ends_with("before")) {
            assert_eq!(commands(text), commands(&chinese[key]), "{key}");
        }
    }

    #[test]
    fn help_begins_with_a_verb_or_a_noun() {
        let questions =
            ["what", "which", "who", "whose", "whom", "whether", "where", "when", "how"];
        for (key, text) in texts(Lang::En) {
            let first = text.split([' ', ':', ',']).next().unwrap_or_default().to_lowercase();
            assert!(!questions.contains(&first.as_str()), "{key}: {text:?}");
            assert!(!text.ends_with('.') || key.ends_with("before"), "{key}: {text:?}");
        }
    }

    #[test]
    fn the_chinese_command_line_parses_the_same_arguments() {
        let mut command = full_command(Lang::Zh);
        command.clone().debug_assert();
        let given = ["ark-usage", "get", "--demo", "--since", "2024-11-19", "-f", "json"];
        assert!(command.try_get_matches_from_mut(given).is_ok());
    }
}

//! Help in Chinese: the commands clap knows, with every text taken from `help.zh.toml`.
//!
//! That file gives each English text its Chinese one, so that a text that changes is noticed; a test
//! finds texts without an entry, and entries that nothing shows any more.

use std::collections::BTreeMap;

use clap::builder::{Resettable, Str, StyledStr};
use clap::{Arg, ArgAction, Command};
use serde::Deserialize;

use super::Lang;
use crate::args::Cli;
use crate::error::CliError;
use crate::text;

const FILE: &str = include_str!("help.zh.toml");

/// The file, read.
#[derive(Debug, Deserialize)]
struct Chinese {
    /// What clap says by itself.
    words: Words,
    /// Headings of groups of options.
    headings: BTreeMap<String, String>,
    /// What stands before everything else in the help of a command, by the command's path.
    before: BTreeMap<String, String>,
    /// What stands after it.
    after: BTreeMap<String, String>,
    /// Every other text.
    texts: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct Words {
    usage: String,
    commands: String,
    arguments: String,
    options: String,
    default: String,
    aliases: String,
    values: String,
    help: String,
    version: String,
    help_command: String,
}

/// The command line with all flags of all commands, as it explains itself in a language.
pub(crate) fn command(lang: Lang) -> Result<Command, CliError> {
    let english = in_english();
    match lang {
        Lang::En => Ok(english),
        Lang::Zh => translated(english).map_err(|error| {
            CliError::internal(text!("the Chinese help cannot be read", "无法读取中文帮助"))
                .with_source(error)
        }),
    }
}

/// Built, because the flags of a command are not defined before.
fn in_english() -> Command {
    let mut command = Cli::definition();
    command.build();
    command
}

/// The command line, which explains itself in Chinese.
pub(crate) fn in_chinese() -> Result<Command, toml::de::Error> {
    translated(in_english())
}

fn translated(command: Command) -> Result<Command, toml::de::Error> {
    let chinese: Chinese = toml::from_str(FILE)?;
    Ok(chinese.command(command, ""))
}

impl Chinese {
    fn command(&self, command: Command, path: &str) -> Command {
        let usage = *command.get_styles().get_usage();
        let template = format!(
            "{{before-help}}{{about-with-newline}}\n{usage}{}{usage:#} {{usage}}\n\n{{all-args}}{{after-help}}",
            self.words.usage
        );
        let about = match command.get_name() {
            "help" => Some(self.words.help_command.clone()),
            _ => self.other(command.get_about()),
        };
        let before = self.before.get(path).cloned();
        let after = self.after.get(path).cloned();
        command
            .about(styled(about))
            .before_help(styled(before))
            .after_help(styled(after))
            .help_template(template)
            .subcommand_help_heading(self.words.commands.clone())
            .mut_args(|arg| self.argument(arg))
            .mut_subcommands(|inner| {
                let path = format!("{path} {}", inner.get_name());
                self.command(inner, path.trim_start())
            })
    }

    fn argument(&self, arg: Arg) -> Arg {
        match arg.get_action() {
            ArgAction::Help => self.built_in(arg, &self.words.help),
            ArgAction::Version => self.built_in(arg, &self.words.version),
            _ => self.ours(arg),
        }
    }

    fn built_in(&self, arg: Arg, help: &str) -> Arg {
        arg.help(help.to_owned())
            .long_help(Resettable::Reset)
            .help_heading(self.words.options.clone())
    }

    fn ours(&self, arg: Arg) -> Arg {
        let heading = match arg.get_help_heading() {
            Some(heading) => self.headings.get(heading).cloned(),
            None if arg.is_positional() => Some(self.words.arguments.clone()),
            None => Some(self.words.options.clone()),
        };
        let words = Spoken::of(&arg, self);
        let aliases: Vec<String> =
            arg.get_visible_aliases().into_iter().flatten().map(str::to_owned).collect();
        let takes_values = arg.get_action().takes_values();
        let arg = arg
            .help_heading(Resettable::from(heading.map(Str::from)))
            .help(styled(words.short()))
            .long_help(styled(words.long()))
            .visible_alias(Resettable::Reset)
            .aliases(aliases);
        if !takes_values {
            return arg;
        }
        arg.hide_default_value(true).hide_possible_values(true)
    }

    fn other(&self, english: Option<&StyledStr>) -> Option<String> {
        self.texts.get(&english?.to_string()).cloned()
    }
}

fn styled(text: Option<String>) -> Resettable<StyledStr> {
    text.map(StyledStr::from).into()
}

/// What is said about an argument.
struct Spoken<'a> {
    help: Option<String>,
    long: Option<String>,
    /// Name and meaning.
    values: Vec<(String, Option<String>)>,
    /// What stands in brackets, but for the values.
    notes: Vec<String>,
    words: &'a Words,
}

impl<'a> Spoken<'a> {
    fn of(arg: &Arg, chinese: &'a Chinese) -> Self {
        let words = &chinese.words;
        let takes_value = arg.get_action().takes_values();
        let shown = |hidden: bool| takes_value && !hidden;
        let values = arg.get_possible_values();
        let values = values
            .iter()
            .filter(|value| !value.is_hide_set())
            .map(|value| (value.get_name().to_owned(), chinese.other(value.get_help())));
        let default: Vec<_> =
            arg.get_default_values().iter().map(|it| it.to_string_lossy()).collect();
        let default = (shown(arg.is_hide_default_value_set()) && !default.is_empty())
            .then(|| format!("[{}{}]", words.default, default.join(" ")));
        let aliases: Vec<String> =
            arg.get_visible_aliases().into_iter().flatten().map(|it| format!("--{it}")).collect();
        let aliases =
            (!aliases.is_empty()).then(|| format!("[{}{}]", words.aliases, aliases.join("、")));
        Self {
            help: chinese.other(arg.get_help()),
            long: chinese.other(arg.get_long_help().or_else(|| arg.get_help())),
            values: if shown(arg.is_hide_possible_values_set()) {
                values.collect()
            } else {
                Vec::new()
            },
            notes: default.into_iter().chain(aliases).collect(),
            words,
        }
    }

    /// In one line.
    fn short(&self) -> Option<String> {
        let names: Vec<&str> = self.values.iter().map(|(name, _)| name.as_str()).collect();
        let values =
            (!names.is_empty()).then(|| format!("[{}{}]", self.words.values, names.join("、")));
        let parts = self.help.iter().chain(&self.notes).chain(&values).map(String::as_str);
        let line = parts.collect::<Vec<_>>().join(" ");
        (!line.is_empty()).then_some(line)
    }

    /// With every value explained; `None` where there are no values and the short text is all.
    fn long(&self) -> Option<String> {
        if self.values.is_empty() && self.long == self.help {
            return None;
        }
        let values = self.values.iter().map(|(name, help)| match help {
            Some(help) => format!("\n- {name}：{help}"),
            None => format!("\n- {name}"),
        });
        let values = (!self.values.is_empty())
            .then(|| format!("{}{}", self.words.values, values.collect::<String>()));
        let notes = (!self.notes.is_empty()).then(|| self.notes.join(" "));
        let parts = self.long.iter().chain(&values).chain(&notes).map(String::as_str);
        Some(parts.collect::<Vec<_>>().join("\n\n"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Everything that somebody who asks for help may read, in English.
    #[derive(Default)]
    struct English {
        texts: BTreeSet<String>,
        headings: BTreeSet<String>,
        before: BTreeMap<String, String>,
        after: BTreeMap<String, String>,
    }

    impl English {
        fn read(&mut self, command: &Command, path: &str) {
            let mut say =
                |text: Option<&StyledStr>| self.texts.extend(text.map(ToString::to_string));
            if command.get_name() != "help" {
                say(command.get_about());
            }
            let ours = |arg: &&Arg| {
                !arg.is_hide_set()
                    && !matches!(arg.get_action(), ArgAction::Help | ArgAction::Version)
            };
            for arg in command.get_arguments().filter(ours) {
                say(arg.get_help());
                say(arg.get_long_help());
                if arg.get_action().takes_values() && !arg.is_hide_possible_values_set() {
                    arg.get_possible_values().iter().for_each(|value| say(value.get_help()));
                }
                self.headings.extend(arg.get_help_heading().map(str::to_owned));
            }
            let path = path.trim_start().to_owned();
            let before = command.get_before_help();
            self.before.extend(before.map(|text| (path.clone(), text.to_string())));
            let after = command.get_after_help();
            self.after.extend(after.map(|text| (path.clone(), text.to_string())));
            for inner in command.get_subcommands() {
                self.read(inner, &format!("{path} {}", inner.get_name()));
            }
        }
    }

    fn compare<'a>(
        what: &str,
        english: impl IntoIterator<Item = &'a String>,
        chinese: &BTreeMap<String, String>,
    ) -> Vec<String> {
        let english: BTreeSet<&String> = english.into_iter().collect();
        let missing = english.iter().filter(|text| !chinese.contains_key(**text));
        let missing = missing.map(|text| format!("[{what}] lacks {text:?}"));
        let unused = chinese.keys().filter(|text| !english.contains(text));
        missing.chain(unused.map(|text| format!("[{what}] of nothing: {text:?}"))).collect()
    }

    /// The commands of examples, without what is said about them.
    fn commands(text: &str) -> Vec<&str> {
        let lines = text.lines().filter(|line| line.starts_with("  "));
        lines.map(|line| line.trim().split("   ").next().unwrap_or_default()).collect()
    }

    #[test]
    fn every_text_of_help_has_its_chinese_and_nothing_else_has() {
        let chinese: Chinese =
            toml::from_str(FILE).unwrap_or_else(|error| panic!("help.zh.toml: {error}"));
        let mut english = English::default();
        english.read(&in_english(), "");
        let mut wrong = compare("texts", &english.texts, &chinese.texts);
        wrong.extend(compare("headings", &english.headings, &chinese.headings));
        wrong.extend(compare("before", english.before.keys(), &chinese.before));
        wrong.extend(compare("after", english.after.keys(), &chinese.after));
        assert!(
            wrong.is_empty(),
            "crates/ark-usage-cli/src/lang/help.zh.toml:\n{}",
            wrong.join("\n")
        );
        for (path, text) in &english.before {
            assert_eq!(commands(text), commands(&chinese.before[path]), "examples of {path:?}");
        }
        let all = chinese.texts.values().chain(chinese.headings.values());
        let same: Vec<_> = all.filter(|text| text.is_ascii()).collect();
        assert!(same.is_empty(), "not Chinese: {same:?}");
    }

    #[test]
    fn the_chinese_command_line_is_the_same_command_line() {
        let mut command = in_chinese().unwrap();
        command.clone().debug_assert();
        let given = ["ark-usage", "get", "--demo", "--since", "2024-11-19", "-f", "json"];
        assert!(command.try_get_matches_from_mut(given).is_ok());
    }
}

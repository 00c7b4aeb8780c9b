//! The flags that `-h` shows, for all commands in one list.
//!
//! `-h` fits a screen of 40 lines of 80 columns and shows what everyday tasks need; `--help` shows
//! everything. A flag that is not listed here is in `--help` only, so a new flag needs no thought
//! about `-h`. Examples of `-h` are the `before_help` of a command, those of `--help` its
//! `before_long_help` where it has one.

use clap::{Arg, ArgAction, Command, ValueEnum};

use super::headings;
use crate::lang::say;

/// The long names of the flags in the `-h` of each command. Positional arguments are always shown.
const SHOWN: &[(&str, &str)] = &[
    ("", "verbose quiet lang h help"),
    (
        "get",
        "last month start tz project endpoint-id demo api profile \
         by top metric compare labels chart prices format output",
    ),
    (
        "report",
        "last month start interval project demo profile \
         by metric compare labels prices history output title",
    ),
    ("reconcile", "history last month against project endpoint-id demo profile format output"),
    ("budget", "history rules max labels example tz project demo profile format output once"),
    ("plan", "at daily usage seats last month demo profile format output"),
    ("quota", "balance all demo profile all-profiles format output"),
    ("statusline", "template max-age errors project demo profile prices format"),
    ("sync", "history recheck wait fail-on-revision last start project demo api profile format"),
    ("serve", "listen allow-remote history sync-every rules plans tz project demo api profile"),
    ("history status", "history tz format"),
    ("history verify", "history tz format"),
    ("history revisions", "history final last month start tz format output"),
    ("history backup", "history"),
    ("history export", "history last month start tz format output"),
    ("history import", "history account"),
    (
        "history push",
        "remote-write receiver bearer-token-file basic-auth-file allow-http history last month start \
         tz dry-run format",
    ),
    ("history forget", "history before yes tz"),
    ("call", "data query version method service demo profile dry-run format output"),
    ("sign", "action header data demo profile service region presign expires-in format"),
    ("verify", "header data curl profile demo max-skew policy format"),
    ("explain", "header data curl profile demo server-canonical server-string-to-sign format"),
    ("conformance", "signer server format"),
    ("emulate", "listen seed behavior faults"),
    ("doctor", "demo profile project format"),
    ("doctor probe", "demo profile project endpoint-id format"),
    ("config show", "profile format"),
    ("man", "dir"),
];

/// Adds `--help` and `--version` to a command, and hides from its `-h` every flag that is not
/// listed; `name` is empty for the program itself.
pub(super) fn with_short_help(command: Command, name: &str) -> Command {
    let shown = SHOWN.iter().find(|(listed, _)| *listed == name).map_or("", |(_, flags)| flags);
    let is_shown = |arg: &Arg| {
        let name = arg.get_long().or_else(|| arg.get_short().map(|_| arg.get_id().as_str()));
        name.is_none_or(|name| shown.split(' ').any(|flag| flag == name))
    };
    // Without a text of its own, `--help` would end with that of `-h`.
    let long = command.get_after_long_help().cloned().unwrap_or_default();
    with_built_in(command)
        .after_help(last_line(name))
        .after_long_help(long)
        .mut_args(|arg| {
            let is_hidden = !is_shown(&arg);
            let arg = arg.hide_short_help(is_hidden);
            match name {
                "get" if arg.get_long() == Some("prices") => with_rounding(arg),
                "sync" if arg.get_long() == Some("interval") => {
                    let words =
                        say("Keep days or hours [default: hour]", "按天或按小时保存 [默认：hour]");
                    with_heading(arg.help(words).long_help(words), headings::synced_range())
                }
                "sync" => with_heading(arg, headings::synced_range()),
                "plan" => with_heading(arg, headings::plan_range()),
                "history revisions" | "history export" | "history push" => {
                    with_heading(arg, headings::kept_range())
                }
                _ => arg,
            }
        })
        .mut_subcommands(|inner| {
            let name = format!("{name} {}", inner.get_name());
            // Those of the program are defined once they are chosen.
            if name.starts_with(' ') { inner } else { with_short_help(inner, &name) }
        })
}

/// Mentions the flag that rounds costs, where it exists.
fn with_rounding(arg: Arg) -> Arg {
    arg.help(say(
        "Add costs (see --prices --example); --round 2 rounds",
        "计算费用（见 --prices --example）；--round 2 舍入",
    ))
}

/// Puts a flag about the range under a heading that names another default.
fn with_heading(arg: Arg, heading: &'static str) -> Arg {
    if arg.get_help_heading() == Some(headings::range()) { arg.help_heading(heading) } else { arg }
}

/// Returns the last line of `-h`, which says where the rest is.
fn last_line(name: &str) -> String {
    if name.is_empty() {
        return say(
            "Help of a command: ark-usage get -h; every flag of it: ark-usage get --help",
            "某个命令的帮助：ark-usage get -h；它的全部参数：ark-usage get --help",
        )
        .to_owned();
    }
    let states = if name == "get" {
        say(
            "States: final, settling (may change), missing. ",
            "状态：final 已定、settling 未定、missing 缺失。",
        )
    } else {
        ""
    };
    let all = say("Every flag: ark-usage {} --help", "全部参数：ark-usage {} --help");
    format!("{states}{}", all.replace("{}", name))
}

/// Adds the flags that clap would put under a heading of their own.
fn with_built_in(command: Command) -> Command {
    // The version of `call` is that of its action.
    let has_version = command.get_arguments().any(|arg| arg.get_long() == Some("version"));
    // The first of the two is the one that errors point to.
    let command = command.disable_help_flag(true).disable_version_flag(true).args([
        Arg::new("h")
            .short('h')
            .action(ArgAction::HelpShort)
            .help_heading(headings::global())
            .help(say("Print help with the usual flags", "显示帮助，只含常用参数")),
        Arg::new("help")
            .long("help")
            .action(ArgAction::HelpLong)
            .help_heading(headings::global())
            .help(say("Print help with every flag", "显示帮助，含全部参数")),
    ]);
    if has_version {
        return command;
    }
    command.arg(
        Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version)
            .help_heading(headings::global())
            .help(say("Print version", "显示版本")),
    )
}

/// Returns `text` with every value of `T` and its help below, for the long help of a flag whose short
/// help names the usual values only.
pub(super) fn with_values<T: ValueEnum>(text: &str) -> String {
    let values = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let lines = values.map(|value| {
        let help = value.get_help().map(ToString::to_string).unwrap_or_default();
        format!("\n- {}{}{help}", value.get_name(), say(": ", "："))
    });
    format!("{text}\n\n{}{}", say("Possible values:", "可选值："), lines.collect::<String>())
}

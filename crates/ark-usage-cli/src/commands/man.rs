//! `ark-usage man`: manual pages, generated from the definition arguments are parsed with.

use std::io;
use std::path::Path;

use ark_usage_report::text;
use clap::{Arg, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::args::{ManArgs, full_command};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::output;

/// Prints one page, or writes all pages into a directory.
pub(crate) fn run(args: &ManArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let program = full_command(context.lang);
    if let Some(folder) = &args.dir {
        let count = write_all(&program, folder)?;
        let folder = folder.display();
        context.note(text!("wrote {count} pages to {folder}", "已写入 {count} 页到 {folder}"));
        return Ok(ExitStatus::Done);
    }
    let mut command = &program;
    for name in &args.command {
        command = command.find_subcommand(name).ok_or_else(|| no_such_command(name, command))?;
    }
    output::write_stdout(&page(command)?)?;
    Ok(ExitStatus::Done)
}

/// Writes the pages of a command and its subcommands; returns their number.
fn write_all(command: &Command, folder: &Path) -> Result<usize, CliError> {
    let file = format!("{}.1", file_stem(command));
    output::write_file("--dir", &folder.join(file), &page(command)?)?;
    let mut count = 1;
    for inner in shown(command) {
        count += write_all(inner, folder)?;
    }
    Ok(count)
}

fn page(command: &Command) -> Result<Vec<u8>, CliError> {
    let mut text = Vec::new();
    render(command, &mut text).map_err(|error| {
        CliError::internal(text!("the manual page could not be generated", "无法生成手册页"))
            .with_source(error)
    })?;
    Ok(text)
}

/// Renders the sections of clap, and the examples from above the help text.
fn render(command: &Command, text: &mut Vec<u8>) -> io::Result<()> {
    let version = command.get_version().unwrap_or_default().to_owned();
    let man =
        Man::new(command.clone().mut_args(described)).title(file_stem(command)).source(version);
    man.render_title(text)?;
    man.render_name_section(text)?;
    man.render_synopsis_section(text)?;
    man.render_description_section(text)?;
    let examples = command.get_before_long_help().or_else(|| command.get_before_help());
    if let Some(examples) = examples {
        literal("EXAMPLES", &examples.to_string()).to_writer(text)?;
    }
    man.render_options_section(text)?;
    if shown(command).next().is_some() {
        man.render_subcommands_section(text)?;
    }
    let status = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    if !status.is_empty() {
        literal("EXIT STATUS", &status).to_writer(text)?;
    }
    Ok(())
}

/// Returns a flag with all of its help: the page lacks the help of a flag that `-h` leaves out, and the other
/// names of every flag.
fn described(arg: Arg) -> Arg {
    let names: Vec<&str> = arg.get_visible_aliases().unwrap_or_default();
    let names: Vec<String> = names.iter().map(|name| format!("--{name}")).collect();
    let help = arg.get_long_help().or_else(|| arg.get_help()).map(ToString::to_string);
    let arg = arg.hide_short_help(false);
    if names.is_empty() {
        return arg;
    }
    arg.long_help(format!("{} [alias: {}]", help.unwrap_or_default(), names.join(", ")))
}

/// Returns a section with its lines unchanged.
fn literal(heading: &str, text: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [heading]).control("nf", []);
    // The heading of the section says the same.
    let is_content = |line: &&str| !matches!(*line, "Examples:" | "示例：");
    for line in text.lines().filter(is_content) {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff
}

/// `ark-usage-config-show`
fn file_stem(command: &Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}

/// Returns the visible subcommands without `help`.
fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|inner| !inner.is_hide_set() && inner.get_name() != "help")
}

fn no_such_command(name: &str, command: &Command) -> CliError {
    let known: Vec<&str> = shown(command).map(Command::get_name).collect();
    let (known, above) = (known.join(", "), command.get_name());
    let error =
        CliError::usage(text!("{above}: unknown command {name:?}", "{above}：未知命令 {name:?}"));
    if known.is_empty() {
        return error;
    }
    error.with_hint(text!("available commands: {known}", "可用的命令：{known}"))
}

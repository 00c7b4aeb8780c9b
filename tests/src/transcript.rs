//! The console transcripts of a document: blocks fenced as `console`, in which a line that starts
//! with `$ ` is a command and what follows is what it prints.
//!
//! Commands run as written, in the language of the document and with the clock at [`NOW`], so that
//! an example needs neither `--lang` nor `--now`. The commands of one block share a folder.

use crate::case::lines_that_differ;
use crate::program::{Sandbox, normalise, run};

/// The time that every transcript shows: noon in Beijing.
pub const NOW: &str = "2024-11-20T04:00:00Z";

/// The program with its clock at [`NOW`].
const CLOCKED: &str = "ark-usage --now 2024-11-20T04:00:00Z ";

/// The home directory that transcripts show.
const READERS_HOME: &str = "/home/you";

const FENCE: &str = "```";
const OPENING: &str = "```console";
/// The command before the program is installed.
const FROM_SOURCE: &str = "cargo run --release -p ark-usage-cli -- ";

/// A command and what it prints, standard error included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The command as written.
    pub command: String,
    /// Its output as written.
    pub output: String,
}

/// The transcripts of `document`, block by block.
pub fn blocks(document: &str) -> Vec<Vec<Entry>> {
    let mut found: Vec<Vec<Entry>> = Vec::new();
    let mut inside = false;
    for line in document.lines() {
        if !inside {
            inside = line == OPENING;
            if inside {
                found.push(Vec::new());
            }
            continue;
        }
        if line == FENCE {
            inside = false;
            continue;
        }
        let block = found.last_mut().expect("a block was opened");
        if let Some(command) = line.strip_prefix("$ ") {
            block.push(Entry { command: command.to_owned(), output: String::new() });
        } else {
            let entry = block.last_mut().expect("a transcript begins with a command");
            entry.output.push_str(line);
            entry.output.push('\n');
        }
    }
    found
}

/// Runs the commands of `block` again in a new folder; returns what they print now. Variables that
/// one of them exports are set for those behind it.
pub fn replay(block: &[Entry], language: Language) -> Vec<Entry> {
    let sandbox = Sandbox::new();
    let mut exports = String::new();
    let again = |entry: &Entry| {
        let line = with_clock(&entry.command.replace(FROM_SOURCE, "ark-usage "));
        if line.starts_with("export ") {
            exports.push_str(&line);
            exports.push('\n');
        }
        let mut shell = sandbox.shell(&format!("{exports}{{ {line}\n}} 2>&1"));
        shell.env("LANG", language.locale());
        // A terminal shows the line ends of CSV as any others.
        let shown = run(shell, "").stdout.replace("\r\n", "\n");
        let shown = normalise(&shown, &sandbox).replace("[DIR]", READERS_HOME);
        Entry { command: entry.command.clone(), output: shown }
    };
    block.iter().map(again).collect()
}

/// The line for the shell with the clock of `ark-usage` at [`NOW`], unless the line sets it or
/// replays a recording, which has a clock of its own.
pub fn with_clock(line: &str) -> String {
    let has_clock = line.contains(" --now") || line.contains(" --replay");
    let program = if has_clock { "ark-usage " } else { CLOCKED };
    line.replace("ark-usage ", program)
}

/// The language of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Language {
    /// `X.md`.
    English,
    /// `X.zh-CN.md`.
    Chinese,
}

impl Language {
    /// The language of the document at `path`.
    pub fn of(path: &str) -> Self {
        if path.ends_with(".zh-CN.md") { Self::Chinese } else { Self::English }
    }

    /// The locale a reader of this language has.
    pub fn locale(self) -> &'static str {
        match self {
            Self::English => "C.UTF-8",
            Self::Chinese => "zh_CN.UTF-8",
        }
    }
}

/// `document` with the outputs of `replayed` in the place of its own.
pub fn rewrite(document: &str, replayed: &[Vec<Entry>]) -> String {
    let mut rewritten = String::new();
    let mut replayed = replayed.iter().flatten();
    let mut inside = false;
    for line in document.lines() {
        let keep = !inside || line == FENCE || line.starts_with("$ ");
        if keep {
            rewritten.push_str(line);
            rewritten.push('\n');
        }
        if inside && line.starts_with("$ ") {
            rewritten.push_str(replayed.next().map_or("", |entry| &entry.output));
        }
        inside = if inside { line != FENCE } else { line == OPENING };
    }
    rewritten
}

/// The difference between `now` and `written`.
pub fn difference(written: &Entry, now: &Entry) -> Option<String> {
    let differs = written.output != now.output;
    let lines = || lines_that_differ(&written.output, &now.output);
    differs.then(|| format!("$ {}\n{}", written.command, lines()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "# Text\n\n```sh\nnot run\n```\n\n```console\n$ one\n1\n\n$ two | head\n2\n```\n$ no\n\n```console\n$ three\n```\n";

    fn entry(command: &str, output: &str) -> Entry {
        Entry { command: command.to_owned(), output: output.to_owned() }
    }

    #[test]
    fn only_console_blocks_are_read() {
        let first = vec![entry("one", "1\n\n"), entry("two | head", "2\n")];
        assert_eq!(blocks(DOCUMENT), [first, vec![entry("three", "")]]);
    }

    #[test]
    fn outputs_are_replaced_and_nothing_else() {
        assert_eq!(rewrite(DOCUMENT, &blocks(DOCUMENT)), DOCUMENT);
        let mut replayed = blocks(DOCUMENT);
        replayed[0][0].output = "new\n".to_owned();
        replayed[1][0].output = "3\n".to_owned();
        let expected =
            DOCUMENT.replace("$ one\n1\n\n", "$ one\nnew\n").replace("$ three\n", "$ three\n3\n");
        assert_eq!(rewrite(DOCUMENT, &replayed), expected);
    }

    #[test]
    fn the_clock_is_set_once() {
        let line = "ark-usage get --today | cut -c1; ark-usage budget";
        assert_eq!(with_clock("ark-usage get --now 1"), "ark-usage get --now 1");
        assert!(with_clock(line).starts_with(&format!("ark-usage --now {NOW} get --today | cut")));
    }

    #[test]
    fn commands_of_a_block_share_a_folder_and_have_the_clock_set() {
        let block = [
            entry("ark-usage get --demo --today -f csv -o a.csv -q", ""),
            entry("cut -c1-10 a.csv | tail -n1", ""),
        ];
        let now = replay(&block, Language::Chinese);
        assert_eq!(now[1].output, "2024-11-20\n");
    }
}

//! The console transcripts of a document: blocks fenced as `console`, in which a line that starts
//! with `$ ` is a command and what follows is what it prints.

use crate::case::lines_that_differ;
use crate::program::{Sandbox, normalise, run};

const FENCE: &str = "```";
const OPENING: &str = "```console";
/// What a reader types before the program is installed.
const FROM_SOURCE: &str = "cargo run --release -p ark-usage-cli -- ";

/// A command and what it prints, standard error included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The command as written.
    pub command: String,
    /// Its output as written.
    pub output: String,
}

/// The transcripts of `document`, in order.
pub fn entries(document: &str) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    let mut inside = false;
    for line in document.lines() {
        match (inside, line.strip_prefix("$ ")) {
            (false, _) => inside = line == OPENING,
            (true, _) if line == FENCE => inside = false,
            (true, Some(command)) => {
                found.push(Entry { command: command.to_owned(), output: String::new() });
            }
            (true, None) => {
                let entry = found.last_mut().expect("a transcript begins with a command");
                entry.output.push_str(line);
                entry.output.push('\n');
            }
        }
    }
    found
}

/// Runs `entry` again; what it prints now, as a reader would see it.
pub fn replay(entry: &Entry) -> Entry {
    let sandbox = Sandbox::new();
    let line = entry.command.replace(FROM_SOURCE, "ark-usage ");
    let finished = run(sandbox.shell(&format!("{{ {line}\n}} 2>&1")), "");
    Entry { command: entry.command.clone(), output: normalise(&finished.stdout, &sandbox) }
}

/// `document` with the outputs of `replayed` in the place of its own.
pub fn rewrite(document: &str, replayed: &[Entry]) -> String {
    let mut rewritten = String::new();
    let mut replayed = replayed.iter();
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

/// Where `now` differs from `written`.
pub fn difference(written: &Entry, now: &Entry) -> Option<String> {
    let differs = written.output != now.output;
    let lines = || lines_that_differ(&written.output, &now.output);
    differs.then(|| format!("$ {}\n{}", written.command, lines()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str =
        "# Text\n\n```sh\nnot run\n```\n\n```console\n$ one\n1\n\n$ two | head\n2\n```\n$ no\n";

    fn entry(command: &str, output: &str) -> Entry {
        Entry { command: command.to_owned(), output: output.to_owned() }
    }

    #[test]
    fn only_console_blocks_are_read() {
        assert_eq!(entries(DOCUMENT), [entry("one", "1\n\n"), entry("two | head", "2\n")]);
    }

    #[test]
    fn outputs_are_replaced_and_nothing_else() {
        assert_eq!(rewrite(DOCUMENT, &entries(DOCUMENT)), DOCUMENT);
        let changed = rewrite(DOCUMENT, &[entry("one", "new\n"), entry("two | head", "2\n")]);
        assert_eq!(changed, DOCUMENT.replace("$ one\n1\n\n", "$ one\nnew\n"));
    }
}

//! One run of the program written down as a TOML file; `tests/cases/README.md` describes it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, Value, value};

use crate::program::{Emulator, Finished, Sandbox, normalise, run};
use crate::terminal::run_on_terminal;

/// A case file, read.
#[derive(Debug)]
pub struct Case {
    path: PathBuf,
    document: DocumentMut,
}

/// What a run is expected to do, or did.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    status: Option<i32>,
    stdout: String,
    stderr: String,
    files: BTreeMap<String, String>,
}

/// All case files under `folder`, in order.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of cases is readable") {
        let path = entry.expect("a folder's entry is readable").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

impl Case {
    /// Reads a case file; an unknown key is an error, because it would be silently without effect.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let document: DocumentMut = text.parse().map_err(|error| format!("{error}"))?;
        only(
            &document,
            &[
                "args",
                "emulator",
                "emulator_env",
                "env",
                "expect",
                "files",
                "modes",
                "stdin",
                "width",
            ],
        )?;
        let expect = document.get("expect").and_then(Item::as_table);
        only(expect.ok_or("there is no [expect]")?, &["files", "status", "stderr", "stdout"])?;
        Ok(Self { path: path.to_owned(), document })
    }

    /// Runs the case; the error shows what differs. With `update`, what happened is written into
    /// the file instead.
    pub fn check(mut self, update: bool) -> Result<(), String> {
        let expected = self.expected()?;
        let actual = self.run()?;
        if expected == actual {
            return Ok(());
        }
        if update {
            self.rewrite(&actual);
            return fs::write(&self.path, self.document.to_string())
                .map_err(|error| error.to_string());
        }
        Err(difference(&expected, &actual))
    }

    fn run(&self) -> Result<Outcome, String> {
        let sandbox = Sandbox::new();
        let emulator_variables = self.texts("emulator_env")?;
        let folder = sandbox.folder().display().to_string();
        // Now for the emulator, and again once its address is known.
        for (name, text) in self.texts("files")? {
            sandbox.write(&name, &text.replace("{dir}", &folder));
        }
        let emulator = self.list("emulator")?.map(|arguments| {
            let home = Sandbox::new();
            let fill = |argument: &String| argument.replace("{dir}", &folder);
            let arguments: Vec<String> = arguments.iter().map(fill).collect();
            Emulator::start(&home, &arguments, &emulator_variables)
        });
        let fill = |text: &str| {
            let base_url = emulator.as_ref().map_or("", Emulator::base_url);
            text.replace("{base_url}", base_url).replace("{dir}", &folder)
        };
        for (name, text) in self.texts("files")? {
            sandbox.write(&name, &fill(&text));
        }
        for (name, mode) in self.texts("modes")? {
            let mode = u32::from_str_radix(&mode, 8).map_err(|error| format!("{name}: {error}"))?;
            sandbox.set_mode(&name, mode);
        }
        let arguments = self.list("args")?.ok_or("there are no args")?;
        let arguments: Vec<String> = arguments.iter().map(|argument| fill(argument)).collect();
        let mut command = sandbox.command(&arguments);
        let width = self.width()?;
        if width.is_some() {
            // A terminal that is told nothing shows no progress, which would be another every time.
            command.env("TERM", "dumb");
        }
        for (name, text) in self.texts("env")? {
            command.env(name, fill(&text));
        }
        let stdin = self.text("stdin")?.unwrap_or_default();
        let finished = match width {
            Some(width) => run_on_terminal(command, &stdin, width),
            None => run(command, &stdin),
        };
        Ok(self.outcome(&finished, &sandbox))
    }

    fn outcome(&self, finished: &Finished, sandbox: &Sandbox) -> Outcome {
        let named = self.expected_files().into_keys();
        let read = |name: String| {
            let text = sandbox.read(&name).map(|text| normalise(&text, sandbox));
            (name, text.unwrap_or_else(|| "[no such file]".to_owned()))
        };
        Outcome {
            status: finished.status,
            stdout: normalise(&finished.stdout, sandbox),
            stderr: normalise(&finished.stderr, sandbox),
            files: named.map(read).collect(),
        }
    }

    fn expected(&self) -> Result<Outcome, String> {
        let expect = &self.document["expect"];
        let status = expect.get("status").and_then(Item::as_integer);
        let status = status.and_then(|code| i32::try_from(code).ok()).ok_or("no expect.status")?;
        let text = |name: &str| {
            let text = expect.get(name).and_then(Item::as_str);
            text.map(str::to_owned).ok_or_else(|| format!("no expect.{name}"))
        };
        Ok(Outcome {
            status: Some(status),
            stdout: text("stdout")?,
            stderr: text("stderr")?,
            files: self.expected_files(),
        })
    }

    /// Whether this is one of its arguments.
    pub fn has_argument(&self, word: &str) -> bool {
        let arguments = self.document.get("args").and_then(Item::as_array);
        arguments.is_some_and(|all| all.iter().any(|it| it.as_str() == Some(word)))
    }

    /// All the texts it expects: standard output and files.
    pub fn expected_texts(&self) -> Vec<String> {
        let stdout = self.document["expect"].get("stdout").and_then(Item::as_str);
        stdout.map(str::to_owned).into_iter().chain(self.expected_files().into_values()).collect()
    }

    fn expected_files(&self) -> BTreeMap<String, String> {
        let files = self.document["expect"].get("files").and_then(Item::as_table_like);
        let pairs = files.into_iter().flat_map(|table| table.iter());
        pairs
            .filter_map(|(name, text)| Some((name.to_owned(), text.as_str()?.to_owned())))
            .collect()
    }

    fn rewrite(&mut self, actual: &Outcome) {
        let expect = &mut self.document["expect"];
        expect["status"] = value(i64::from(actual.status.unwrap_or(-1)));
        expect["stdout"] = Item::Value(literal(&actual.stdout));
        expect["stderr"] = Item::Value(literal(&actual.stderr));
        for (name, text) in &actual.files {
            expect["files"][name] = Item::Value(literal(text));
        }
    }

    /// The width of the terminal it runs on, if it does.
    fn width(&self) -> Result<Option<u16>, String> {
        let Some(item) = self.document.get("width") else { return Ok(None) };
        let width = item.as_integer().and_then(|width| u16::try_from(width).ok());
        width.map(Some).ok_or_else(|| "width is not a number of columns".to_owned())
    }

    fn list(&self, key: &str) -> Result<Option<Vec<String>>, String> {
        let Some(item) = self.document.get(key) else { return Ok(None) };
        let array = item.as_array().ok_or_else(|| format!("{key} is not a list"))?;
        let texts = array.iter().map(|item| item.as_str().map(str::to_owned));
        texts.collect::<Option<_>>().map(Some).ok_or_else(|| format!("{key} lists more than texts"))
    }

    fn texts(&self, key: &str) -> Result<Vec<(String, String)>, String> {
        let Some(item) = self.document.get(key) else { return Ok(Vec::new()) };
        let table = item.as_table_like().ok_or_else(|| format!("{key} is not a table"))?;
        let pairs =
            table.iter().map(|(name, text)| Some((name.to_owned(), text.as_str()?.to_owned())));
        pairs.collect::<Option<_>>().ok_or_else(|| format!("{key} holds more than texts"))
    }

    fn text(&self, key: &str) -> Result<Option<String>, String> {
        let Some(item) = self.document.get(key) else { return Ok(None) };
        item.as_str()
            .map(|text| Some(text.to_owned()))
            .ok_or_else(|| format!("{key} is not a text"))
    }
}

fn only(table: &Table, known: &[&str]) -> Result<(), String> {
    match table.iter().find(|(key, _)| !known.contains(key)) {
        Some((key, _)) => Err(format!("unknown key: {key}")),
        None => Ok(()),
    }
}

/// A text as a person would write it into a TOML file.
fn literal(text: &str) -> Value {
    let raw = text.contains('\n')
        && !text.contains("'''")
        && text.chars().all(|c| c == '\n' || !c.is_control());
    let written = if raw { format!("'''\n{text}'''").parse() } else { Ok(Value::from(text)) };
    written.expect("a raw text is valid TOML")
}

/// Both outcomes, line by line where they differ.
fn difference(expected: &Outcome, actual: &Outcome) -> String {
    let mut shown = String::new();
    if expected.status != actual.status {
        let _ = writeln!(shown, "status: expected {:?}, got {:?}", expected.status, actual.status);
    }
    let streams = [
        ("stdout", &expected.stdout, &actual.stdout),
        ("stderr", &expected.stderr, &actual.stderr),
    ];
    let files = actual
        .files
        .iter()
        .filter_map(|(name, text)| Some((name.as_str(), expected.files.get(name)?, text)));
    for (name, expected, actual) in streams.into_iter().chain(files) {
        if expected != actual {
            let _ = writeln!(shown, "{name}:\n{}", lines_that_differ(expected, actual));
        }
    }
    // Standard error says why, even where it is as expected.
    let _ = writeln!(shown, "all of stderr:\n{}", actual.stderr);
    shown + "UPDATE_CASES=1 writes what happened into the case; read the change before you keep it"
}

/// Common lines at both ends are left out; what remains is shown whole.
pub(crate) fn lines_that_differ(expected: &str, actual: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (expected.split('\n').collect(), actual.split('\n').collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (old, new) = (old.get(same..).unwrap_or_default(), new.get(same..).unwrap_or_default());
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let part = |lines: &[&str], sign: char| -> String {
        let kept = lines.len().saturating_sub(tail);
        lines.iter().take(kept).fold(String::new(), |text, line| format!("{text}  {sign}{line}\n"))
    };
    format!("  (from line {})\n{}{}", same + 1, part(old, '-'), part(new, '+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown() {
        let shown = lines_that_differ("a\nb\nc\nd\n", "a\nx\nc\nd\n");
        assert_eq!(shown, "  (from line 2)\n  -b\n  +x\n");
    }

    #[test]
    fn written_texts_read_back_the_same() {
        for text in
            ["", "one", "one\ntwo\n", "no end\nof line", "quote '''\n", "tab\t\n\u{1b}[0m\n"]
        {
            assert_eq!(literal(text).as_str(), Some(text), "{}", literal(text));
        }
    }
}

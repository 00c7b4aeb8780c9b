//! One run of the program written down as a TOML file; `tests/cases/README.md` describes it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Item, Table, Value, value};

use crate::expectation::Expectation;
use crate::program::{Emulator, Finished, Sandbox, normalise, run};
use crate::terminal::run_on_terminal;

/// A case file, read.
#[derive(Debug)]
pub struct Case {
    path: PathBuf,
    document: DocumentMut,
}

/// The expected outcome of a run.
#[derive(Debug)]
struct Promise {
    status: Option<i32>,
    stdout: Expectation,
    stderr: Expectation,
    files: BTreeMap<String, String>,
}

/// The outcome of a run.
#[derive(Debug)]
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
                "before",
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
        only(
            expect.ok_or("there is no [expect]")?,
            &[
                "files",
                "status",
                "stderr",
                "stderr_contains",
                "stderr_lacks",
                "stdout",
                "stdout_contains",
                "stdout_lacks",
            ],
        )?;
        let case = Self { path: path.to_owned(), document };
        case.promise()?;
        Ok(case)
    }

    /// Runs the case; the error shows what differs. With `update`, whole texts are rewritten to what
    /// happened; facts that no longer hold are an error all the same.
    pub fn check(self, update: bool) -> Result<(), String> {
        self.check_with(update, &[])
    }

    /// The same, and one of the streams holds each of `words` somewhere.
    pub fn check_with(mut self, update: bool, words: &[String]) -> Result<(), String> {
        let mut promise = self.promise()?;
        let actual = self.run()?;
        let mut found = complaints(&promise, &actual, words);
        if update && !found.is_empty() {
            self.rewrite(&actual);
            fs::write(&self.path, self.document.to_string()).map_err(|error| error.to_string())?;
            promise = self.promise()?;
            found = complaints(&promise, &actual, words);
        }
        if found.is_empty() {
            return Ok(());
        }
        // Standard error says why, even where it is as expected.
        found.push(format!("all of stderr:\n{}", actual.stderr));
        found.push(ADVICE.to_owned());
        Err(found.join("\n"))
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
        for line in self.lists("before")? {
            let arguments: Vec<String> = line.iter().map(|argument| fill(argument)).collect();
            let mut command = sandbox.command(&arguments);
            for (name, text) in self.texts("env")? {
                command.env(name, fill(&text));
            }
            let finished = run(command, "");
            if !matches!(finished.status, Some(0 | 6 | 7)) {
                return Err(format!("before, {}: {finished:?}", arguments.join(" ")));
            }
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

    fn promise(&self) -> Result<Promise, String> {
        let expect = &self.document["expect"];
        let status = expect.get("status").and_then(Item::as_integer);
        let status = status.and_then(|code| i32::try_from(code).ok()).ok_or("no expect.status")?;
        Ok(Promise {
            status: Some(status),
            stdout: Expectation::read(expect, "stdout")?,
            stderr: Expectation::read(expect, "stderr")?,
            files: self.expected_files(),
        })
    }

    /// Is this one of its arguments?
    pub fn has_argument(&self, word: &str) -> bool {
        let arguments = self.document.get("args").and_then(Item::as_array);
        arguments.is_some_and(|all| all.iter().any(|it| it.as_str() == Some(word)))
    }

    /// All the whole texts it expects: standard output and files.
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
        for (stream, text) in [("stdout", &actual.stdout), ("stderr", &actual.stderr)] {
            if expect.get(stream).is_some() {
                expect[stream] = Item::Value(literal(text));
            }
        }
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
        words(array).map(Some).ok_or_else(|| format!("{key} lists more than texts"))
    }

    fn lists(&self, key: &str) -> Result<Vec<Vec<String>>, String> {
        let Some(item) = self.document.get(key) else { return Ok(Vec::new()) };
        let array = item.as_array().ok_or_else(|| format!("{key} is not a list"))?;
        let lists = array.iter().map(|item| item.as_array().and_then(words));
        lists.collect::<Option<_>>().ok_or_else(|| format!("{key} lists more than lists of texts"))
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

fn words(array: &Array) -> Option<Vec<String>> {
    array.iter().map(|item| item.as_str().map(str::to_owned)).collect()
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

const ADVICE: &str = "UPDATE_CASES=1 writes whole texts into the case, and leaves facts alone; \
                      read the change before you keep it";

/// Everything in which what happened is not what was promised.
fn complaints(promise: &Promise, actual: &Outcome, words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    if promise.status != actual.status {
        found.push(format!("status: expected {:?}, got {:?}", promise.status, actual.status));
    }
    found.extend(promise.stdout.complaints("stdout", &actual.stdout));
    found.extend(promise.stderr.complaints("stderr", &actual.stderr));
    for (name, expected) in &promise.files {
        let text = actual.files.get(name).map_or("", String::as_str);
        if expected != text {
            found.push(format!("{name}:\n{}", lines_that_differ(expected, text)));
        }
    }
    let printed = |word: &&String| {
        actual.stdout.contains(word.as_str()) || actual.stderr.contains(word.as_str())
    };
    let absent = words.iter().filter(|word| !printed(word));
    found.extend(absent.map(|word| format!("the program does not print {word:?}")));
    found
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

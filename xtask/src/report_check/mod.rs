//! `cargo xtask report-check`: the report page in real headless Chromium.
//!
//! The page of a made-up week is looked at on a phone and on a desktop, in both languages and both
//! themes, and once on paper: nothing may be written to the console, nothing may be asked of
//! anybody, nothing may stick out, and the numbers have to be those of `get -f json`. First, pages
//! that are broken on purpose show that each of these is found.

mod broken;
mod browser;
mod look;
mod numbers;
mod viewing;

use std::path::{Path, PathBuf};

use serde_json::Value;

use self::browser::Browser;
use self::look::look;
use self::numbers::Numbers;
use self::viewing::{LANGUAGES, Viewing};
use crate::failure::Failure;
use crate::shell::{Cargo, say, step};
use crate::workspace::Workspace;

/// The instant of every run, so that the pages are the same every time.
const NOW: &str = "2024-11-20T04:00:00Z";

/// The questions whose pages are looked at: what they are called, and what they ask.
const QUESTIONS: &[(&str, &[&str])] = &[
    ("days", &["--last", "14d"]),
    ("hours", &["--last", "8d", "--interval", "hour"]),
    ("long", &["--last", "120d", "--project", "default", "--project", "search"]),
    ("split", &["--last", "14d", "--by", "endpoint,project", "--compare", "previous"]),
    ("tomorrow", &["--start", "2024-11-18", "--end", "2024-11-24"]),
];

/// Looks at every page in every way. `--pictures DIR` keeps what was seen.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let pictures = match arguments {
        [] => None,
        [flag, folder] if flag == "--pictures" => Some(PathBuf::from(folder)),
        _ => return Err(Failure::usage("`cargo xtask report-check` takes --pictures DIR alone")),
    };
    let workspace = Workspace::load()?;
    Cargo::new(&workspace.root, &["build", "--package", "ark-usage-cli"]).run()?;
    let folder = workspace.target.join("report-check");
    std::fs::create_dir_all(&folder).map_err(|error| unwritable(&folder, &error))?;
    if let Some(folder) = &pictures {
        std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    }
    let mut browser = step("headless Chromium starts", || Browser::start(&folder))?;
    step("broken pages are found out", || broken::check(&mut browser, &folder))?;
    let program = Program { root: &workspace.root, folder: &folder };
    for (name, flags) in QUESTIONS {
        step(&format!("the page of {name}: {}", flags.join(" ")), || {
            pages(&program, &mut browser, name, flags, pictures.as_deref())
        })?;
    }
    Ok(())
}

/// One question's pages, seen in every way.
fn pages(
    program: &Program<'_>,
    browser: &mut Browser,
    name: &str,
    flags: &[&str],
    pictures: Option<&Path>,
) -> Result<(), Failure> {
    let numbers = Numbers::of_json(&program.run("get", flags, &["-f", "json"])?)?;
    for language in LANGUAGES {
        let page = program.folder.join(format!("{name}-{language}.html"));
        let file = page.to_str().ok_or_else(|| Failure::other("the path here is not UTF-8"))?;
        program.run("report", flags, &["--lang", language, "-o", file])?;
        for viewing in Viewing::all(language) {
            let seen = look(browser, &page, viewing)?;
            let complaints = seen.complaints(viewing, Some(&numbers));
            if !complaints.is_empty() {
                return Err(Failure::step(
                    format!("{}, {viewing}:\n  {}", page.display(), complaints.join("\n  ")),
                    "cargo xtask report-check --pictures DIR",
                ));
            }
            if let Some(folder) = pictures {
                let picture = folder.join(format!("{name}-{}.png", viewing.name()));
                std::fs::write(&picture, browser.picture()?)
                    .map_err(|error| unwritable(&picture, &error))?;
            }
        }
        on_paper(browser, &page, name, language, pictures)?;
    }
    Ok(())
}

/// Printed, the page is a PDF of at least one sheet.
fn on_paper(
    browser: &mut Browser,
    page: &Path,
    name: &str,
    language: &str,
    pictures: Option<&Path>,
) -> Result<(), Failure> {
    let paper = browser.paper()?;
    if !paper.starts_with(b"%PDF") {
        return Err(Failure::other(format!("{}: could not be printed", page.display())));
    }
    if let Some(folder) = pictures {
        let file = folder.join(format!("{name}-{language}.pdf"));
        std::fs::write(&file, paper).map_err(|error| unwritable(&file, &error))?;
    }
    Ok(())
}

/// `ark-usage` with made-up data and a clock that stands still.
struct Program<'a> {
    root: &'a Path,
    folder: &'a Path,
}

impl Program<'_> {
    /// Its standard output. A partial answer is one too.
    fn run(&self, command: &str, flags: &[&str], more: &[&str]) -> Result<String, Failure> {
        let mut arguments = vec![
            "run",
            "--quiet",
            "--package",
            "ark-usage-cli",
            "--",
            command,
            "--demo",
            "--quiet",
        ];
        arguments.extend(["--now", NOW]);
        arguments.extend(flags);
        arguments.extend(more);
        Cargo::new(self.root, &arguments).output()
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::other(format!("{} could not be written: {error}", path.display()))
}

/// The value at a path of a JSON value; null where there is none.
fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    value.pointer(path).unwrap_or(&Value::Null)
}

/// Says what is lacking where it lacks.
fn lacking(what: &str) -> Failure {
    say("    Debian and Ubuntu have it: apt-get install chromium");
    Failure::other(what)
}

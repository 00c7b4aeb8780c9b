//! An engine in a virtual environment of its own, so that one which cannot be had takes no other along.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::json;

use super::rows::Rows;
use super::statements::Block;
use super::usage::folder;
use crate::failure::Failure;
use crate::places::venv;
use crate::workspace::Workspace;

/// The engines, as docs/engines.md names them.
pub(crate) const ENGINES: &[Kind] = &[
    Kind { name: "DuckDB", pins: "duckdb", needs_java: false },
    Kind { name: "ClickHouse", pins: "clickhouse", needs_java: false },
    Kind { name: "Spark", pins: "spark", needs_java: true },
];

const NO_JAVA: &str = "java 17 or newer is needed: apt-get install default-jre-headless";

/// One engine.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// The name of its file of pinned versions in tests/engines.
    pins: &'static str,
    needs_java: bool,
}

/// An engine that is installed.
pub(crate) struct Engine {
    kind: Kind,
    python: PathBuf,
    script: PathBuf,
    folder: PathBuf,
}

impl Engine {
    /// Installs it below the target folder, unless that was done before.
    pub(crate) fn prepare(kind: &Kind, workspace: &Workspace) -> Result<Self, Failure> {
        if kind.needs_java && !java() {
            return Err(Failure::other(NO_JAVA));
        }
        let scripts = workspace.root.join("tests/engines");
        let place = workspace.target.join("engines").join(kind.pins);
        let python = venv(&place, &scripts.join(kind.pins).with_extension("txt"))?;
        let (script, folder) = (scripts.join("run.py"), folder(workspace));
        Ok(Self { kind: *kind, python, script, folder })
    }

    pub(crate) fn name(&self) -> &'static str {
        self.kind.name
    }

    /// Runs blocks one after the other, in the folder with the data; gives the rows of each.
    pub(crate) fn run(&self, blocks: &[&Block]) -> Result<Vec<Rows>, Failure> {
        let file = |what: &str| self.folder.join(format!("{}-{what}.json", self.kind.pins));
        let (question, answer) = (file("statements"), file("rows"));
        let unusable = |path: &PathBuf| {
            let path = path.display().to_string();
            move |error: std::io::Error| Failure::other(format!("{path}: {error}"))
        };
        let sql: Vec<&str> = blocks.iter().map(|block| block.sql.as_str()).collect();
        fs::write(&question, json!(sql).to_string()).map_err(unusable(&question))?;
        let mut command = Command::new(&self.python);
        command.arg(&self.script).arg(self.kind.name).arg(&question).arg(&answer);
        command.current_dir(&self.folder).stdin(Stdio::null());
        let output = command.output().map_err(unusable(&self.python))?;
        if !output.status.success() {
            // Engines say much at their start; it matters only when something is wrong.
            let said = String::from_utf8_lossy(&output.stderr);
            let what =
                format!("{}: a statement failed ({})\n{said}", self.kind.name, output.status);
            return Err(Failure::step(what, "cargo xtask engines"));
        }
        let text = fs::read_to_string(&answer).map_err(unusable(&answer))?;
        let rows: Vec<Rows> = serde_json::from_str(&text)
            .map_err(|error| Failure::other(format!("{}: {error}", answer.display())))?;
        if rows.len() == blocks.len() {
            return Ok(rows);
        }
        Err(Failure::other(format!(
            "{}: {} answers for {} blocks",
            self.kind.name,
            rows.len(),
            blocks.len()
        )))
    }
}

/// Tells if there is a Java; Spark itself says if it is too old.
fn java() -> bool {
    let mut java = Command::new("java");
    java.arg("-version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    java.status().is_ok_and(|status| status.success())
}

//! The usage that engines are asked about: made up, kept in a history, revised, and exported.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Map, Value};

use super::figures::Figures;
use crate::failure::Failure;
use crate::workspace::Workspace;

/// The instants of the two syncs: hours that settle, and new ones, lie between them.
const FIRST: &str = "2024-11-20T12:00:00+08:00";
const REVISED: &str = "2024-11-20T15:00:00+08:00";
const SECOND: &str = "2024-11-20T18:00:00+08:00";
/// From the middle of September: three months, and one without a leading zero.
const RANGE: [&str; 2] = ["--since", "2024-09-12"];

/// The second account: an engine that takes it for a number loses the zeros.
const ACCOUNT: &str = "0021000007";
/// The account of the demo.
const DEMO_ACCOUNT: &str = "2100000001";
/// The factor of its values. Sums of them are not integers of floating point any more.
const FACTOR: i64 = 7_000_003;
/// The number of rows of which one is revised.
const ONE_IN: usize = 97;

/// A row of `history export`.
type Row = Map<String, Value>;

/// The figures that engines have to come to.
pub(crate) struct Expected {
    pub(crate) totals: Figures,
    pub(crate) projects: Figures,
    /// The points of the exported folder.
    pub(crate) points: usize,
    /// The points as kept: of projects and of endpoints.
    pub(crate) kept: usize,
}

/// The folder in which everything lies, made anew by each run.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("engines/scratch")
}

/// The program and its history.
pub(crate) struct Usage {
    program: PathBuf,
    folder: PathBuf,
}

impl Usage {
    /// Starts with an empty folder.
    pub(crate) fn new(workspace: &Workspace) -> Result<Self, Failure> {
        let folder = folder(workspace);
        let cannot =
            |error: std::io::Error| Failure::other(format!("{}: {error}", folder.display()));
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(cannot)?;
        }
        fs::create_dir_all(&folder).map_err(cannot)?;
        Ok(Self { program: workspace.target.join("debug/ark-usage"), folder })
    }

    /// Syncs, takes in the usage of a second account, and exports.
    pub(crate) fn first(&self) -> Result<Expected, Failure> {
        self.sync(FIRST)?;
        self.import(&self.kept()?, second_account)?;
        self.export(FIRST)
    }

    /// Revises values, final ones too, syncs some hours later, and exports to the same files.
    pub(crate) fn second(&self) -> Result<Expected, Failure> {
        // October is left as it is, so its files are not written again.
        let kept =
            self.kept()?.into_iter().filter(|row| !text(row, "start").starts_with("2024-10"));
        // Rows of projects and of endpoints alike, so that some endpoints explain more than all.
        self.import(&kept.step_by(ONE_IN).collect::<Vec<_>>(), revised)?;
        self.sync(SECOND)?;
        let today = self.kept()?.into_iter().filter(|row| {
            text(row, "account_id") != ACCOUNT && text(row, "start").starts_with("2024-11-20")
        });
        self.import(&today.collect::<Vec<_>>(), second_account)?;
        self.export(SECOND)
    }

    fn sync(&self, now: &str) -> Result<(), Failure> {
        let [flag, since] = RANGE;
        self.run(&["sync", "--demo", "--now", now, flag, since]).map(drop)
    }

    /// The rows of the history, as kept.
    fn kept(&self) -> Result<Vec<Row>, Failure> {
        let text = self.run(&["history", "export", "-f", "ndjson"])?;
        let rows = text.lines().map(serde_json::from_str).collect::<Result<_, _>>();
        rows.map_err(|error| Failure::other(format!("history export: {error}")))
    }

    /// Imports rows as `change` makes them.
    fn import(
        &self,
        rows: &[Row],
        change: impl Fn(&mut Row) -> Option<i64>,
    ) -> Result<(), Failure> {
        let mut text = String::new();
        for row in rows {
            let mut row = row.clone();
            let value = change(&mut row);
            let value =
                value.ok_or_else(|| Failure::other(format!("no value to change: {row:?}")))?;
            row.insert("value".to_owned(), value.into());
            text.push_str(&Value::Object(row).to_string());
            text.push('\n');
        }
        self.write("import.ndjson", &text)?;
        self.run(&["history", "import", "import.ndjson"]).map(drop)
    }

    /// Writes everything that engines read, and asks the program for the same figures.
    fn export(&self, now: &str) -> Result<Expected, Failure> {
        self.run(&["history", "export", "--parquet", "usage"])?;
        self.run(&["history", "export", "-f", "ndjson", "-o", "usage.ndjson"])?;
        self.get(now, "hour,project,endpoint", &["-o", "usage.parquet"])?;
        let totals = |by: &str| {
            let text = self.get(now, by, &["-f", "json"])?;
            let document = serde_json::from_str(&text);
            Figures::of_document(
                &document.map_err(|error| Failure::other(format!("get: {error}")))?,
            )
        };
        Ok(Expected {
            totals: totals("month,project,endpoint")?,
            projects: totals("month,project")?,
            points: self.exported_rows()?,
            kept: self.kept()?.len(),
        })
    }

    /// The number of rows that the manifests of the folder list.
    fn exported_rows(&self) -> Result<usize, Failure> {
        let mut rows = 0;
        for account in [ACCOUNT, DEMO_ACCOUNT] {
            let file = self.folder.join(format!("usage/account_id={account}/_manifest.json"));
            let wrong = |error: String| Failure::other(format!("{}: {error}", file.display()));
            let text = fs::read(&file).map_err(|error| wrong(error.to_string()))?;
            let manifest: Value =
                serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
            let partitions = manifest.get("partitions").and_then(Value::as_array);
            for partition in partitions.into_iter().flatten() {
                let count = partition.get("rows").and_then(Value::as_u64);
                let count = count.and_then(|count| usize::try_from(count).ok());
                rows += count.ok_or_else(|| wrong("a partition without rows".to_owned()))?;
            }
        }
        Ok(rows)
    }

    fn get(&self, now: &str, by: &str, more: &[&str]) -> Result<String, Failure> {
        let [flag, since] = RANGE;
        let question =
            ["get", "--history=history.db", "--quiet", "--now", now, flag, since, "--by", by];
        self.run_in(&question, more)
    }

    /// Runs a command that knows `--history FILE`.
    fn run(&self, arguments: &[&str]) -> Result<String, Failure> {
        self.run_in(arguments, &["--quiet", "--history", "history.db"])
    }

    fn run_in(&self, arguments: &[&str], more: &[&str]) -> Result<String, Failure> {
        let mut command = Command::new(&self.program);
        command.args(arguments).args(more).current_dir(&self.folder).stdin(Stdio::null());
        let shown = format!("ark-usage {}", arguments.join(" "));
        let output = command.stderr(Stdio::inherit()).output();
        let output = output.map_err(|error| Failure::other(format!("{shown}: {error}")))?;
        if !output.status.success() {
            return Err(Failure::other(format!("{shown} failed ({})", output.status)));
        }
        String::from_utf8(output.stdout)
            .map_err(|error| Failure::other(format!("{shown}: {error}")))
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Failure> {
        let path: &Path = &self.folder.join(name);
        fs::write(path, text)
            .map_err(|error| Failure::other(format!("{}: {error}", path.display())))
    }
}

/// The same row of the second account.
fn second_account(row: &mut Row) -> Option<i64> {
    row.insert("account_id".to_owned(), ACCOUNT.into());
    row.get("value")?.as_i64()?.checked_mul(FACTOR)
}

/// The row with a larger value, received between the two syncs.
fn revised(row: &mut Row) -> Option<i64> {
    row.insert("fetched_at".to_owned(), REVISED.into());
    let value = row.get("value")?.as_i64()?;
    value.checked_add(1 + value / 3)
}

fn text<'a>(row: &'a Row, key: &str) -> &'a str {
    row.get(key).and_then(Value::as_str).unwrap_or_default()
}

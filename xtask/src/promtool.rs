//! `cargo xtask promtool`: what `-f openmetrics` and `-f prometheus` write, judged by Prometheus' own tool.
//!
//! Made-up usage is written by day and by hour, with and without prices. `promtool check metrics`
//! lints it, `promtool tsdb create-blocks-from openmetrics` imports it as history, and every sample
//! has to arrive. Files for `node_exporter` are linted only, because their samples have no time. First a text
//! that is broken on purpose shows that both find something.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Output, Stdio};
use std::time::Duration;

use crate::failure::Failure;
use crate::shell::{Cargo, step};
use crate::workspace::Workspace;

/// The questions whose answers are judged.
const QUESTIONS: &[(&str, &[&str])] = &[
    ("days", &["--last", "40d", "--all-projects", "--all-endpoints"]),
    ("hours", &["--last", "72h", "--all-endpoints", "--prices", PRICES]),
    ("scenes", &["--last", "9d", "--scene", "Ordinary", "--scene", "Batch", "--prices", PRICES]),
    ("tags", &["--last", "9d", "--by", "day,tag:team", "--prices", PRICES]),
];

/// The questions whose files are for `node_exporter`'s textfile collector.
const SCRAPES: &[(&str, &[&str])] = &[
    ("three windows", &[]),
    ("windows by endpoint", &["--all-endpoints", "--prices", PRICES]),
    ("windows by tag", &["--by", "tag:team,project"]),
    ("windows of a zone", &["--tz", "America/New_York", "--project", "search"]),
];

/// Made-up prices of the example in the documentation.
const PRICES: &str = "docs/prices.example.toml";

/// The result of a text without its end in promtool: nothing to import, nothing to lint.
const BROKEN: &str = "# TYPE ark_usage_tokens gauge\nark_usage_tokens{metric=\"A} 1 1731600000\n";

const MISSING: &str = "promtool is needed: it comes with Debian's package prometheus";

/// Judges every answer.
pub(crate) fn run() -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    Cargo::new(&workspace.root, &["build", "--package", "ark-usage-cli"])
        .env_path("CARGO_TARGET_DIR", &workspace.target)
        .run()?;
    let places = workspace.target.join("promtool");
    let checker = Checker {
        promtool: promtool(&places)?,
        program: workspace.target.join("debug/ark-usage"),
        root: workspace.root,
        folder: places.join("scratch"),
    };
    step("a broken text is found out", || checker.finds_broken())?;
    for (name, flags) in QUESTIONS {
        step(&format!("{name}: {}", flags.join(" ")), || checker.question(name, flags))?;
    }
    for (name, flags) in SCRAPES {
        step(&format!("{name}: {}", flags.join(" ")), || checker.scrape(name, flags))?;
    }
    step("serve --demo", || checker.served())?;
    step("the rules of docs/alerts.yml", || checker.rules())?;
    Ok(())
}

/// The one that was unpacked under the target folder, else that of the machine.
fn promtool(places: &Path) -> Result<PathBuf, Failure> {
    let unpacked = places.join("usr/bin/promtool");
    let promtool = if unpacked.is_file() { unpacked } else { PathBuf::from("promtool") };
    let version = Command::new(&promtool).arg("--version").stdin(Stdio::null()).output();
    match version {
        Ok(output) if output.status.success() => Ok(promtool),
        _ => Err(Failure::other(MISSING)),
    }
}

struct Checker {
    promtool: PathBuf,
    program: PathBuf,
    root: PathBuf,
    /// Made anew for each import.
    folder: PathBuf,
}

impl Checker {
    fn finds_broken(&self) -> Result<(), Failure> {
        let accepted = |what: &str| Failure::other(format!("promtool {what} takes a broken text"));
        if self.lint(BROKEN)?.status.success() {
            return Err(accepted("check metrics"));
        }
        if self.import(BROKEN)?.status.success() {
            return Err(accepted("tsdb create-blocks-from openmetrics"));
        }
        Ok(())
    }

    fn question(&self, name: &str, flags: &[&str]) -> Result<(), Failure> {
        let text = self.answer("openmetrics", flags)?;
        let samples = self.linted(name, &text)?;
        let imported = self.import(&text)?;
        if !imported.status.success() {
            return Err(refused(name, "tsdb create-blocks-from openmetrics", &imported));
        }
        let arrived = samples_of(&String::from_utf8_lossy(&imported.stdout));
        if arrived != samples {
            return Err(Failure::other(format!("{name}: {arrived} of {samples} samples arrived")));
        }
        Ok(())
    }

    fn scrape(&self, name: &str, flags: &[&str]) -> Result<(), Failure> {
        let text = self.answer("prometheus", flags)?;
        self.linted(name, &text).map(drop)
    }

    /// Lints what a server shows.
    fn served(&self) -> Result<(), Failure> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).map_err(failed)?;
        }
        fs::create_dir_all(&self.folder).map_err(failed)?;
        let mut command = Command::new(&self.program);
        command.args(["serve", "--demo", "--history"]).arg(self.folder.join("history.db"));
        command.args(["--listen", "127.0.0.1:0", "--sync-every", "1h", "--plans", "-q"]);
        let mut server =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(failed)?;
        let page = server.stdout.take().map(page_of).transpose();
        // It runs until it is ended.
        let _ = server.kill();
        let _ = server.wait();
        let page = page.map_err(failed)?.unwrap_or_default();
        self.linted("serve", &page).map(drop)
    }

    /// Checks the alerts, and runs their tests.
    fn rules(&self) -> Result<(), Failure> {
        for words in
            [["check", "rules", "docs/alerts.yml"], ["test", "rules", "docs/alerts.test.yml"]]
        {
            let mut command = Command::new(&self.promtool);
            let output = command.args(words).current_dir(&self.root).stdin(Stdio::null()).output();
            let output = output.map_err(failed)?;
            if !output.status.success() {
                return Err(refused("docs/alerts.yml", &words.join(" "), &output));
            }
        }
        Ok(())
    }

    /// Lints a text, and returns the number of its samples.
    fn linted(&self, name: &str, text: &str) -> Result<usize, Failure> {
        let samples = text.lines().filter(|line| !line.starts_with('#')).count();
        if samples < 10 {
            return Err(Failure::other(format!("{name}: only {samples} samples to judge")));
        }
        let linted = self.lint(text)?;
        if !linted.status.success() || !linted.stderr.is_empty() || !linted.stdout.is_empty() {
            return Err(refused(name, "check metrics", &linted));
        }
        Ok(samples)
    }

    /// The program's output.
    fn answer(&self, format: &str, flags: &[&str]) -> Result<String, Failure> {
        let mut command = Command::new(&self.program);
        command.args(["get", "--demo", "--now", "2024-11-20T04:00:00Z", "-q"]);
        command.args(["-f", format]).args(flags).current_dir(&self.root);
        let output = command.stdin(Stdio::null()).output();
        let output = output.map_err(|error| Failure::other(format!("ark-usage: {error}")))?;
        if !output.status.success() {
            return Err(refused("ark-usage", "get", &output));
        }
        String::from_utf8(output.stdout).map_err(|_| Failure::other("the text is not UTF-8"))
    }

    fn lint(&self, text: &str) -> Result<Output, Failure> {
        let mut command = Command::new(&self.promtool);
        command.args(["check", "metrics"]).stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(failed)?;
        // What it does not want to read, it says at its end.
        let written = child.stdin.take().map(|mut input| input.write_all(text.as_bytes()));
        let output = child.wait_with_output().map_err(failed)?;
        if output.status.success() {
            written.transpose().map_err(failed)?;
        }
        Ok(output)
    }

    fn import(&self, text: &str) -> Result<Output, Failure> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).map_err(failed)?;
        }
        fs::create_dir_all(&self.folder).map_err(failed)?;
        let file = self.folder.join("usage.om");
        fs::write(&file, text).map_err(failed)?;
        let mut command = Command::new(&self.promtool);
        command.args(["tsdb", "create-blocks-from", "openmetrics"]).arg(&file);
        command.arg(self.folder.join("data")).stdin(Stdio::null()).output().map_err(failed)
    }
}

/// The metrics of a server that prints its address, once it has counted a sync.
#[expect(clippy::disallowed_methods, reason = "the server syncs meanwhile")]
fn page_of(stdout: ChildStdout) -> std::io::Result<String> {
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    let address = line.trim_end().trim_start_matches("listening on http://");
    let mut page = String::new();
    for _ in 0..600 {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n")?;
        page.clear();
        stream.read_to_string(&mut page)?;
        if page.contains("ark_usage_sync_runs_total{result=\"complete\"} 1") {
            break;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(page.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
}

/// The number of samples in the blocks of an import: the fifth column of its table.
fn samples_of(table: &str) -> usize {
    let rows = table.lines().filter(|line| line.starts_with("01"));
    rows.filter_map(|row| row.split_whitespace().nth(4)?.parse::<usize>().ok()).sum()
}

fn refused(name: &str, what: &str, output: &Output) -> Failure {
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    let what = format!("{name}: {what} says: {out}{err}");
    Failure::step(what, "cargo xtask promtool")
}

#[expect(clippy::needless_pass_by_value, reason = "what map_err hands over")]
fn failed(error: std::io::Error) -> Failure {
    Failure::other(format!("promtool: {error}; {MISSING}"))
}

//! `cargo xtask remote-write`: what `history push` sends, summed by a real Prometheus and a real `VictoriaMetrics`.
//!
//! Made-up usage is synced in steps and pushed after each: ten days, with pushes that are killed at many
//! instants; older days, which come late; values that the service has revised; and the rest. After each
//! step the sums by project and metric have to be those of `get --history`, and the number of samples
//! that of the program's own lists: nothing twice, nothing left out.

mod engine;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

use self::engine::{ReceiverKind, SampleReceiver, failed, pause};
use crate::failure::Failure;
use crate::shell::{Cargo, say, step};
use crate::workspace::Workspace;

/// The time of every run: noon in Beijing.
const NOW: &str = "2024-11-20T04:00:00Z";
/// The days that are compared, 2024-11-01 to 2024-11-19, and the instant at which they end.
const FIRST: &str = "2024-11-01";
const LAST: &str = "2024-11-19";
const END: i64 = 1_732_032_000;
const SECONDS: i64 = 19 * 86_400;

/// Pushes that are killed, each later than the one before.
const KILLS: u32 = 12;
const LATER: Duration = Duration::from_millis(4);

/// Rows whose values are revised.
const REVISED: usize = 40;

/// Judges both engines; one that is missing is skipped, aloud, unless `--required` is given.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let is_required = match arguments {
        [] => false,
        [flag] if flag == "--required" => true,
        _ => return Err(Failure::usage("remote-write takes --required only")),
    };
    let workspace = Workspace::load()?;
    Cargo::new(&workspace.root, &["build", "--package", "ark-usage-cli"])
        .env_path("CARGO_TARGET_DIR", &workspace.target)
        .run()?;
    for kind in [ReceiverKind::Prometheus, ReceiverKind::VictoriaMetrics] {
        let name = kind.name();
        let Some(program) = kind.program(&workspace.target) else {
            let missing = format!("{name} is needed: it comes with Debian's package {name}");
            if is_required {
                return Err(Failure::other(missing));
            }
            say(&format!("==> SKIPPED: {missing}"));
            continue;
        };
        let folder = workspace.target.join("remote-write").join(name);
        let engine = SampleReceiver::start(kind, &program, &folder)?;
        let program = workspace.target.join("debug/ark-usage");
        Judge { engine, program, folder }.run(name)?;
    }
    Ok(())
}

struct Judge {
    engine: SampleReceiver,
    program: PathBuf,
    folder: PathBuf,
}

impl Judge {
    fn run(&self, name: &str) -> Result<(), Failure> {
        let named = |what: &str| format!("{name}: {what}");
        step(&named("a wrong sum is found out"), || self.finds_wrong())?;
        step(&named("ten days, with pushes that are killed"), || {
            self.sync(&["--start", "2024-11-10", "--end", LAST])?;
            self.pushes_killed()?;
            self.agrees("2024-11-10")
        })?;
        step(&named("older days, which come late"), || {
            self.sync(&["--start", FIRST, "--end", "2024-11-09"])?;
            self.push_until_done()?;
            self.agrees(FIRST)
        })?;
        step(&named("revised values"), || {
            self.revise()?;
            let corrections = self.push_until_done()?.corrections;
            if corrections != REVISED {
                let found = format!("{corrections} corrections of {REVISED} revised values");
                return Err(Failure::other(found));
            }
            self.agrees(FIRST)
        })?;
        step(&named("a second sync, and hours that have settled since"), || {
            self.sync(&["--start", FIRST])?;
            self.push_until_done()?;
            self.agrees(FIRST)
        })
    }

    /// Before anything is sent, sums must differ.
    fn finds_wrong(&self) -> Result<(), Failure> {
        self.sync(&["--start", LAST, "--end", LAST])?;
        match self.agrees(LAST) {
            Ok(()) => Err(Failure::other("an engine without samples has the same sums")),
            Err(_) => Ok(()),
        }
    }

    fn sync(&self, range: &[&str]) -> Result<(), Failure> {
        let mut arguments = vec!["sync", "--demo", "--recheck", "0s"];
        arguments.extend(range);
        self.program(&arguments).map(drop)
    }

    /// Starts pushes and kills them, each later than the one before, and lets the last one end.
    fn pushes_killed(&self) -> Result<(), Failure> {
        let (mut killed, mut in_flight, address) = (0, 0, self.engine.address());
        for number in 0..KILLS {
            let mut command = self.command(&["history", "push", "--remote-write", &address]);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = command.spawn().map_err(failed)?;
            pause(LATER * (number + 1));
            child.kill().map_err(failed)?;
            killed += u32::from(!child.wait().map_err(failed)?.success());
            in_flight += u32::from(self.push(&["--dry-run"])?.again > 0);
        }
        let last = self.push_until_done()?;
        say(&format!(
            "    {killed} killed, {in_flight} with samples in flight; the last push sent {last:?}"
        ));
        if killed == 0 {
            return Err(Failure::other("no push was killed"));
        }
        Ok(())
    }

    /// Pushes, and once more: then nothing may be left.
    fn push_until_done(&self) -> Result<Samples, Failure> {
        let first = self.push(&[])?;
        let second = self.push(&[])?;
        if second != Samples::default() {
            return Err(Failure::other(format!("a second push sent more: {second:?}")));
        }
        Ok(first)
    }

    fn push(&self, more: &[&str]) -> Result<Samples, Failure> {
        let address = self.engine.address();
        let arguments = ["history", "push", "-f", "json", "--remote-write", &address];
        let text = self.program(&[&arguments, more].concat())?;
        let document: Value = serde_json::from_str(&text)
            .map_err(|error| Failure::other(format!("history push: {error}: {text}")))?;
        let count = |key: &str| {
            let count = document.pointer(&format!("/samples/{key}")).and_then(Value::as_u64);
            count.and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX)
        };
        Ok(Samples { new: count("new"), corrections: count("corrections"), again: count("again") })
    }

    /// Changes values of whole projects as a later answer of the service would.
    fn revise(&self) -> Result<(), Failure> {
        let range = ["--start", FIRST, "--end", LAST];
        let mut arguments = vec!["history", "export", "-f", "ndjson"];
        arguments.extend(range);
        let rows = self.program(&arguments)?;
        let mut revised = Vec::new();
        let wholes = rows.lines().filter(|row| row.contains("\"endpoint_id\":null"));
        for row in wholes.step_by(53).take(REVISED) {
            let mut row: Value = serde_json::from_str(row)
                .map_err(|error| Failure::other(format!("a row of export: {error}")))?;
            let value = row.get("value").and_then(Value::as_i64).unwrap_or_default();
            if let Some(place) = row.get_mut("value") {
                *place = Value::from(value / 3);
            }
            if let Some(place) = row.get_mut("fetched_at") {
                *place = Value::from("2024-11-20T12:30:00+08:00");
            }
            revised.push(format!("{row}\n"));
        }
        let file = self.folder.join("revised.ndjson");
        fs::write(&file, revised.concat()).map_err(failed)?;
        self.program(&["history", "import", &file.to_string_lossy()]).map(drop)
    }

    /// Compares sums and numbers of samples with those of the program.
    fn agrees(&self, first: &str) -> Result<(), Failure> {
        self.sums_agree(first, ("project", "project"))?;
        self.sums_agree(first, ("endpoint", "endpoint_id"))?;
        self.counts_agree()
    }

    /// Compares the sums of one metric by one label, and by kind of token.
    fn sums_agree(&self, first: &str, (by, label): (&str, &str)) -> Result<(), Failure> {
        let ours = self.sums(first, (by, label))?;
        let range = format!("[{}s]", SECONDS - 1);
        let metric = format!("ark_usage_{by}_hour{range}");
        let query = format!("sum by ({label}, metric) (sum_over_time({metric}))");
        let theirs = self.engine.query(&query, END)?;
        let same = |(one, other): (&(String, u64), &(String, f64))| {
            one.0 == other.0 && exact(one.1).to_bits() == other.1.to_bits()
        };
        if ours.is_empty() || ours.len() != theirs.len() || !ours.iter().zip(&theirs).all(same) {
            return Err(Failure::other(format!(
                "sums differ:\n  ours {ours:?}\n  theirs {theirs:?}"
            )));
        }
        Ok(())
    }

    /// Every sample that was sent is there, and none twice.
    fn counts_agree(&self) -> Result<(), Failure> {
        let points = self.program(&["history", "export", "-f", "ndjson"])?;
        let settled = points.lines().filter(|row| row.contains("\"state\":\"final\"")).count();
        let all = "{__name__=~\"ark_usage_.+\"";
        let range = format!("[{}s]", 60 * 86_400);
        // Beyond the end of the days that are compared: a morning has settled since.
        let count = |query: &str| -> Result<f64, Failure> {
            let found = self.engine.query(query, END + 86_400)?;
            Ok(found.first().map_or(0.0, |(_, value)| *value))
        };
        let first = count(&format!("sum(count_over_time({all},revision=\"\"}}{range}))"))?;
        let settled = u64::try_from(settled).unwrap_or(u64::MAX);
        if first.to_bits() != exact(settled).to_bits() {
            return Err(Failure::other(format!("{first} samples of {settled} settled values")));
        }
        Ok(())
    }

    /// The sums of the program by one dimension and metric, sorted; usage without the dimension is left out.
    fn sums(&self, first: &str, (by, field): (&str, &str)) -> Result<Vec<(String, u64)>, Failure> {
        let history = format!("--history={}", self.history().display());
        let arguments = ["get", "--demo", &history, "--start", first, "--end", LAST, "--by", by];
        let text = output(
            Command::new(&self.program).args(arguments).args(["-f", "ndjson", "-q", "--now", NOW]),
        )?;
        let sum = |line: &str| {
            let row: Value = serde_json::from_str(line).ok()?;
            let text = |name: &str| row.get(name).and_then(Value::as_str);
            let key = format!("{} {}", text(field)?, text("metric")?);
            Some((key, row.get("value")?.as_u64()?))
        };
        let mut sums: Vec<_> = text.lines().filter_map(sum).collect();
        sums.sort();
        Ok(sums)
    }

    fn history(&self) -> PathBuf {
        self.folder.join("history.db")
    }

    fn program(&self, arguments: &[&str]) -> Result<String, Failure> {
        output(&mut self.command(arguments))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).args(["-q", "--now", NOW, "--history"]).arg(self.history());
        command
    }
}

/// The samples of a push.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Samples {
    new: usize,
    corrections: usize,
    again: usize,
}

/// A whole number as engines hold it; sums of made-up usage stay below 2^53.
#[expect(clippy::cast_precision_loss, reason = "compared to the last bit")]
fn exact(number: u64) -> f64 {
    number as f64
}

fn output(command: &mut Command) -> Result<String, Failure> {
    let Output { status, stdout, stderr } =
        command.stdin(Stdio::null()).output().map_err(failed)?;
    let text = String::from_utf8(stdout).map_err(|_| Failure::other("not UTF-8"))?;
    if status.success() {
        return Ok(text);
    }
    let said = String::from_utf8_lossy(&stderr).into_owned();
    Err(Failure::step(format!("{command:?}: {status}: {said}{text}"), "cargo xtask remote-write"))
}

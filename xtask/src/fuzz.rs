//! `cargo xtask fuzz TARGET --seconds N`: one fuzz target, from the seeds; alone it lists them.

use std::path::Path;

use crate::failure::Failure;
use crate::shell::{Cargo, say};
use crate::workspace::Workspace;

const USAGE: &str = "cargo xtask fuzz TARGET [--seconds N]";
const FOLDER: &str = "tests/fuzz";
const VECTORS: &str = "crates/volc-sign/tests/vectors/official-sdks.jsonl";

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    let folder = workspace.root.join(FOLDER);
    let targets = targets(&folder)?;
    let (target, seconds) = match arguments {
        [] => {
            say(&format!("{USAGE}, where TARGET is one of\n  {}", targets.join("\n  ")));
            return Ok(());
        }
        [target] => (target, "60"),
        [target, flag, seconds] if flag == "--seconds" => (target, seconds.as_str()),
        _ => return Err(Failure::usage(format!("the usage is {USAGE}"))),
    };
    if !targets.contains(target) {
        let known = targets.join(", ");
        return Err(Failure::usage(format!("there is no target `{target}`; there are {known}")));
    }
    let seconds: u32 = seconds
        .parse()
        .map_err(|_| Failure::usage(format!("--seconds `{seconds}` is not a number of seconds")))?;
    let vectors = workspace.root.join(VECTORS).display().to_string();
    let seeds =
        ["run", "--quiet", "--release", "--locked", "--example", "seeds", &vectors, "corpus"];
    Cargo::new(&folder, &seeds).run()?;
    let time = format!("-max_total_time={seconds}");
    Cargo::new(&folder, &["fuzz", "run", "--fuzz-dir", ".", "-s", "none", target, "--", &time])
        .run()
}

fn targets(folder: &Path) -> Result<Vec<String>, Failure> {
    let entries = std::fs::read_dir(folder.join("fuzz_targets"))
        .map_err(|error| Failure::other(format!("{FOLDER}/fuzz_targets: {error}")))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut names: Vec<String> =
        paths.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    Ok(names)
}

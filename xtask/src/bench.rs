//! `cargo xtask bench NAME`: a program of the bench workspace, built for release.

use std::path::Path;

use crate::dist;
use crate::failure::Failure;
use crate::interop;
use crate::shell::{Cargo, say};
use crate::workspace::Workspace;

/// Hands what follows the name on to the program. It runs where it was asked for, so that files it
/// is told to write land there.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    let folder = workspace.root.join("tests/bench");
    let benches = benches(&folder)?;
    let (name, flags) = arguments
        .split_first()
        .filter(|(name, _)| benches.contains(name))
        .ok_or_else(|| Failure::usage(format!("the benches are: {}", benches.join(", "))))?;

    let manifest = folder.join("Cargo.toml");
    let manifest = manifest.to_str().ok_or_else(|| Failure::other("the path here is not UTF-8"))?;
    let cargo = |command: &[&str]| {
        let target = workspace.target.join("bench");
        Cargo::new(Path::new("."), command).env_path("CARGO_TARGET_DIR", &target)
    };
    // Some benches have a second program beside them, such as one that counts allocations.
    cargo(&["build", "--release", "--locked", "--bins", "--manifest-path", manifest]).run()?;
    let places = match name.as_str() {
        "cli" => programs(&workspace)?,
        "doubling" | "history" => {
            vec!["--program".to_owned(), dist::program(&workspace)?.display().to_string()]
        }
        _ => Vec::new(),
    };
    let mut command =
        vec!["run", "--release", "--locked", "--quiet", "--manifest-path", manifest, "--bin", name];
    command.push("--");
    command.extend(places.iter().map(String::as_str));
    command.extend(flags.iter().map(String::as_str));
    cargo(&command).run()
}

/// The paths of the programs that `cli` runs: ours as it is handed out, and the vendor's SDKs as far as they can be had.
fn programs(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let ours = dist::program(workspace)?;
    let mut flags = vec![("--program", Ok(ours)), ("--python", interop::python(workspace))];
    match interop::node() {
        Ok(node) => {
            let modules = interop::node_modules(workspace);
            flags.extend(modules.is_ok().then_some(("--node", Ok(node))));
            flags.push(("--node-modules", modules));
        }
        missing => flags.push(("--node", missing)),
    }
    let mut words = Vec::new();
    for (flag, place) in flags {
        match place {
            Ok(place) => words.extend([flag.to_owned(), place.display().to_string()]),
            Err(failure) => say(&format!("SKIPPED {flag}: {failure}")),
        }
    }
    Ok(words)
}

/// The benches there are: a folder each.
fn benches(folder: &Path) -> Result<Vec<String>, Failure> {
    let unreadable = |error| Failure::other(format!("{}: {error}", folder.display()));
    let mut names = Vec::new();
    for entry in folder.join("src").read_dir().map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.path().join("main.rs").is_file() {
            names.extend(entry.file_name().into_string().ok());
        }
    }
    names.sort();
    Ok(names)
}

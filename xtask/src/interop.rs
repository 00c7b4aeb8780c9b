//! `cargo xtask interop`: the vendor's own Python and Node SDKs against this project.
//!
//! Makes a virtual environment and a `node_modules` under the target folder, in the versions that
//! tests/interop pins, and runs the program `interop` with them.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::places::{done, made, venv};
use crate::shell::Cargo;
use crate::workspace::Workspace;

/// Hands the arguments on to the program `interop`.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    let (python, node) = (python(&workspace)?, node()?);
    let node_modules = node_modules(&workspace)?;
    // As `test` builds everything, so that nothing is built twice.
    let build =
        ["build", "--workspace", "--all-features", "--bin", "ark-usage", "--bin", "interop"];
    Cargo::new(&workspace.root, &build).env_path("CARGO_TARGET_DIR", &workspace.target).run()?;
    let built = workspace.target.join("debug");
    let mut interop = Command::new(built.join("interop"));
    interop.arg(built.join("ark-usage")).arg(python).arg(node).arg(node_modules);
    interop.arg(scripts(&workspace));
    interop.args(arguments);
    done("interop", interop, "to see it again: cargo xtask interop")
}

/// A virtual environment with what requirements.txt pins; gives its Python.
pub(crate) fn python(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let requirements = scripts(workspace).join("requirements.txt");
    venv(&workspace.target.join("interop/python"), &requirements)
}

/// Node itself: what `interop` starts knows no PATH. The current SDK wants one that can `require` a
/// module, which those from 20.19 and 22.12 on can.
pub(crate) fn node() -> Result<PathBuf, Failure> {
    const PATH: &str = "process.features.require_module ? process.execPath : ''";
    let output = Command::new("node").args(["--print", PATH]).stdin(Stdio::null()).output();
    let found = output.ok().filter(|output| output.status.success());
    let path = found.map(|output| String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    match path {
        Some(path) if !path.is_empty() => Ok(path.into()),
        Some(_) => Err(Failure::other(format!("this node is too old; {NODE}"))),
        None => Err(Failure::other(format!("node could not be started; {NODE}"))),
    }
}

const NODE: &str = "node (from 20.19 or 22.12 on) and npm are needed, and the packages of \
                    tests/interop/package-lock.json: apt-get install nodejs npm";

/// Installs what package-lock.json pins; returns the `node_modules`.
pub(crate) fn node_modules(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let (scripts, place) = (scripts(workspace), &workspace.target.join("interop/node"));
    let files = ["package.json", "package-lock.json", ".npmrc"].map(|name| scripts.join(name));
    let sources = files.each_ref().map(PathBuf::as_path);
    made(place, &sources, || {
        for (source, name) in files.iter().zip(["package.json", "package-lock.json", ".npmrc"]) {
            fs::copy(source, place.join(name)).map_err(|error| {
                Failure::other(format!("{} cannot be copied: {error}", source.display()))
            })?;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--silent"]).current_dir(place);
        done("npm ci", npm, NODE)
    })?;
    Ok(place.join("node_modules"))
}

/// The folder of the pinned versions and the clients.
fn scripts(workspace: &Workspace) -> PathBuf {
    workspace.root.join("tests/interop")
}

//! `cargo xtask interop`: the vendor's own Python and Node SDKs against this project.
//!
//! Makes a virtual environment and a `node_modules` under the target folder, in the versions that
//! tests/interop pins, and runs the program `interop` with them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::shell::{Cargo, step};
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
    done("interop", interop, "see what it says above")
}

/// A virtual environment with what requirements.txt pins; gives its Python.
pub(crate) fn python(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let requirements = scripts(workspace).join("requirements.txt");
    let place = &workspace.target.join("interop/python");
    let python = place.join("bin/python");
    made(place, &[&requirements], || {
        let missing = "python3 with venv and pip is needed: apt-get install python3 python3-venv";
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv", "--clear"]).arg(place);
        done("python3 -m venv", venv, missing)?;
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
        pip.arg("--requirement").arg(&requirements);
        done("pip install", pip, "the packages of tests/interop/requirements.txt cannot be had")
    })?;
    Ok(python)
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

/// Makes a place anew unless it was made from these very files.
fn made(
    place: &Path,
    sources: &[&Path],
    make: impl FnOnce() -> Result<(), Failure>,
) -> Result<(), Failure> {
    let cannot = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| Failure::other(format!("{path}: {error}"))
    };
    let mut wanted = String::new();
    for source in sources {
        wanted.push_str(&fs::read_to_string(source).map_err(cannot(source))?);
    }
    let stamp = place.with_extension("made-from");
    if place.is_dir() && fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    // First of all: a place half made must not pass for one that was made.
    if stamp.exists() {
        fs::remove_file(&stamp).map_err(cannot(&stamp))?;
    }
    if place.exists() {
        fs::remove_dir_all(place).map_err(cannot(place))?;
    }
    fs::create_dir_all(place).map_err(cannot(place))?;
    make()?;
    fs::write(&stamp, wanted).map_err(cannot(&stamp))
}

/// Runs one program of others as a step.
fn done(name: &str, mut command: Command, hint: &str) -> Result<(), Failure> {
    step(name, || {
        let status = command.stdin(Stdio::null()).status();
        let status = status.map_err(|error| {
            Failure::other(format!("{name} could not be started: {error}; {hint}"))
        })?;
        if status.success() {
            return Ok(());
        }
        Err(Failure::step(format!("{name} failed ({status}); {hint}"), "cargo xtask interop"))
    })
}

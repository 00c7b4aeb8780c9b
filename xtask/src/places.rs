//! Places under the target folder where packages of others are installed: made once, and anew when
//! the versions that are pinned for them change.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::shell::step;

/// A virtual environment at `place` with what `requirements` pins; gives its Python.
pub(crate) fn venv(place: &Path, requirements: &Path) -> Result<PathBuf, Failure> {
    let python = place.join("bin/python");
    made(place, &[requirements], || {
        let missing = "python3 with venv and pip is needed: apt-get install python3 python3-venv";
        let mut venv = Command::new("python3");
        venv.args(["-m", "venv", "--clear"]).arg(place);
        done("python3 -m venv", venv, missing)?;
        let mut pip = Command::new(&python);
        // Each package is fetched once, so a cache would only be a second copy of it.
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
        pip.arg("--no-cache-dir").arg("--requirement").arg(requirements);
        let unavailable = format!("the packages of {} cannot be had", requirements.display());
        done("pip install", pip, &unavailable)
    })?;
    Ok(python)
}

/// Makes a place anew unless it was made from these very files.
pub(crate) fn made(
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
pub(crate) fn done(name: &str, mut command: Command, hint: &str) -> Result<(), Failure> {
    step(name, || {
        let status = command.stdin(Stdio::null()).status();
        let status = status.map_err(|error| {
            Failure::other(format!("{name} could not be started: {error}; {hint}"))
        })?;
        if status.success() {
            return Ok(());
        }
        Err(Failure::other(format!("{name} failed ({status}); {hint}")))
    })
}

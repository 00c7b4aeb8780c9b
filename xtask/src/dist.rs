//! `cargo xtask dist`: the release archive, with completions, manual pages and documents.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::shell::{Cargo, say, step};
use crate::workspace::Workspace;

/// The goal for the program's length, in bytes; docs/benchmarks.md keeps the figures.
const GOAL: u64 = 7 * 1024 * 1024 + 512 * 1024;

/// Documents that go along, beside the folder `docs`.
const DOCUMENTS: [&str; 5] =
    ["README.md", "README.zh-CN.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"];

/// Shells, and what their completions are called.
const SHELLS: [(&str, &str); 4] = [
    ("bash", "ark-usage.bash"),
    ("zsh", "_ark-usage"),
    ("fish", "ark-usage.fish"),
    ("powershell", "_ark-usage.ps1"),
];

/// Builds the program and packs it into `target/dist`.
pub(crate) fn run() -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    let program = program(&workspace)?;
    let size = length(&program)?;

    let version = version(&program)?;
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    let name = format!("ark-usage-{version}-{machine}-{system}");
    let dist = workspace.target.join("dist");
    let folder = dist.join(&name);
    // Of an earlier run.
    let _ = fs::remove_dir_all(&folder);
    step("completions, manual pages and documents", || {
        copy(&program, &folder.join(program.file_name().unwrap_or_default()))?;
        for document in DOCUMENTS {
            copy(&workspace.root.join(document), &folder.join(document))?;
        }
        copy_folder(&workspace.root.join("docs"), &folder.join("docs"))?;
        completions(&program, &folder.join("completions"))?;
        manual(&program, &folder.join("man"))
    })?;
    let archive = pack(&dist, &name)?;
    let judged = if size > GOAL { "more than" } else { "within" };
    let (size, goal) = (mebibytes(size), mebibytes(GOAL));
    say(&format!("    program: {size:.2} MiB, {judged} the goal of {goal:.1} MiB"));
    let size = length(&archive)?;
    say(&format!("    {}: {size} bytes ({:.2} MiB)", archive.display(), mebibytes(size)));
    Ok(())
}

/// Builds the program as it is handed out, and says where it is.
pub(crate) fn program(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let build = ["build", "--profile", "dist", "--locked", "--package", "ark-usage-cli"];
    Cargo::new(&workspace.root, &build).env_path("CARGO_TARGET_DIR", &workspace.target).run()?;
    let file = format!("ark-usage{}", std::env::consts::EXE_SUFFIX);
    Ok(workspace.target.join("dist").join(file))
}

fn version(program: &Path) -> Result<String, Failure> {
    let said = said_by(program, &["--version"])?;
    let said = String::from_utf8_lossy(&said);
    let version = said.trim().strip_prefix("ark-usage ").map(str::to_owned);
    version.ok_or_else(|| Failure::other(format!("this is no version: {said}")))
}

fn completions(program: &Path, folder: &Path) -> Result<(), Failure> {
    for (shell, file) in SHELLS {
        let script = said_by(program, &["completions", shell])?;
        write(&folder.join(file), &script)?;
    }
    parses("bash", &folder.join("ark-usage.bash"))?;
    parses("zsh", &folder.join("_ark-usage"))?;
    parses("fish", &folder.join("ark-usage.fish"))
}

/// Lets a shell read its script, where there is such a shell.
fn parses(shell: &str, script: &Path) -> Result<(), Failure> {
    let reads = Command::new(shell).arg("-n").arg(script).stdin(Stdio::null()).status();
    match reads {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::other(format!("{shell} does not read {}", script.display()))),
        Err(_) => {
            say(&format!("    there is no {shell} here to read its completions"));
            Ok(())
        }
    }
}

fn manual(program: &Path, folder: &Path) -> Result<(), Failure> {
    for (lang, place) in [("en", folder.join("man1")), ("zh", folder.join("zh_CN/man1"))] {
        fs::create_dir_all(&place).map_err(|error| unwritable(&place, &error))?;
        let place = place.to_string_lossy();
        said_by(program, &["man", "--quiet", "--lang", lang, "--dir", &place])?;
    }
    Ok(())
}

/// The program's output; it is told nothing of this machine.
fn said_by(program: &Path, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    let shown = format!("{} {}", program.display(), arguments.join(" "));
    let output = Command::new(program).args(arguments).env_clear().stdin(Stdio::null()).output();
    let output = output.map_err(|error| Failure::step(error.to_string(), &shown))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Failure::step(said, shown));
    }
    Ok(output.stdout)
}

/// The system's own tar: one is everywhere, and no two archives of it need be the same bytes.
fn pack(dist: &Path, name: &str) -> Result<PathBuf, Failure> {
    let archive = dist.join(format!("{name}.tar.gz"));
    let shown = format!("tar -czf {} -C {} {name}", archive.display(), dist.display());
    step(&shown, || {
        let mut tar = Command::new("tar");
        tar.arg("-czf").arg(&archive).arg("-C").arg(dist).arg(name);
        match tar.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(Failure::step(format!("tar failed ({status})"), &shown)),
            Err(error) => Err(Failure::step(format!("tar could not be started: {error}"), &shown)),
        }
    })?;
    Ok(archive)
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    fs::copy(from, to).map_err(|error| unwritable(to, &error))?;
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    let unreadable = |error| Failure::other(format!("{} cannot be read: {error}", from.display()));
    for entry in fs::read_dir(from).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() { copy_folder(&path, &target) } else { copy(&path, &target) }?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    fs::write(path, bytes).map_err(|error| unwritable(path, &error))
}

fn length(path: &Path) -> Result<u64, Failure> {
    let found = fs::metadata(path).map(|about| about.len());
    found.map_err(|error| Failure::other(format!("{}: {error}", path.display())))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::other(format!("{} cannot be written: {error}", path.display()))
}

#[expect(clippy::cast_precision_loss, reason = "shown with two decimals")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}

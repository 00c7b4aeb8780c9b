//! The content of published packages: each holds what it must and nothing else.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::shell::{Cargo, cargo_home, step};
use crate::workspace::Workspace;

/// Files that every package must have.
const NEEDED: [&str; 4] = ["Cargo.toml", "README.md", "LICENSE-APACHE", "LICENSE-MIT"];
/// Files that cargo adds to a package.
const MADE_BY_CARGO: [&str; 3] = [".cargo_vcs_info.json", "Cargo.lock", "Cargo.toml.orig"];
/// Folders that belong into a package.
const FOLDERS: [&str; 5] = ["benches/", "docs/", "examples/", "src/", "tests/"];
/// Endings of files that editors and tools leave behind.
const DEBRIS: [&str; 4] = ["~", ".bak", ".orig", ".profraw"];

/// `cargo xtask package`: packs them, and builds each from what was packed, as whoever downloads it
/// will. Packages that name each other are found in one another's packed form, too.
pub(crate) fn build() -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    check(&workspace)?;
    let target = workspace.target.join("packaged");
    forget_earlier(&workspace, &target);
    let mut arguments = vec!["package", "--quiet", "--allow-dirty", "--locked"];
    for package in workspace.publishable() {
        arguments.extend(["--package", &package.name]);
    }
    Cargo::new(&workspace.root, &arguments).env_path("CARGO_TARGET_DIR", &target).run()
}

/// Takes away what cargo unpacked and built of an earlier packing: the version is the same, and it
/// would be taken again. Such sources stand in folders whose names have a hash and no host.
fn forget_earlier(workspace: &Workspace, target: &Path) {
    // Where something cannot be taken away, building says so.
    let _ = std::fs::remove_dir_all(target);
    let sources = cargo_home().map(|home| home.join("registry/src"));
    let folders = sources.iter().flat_map(|sources| entries(sources));
    for source in
        folders.filter(|folder| file_name(folder).starts_with('-')).flat_map(|f| entries(&f))
    {
        let name = file_name(&source);
        let ours = workspace.publishable().any(|package| {
            let version = name.strip_prefix(&package.name).and_then(|rest| rest.strip_prefix('-'));
            version.is_some_and(|version| version.starts_with(|digit: char| digit.is_ascii_digit()))
        });
        if ours {
            let _ = std::fs::remove_dir_all(&source);
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Looks at what each publishable package would hold.
pub(crate) fn check(workspace: &Workspace) -> Result<(), Failure> {
    for package in workspace.publishable() {
        let arguments = ["package", "--allow-dirty", "--list", "--package", &package.name];
        let again = format!("cargo {}", arguments.join(" "));
        step(&again, || {
            let listed = Cargo::new(&workspace.root, &arguments).output()?;
            let complaints = complaints(&listed);
            if complaints.is_empty() {
                Ok(())
            } else {
                Err(Failure::step(format!("{}: {}", package.name, complaints.join("; ")), &again))
            }
        })?;
    }
    Ok(())
}

fn complaints(listed: &str) -> Vec<String> {
    let files: Vec<&str> = listed.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let missing = NEEDED.iter().filter(|needed| !files.contains(needed));
    let stray = files.iter().filter(|file| !belongs(file));
    missing
        .map(|name| format!("{name} is missing"))
        .chain(stray.map(|name| format!("{name} does not belong into a package")))
        .collect()
}

/// The build script of the program, and the script of the linker that it passes on.
const BUILD: [&str; 2] = ["build.rs", "dist.ld"];

fn belongs(file: &str) -> bool {
    let file = file.replace('\\', "/");
    let debris = DEBRIS.iter().any(|ending| file.ends_with(ending));
    NEEDED.contains(&file.as_str())
        || BUILD.contains(&file.as_str())
        || MADE_BY_CARGO.contains(&file.as_str())
        || (FOLDERS.iter().any(|folder| file.starts_with(folder)) && !debris)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_package_is_accepted() {
        let listed = "Cargo.lock\nCargo.toml\nCargo.toml.orig\nLICENSE-APACHE\nLICENSE-MIT\n\
                      README.md\nsrc/lib.rs\ntests/vectors/a.jsonl\n";
        assert!(complaints(listed).is_empty());
    }

    #[test]
    fn strays_and_gaps_are_named() {
        let listed = "Cargo.toml\nLICENSE-MIT\nREADME.md\nnotes.txt\nsrc/lib.rs.orig\n";
        assert_eq!(
            complaints(listed),
            [
                "LICENSE-APACHE is missing",
                "notes.txt does not belong into a package",
                "src/lib.rs.orig does not belong into a package",
            ]
        );
    }
}

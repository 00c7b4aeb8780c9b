//! `cargo xtask deny`: cargo-deny judges what comes in from outside, by `deny.toml`.
//!
//! `workspace-tests` holds licences, bans and sources by the same file without it; cargo-deny looks at
//! the licences' own texts, too, and knows advisories.

use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::shell::{Cargo, cargo_home, say, variable};
use crate::workspace::Workspace;

pub(crate) fn run() -> Result<(), Failure> {
    if !is_installed() {
        say("    skipped: cargo-deny is not installed; cargo install --locked cargo-deny");
        return Ok(());
    }
    let workspace = Workspace::load()?;
    let check = ["deny", "--locked", "check", "bans", "licenses", "sources"];
    Cargo::new(&workspace.root, &check).run()?;
    if !has_advisories() {
        say("    skipped: advisories, whose database is not at hand; cargo deny fetch");
        return Ok(());
    }
    let check = ["deny", "--locked", "check", "--disable-fetch", "advisories"];
    Cargo::new(&workspace.root, &check).run()
}

fn is_installed() -> bool {
    let cargo = variable("CARGO").unwrap_or_else(|| "cargo".into());
    let asked = Command::new(cargo)
        .args(["deny", "--version"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    asked.is_ok_and(|status| status.success())
}

/// Has the database of advisories been fetched before?
fn has_advisories() -> bool {
    let folder = cargo_home().map(|home| home.join("advisory-dbs"));
    let entries = folder.and_then(|folder| std::fs::read_dir(folder).ok());
    entries.is_some_and(|entries| entries.flatten().any(|entry| entry.path().is_dir()))
}

//! `cargo xtask test`: every test there is.

use crate::failure::Failure;
use crate::shell::{Cargo, say};
use crate::workspace::Workspace;

pub(crate) fn run() -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    Cargo::new(&workspace.root, &["test", "--workspace", "--all-features"]).run()?;
    consumer(&workspace)
}

/// What somebody outside the workspace gets: own manifest, own lockfile, own build.
fn consumer(workspace: &Workspace) -> Result<(), Failure> {
    let manifest = "tests/consumer/Cargo.toml";
    if !workspace.root.join(manifest).is_file() {
        say(&format!("    skipped: there is no {manifest}"));
        return Ok(());
    }
    let target = workspace.target.join("consumer");
    let target = target.to_str().ok_or_else(|| Failure::other("the target folder is not UTF-8"))?;
    Cargo::new(
        &workspace.root,
        &["test", "--workspace", "--locked", "--manifest-path", manifest, "--target-dir", target],
    )
    .run()
}

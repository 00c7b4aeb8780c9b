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
    let Some(consumer) = workspace.consumer()? else {
        say("    skipped: there is no tests/consumer");
        return Ok(());
    };
    Cargo::new(&consumer.root, &["test", "--workspace", "--locked"])
        .env_path("CARGO_TARGET_DIR", &consumer.target)
        .run()
}

//! `cargo xtask test`: every test there is.

use crate::failure::Failure;
use crate::shell::{Cargo, say};
use crate::workspace::Workspace;

/// Names the program that the cases run; `tests/src/program.rs` reads it.
const PROGRAM: &str = "ARK_USAGE_PROGRAM";

pub(crate) fn run() -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    // Built by itself, the program would need half of what it stands on again, with other features.
    // `cargo xtask features` runs the cases with the program as a user builds it.
    let everything = ["build", "--workspace", "--all-features", "--bins", "--tests"];
    cargo(&workspace, &everything).run()?;
    let program = format!("debug/ark-usage{}", std::env::consts::EXE_SUFFIX);
    cargo(&workspace, &["test", "--workspace", "--all-features"])
        .env_path(PROGRAM, &workspace.target.join(program))
        .run()?;
    consumer(&workspace)
}

fn cargo(workspace: &Workspace, arguments: &[&str]) -> Cargo {
    Cargo::new(&workspace.root, arguments).env_path("CARGO_TARGET_DIR", &workspace.target)
}

/// The view from outside the workspace: own manifests and own features. What both workspaces need
/// with the same features is built once.
fn consumer(workspace: &Workspace) -> Result<(), Failure> {
    let Some(consumer) = workspace.consumer()? else {
        say("    skipped: there is no tests/consumer");
        return Ok(());
    };
    Cargo::new(&consumer.root, &["test", "--workspace", "--locked"])
        .env_path("CARGO_TARGET_DIR", &consumer.target)
        .run()
}

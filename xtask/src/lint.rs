//! `cargo xtask lint`: everything that can be said about the code without running it.

use crate::failure::Failure;
use crate::packages;
use crate::shell::Cargo;
use crate::workspace::Workspace;

pub(crate) fn run() -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    let root = &workspace.root;
    Cargo::new(root, &["fmt", "--all", "--check"]).run()?;
    if let Some(consumer) = workspace.consumer()? {
        Cargo::new(&consumer.root, &["fmt", "--all", "--check"]).run()?;
    }
    Cargo::new(
        root,
        &["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"],
    )
    .run()?;
    benches(&workspace)?;
    Cargo::new(root, &["doc", "--workspace", "--no-deps", "--all-features"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()?;
    packages::check(&workspace)?;
    Cargo::new(root, &["test", "--package", "workspace-tests", "--test", "workspace", "tidy::"])
        .run()
}

/// The benches are a workspace of their own, because of their peers; nothing else compiles them
/// before somebody measures.
fn benches(workspace: &Workspace) -> Result<(), Failure> {
    let folder = workspace.root.join("tests/bench");
    Cargo::new(&folder, &["fmt", "--check"]).run()?;
    Cargo::new(&folder, &["clippy", "--locked", "--bins", "--", "-D", "warnings"])
        .env_path("CARGO_TARGET_DIR", &workspace.target.join("bench"))
        .run()
}

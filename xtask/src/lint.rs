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
    Cargo::new(root, &["doc", "--workspace", "--no-deps", "--all-features"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()?;
    packages::check(&workspace)?;
    Cargo::new(root, &["test", "--package", "workspace-tests", "--test", "tidy"]).run()
}

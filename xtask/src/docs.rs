//! `cargo xtask docs`: documents show what the program prints now.

use crate::failure::Failure;
use crate::shell::Cargo;
use crate::workspace::Workspace;

/// Rewrites the transcripts of all documents in place.
pub(crate) fn run() -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    let arguments = ["test", "--package", "workspace-tests", "--test", "documents", "transcripts"];
    Cargo::new(&workspace.root, &arguments).env("UPDATE_DOCS", "1").run()
}

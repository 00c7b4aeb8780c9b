//! `cargo xtask docs`: documents show what the program prints now.

use crate::failure::Failure;
use crate::shell::Cargo;
use crate::workspace::Workspace;

/// Rewrites the transcripts of all documents in place, draws their pictures again and
/// counts the packages of each crate.
pub(crate) fn run() -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    let tests = ["--test", "workspace"];
    let those_that_write = ["--", "show_what_happens", "each_crate_weighs"];
    let arguments = [&["test", "--package", "workspace-tests"], &tests[..], &those_that_write];
    Cargo::new(&workspace.root, &arguments.concat()).env("UPDATE_DOCS", "1").run()
}

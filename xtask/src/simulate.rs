//! `cargo xtask simulate`: the query machine against the emulator, in virtual time.

use crate::failure::Failure;
use crate::shell::Cargo;
use crate::workspace::Workspace;

/// Hands the arguments on to the program `simulate`.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    let mut command = vec!["run", "--quiet", "--package", "simulation", "--bin", "simulate", "--"];
    command.extend(arguments.iter().map(String::as_str));
    Cargo::new(&workspace.root, &command).run()
}

//! The program as a user runs it: every file under `tests/cases` is a test.
//!
//! `cargo test -p workspace-tests --test cli get/` runs those whose name contains `get/`;
//! `UPDATE_CASES=1` writes what happened into the files.

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use workspace_tests::case::{Case, files};
use workspace_tests::workspace::root;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    #[expect(clippy::disallowed_methods, reason = "a switch for the developer")]
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let folder = root().join("tests/cases");
    let trials = files(&folder).into_iter().map(|file| trial(&folder, &file, update)).collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(folder: &Path, file: &Path, update: bool) -> Trial {
    let name = file.strip_prefix(folder).unwrap_or(file).with_extension("");
    let name = name.to_string_lossy().replace('\\', "/");
    let file = file.to_owned();
    Trial::test(name, move || Ok(Case::read(&file)?.check(update)?))
}

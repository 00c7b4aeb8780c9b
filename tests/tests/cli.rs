//! The program as a user runs it: every file under `tests/cases` is a test.
//!
//! `cargo test -p workspace-tests --test cli get/` runs those whose name contains `get/`;
//! `UPDATE_CASES=1` writes what happened into the files.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use workspace_tests::case::{Case, files};
use workspace_tests::faults::words_by_case;
use workspace_tests::workspace::root;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    #[expect(clippy::disallowed_methods, reason = "a switch for the developer")]
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let folder = root().join("tests/cases");
    let mut words = words_by_case(&root());
    let trials = files(&folder).into_iter().map(|file| {
        let name = file.strip_prefix(&folder).unwrap_or(&file).with_extension("");
        let name = name.to_string_lossy().replace('\\', "/");
        let words = words.remove(&name).unwrap_or_default();
        Trial::test(name, move || Ok(Case::read(&file)?.check_with(update, &words)?))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

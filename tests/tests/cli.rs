//! The program as a user runs it: every file under `tests/cases` is a test.
//!
//! `cargo test -p workspace-tests --test cli get/` runs those whose name contains `get/`;
//! `UPDATE_CASES=1` writes what happened into the files.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use workspace_tests::case::{Case, files};
use workspace_tests::faults::rows;
use workspace_tests::workspace::root;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    #[expect(clippy::disallowed_methods, reason = "a switch for the developer")]
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let folder = root().join("tests/cases");
    let mut words = words_of_faults();
    let trials = files(&folder).into_iter().map(|file| {
        let name = file.strip_prefix(&folder).unwrap_or(&file).with_extension("");
        let name = name.to_string_lossy().replace('\\', "/");
        let words = words.remove(&name).unwrap_or_default();
        Trial::test(name, move || Ok(Case::read(&file)?.check_with(update, &words)?))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// What the table of faults says is seen, by the name of the case.
fn words_of_faults() -> BTreeMap<String, Vec<String>> {
    let document = std::fs::read_to_string(root().join("docs/faults.md"));
    let rows = rows(&document.expect("the table of faults is there"));
    rows.into_iter().map(|row| (format!("faults/{}", row.case), row.words())).collect()
}

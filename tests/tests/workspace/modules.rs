//! Inside a crate, modules have an order, and the program is the smaller part of all code.

use std::path::PathBuf;

use workspace_tests::code::sources;
use workspace_tests::modules::{ORDER_OF_THE_PROGRAM, circles, imports, upward};
use workspace_tests::sources::rust_files;
use workspace_tests::workspace::root;

/// The largest share of source lines that the program may have, in percent.
const SHARE_OF_THE_PROGRAM: usize = 30;

fn crates() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join("crates")).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

#[test]
fn no_modules_import_each_other_in_a_circle() {
    let mut wrong = Vec::new();
    for folder in crates() {
        let circles = circles(&imports(&sources(&folder.join("src"))));
        wrong.extend(circles.iter().map(|circle| format!("{}: {circle:?}", folder.display())));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_program_is_the_smaller_part_of_the_code() {
    let lines = |folder: &PathBuf| -> usize {
        let files = rust_files(&folder.join("src")).into_iter();
        files.map(|file| std::fs::read_to_string(file).unwrap().lines().count()).sum()
    };
    let all: usize = crates().iter().map(lines).sum();
    let program = lines(&root().join("crates/ark-usage-cli"));
    assert!(
        program * 100 <= all * SHARE_OF_THE_PROGRAM,
        "ark-usage-cli has {program} of {all} lines, more than {SHARE_OF_THE_PROGRAM} %"
    );
}

#[test]
fn modules_of_the_program_import_only_those_below_them() {
    let imports = imports(&sources(&root().join("crates/ark-usage-cli/src")));
    let found = upward(&imports, ORDER_OF_THE_PROGRAM);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

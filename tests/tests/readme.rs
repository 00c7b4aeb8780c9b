//! The transcripts in the documents are true: they are run again.
#![expect(
    clippy::unwrap_used,
    reason = "a helper outside the tests themselves; a panic fails the test"
)]

use workspace_tests::transcript::{difference, entries, replay, rewrite};
use workspace_tests::workspace::root;

#[test]
fn the_english_readme_shows_what_happens() {
    check("README.md");
}

#[test]
fn the_chinese_readme_shows_what_happens() {
    check("README.zh-CN.md");
}

#[test]
fn the_ten_tasks_work() {
    check("docs/tasks.md");
}

#[test]
fn the_ten_tasks_work_in_chinese() {
    check("docs/tasks.zh-CN.md");
}

/// `UPDATE_CASES=1` writes what happened into the document instead.
fn check(name: &str) {
    let path = root().join(name);
    let document = std::fs::read_to_string(&path).unwrap();
    let written = entries(&document);
    assert!(!written.is_empty(), "{name} shows no transcript");
    let now: Vec<_> = written.iter().map(replay).collect();
    #[expect(clippy::disallowed_methods, reason = "a switch for the developer")]
    if std::env::var_os("UPDATE_CASES").is_some() {
        std::fs::write(&path, rewrite(&document, &now)).unwrap();
        return;
    }
    let found: Vec<String> =
        written.iter().zip(&now).filter_map(|(written, now)| difference(written, now)).collect();
    assert!(found.is_empty(), "{name}\n{}", found.join("\n"));
}

//! The documents are true: their transcripts are run again.
//!
//! `UPDATE_DOCS=1` (`cargo xtask docs`) writes what the program prints into the documents instead.

use workspace_tests::tidy::{File, files};
use workspace_tests::transcript::{Entry, Language, blocks, difference, replay, rewrite};
use workspace_tests::workspace::root;

#[test]
fn transcripts_in_english_show_what_happens() {
    check_transcripts(Language::English);
}

#[test]
fn transcripts_in_chinese_show_what_happens() {
    check_transcripts(Language::Chinese);
}

fn check_transcripts(language: Language) {
    let files = files(&root());
    let documents = files.iter().filter(|file| file.has_extension("md"));
    let documents = documents.filter(|file| Language::of(&file.path) == language);
    let mut found = Vec::new();
    let mut entries = 0;
    for document in documents {
        let written = blocks(&document.text);
        let now: Vec<Vec<Entry>> = written.iter().map(|block| replay(block, language)).collect();
        entries += written.iter().flatten().count();
        if updating() {
            keep(document, &rewrite(&document.text, &now));
            continue;
        }
        let pairs = written.iter().flatten().zip(now.iter().flatten());
        let differences = pairs.filter_map(|(written, now)| difference(written, now));
        found.extend(differences.map(|difference| format!("{}\n{difference}", document.path)));
    }
    assert!(entries > 10, "only {entries} commands were found");
    assert!(found.is_empty(), "`cargo xtask docs` accepts these:\n{}", found.join("\n"));
}

/// Whether documents are to be rewritten.
fn updating() -> bool {
    #[expect(clippy::disallowed_methods, reason = "a switch for the developer")]
    let set = |name| std::env::var_os(name).is_some();
    set("UPDATE_DOCS") || set("UPDATE_CASES")
}

fn keep(document: &File, text: &str) {
    if text != document.text {
        std::fs::write(root().join(&document.path), text).unwrap();
    }
}

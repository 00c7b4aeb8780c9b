//! Rules for every file of the project and every crate.

use workspace_tests::documents::{dead_links, invariants, misquotations, test_exists};
use workspace_tests::languages;
use workspace_tests::tidy::{complaints, files, stale_exceptions};
use workspace_tests::workspace::{metadata, root};

#[test]
fn every_file_is_tidy() {
    let files = files(&root());
    assert!(files.len() > 50, "only {} files were found", files.len());
    let mut found: Vec<String> = files.iter().flat_map(complaints).collect();
    found.extend(stale_exceptions(&files));
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_crate_introduces_itself_and_brings_the_licences() {
    let mut crates = 0;
    for entry in std::fs::read_dir(root().join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
        assert!(readme.lines().count() >= 5, "{}: README.md says too little", folder.display());
        assert!(readme.contains("MIT OR Apache-2.0"), "{}: licence line", folder.display());
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let (own, shared) = (folder.join(licence), root().join(licence));
            let read = |path| std::fs::read_to_string(path).unwrap_or_default();
            assert!(!read(shared.clone()).is_empty(), "{licence} is missing");
            assert!(read(own.clone()) == read(shared), "{} differs", own.display());
        }
        crates += 1;
    }
    assert!(crates >= 9);
}

#[test]
fn every_warning_of_the_model_is_translated() {
    let source = root().join("crates/ark-usage-cli/src/lang/warnings.rs");
    let chinese = std::fs::read_to_string(source).unwrap();
    let model = root().join("crates/ark-usage-model/src");
    let nothing = languages::untranslated_warnings(&model, "");
    assert!(nothing.len() >= 8, "only {nothing:?} were found");
    let missing = languages::untranslated_warnings(&model, &chinese);
    assert!(missing.is_empty(), "lang/warnings.rs has no Chinese for {missing:?}");
}

#[test]
fn chinese_texts_are_chinese() {
    let crates = ["ark-usage-cli", "ark-usage-report", "ark-usage-render"];
    let sources = crates.map(|name| root().join("crates").join(name).join("src"));
    let count: usize = sources.iter().map(|source| languages::count(source)).sum();
    assert!(count > 400, "only {count} texts were found");
    let found: Vec<String> = sources.iter().flat_map(|it| languages::untranslated(it)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_package_is_described() {
    for package in metadata()["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        assert!(package["description"].is_string(), "{name} has no description");
        assert_eq!(package["license"], "MIT OR Apache-2.0", "{name}");
        if package["publish"].is_null() {
            assert!(package["keywords"].as_array().is_some_and(|k| !k.is_empty()), "{name}");
            assert!(package["repository"].is_string(), "{name}");
        }
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    let files = files(&root());
    let documents = files.iter().filter(|file| file.has_extension("md"));
    let dead: Vec<String> = documents.flat_map(|document| dead_links(&root(), document)).collect();
    assert!(dead.is_empty(), "\n{}", dead.join("\n"));
}

#[test]
fn quoted_code_is_what_is_compiled() {
    let files = files(&root());
    let documents = files.iter().filter(|file| file.has_extension("md"));
    let wrong: Vec<String> = documents.flat_map(|file| misquotations(&root(), file)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_invariant_names_a_test_that_exists() {
    let files = files(&root());
    let document = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let invariants = invariants(&document);
    assert!(invariants.len() >= 10, "only {} invariants were found", invariants.len());
    for (invariant, number) in invariants.iter().zip(1..) {
        assert_eq!(invariant.number, number, "the invariants are numbered in order");
        let tests = invariant.held_by();
        assert!(!tests.is_empty(), "no test holds this:\n{}", invariant.text);
        for name in tests {
            assert!(test_exists(name, &files), "invariant {number}: there is no test {name}");
        }
    }
}

//! Every error of a library has its Chinese, found by its variant and never by its English.

use std::collections::{BTreeMap, BTreeSet};

use workspace_tests::code::{Source, sources};
use workspace_tests::translations::{reads_prose, translations, variants};
use workspace_tests::workspace::root;

/// Variants without words of their own, with the reason.
const QUOTED: &[(&str, &str, &str)] = &[
    ("FileProblem", "System", "passes on a message of the system"),
    ("KeyPart", "Id", "the vendor's name, the same in both languages"),
    ("KeyPart", "Secret", "the vendor's name, the same in both languages"),
    ("Purpose", "AssumeRole", "a name of the vendor's API"),
    ("Purpose", "AssumeRoleWithOidc", "a name of the vendor's API"),
];

fn lang() -> Vec<Source> {
    sources(&root().join("crates/ark-usage-cli/src/lang"))
}

#[test]
fn every_error_of_the_libraries_is_translated() {
    let mut of_crates: BTreeMap<String, Vec<Source>> = BTreeMap::new();
    for entry in std::fs::read_dir(root().join("crates")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().replace('-', "_");
        of_crates.insert(name, sources(&entry.path().join("src")));
    }
    let (mut checked, mut wrong, mut quoted) = (0, Vec::new(), BTreeSet::new());
    for source in lang() {
        let paths = source.paths();
        for (name, translation) in translations(&source) {
            let path = paths.iter().find(|path| path.segments.last() == Some(&name));
            let home = path.and_then(|path| of_crates.get(path.segments.first()?));
            let Some(home) = home else {
                wrong.push(format!("{name}: of no crate"));
                continue;
            };
            // Structs have no variants.
            for variant in variants(home, &name).into_iter().flatten() {
                checked += 1;
                if translation.quoted.contains(&variant) {
                    quoted.insert((name.clone(), variant));
                } else if !translation.translated.contains(&variant) {
                    wrong.push(format!("{name}::{variant} has no Chinese"));
                }
            }
        }
    }
    assert!(checked > 120, "only {checked} variants were found");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let known = QUOTED.iter().map(|(name, variant, _)| ((*name).to_owned(), (*variant).to_owned()));
    assert_eq!(quoted, known.collect());
}

#[test]
fn translations_do_not_read_english() {
    // The module itself reads the arguments and the locale.
    let sources = lang().into_iter().filter(|source| !source.file.ends_with("mod.rs"));
    let found: Vec<String> = sources.flat_map(|source| reads_prose(&source)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

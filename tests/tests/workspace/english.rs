//! The English of doc comments and of names of types.

use std::collections::BTreeSet;

use workspace_tests::code::sources;
use workspace_tests::english::{doc_comments, repeated_types};
use workspace_tests::tidy::files;
use workspace_tests::workspace::root;

/// The number of doc comments of each part that may begin with What, Whose, Whether and the like. The figures
/// only go down.
const RIDDLES: &[(&str, usize)] = &[
    ("crates/ark-usage-cli/", 500),
    ("crates/ark-usage-emulator/", 5),
    ("crates/ark-usage-model/", 12),
    ("crates/ark-usage-render/", 0),
    ("crates/ark-usage-report/", 0),
    ("crates/ark-usage-transport/", 48),
    ("crates/volc-credentials/", 72),
    ("crates/volc-openapi/", 34),
    ("crates/volc-sign/", 0),
    ("tests/", 113),
    ("xtask/", 36),
];

/// Names that several types of one crate have. The list only shrinks.
const REPEATED: &[(&str, &[&str])] = &[
    ("crates/ark-usage-transport/src", &["Shared"]),
    ("tests/interop/src", &["Ours"]),
    ("tests/src", &["Row", "Rule"]),
];

#[test]
fn doc_comments_begin_with_the_thing() {
    let files = files(&root());
    let sources = || files.iter().filter(|file| file.has_extension("rs"));
    let mut wrong = Vec::new();
    let mut all = 0;
    for (folder, most) in RIDDLES {
        let found = doc_comments(sources().filter(|file| file.path.starts_with(folder)));
        all += found.all;
        if found.riddles.len() > *most {
            let shown = found.riddles.join("\n");
            wrong.push(format!("{folder}: {} instead of {most}:\n{shown}", found.riddles.len()));
        }
    }
    assert_eq!(all, doc_comments(sources()).all, "a folder is missing in the list");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_name_is_one_type_in_a_crate() {
    let mut folders = vec!["tests/src".to_owned(), "tests/simulation/src".to_owned()];
    folders.push("tests/interop/src".to_owned());
    folders.push("xtask/src".to_owned());
    for entry in std::fs::read_dir(root().join("crates")).unwrap() {
        folders.push(format!("crates/{}/src", entry.unwrap().file_name().to_string_lossy()));
    }
    let mut wrong = Vec::new();
    for folder in &folders {
        let repeated = repeated_types(&sources(&root().join(folder)));
        let known = REPEATED.iter().find(|(of, _)| of == folder);
        let known: BTreeSet<&str> =
            known.into_iter().flat_map(|(_, names)| names.iter().copied()).collect();
        for (name, places) in &repeated {
            if !known.contains(name.as_str()) {
                wrong.push(format!(
                    "{folder}: {name} is defined {} times: {places:?}",
                    places.len()
                ));
            }
        }
        let stale = known.iter().filter(|name| !repeated.contains_key(**name));
        wrong.extend(stale.map(|name| format!("{folder}: {name} is one type: take it off")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

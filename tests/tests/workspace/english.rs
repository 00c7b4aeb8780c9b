//! The English of doc comments and of names of types.

use workspace_tests::code::sources;
use workspace_tests::english::{doc_comments, repeated_types};
use workspace_tests::tidy::files;
use workspace_tests::workspace::root;

/// One doc comment in so many may begin with What, Whose, Whether and the like.
const ONE_IN: usize = 100;

#[test]
fn doc_comments_begin_with_the_thing() {
    let files = files(&root());
    let found = doc_comments(files.iter().filter(|file| file.has_extension("rs")));
    assert!(found.all > 5000, "only {} doc comments were found", found.all);
    let shown = found.riddles.join("\n");
    assert!(found.riddles.len() * ONE_IN <= found.all, "of {}:\n{shown}", found.all);
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
        wrong.extend(repeated.iter().map(|(name, places)| {
            format!("{folder}: {name} is defined {} times: {places:?}", places.len())
        }));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

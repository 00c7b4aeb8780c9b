//! The table of faults is the list of cases, and says of each what the case says.

use std::collections::BTreeSet;

use workspace_tests::case::files;
use workspace_tests::faults::{contradictions, rows};
use workspace_tests::workspace::root;

#[test]
fn rows_and_cases_correspond_one_to_one() {
    let document = std::fs::read_to_string(root().join("docs/faults.md")).unwrap();
    let rows = rows(&document);
    let lines = document.lines().filter(|line| line.starts_with("| [")).count();
    assert_eq!(rows.len(), lines, "a row is not in the form of the others");
    let named: BTreeSet<String> = rows.iter().map(|row| row.case.clone()).collect();
    assert_eq!(named.len(), rows.len(), "a case stands in two rows");

    let cases = files(&root().join("tests/cases/faults"));
    let there: BTreeSet<String> =
        cases.iter().map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(named, there);
}

#[test]
fn each_row_says_what_its_case_says() {
    let document = std::fs::read_to_string(root().join("docs/faults.md")).unwrap();
    let folder = root().join("tests/cases/faults");
    let found: Vec<String> =
        rows(&document).iter().flat_map(|row| contradictions(row, &folder)).collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// The quoted words of a row are checked in English; the Chinese table may quote less of it.
#[test]
fn the_chinese_table_has_the_same_rows() {
    let read = |name| std::fs::read_to_string(root().join(name)).unwrap();
    let (english, chinese) = (rows(&read("docs/faults.md")), rows(&read("docs/faults.zh-CN.md")));
    assert_eq!(english.len(), chinese.len());
    for (english, chinese) in english.iter().zip(&chinese) {
        let name = &english.case;
        assert_eq!(name, &chinese.case);
        assert_eq!((&english.script, english.exit), (&chinese.script, chinese.exit), "{name}");
        assert!(chinese.seen.iter().all(|words| english.seen.contains(words)), "{name}");
    }
}

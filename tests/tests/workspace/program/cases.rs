//! The runner of case files: a case that promises something wrong fails.

use std::fs;
use std::path::PathBuf;

use workspace_tests::case::Case;

/// Writes a case of `ark-usage --version`, which prints one line to standard output.
fn case(folder: &tempfile::TempDir, expect: &str) -> PathBuf {
    let path = folder.path().join("version.toml");
    let text = format!("args = [\"--version\"]\n\n[expect]\n{expect}");
    fs::write(&path, text).unwrap();
    path
}

fn check(expect: &str, update: bool) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = case(&folder, expect);
    Case::read(&path)?.check(update)?;
    Ok(fs::read_to_string(&path).unwrap())
}

#[test]
fn facts_that_hold_pass_and_others_fail() {
    let good = "status = 0\nstdout_contains = [\"ark-usage\"]\nstderr = \"\"\n";
    assert!(check(good, false).is_ok());
    for wrong in [
        good.replace("= 0", "= 1"),
        good.replace("[\"ark-usage\"]", "[\"ark-usag\"]"),
        good.replace("[\"ark-usage\"]", "[\"ark-usage\", \"99.99.99\"]"),
        good.replace("stderr", "stdout_lacks = [\"ark\"]\nstderr"),
        good.replace("stderr = \"\"", "stderr_contains = [\"usage\"]"),
    ] {
        assert!(check(&wrong, false).is_err(), "{wrong}");
    }
}

#[test]
fn an_update_rewrites_whole_texts_and_never_facts() {
    let whole = "status = 9\nstdout = \"other\"\nstderr = \"noise\"\n";
    let written = check(whole, true).unwrap();
    assert!(written.contains("status = 0") && written.contains("stderr = \"\""), "{written}");
    assert!(!written.contains("other"), "{written}");

    let folder = tempfile::tempdir().unwrap();
    let facts = "status = 0\nstdout_contains = [\"nowhere\"]\nstderr = \"\"\n";
    let path = case(&folder, facts);
    let before = fs::read_to_string(&path).unwrap();
    let error = Case::read(&path).unwrap().check(true).unwrap_err();
    assert!(error.contains("stdout does not contain \"nowhere\""), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
}

#[test]
fn a_case_that_says_nothing_about_a_stream_is_refused() {
    for expect in ["status = 0\nstdout = \"\"\n", "status = 0\nstderr = \"\"\n"] {
        let error = check(expect, false).unwrap_err();
        assert!(error.contains("says nothing"), "{error}");
    }
    let error = check("status = 0\nstdout = \"\"\nstderr = \"\"\nstdin = \"\"\n", false);
    assert!(error.unwrap_err().contains("unknown key"));
}

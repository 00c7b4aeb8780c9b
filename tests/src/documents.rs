//! References of documents: files by links, tests by name.

use std::path::Path;

use crate::pages::Page;
use crate::tidy::File;

/// Links in `document` that lead to no file or to no heading, relative to where the document lies.
pub fn dead_links(root: &Path, document: &File) -> Vec<String> {
    let folder = root.join(&document.path);
    let folder = folder.parent().expect("a document lies in a folder");
    let page = Page::parse(&document.text);
    // Addresses are not ours, and `crate::Item` is rustdoc's to check.
    let elsewhere = |target: &str| target.contains("::") || target.contains("://");
    let mut dead = Vec::new();
    for target in page.links.iter().filter(|target| !elsewhere(target)) {
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let file = folder.join(path);
        if !path.is_empty() && !file.exists() {
            dead.push(format!("{}: no such file: {target}", document.path));
        } else if !anchor.is_empty() {
            let other = (!path.is_empty()).then(|| std::fs::read_to_string(&file));
            let other = other.map(|text| Page::parse(&text.unwrap_or_default()));
            if !other.as_ref().unwrap_or(&page).anchors().contains(anchor) {
                dead.push(format!("{}: no such heading: {target}", document.path));
            }
        }
    }
    dead
}

/// Code in `document` that is said to be quoted, `<!-- from PATH -->` above it, and does not stand so
/// in that file.
pub fn misquotations(root: &Path, document: &File) -> Vec<String> {
    let quotations = document.text.split("<!-- from ").skip(1).filter_map(|rest| {
        let (path, rest) = rest.split_once(" -->")?;
        let (_, code) = rest.split_once("```text\n")?;
        Some((path, code.split("```").next()?))
    });
    // Quotations lose the indentation they had.
    let lines = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let stands_in = |path: &str, code: &str| {
        let source = std::fs::read_to_string(root.join(path)).unwrap_or_default();
        lines(&source).contains(&lines(code))
    };
    let wrong = quotations.filter(|(path, code)| !stands_in(path, code));
    wrong.map(|(path, _)| format!("{}: this is not what {path} has", document.path)).collect()
}

/// The numbered invariants of `document`: number, text, and the tests named behind `Held by`.
pub fn invariants(document: &str) -> Vec<Invariant> {
    let lines = document.lines().skip_while(|line| *line != "## Invariants").skip(1);
    let lines = lines.take_while(|line| !line.starts_with("## "));
    let mut found: Vec<Invariant> = Vec::new();
    for line in lines {
        let numbered = line.split_once(". ").and_then(|(number, _)| number.parse().ok());
        match (numbered, found.last_mut()) {
            (Some(number), _) => found.push(Invariant { number, text: line.to_owned() }),
            (None, Some(invariant)) => {
                invariant.text.push('\n');
                invariant.text.push_str(line);
            }
            (None, None) => {}
        }
    }
    found
}

/// One numbered invariant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invariant {
    /// Its number.
    pub number: usize,
    /// All that is said about it.
    pub text: String,
}

impl Invariant {
    /// The tests that hold it, as written.
    pub fn held_by(&self) -> Vec<&str> {
        let (_, tests) = self.text.split_once("Held by").unwrap_or_default();
        tests.split('`').skip(1).step_by(2).collect()
    }
}

/// Is there such a test in `files`? A function with `#[test]` in the crate that its path names, a case
/// or a folder of cases, or a developer command.
pub fn test_exists(name: &str, files: &[File]) -> bool {
    if let Some(command) = name.strip_prefix("cargo xtask ") {
        let module = format!("xtask/src/{}", command.replace('-', "_"));
        let of_command = [format!("{module}.rs"), format!("{module}/mod.rs")];
        return files.iter().any(|file| of_command.contains(&file.path));
    }
    if name.starts_with("tests/cases/") {
        let inside = |path: &str| name.ends_with('/') && path.starts_with(name);
        let cases = files.iter().filter(|file| file.has_extension("toml"));
        return cases.map(|file| file.path.as_str()).any(|path| path == name || inside(path));
    }
    let Some((package, function)) = name.split_once("::") else { return false };
    let function = function.rsplit("::").next().unwrap_or(function);
    let of_crate = files.iter().filter(|file| file.path.starts_with(&folder_of(package)));
    of_crate.filter(|file| file.has_extension("rs")).any(|file| is_test(&file.text, function))
}

/// Does `text` hold a function of this name with an attribute that makes it a test?
fn is_test(text: &str, function: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let opening = format!("fn {function}(");
    lines.iter().enumerate().any(|(at, line)| {
        let found = line.strip_prefix("async ").unwrap_or(line).starts_with(&opening);
        let above = lines.get(..at).unwrap_or_default().iter().rev();
        let mut above = above.take_while(|line| !line.is_empty() && **line != "}");
        found && above.any(|line| *line == "#[test]" || line.starts_with("#[tokio::test"))
    })
}

fn folder_of(package: &str) -> String {
    match package {
        "workspace-tests" => "tests/".to_owned(),
        "simulation" | "third-action" => format!("tests/{package}/"),
        _ => format!("crates/{package}/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn links_to_files_and_headings_are_followed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("here.md"), "## A part\n").unwrap();
        let document = file(
            "README.md",
            "# E\n[a](here.md#a-part) [b](https://example.com) [c](gone.md) [d](#e) [f](crate::G) \
             [g](here.md#gone) [h](#gone)",
        );
        let expected = [
            "README.md: no such file: gone.md",
            "README.md: no such heading: here.md#gone",
            "README.md: no such heading: #gone",
        ];
        assert_eq!(dead_links(folder.path(), &document), expected);
    }

    #[test]
    fn invariants_are_read_with_their_tests() {
        let document = "## Other\n1. no\n## Invariants\n\n1. One.\n   Held by `a::b` and\n   `c`.\n2. Two.\n## End\n3. no\n";
        let found = invariants(document);
        assert_eq!(found.iter().map(|i| i.number).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(found[0].held_by(), ["a::b", "c"]);
        assert!(found[1].held_by().is_empty());
    }

    #[test]
    fn a_test_is_looked_for_where_its_name_says() {
        let text = "#[test]\n// Why.\nfn holds() {}\n\nfn helper() {\n}\n#[tokio::test]\nasync fn waits() {}\n";
        let files = [
            file("crates/volc-sign/tests/a.rs", text),
            file("xtask/src/features.rs", ""),
            file("tests/cases/get/a.toml", ""),
            file("tests/cases/put/README.md", ""),
        ];
        for name in [
            "volc-sign::holds",
            "volc-sign::deep::holds",
            "volc-sign::waits",
            "cargo xtask features",
            "tests/cases/get/",
            "tests/cases/get/a.toml",
        ] {
            assert!(test_exists(name, &files), "{name}");
        }
        for name in [
            "volc-openapi::holds",
            "volc-sign::hold",
            "volc-sign::helper",
            "holds",
            "cargo xtask feature",
            "tests/cases/put/",
            "tests/cases/ge",
            "tests/cases/get/b.toml",
        ] {
            assert!(!test_exists(name, &files), "{name}");
        }
    }
}

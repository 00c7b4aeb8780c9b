//! Rules for every file of the project.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Lines a source file may have before it has to say why.
const LONGEST: usize = 500;

/// Longer source files, each with the reason why it is one thing all the same.
const LONG_FOR_A_REASON: &[(&str, &str)] = &[];

/// Data as it was received: nobody's style.
const AS_RECEIVED: &[&str] = &["/cases/", "/fixtures/", "/vectors/", ".jsonl", "Cargo.lock"];

/// One file of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// From the workspace's root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl File {
    /// Does its name end so?
    pub fn has_extension(&self, extension: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|found| found == extension)
    }
}

/// Every text file of the project: those git knows and those it would take.
pub fn files(root: &Path) -> Vec<File> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root)
        .output();
    let mut paths: Vec<String> = match listed {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).split('\0').map(str::to_owned).collect()
        }
        // Not a checkout, or no git: then whatever lies here.
        _ => walk(root).iter().filter_map(|path| relative(root, path)).collect(),
    };
    paths.sort();
    paths.dedup();
    paths.into_iter().filter_map(|path| read(root, path)).collect()
}

/// Everything about `file` that is not as it should be.
pub fn complaints(file: &File) -> Vec<String> {
    let lines = file.text.lines().zip(1..);
    let by_line = lines.flat_map(|(line, number)| {
        let of_line = [place(file, line), unfinished(file, line), trailing_space(file, line)];
        of_line.into_iter().flatten().map(move |why| format!("{}:{number}: {why}", file.path))
    });
    let of_file = [too_long(file), no_final_newline(file), undocumented(file)];
    let of_file = of_file.into_iter().flatten().map(|why| format!("{}: {why}", file.path));
    by_line.chain(of_file).collect()
}

/// Entries of the list of long files that are not needed any more.
pub fn stale_exceptions(files: &[File]) -> Vec<String> {
    let needed = |path: &str| {
        files.iter().any(|file| file.path == path && file.text.lines().count() > LONGEST)
    };
    let stale = LONG_FOR_A_REASON.iter().filter(|(path, _)| !needed(path));
    stale.map(|(path, _)| format!("{path} is not that long any more")).collect()
}

/// Places that mean something on one machine only, and hosts that packages come from.
fn place(file: &File, line: &str) -> Option<&'static str> {
    // Put together here, so that this file does not hold what it looks for.
    const FOLDERS: [&str; 5] = ["work", "farm", "root", concat!("tmp/bash", "_jobs"), "Users"];
    const HOSTS: [&str; 4] = [
        concat!("crates", ".io"),
        concat!("registry", ".npmjs"),
        concat!("pypi", ".org"),
        concat!("deb", ".debian"),
    ];
    // Cargo writes the host of every package into its lockfile.
    let lockfile = Path::new(&file.path).ends_with("Cargo.lock");
    if !lockfile && HOSTS.iter().any(|host| line.contains(host)) {
        return Some("names a package registry's host");
    }
    let absolute = FOLDERS.iter().any(|folder| starts_absolute_path(line, folder));
    absolute.then_some("names a path of one machine")
}

fn starts_absolute_path(line: &str, folder: &str) -> bool {
    let path = format!("/{folder}");
    line.match_indices(&path).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + path.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
            && after.is_none_or(|c| c == '/')
    })
}

/// Promises for later, and tests that are switched off.
fn unfinished(file: &File, line: &str) -> Option<&'static str> {
    const MARKS: [&str; 5] = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("to", "do!"),
        concat!("unimpl", "emented!"),
        concat!("#[ig", "nore"),
    ];
    let rust = file.has_extension("rs");
    (rust && MARKS.iter().any(|mark| line.contains(mark))).then_some("is not finished")
}

fn trailing_space(file: &File, line: &str) -> Option<&'static str> {
    let own = !AS_RECEIVED.iter().any(|place| file.path.contains(place));
    (own && line.ends_with([' ', '\t'])).then_some("white space at the end")
}

fn too_long(file: &File) -> Option<String> {
    let lines = file.text.lines().count();
    let excused = LONG_FOR_A_REASON.iter().any(|(path, _)| *path == file.path);
    (file.has_extension("rs") && lines > LONGEST && !excused)
        .then(|| format!("{lines} lines: is it one thing?"))
}

fn no_final_newline(file: &File) -> Option<String> {
    let received = AS_RECEIVED.iter().any(|place| file.path.contains(place));
    let ends = file.text.is_empty() || file.text.ends_with('\n');
    (!received && !ends).then(|| "no newline at the end".to_owned())
}

/// Every source file says in its first line what it is.
fn undocumented(file: &File) -> Option<String> {
    let says = file.text.starts_with("//!") || file.text.starts_with("#![doc");
    (file.has_extension("rs") && !says).then(|| "does not begin by saying what it is".to_owned())
}

fn read(root: &Path, path: String) -> Option<File> {
    // Gone from the working tree, or not text: neither is looked at.
    let text = std::fs::read_to_string(root.join(&path)).ok()?;
    Some(File { path, text })
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths
        .filter(|path| !path.ends_with("target") && !path.ends_with(".git"))
        .flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] })
        .collect()
}

fn relative(root: &Path, path: &Path) -> Option<String> {
    let inside = path.strip_prefix(root).ok()?;
    Some(inside.to_str()?.replace('\\', "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expected: &[&str]) {
        let file = File { path: path.to_owned(), text: text.to_owned() };
        assert_eq!(complaints(&file), expected);
    }

    #[test]
    fn a_tidy_file_is_left_alone() {
        check("src/a.rs", "//! What it is.\n\nfn f() {}\n", &[]);
        check("tests/vectors/a.txt", "received as it is  ", &[]);
    }

    #[test]
    fn places_of_one_machine_are_refused() {
        let machine = format!("see {}work/x\n", '/');
        check("a.md", &machine, &["a.md:1: names a path of one machine"]);
        let inside = format!("see network{}work/x and {}workshop/x\n", '/', '/');
        check("a.md", &inside, &[]);
        let host = format!("https://crates{}\n", ".io");
        check("a.md", &host, &["a.md:1: names a package registry's host"]);
    }

    #[test]
    fn unfinished_code_is_refused() {
        let later = format!("//! File.\n// {}{}: later\n", "TO", "DO");
        check("a.rs", &later, &["a.rs:2: is not finished"]);
    }

    #[test]
    fn style_of_the_file_is_checked() {
        check("a.toml", "a = 1 \n", &["a.toml:1: white space at the end"]);
        check("a.toml", "a = 1", &["a.toml: no newline at the end"]);
        check("a.rs", "fn f() {}\n", &["a.rs: does not begin by saying what it is"]);
        let long = format!("//! File.\n{}", "\n".repeat(LONGEST));
        check("a.rs", &long, &["a.rs: 501 lines: is it one thing?"]);
    }
}

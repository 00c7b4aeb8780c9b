//! The names that the code of a crate may mention: time, environment, files and sockets are
//! arguments everywhere but in one small file each.

use std::path::{Path, PathBuf};

use crate::code::{Source, sources};

/// Names that the code under one folder must not mention.
#[derive(Clone, Copy, Debug)]
pub struct NameRule {
    /// The folder, from the workspace's root.
    pub folder: &'static str,
    /// Names the code must not contain.
    pub forbidden: &'static [&'static str],
    /// Files and folders (from `folder`) which are the one place for it.
    pub except: &'static [&'static str],
}

const TIME: &[&str] = &["SystemTime", "Instant::now", "time::Instant", "thread::sleep"];
const ENVIRONMENT: &[&str] = &["std::env", "env::var", "home_dir"];
const FILES: &[&str] = &["std::fs", "std::process", "File::open"];
const SOCKETS: &[&str] = &["TcpStream", "TcpListener", "UdpSocket", "UnixStream", "ToSocketAddrs"];

const fn rule(
    folder: &'static str,
    forbidden: &'static [&'static str],
    except: &'static [&'static str],
) -> NameRule {
    NameRule { folder, forbidden, except }
}

/// The rules of the workspace.
pub const RULES: &[NameRule] = &[
    rule("crates/volc-sign/src", TIME, &[]),
    rule("crates/volc-sign/src", ENVIRONMENT, &[]),
    rule("crates/volc-sign/src", FILES, &[]),
    rule("crates/volc-sign/src", SOCKETS, &[]),
    rule("crates/volc-openapi/src", TIME, &[]),
    rule("crates/volc-openapi/src", ENVIRONMENT, &[]),
    rule("crates/volc-openapi/src", FILES, &[]),
    rule("crates/volc-openapi/src", SOCKETS, &[]),
    rule("crates/ark-usage-model/src", TIME, &[]),
    rule("crates/ark-usage-model/src", ENVIRONMENT, &[]),
    rule("crates/ark-usage-model/src", FILES, &[]),
    rule("crates/ark-usage-model/src", SOCKETS, &[]),
    // Reads files and starts processes: that is its work. Time and environment are handed in.
    rule("crates/volc-credentials/src", TIME, &[]),
    rule("crates/volc-credentials/src", ENVIRONMENT, &[]),
    rule("crates/volc-credentials/src", SOCKETS, &[]),
    rule("crates/ark-usage-emulator/src", TIME, &[]),
    rule("crates/ark-usage-emulator/src", ENVIRONMENT, &[]),
    rule("crates/ark-usage-emulator/src", FILES, &[]),
    rule("crates/ark-usage-emulator/src", SOCKETS, &["serve.rs", "serve"]),
    rule("crates/ark-usage-transport/src", TIME, &["clock.rs", "clock"]),
    rule("crates/ark-usage-transport/src", ENVIRONMENT, &[]),
    rule("crates/ark-usage-report/src", TIME, &[]),
    rule("crates/ark-usage-report/src", &["Timestamp::now", "Zoned::now"], &[]),
    rule("crates/ark-usage-report/src", ENVIRONMENT, &[]),
    rule("crates/ark-usage-report/src", FILES, &[]),
    rule("crates/ark-usage-report/src", SOCKETS, &[]),
    rule("crates/ark-usage-render/src", TIME, &[]),
    rule("crates/ark-usage-render/src", &["Timestamp::now", "Zoned::now"], &[]),
    rule("crates/ark-usage-render/src", ENVIRONMENT, &[]),
    rule("crates/ark-usage-render/src", FILES, &[]),
    rule("crates/ark-usage-render/src", SOCKETS, &[]),
    rule("crates/ark-usage-history/src", TIME, &[]),
    rule("crates/ark-usage-history/src", ENVIRONMENT, &[]),
    rule("crates/ark-usage-history/src", FILES, &["sqlite.rs", "sqlite"]),
    rule("crates/ark-usage-history/src", SOCKETS, &[]),
    rule("crates/ark-usage-prometheus/src", TIME, &["server"]),
    rule("crates/ark-usage-prometheus/src", ENVIRONMENT, &[]),
    rule("crates/ark-usage-prometheus/src", FILES, &[]),
    rule("crates/ark-usage-prometheus/src", SOCKETS, &["server"]),
    // Writes files: that is its work.
    rule("crates/ark-usage-files/src", TIME, &[]),
    rule("crates/ark-usage-files/src", ENVIRONMENT, &[]),
    rule("crates/ark-usage-files/src", SOCKETS, &[]),
    rule("crates/ark-usage-cli/src", TIME, &["clock.rs"]),
    rule("crates/ark-usage-cli/src", &["Timestamp::now", "Zoned::now"], &["clock.rs"]),
    rule("crates/ark-usage-cli/src", &["env::var", "home_dir"], &["environment.rs"]),
];

/// Everything under `root` that `rules` do not allow, as `file:line: name`.
pub fn violations(root: &Path, rules: &[NameRule]) -> Vec<String> {
    let mut found = Vec::new();
    for rule in rules {
        for source in sources(&root.join(rule.folder)) {
            if rule.except.iter().any(|place| source.file.starts_with(place)) {
                continue;
            }
            let shown = Path::new(rule.folder).join(&source.file);
            found.extend(mentions(&source, rule.forbidden).into_iter().map(|(line, name)| {
                format!("{}:{line}: {name} may not be named here", shown.display())
            }));
        }
    }
    found
}

/// All `.rs` files under `folder`, in order.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{} cannot be read: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.expect("a folder's entry is readable").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Lines of code, tests and comments left out, that mention one of `names`.
fn mentions<'a>(source: &Source, names: &[&'a str]) -> Vec<(usize, &'a str)> {
    let paths = source.paths().into_iter();
    paths
        .flat_map(|path| {
            let named = names.iter().filter(|name| {
                let segments: Vec<&str> = name.split("::").collect();
                path.mentions(&segments)
            });
            named.map(|name| (path.line, *name)).collect::<Vec<_>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, names: &[&str], expected: &[(usize, &str)]) {
        assert_eq!(mentions(&Source::of("a.rs", text), names), expected, "{text}");
    }

    #[test]
    fn code_is_looked_at_and_comments_texts_and_tests_are_not() {
        let text = "//! No SystemTime here.\nuse std::time::SystemTime;\n\n#[cfg(test)]\nmod tests {\n    \
                    use std::time::Instant;\n}\nconst X: &str = \"Instant::now\";\n\
                    fn late() { std::thread::sleep(x) }\n";
        check(text, TIME, &[(2, "SystemTime"), (9, "thread::sleep")]);
    }

    #[test]
    fn names_are_seen_however_they_are_imported() {
        check("use std::{env, io::Write, fs as files};", FILES, &[(1, "std::fs")]);
        check("use std::{env, io::Write};", ENVIRONMENT, &[(1, "std::env")]);
        check("fn f() { m!(std::net::TcpStream) }", SOCKETS, &[(1, "TcpStream")]);
        check("struct MyTcpStream; fn envy() {}", SOCKETS, &[]);
    }

    #[test]
    fn a_violating_file_is_found_and_its_one_place_is_not() {
        let root = tempfile::tempdir().unwrap();
        for file in ["src/clock.rs", "src/deep/other.rs", "src/deep/tests/time.rs"] {
            let path = root.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "fn f() { std::thread::sleep(x) }\n").unwrap();
        }
        let text = "#[cfg(test)]\nmod tests;\nmod other;\n";
        std::fs::write(root.path().join("src/deep/mod.rs"), text).unwrap();
        let found = violations(root.path(), &[rule("src", TIME, &["clock.rs"])]);
        assert_eq!(found, ["src/deep/other.rs:1: thread::sleep may not be named here"]);
    }
}

//! The number of packages each crate brings along, as the document says and as cargo counts.

use std::collections::BTreeSet;
use std::fmt;

use crate::workspace::cargo_output;

/// The document with the numbers.
pub const DOCUMENTS: [&str; 2] = ["docs/conformance.md", "docs/conformance.zh-CN.md"];

/// The system they are counted for: others need some more or fewer.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Each crate with each choice of features the README promises.
pub const CHOICES: [(&str, &[&str]); 20] = [
    ("volc-sign", &[]),
    ("volc-openapi", &[]),
    ("ark-usage-model", &[]),
    ("volc-credentials", &[]),
    ("ark-usage-transport", &["--no-default-features"]),
    ("ark-usage-transport", &["--no-default-features", "--features=credentials"]),
    ("ark-usage-transport", &["--no-default-features", "--features=recording"]),
    ("ark-usage-transport", &["--no-default-features", "--features=hyper"]),
    ("ark-usage-transport", &[]),
    ("ark-usage-emulator", &["--no-default-features"]),
    ("ark-usage-emulator", &[]),
    ("ark-usage-report", &[]),
    ("ark-usage-render", &[]),
    ("ark-usage-files", &[]),
    ("ark-usage-history", &[]),
    ("ark-usage-history", &["--features=sqlite"]),
    ("ark-usage-prometheus", &[]),
    ("ark-usage-prometheus", &["--features=remote-write"]),
    ("ark-usage-prometheus", &["--features=server"]),
    ("ark-usage-cli", &[]),
];

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrateWeight {
    /// The crate.
    pub package: String,
    /// Its features, as arguments of cargo.
    pub features: String,
    /// Packages of this workspace beneath it.
    pub own: usize,
    /// Packages from outside beneath it, macros included.
    pub outside: usize,
    /// The same with what build scripts need.
    pub built: usize,
}

impl fmt::Display for CrateWeight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { package, features, own, outside, built } = self;
        write!(f, "| `{package}` | {features} | {own} | {outside} | {built} |")
    }
}

/// Counts what a choice brings along.
pub fn weigh(choice: &(&str, &[&str])) -> CrateWeight {
    let (package, features) = choice;
    let normal = beneath(package, features, "normal");
    let built = beneath(package, features, "normal,build");
    let is_own = |line: &&String| line.contains(" (/") || line.contains(":\\");
    let own = normal.iter().filter(is_own).count();
    let shown = features.join(" ");
    CrateWeight {
        package: (*package).to_owned(),
        features: if shown.is_empty() { "default".to_owned() } else { format!("`{shown}`") },
        // The package itself is in its own tree.
        own: own - 1,
        outside: normal.len() - own,
        built: built.iter().filter(|line| !is_own(line)).count(),
    }
}

/// Every package that is compiled for the workspace on one of `systems`, tests included, as
/// `name vVERSION`. The lockfile names more: what a feature nobody asks for would bring.
pub fn built_on(systems: &BTreeSet<String>) -> BTreeSet<String> {
    let choice = ["tree", "--locked", "--workspace", "--all-features", "--target"];
    let of_system =
        |system: &String| tree(&[&choice[..], &[system, "--edges", "normal,build,dev"]].concat());
    let all = systems.iter().flat_map(of_system);
    all.map(|line| line.split(" (").next().unwrap_or_default().to_owned()).collect()
}

/// The rows of the table in the document.
pub fn rows(document: &str) -> Vec<CrateWeight> {
    document.lines().filter_map(row).collect()
}

/// `document` with `rows` in the place of its own.
pub fn rewrite(document: &str, rows: &[CrateWeight]) -> String {
    let mut rewritten = String::new();
    let mut rows = rows.iter();
    for line in document.lines() {
        if row(line).is_none() {
            rewritten.push_str(line);
            rewritten.push('\n');
        } else {
            // The first row makes room for all of them.
            rewritten.extend(rows.by_ref().map(|row| format!("{row}\n")));
        }
    }
    rewritten
}

fn row(line: &str) -> Option<CrateWeight> {
    let cells: Vec<&str> = line.strip_prefix('|')?.strip_suffix('|')?.split('|').collect();
    let cells: Vec<&str> = cells.into_iter().map(str::trim).collect();
    let [package, features, own, outside, built] = cells.as_slice() else { return None };
    Some(CrateWeight {
        package: package.strip_prefix('`')?.strip_suffix('`')?.to_owned(),
        features: (*features).to_owned(),
        own: own.parse().ok()?,
        outside: outside.parse().ok()?,
        built: built.parse().ok()?,
    })
}

fn beneath(package: &str, features: &[&str], edges: &str) -> BTreeSet<String> {
    let choice = ["tree", "--locked", "--package", package, "--target", TARGET, "--edges", edges];
    tree(&[&choice, features].concat())
}

/// The packages of a tree, once each; those of this workspace with their folder.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let tree = cargo_output(&[arguments, &["--prefix", "none", "--format", "{p}"]].concat());
    // What cargo has shown before it marks and cuts short.
    tree.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
}

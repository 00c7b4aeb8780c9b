//! `cargo xtask features`: each crate alone.
//!
//! Inside the workspace cargo unites the features that all crates ask of a dependency, and a crate
//! that forgot to ask still builds. So each one is checked and tested by an invocation of its own,
//! without features, with the default ones and with all; each single feature is checked too.
//! Choices that switch on the same things are done once.

use std::collections::BTreeSet;

use crate::failure::Failure;
use crate::shell::Cargo;
use crate::wasm;
use crate::workspace::{Package, Workspace};

pub(crate) fn run() -> Result<(), Failure> {
    let workspace = Workspace::load()?;
    for package in workspace.publishable() {
        for choice in choices(package) {
            // The library or program by itself: tests would bring the features of what they need.
            cargo(&workspace, "check", package, &choice.arguments).run()?;
        }
        for choice in choices(package).iter().filter(|choice| choice.tested) {
            cargo(&workspace, "test", package, &choice.arguments).run()?;
        }
    }
    wasm::check(&workspace)?;
    consumers(&workspace)?;
    // Here the cases build their program themselves, as a user does.
    Cargo::new(&workspace.root, &["test", "--package", "workspace-tests", "--test", "cli"]).run()
}

/// Each promise to people outside, alone: built together, one would lend its features to another.
fn consumers(workspace: &Workspace) -> Result<(), Failure> {
    let Some(consumer) = workspace.consumer()? else { return Ok(()) };
    for package in &consumer.packages {
        let arguments = ["check", "--quiet", "--locked", "--package", &package.name];
        Cargo::new(&consumer.root, &arguments)
            .env_path("CARGO_TARGET_DIR", &consumer.target)
            .run()?;
    }
    Ok(())
}

/// One choice of features, as arguments for cargo.
#[derive(Debug, PartialEq, Eq)]
struct Choice {
    arguments: Vec<String>,
    /// Tested, not only checked.
    tested: bool,
}

fn choices(package: &Package) -> Vec<Choice> {
    let all: Vec<&str> = package.feature_names().collect();
    let mut candidates = vec![
        (package.closure(["default"]), Vec::new(), true),
        (package.closure([]), vec!["--no-default-features".to_owned()], true),
        (package.closure(all.iter().copied()), vec!["--all-features".to_owned()], true),
    ];
    for name in all {
        let arguments = ["--no-default-features", "--features", name].map(str::to_owned);
        candidates.push((package.closure([name]), arguments.to_vec(), false));
    }
    let mut seen: BTreeSet<BTreeSet<&str>> = BTreeSet::new();
    candidates.retain(|(switched_on, ..)| seen.insert(switched_on.clone()));
    candidates.into_iter().map(|(_, arguments, tested)| Choice { arguments, tested }).collect()
}

fn cargo(workspace: &Workspace, command: &str, package: &Package, choice: &[String]) -> Cargo {
    let mut arguments = vec![command, "--quiet", "--package", &package.name];
    arguments.extend(choice.iter().map(String::as_str));
    Cargo::new(&workspace.root, &arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(features: &serde_json::Value, expected: &[(&str, bool)]) {
        let package = serde_json::json!({"name": "p", "publish": null, "features": features});
        let found = choices(&Package::parse(&package).unwrap());
        let found: Vec<(String, bool)> =
            found.iter().map(|choice| (choice.arguments.join(" "), choice.tested)).collect();
        let expected: Vec<(String, bool)> =
            expected.iter().map(|(arguments, tested)| ((*arguments).to_owned(), *tested)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_switches_on_the_same_is_done_once() {
        check(&serde_json::json!({}), &[("", true)]);
        check(
            &serde_json::json!({"default": ["serve"], "serve": ["dep:tokio"]}),
            &[("", true), ("--no-default-features", true)],
        );
    }

    #[test]
    fn single_features_are_checked_and_all_together_are_tested() {
        check(
            &serde_json::json!({"default": ["a"], "a": [], "b": [], "c": ["b"]}),
            &[
                ("", true),
                ("--no-default-features", true),
                ("--all-features", true),
                ("--no-default-features --features b", false),
                ("--no-default-features --features c", false),
            ],
        );
    }
}

//! The missing edges are the architecture: who may know whom is held here.

use std::collections::BTreeMap;

use workspace_tests::layering::{
    Dependency, Graph, LayerRule, NEVER_REACHED, RULES, graph, violations,
};
use workspace_tests::sources;
use workspace_tests::workspace::{cargo_output, metadata, root};

#[test]
fn declared_edges_are_those_of_the_architecture() {
    let found = violations(&graph(&metadata()), RULES);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_signer_depends_on_its_closed_list_only() {
    let graph = graph(&metadata());
    let mut built_on: Vec<&str> =
        graph["volc-sign"].iter().filter(|d| !d.dev).map(|d| d.name.as_str()).collect();
    built_on.sort_unstable();
    let closed = ["hmac", "http", "sha2"];
    assert!(
        built_on.iter().all(|name| closed.contains(name)),
        "{built_on:?} is more than {closed:?}"
    );
    assert!(built_on.contains(&"http"), "the signer speaks the types of http: {built_on:?}");
}

#[test]
fn no_forbidden_crate_is_a_transitive_dependency() {
    let mut found = Vec::new();
    for (package, forbidden) in NEVER_REACHED {
        let tree = cargo_output(&[
            "tree",
            "--package",
            package,
            "--all-features",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ]);
        let reached = tree.lines().filter_map(|line| line.split(' ').next());
        let bad = reached.filter(|name| forbidden.contains(name));
        found.extend(bad.map(|name| format!("{package} reaches {name}")));
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn clocks_environment_files_and_sockets_enter_where_they_may() {
    let found = sources::violations(&root(), sources::RULES);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_signer_is_built_without_the_standard_library() {
    let lib = std::fs::read_to_string(root().join("crates/volc-sign/src/lib.rs")).unwrap();
    assert!(
        lib.lines().any(|line| line == "#![no_std]"),
        "volc-sign must stay no_std: the compiler then proves that it has no clock and no socket"
    );
}

/// The checker refuses what it is there to refuse.
mod checker {
    use super::*;

    const SMALL: &[LayerRule] = &[
        LayerRule {
            package: "sign",
            workspace: &[],
            closed: Some(&["http"]),
            never: &[],
            optional: &[],
        },
        LayerRule {
            package: "model",
            workspace: &[],
            closed: None,
            never: &["tokio"],
            optional: &["hyper"],
        },
    ];

    fn graph_with(package: &str, dependency: Dependency) -> Graph {
        let mut graph: Graph =
            BTreeMap::from([("sign".to_owned(), Vec::new()), ("model".to_owned(), Vec::new())]);
        graph.entry(package.to_owned()).or_default().push(dependency);
        graph
    }

    fn normal(name: &str) -> Dependency {
        Dependency { name: name.to_owned(), dev: false, optional: false }
    }

    fn check(package: &str, dependency: Dependency, expected: &[&str]) {
        assert_eq!(violations(&graph_with(package, dependency), SMALL), expected);
    }

    #[test]
    fn allows_what_the_table_allows() {
        check("sign", normal("http"), &[]);
        check("model", normal("serde"), &[]);
        check("model", Dependency { optional: true, ..normal("hyper") }, &[]);
        check("model", Dependency { dev: true, ..normal("tokio") }, &[]);
        check("model", Dependency { dev: true, ..normal("sign") }, &[]);
    }

    #[test]
    fn refuses_an_edge_that_is_not_in_the_table() {
        check("model", normal("sign"), &["model -> sign: this edge is not in the architecture"]);
    }

    #[test]
    fn refuses_an_addition_to_a_closed_list() {
        check(
            "sign",
            normal("serde"),
            &["sign -> serde: the list of what it is built on is closed"],
        );
    }

    #[test]
    fn refuses_what_must_never_be_known_even_behind_a_feature() {
        let tokio = Dependency { optional: true, ..normal("tokio") };
        check("model", tokio, &["model -> tokio: it must never know that"]);
    }

    #[test]
    fn refuses_dependencies_that_belong_behind_a_feature() {
        check("model", normal("hyper"), &["model -> hyper: this belongs behind a feature"]);
    }

    #[test]
    fn refuses_any_dependency_on_the_command_line() {
        let dev = Dependency { dev: true, ..normal("ark-usage-cli") };
        check("model", dev, &["model -> ark-usage-cli: nothing may depend on it"]);
    }

    #[test]
    fn refuses_crates_without_a_rule_and_rules_without_a_crate() {
        let graph: Graph =
            BTreeMap::from([("sign".to_owned(), Vec::new()), ("new".to_owned(), Vec::new())]);
        assert_eq!(
            violations(&graph, SMALL),
            ["new: no rule names it", "model: there is no such crate"]
        );
    }
}

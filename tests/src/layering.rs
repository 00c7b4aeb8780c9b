//! The crates that each crate may know: the table of the architecture, and the checker for it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// The dependencies one crate may have. Dev-dependencies are free, but for [`NEVER_DEPENDED_ON`].
#[derive(Clone, Copy, Debug)]
pub struct LayerRule {
    /// The crate.
    pub package: &'static str,
    /// Crates of the workspace it may be built on.
    pub workspace: &'static [&'static str],
    /// All it may be built on, where that list is closed.
    pub closed: Option<&'static [&'static str]>,
    /// Crates from outside it must never name in its manifest.
    pub never: &'static [&'static str],
    /// Dependencies that must be behind a feature.
    pub optional: &'static [&'static str],
}

/// Crates that bring a runtime, sockets, TLS or a clock.
const RUNTIMES: &[&str] = &[
    "async-std",
    "chrono",
    "clap",
    "h2",
    "http-body-util",
    "hyper",
    "hyper-rustls",
    "hyper-util",
    "jiff",
    "mio",
    "native-tls",
    "reqwest",
    "rustls",
    "socket2",
    "time",
    "tokio",
    "tower",
    "ureq",
];

/// Runtimes, and everything a report is shown with.
const NEITHER_TERMINAL_NOR_FORMAT: &[&str] = &[
    "anstyle",
    "clap",
    "comfy-table",
    "console",
    "hyper",
    "hyper-rustls",
    "hyper-util",
    "maud",
    "reqwest",
    "serde_json",
    "terminal_size",
    "tokio",
    "unicode-width",
    "ureq",
];

/// The workspace's own crates and what each may know.
pub const RULES: &[LayerRule] = &[
    LayerRule {
        package: "volc-sign",
        workspace: &[],
        closed: Some(&["hmac", "http", "sha2"]),
        never: &[],
        optional: &[],
    },
    LayerRule {
        package: "volc-openapi",
        workspace: &[],
        closed: None,
        never: RUNTIMES,
        optional: &[],
    },
    LayerRule {
        package: "volc-credentials",
        workspace: &["volc-openapi", "volc-sign"],
        closed: None,
        never: &[
            "clap",
            "dirs",
            "home",
            "hyper",
            "hyper-rustls",
            "hyper-util",
            "reqwest",
            "tokio",
            "ureq",
        ],
        optional: &[],
    },
    LayerRule {
        package: "ark-usage-model",
        workspace: &["volc-openapi"],
        closed: None,
        never: RUNTIMES,
        optional: &[],
    },
    LayerRule {
        package: "ark-usage-transport",
        workspace: &["ark-usage-model", "volc-credentials", "volc-openapi", "volc-sign"],
        closed: None,
        never: &["clap"],
        optional: &[
            "http-body-util",
            "hyper",
            "hyper-rustls",
            "hyper-util",
            "jiff",
            "tokio",
            "volc-credentials",
        ],
    },
    LayerRule {
        package: "ark-usage-emulator",
        workspace: &["ark-usage-model", "volc-openapi", "volc-sign"],
        closed: None,
        never: &["clap", "hyper-rustls"],
        optional: &["http-body-util", "hyper", "hyper-util", "tokio"],
    },
    LayerRule {
        package: "ark-usage-report",
        workspace: &["ark-usage-model", "volc-openapi"],
        closed: None,
        never: NEITHER_TERMINAL_NOR_FORMAT,
        optional: &[],
    },
    LayerRule {
        package: "ark-usage-render",
        workspace: &["ark-usage-model", "ark-usage-report", "volc-openapi"],
        closed: None,
        never: &["clap", "hyper", "hyper-rustls", "hyper-util", "reqwest", "tokio", "ureq"],
        optional: &[],
    },
    LayerRule {
        package: "ark-usage-files",
        workspace: &[],
        closed: None,
        never: RUNTIMES,
        optional: &[],
    },
    LayerRule {
        package: "ark-usage-history",
        workspace: &["ark-usage-model"],
        closed: None,
        never: RUNTIMES,
        optional: &["rusqlite"],
    },
    LayerRule {
        package: "ark-usage-prometheus",
        workspace: &["ark-usage-history", "ark-usage-model", "volc-openapi"],
        closed: None,
        never: &[
            "clap",
            "hyper-rustls",
            "jiff",
            "reqwest",
            "rusqlite",
            "rustls",
            "serde_json",
            "ureq",
        ],
        optional: &[
            "data-encoding",
            "http",
            "http-body-util",
            "hyper",
            "hyper-util",
            "prost",
            "snap",
            "tokio",
            "volc-openapi",
        ],
    },
    LayerRule {
        package: "ark-usage-cli",
        workspace: &[
            "ark-usage-emulator",
            "ark-usage-files",
            "ark-usage-history",
            "ark-usage-model",
            "ark-usage-prometheus",
            "ark-usage-render",
            "ark-usage-report",
            "ark-usage-transport",
            "volc-credentials",
            "volc-openapi",
            "volc-sign",
        ],
        closed: None,
        never: &[],
        optional: &[],
    },
    LayerRule {
        package: "workspace-tests",
        workspace: &[],
        closed: None,
        never: RUNTIMES,
        optional: &[],
    },
    LayerRule {
        package: "simulation",
        workspace: &[
            "ark-usage-emulator",
            "ark-usage-history",
            "ark-usage-model",
            "third-action",
            "volc-openapi",
            "volc-sign",
        ],
        closed: None,
        never: RUNTIMES,
        optional: &[],
    },
    LayerRule {
        package: "third-action",
        workspace: &["ark-usage-emulator", "ark-usage-model", "volc-openapi"],
        closed: None,
        never: &["clap", "hyper", "tokio"],
        optional: &[],
    },
    LayerRule {
        package: "damaged-input",
        workspace: &[],
        closed: Some(&["proptest"]),
        never: &[],
        optional: &[],
    },
    LayerRule {
        package: "interop",
        workspace: &["ark-usage-model", "ark-usage-transport", "volc-sign"],
        closed: None,
        never: &[],
        optional: &[],
    },
    LayerRule { package: "xtask", workspace: &[], closed: None, never: RUNTIMES, optional: &[] },
];

/// Nothing may depend on these, not even to test something.
pub const NEVER_DEPENDED_ON: &[&str] =
    &["ark-usage-cli", "interop", "workspace-tests", "simulation", "xtask"];

/// Crates that must not be reached through others, whatever features are on.
pub const NEVER_REACHED: &[(&str, &[&str])] = &[
    (
        "volc-sign",
        &["clap", "hyper", "jiff", "rustls", "serde", "serde_core", "serde_json", "tokio"],
    ),
    ("volc-openapi", &["clap", "hmac", "hyper", "jiff", "rustls", "tokio", "volc-sign"]),
    ("volc-credentials", &["ark-usage-model", "clap", "hyper", "rustls", "tokio"]),
    ("ark-usage-model", &["clap", "hmac", "hyper", "jiff", "rustls", "tokio", "volc-sign"]),
    (
        "ark-usage-report",
        &["clap", "comfy-table", "hmac", "hyper", "maud", "rustls", "tokio", "volc-sign"],
    ),
    ("ark-usage-render", &["clap", "hmac", "hyper", "rustls", "tokio", "volc-sign"]),
    ("ark-usage-history", &["clap", "hmac", "hyper", "jiff", "rustls", "tokio", "volc-sign"]),
    ("ark-usage-prometheus", &["clap", "hmac", "jiff", "rusqlite", "rustls", "volc-sign"]),
    // One TLS provider, chosen once; the system's roots, not a bundle that ages.
    ("ark-usage-transport", &["aws-lc-rs", "clap", "native-tls", "openssl", "webpki-roots"]),
    ("ark-usage-emulator", &["ark-usage-transport", "clap", "hyper-rustls", "rustls"]),
    ("ark-usage-cli", &["aws-lc-rs", "native-tls", "openssl", "webpki-roots"]),
];

/// The workspace's packages and what each declares.
pub type Graph = BTreeMap<String, Vec<Dependency>>;

/// One dependency as declared in a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The package depended on.
    pub name: String,
    /// Needed for tests only.
    pub dev: bool,
    /// Behind a feature.
    pub optional: bool,
}

/// Reads the graph out of `cargo metadata`.
pub fn graph(metadata: &Value) -> Graph {
    let packages = metadata["packages"].as_array().expect("metadata lists packages");
    packages.iter().map(|package| (text(&package["name"]), dependencies(package))).collect()
}

/// Everything in `graph` that `rules` do not allow, one sentence each.
pub fn violations(graph: &Graph, rules: &[LayerRule]) -> Vec<String> {
    let members: BTreeSet<&str> = graph.keys().map(String::as_str).collect();
    let ruled: BTreeSet<&str> = rules.iter().map(|rule| rule.package).collect();
    let unruled = members.difference(&ruled).map(|name| format!("{name}: no rule names it"));
    let absent = ruled.difference(&members).map(|name| format!("{name}: there is no such crate"));
    let mut found: Vec<String> = unruled.chain(absent).collect();
    for (package, dependencies) in graph {
        for dependency in dependencies {
            let rule = rules.iter().find(|rule| rule.package == package);
            let complaint = complaint(rule, dependency, &members);
            found.extend(complaint.map(|why| format!("{package} -> {}: {why}", dependency.name)));
        }
    }
    found
}

fn complaint(
    rule: Option<&LayerRule>,
    dependency: &Dependency,
    members: &BTreeSet<&str>,
) -> Option<&'static str> {
    let name = dependency.name.as_str();
    if NEVER_DEPENDED_ON.contains(&name) {
        return Some("nothing may depend on it");
    }
    let rule = rule?;
    if dependency.dev {
        return None;
    }
    if members.contains(name) && !rule.workspace.contains(&name) {
        return Some("this edge is not in the architecture");
    }
    if rule.closed.is_some_and(|closed| !closed.contains(&name)) {
        return Some("the list of what it is built on is closed");
    }
    if rule.never.contains(&name) {
        return Some("it must never know that");
    }
    (rule.optional.contains(&name) && !dependency.optional)
        .then_some("this belongs behind a feature")
}

fn dependencies(package: &Value) -> Vec<Dependency> {
    let list = package["dependencies"].as_array().expect("a package lists its dependencies");
    list.iter()
        .map(|dependency| Dependency {
            name: text(&dependency["name"]),
            dev: dependency["kind"] == "dev",
            optional: dependency["optional"] == true,
        })
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

//! Dependencies from outside, judged by `deny.toml`: licences, banned and doubled packages, and
//! where they come from. cargo-deny reads the same file and knows more; this needs nothing but cargo.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};
use toml_edit::{DocumentMut, Item, Table};

/// The policy of `deny.toml`, as far as it can be held without cargo-deny.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The systems it is judged for.
    pub systems: BTreeSet<String>,
    /// Licences, one alternative of each package has to be made of.
    pub licences: BTreeSet<String>,
    /// Names that must not come in, with the reason and the packages that may need them all the same.
    pub banned: BTreeMap<String, (String, BTreeSet<String>)>,
    /// Versions that may stand beside another: name, and the version or its beginning.
    pub doubled: BTreeSet<(String, String)>,
}

/// One package from outside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence expression, empty if it gives none.
    pub licence: String,
    /// The source that cargo has it from.
    pub source: String,
    /// The packages that depend on it directly.
    pub needed_by: BTreeSet<String>,
}

impl fmt::Display for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} v{}", self.name, self.version)
    }
}

impl Policy {
    /// Reads `deny.toml`.
    pub fn parse(text: &str) -> Self {
        let file: DocumentMut = text.parse().expect("deny.toml is TOML");
        let table = |name: &str| file[name].as_table().cloned().unwrap_or_else(Table::new);
        let (licenses, bans) = (table("licenses"), table("bans"));
        Self {
            systems: strings(&table("graph")["targets"]),
            licences: strings(&licenses["allow"]),
            banned: bans_of(&bans["deny"]),
            doubled: entries(&bans["skip"])
                .into_iter()
                .map(|(spec, _)| {
                    let (name, version) = spec.split_once('@').expect("a skip names a version");
                    (name.to_owned(), version.to_owned())
                })
                .collect(),
        }
    }

    /// Everything in `packages` that is not allowed, and every permission nobody needs.
    pub fn complaints(&self, packages: &[Package]) -> Vec<String> {
        let mut found: Vec<String> = packages.iter().flat_map(|it| self.about(it)).collect();
        found.extend(self.doubles(packages));
        found.extend(self.unneeded(packages));
        found
    }

    fn about(&self, package: &Package) -> Vec<String> {
        let shown = package.to_string();
        let mut found = Vec::new();
        if !self.licence_is_good(&package.licence) {
            found.push(format!("{shown}: licence `{}` is not allowed", package.licence));
        }
        if let Some((reason, wrappers)) = self.banned.get(&package.name)
            && (wrappers.is_empty() || !package.needed_by.is_subset(wrappers))
        {
            found.push(format!("{shown}: banned: {reason}"));
        }
        if !package.source.starts_with("registry+") {
            found.push(format!("{shown}: comes from `{}`, not from a registry", package.source));
        }
        found
    }

    fn licence_is_good(&self, licence: &str) -> bool {
        let allowed = |wanted: &LicenseReq| self.licences.contains(&wanted.to_string());
        Expression::parse_mode(licence, ParseMode::LAX)
            .is_ok_and(|expression| expression.evaluate(allowed))
    }

    fn doubles(&self, packages: &[Package]) -> Vec<String> {
        let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for package in packages.iter().filter(|package| self.permission(package).is_none()) {
            versions.entry(&package.name).or_default().push(&package.version);
        }
        let doubled = versions.into_iter().filter(|(_, versions)| versions.len() > 1);
        doubled.map(|(name, versions)| format!("{name}: {} at once", versions.join(", "))).collect()
    }

    fn permission(&self, package: &Package) -> Option<&(String, String)> {
        self.doubled.iter().find(|(name, version)| {
            *name == package.name
                && package
                    .version
                    .strip_prefix(version.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    fn unneeded(&self, packages: &[Package]) -> Vec<String> {
        let used: BTreeSet<_> = packages.iter().filter_map(|it| self.permission(it)).collect();
        let stale = self.doubled.iter().filter(|permission| !used.contains(permission));
        stale.map(|(name, version)| format!("deny.toml: nobody needs {name}@{version}")).collect()
    }
}

/// The packages from outside in `cargo metadata`'s answer.
pub fn packages(metadata: &Value) -> Vec<Package> {
    let all = metadata["packages"].as_array().expect("metadata lists packages");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let outside = all.iter().filter(|package| !package["source"].is_null());
    let needed_by = dependents(metadata);
    outside
        .map(|package| Package {
            name: text(&package["name"]),
            version: text(&package["version"]),
            licence: text(&package["license"]),
            source: text(&package["source"]),
            needed_by: needed_by.get(&text(&package["id"])).cloned().unwrap_or_default(),
        })
        .collect()
}

/// The names of the packages that depend on each one directly, by its id.
fn dependents(metadata: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = list(&metadata["packages"]).into_iter();
    let names: BTreeMap<String, String> =
        packages.map(|package| (text(&package["id"]), text(&package["name"]))).collect();
    let mut dependents: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        let name = names.get(&text(&node["id"])).cloned().unwrap_or_default();
        for dependency in list(&node["deps"]) {
            dependents.entry(text(&dependency["pkg"])).or_default().insert(name.clone());
        }
    }
    dependents
}

/// The banned names of `bans.deny`, with `wrappers` where an entry has some.
fn bans_of(list: &Item) -> BTreeMap<String, (String, BTreeSet<String>)> {
    let wrappers = list.as_array().expect("a list").iter().map(|entry| {
        let names = entry.as_inline_table().and_then(|entry| entry.get("wrappers")?.as_array());
        let names = names.into_iter().flatten().filter_map(|name| name.as_str());
        names.map(str::to_owned).collect::<BTreeSet<_>>()
    });
    let banned = entries(list).into_iter().zip(wrappers);
    banned.map(|((name, reason), wrappers)| (name, (reason, wrappers))).collect()
}

fn strings(list: &Item) -> BTreeSet<String> {
    let values = list.as_array().expect("a list").iter();
    values.map(|value| value.as_str().expect("a text").to_owned()).collect()
}

/// `crate` and `reason` of each entry.
fn entries(list: &Item) -> Vec<(String, String)> {
    let values = list.as_array().expect("a list").iter();
    values
        .map(|entry| {
            let entry = entry.as_inline_table().expect("a table");
            let text = |name: &str| entry[name].as_str().expect("a text").to_owned();
            (text("crate"), text("reason"))
        })
        .collect()
}

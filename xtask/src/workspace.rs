//! The workspace as `cargo metadata` tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::failure::Failure;
use crate::shell::Cargo;

/// The workspace's root, target folder and packages.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
}

/// One package of the workspace.
pub(crate) struct Package {
    pub(crate) name: String,
    /// Meant for other people: everything but the developers' own packages.
    pub(crate) publishable: bool,
    /// The features and dependencies each feature switches on; an optional dependency stands as `dep:name`.
    features: BTreeMap<String, Vec<String>>,
}

impl Workspace {
    /// Asks cargo about this workspace.
    pub(crate) fn load() -> Result<Self, Failure> {
        Self::at(Path::new(env!("CARGO_MANIFEST_DIR")))
    }

    /// The consumer outside this workspace, if it is there. It shares this one's target folder.
    pub(crate) fn consumer(&self) -> Result<Option<Self>, Failure> {
        let folder = self.root.join("tests/consumer");
        if !folder.join("Cargo.toml").is_file() {
            return Ok(None);
        }
        let target = self.target.clone();
        Self::at(&folder).map(|consumer| Some(Self { target, ..consumer }))
    }

    fn at(folder: &Path) -> Result<Self, Failure> {
        let arguments = ["metadata", "--no-deps", "--format-version", "1"];
        let text = Cargo::new(folder, &arguments).output()?;
        Self::parse(&text)
            .ok_or_else(|| Failure::other("cargo metadata's answer is not understood"))
    }

    /// The packages meant for other people.
    pub(crate) fn publishable(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.publishable)
    }

    fn parse(text: &str) -> Option<Self> {
        let metadata: Value = serde_json::from_str(text).ok()?;
        let packages = metadata.get("packages")?.as_array()?;
        Some(Self {
            root: metadata.get("workspace_root")?.as_str()?.into(),
            target: metadata.get("target_directory")?.as_str()?.into(),
            packages: packages.iter().map(Package::parse).collect::<Option<_>>()?,
        })
    }
}

impl Package {
    /// Its features' names, `default` left out.
    pub(crate) fn feature_names(&self) -> impl Iterator<Item = &str> {
        self.features.keys().map(String::as_str).filter(|name| *name != "default")
    }

    /// Everything that `chosen` switches on.
    pub(crate) fn closure<'a>(
        &'a self,
        chosen: impl IntoIterator<Item = &'a str>,
    ) -> BTreeSet<&'a str> {
        let mut reached = BTreeSet::new();
        let mut waiting: Vec<&str> = chosen.into_iter().collect();
        while let Some(name) = waiting.pop() {
            let implied = self.features.get(name);
            // `default` itself changes nothing; what it implies does.
            if name == "default" || reached.insert(name) {
                waiting.extend(implied.into_iter().flatten().map(String::as_str));
            }
        }
        reached
    }

    /// Reads one package out of `cargo metadata`.
    pub(crate) fn parse(package: &Value) -> Option<Self> {
        let features = package.get("features")?.as_object()?;
        let implied = |value: &Value| -> Option<Vec<String>> {
            value.as_array()?.iter().map(|name| name.as_str().map(str::to_owned)).collect()
        };
        Some(Self {
            name: package.get("name")?.as_str()?.to_owned(),
            publishable: package.get("publish")?.as_array().is_none_or(|list| !list.is_empty()),
            features: features
                .iter()
                .map(|(name, value)| Some((name.clone(), implied(value)?)))
                .collect::<Option<_>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package() -> Package {
        Package::parse(&serde_json::json!({
            "name": "example",
            "publish": null,
            "features": {"default": ["a"], "a": ["b", "dep:x"], "b": [], "c": []},
        }))
        .unwrap()
    }

    #[test]
    fn features_are_followed_to_the_end() {
        let package = package();
        let reached: Vec<_> = package.closure(["default"]).into_iter().collect();
        assert_eq!(reached, ["a", "b", "dep:x"]);
        assert!(package.closure([]).is_empty());
        assert_eq!(package.feature_names().collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn a_package_that_is_not_published_says_so() {
        assert!(package().publishable);
        let own = serde_json::json!({"name": "own", "publish": [], "features": {}});
        assert!(!Package::parse(&own).unwrap().publishable);
    }
}

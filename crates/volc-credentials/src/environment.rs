//! Environment variables and the home directory, as a value handed in.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// The variables and the home directory that sources read.
///
/// The crate never reads the process environment by itself. A program collects it once, in one
/// place, and hands it in; a test makes up whatever it needs.
///
/// ```
/// use volc_credentials::Environment;
///
/// let environment = Environment::from_variables([("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE")])
///     .with_home("/home/somebody");
/// assert_eq!(environment.get("VOLCENGINE_ACCESS_KEY"), Some("AKLTEXAMPLE"));
/// assert_eq!(environment.with("VOLCENGINE_ACCESS_KEY", "").get("VOLCENGINE_ACCESS_KEY"), None);
/// ```
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    home: Option<PathBuf>,
}

impl Environment {
    /// No variable and no home directory.
    pub fn new() -> Self {
        Self::default()
    }

    /// The given variables and no home directory.
    ///
    /// A whole process environment may be handed in; only names of the official tools are looked at.
    pub fn from_variables<K, V>(variables: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<String>,
        V: Into<String>,
    {
        let variables =
            variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { variables, home: None }
    }

    /// Sets or replaces one variable.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// Sets the home directory; an empty path counts as none.
    #[must_use]
    pub fn with_home(mut self, home: impl Into<PathBuf>) -> Self {
        self.home = Some(home.into()).filter(|home| !home.as_os_str().is_empty());
        self
    }

    /// The value of a variable, without surrounding white space; `None` when it is not set or
    /// holds nothing else.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// The names of all variables that have a value, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str).filter(|name| self.get(name).is_some())
    }

    /// The first of several names that has a value, and that value.
    pub fn first(&self, names: &[&'static str]) -> Option<(&'static str, &str)> {
        names.iter().find_map(|name| Some((*name, self.get(name)?)))
    }

    /// True when a variable is `true`, in any case: the only spelling the official SDKs accept.
    pub fn is_true(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// The user's home directory, where the other tools keep their files.
    pub fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }
}

impl fmt::Debug for Environment {
    /// Names only: any value may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.keys().collect::<Vec<_>>())
            .field("home", &self.home)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_blank_values_are_absent() {
        let environment = Environment::from_variables([("A", ""), ("B", " \t"), ("C", " c ")]);
        assert_eq!(environment.get("A"), None);
        assert_eq!(environment.get("B"), None);
        assert_eq!(environment.get("C"), Some("c"));
        assert_eq!(environment.first(&["A", "B", "C"]), Some(("C", "c")));
        assert_eq!(environment.with_home("").home(), None);
    }

    #[test]
    fn debug_shows_names_only() {
        let environment = Environment::new().with("VOLCENGINE_SECRET_KEY", "fake-secret");
        let shown = format!("{environment:?}");
        assert!(shown.contains("VOLCENGINE_SECRET_KEY") && !shown.contains("fake-secret"));
    }
}

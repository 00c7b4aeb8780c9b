//! Environment variables and the home directory, as a value handed in.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
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
    /// Names of variables whose values are not UTF-8.
    unreadable: BTreeSet<String>,
    home: Option<PathBuf>,
}

/// The variables that name the home directory, the first that is set.
const HOME: [&str; 2] = ["HOME", "USERPROFILE"];

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
        Self { variables, ..Self::default() }
    }

    /// The variables of a process, and the home directory that they name.
    ///
    /// A variable that is not UTF-8 is kept by its name, so that [`read`](Self::read) can refuse it.
    pub fn from_os(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut environment = Self::default();
        for (name, value) in variables {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => drop(environment.variables.insert(name, value)),
                Err(_) => drop(environment.unreadable.insert(name)),
            }
        }
        let home = environment.read_first(&HOME).ok().flatten();
        environment.home = home.map(|(_, home)| home.into());
        environment
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

    /// The value of a variable, without surrounding white space; `None` when it is not set, holds
    /// nothing else, or is not UTF-8.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// The value of a variable that counts, as [`get`](Self::get) returns it.
    ///
    /// # Errors
    ///
    /// The value is not UTF-8. To take it for absent would be to use another account, or no proxy.
    pub fn read(&self, name: &str) -> Result<Option<&str>, UnreadableVariable> {
        if self.unreadable.contains(name) {
            return Err(UnreadableVariable { name: name.to_owned() });
        }
        Ok(self.get(name))
    }

    /// The first of several names that has a value, and that value.
    ///
    /// # Errors
    ///
    /// The first that has a value is not UTF-8.
    pub fn read_first(
        &self,
        names: &[&'static str],
    ) -> Result<Option<(&'static str, &str)>, UnreadableVariable> {
        for name in names {
            if let Some(value) = self.read(name)? {
                return Ok(Some((name, value)));
            }
        }
        Ok(None)
    }

    /// The home directory, as [`home`](Self::home) returns it.
    ///
    /// # Errors
    ///
    /// The variable that names it is not UTF-8.
    pub fn read_home(&self) -> Result<Option<&Path>, UnreadableVariable> {
        match self.home() {
            None => self.read_first(&HOME).map(|_| None),
            home => Ok(home),
        }
    }

    /// The names of the variables whose values are not UTF-8, in order.
    pub fn unreadable(&self) -> impl Iterator<Item = &str> {
        self.unreadable.iter().map(String::as_str)
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

/// A variable that counts and whose value is not UTF-8: set it again, in a terminal that uses UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} is not valid UTF-8")]
#[non_exhaustive]
pub struct UnreadableVariable {
    /// Its name.
    pub name: String,
}

impl fmt::Debug for Environment {
    /// Names only: any value may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("variables", &self.variables.keys().collect::<Vec<_>>())
            .field("unreadable", &self.unreadable)
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

    #[cfg(unix)]
    #[test]
    fn values_that_are_not_utf8_are_not_absent() {
        use std::os::unix::ffi::OsStringExt as _;
        let variable = |name: &str, value: &[u8]| (name.into(), OsString::from_vec(value.into()));
        let environment = Environment::from_os([
            variable("A", b"\xb2\xe2"),
            variable("B", b"b"),
            variable("HOME", b"/home/\xb2\xe2"),
        ]);
        let refused = |name: &str| Err(UnreadableVariable { name: name.to_owned() });
        assert_eq!(environment.read("A"), refused("A"));
        assert_eq!(environment.read("B"), Ok(Some("b")));
        assert_eq!(environment.read_first(&["C", "B", "A"]), Ok(Some(("B", "b"))));
        assert_eq!(environment.read_first(&["C", "A", "B"]), refused("A").map(|_| None));
        assert_eq!(environment.read_home(), refused("HOME").map(|_| None));
        assert_eq!(environment.unreadable().collect::<Vec<_>>(), ["A", "HOME"]);
        assert_eq!(environment.with_home("/h").read_home(), Ok(Some(Path::new("/h"))));
        let environment = Environment::from_os([variable("USERPROFILE", b"/u")]);
        assert_eq!(environment.home(), Some(Path::new("/u")));
    }

    #[test]
    fn debug_shows_names_only() {
        let environment = Environment::new().with("VOLCENGINE_SECRET_KEY", "fake-secret");
        let shown = format!("{environment:?}");
        assert!(shown.contains("VOLCENGINE_SECRET_KEY") && !shown.contains("fake-secret"));
    }
}

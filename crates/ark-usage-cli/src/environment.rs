//! The process environment, read here once and passed on as a value.

use std::ffi::OsString;
use std::path::PathBuf;

use volc_credentials::Environment;

/// Reads the variables of this process and the home directory of the user.
///
/// Variables that are not UTF-8 are left out: none of those that the program reads can be valid then.
pub(crate) fn read() -> Environment {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    let variables = std::env::vars_os();
    let environment = Environment::from_variables(variables.filter_map(utf8_pair));
    match home(&environment) {
        Some(home) => environment.with_home(home),
        None => environment,
    }
}

fn home(environment: &Environment) -> Option<PathBuf> {
    environment.get("HOME").or_else(|| environment.get("USERPROFILE")).map(PathBuf::from)
}

fn utf8_pair((name, value): (OsString, OsString)) -> Option<(String, String)> {
    Some((name.into_string().ok()?, value.into_string().ok()?))
}

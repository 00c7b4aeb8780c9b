//! The process environment, read here once and passed on as a value.

use volc_credentials::Environment;

/// Reads the variables of this process and the home directory of the user.
pub(crate) fn read() -> Environment {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    Environment::from_os(std::env::vars_os())
}

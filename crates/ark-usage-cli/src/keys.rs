//! The keys requests are signed with, found where the user keeps them.

use volc_credentials::{Chain, Environment, Source, Step, Surroundings, VariableFamily};
use volc_sign::Credentials;

use crate::error::CliError;

/// Looks for a key pair in the environment.
pub(crate) fn find(environment: &Environment) -> Result<Credentials, CliError> {
    let chain = Chain::of(VariableFamily::ALL.into_iter().map(Source::Environment));
    let surroundings = Surroundings::new(environment.clone());
    // Variables do not expire, so any instant serves.
    match chain.search(&surroundings).poll(0) {
        Step::Done(Ok(found)) => Ok(found.credentials),
        Step::Done(Err(not_found)) => Err(CliError::configuration(not_found.to_string())
            .with_hint(
                "set VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY (and VOLCENGINE_SESSION_TOKEN for temporary keys),\n\
                 or add --demo to try it on made-up data without keys",
            )),
        Step::Send(_) | Step::Wait => {
            Err(CliError::internal("looking for keys in the environment asked for a server"))
        }
    }
}

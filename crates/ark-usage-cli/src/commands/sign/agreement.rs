//! Headers that were given although signing makes them too: they agree with it, or signing would
//! not cover what is sent.

use volc_sign::{Credentials, SigningTime};

use crate::error::CliError;
use crate::request::{GivenRequest, Header};

const MADE: [&str; 5] = ["Host", "X-Date", "X-Content-Sha256", "X-Security-Token", "Authorization"];

/// Looks at the date, the body's hash and the token. What Host is, the signer itself compares with
/// the URL.
pub(super) fn check(
    given: &GivenRequest,
    time: SigningTime,
    keys: &Credentials,
) -> Result<(), CliError> {
    for name in MADE {
        if given.headers.iter().filter(|header| header.is(name)).count() > 1 {
            return Err(CliError::usage(format!("-H {name} is given twice"))
                .with_hint("give it once or leave it out: signing adds it"));
        }
    }
    for header in &given.headers {
        check_date(header, time)?;
        check_hash(header, given)?;
        check_token(header, keys)?;
    }
    Ok(())
}

/// A signature that was given is the one that was made.
pub(super) fn check_authorization(
    given: &GivenRequest,
    made: Option<&str>,
) -> Result<(), CliError> {
    let Some(header) = given.headers.iter().find(|header| header.is("Authorization")) else {
        return Ok(());
    };
    match made {
        Some(made) if made == header.value => Ok(()),
        Some(made) => Err(CliError::usage(format!("-H '{header}' is not the signature"))
            .with_hint(format!(
                "leave it out: signing adds {made:?}; `ark-usage explain` compares"
            ))),
        None => Err(CliError::usage(format!(
            "-H '{header}': a request with a presigned URL has no such header"
        ))
        .with_hint("leave it out, or leave out --presign")),
    }
}

fn check_date(header: &Header, time: SigningTime) -> Result<(), CliError> {
    if !header.is("X-Date") || header.value == time.to_string() {
        return Ok(());
    }
    let value = &header.value;
    Err(CliError::usage(format!("-H '{header}' is not the time of signing")).with_hint(format!(
        "sign at that time with --now {value}, or write {time}, or leave it out: signing adds it"
    )))
}

fn check_hash(header: &Header, given: &GivenRequest) -> Result<(), CliError> {
    let hash = given.payload_hash().to_string();
    if !header.is("X-Content-Sha256") || header.value == hash {
        return Ok(());
    }
    Err(CliError::usage(format!("-H '{header}' is not the hash of the body")).with_hint(format!(
        "this body of {} bytes has the hash {hash}; leave the header out: signing adds it",
        given.body.bytes.len()
    )))
}

/// Neither token is repeated: they are as good as keys.
fn check_token(header: &Header, keys: &Credentials) -> Result<(), CliError> {
    if !header.is("X-Security-Token") {
        return Ok(());
    }
    let shown = format!("-H 'X-Security-Token: (masked, {} characters)'", header.value.len());
    match keys.session_token() {
        Some(token) if token.expose() == header.value => Ok(()),
        Some(_) => Err(CliError::usage(format!("{shown} is not the token of the keys in use"))
            .with_hint("leave it out: signing adds the one in VOLCENGINE_SESSION_TOKEN")),
        None => Err(CliError::usage(format!("{shown}, but the keys in use have no token"))
            .with_hint("set VOLCENGINE_SESSION_TOKEN to it and leave it out: signing adds it")),
    }
}

//! Why a request was not signed, in the words of the command line.

use volc_sign::{Credentials, PayloadHash, SignError, SignableRequest, Signer, SigningTime};

use crate::error::CliError;
use crate::request::GivenRequest;
use crate::settings::Setting;

/// The signer's objection with the flag it is about and what to do.
pub(super) fn refused(
    error: SignError,
    given: &GivenRequest,
    region: &Setting<String>,
    service: Option<&str>,
) -> CliError {
    if let SignError::Unsendable { what } = error
        && !matches!(what, "region" | "service")
    {
        return CliError::configuration("the keys cannot be used").with_source(error).with_hint(
            "look at them where they are kept: white space or a line's end was perhaps copied along",
        );
    }
    let hint = hint(&error, given);
    let message = match &error {
        SignError::HostMismatch => format!("-H 'Host: {}' is not the URL's", given_host(given)),
        SignError::Unsendable { what: "region" } => {
            format!("{} {:?} cannot stand in a signature", region.origin, region.value)
        }
        SignError::Unsendable { .. } => {
            format!("--service {:?} cannot stand in a signature", service.unwrap_or_default())
        }
        _ => "the request cannot be signed".to_owned(),
    };
    let refused = CliError::usage(message).with_source(error);
    match hint {
        Some(hint) => refused.with_hint(hint),
        None => refused,
    }
}

fn hint(error: &SignError, given: &GivenRequest) -> Option<String> {
    Some(match error {
        SignError::EncodedSlash
        | SignError::InvalidEscape { .. }
        | SignError::PathNotUtf8
        | SignError::Semicolon
        | SignError::RepeatedHeader { .. }
        | SignError::HeaderWhitespace { .. } => {
            "official signers sign this in different ways; --permissive signs it as the Go SDK does"
                .to_owned()
        }
        SignError::MissingHost => {
            "write a whole URL, https://HOST/…, or -H 'Host: …' beside a path".to_owned()
        }
        SignError::HostMismatch => {
            format!("write -H 'Host: {}', or leave it out: signing adds it", host_of(given)?)
        }
        SignError::UserInfo => "leave it out of the URL: keys come from the environment".to_owned(),
        SignError::MissingHeader { name } => {
            format!("give it with -H '{name}: …', or take it off --signed-headers")
        }
        SignError::ReservedParameter { name } if name == "X-Expires" => {
            "leave out --expires-in, or the parameter".to_owned()
        }
        SignError::ReservedParameter { .. } => {
            "presign the bare URL, without the parameters of an earlier signature".to_owned()
        }
        SignError::Unsendable { .. } => {
            "letters, digits, dashes and underscores, as in --region cn-beijing --service ark"
                .to_owned()
        }
        _ => return None,
    })
}

fn given_host(given: &GivenRequest) -> &str {
    let host = given.headers.iter().find(|header| header.is("Host"));
    host.map_or("", |header| &header.value)
}

/// The Host header that signing would add. It does not depend on keys or time.
fn host_of(given: &GivenRequest) -> Option<String> {
    let request = SignableRequest::from_text("GET", &given.url, &[]);
    let authority = request.authority()?;
    let root = format!("https://{authority}/");
    let signer = Signer::new(Credentials::new("any", "any"), "any", "any");
    let signed = signer
        .sign(
            &SignableRequest::from_text("GET", &root, &[]),
            &PayloadHash::EMPTY,
            SigningTime::from_unix(0).ok()?,
        )
        .ok()?;
    signed.headers().find(|(name, _)| *name == "Host").map(|(_, value)| value.to_owned())
}

//! The two forms of a signature, each as a full request.

use volc_sign::{SignError, SignedHeaders, Signer, SigningTime};

use super::signed::SignedRequest;
use crate::request::{GivenRequest, Header};

/// Signs with the Authorization header.
pub(super) fn in_header<'a>(
    given: &'a GivenRequest,
    signer: &Signer,
    time: SigningTime,
) -> Result<SignedRequest<'a>, SignError> {
    let pairs = given.pairs();
    let signed = signer.sign(&given.signable(&pairs), &given.payload_hash(), time)?;
    let made = signed.headers().map(|(name, value)| Header::new(name, value));
    Ok(SignedRequest {
        given,
        canonical_request: signed.canonical_request().to_string(),
        string_to_sign: signed.string_to_sign().to_string(),
        signed_headers: signed.signed_headers().to_string(),
        signature: signed.signature().to_string(),
        authorization: Some(signed.authorization().to_owned()),
        headers: with_made(given.headers.clone(), made),
        presigned_url: None,
        good_until: time.good_until(None),
    })
}

/// Signs with a presigned URL.
pub(super) fn in_url<'a>(
    given: &'a GivenRequest,
    signer: &Signer,
    list: Option<&SignedHeaders>,
    expires_in: Option<u32>,
    time: SigningTime,
) -> Result<SignedRequest<'a>, SignError> {
    let headers = with_made(given.headers.clone(), listed(given, signer, list, time));
    let pairs: Vec<_> =
        headers.iter().map(|header| (header.name.as_str(), header.value.as_str())).collect();
    let presigned = signer.presign(&given.signable(&pairs), expires_in, time)?;
    let canonical_request = presigned.canonical_request();
    let host = canonical_request.headers().find(|(name, _)| *name == "host");
    let host = host.map(|(_, value)| Header::new("Host", value));
    Ok(SignedRequest {
        given,
        canonical_request: canonical_request.to_string(),
        string_to_sign: presigned.string_to_sign().to_string(),
        signed_headers: presigned.signed_headers().to_string(),
        signature: presigned.signature().to_string(),
        authorization: None,
        headers: with_made(headers, host.into_iter()),
        presigned_url: Some(presigned.url().to_owned()),
        good_until: time.good_until(expires_in),
    })
}

/// Returns the headers that `--signed-headers` names although a presigned URL has them as parameters:
/// date, hash and token.
fn listed<'a>(
    given: &'a GivenRequest,
    signer: &'a Signer,
    list: Option<&SignedHeaders>,
    time: SigningTime,
) -> impl Iterator<Item = Header> + 'a {
    let token = signer.credentials().session_token().map(|token| token.expose().to_owned());
    let made = [
        ("X-Date", Some(time.to_string())),
        ("X-Content-Sha256", Some(given.payload_hash().to_string())),
        ("X-Security-Token", token),
    ];
    let names = list.cloned().unwrap_or(SignedHeaders::NONE);
    made.into_iter()
        .filter(move |(name, _)| names.contains(&name.to_ascii_lowercase()))
        .filter_map(|(name, value)| Some(Header::new(name, value?)))
}

/// Adds the headers that signing sets and that were not given: Host first, as is usual on the wire,
/// the others last.
fn with_made(mut headers: Vec<Header>, made: impl Iterator<Item = Header>) -> Vec<Header> {
    for header in made {
        if headers.iter().any(|given| given.is(&header.name)) {
            continue;
        }
        let place = if header.is("Host") { 0 } else { headers.len() };
        headers.insert(place, header);
    }
    headers
}

//! `-f json`: every stage of the signature, and the request to send.

use ark_usage_render::serialized;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::SignedRequest;
use crate::error::CliError;
use crate::request::Header;

/// The JSON document.
pub(crate) fn json(request: &SignedRequest<'_>) -> Result<Vec<u8>, CliError> {
    Ok(serialized(
        &Document {
            canonical_request: &request.canonical_request,
            string_to_sign: &request.string_to_sign,
            signed_headers: &request.signed_headers,
            signature: &request.signature,
            authorization: request.authorization.as_deref(),
            headers: ByName(&request.headers),
            url: &request.given.url,
            presigned_url: request.presigned_url.as_deref(),
            good_until: request.good_until(),
        },
        true,
    )?)
}

#[derive(Serialize)]
struct Document<'a> {
    canonical_request: &'a str,
    string_to_sign: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
    authorization: Option<&'a str>,
    headers: ByName<'a>,
    url: &'a str,
    presigned_url: Option<&'a str>,
    good_until: Option<String>,
}

/// Serializes headers as an object in their order; a repeated header is a list.
struct ByName<'a>(&'a [Header]);

impl Serialize for ByName<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (at, header) in self.0.iter().enumerate() {
            let seen = self.0.iter().take(at).any(|earlier| earlier.is(&header.name));
            let of_name = self.0.iter().filter(|other| other.is(&header.name));
            let values: Vec<&str> = of_name.map(|other| other.value.as_str()).collect();
            match values.as_slice() {
                _ if seen => {}
                [value] => map.serialize_entry(&header.name, value)?,
                values => map.serialize_entry(&header.name, values)?,
            }
        }
        map.end()
    }
}

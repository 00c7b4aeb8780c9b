//! Two canonical requests, field by field.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::CanonicalRequest;

/// One field in which two canonical requests differ. A session token is never shown, only that it
/// differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    field: RequestField,
    server: Option<String>,
    signer: Option<String>,
}

/// A field of a canonical request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the protocol has no other field")]
pub enum RequestField {
    /// The method.
    Method,
    /// The canonical path.
    Path,
    /// The canonical query.
    Query,
    /// A header line.
    Header {
        /// Lower-case name.
        name: String,
    },
    /// The list of signed headers.
    SignedHeaders,
    /// The hash of the body.
    PayloadHash,
}

impl Difference {
    /// The field that differs.
    pub fn field(&self) -> &RequestField {
        &self.field
    }

    /// The server's value, if it has the field.
    pub fn server(&self) -> Option<&str> {
        self.server.as_deref()
    }

    /// The signer's value, if it had the field.
    pub fn signer(&self) -> Option<&str> {
        self.signer.as_deref()
    }

    pub(super) fn into_field(self) -> RequestField {
        self.field
    }
}

impl fmt::Display for RequestField {
    /// `method`, `path`, `query`, `header NAME`, `signed headers` or `payload hash`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Method => f.pad("method"),
            Self::Path => f.pad("path"),
            Self::Query => f.pad("query"),
            Self::Header { name } => write!(f, "header {name}"),
            Self::SignedHeaders => f.pad("signed headers"),
            Self::PayloadHash => f.pad("payload hash"),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let absent = "(missing)";
        writeln!(f, "{}", self.field)?;
        writeln!(f, "  server: {}", self.server().unwrap_or(absent))?;
        write!(f, "  signer: {}", self.signer().unwrap_or(absent))
    }
}

/// The differences of two canonical requests, in the order of their fields.
pub(super) fn differences(server: &CanonicalRequest, signer: &CanonicalRequest) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut compare = |field: RequestField, server: Option<&str>, signer: Option<&str>| {
        if server != signer {
            let (server, signer) = [server, signer].map(|value| Some(shown(&field, value?))).into();
            found.push(Difference { field, server, signer });
        }
    };
    compare(RequestField::Method, Some(server.method()), Some(signer.method()));
    compare(RequestField::Path, Some(server.path()), Some(signer.path()));
    compare(RequestField::Query, Some(server.query()), Some(signer.query()));
    let (here, there) = (headers(server), headers(signer));
    for &name in here.keys().chain(there.keys().filter(|name| !here.contains_key(*name))) {
        let field = RequestField::Header { name: name.to_owned() };
        compare(field, here.get(name).copied(), there.get(name).copied());
    }
    let lists = (server.signed_headers(), signer.signed_headers());
    compare(RequestField::SignedHeaders, Some(lists.0), Some(lists.1));
    compare(RequestField::PayloadHash, Some(server.payload()), Some(signer.payload()));
    found
}

fn headers(canonical: &CanonicalRequest) -> BTreeMap<&str, &str> {
    canonical.headers().collect()
}

/// The value of a field with a token hidden.
fn shown(field: &RequestField, value: &str) -> String {
    const PARAMETER: &str = "X-Security-Token=";
    let hide = |pair: &str| {
        if pair.starts_with(PARAMETER) { format!("{PARAMETER}(hidden)") } else { pair.to_owned() }
    };
    match field {
        RequestField::Header { name } if name == "x-security-token" => {
            format!("({} characters, hidden)", value.len())
        }
        RequestField::Query => value.split('&').map(hide).collect::<Vec<_>>().join("&"),
        _ => value.to_owned(),
    }
}

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
    field: String,
    server: Option<String>,
    signer: Option<String>,
}

impl Difference {
    /// `method`, `path`, `query`, `header NAME`, `signed headers` or `payload hash`.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What the server has, if it has the field.
    pub fn server(&self) -> Option<&str> {
        self.server.as_deref()
    }

    /// What the signer had, if it had the field.
    pub fn signer(&self) -> Option<&str> {
        self.signer.as_deref()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let absent = "(not there)";
        writeln!(f, "{}", self.field)?;
        writeln!(f, "  server: {}", self.server().unwrap_or(absent))?;
        write!(f, "  signer: {}", self.signer().unwrap_or(absent))
    }
}

/// Where two canonical requests differ, in the order of the canonical request.
pub(super) fn differences(server: &CanonicalRequest, signer: &CanonicalRequest) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut compare = |field: &str, server: Option<&str>, signer: Option<&str>| {
        if server != signer {
            found.push(Difference {
                field: field.to_owned(),
                server: server.map(|value| shown(field, value)),
                signer: signer.map(|value| shown(field, value)),
            });
        }
    };
    compare("method", Some(server.method()), Some(signer.method()));
    compare("path", Some(server.path()), Some(signer.path()));
    compare("query", Some(server.query()), Some(signer.query()));
    let (here, there) = (headers(server), headers(signer));
    for name in here.keys().chain(there.keys().filter(|name| !here.contains_key(*name))) {
        let value = |side: &BTreeMap<&str, &str>| side.get(name).copied().map(ToOwned::to_owned);
        compare(&format!("header {name}"), value(&here).as_deref(), value(&there).as_deref());
    }
    compare("signed headers", Some(server.signed_headers()), Some(signer.signed_headers()));
    compare("payload hash", Some(server.payload()), Some(signer.payload()));
    found
}

fn headers(canonical: &CanonicalRequest) -> BTreeMap<&str, &str> {
    canonical.headers().collect()
}

/// The value of a field with a token hidden.
fn shown(field: &str, value: &str) -> String {
    const PARAMETER: &str = "X-Security-Token=";
    if field == "header x-security-token" {
        return format!("({} characters, hidden)", value.len());
    }
    let hide = |pair: &str| {
        if pair.starts_with(PARAMETER) { format!("{PARAMETER}(hidden)") } else { pair.to_owned() }
    };
    if field == "query" {
        return value.split('&').map(hide).collect::<Vec<_>>().join("&");
    }
    value.to_owned()
}

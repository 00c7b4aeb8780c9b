//! Stage 1c: the query (rule R3).

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use crate::percent::{Plus, decode, encode, is_unreserved};
use crate::{Ambiguity, SignError, parameters};

/// The parameters of the query that are signed.
#[derive(Clone, Copy)]
pub(crate) enum Pick<'a> {
    /// All of them: header form.
    All,
    /// Exactly those in this list of decoded names separated by `;`, and never `X-Signature`: query
    /// form.
    Named(&'a [u8]),
    /// All but `X-Signature`: query form without a list.
    AllButSignature,
}

impl<'a> Pick<'a> {
    pub(crate) fn takes(self, name: &[u8]) -> bool {
        self.chosen().takes(name)
    }

    /// Prepares for many names: both a list and a query may come from a stranger and be long, and
    /// searching the one for each name of the other would cost the product of their lengths.
    pub(crate) fn chosen(self) -> Chosen<'a> {
        match self {
            Self::All => Chosen::All,
            Self::AllButSignature => Chosen::AllButSignature,
            Self::Named(list) => {
                let mut names: Vec<&[u8]> = list.split(|&byte| byte == b';').collect();
                names.sort_unstable();
                Chosen::Named(names)
            }
        }
    }
}

/// A [`Pick`] whose names are sorted.
pub(crate) enum Chosen<'a> {
    All,
    AllButSignature,
    Named(Vec<&'a [u8]>),
}

impl Chosen<'_> {
    pub(crate) fn takes(&self, name: &[u8]) -> bool {
        match self {
            Self::All => true,
            _ if name == parameters::SIGNATURE.as_bytes() => false,
            Self::AllButSignature => true,
            Self::Named(names) => names.binary_search(&name).is_ok(),
        }
    }
}

/// One decoded parameter.
pub(crate) type Pair<'a> = (Cow<'a, [u8]>, Cow<'a, [u8]>);

/// Writes the canonical form of a query: parameters decoded, sorted by the decoded name's bytes
/// (equal names keep their order), and encoded again.
pub(crate) fn write(
    out: &mut String,
    query: &str,
    pick: Pick<'_>,
    ambiguity: Ambiguity,
) -> Result<(), SignError> {
    if matches!(pick, Pick::All) && is_canonical(query) {
        out.push_str(query);
        return Ok(());
    }
    let mut pairs = pairs(query, ambiguity)?;
    let chosen = pick.chosen();
    pairs.retain(|(name, _)| chosen.takes(name));
    pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push('&');
        }
        encode(out, name);
        out.push('=');
        encode(out, value);
    }
    Ok(())
}

/// The decoded parameters in the order of the request.
pub(crate) fn pairs(query: &str, ambiguity: Ambiguity) -> Result<Vec<Pair<'_>>, SignError> {
    let mut pairs = Vec::new();
    for text in query.split('&').filter(|text| !text.is_empty()) {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let (name, valid_name) = decode(name, Plus::Space);
        let (value, valid_value) = decode(value, Plus::Space);
        let invalid = !(valid_name && valid_value);
        let semicolon = text.contains(';');
        match ambiguity {
            Ambiguity::Refuse if invalid => return Err(SignError::InvalidEscape { part: "query" }),
            Ambiguity::Refuse if semicolon => return Err(SignError::Semicolon),
            // Go's url.Values drops such a parameter silently.
            Ambiguity::LikeGo if invalid || semicolon => {}
            _ => pairs.push((name, value)),
        }
    }
    Ok(pairs)
}

/// The decoded value of `X-SignedQueries`, if the query has one.
pub(crate) fn signed_queries(query: &str) -> Option<Cow<'_, [u8]>> {
    pairs(query, Ambiguity::AsSent).ok()?.into_iter().find_map(|(name, value)| {
        (*name == *parameters::SIGNED_QUERIES.as_bytes()).then_some(value)
    })
}

/// Returns true for a query that is its own canonical form, as most queries with `Action` and
/// `Version` are. Nothing is decoded, sorted or allocated then: 14 % of a signature with a kept key.
fn is_canonical(query: &str) -> bool {
    let mut last: &[u8] = b"";
    let mut rest = query.as_bytes();
    while !rest.is_empty() {
        let (name, [b'=', value @ ..]) = split_unreserved(rest) else {
            return false;
        };
        // Byte by byte: names are short, and mostly differ in the first.
        if !last.iter().le(name) {
            return false;
        }
        last = name;
        rest = match split_unreserved(value) {
            (_, []) => return true,
            // An ampersand at the end is not canonical.
            (_, [b'&', more @ ..]) if !more.is_empty() => more,
            _ => return false,
        };
    }
    true
}

/// Splits a text behind its leading unreserved characters.
fn split_unreserved(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|&byte| !is_unreserved(byte)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, b""))
}

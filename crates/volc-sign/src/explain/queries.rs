//! The ways clients are known to canonicalise a query and a path differently from the rules.

use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use alloc::vec::Vec;

use super::Cause;
use crate::canonical_query::{self, Pair, Pick};
use crate::percent::{self, Plus, is_unreserved};
use crate::{Ambiguity, canonical_uri, parameters};

/// A different canonical form, and the mistake that leads to it.
pub(super) type Variant = (Cause, String);

/// A decoded parameter.
type Owned = (Vec<u8>, Vec<u8>);

/// Other canonical queries.
pub(super) fn queries(query: &str, pick: Pick<'_>) -> Vec<Variant> {
    let chosen = pick.chosen();
    let picked = |pairs: Vec<Pair<'_>>| -> Vec<Owned> {
        let taken = pairs.into_iter().filter(|(name, _)| chosen.takes(name));
        taken.map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
    };
    let pairs = picked(canonical_query::pairs(query, Ambiguity::AsSent).unwrap_or_default());
    let as_go = picked(canonical_query::pairs(query, Ambiguity::LikeGo).unwrap_or_default());
    let mut variants = orders(&pairs);
    variants.extend(encodings(&pairs));
    variants.extend([
        (Cause::InvalidParametersOmitted, sorted(as_go, standard)),
        (Cause::EmptyPiecesSigned, with_empty_pieces(query, &pairs)),
        (Cause::QueryNotSigned, String::new()),
        (Cause::QueryRaw, raw(query, pick)),
        (Cause::PlusKept, plus_literal(query, pick)),
        (Cause::QueryEncodedTwice, encoded_twice(query, pick)),
        (Cause::EqualsSignOmitted, bare_names(query, pick)),
        (Cause::AmpersandEscaped, sorted(pairs.clone(), standard).replace('&', "&amp;")),
    ]);
    if !matches!(pick, Pick::All) {
        variants.extend(selections(query));
    }
    variants
}

/// Other canonical paths.
pub(super) fn paths(path: &str) -> Vec<Variant> {
    let mut as_go = String::new();
    // Cannot fail: only the strict reading refuses.
    let _ = canonical_uri::write(&mut as_go, path, Ambiguity::LikeGo);
    let twice = encode_segments(path, is_unreserved);
    Vec::from([
        (Cause::PathEncodedTwice, twice.clone()),
        (Cause::PathEncodedTwiceAndCollapsed, collapse(&twice)),
        (Cause::PathSlashDecoded, as_go),
        (Cause::PathRaw, path.to_owned()),
        (Cause::PathNotSigned, "/".to_owned()),
        (Cause::PathEmpty, String::new()),
        (Cause::PathDotsResolved, without_dots(path)),
        (Cause::PathReservedKept, reserved_kept(path)),
        (Cause::PathSlashesCollapsed, collapse(path)),
        (Cause::PathTrailingSlashDropped, path.trim_end_matches('/').to_owned()),
    ])
}

fn orders(pairs: &[Owned]) -> Vec<Variant> {
    let encoded = |bytes: &[u8]| standard(bytes);
    let utf16 = |bytes: &[u8]| String::from_utf8_lossy(bytes).encode_utf16().collect::<Vec<_>>();
    let mut last_only = pairs.to_vec();
    last_only.reverse();
    last_only.sort_by(|(a, _), (b, _)| a.cmp(b));
    last_only.dedup_by(|(a, _), (b, _)| a == b);
    let named = pairs.iter().filter(|(name, _)| !name.is_empty()).cloned().collect();
    let valued = pairs.iter().filter(|(_, value)| !value.is_empty()).cloned().collect();
    let mut raw_values = pairs.to_vec();
    raw_values.sort();
    Vec::from([
        (Cause::QuerySortedEncoded, by(pairs, |(name, value)| (encoded(name), encoded(value)))),
        (Cause::QuerySortedAsUtf16, by(pairs, |(name, _)| utf16(name))),
        (Cause::QueryValuesSortedEncoded, by(pairs, |(name, value)| (utf16(name), encoded(value)))),
        (Cause::QueryValuesSorted, joined(&raw_values, standard)),
        (Cause::QueryNotSorted, joined(pairs, standard)),
        (Cause::OnlyLastParameter, joined(&last_only, standard)),
        (Cause::NamelessParameterOmitted, sorted(named, standard)),
        (Cause::EmptyParametersOmitted, sorted(valued, standard)),
    ])
}

fn encodings(pairs: &[Owned]) -> Vec<Variant> {
    let with = |encode: fn(&[u8]) -> String| sorted(pairs.to_vec(), encode);
    Vec::from([
        (Cause::SpacesAsPlus, with(|bytes| standard(bytes).replace("%20", "+"))),
        (
            Cause::SubDelimitersKept,
            with(|bytes| encode_but(bytes, |byte| is_unreserved(byte) || b"!'()*".contains(&byte))),
        ),
        (
            Cause::QueryAsForm,
            with(|bytes| {
                encode_but(bytes, |byte| (is_unreserved(byte) && byte != b'~') || byte == b'*')
                    .replace("%20", "+")
            }),
        ),
        (
            Cause::TildeEncoded,
            with(|bytes| encode_but(bytes, |byte| is_unreserved(byte) && byte != b'~')),
        ),
        (
            Cause::SlashKept,
            with(|bytes| encode_but(bytes, |byte| is_unreserved(byte) || byte == b'/')),
        ),
        (Cause::EscapesInLowerCase, with(lower_case)),
        (Cause::QueryNotEncoded, with(|bytes| String::from_utf8_lossy(bytes).into_owned())),
    ])
}

/// Other sets of parameters that a client may have signed in a presigned URL.
fn selections(query: &str) -> Vec<Variant> {
    let all_but = |left_out: &[&str]| {
        let pairs = canonical_query::pairs(query, Ambiguity::AsSent).unwrap_or_default();
        let kept = pairs
            .into_iter()
            .filter(|(name, _)| !left_out.iter().any(|left_out| **name == *left_out.as_bytes()))
            .map(|(name, value)| (name.into_owned(), value.into_owned()));
        sorted(kept.collect(), standard)
    };
    Vec::from([
        (Cause::UnlistedParametersSigned, all_but(&[parameters::SIGNATURE])),
        (
            Cause::SignedQueriesNotSigned,
            all_but(&[parameters::SIGNATURE, parameters::SIGNED_QUERIES]),
        ),
    ])
}

fn by<K: Ord>(pairs: &[Owned], key: impl Fn(&Owned) -> K) -> String {
    let mut pairs = pairs.to_vec();
    pairs.sort_by_cached_key(key);
    joined(&pairs, standard)
}

fn sorted(mut pairs: Vec<Owned>, encode: impl Fn(&[u8]) -> String) -> String {
    pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
    joined(&pairs, encode)
}

fn joined(pairs: &[Owned], encode: impl Fn(&[u8]) -> String) -> String {
    let pair = |(name, value): &Owned| encode(name) + "=" + &encode(value);
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

fn standard(bytes: &[u8]) -> String {
    let mut text = String::new();
    percent::encode(&mut text, bytes);
    text
}

fn encode_but(bytes: &[u8], plain: impl Fn(u8) -> bool) -> String {
    let mut text = String::new();
    for &byte in bytes {
        if plain(byte) {
            text.push(char::from(byte));
        } else {
            percent::encode_always(&mut text, byte);
        }
    }
    text
}

fn lower_case(bytes: &[u8]) -> String {
    let mut text = String::new();
    for &byte in bytes {
        let piece = standard(&[byte]);
        text.push_str(&if piece.len() > 1 { piece.to_ascii_lowercase() } else { piece });
    }
    text
}

/// The pieces of the query text whose names are signed.
fn pieces<'a>(query: &'a str, pick: Pick<'a>) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
    let chosen = pick.chosen();
    query
        .split('&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| match piece.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (piece, None),
        })
        .filter(move |(name, _)| chosen.takes(&percent::decode(name, Plus::Space).0))
}

fn raw(query: &str, pick: Pick<'_>) -> String {
    let piece = |(name, value): (&str, Option<&str>)| {
        value.map_or_else(|| name.to_owned(), |value| [name, value].join("="))
    };
    pieces(query, pick).map(piece).collect::<Vec<_>>().join("&")
}

fn plus_literal(query: &str, pick: Pick<'_>) -> String {
    let decoded = |text: Option<&str>| {
        percent::decode(text.unwrap_or_default(), Plus::Literal).0.into_owned()
    };
    let pairs = pieces(query, pick).map(|(name, value)| (decoded(Some(name)), decoded(value)));
    sorted(pairs.collect(), standard)
}

fn encoded_twice(query: &str, pick: Pick<'_>) -> String {
    let raw = |text: &str| text.as_bytes().to_vec();
    let pairs =
        pieces(query, pick).map(|(name, value)| (raw(name), raw(value.unwrap_or_default())));
    sorted(pairs.collect(), standard)
}

fn bare_names(query: &str, pick: Pick<'_>) -> String {
    let decoded = |text: &str| percent::decode(text, Plus::Space).0.into_owned();
    let mut pairs: Vec<_> =
        pieces(query, pick).map(|(name, value)| (decoded(name), value.map(decoded))).collect();
    pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
    let pair = |(name, value): &(Vec<u8>, Option<Vec<u8>>)| {
        standard(name)
            + &value.as_deref().map_or_else(String::new, |value| ["=", &standard(value)].concat())
    };
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

fn with_empty_pieces(query: &str, pairs: &[Owned]) -> String {
    let empty = query.split('&').filter(|piece| piece.is_empty()).take(1);
    let mut pairs = pairs.to_vec();
    pairs.extend(empty.map(|_| (Vec::new(), Vec::new())));
    sorted(pairs, standard)
}

fn encode_segments(path: &str, plain: fn(u8) -> bool) -> String {
    path.split('/')
        .map(|segment| encode_but(segment.as_bytes(), plain))
        .collect::<Vec<_>>()
        .join("/")
}

fn reserved_kept(path: &str) -> String {
    let plain = |byte: u8| is_unreserved(byte) || b"!$&'()*+,;=:@".contains(&byte);
    let segment = |segment: &str| {
        let decoded: Cow<'_, [u8]> = percent::decode(segment, Plus::Literal).0;
        encode_but(&decoded, plain)
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

fn collapse(path: &str) -> String {
    ["/", path.trim_start_matches('/')].concat()
}

fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            ".." if kept.len() > 1 => drop(kept.pop()),
            "." | ".." => {}
            other => kept.push(other),
        }
    }
    let path = kept.join("/");
    if path.is_empty() { "/".to_owned() } else { path }
}

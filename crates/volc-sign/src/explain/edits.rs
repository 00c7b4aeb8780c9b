//! One thing that was changed after the request had been signed by the rules.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Cause;
use super::changes::Known;
use super::parts::Parts;
use crate::PayloadHash;

/// The parts as they were before such a change, and the cause that it is.
pub(super) struct Edit {
    pub(super) cause: Cause,
    pub(super) parts: Parts,
}

/// Every such change that can be taken back, made one at a time: each is a copy of all parts. The value before it is known,
/// or follows from the rest of the request.
pub(super) fn edits(known: &Known<'_>, parts: &Parts) -> impl Iterator<Item = Edit> {
    core::iter::once(hash(known, parts))
        .chain(times(parts))
        .chain(scope_date(parts))
        .chain(added_names(parts))
        .chain(removed_names(known, parts))
}

/// X-Content-Sha256 was the hash of the body that is sent.
fn hash(known: &Known<'_>, parts: &Parts) -> Edit {
    let mut parts = parts.clone();
    parts.payload = PayloadHash::of(known.body).to_string();
    let hash = parts.payload.clone();
    set(&mut parts.headers, "x-content-sha256", &hash);
    Edit { cause: Cause::HashChanged, parts }
}

/// X-Date had the date of the scope, or one field of its time was another.
fn times(parts: &Parts) -> impl Iterator<Item = Edit> {
    time_texts(parts).into_iter().filter_map(|text| at_time(parts, &text))
}

fn time_texts(parts: &Parts) -> Vec<String> {
    let (date, given) = (&parts.scope[0], &parts.x_date);
    let Some((_, time)) = given.split_once('T') else { return Vec::new() };
    let mut texts = Vec::from([format!("{date}T{time}")]);
    for (at, count) in [(0, 24), (2, 60), (4, 60)] {
        let (Some(before), Some(after)) = (time.get(..at), time.get(at + 2..)) else { continue };
        texts.extend((0..count).map(|field| format!("{date}T{before}{field:02}{after}")));
    }
    texts.retain(|text| text != given);
    texts
}

fn at_time(parts: &Parts, text: &str) -> Option<Edit> {
    let time = text.parse().ok()?;
    let mut edited = parts.clone();
    set(&mut edited.headers, "x-date", text);
    // A presigned URL has it as a parameter.
    edited.query =
        parts.query.replace(&format!("X-Date={}", parts.x_date), &format!("X-Date={text}"));
    text.clone_into(&mut edited.x_date);
    Some(Edit { cause: Cause::DateChanged { time }, parts: edited })
}

/// The scope had the date of X-Date.
fn scope_date(parts: &Parts) -> Option<Edit> {
    let (date, _) = parts.x_date.split_once('T')?;
    let mut edited = parts.clone();
    date.clone_into(&mut edited.scope[0]);
    date.clone_into(&mut edited.key_scope[0]);
    let cause = Cause::ScopeDateChanged { date: date.to_owned() };
    (edited.scope != parts.scope).then_some(Edit { cause, parts: edited })
}

/// The list of signed headers was shorter by one.
fn added_names(parts: &Parts) -> impl Iterator<Item = Edit> {
    let without = move |(name, _): &(String, String)| {
        let mut edited = parts.clone();
        edited.headers.retain(|(other, _)| other != name);
        edited.list = list(&edited.headers);
        Edit { cause: Cause::NameAdded { name: name.clone() }, parts: edited }
    };
    parts.headers.iter().take(NAMES).map(without)
}

/// The list of signed headers was longer by one that is sent.
fn removed_names(known: &Known<'_>, parts: &Parts) -> impl Iterator<Item = Edit> {
    let is_listed = |name: &str| parts.headers.iter().any(|(listed, _)| listed == name);
    let sent = known.raw_headers().into_iter().filter(move |(name, _)| !is_listed(name));
    let with = move |(name, values): (String, Vec<String>)| {
        let mut edited = parts.clone();
        let value = values.first().map_or("", |value| value.trim()).to_owned();
        let at = edited.headers.partition_point(|(other, _)| *other < name);
        edited.headers.insert(at, (name.clone(), value));
        edited.list = list(&edited.headers);
        Edit { cause: Cause::NameRemoved { name }, parts: edited }
    };
    sent.filter(|(name, _)| name != "authorization").take(NAMES).map(with)
}

/// The most headers that are taken out of the list, or put back into it: each is a copy of all parts. Requests with more are made to
/// take long.
const NAMES: usize = 64;

fn list(headers: &[(String, String)]) -> String {
    headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";")
}

fn set(headers: &mut [(String, String)], name: &str, value: &str) {
    if let Some((_, place)) = headers.iter_mut().find(|(given, _)| given == name) {
        value.clone_into(place);
    }
}

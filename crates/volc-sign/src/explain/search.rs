//! The search for changes that give the signature that was sent.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::mem;

use super::Cause;
use super::changes::{Change, Known};
use super::edits::{Edit, edits};
use super::parts::Parts;

/// The result of a search.
pub(super) enum Search {
    /// The signature is the one the rules give.
    ByTheRules,
    /// It is the one that these mistakes give; the parts are those that were signed.
    Changed(Vec<Cause>, Box<Parts>),
    /// No known change gives it.
    Nothing,
}

/// Tries the rules, then every change, then every edit, then every two changes of different parts.
pub(super) fn search(known: &Known<'_>, parts: &Parts) -> Search {
    if parts.match_signature(known.presented) {
        return Search::ByTheRules;
    }
    let mut changes = known.changes(parts);
    let matching = |tried: &[&Change]| {
        let mut parts = parts.clone();
        for change in tried {
            change.apply(&mut parts);
        }
        parts.match_signature(known.presented).then_some(parts)
    };
    let single =
        changes.iter().enumerate().find_map(|(at, change)| Some((at, matching(&[change])?)));
    if let Some((at, parts)) = single {
        return Search::Changed(Vec::from([changes.swap_remove(at).cause]), Box::new(parts));
    }
    let mut edits = edits(known, parts);
    if let Some(Edit { cause, parts }) =
        edits.find(|edit| edit.parts.match_signature(known.presented))
    {
        return Search::Changed(Vec::from([cause]), Box::new(parts));
    }
    let pairs = (0..changes.len()).flat_map(|first| (0..first).map(move |second| (first, second)));
    for (first, second) in pairs {
        let (Some(one), Some(other)) = (changes.get(first), changes.get(second)) else {
            continue;
        };
        if mem::discriminant(&one.to) == mem::discriminant(&other.to) {
            continue;
        }
        if let Some(parts) = matching(&[other, one]) {
            // The first index is the higher one: taking it out does not move the other.
            let one = changes.swap_remove(first);
            let other = changes.swap_remove(second);
            return Search::Changed(Vec::from([other.cause, one.cause]), Box::new(parts));
        }
    }
    Search::Nothing
}

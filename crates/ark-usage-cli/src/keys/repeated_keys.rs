//! Profiles of one key, which two files may hold.

use std::collections::BTreeMap;

use ark_usage_report::text;

use super::{CredentialFinder, LocalCredentials};
use crate::context::Context;

/// Drops profiles whose key another one has, with a note: one key is one account. The profile of `ve`
/// is kept, because it may name an address.
pub(super) fn dropped(
    finders: Vec<CredentialFinder>,
    context: &Context<'_>,
) -> Vec<CredentialFinder> {
    let now = context.clock.now().as_second();
    let key_of = |finder: &CredentialFinder| match finder.find_local(now) {
        LocalCredentials::Found(found) => Some(found.credentials.access_key_id().to_owned()),
        _ => None,
    };
    let mut keyed: Vec<(Option<String>, CredentialFinder)> =
        finders.into_iter().map(|finder| (key_of(&finder), finder)).collect();
    let mut owners: BTreeMap<String, String> = BTreeMap::new();
    for of_ve in [true, false] {
        let own = keyed.iter().filter(|(_, finder)| finder.settings.is_some() == of_ve);
        for (key, finder) in own {
            if let (Some(key), Some(profile)) = (key, finder.profile()) {
                owners.entry(key.clone()).or_insert_with(|| profile.to_owned());
            }
        }
    }
    keyed.retain(|(key, finder)| {
        let owner = key.as_ref().and_then(|key| owners.get(key)).map(String::as_str);
        let (Some(owner), Some(profile)) = (owner, finder.profile()) else { return true };
        if owner != profile {
            context.note(text!(
                "note: profile {profile} has the same key as {owner}, which is used",
                "注意：profile {profile} 与 {owner} 的密钥相同，使用 {owner}"
            ));
        }
        owner == profile
    });
    keyed.into_iter().map(|(_, finder)| finder).collect()
}

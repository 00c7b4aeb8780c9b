//! Names of API keys, which only the service can list. The text of a key is never kept.

use std::collections::{BTreeMap, BTreeSet};

use ark_usage_model::list_api_keys::ApiKeyName;
use ark_usage_model::{Tags, Target};
use ark_usage_report::{MOST_LISTED, listed, suggest, text};
use volc_openapi::BaseUrl;

use super::account::Account;
use super::discover::ListedTargets;
use super::lists::{ListGap, Listed, list_api_keys, list_of_api_keys};
use crate::error::CliError;

/// Lists the API keys of all targets, and replaces names in their filters by ids.
pub(super) async fn find(
    accounts: &[Account],
    base_url: &BaseUrl,
    listed: &mut ListedTargets,
) -> Result<(), CliError> {
    let mut failure = None;
    for target in &listed.targets {
        match list(target, accounts, base_url).await {
            Ok((keys, gap)) => {
                listed.api_keys.extend(keys);
                failure = failure.or_else(|| gap.map(|gap| incomplete(target, &gap)));
            }
            Err(error) if error.is_final => return Err(error.error),
            Err(error) => failure = failure.or(Some(error.error)),
        }
    }
    // A list that is not whole may lack keys of a name, whichever keys of it another list has.
    let has_names = |target: &Target| {
        let filters = target.filters.iter().filter(|filter| filter.key == Tags::API_KEY_ID);
        filters.flat_map(|filter| &filter.values).any(|value| !is_id(value))
    };
    if listed.targets.iter().any(has_names)
        && let Some(error) = failure
    {
        return Err(error);
    }
    let names = &listed.api_keys;
    for target in &mut listed.targets {
        for filter in target.filters.iter_mut().filter(|filter| filter.key == Tags::API_KEY_ID) {
            let mut ids = BTreeSet::new();
            for value in &filter.values {
                let found = ids_of(value, names);
                if found.is_empty() {
                    return Err(unknown(value, names));
                }
                ids.extend(found);
            }
            filter.values = ids.into_iter().collect();
        }
    }
    if let Some(failure) = failure {
        let (why, ..) = failure.parts();
        let words = text!(
            "API keys could not be listed, so their names are missing: {why}",
            "无法列出 API Key，因此没有名称：{why}";
            why = why
        );
        listed.api_keys_unlisted = Some(("api_keys_not_listed", words));
    }
    Ok(())
}

/// Returns an id itself, or the ids of all keys with a name: projects may have keys of one name.
fn ids_of(value: &str, names: &BTreeMap<String, String>) -> Vec<String> {
    if is_id(value) {
        return vec![value.to_owned()];
    }
    let named = names.iter().filter(|(_, name)| *name == value);
    named.map(|(id, _)| id.clone()).collect()
}

/// Returns true for the id of an API key, and for the word for none.
pub(super) fn is_id(value: &str) -> bool {
    value.starts_with("apikey-") || value == Tags::NONE
}

/// Returns the names of the API keys of a target's project, by id.
async fn list(target: &Target, accounts: &[Account], base_url: &BaseUrl) -> Listed<ListedName> {
    let account = usize::try_from(target.account.0).ok().and_then(|at| accounts.get(at));
    let Some(account) = account else { return Ok((Vec::new(), None)) };
    let project = target.project.as_deref();
    let (keys, gap) = list_api_keys(&account.ark(), base_url, account.id, project).await?;
    let named = |key: ApiKeyName| Some((key.sid?, key.name?));
    Ok((keys.into_iter().filter_map(named).collect(), gap))
}

/// Id and name of an API key.
type ListedName = (String, String);

/// The error about a list of API keys that is not whole.
fn incomplete(target: &Target, gap: &ListGap) -> CliError {
    let list = list_of_api_keys(target.project.as_deref());
    let received = gap.received();
    CliError::transport(text!(
        "{list} is incomplete: {received}",
        "{list}不完整：{received}";
        list = list, received = received
    ))
    .with_hint(text!(
        "run it again, or pass ids, apikey-…, instead of names",
        "请重试，或用 ID（apikey-…）代替名称"
    ))
}

fn unknown(name: &str, names: &BTreeMap<String, String>) -> CliError {
    let known: BTreeSet<&str> = names.values().map(String::as_str).collect();
    let all = text!(
        "pass the id, apikey-…, or one of these names: {all}",
        "请写 ID（apikey-…），或下列名称之一：{all}";
        all = listed(&known, MOST_LISTED)
    );
    CliError::usage(text!(
        "--api-key {name}: no API key with this name",
        "--api-key {name}：没有这个名称的 API Key"
    ))
    .with_hint(suggest::hint("--api-key ", name, known, all))
}

//! Endpoints that a request names without their project: found in whichever project lists them.

use std::collections::BTreeSet;

use ark_usage_model::Target;
use ark_usage_report::{Scope, suggest, text};
use volc_openapi::BaseUrl;

use super::account::Account;
use super::discover::{EndpointCatalog, ListedTargets, ResourceLister};
use crate::error::CliError;
use crate::lang::Text;

/// Gives each target the endpoints of its project among `ids`, and drops targets without any.
pub(super) async fn find(
    ids: &[String],
    accounts: &[Account],
    base_url: &BaseUrl,
    listed: &mut ListedTargets,
) -> Result<(), CliError> {
    let mut open: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    let mut seen = EndpointCatalog::new();
    // Targets whose endpoints could not be listed, and the reason of the first.
    let mut failed: Vec<usize> = Vec::new();
    let mut reason = None;
    let mut looked_in = Vec::new();
    for (place, target) in listed.targets.iter_mut().enumerate() {
        target.endpoint_ids.clear();
        let account = usize::try_from(target.account.0).ok().and_then(|at| accounts.get(at));
        let Some(account) = account.filter(|_| !open.is_empty()) else { continue };
        let lister = ResourceLister { account, base_url };
        match lister.endpoints(target.project.as_deref()).await {
            Ok((endpoints, gap)) => {
                let here = ids.iter().filter(|id| endpoints.contains_key(*id));
                target.endpoint_ids = here.filter(|id| open.remove(id.as_str())).cloned().collect();
                seen.extend(endpoints);
                match gap.and_then(|gap| gap.reason()) {
                    // A page that could not be read may have it.
                    Some(why) if target.endpoint_ids.is_empty() => {
                        reason.get_or_insert(why);
                        failed.push(place);
                    }
                    _ => looked_in.push(target.project.clone()),
                }
            }
            Err(failure) if failure.is_final => return Err(failure.error),
            Err(failure) => {
                reason.get_or_insert_with(|| failure.reason());
                failed.push(place);
            }
        }
    }
    if let Some(first) = open.first() {
        // A project that could not be looked into may have them, whatever the others have.
        let reduced = || listed.targets.iter().position(|target| target.project.is_none());
        let unlisted = if listed.scope.is_reduced() { reduced() } else { None };
        let Some(place) =
            unlisted.or_else(|| failed.first().copied().filter(|_| looked_in.is_empty()))
        else {
            return Err(found_nowhere(first, &seen, &looked_in));
        };
        if let Some(target) = listed.targets.get_mut(place) {
            target.endpoint_ids.extend(open.iter().map(|id| (*id).to_owned()));
            if let Some(reason) = reason.filter(|_| unlisted.is_none()) {
                target.project = None;
                listed.scope = Scope::unlisted(None, reason);
            }
        }
    }
    let is_named = |id: &String| ids.contains(id);
    listed.endpoints.extend(seen.into_iter().filter(|(id, _)| is_named(id)));
    listed.targets.retain(|target: &Target| !target.endpoint_ids.is_empty());
    Ok(())
}

/// The error about an endpoint that no project lists.
fn found_nowhere(id: &str, seen: &EndpointCatalog, looked_in: &[Option<String>]) -> CliError {
    let names = |lang: crate::lang::Lang| {
        let default = lang.pick("the default project", "默认项目");
        let names = looked_in.iter().map(|name| name.as_deref().unwrap_or(default));
        names.collect::<Vec<_>>().join(lang.pick(", ", "、"))
    };
    let where_to = text!(
        "to count an endpoint that is no longer listed, name its project with --project",
        "要统计已不在列表中的推理接入点，请用 --project 指明它所在的项目"
    );
    let named = seen.iter().filter(|(_, endpoint)| {
        endpoint.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case(id))
    });
    let named: Vec<&str> = named.map(|(known, _)| known.as_str()).collect();
    let hint = if named.is_empty() {
        suggest::hint("--endpoint-id ", id, seen.keys().map(String::as_str), where_to)
    } else {
        text!(
            "{id} is the name of {ids}; pass the id\n{where_to}",
            "{id} 是 {ids} 的名称；请写 ID\n{where_to}",
            ids = named.join(", ");
            where_to = where_to
        )
    };
    CliError::usage(text!(
        "--endpoint-id {id}: no endpoint with this id in {projects}",
        "--endpoint-id {id}：以下项目中没有这个推理接入点：{projects}";
        projects = Text::each(names)
    ))
    .with_hint(hint)
}

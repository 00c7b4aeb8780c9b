//! Hints for places that have keys and cannot give them.

use ark_usage_report::text;
use volc_credentials::{
    Attempt, Environment, ExchangeProblem, KeyProblem, NearMiss, Outcome, SourceError,
    near_misses as misspelt,
};
use volc_openapi::{KeyVariables, Site};

use crate::error::unreadable_hint;
use crate::hints;
use crate::lang::Text;

/// Returns the hint for a service that refused to issue credentials, or for keys that cannot be right.
pub(super) fn refusal_hint(attempt: &Attempt) -> Option<Text> {
    match &attempt.outcome {
        Outcome::Failed(SourceError::Keys(problem)) => return Some(key_hint(*problem)),
        Outcome::Failed(SourceError::UnreadableVariable(_)) => {
            return Some(unreadable_hint());
        }
        _ => {}
    }
    let Outcome::Failed(SourceError::Exchange(error)) = &attempt.outcome else { return None };
    match &error.problem {
        // Hints on parameters are about those of usage queries.
        ExchangeProblem::Refused { code, .. } if !code.contains('.') => {
            Some(hints::explain(code)?.hint())
        }
        ExchangeProblem::Transport(failure) => Some(hints::explain_failure(*failure)),
        _ => None,
    }
}

/// Returns the advice to set the variables of a site; `all` with that of temporary keys.
pub(super) fn set_variables(site: &Site, all: bool) -> Text {
    let Some(KeyVariables { id, secret, token }) = site.key_variables.first() else {
        return Text::same("");
    };
    match token.filter(|_| all) {
        None => text!("set {id} and {secret}", "请设置 {id} 和 {secret}"),
        Some(token) => text!(
            "set {id} and {secret} (and {token} for temporary credentials)",
            "请设置 {id} 和 {secret}（临时密钥还需 {token}）"
        ),
    }
}

/// Returns a line for each variable that is not read, although its name is nearly that of one that is, or is that of
/// another site.
pub(super) fn near_misses(site: &'static Site, environment: &Environment) -> Vec<Text> {
    let line = |NearMiss { found, meant, .. }: NearMiss| {
        text!(
            "{found} is set but not read; did you mean {meant}?",
            "已设置的 {found} 不会被读取；是否想写 {meant}？"
        )
    };
    let is_default = *site == *Site::VOLCENGINE;
    let misspelt = if is_default { misspelt(environment) } else { Vec::new() };
    let misspelt = misspelt.into_iter().filter(|miss| !is_of_a_site(&miss.found)).map(line);
    let key = environment.get("ARK_API_KEY").map(|_| {
        text!(
            "ARK_API_KEY is a key for inference, which cannot query usage",
            "ARK_API_KEY 是推理用的密钥，不能用于查询用量"
        )
    });
    keys_of_other_sites(site, environment).chain(misspelt).chain(key).collect()
}

fn is_of_a_site(name: &str) -> bool {
    let mut variables = Site::ALL.into_iter().flat_map(|site| site.key_variables);
    variables.any(|one| one.id == name || one.secret == name || one.token == Some(name))
}

/// Returns a line for each other site whose keys are set.
fn keys_of_other_sites(
    site: &'static Site,
    environment: &Environment,
) -> impl Iterator<Item = Text> {
    let others = Site::ALL.into_iter().filter(move |other| *other != site);
    others.filter_map(|other| {
        let is_set = |name: &str| environment.get(name).is_some();
        let set = other.key_variables.iter().find(|one| is_set(one.id) || is_set(one.secret))?;
        let name = if is_set(set.id) { set.id } else { set.secret };
        Some(text!(
            "{name} is set but not read: it is a key of {title}; add --site {site}",
            "已设置的 {name} 不会被读取：它是 {title} 的密钥；请加 --site {site}",
            title = other.title,
            site = other.name
        ))
    })
}

fn key_hint(problem: KeyProblem) -> Text {
    match problem {
        KeyProblem::Exchanged => text!(
            "put the id (AKLT…, AKTP…) and the secret in each other's place; nothing was sent",
            "请将 ID（AKLT…、AKTP…）与 Secret 对调；没有发送任何请求"
        ),
        _ => text!(
            "remove that character; files for `docker --env-file` take values without quotes",
            "请去掉该字符；`docker --env-file` 的文件中，值不加引号"
        ),
    }
}

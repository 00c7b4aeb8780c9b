//! Targets that only the service can name: all projects, all endpoints.

use std::collections::BTreeMap;

use ark_usage_model::list_endpoints::{Endpoint, ListEndpoints};
use ark_usage_model::list_projects::ListProjects;
use ark_usage_model::{AccountId, Target};
use ark_usage_transport::{CallError, Client, HyperTransport};
use volc_openapi::{Action, BaseUrl};
use volc_sign::{Credentials, Signer};

use super::question::Question;
use super::verdict;
use crate::clock::{DriverClock, ProgramClock};
use crate::error::CliError;

/// What the service says about endpoints, by id.
pub(crate) type Endpoints = BTreeMap<String, Endpoint>;

/// Asks for lists with one account's keys.
#[derive(Debug)]
pub(super) struct Discoverer<'a> {
    pub(super) transport: &'a HyperTransport,
    pub(super) credentials: &'a Credentials,
    pub(super) clock: ProgramClock,
    pub(super) question: &'a Question,
    /// Where Ark is asked.
    pub(super) base_url: &'a BaseUrl,
}

/// Most pages of one list: a server that pages forever is cut off there.
const MAX_PAGES: u32 = 1_000;
const PROJECTS_PER_PAGE: u32 = 100;
const ENDPOINTS_PER_PAGE: u32 = 100;

impl Discoverer<'_> {
    /// Every project the keys may see, in the service's order.
    pub(super) async fn projects(&self) -> Result<Vec<String>, CliError> {
        let base_url = common_base_url(self.base_url);
        let client = self.client(ListProjects::SERVICE);
        let mut names = Vec::new();
        for page in 0..MAX_PAGES {
            let offset = page * PROJECTS_PER_PAGE;
            let list =
                ListProjects { limit: Some(PROJECTS_PER_PAGE), offset: Some(offset), query: None };
            let answer = client.call(&base_url, AccountId::default(), &list).await;
            let projects =
                answer.map_err(|error| failed("--all-projects", &base_url, error))?.result;
            let count = projects.projects.len();
            let seen = projects.projects.into_iter().filter(|it| it.has_permission != Some(false));
            names.extend(seen.filter_map(|project| project.project_name));
            let all =
                projects.total.is_some_and(|total| i64::from(offset) + count_of(count) >= total);
            if count == 0 || all {
                break;
            }
        }
        if names.is_empty() {
            return Err(CliError::refused("--all-projects: these keys may see no project")
                .with_hint(
                    "attach ArkReadOnlyAccess in the IAM console, or name one with --project",
                ));
        }
        Ok(names)
    }

    /// Every endpoint of a project.
    pub(super) async fn endpoints(&self, project: Option<&str>) -> Result<Endpoints, CliError> {
        let client = self.client(&self.question.server.service.value);
        let mut endpoints = Endpoints::new();
        for page in 1..=MAX_PAGES {
            let list = ListEndpoints {
                project_name: project.map(str::to_owned),
                page_number: Some(page),
                page_size: Some(ENDPOINTS_PER_PAGE),
                ..ListEndpoints::default()
            };
            let answer = client.call(self.base_url, AccountId::default(), &list).await;
            let items =
                answer.map_err(|error| failed("--all-endpoints", self.base_url, error))?.result;
            let before = endpoints.len();
            let named = items.items.into_iter().filter_map(|item| Some((item.id.clone()?, item)));
            endpoints.extend(named);
            let all = items.total_count.is_some_and(|total| count_of(endpoints.len()) >= total);
            if endpoints.len() == before || all {
                break;
            }
        }
        Ok(endpoints)
    }

    fn client(&self, service: &str) -> Client<HyperTransport, Signer, DriverClock> {
        let region = &self.question.server.region.value;
        let signer = Signer::new(self.credentials.clone(), region, service);
        Client::new(self.transport.clone(), signer)
            .with_clock(self.clock.for_driver())
            .with_retry(self.question.options.retry.clone())
    }
}

/// The targets of a question, with lists asked for where it leaves names open.
pub(super) async fn targets(
    discoverer: &Discoverer<'_>,
) -> Result<(Vec<Target>, Endpoints), CliError> {
    let question = discoverer.question;
    let mut targets = question.targets.clone();
    if question.all_projects {
        let template = targets.first().cloned().unwrap_or_default();
        let of = |project| Target { project: Some(project), ..template.clone() };
        targets = discoverer.projects().await?.into_iter().map(of).collect();
    }
    let mut catalogue = Endpoints::new();
    if question.all_endpoints {
        for target in &mut targets {
            let endpoints = discoverer.endpoints(target.project.as_deref()).await?;
            target.endpoint_ids = endpoints.keys().cloned().collect();
            catalogue.extend(endpoints);
        }
    }
    Ok((targets, catalogue))
}

/// IAM and STS answer at the common address, not at Ark's own.
fn common_base_url(base_url: &BaseUrl) -> BaseUrl {
    let common = ["volcengineapi.com", "byteplusapi.com"];
    let domain = common.into_iter().find(|domain| base_url.host().ends_with(&format!(".{domain}")));
    domain
        .and_then(|domain| format!("https://open.{domain}").parse().ok())
        .unwrap_or_else(|| base_url.clone())
}

fn failed(flag: &str, base_url: &BaseUrl, error: CallError) -> CliError {
    match error {
        CallError::Response(volc_openapi::ResponseError::Api(error)) => verdict::refused(&error),
        CallError::Exchange(ark_usage_transport::ExchangeError::Sign(error)) => {
            CliError::configuration(format!("{flag}: the request could not be signed"))
                .with_source(error)
        }
        other => CliError::transport(format!("{flag}: no usable answer from {base_url}"))
            .with_source(other),
    }
}

fn count_of(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iam_is_not_asked_at_arks_own_address() {
        let cases = [
            ("https://ark.cn-beijing.volcengineapi.com", "https://open.volcengineapi.com/"),
            ("https://open.volcengineapi.com", "https://open.volcengineapi.com/"),
            ("https://ark.ap-southeast.byteplusapi.com", "https://open.byteplusapi.com/"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("https://evilvolcengineapi.com", "https://evilvolcengineapi.com/"),
        ];
        for (given, expected) in cases {
            assert_eq!(common_base_url(&given.parse().unwrap()).to_string(), expected);
        }
    }
}

//! Lists of projects and endpoints, page by page, and what is known of a list that is not whole.

use std::time::Duration;

use ark_usage_model::list_api_keys::{ApiKeyName, ListApiKeys};
use ark_usage_model::list_endpoints::{Endpoint, ListEndpoints};
use ark_usage_model::list_projects::{ListProjects, Project};
use ark_usage_model::{AccountId, PageStyle, PagedWalk, Shortfall};
use ark_usage_report::{missing_permission, text};
use ark_usage_transport::{CallError, Client, Clock, Sign, Transport};
use volc_openapi::{Action, BaseUrl, CodeClass, ResponseError, TransportFailure};

use crate::commands::call_error::from_call;
use crate::error::{CliError, CliErrorKind};
use crate::lang::Text;
use crate::settings::service_url;

const ITEMS_PER_PAGE: u32 = 100;

/// Returns true if every other call of the account fails in the same way.
pub(super) fn is_final(error: &CallError) -> bool {
    match error {
        CallError::Response(ResponseError::Api(error)) => matches!(
            error.error_code().class(),
            CodeClass::Credential
                | CodeClass::Signature
                | CodeClass::ClockSkew
                | CodeClass::Account
        ),
        CallError::Exchange(error) => matches!(
            error.kind(),
            TransportFailure::Dns
                | TransportFailure::Connect
                | TransportFailure::ConnectTimeout
                | TransportFailure::Tls
                | TransportFailure::Signing
        ),
        CallError::Request(_) => true,
        _ => false,
    }
}

/// A list that could not be fetched.
#[derive(Debug)]
pub(crate) struct ListingError {
    pub(crate) error: CliError,
    /// The IAM action that is missing.
    pub(crate) permission: Option<String>,
    /// Usage cannot be fetched either.
    pub(super) is_final: bool,
}

impl ListingError {
    pub(super) fn new<A: Action>(error: CallError, base_url: &BaseUrl) -> Self {
        let is_final = is_final(&error);
        let permission = match &error {
            CallError::Response(ResponseError::Api(error)) => missing_permission(error, A::NAME),
            _ => None,
        };
        Self { error: from_call(error, A::NAME, base_url), permission, is_final }
    }

    /// The error of a list of which only some came in time.
    pub(super) fn late(limit: Duration) -> Self {
        let late = text!("not finished within {limit:?}", "未在 {limit:?} 内完成");
        Self { error: CliError::transport(late), permission: None, is_final: false }
    }

    /// The reason, for a warning.
    pub(super) fn reason(&self) -> Text {
        self.error.parts().0.clone()
    }
}

impl From<CliError> for ListingError {
    fn from(error: CliError) -> Self {
        let is_final = error.kind() == CliErrorKind::Interrupted;
        Self { error, permission: None, is_final }
    }
}

/// Items of a list, and what is known to be missing.
pub(crate) type Listed<T> = Result<(Vec<T>, Option<ListGap>), ListingError>;

/// The missing part of a list.
#[derive(Clone, Debug)]
pub(crate) struct ListGap {
    pub(crate) shortfall: Shortfall,
    /// The failure that ended the list early.
    reason: Option<Text>,
}

impl ListGap {
    /// The reason why it ended early, for a warning.
    pub(super) fn reason(&self) -> Option<Text> {
        self.reason.clone()
    }

    /// Returns how much of the list came, and the reason why it ended early, in words.
    pub(super) fn received(&self) -> Text {
        let count = self.count();
        match &self.reason {
            None => count,
            Some(reason) => {
                text!("{count} ({reason})", "{count}（{reason}）"; count = count, reason = reason)
            }
        }
    }

    /// `3 of 53 received`.
    fn count(&self) -> Text {
        let received = self.shortfall.received;
        self.shortfall.reported.map_or_else(
            || text!("{received} received, total unknown", "收到 {received} 个，总数未知"),
            |reported| {
                text!("{received} of {reported} received", "共 {reported} 个，只收到 {received} 个")
            },
        )
    }
}

/// A walk through the projects of an account.
pub(super) type ProjectWalk = PagedWalk<Project>;

/// Begins a walk through projects.
pub(super) fn project_walk() -> ProjectWalk {
    PagedWalk::new(PageStyle::Offset, ITEMS_PER_PAGE)
}

/// Reads every project the credentials may see; `base_url` is Ark's. What came stays in `walk` after a failure.
pub(super) async fn walk_projects<T: Transport, S: Sign, C: Clock>(
    walk: &mut ProjectWalk,
    client: &Client<T, S, C>,
    base_url: &BaseUrl,
    account: AccountId,
) -> Result<(), ListingError> {
    let base_url = service_url(base_url, "iam");
    while let Some(page) = walk.next_page() {
        let list = ListProjects { limit: Some(page.size), offset: Some(page.offset), query: None };
        let response = client.call(&base_url, account, &list).await;
        let list =
            response.map_err(|error| ListingError::new::<ListProjects>(error, &base_url))?.result;
        let keyed = |project: Project| (project.project_name.clone(), project);
        walk.take(list.projects.into_iter().map(keyed), list.total);
    }
    Ok(())
}

/// Returns every project the credentials may see, in the service's order; `base_url` is Ark's.
pub(crate) async fn list_projects<T: Transport, S: Sign, C: Clock>(
    client: &Client<T, S, C>,
    base_url: &BaseUrl,
    account: AccountId,
) -> Listed<Project> {
    let mut walk = project_walk();
    let end = walk_projects(&mut walk, client, base_url, account).await;
    listed(walk, end)
}

/// Returns every endpoint of a project, in the service's order.
pub(crate) async fn list_endpoints<T: Transport, S: Sign, C: Clock>(
    client: &Client<T, S, C>,
    base_url: &BaseUrl,
    account: AccountId,
    project: Option<&str>,
) -> Listed<Endpoint> {
    let mut walk = PagedWalk::new(PageStyle::Number, ITEMS_PER_PAGE);
    let end = async {
        while let Some(page) = walk.next_page() {
            let list = ListEndpoints {
                project_name: project.map(str::to_owned),
                page_number: Some(page.number),
                page_size: Some(page.size),
                ..ListEndpoints::default()
            };
            let response = client.call(base_url, account, &list).await;
            let list = response
                .map_err(|error| ListingError::new::<ListEndpoints>(error, base_url))?
                .result;
            walk.take(list.items.into_iter().map(|item| (item.id.clone(), item)), list.total_count);
        }
        Ok(())
    };
    let end = end.await;
    listed(walk, end)
}

/// Returns every API key of a project, in the service's order.
pub(crate) async fn list_api_keys<T: Transport, S: Sign, C: Clock>(
    client: &Client<T, S, C>,
    base_url: &BaseUrl,
    account: AccountId,
    project: Option<&str>,
) -> Listed<ApiKeyName> {
    let mut walk = PagedWalk::new(PageStyle::Number, ListApiKeys::MAX_PAGE);
    let end = async {
        while let Some(page) = walk.next_page() {
            let list = ListApiKeys {
                project_name: project.map(str::to_owned),
                page_number: Some(page.number),
                page_size: Some(page.size),
            };
            let response = client.call(base_url, account, &list).await;
            let list =
                response.map_err(|error| ListingError::new::<ListApiKeys>(error, base_url))?.result;
            walk.take(list.items.into_iter().map(|key| (key.sid.clone(), key)), list.total_count);
        }
        Ok(())
    };
    let end = end.await;
    listed(walk, end)
}

/// Returns the items of a walk. A list that failed after its first items is incomplete: those that came
/// are known. Without any, and where usage cannot be fetched either, the failure counts.
pub(super) fn listed<T>(mut walk: PagedWalk<T>, end: Result<(), ListingError>) -> Listed<T> {
    let reason = match end {
        Ok(()) => None,
        Err(failure) if failure.is_final || walk.is_empty() => return Err(failure),
        Err(failure) => {
            walk.give_up();
            Some(failure.reason())
        }
    };
    let gap = walk.shortfall().map(|shortfall| ListGap { shortfall, reason });
    Ok((walk.into_items(), gap))
}

/// The name of the list of projects.
pub(crate) fn list_of_projects() -> Text {
    text!("the list of projects", "项目列表")
}

/// The name of the list of a project's endpoints; of the default project's without one.
pub(crate) fn list_of_endpoints(project: Option<&str>) -> Text {
    match project {
        None => text!("the list of endpoints", "推理接入点列表"),
        Some(project) => {
            text!("the list of endpoints of project {project}", "项目 {project} 的推理接入点列表")
        }
    }
}

/// The name of the list of a project's API keys; of the default project's without one.
pub(crate) fn list_of_api_keys(project: Option<&str>) -> Text {
    match project {
        None => text!("the list of API keys", "API Key 列表"),
        Some(project) => {
            text!("the list of API keys of project {project}", "项目 {project} 的 API Key 列表")
        }
    }
}

/// The warning about an incomplete list.
pub(crate) fn list_incomplete(list: &Text, gap: &ListGap) -> (&'static str, Text) {
    let words = text!(
        "{list} is incomplete: {count}; usage of the others is missing",
        "{list}不完整：{count}；其余的用量缺失";
        list = list, count = gap.count()
    );
    let words = match &gap.reason {
        None => words,
        Some(reason) => {
            text!("{words} ({reason})", "{words}（{reason}）"; words = words, reason = reason)
        }
    };
    ("list_incomplete", words)
}

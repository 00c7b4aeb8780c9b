//! The service's place taken by a store: requests in, responses out, without a network.

use ark_usage_model::get_caller_identity::CallerIdentity;
use ark_usage_model::list_api_keys::{ListApiKeys, ListApiKeysResponse};
use ark_usage_model::list_endpoints::{Endpoint, ListEndpoints, ListEndpointsResponse};
use ark_usage_model::list_projects::{ListProjectsResponse, Project};
use ark_usage_model::{Point, RequestedUsage, StoredGap, StoredLine, StoredLines, Tags, Target};
use http::{Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Answer, Catalog, Question, Store, StoreError};

/// The project that the service takes when a request names none.
const DEFAULT_PROJECT: &str = "default";

/// A request that a store cannot answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RespondError {
    /// Usage of this action was never fetched with these filters, or not told apart as far; fetch it
    /// once, as it is asked for here.
    #[error("usage like this was never fetched")]
    NotKept(Box<RequestedUsage>),
    /// Neither usage nor one of the lists that are kept.
    #[error("{0} cannot be answered from a store")]
    Unsupported(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Answers a request as the service would, for the account with this number: usage with the lines
/// that were kept ([`StoredLines`]), and the lists of projects, endpoints and API keys, and the identity, as
/// JSON. `catalog` is [of this account](Catalog::read).
///
/// A project that was asked for without a name is the one named `default`.
///
/// # Errors
///
/// [`RespondError`].
pub fn respond<B: AsRef<[u8]>>(
    store: &dyn Store,
    catalog: &Catalog,
    account_id: &str,
    request: &Request<B>,
) -> Result<Response<Vec<u8>>, RespondError> {
    if let Some(asked) = request.extensions().get::<RequestedUsage>() {
        return usage(store, catalog, account_id, asked);
    }
    let query = request.uri().query().unwrap_or_default();
    let action = parameter(query, "Action").unwrap_or_default();
    let names = || store.names(account_id);
    let body = request.body().as_ref();
    match action {
        "GetCallerIdentity" => {
            let account_id = account_id.parse().ok();
            Ok(success(action, &CallerIdentity { account_id, ..CallerIdentity::default() }))
        }
        "ListProjects" => {
            let number = |name| parameter(query, name).and_then(|digits| digits.parse().ok());
            let all = projects(names()?.projects, catalog);
            let total = count(&all);
            let projects = page(all, number("Offset").unwrap_or(0), number("Limit"));
            let list = ListProjectsResponse { total, projects, ..ListProjectsResponse::default() };
            Ok(success(action, &list))
        }
        "ListEndpoints" => {
            let asked: ListEndpoints = parameters(action, body)?;
            if asked.filter.is_some() || !asked.tag_filters.is_empty() {
                return Err(RespondError::Unsupported(action.to_owned()));
            }
            let project = asked.project_name.as_deref();
            let all = endpoints(names()?.endpoints, catalog, project);
            let total_count = count(&all);
            let items = numbered_page(all, asked.page_number, asked.page_size);
            let list = ListEndpointsResponse { total_count, items, ..Default::default() };
            Ok(success(action, &list))
        }
        "ListApiKeys" => {
            let asked: ListApiKeys = parameters(action, body)?;
            let all = names()?.api_keys;
            let total_count = count(&all);
            let items = numbered_page(all, asked.page_number, asked.page_size);
            Ok(success(action, &ListApiKeysResponse { total_count, items }))
        }
        other if catalog.has_action(other) => Ok(success(other, &())),
        other => Ok(unknown_action(other)),
    }
}

/// Answers a request for usage.
fn usage(
    store: &dyn Store,
    catalog: &Catalog,
    account_id: &str,
    asked: &RequestedUsage,
) -> Result<Response<Vec<u8>>, RespondError> {
    let target = named_project(&asked.target, catalog);
    let question = Question {
        account_id,
        action: asked.action,
        metrics: asked.metrics,
        target: &target,
        window: asked.window,
        settle: asked.settle,
    };
    if !catalog.can_answer(&question) {
        return Err(RespondError::NotKept(Box::new(asked.clone())));
    }
    // The service names a project in its lines only where the request does.
    let is_unnamed = asked.target.project.is_none() && target.project.is_some();
    let mut stored = StoredLines::default();
    for (endpoint_id, answer) in catalog.answer_each(store, &question)? {
        let Answer { lines, not_kept } = answer;
        stored.lines.extend(lines.into_iter().map(|answer| {
            let tags =
                if is_unnamed { without_project(&answer.line.tags) } else { answer.line.tags };
            let mut line = StoredLine::new(answer.line.metric, tags);
            let points = answer.points.into_iter();
            line.points.extend(points.map(|point| {
                (point.start, Point { value: point.value, fetched_at: point.fetched_at })
            }));
            line
        }));
        stored.missing.extend(not_kept.into_iter().map(|window| StoredGap {
            endpoint_id: endpoint_id.clone(),
            time: window.first()..window.end(),
        }));
    }
    let mut response = Response::new(Vec::new());
    response.extensions_mut().insert(stored);
    Ok(response)
}

/// The target with the name of the default project, unless usage was kept without one.
fn named_project(target: &Target, catalog: &Catalog) -> Target {
    let project = target.project.clone();
    let named = || Some(DEFAULT_PROJECT.to_owned()).filter(|_| !catalog.has_project(None));
    Target { project: project.or_else(named), ..target.clone() }
}

fn without_project(tags: &Tags) -> Tags {
    let others = tags.iter().filter(|(key, _)| *key != Tags::PROJECT);
    Tags::new(others.map(|(key, value)| (key.to_owned(), value.to_owned())))
}

/// The projects as last listed, and those of which usage was kept.
fn projects(mut listed: Vec<Project>, catalog: &Catalog) -> Vec<Project> {
    let is_new =
        |name: &&str| !listed.iter().any(|project| project.project_name.as_deref() == Some(*name));
    let more: Vec<&str> = catalog.projects().filter(is_new).collect();
    listed.extend(
        more.into_iter()
            .map(|name| Project { project_name: Some(name.to_owned()), ..Project::default() }),
    );
    listed
}

/// The endpoints of a project as last listed, and those of which usage was kept.
fn endpoints(listed: Vec<Endpoint>, catalog: &Catalog, project: Option<&str>) -> Vec<Endpoint> {
    let project = project.unwrap_or(DEFAULT_PROJECT);
    let is_own = |endpoint: &Endpoint| {
        endpoint.project_name.as_deref().unwrap_or(DEFAULT_PROJECT) == project
    };
    let kept = catalog.endpoint_ids(project);
    let is_new = |id: &&str| !listed.iter().any(|endpoint| endpoint.id.as_deref() == Some(*id));
    let more: Vec<Endpoint> = kept
        .into_iter()
        .filter(is_new)
        .map(|id| Endpoint { id: Some(id.to_owned()), ..Endpoint::default() })
        .collect();
    listed.into_iter().filter(is_own).chain(more).collect()
}

/// The value of a parameter of a query that needs no decoding.
fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn parameters<T: DeserializeOwned>(action: &str, body: &[u8]) -> Result<T, RespondError> {
    serde_json::from_slice(body).map_err(|_| RespondError::Unsupported(action.to_owned()))
}

fn count<T>(items: &[T]) -> Option<i64> {
    i64::try_from(items.len()).ok()
}

/// The items of a page that begins at a position.
fn page<T>(items: Vec<T>, offset: usize, size: Option<usize>) -> Vec<T> {
    items.into_iter().skip(offset).take(size.unwrap_or(usize::MAX)).collect()
}

/// The items of a page with a number, from 1.
fn numbered_page<T>(items: Vec<T>, number: Option<u32>, size: Option<u32>) -> Vec<T> {
    let as_size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let size = size.map(as_size);
    let before = as_size(number.unwrap_or(1).saturating_sub(1));
    page(items, before.saturating_mul(size.unwrap_or(usize::MAX)), size)
}

/// A response with a result, as the API writes it.
fn success<T: Serialize>(action: &str, result: &T) -> Response<Vec<u8>> {
    let metadata = serde_json::json!({ "Action": action });
    json(200, &serde_json::json!({ "ResponseMetadata": metadata, "Result": result }))
}

/// The API's refusal of an action that it does not know.
fn unknown_action(action: &str) -> Response<Vec<u8>> {
    let message = "no usage of this action was kept";
    let error = serde_json::json!({ "Code": "InvalidActionOrVersion", "Message": message });
    let metadata = serde_json::json!({ "Action": action, "Error": error });
    json(404, &serde_json::json!({ "ResponseMetadata": metadata }))
}

fn json(status: u16, body: &serde_json::Value) -> Response<Vec<u8>> {
    let mut response = Response::new(body.to_string().into_bytes());
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    response
}

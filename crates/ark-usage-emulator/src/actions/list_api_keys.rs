//! Ark `ListApiKeys`: the API keys of a project, by pages of at most ten.
//!
//! Its answers carry the texts of keys, as those of its sisters do; a client masks them.

use http::Response;
use serde::Serialize;

use super::Session;
use crate::calendar::rfc3339;
use crate::data::{ApiKey, Project};
use crate::errors::Refusal;
use crate::parameters::Parameters;

const MAX_PAGE_SIZE: i64 = 10;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ApiKeyList<'a> {
    total_count: usize,
    page_number: i64,
    page_size: i64,
    items: Vec<ListedApiKey<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListedApiKey<'a> {
    #[serde(rename = "SID")]
    sid: &'a str,
    name: &'a str,
    project_name: &'a str,
    status: &'static str,
    api_key: &'a str,
    create_time: String,
}

pub(super) fn answer(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let body = Parameters::from_body(session.body)?;
    let page_number = body.integer("PageNumber")?.unwrap_or(1);
    let page_size = body.integer("PageSize")?.unwrap_or(MAX_PAGE_SIZE);
    if page_number < 1 {
        return Err(Refusal::invalid_parameter("PageNumber", "1 or more is expected"));
    }
    if !(1..=MAX_PAGE_SIZE).contains(&page_size) {
        return Err(Refusal::invalid_parameter("PageSize", "1 to 10 are expected"));
    }
    let project = session.project(body.text("ProjectName")?, "ark:ListApiKeys")?;
    let listing = session.behaviors.api_keys;
    let found: Vec<&ApiKey> = project.api_keys.iter().collect();
    let found = listing.existing(found, || session.was_read(&project.name));

    let pages = usize::try_from(page_number - 1).unwrap_or(usize::MAX);
    let to_take = usize::try_from(page_size).unwrap_or_default();
    let page = listing.page(found.len(), pages.saturating_mul(to_take), to_take, pages);
    let page = found.get(page).unwrap_or_default();
    let items = page.iter().map(|key| listed(project, key)).collect();
    let total_count = listing.total(found.len());
    Ok(session.about.success(&ApiKeyList { total_count, page_number, page_size, items }))
}

fn listed<'a>(project: &'a Project, key: &'a ApiKey) -> ListedApiKey<'a> {
    ListedApiKey {
        sid: &key.id,
        name: &key.name,
        project_name: &project.name,
        status: "Active",
        api_key: &key.text,
        create_time: rfc3339(key.created),
    }
}

//! Ark `ListApiKeys`: the API keys of a project, by pages of at most ten.
//!
//! Its answers carry the texts of keys, as those of its sisters do; a client masks them.

use http::Response;
use serde::Serialize;

use super::Session;
use super::page::PageParameters;
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
    let page = PageParameters::read(&body, "PageNumber", MAX_PAGE_SIZE, MAX_PAGE_SIZE)?;
    let project = session.project(body.text("ProjectName")?)?;
    let listing = session.behaviors.api_keys;
    let found: Vec<&ApiKey> = project.api_keys.iter().collect();
    let found = listing.existing(found, || session.was_read(&project.name));
    let items = page.of(&found, &listing).iter().map(|key| listed(project, key)).collect();
    let total_count = listing.total(found.len());
    let PageParameters { number: page_number, size: page_size } = page;
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

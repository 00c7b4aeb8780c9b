//! Ark `ListEndpoints`: the inference endpoints of a project, by pages.

use std::cmp::Ordering;

use http::Response;
use serde::Serialize;

use super::Session;
use super::page::PageParameters;
use crate::calendar::rfc3339;
use crate::data::{Endpoint, Project};
use crate::errors::Refusal;
use crate::parameters::Parameters;

const DEFAULT_PAGE_SIZE: i64 = 10;
const MAX_PAGE_SIZE: i64 = 100;
const STATUS: &str = "Running";

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct EndpointList<'a> {
    total_count: usize,
    page_number: i64,
    page_size: i64,
    items: Vec<ListedEndpoint<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListedEndpoint<'a> {
    id: &'a str,
    name: &'a str,
    project_name: &'a str,
    status: &'static str,
    endpoint_model_type: &'static str,
    model_reference: ModelReference<'a>,
    tags: Vec<ListedTag<'a>>,
    create_time: String,
    update_time: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ModelReference<'a> {
    foundation_model: FoundationModel<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct FoundationModel<'a> {
    name: &'a str,
    model_version: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListedTag<'a> {
    key: &'a str,
    value: &'a str,
}

pub(super) fn answer(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let body = Parameters::from_body(session.body)?;
    let page = PageParameters::read(&body, "PageNumber", DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)?;
    let project = session.project(body.text("ProjectName")?)?;
    let mut found = filtered(project, &body)?;
    sort(&mut found, &body)?;

    let listing = session.behaviors.endpoints;
    let found = listing.existing(found, || session.was_read(&project.name));
    let total_count = listing.total(found.len());
    let items = page.of(&found, &listing).iter().map(|endpoint| listed(project, endpoint));
    let items = items.collect();
    let PageParameters { number: page_number, size: page_size } = page;
    Ok(session.about.success(&EndpointList { total_count, page_number, page_size, items }))
}

/// `Filter` members and `TagFilters`: all of them must hold, one of the values each.
fn filtered<'a>(project: &'a Project, body: &Parameters) -> Result<Vec<&'a Endpoint>, Refusal> {
    let filter = body.object("Filter")?;
    let ids = filter.texts("Ids")?;
    let name = filter.text("Name")?.unwrap_or_default();
    let statuses = filter.texts("Statuses")?;
    let model = filter.text("FoundationModelName")?;
    let mut by_tag = Vec::new();
    let tag_filters = body.objects("TagFilters")?;
    for tag_filter in &tag_filters {
        by_tag.push((tag_filter.text("Key")?.unwrap_or_default(), tag_filter.texts("Values")?));
    }
    let tagged = |endpoint: &Endpoint, key: &str, values: &[&str]| {
        endpoint
            .tags
            .iter()
            .any(|tag| tag.0 == key && (values.is_empty() || values.contains(&tag.1)))
    };
    let holds = |endpoint: &&Endpoint| {
        (ids.is_empty() || ids.contains(&endpoint.id.as_str()))
            && endpoint.name.contains(name)
            && (statuses.is_empty() || statuses.contains(&STATUS))
            && model.is_none_or(|model| endpoint.model == model)
            && by_tag.iter().all(|(key, values)| tagged(endpoint, key, values))
    };
    Ok(project.endpoints.iter().filter(holds).collect())
}

/// Newest first unless `SortOrder` says `Asc`; by `CreateTime`, or by `Name` or `Id` on request.
fn sort(endpoints: &mut [&Endpoint], body: &Parameters) -> Result<(), Refusal> {
    let order: fn(&&Endpoint, &&Endpoint) -> Ordering = match body.text("SortBy")? {
        None | Some("CreateTime" | "UpdateTime") => |a, b| a.created.cmp(&b.created),
        Some("Name") => |a, b| a.name.cmp(&b.name),
        Some("Id") => |a, b| a.id.cmp(&b.id),
        Some(_) => return Err(Refusal::invalid_parameter("SortBy", "no such column")),
    };
    endpoints.sort_by(order);
    match body.text("SortOrder")? {
        Some("Asc") => {}
        None | Some("Desc") => endpoints.reverse(),
        Some(_) => return Err(Refusal::invalid_parameter("SortOrder", "Asc or Desc is expected")),
    }
    Ok(())
}

fn listed<'a>(project: &'a Project, endpoint: &'a Endpoint) -> ListedEndpoint<'a> {
    let created = rfc3339(endpoint.created);
    ListedEndpoint {
        id: &endpoint.id,
        name: &endpoint.name,
        project_name: &project.name,
        status: STATUS,
        endpoint_model_type: "FoundationModel",
        model_reference: ModelReference {
            foundation_model: FoundationModel {
                name: endpoint.model,
                model_version: endpoint.model_version,
            },
        },
        tags: endpoint.tags.iter().map(|(key, value)| ListedTag { key, value }).collect(),
        create_time: created.clone(),
        update_time: created,
    }
}

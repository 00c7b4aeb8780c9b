//! IAM `ListProjects`: the projects a key may see, with its parameters in the query.

use http::Response;
use serde::Serialize;

use super::Session;
use crate::calendar::rfc3339;
use crate::data::Project;
use crate::errors::Refusal;

const DEFAULT_LIMIT: usize = 10;
const MAX_LIMIT: usize = 100;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ProjectList<'a> {
    total: usize,
    limit: usize,
    offset: usize,
    projects: Vec<ListedProject<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListedProject<'a> {
    project_name: &'a str,
    display_name: &'a str,
    #[serde(rename = "AccountID")]
    account_id: u64,
    parent_project_name: &'static str,
    path: String,
    description: &'static str,
    status: &'static str,
    create_date: String,
    has_permission: bool,
}

pub(super) fn answer(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let limit = number(session, "Limit", DEFAULT_LIMIT)?;
    if limit == 0 || limit > MAX_LIMIT {
        return Err(Refusal::invalid_parameter("Limit", "1 to 100 are expected"));
    }
    let offset = number(session, "Offset", 0)?;
    let named = session.query("Query").unwrap_or_default();
    let found: Vec<&Project> = session
        .catalogue
        .projects
        .iter()
        .filter(|project| session.account.sees(&project.name))
        .filter(|project| project.name.contains(named) || project.display_name.contains(named))
        .collect();
    let listing = session.behaviors.projects;
    let found = listing.existing(found, || session.was_read("projects"));
    // An offset that counts pages is the number of pages itself; another one is at least one page on.
    let page = listing.page(found.len(), offset, limit, offset);
    let page = found.get(page).unwrap_or_default();
    let projects = page.iter().map(|project| listed(session, project)).collect();
    let total = listing.total(found.len());
    Ok(session.about.success(&ProjectList { total, limit, offset, projects }))
}

fn number(session: &Session<'_>, name: &str, default: usize) -> Result<usize, Refusal> {
    let wrong = |_| Refusal::invalid_parameter(name, "a number is expected");
    session.query(name).map_or(Ok(default), |text| text.parse().map_err(wrong))
}

fn listed<'a>(session: &Session<'_>, project: &'a Project) -> ListedProject<'a> {
    ListedProject {
        project_name: &project.name,
        display_name: &project.display_name,
        account_id: session.account.account_id,
        parent_project_name: "",
        path: format!("/{}", project.name),
        description: "",
        status: "active",
        create_date: rfc3339(project.created),
        has_permission: true,
    }
}

//! The usage that a call without `ProjectName` asks for.

use ark_usage_model::get_inference_usage::GetInferenceUsage;
use ark_usage_model::list_projects::ListProjects;

use super::observation::TableObservation;
use super::{InferenceProbe, ProbeCalls, ProbeError, ProbeFinding, no_usage};
use crate::text;

pub(super) const QUESTION: &str = "no project";

const DEFAULT: &str = "default";
/// The most other projects that are searched for usage.
const OTHERS: usize = 3;

/// Compares usage without a project with that of the default project, and looks for usage of others.
pub(super) async fn finding<C: ProbeCalls>(
    client: &InferenceProbe<'_, C>,
    week: &GetInferenceUsage,
    whole: &TableObservation,
) -> Result<ProbeFinding, ProbeError<C::Error>> {
    if client.project.is_some() {
        let why = text!("a project was given", "指定了项目");
        return Ok(ProbeFinding::open(QUESTION, why));
    }
    let of = |name: &str| GetInferenceUsage { project_name: Some(name.to_owned()), ..week.clone() };
    let default = client.fetch(&of(DEFAULT)).await?;
    if whole.sums() != default.sums() {
        let more = whole.sums().iter().zip(default.sums()).all(|(whole, part)| *whole >= part);
        let evidence =
            text!("it is not the usage of the project default", "与项目 default 的用量不同");
        return Ok(if more {
            let answer = text!("the usage of several projects", "多个项目的用量");
            ProbeFinding::settled(QUESTION, answer, evidence)
        } else {
            ProbeFinding::open(QUESTION, evidence)
        });
    }
    if !whole.has_usage() {
        return Ok(ProbeFinding::open(QUESTION, no_usage()));
    }
    let list = ListProjects { limit: Some(100), offset: None, query: None };
    let about = text!("probe: projects", "探测：项目");
    let projects = client.calls.send(&list, about).await?.projects;
    let names = projects.into_iter().filter_map(|project| project.project_name);
    for name in names.filter(|name| name != DEFAULT).take(OTHERS) {
        if client.observe(&of(&name)).await?.is_ok_and(|usage| usage.has_usage()) {
            return Ok(ProbeFinding::settled(
                QUESTION,
                text!("the usage of the project default", "项目 default 的用量"),
                text!(
                    "both are equal, and another project has usage",
                    "两者相等，而另一个项目也有用量"
                ),
            ));
        }
    }
    let why = text!("no other project has usage", "其他项目没有用量");
    Ok(ProbeFinding::open(QUESTION, why))
}

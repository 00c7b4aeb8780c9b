//! The question: every argument read and checked before anything is sent.

use std::collections::BTreeSet;

use ark_usage_model::{AccountId, QueryOptions, Scene, Target, UsageQuery};
use volc_openapi::BaseUrl;

use crate::args::{FilterArgs, GetArgs};
use crate::commands::Context;
use crate::error::CliError;
use crate::range::{self, Range};
use crate::render::QueryEcho;
use crate::settings::ServerSettings;

/// A question that can be asked.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) range: Range,
    pub(crate) targets: Vec<Target>,
    pub(crate) server: ServerSettings,
    pub(crate) demo: bool,
    projects: Vec<String>,
    endpoint_ids: Vec<String>,
    scenes: Vec<String>,
}

impl Question {
    /// Reads the arguments.
    pub(crate) fn new(args: &GetArgs, context: &Context<'_>) -> Result<Self, CliError> {
        let zone = range::parse_zone(&args.range.tz)?;
        let range = range::resolve(
            &args.range.input(),
            args.range.interval()?,
            &zone,
            &args.range.tz,
            context.clock.now(),
        )?;
        args.output.format()?;
        let FilterArgs { project, endpoint_id, scene, batch_job_id } = &args.filter;
        let projects = names("--project", project)?;
        let endpoint_ids = names("--endpoint-id", endpoint_id)?;
        let scenes = names("--scene", scene)?;
        let batch_job_id = batch_job_id.as_slice();
        let batch_job_id = names("--batch-job-id", batch_job_id)?.pop();
        let target = Target {
            endpoint_ids: endpoint_ids.clone(),
            scenes: scenes.iter().map(|scene| Scene::from(scene.as_str())).collect(),
            batch_job_id,
            ..Target::new(AccountId::default())
        };
        Ok(Self {
            range,
            targets: one_per_project(&target, &projects),
            server: ServerSettings::new(&args.server)?,
            demo: args.server.demo,
            projects,
            endpoint_ids,
            scenes,
        })
    }

    /// The machine that will ask it at `base_url`.
    pub(crate) fn query(
        &self,
        base_url: BaseUrl,
        options: QueryOptions,
    ) -> Result<UsageQuery, CliError> {
        UsageQuery::new(self.targets.clone(), self.range.window, base_url, options)
            .map_err(|error| CliError::usage("this cannot be asked").with_source(error))
    }

    /// The question as renderers repeat it.
    pub(crate) fn echo<'a>(&'a self, args: &'a GetArgs) -> QueryEcho<'a> {
        QueryEcho {
            api: args.server.api.name(),
            projects: &self.projects,
            endpoint_ids: &self.endpoint_ids,
            scenes: &self.scenes,
            batch_job_id: self.targets.first().and_then(|target| target.batch_job_id.as_deref()),
            demo: self.demo,
        }
    }

    /// Whether only the project that the service takes by itself is counted.
    pub(crate) fn counts_default_project_only(&self) -> bool {
        self.projects.is_empty()
    }
}

fn one_per_project(target: &Target, projects: &[String]) -> Vec<Target> {
    if projects.is_empty() {
        return vec![target.clone()];
    }
    let of = |project: &String| Target { project: Some(project.clone()), ..target.clone() };
    projects.iter().map(of).collect()
}

/// Names in the order given, each once: asking twice would count twice.
fn names(flag: &str, given: &[String]) -> Result<Vec<String>, CliError> {
    let mut seen = BTreeSet::new();
    for name in given {
        if name.is_empty()
            || name.chars().any(|letter| letter.is_whitespace() || letter.is_control())
        {
            return Err(CliError::usage(format!(
                "{flag} {name:?}: a name has no spaces and is not empty"
            ))
            .with_hint(format!("for several, repeat the flag: {flag} A {flag} B")));
        }
        if name.contains(',') {
            return Err(CliError::usage(format!("{flag} {name:?}: one name at a time"))
                .with_hint(format!("for several, repeat the flag: {flag} A {flag} B")));
        }
    }
    Ok(given.iter().filter(|name| seen.insert(name.as_str())).cloned().collect())
}

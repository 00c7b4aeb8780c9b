//! The question: every argument read and checked before anything is sent.

use ark_usage_model::{AccountId, QueryOptions, Scene, Target, UsageQuery};
use volc_openapi::BaseUrl;

use super::names::{names, names_or_lists};
use crate::args::GetArgs;
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
    pub(crate) options: QueryOptions,
    /// Every project is wanted; only the service can name them.
    pub(crate) all_projects: bool,
    /// Every endpoint is wanted, each by itself.
    pub(crate) all_endpoints: bool,
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
        let filter = &args.filter;
        let projects = names("--project", &filter.project)?;
        let endpoint_ids = names_or_lists("--endpoint-id", &filter.endpoint_id)?;
        let scenes = names("--scene", &filter.scene)?;
        let batch_job_id = names("--batch-job-id", filter.batch_job_id.as_slice())?.pop();
        let target = Target {
            endpoint_ids: endpoint_ids.clone(),
            scenes: scenes.iter().map(|scene| Scene::from(scene.as_str())).collect(),
            batch_job_id,
            ..Target::new(AccountId::default())
        };
        Ok(Self {
            options: args.query.options(range.window.interval())?,
            range,
            targets: one_per_project(&target, &projects),
            server: ServerSettings::new(&args.server)?,
            demo: args.server.demo,
            all_projects: filter.all_projects,
            all_endpoints: filter.all_endpoints,
            projects,
            endpoint_ids,
            scenes,
        })
    }

    /// The machine that will ask about `targets` at `base_url`.
    pub(crate) fn query(
        &self,
        targets: Vec<Target>,
        base_url: BaseUrl,
        options: QueryOptions,
    ) -> Result<UsageQuery, CliError> {
        UsageQuery::new(targets, self.range.window, base_url, options)
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
        self.projects.is_empty() && !self.all_projects
    }
}

fn one_per_project(target: &Target, projects: &[String]) -> Vec<Target> {
    if projects.is_empty() {
        return vec![target.clone()];
    }
    let of = |project: &String| Target { project: Some(project.clone()), ..target.clone() };
    projects.iter().map(of).collect()
}

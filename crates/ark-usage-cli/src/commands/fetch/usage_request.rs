//! The usage request: every argument resolved and checked before anything is sent.

use ark_usage_model::{
    AccountId, DimensionFilter, Interval, QueryOptions, Scene, Tags, Target, UsageAction,
    UsageQuery, Window,
};
use ark_usage_render::{QueryEcho, QueryScope};
use ark_usage_report::prices::Prices;
use ark_usage_report::range::{self, Range, RangeInput};
use ark_usage_report::view::{Dimension, ViewSpec};
use ark_usage_report::{Scope, suggest, text};
use volc_openapi::BaseUrl;

use super::account_settings::{AccountSettings, accounts, common_address, unknown_replay_accounts};
use super::breakdown::BreakdownNeeds;
use super::last_hour::LastHour;
use super::names::{names, names_or_lists};
use super::project_choice::{ChoiceSources, ProjectChoice};
use super::server_range::RangeSource;
use crate::args::{Format, PriceArgs, UsageArgs};
use crate::config::{Defaults, Set};
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Lang;
use crate::record::{Configured, Subject};
use crate::settings::parse_base_url;
use crate::{actions, input_files};

/// A resolved command line about usage.
#[derive(Debug)]
pub(crate) struct UsageRequest {
    /// The action that is called.
    pub(crate) action: &'static dyn UsageAction,
    /// The range by this machine's clock.
    pub(crate) range: Range,
    pub(super) source: RangeSource,
    pub(crate) targets: Vec<Target>,
    /// The accounts; their positions are the account ids of the targets.
    pub(crate) accounts: Vec<AccountSettings>,
    /// The address all accounts use.
    pub(crate) base_url: BaseUrl,
    pub(crate) demo: bool,
    /// The format of the configuration.
    pub(crate) default_format: Option<Format>,
    pub(crate) options: QueryOptions,
    pub(crate) filter: UsageFilter,
    /// The prices of `--prices` or the configuration.
    pub(crate) prices: Option<Prices>,
    /// Rows are by days that start within an hour, which cannot be split.
    pub(crate) approximate_days: bool,
    /// Rows name the account they belong to.
    pub(super) names_accounts: bool,
    /// `--assume-different-accounts`.
    pub(super) assumes_different_accounts: bool,
    pub(super) breakdown: BreakdownNeeds,
    pub(super) last_hour: Option<LastHour>,
    /// The values taken from the configuration.
    configured: Configured,
}

/// The projects, endpoints and scenes a request covers.
#[derive(Debug)]
pub(crate) struct UsageFilter {
    pub(crate) projects: ProjectChoice,
    /// Projects that are counted beside every project, listed or not.
    pub(crate) more_projects: Vec<String>,
    pub(crate) endpoint_ids: Vec<String>,
    /// Every endpoint, each by itself.
    pub(crate) all_endpoints: bool,
    scenes: Vec<String>,
}

/// The parts of a request that only some commands have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestExtras<'a> {
    /// The values of `--endpoint-id`.
    pub(crate) endpoint_ids: &'a [String],
    /// Every endpoint, each by itself.
    pub(crate) all_endpoints: bool,
    /// False for a dry run.
    pub(crate) sent: bool,
    /// The view of the result.
    pub(crate) view: Option<&'a ViewSpec>,
    /// Projects that are needed by name beside every project.
    pub(crate) projects: &'a [String],
    /// The range is from the earliest start of these until now; that of the arguments without any.
    pub(crate) since: &'a [RangeInput],
}

impl UsageRequest {
    /// Resolves the arguments, then the set they name, then the defaults of the configuration.
    pub(crate) fn new(
        args: &UsageArgs,
        extras: &RequestExtras<'_>,
        context: &Context<'_>,
    ) -> Result<Self, CliError> {
        let action = actions::named(&args.account.action.api)?;
        let defaults = effective_defaults(&context.config()?.defaults);
        let (range, source) = range(args, extras, &defaults, context)?;
        let set = effective_set(args, context)?;
        let by = extras.view.map_or(&[][..], |view| &view.by);
        extras.view.map_or(Ok(()), |view| view.check_sort(action.metrics()))?;
        let (mut filter, breakdown) = filter(args, extras, &set, context, by)?;
        check_scenes(&filter.scenes, context)?;
        if !extras.sent {
            filter.projects = projects_of_dry_run(filter.projects, breakdown, by, context)?;
        }
        let target = target(args, &filter)?;
        let replayed = context.record_mode.replayed();
        let accounts = match replayed {
            Some(_) => unknown_replay_accounts(args, &set, context)?,
            None => accounts(args, extras.sent, &set, context)?,
        };
        let ids = (0..).map(AccountId).take(accounts.len());
        let request = Self {
            action,
            options: QueryOptions {
                seed: context.record_mode.seed(),
                ..args.account.query.options(range.window.interval())?
            },
            approximate_days: range.has_split_hours()
                && (range.by_days || by.iter().any(Dimension::is_of_days)),
            range,
            source,
            targets: ids
                .flat_map(|id| one_per_project(&target, id, filter.projects.names()))
                .collect(),
            base_url: match replayed {
                Some(header) => parse_base_url("the recording", &header.base_url, true)?,
                None => common_address(&accounts)?,
            },
            accounts,
            demo: replayed.map_or(args.account.server.demo, |header| header.demo),
            names_accounts: by.iter().any(Dimension::is_of_accounts),
            assumes_different_accounts: args.account.profiles.assume_different_accounts,
            configured: configured(args, set, &defaults, context)?,
            default_format: defaults.format,
            prices: None,
            filter,
            breakdown,
            last_hour: None,
        };
        Ok(request.grouped_by_the_action())
    }

    /// Reads the prices of `--prices`, else of the configuration. Prices for endpoints, labels or
    /// models make each endpoint fetched by itself.
    pub(crate) fn price(
        &mut self,
        args: &PriceArgs,
        context: &Context<'_>,
    ) -> Result<(), CliError> {
        let zone = &self.range.zone;
        let configured = context.config()?.defaults.prices.as_ref();
        self.prices = match (&args.prices, configured) {
            (Some(path), _) => Some(input_files::prices("--prices", path, zone)?),
            (None, Some(configured)) => {
                Some(input_files::prices("defaults.prices", &configured.value, zone)?)
            }
            (None, None) => None,
        };
        if let Some(prices) = self.prices.as_ref().filter(|_| !self.filter.all_endpoints) {
            self.breakdown =
                self.breakdown.with_prices(prices, !self.filter.endpoint_ids.is_empty());
        }
        Ok(())
    }

    /// Returns the request as documents repeat it.
    pub(crate) fn echo<'a>(&'a self, scope: &'a Scope) -> QueryEcho<'a> {
        QueryEcho {
            api: self.action.name(),
            scope: self.about(scope),
            approximate_days: self.approximate_days,
        }
    }

    /// Lets an action that can group by itself do so, and fetches no parts beside the whole then.
    fn grouped_by_the_action(mut self) -> Self {
        let action = self.action;
        let groups = |key| {
            action.dimensions().iter().any(|dimension| dimension.key == key && dimension.group)
        };
        let needs = [
            (Tags::ENDPOINT_ID, &mut self.breakdown.endpoints),
            (Tags::SCENE, &mut self.breakdown.scenes),
        ];
        for (key, needed) in needs {
            if *needed && groups(key) {
                *needed = false;
                let group = DimensionFilter { key: key.to_owned(), values: Vec::new() };
                self.targets.iter_mut().for_each(|target| target.filters.push(group.clone()));
            }
        }
        self
    }

    /// Returns what the request covers.
    fn about<'a>(&'a self, scope: &'a Scope) -> QueryScope<'a> {
        QueryScope {
            counted: scope,
            endpoint_ids: &self.filter.endpoint_ids,
            all_endpoints: self.filter.all_endpoints || self.breakdown.endpoints,
            scenes: &self.filter.scenes,
            batch_job_id: self.targets.first().and_then(|target| target.batch_job_id.as_deref()),
            demo: self.demo,
        }
    }

    /// Returns the description a recording starts with.
    pub(crate) fn subject(&self, command: &'static str, base_url: &BaseUrl) -> Subject {
        let profiles = self.accounts.iter().filter_map(|account| account.finder.profile());
        Subject {
            command,
            base_url: base_url.to_string(),
            demo: self.demo,
            configured: Configured {
                profiles: profiles.map(str::to_owned).collect(),
                ..self.configured.clone()
            },
            question: self.description(),
        }
    }

    /// `2024-11-13 … 2024-11-19, 7 days, both included; projects: default, search`
    fn description(&self) -> String {
        let all = |name: &str, all: bool| all.then(|| format!("; all {name}"));
        let named = |name: &str, names: &[String]| {
            (!names.is_empty()).then(|| format!("; {name}: {}", names.join(", ")))
        };
        let filter = &self.filter;
        let parts = [
            named("projects", filter.projects.names()),
            all("projects", filter.projects.is_every()),
            named("endpoints", &filter.endpoint_ids),
            all("endpoints", filter.all_endpoints),
            named("scenes", &filter.scenes),
        ];
        let parts: String = parts.into_iter().flatten().collect();
        // A recording is the same in every language.
        format!("{}{parts}", self.range.words().in_lang(Lang::En))
    }
}

/// Returns the set of `--set`; in a replay, the names that were recorded.
fn effective_set(args: &UsageArgs, context: &Context<'_>) -> Result<Set, CliError> {
    let config = context.config()?;
    let set =
        args.account.profiles.set.as_deref().map(|name| config.set(name, context.environment));
    let set = set.transpose()?.cloned().unwrap_or_default();
    Ok(context.record_mode.replayed().map_or(set, |header| Set {
        profiles: header.configured.profiles.clone(),
        endpoint_ids: header.configured.endpoint_ids.clone(),
        ..Set::default()
    }))
}

fn range(
    args: &UsageArgs,
    extras: &RequestExtras<'_>,
    defaults: &EffectiveDefaults<'_>,
    context: &Context<'_>,
) -> Result<(Range, RangeSource), CliError> {
    let view = extras.view;
    let zone_name = args.range.tz.as_deref().or(defaults.tz).unwrap_or(range::DEFAULT_ZONE);
    let zone = range::parse_zone(zone_name)?;
    let settle = i64::try_from(args.account.query.settle()?.as_secs()).unwrap_or(i64::MAX);
    let since = Some(extras.since).filter(|since| !since.is_empty());
    let source = RangeSource {
        input: since.map_or_else(|| args.range.input(), |since| RangeInput::Since(since.to_vec())),
        rows: interval(args, view.map_or(&[], |view| &view.by))?,
        now: context.clock.now(),
        complete: args.range.complete.then_some(settle),
        compare: view.is_some_and(|view| view.compare),
    };
    // Programs that read the name may accept the case of the zone database only.
    let zone_name = zone.iana_name().unwrap_or(zone_name);
    let range = source.resolve(&zone, zone_name)?;
    Ok((range, source))
}

/// Returns the interval of `--interval` or `--by hour`.
fn interval(args: &UsageArgs, by: &[Dimension]) -> Result<Option<Interval>, CliError> {
    let interval = args.range.interval()?;
    if !by.contains(&Dimension::Hour) {
        return Ok(interval);
    }
    if interval == Some(Interval::Day) {
        return Err(CliError::usage(text!(
            "--by hour requires --interval hour",
            "--by hour 需要 --interval hour：天无法拆分为小时"
        ))
        .with_hint(text!(
            "remove --interval: --by hour implies hours",
            "去掉 --interval 即可：--by hour 会按小时查询"
        )));
    }
    Ok(Some(Interval::Hour))
}

/// Returns the projects of a dry run, which cannot list any.
fn projects_of_dry_run(
    projects: ProjectChoice,
    breakdown: BreakdownNeeds,
    by: &[Dimension],
    context: &Context<'_>,
) -> Result<ProjectChoice, CliError> {
    let is_by_project = projects.is_every() && by.contains(&Dimension::Project);
    let needs_projects = is_by_project || projects == (ProjectChoice::Every { required: true });
    if breakdown.endpoints || needs_projects {
        let flag = if breakdown.endpoints || is_by_project { "--by" } else { "--all-projects" };
        return Err(unknown_names_in_dry_run(flag, breakdown, projects.is_every()));
    }
    if projects.is_every() {
        context.note(text!(
            "dry run: projects are not listed; the request is the one of the default project",
            "试运行：不列出项目，请求针对默认项目"
        ));
        return Ok(ProjectChoice::DefaultProject);
    }
    Ok(projects)
}

/// The error for a dry run of a request whose projects or endpoints have to be listed first.
fn unknown_names_in_dry_run(flag: &str, breakdown: BreakdownNeeds, all_projects: bool) -> CliError {
    let (lists, flags) = match (all_projects, breakdown.endpoints) {
        (true, true) => {
            (text!("projects and endpoints", "项目和推理接入点"), "--project, --endpoint-id")
        }
        (true, false) => (text!("projects", "项目"), "--project"),
        (false, _) => (text!("endpoints", "推理接入点"), "--endpoint-id"),
    };
    CliError::usage(text!(
        "--dry-run cannot be used with {flag}: the list of {lists} must be fetched first",
        "--dry-run 不能与 {flag} 同用：须先向服务端获取{lists}列表";
        lists = lists
    ))
    .with_hint(text!("name them with {flags}", "请用 {flags} 直接指明"))
}

/// Refuses scenes in other letters than the service's, and notes those that look mistyped; an unknown scene is
/// requested all the same, it may be new.
fn check_scenes(scenes: &[String], context: &Context<'_>) -> Result<(), CliError> {
    let known = [Scene::ORDINARY, Scene::BATCH, Scene::BATCH_CHAT];
    let known: Vec<&str> = known.iter().map(Scene::as_str).collect();
    let meant = |scene: &String| Some((scene.clone(), suggest::nearest(scene, known.clone())?));
    let unknown = scenes.iter().filter(|scene| !known.contains(&scene.as_str()));
    for (scene, meant) in unknown.filter_map(meant) {
        if scene.eq_ignore_ascii_case(meant) {
            return Err(CliError::usage(text!(
                "--scene {scene}: unknown scene",
                "--scene {scene}：未知的场景"
            ))
            .with_hint(text!("did you mean --scene {meant}?", "是否想写 --scene {meant}？")));
        }
        context.note(text!(
            "note: unknown --scene {scene}; did you mean {meant}?",
            "注意：未知的 --scene {scene}；是否想写 {meant}？"
        ));
    }
    Ok(())
}

/// The values of the configuration where flags have none.
struct EffectiveDefaults<'a> {
    tz: Option<&'a str>,
    format: Option<Format>,
}

fn effective_defaults(defaults: &Defaults) -> EffectiveDefaults<'_> {
    EffectiveDefaults {
        tz: defaults.tz.as_ref().map(|setting| setting.value.as_str()),
        format: defaults.format.as_ref().map(|setting| setting.value),
    }
}

/// Returns the query that fetches `targets` from `base_url`.
pub(crate) fn query(
    action: &'static dyn UsageAction,
    targets: Vec<Target>,
    window: Window,
    base_url: &BaseUrl,
    options: QueryOptions,
) -> Result<UsageQuery, CliError> {
    UsageQuery::with_action(action, targets, window, base_url.clone(), options).map_err(|error| {
        CliError::usage(text!("this usage cannot be requested", "无法这样查询")).with_source(error)
    })
}

fn filter(
    args: &UsageArgs,
    extras: &RequestExtras<'_>,
    set: &Set,
    context: &Context<'_>,
    by: &[Dimension],
) -> Result<(UsageFilter, BreakdownNeeds), CliError> {
    let sources = ChoiceSources {
        set: args.account.profiles.set.as_ref().map(|_| set),
        defaults: &context.config()?.defaults,
        demo: args.account.server.demo,
        needs_several: by.contains(&Dimension::Project) || !extras.projects.is_empty(),
    };
    let projects = ProjectChoice::new(&args.account.filter, sources)?;
    let endpoint_ids = if extras.all_endpoints {
        Vec::new()
    } else if extras.endpoint_ids.is_empty() {
        names("--set, endpoint_ids", &set.endpoint_ids)?
    } else {
        names_or_lists("--endpoint-id", extras.endpoint_ids)?
    };
    let scenes = names("--scene", &args.account.filter.scene)?;
    let breakdown = BreakdownNeeds::new(by, &endpoint_ids, &scenes);
    let filter = UsageFilter {
        projects,
        more_projects: extras.projects.to_vec(),
        endpoint_ids,
        all_endpoints: extras.all_endpoints && !breakdown.endpoints,
        scenes,
    };
    Ok((filter, breakdown))
}

/// Returns the values of the configuration that a recording keeps.
fn configured(
    args: &UsageArgs,
    set: Set,
    defaults: &EffectiveDefaults<'_>,
    context: &Context<'_>,
) -> Result<Configured, CliError> {
    let config = context.config()?;
    let uses_default_projects = set.projects.is_empty() && args.account.profiles.set.is_none();
    // The demo does not know the projects of the configuration.
    let projects = config.defaults.project.as_ref().filter(|_| !args.account.server.demo);
    let projects = projects.map(|setting| setting.value.clone()).unwrap_or_default();
    Ok(Configured {
        projects: if uses_default_projects { projects } else { set.projects },
        all_projects: config.defaults.all_projects.as_ref().map(|setting| setting.value),
        endpoint_ids: set.endpoint_ids,
        tz: defaults.tz.map(str::to_owned),
        format: defaults.format,
        sts: config.services.sts.as_ref().map(ToString::to_string),
        pretends_now: context.pretends_now(),
        ..Configured::default()
    })
}

fn target(args: &UsageArgs, filter: &UsageFilter) -> Result<Target, CliError> {
    let batch_job_id = names("--batch-job-id", args.account.filter.batch_job_id.as_slice())?.pop();
    Ok(Target {
        endpoint_ids: filter.endpoint_ids.clone(),
        scenes: filter.scenes.iter().map(|scene| Scene::from(scene.as_str())).collect(),
        batch_job_id,
        ..Target::new(AccountId::default())
    })
}

fn one_per_project(target: &Target, account: AccountId, projects: &[String]) -> Vec<Target> {
    let target = Target { account, ..target.clone() };
    if projects.is_empty() {
        return vec![target];
    }
    let of = |project: &String| Target { project: Some(project.clone()), ..target.clone() };
    projects.iter().map(of).collect()
}

//! The usage request: every argument resolved and checked before anything is sent.

use ark_usage_model::{
    AccountId, DimensionFilter, Interval, QueryOptions, Scene, Tags, Target, UsageAction,
    UsageQuery, Window,
};
use ark_usage_render::{QueryEcho, QueryScope};
use ark_usage_report::prices::Prices;
use ark_usage_report::range::{self, Range, RangeSpec};
use ark_usage_report::view::{Dimension, ViewSpec};
use ark_usage_report::{suggest, text};
use volc_openapi::BaseUrl;

use super::account_settings::{AccountSettings, accounts, common_address, unknown_replay_accounts};
use super::breakdown::BreakdownNeeds;
use super::names::{names, names_or_lists};
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
    pub(crate) range: Range,
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
    pub(super) breakdown: BreakdownNeeds,
    /// The values taken from the configuration.
    configured: Configured,
}

/// The projects, endpoints and scenes a request covers.
#[derive(Debug)]
pub(crate) struct UsageFilter {
    pub(crate) projects: Vec<String>,
    /// Every project; only the service can list them.
    pub(crate) all_projects: bool,
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
}

impl UsageRequest {
    /// Resolves the arguments, then the set they name, then the defaults of the configuration.
    pub(crate) fn new(
        args: &UsageArgs,
        extras: &RequestExtras<'_>,
        context: &Context<'_>,
    ) -> Result<Self, CliError> {
        let defaults = effective_defaults(args, &context.config()?.defaults);
        let range = range(args, extras.view, &defaults, context)?;
        let set = effective_set(args, context)?;
        let by = extras.view.map_or(&[][..], |view| &view.by);
        let (filter, breakdown) = filter(args, extras, &set, &defaults, by)?;
        warn_unknown_scenes(&filter.scenes, context);
        if !extras.sent && (breakdown.endpoints || filter.all_projects) {
            let flag = if args.account.filter.all_projects { "--all-projects" } else { "--by" };
            return Err(unknown_names_in_dry_run(flag, breakdown, filter.all_projects));
        }
        let target = target(args, &filter)?;
        let replayed = context.record_mode.replayed();
        let accounts = match replayed {
            Some(_) => unknown_replay_accounts(args, &set, context)?,
            None => accounts(args, extras.sent, &set, context)?,
        };
        let ids = (0..).map(AccountId).take(accounts.len());
        Ok(Self {
            action: actions::DEFAULT,
            options: QueryOptions {
                seed: context.record_mode.seed(),
                ..args.account.query.options(range.window.interval())?
            },
            approximate_days: range.has_split_hours()
                && (range.by_days || by.iter().any(Dimension::is_of_days)),
            range,
            targets: ids.flat_map(|id| one_per_project(&target, id, &filter.projects)).collect(),
            base_url: match replayed {
                Some(header) => parse_base_url("the recording", &header.base_url, true)?,
                None => common_address(&accounts)?,
            },
            accounts,
            demo: replayed.map_or(args.account.server.demo, |header| header.demo),
            configured: configured(args, set, &defaults, context)?,
            default_format: defaults.format,
            prices: None,
            filter,
            breakdown,
        })
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

    /// Returns the grouping of rows without `--by` when endpoints have their own prices: a whole and
    /// its parts side by side would be counted twice.
    pub(crate) fn grouping_for_prices(&self) -> Option<Vec<Dimension>> {
        if !self.breakdown.for_prices || !self.breakdown.endpoints {
            return None;
        }
        let unit = match self.range.rows {
            Interval::Day => Dimension::Day,
            Interval::Hour => Dimension::Hour,
        };
        let several = self.filter.all_projects || !self.filter.projects.is_empty();
        let project = several.then_some(Dimension::Project);
        let profile = (self.accounts.len() > 1).then_some(Dimension::Profile);
        Some([unit].into_iter().chain(profile).chain(project).collect())
    }

    /// Returns the request as documents repeat it.
    pub(crate) fn echo(&self) -> QueryEcho<'_> {
        QueryEcho {
            api: self.action.name(),
            scope: self.about(),
            approximate_days: self.approximate_days,
        }
    }

    /// Uses another action. One that can group by itself does so, and no parts are fetched beside the
    /// whole.
    pub(crate) fn with_action(mut self, action: &'static dyn UsageAction) -> Self {
        self.action = action;
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
    pub(crate) fn about(&self) -> QueryScope<'_> {
        QueryScope {
            projects: &self.filter.projects,
            all_projects: self.filter.all_projects,
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
            named("projects", &filter.projects),
            all("projects", filter.all_projects),
            named("endpoints", &filter.endpoint_ids),
            all("endpoints", filter.all_endpoints),
            named("scenes", &filter.scenes),
        ];
        let parts: String = parts.into_iter().flatten().collect();
        // A recording is the same in every language.
        format!("{}{parts}", self.range.words().in_lang(Lang::En))
    }

    /// Returns true if only the default project is counted.
    pub(crate) fn counts_default_project_only(&self) -> bool {
        self.filter.projects.is_empty() && !self.filter.all_projects
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
    view: Option<&ViewSpec>,
    defaults: &EffectiveDefaults<'_>,
    context: &Context<'_>,
) -> Result<Range, CliError> {
    let zone_name = args.range.tz.as_deref().or(defaults.tz).unwrap_or(range::DEFAULT_ZONE);
    let zone = range::parse_zone(zone_name)?;
    let settle = i64::try_from(args.account.query.settle()?.as_secs()).unwrap_or(i64::MAX);
    let range = range::resolve(&RangeSpec {
        input: &args.range.input(),
        rows: interval(args, view.map_or(&[], |view| &view.by))?,
        zone: &zone,
        // Programs that read the name may accept the case of the zone database only.
        zone_name: zone.iana_name().unwrap_or(zone_name),
        now: context.clock.now(),
        complete: args.range.complete.then_some(settle),
        compare: view.is_some_and(|view| view.compare),
    })?;
    Ok(range)
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

/// Notes scenes that look mistyped; an unknown scene is requested all the same, it may be new.
fn warn_unknown_scenes(scenes: &[String], context: &Context<'_>) {
    let known = [Scene::ORDINARY, Scene::BATCH, Scene::BATCH_CHAT];
    let known: Vec<&str> = known.iter().map(Scene::as_str).collect();
    let meant = |scene: &String| Some((scene.clone(), suggest::nearest(scene, known.clone())?));
    let unknown = scenes.iter().filter(|scene| !known.contains(&scene.as_str()));
    for (scene, meant) in unknown.filter_map(meant) {
        context.note(text!(
            "note: unknown --scene {scene}; did you mean {meant}?",
            "注意：未知的 --scene {scene}；是否想写 {meant}？"
        ));
    }
}

/// The values of the configuration where flags have none.
struct EffectiveDefaults<'a> {
    projects: &'a [String],
    tz: Option<&'a str>,
    format: Option<Format>,
}

/// Returns the defaults; the demo does not know the projects of the configuration.
fn effective_defaults<'a>(args: &UsageArgs, defaults: &'a Defaults) -> EffectiveDefaults<'a> {
    let projects = defaults.project.as_ref().filter(|_| !args.account.server.demo);
    EffectiveDefaults {
        projects: projects.map(|setting| setting.value.as_slice()).unwrap_or_default(),
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
    defaults: &EffectiveDefaults<'_>,
    by: &[Dimension],
) -> Result<(UsageFilter, BreakdownNeeds), CliError> {
    let (projects, endpoint_ids) = projects_and_endpoints(args, extras, set, defaults)?;
    let scenes = names("--scene", &args.account.filter.scene)?;
    let breakdown = BreakdownNeeds::new(by, &endpoint_ids, &scenes);
    let is_by_project = projects.is_empty() && by.contains(&Dimension::Project);
    let filter = UsageFilter {
        projects,
        all_projects: args.account.filter.all_projects || is_by_project,
        endpoint_ids,
        all_endpoints: extras.all_endpoints && !breakdown.endpoints,
        scenes,
    };
    Ok((filter, breakdown))
}

/// Returns projects and endpoints of the flags, else of the set, else the default project.
fn projects_and_endpoints(
    args: &UsageArgs,
    extras: &RequestExtras<'_>,
    set: &Set,
    defaults: &EffectiveDefaults<'_>,
) -> Result<(Vec<String>, Vec<String>), CliError> {
    let filter = &args.account.filter;
    let projects = if filter.all_projects {
        Vec::new()
    } else if !filter.project.is_empty() {
        names("--project", &filter.project)?
    } else if !set.projects.is_empty() {
        names("--set, projects", &set.projects)?
    } else if args.account.profiles.set.is_none() {
        names("the configuration's project", defaults.projects)?
    } else {
        Vec::new()
    };
    let endpoint_ids = if extras.all_endpoints {
        Vec::new()
    } else if extras.endpoint_ids.is_empty() {
        names("--set, endpoint_ids", &set.endpoint_ids)?
    } else {
        names_or_lists("--endpoint-id", extras.endpoint_ids)?
    };
    Ok((projects, endpoint_ids))
}

/// Returns the values of the configuration that a recording keeps.
fn configured(
    args: &UsageArgs,
    set: Set,
    defaults: &EffectiveDefaults<'_>,
    context: &Context<'_>,
) -> Result<Configured, CliError> {
    let uses_default_projects = set.projects.is_empty() && args.account.profiles.set.is_none();
    Ok(Configured {
        projects: if uses_default_projects { defaults.projects.to_vec() } else { set.projects },
        endpoint_ids: set.endpoint_ids,
        tz: defaults.tz.map(str::to_owned),
        format: defaults.format,
        sts: context.config()?.services.sts.as_ref().map(ToString::to_string),
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

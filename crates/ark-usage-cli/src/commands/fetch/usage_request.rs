//! The usage request: every argument resolved and checked before anything is sent.

use std::cell::Cell;
use std::path::PathBuf;
use std::time::Duration;

use ark_usage_model::{
    AccountId, Interval, QueryOptions, Tags, Target, UsageAction, UsageQuery, Window,
};
use ark_usage_render::{QueryEcho, QueryScope};
use ark_usage_report::prices::Prices;
use ark_usage_report::range::{self, Range, RangeInput};
use ark_usage_report::view::Dimension;
use ark_usage_report::view::action_fit::{self, FilterFlag};
use ark_usage_report::{Scope, text};
use volc_openapi::BaseUrl;

use super::account_settings::{
    AccountSettings, accounts, common_address, kept_accounts, unknown_replay_accounts,
};
use super::action_plan::{
    ActionPlan, SharedParts, check_scenes, choice_knowing, filter_flags, known_keys_in_dry_run,
    switched,
};
use super::breakdown::BreakdownNeeds;
use super::configured::configured;
use super::last_hour::LastHour;
use super::names::{names, names_or_lists};
use super::project_choice::{ChoiceSources, ProjectChoice, one_per_project};
use super::request_extras::RequestExtras;
use super::server_range::RangeSource;
use crate::actions::ActionChoice;
use crate::args::{Format, PriceArgs, UsageArgs};
use crate::config::Set;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Lang;
use crate::record::{Configured, Subject};
use crate::settings::parse_base_url;
use crate::site::SiteChoice;
use crate::{actions, input_files};

/// A resolved command line about usage.
#[derive(Debug)]
pub(crate) struct UsageRequest {
    /// The request as the action answers it.
    plan: ActionPlan,
    /// The same of `--api auto` for the action that takes over where the service does not know the
    /// first, and true once it has.
    alternative: Option<ActionPlan>,
    is_switched: Cell<bool>,
    /// The range by this machine's clock.
    pub(crate) range: Range,
    pub(super) source: RangeSource,
    /// The accounts; their positions are the account ids of the targets.
    pub(crate) accounts: Vec<AccountSettings>,
    /// The address all accounts use.
    pub(crate) base_url: BaseUrl,
    pub(crate) site: SiteChoice,
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
    pub(super) keeps_history: bool,
    /// `--assume-different-accounts`.
    pub(super) assumes_different_accounts: bool,
    pub(super) last_hour: Option<LastHour>,
    /// All filters but projects and endpoints, and those without a field in documents.
    filters: Vec<FilterFlag>,
    other_filters: Vec<FilterFlag>,
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
}

impl UsageRequest {
    /// Resolves the arguments, then the set they name, then the defaults of the configuration.
    pub(crate) fn new(
        args: &UsageArgs,
        extras: &RequestExtras<'_>,
        context: &Context<'_>,
    ) -> Result<Self, CliError> {
        let defaults = &context.config()?.defaults;
        let site = SiteChoice::new(&args.account, context)?;
        let choice = choice_knowing(&args.account.action, extras.metrics, context)?;
        let settle = args.account.query.settle(choice.first())?;
        let (range, source) = range(args, extras, &site, settle, context)?;
        let set = effective_set(args, context)?;
        let by = extras.view.map_or(&[][..], |view| &view.by);
        extras.view.map_or(Ok(()), |view| view.check_sort(choice.metrics()))?;
        let mut filter = filter(args, extras, &set, context, by)?;
        let filters = filter_flags(&args.account.filter)?;
        check_scenes(&args.account.filter.scene, context)?;
        let replayed = context.record_mode.replayed();
        let accounts = match (replayed, context.record_mode.kept()) {
            (Some(_), _) => unknown_replay_accounts(args, &set, context)?,
            (None, Some(kept)) => kept_accounts(args, &set, kept, context)?,
            (None, None) => accounts(args, extras.sent, &set, context)?,
        };
        let endpoint_ids = filter.endpoint_ids.clone();
        let target = Target { endpoint_ids, ..Target::new(AccountId::default()) };
        let ids = (0..).map(AccountId).take(accounts.len());
        let targets: Vec<Target> =
            ids.flat_map(|id| one_per_project(&target, id, filter.projects.names())).collect();
        let plan = |action: &'static dyn UsageAction, targets: &[Target]| {
            let settle = args.account.query.settle(action)?;
            ActionPlan::new(action, settle, SharedParts { targets, by, filters: &filters })
        };
        let (plan, alternative) = match choice {
            ActionChoice::Only(action) => (plan(action, &targets)?, None),
            ActionChoice::Auto => match plan(actions::DEFAULT, &targets) {
                Ok(first) => {
                    let knows = actions::unknown_metric(actions::SUCCESSOR, extras.metrics);
                    let next = plan(actions::SUCCESSOR, &targets).ok();
                    (first, next.filter(|_| knows.is_none()))
                }
                Err(refused) => {
                    let next = plan(actions::SUCCESSOR, &targets)?;
                    context.note(switched(refused.parts().0));
                    (next, None)
                }
            },
        };
        if !extras.sent {
            known_keys_in_dry_run(&filters)?;
            filter.projects = projects_of_dry_run(filter.projects, plan.breakdown, by, context)?;
        }
        if let Some(words) = site.assumption() {
            context.hold_note(words);
        }
        Ok(Self {
            options: QueryOptions {
                seed: context.record_mode.seed(),
                ..args.account.query.options(range.window.interval(), plan.action)?
            },
            approximate_days: range.has_split_hours()
                && (range.by_days || by.iter().any(Dimension::is_of_days)),
            range,
            source,
            base_url: match replayed {
                Some(header) => parse_base_url("the recording", &header.base_url, true)?,
                None => common_address(&accounts, context)?,
            },
            accounts,
            demo: replayed.map_or(args.account.server.demo, |header| header.demo),
            keeps_history: false,
            names_accounts: by.iter().any(Dimension::is_of_accounts),
            assumes_different_accounts: args.account.profiles.assume_different_accounts,
            configured: configured(args, set, &site, context)?,
            default_format: defaults.format.as_ref().map(|setting| setting.value),
            site,
            prices: None,
            filter,
            other_filters: action_fit::without_field(&filters),
            filters,
            plan,
            alternative,
            is_switched: Cell::new(false),
            last_hour: None,
        })
    }

    /// Returns the request as the action answers it that is called in the end.
    pub(crate) fn effective(&self) -> &ActionPlan {
        self.alternative.as_ref().filter(|_| self.is_switched.get()).unwrap_or(&self.plan)
    }

    /// Returns the settings of a query of the action.
    pub(crate) fn query_options(&self) -> QueryOptions {
        QueryOptions { settle: self.effective().settle, ..self.options.clone() }
    }

    /// Returns true if another action takes over where the service does not know this one.
    pub(super) fn has_alternative(&self) -> bool {
        self.alternative.is_some() && !self.is_switched.get()
    }

    /// Lets the other action take over.
    pub(super) fn switch(&self, context: &Context<'_>) {
        self.is_switched.set(true);
        context.note(switched(&text!(
            "the service does not know {name}",
            "服务端不提供 {name}",
            name = self.plan.action.name()
        )));
    }

    /// Returns true if values of filters may be mistyped without an error.
    pub(super) fn checks_filters(&self) -> bool {
        let action = self.effective().action;
        self.filters.iter().any(|filter| action_fit::groups(action, filter.key))
    }

    /// Returns true if the site is called at this address without `--base-url`.
    pub(crate) fn has_usual_address(&self, base_url: &str) -> bool {
        let server = self.accounts.first().map(|account| &account.server);
        let usual = server.and_then(|server| {
            self.site.site.value.address(&server.service.value, &server.region.value)
        });
        usual.is_some_and(|usual| usual == base_url)
    }

    /// Returns all filters but projects and endpoints.
    pub(crate) fn filters(&self) -> &[FilterFlag] {
        &self.filters
    }

    /// Reads the prices of `--prices`, else of the configuration. Prices for endpoints, labels or
    /// models make each endpoint fetched by itself.
    pub(crate) fn price(
        &mut self,
        args: &PriceArgs,
        context: &Context<'_>,
    ) -> Result<(), CliError> {
        let configured = context.config()?.defaults.prices.as_ref();
        let file = match (&args.prices, configured) {
            (Some(path), _) => Some(("--prices", path)),
            (None, Some(configured)) => Some(("defaults.prices", &configured.value)),
            (None, None) => None,
        };
        let (zone, currency) = (&self.range.zone, self.site.currency());
        let read = |(flag, path): (_, &PathBuf)| input_files::prices(flag, path, zone, currency);
        self.prices = file.map(read).transpose()?;
        if let Some(words) = self.prices.as_ref().and_then(|all| self.site.foreign_prices(all)) {
            context.warn(&words);
        }
        let plans = [&self.plan].into_iter().chain(&self.alternative);
        let tables: Vec<_> = plans.map(|plan| plan.action.metrics()).collect();
        self.prices.as_mut().map_or(Ok(()), |prices| prices.name_metrics(&tables))?;
        if let Some(prices) = self.prices.as_ref().filter(|_| !self.filter.all_endpoints) {
            let has_ids = !self.filter.endpoint_ids.is_empty();
            let plans = [&mut self.plan].into_iter().chain(&mut self.alternative);
            plans.for_each(|plan| plan.price(prices, has_ids));
        }
        Ok(())
    }

    /// Fetches usage as finely as the action reports it, for a history.
    pub(crate) fn keep_history(&mut self) {
        self.keeps_history = true;
        let has_ids = !self.filter.endpoint_ids.is_empty();
        [&mut self.plan]
            .into_iter()
            .chain(&mut self.alternative)
            .for_each(|plan| plan.keep_history(has_ids));
    }

    /// Returns the request as documents repeat it.
    pub(crate) fn echo<'a>(&'a self, scope: &'a Scope) -> QueryEcho<'a> {
        QueryEcho {
            api: self.effective().action.name(),
            site: self.site.echo(),
            scope: self.about(scope),
            approximate_days: self.approximate_days,
        }
    }

    /// Returns what the request covers.
    fn about<'a>(&'a self, scope: &'a Scope) -> QueryScope<'a> {
        let plan = self.effective();
        QueryScope {
            counted: scope,
            endpoint_ids: &self.filter.endpoint_ids,
            all_endpoints: self.filter.all_endpoints || plan.breakdown.endpoints,
            scenes: self.values(Tags::SCENE),
            batch_job_id: plan.targets.first().and_then(|target| target.batch_job_id.as_deref()),
            filters: &self.other_filters,
            demo: self.demo,
        }
    }

    /// Returns the values that a key is filtered by.
    fn values(&self, key: &str) -> &[String] {
        self.filters.iter().find(|filter| filter.key == key).map_or(&[], |filter| &filter.values)
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
            named("scenes", self.values(Tags::SCENE)),
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
    site: &SiteChoice,
    settle: Duration,
    context: &Context<'_>,
) -> Result<(Range, RangeSource), CliError> {
    let view = extras.view;
    let zone_name = site.zone_name(args.range.tz.as_deref(), context)?;
    let zone = range::parse_zone(zone_name)?;
    let settle = i64::try_from(settle.as_secs()).unwrap_or(i64::MAX);
    let since = Some(extras.since).filter(|since| !since.is_empty());
    let source = RangeSource {
        input: since.map_or_else(|| args.range.input(), |since| RangeInput::Since(since.to_vec())),
        rows: interval(args, view.map_or(&[], |view| &view.by))?,
        now: context.clock.now(),
        complete: args.range.complete.then_some(settle),
        compare: view.is_some_and(|view| view.compare),
        days: site.days.value,
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
) -> Result<UsageFilter, CliError> {
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
    Ok(UsageFilter {
        projects,
        more_projects: extras.projects.to_vec(),
        endpoint_ids,
        all_endpoints: extras.all_endpoints && !by.iter().any(Dimension::is_of_endpoints),
    })
}

//! The question: every argument read and checked before anything is sent.

use ark_usage_model::{
    AccountId, DimensionFilter, Interval, QueryOptions, Scene, Tags, Target, UsageAction,
    UsageQuery, Window,
};
use volc_openapi::BaseUrl;

use super::names::{names, names_or_lists};
use crate::args::{Format, PriceArgs, UsageArgs};
use crate::config::{Defaults, Set};
use crate::context::Context;
use crate::error::CliError;
use crate::keys::CredentialFinder;
use crate::lang::Lang;
use crate::prices::Prices;
use crate::range::{self, Range, RangeSpec};
use crate::record::{Configured, Subject};
use crate::render::{QueryEcho, QueryScope};
use crate::settings::{ServerSettings, parse_base_url};
use crate::view::{Dimension, ViewSpec};
use crate::{actions, input_files, suggest, text};

/// A question that can be asked.
#[derive(Debug)]
pub(crate) struct UsageRequest {
    /// The action that is asked.
    pub(crate) action: &'static dyn UsageAction,
    pub(crate) range: Range,
    pub(crate) targets: Vec<Target>,
    /// Whom to ask as: one or several, whose numbers are the targets' account ids.
    pub(crate) accounts: Vec<AccountSettings>,
    /// Where all of them ask.
    pub(crate) base_url: BaseUrl,
    pub(crate) demo: bool,
    /// The configuration's format.
    pub(crate) default_format: Option<Format>,
    pub(crate) options: QueryOptions,
    /// Every project is wanted; only the service can name them.
    pub(crate) all_projects: bool,
    /// Every endpoint is wanted, each by itself.
    pub(crate) all_endpoints: bool,
    /// Own prices, when some were given.
    pub(crate) prices: Option<Prices>,
    /// Days of the zone that it or its rows are in begin within hours, which cannot be taken apart.
    pub(crate) approximate_days: bool,
    /// What its usage has to be told apart by.
    pub(super) breakdown: BreakdownNeeds,
    /// What counted of the configuration.
    configured: Configured,
    projects: Vec<String>,
    endpoint_ids: Vec<String>,
    scenes: Vec<String>,
}

/// What a command adds to what all of them ask.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestExtras<'a> {
    /// Endpoints as they were named.
    pub(crate) endpoint_ids: &'a [String],
    /// Every endpoint by itself.
    pub(crate) all_endpoints: bool,
    /// Requests are sent, not shown.
    pub(crate) sent: bool,
    /// How it will be shown.
    pub(crate) view: Option<&'a ViewSpec>,
}

/// What usage has to be told apart by although nobody asked for its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct BreakdownNeeds {
    /// Each endpoint by itself.
    pub(super) endpoints: bool,
    /// Each scene by itself.
    pub(super) scenes: bool,
    /// Names, models and tags of endpoints.
    catalogue: bool,
    /// Only prices want endpoints: where there is no list, the usage is shown all the same.
    pub(super) for_prices: bool,
}

impl BreakdownNeeds {
    /// Whether the list of endpoints is asked for.
    pub(super) fn lists_endpoints(self) -> bool {
        self.endpoints || self.catalogue
    }

    fn new(by: &[Dimension], endpoint_ids: &[String], scenes: &[String]) -> Self {
        let known = |one: &Dimension| matches!(one, Dimension::Model | Dimension::Tag(_));
        Self {
            endpoints: endpoint_ids.is_empty() && by.iter().any(Dimension::is_of_endpoints),
            scenes: scenes.len() != 1 && by.iter().any(Dimension::is_of_scenes),
            catalogue: by.iter().any(|one| known(one) && one.is_of_endpoints()),
            for_prices: false,
        }
    }

    /// The same, and what has to be known for prices to apply.
    fn priced(self, prices: &Prices, named: bool) -> Self {
        let breakdown = Self {
            endpoints: self.endpoints || !named && prices.are_specific(),
            catalogue: self.catalogue || prices.name_models(),
            ..self
        };
        let for_prices = breakdown.lists_endpoints() && !self.lists_endpoints();
        Self { for_prices, ..breakdown }
    }
}

/// Somebody with keys.
#[derive(Debug)]
pub(crate) struct AccountSettings {
    pub(crate) finder: CredentialFinder,
    pub(crate) server: ServerSettings,
}

impl UsageRequest {
    /// Reads the arguments; where they say nothing, the set that was named and the configuration's
    /// defaults do.
    pub(crate) fn new(
        args: &UsageArgs,
        extras: &RequestExtras<'_>,
        context: &Context<'_>,
    ) -> Result<Self, CliError> {
        let config = context.config()?;
        let defaults = effective_defaults(args, &config.defaults);
        let zone_name = args.range.tz.as_deref().or(defaults.tz).unwrap_or(range::DEFAULT_ZONE);
        let zone = range::parse_zone(zone_name)?;
        // Programs that read the name may not take another case than the database's.
        let zone_name = zone.iana_name().unwrap_or(zone_name);
        let by = extras.view.map_or(&[][..], |view| &view.by);
        let settle = i64::try_from(args.account.query.settle()?.as_secs()).unwrap_or(i64::MAX);
        let range = range::resolve(&RangeSpec {
            input: &args.range.input(),
            rows: interval(args, by)?,
            zone: &zone,
            zone_name,
            now: context.clock.now(),
            complete: args.range.complete.then_some(settle),
            compare: extras.view.is_some_and(|view| view.compare),
        })?;
        let set =
            args.account.profiles.set.as_deref().map(|name| config.set(name, context.environment));
        let set = set.transpose()?.cloned().unwrap_or_default();
        let replayed = context.record_mode.replayed();
        let set = replayed.map_or(set, |header| Set {
            profiles: header.configured.profiles.clone(),
            endpoint_ids: header.configured.endpoint_ids.clone(),
            ..Set::default()
        });
        let (projects, endpoint_ids) = projects_and_endpoints(args, extras, &set, &defaults)?;
        let scenes = names("--scene", &args.account.filter.scene)?;
        warn_unknown_scenes(&scenes, context);
        let breakdown = BreakdownNeeds::new(by, &endpoint_ids, &scenes);
        let all_projects = args.account.filter.all_projects
            || projects.is_empty() && by.contains(&Dimension::Project);
        if !extras.sent && (breakdown.endpoints || all_projects) {
            return Err(cannot_be_shown(breakdown, all_projects));
        }
        let batch_job_id =
            names("--batch-job-id", args.account.filter.batch_job_id.as_slice())?.pop();
        let target = Target {
            endpoint_ids: endpoint_ids.clone(),
            scenes: scenes.iter().map(|scene| Scene::from(scene.as_str())).collect(),
            batch_job_id,
            ..Target::new(AccountId::default())
        };
        let accounts = match replayed {
            Some(_) => unknown_replay_accounts(args, &set, context)?,
            None => accounts(args, extras, &set, context)?,
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
            targets: ids.flat_map(|id| one_per_project(&target, id, &projects)).collect(),
            base_url: match replayed {
                Some(header) => parse_base_url("the recording", &header.base_url, true)?,
                None => common_address(&accounts)?,
            },
            accounts,
            demo: replayed.map_or(args.account.server.demo, |header| header.demo),
            configured: Configured {
                projects: if set.projects.is_empty() && args.account.profiles.set.is_none() {
                    defaults.projects.to_vec()
                } else {
                    set.projects.clone()
                },
                endpoint_ids: set.endpoint_ids,
                tz: defaults.tz.map(str::to_owned),
                format: defaults.format,
                sts: config.services.sts.as_ref().map(ToString::to_string),
                ..Configured::default()
            },
            default_format: defaults.format,
            prices: None,
            all_projects,
            all_endpoints: extras.all_endpoints && !breakdown.endpoints,
            breakdown,
            projects,
            endpoint_ids,
            scenes,
        })
    }

    /// Reads the prices that `--prices` names, or else the configuration. Where some are for an
    /// endpoint, a label or a model, each endpoint is asked for by itself.
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
        if let Some(prices) = self.prices.as_ref().filter(|_| !self.all_endpoints) {
            self.breakdown = self.breakdown.priced(prices, !self.endpoint_ids.is_empty());
        }
        Ok(())
    }

    /// What rows without `--by` are summed by, where each is of several endpoints with prices of
    /// their own: a whole and its parts beside each other would be counted twice.
    pub(crate) fn sums_for_prices(&self) -> Option<Vec<Dimension>> {
        if !self.breakdown.for_prices || !self.breakdown.endpoints {
            return None;
        }
        let unit = match self.range.rows {
            Interval::Day => Dimension::Day,
            Interval::Hour => Dimension::Hour,
        };
        let several = self.all_projects || !self.projects.is_empty();
        let project = several.then_some(Dimension::Project);
        let profile = (self.accounts.len() > 1).then_some(Dimension::Profile);
        Some([unit].into_iter().chain(profile).chain(project).collect())
    }

    /// Endpoints that were named.
    pub(crate) fn endpoint_ids(&self) -> &[String] {
        &self.endpoint_ids
    }

    /// The question as renderers repeat it.
    pub(crate) fn echo(&self) -> QueryEcho<'_> {
        QueryEcho {
            api: self.action.name(),
            scope: self.about(),
            approximate_days: self.approximate_days,
        }
    }

    /// Asks another action. Where it can group by itself, it is told to, and no parts are fetched
    /// beside the whole.
    pub(crate) fn with_action(mut self, action: &'static dyn UsageAction) -> Self {
        self.action = action;
        let groups = |key| action.dimensions().iter().any(|one| one.key == key && one.group);
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

    /// Whose usage is asked about.
    pub(crate) fn about(&self) -> QueryScope<'_> {
        QueryScope {
            projects: &self.projects,
            all_projects: self.all_projects,
            endpoint_ids: &self.endpoint_ids,
            all_endpoints: self.all_endpoints || self.breakdown.endpoints,
            scenes: &self.scenes,
            batch_job_id: self.targets.first().and_then(|target| target.batch_job_id.as_deref()),
            demo: self.demo,
        }
    }

    /// What a recording of the asking is of.
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
            question: self.in_words(),
        }
    }

    /// `2024-11-13 … 2024-11-19, 7 days, both included; projects: default, search`
    fn in_words(&self) -> String {
        let all = |name: &str, all: bool| all.then(|| format!("; all {name}"));
        let named = |name: &str, names: &[String]| {
            (!names.is_empty()).then(|| format!("; {name}: {}", names.join(", ")))
        };
        let parts = [
            named("projects", &self.projects),
            all("projects", self.all_projects),
            named("endpoints", &self.endpoint_ids),
            all("endpoints", self.all_endpoints),
            named("scenes", &self.scenes),
        ];
        let parts: String = parts.into_iter().flatten().collect();
        // It goes into a file, which is the same whoever records.
        format!("{}{parts}", self.range.words().in_lang(Lang::En))
    }

    /// Whether only the project that the service takes by itself is counted.
    pub(crate) fn counts_default_project_only(&self) -> bool {
        self.projects.is_empty() && !self.all_projects
    }
}

/// The interval that is asked for, by itself or by what rows are summed by.
fn interval(args: &UsageArgs, by: &[Dimension]) -> Result<Option<Interval>, CliError> {
    let interval = args.range.interval()?;
    if !by.contains(&Dimension::Hour) {
        return Ok(interval);
    }
    if interval == Some(Interval::Day) {
        return Err(CliError::usage(text!(
            "--by hour is finer than --interval day: days cannot be taken apart",
            "--by hour 比 --interval day 更细：天无法拆分"
        ))
        .with_hint(text!(
            "leave --interval out: --by hour asks for hours",
            "去掉 --interval 即可：--by hour 会按小时查询"
        )));
    }
    Ok(Some(Interval::Hour))
}

/// `--dry-run` sends nothing, so it cannot learn names.
fn cannot_be_shown(breakdown: BreakdownNeeds, all_projects: bool) -> CliError {
    let endpoints = breakdown.endpoints.then_some("--endpoint-id");
    let projects = all_projects.then_some("--project");
    let flags = projects.into_iter().chain(endpoints).collect::<Vec<_>>().join(", ");
    CliError::usage(text!(
        "--dry-run: what --by names has to be asked for first, and nothing is sent",
        "--dry-run：--by 涉及的名称要先向服务端查询，而试运行不发送任何请求"
    ))
    .with_hint(text!("name them: {flags}", "请直接指明：{flags}"))
}

/// A scene that is new is asked for all the same; one that is mistyped should be seen.
fn warn_unknown_scenes(scenes: &[String], context: &Context<'_>) {
    let known = [Scene::ORDINARY, Scene::BATCH, Scene::BATCH_CHAT];
    let known: Vec<&str> = known.iter().map(Scene::as_str).collect();
    let meant = |scene: &String| Some((scene.clone(), suggest::nearest(scene, known.clone())?));
    let unknown = scenes.iter().filter(|scene| !known.contains(&scene.as_str()));
    for (scene, meant) in unknown.filter_map(meant) {
        context.note(text!(
            "note: --scene {scene} is none that is known; did you mean {meant}?",
            "注意：--scene {scene} 不是已知的场景；是否想写 {meant}？"
        ));
    }
}

/// What the configuration says where flags do not.
struct EffectiveDefaults<'a> {
    projects: &'a [String],
    tz: Option<&'a str>,
    format: Option<Format>,
}

/// The demo knows nobody's projects, and a signed request has one form only.
fn effective_defaults<'a>(args: &UsageArgs, defaults: &'a Defaults) -> EffectiveDefaults<'a> {
    let projects = defaults.project.as_ref().filter(|_| !args.account.server.demo);
    EffectiveDefaults {
        projects: projects.map(|setting| setting.value.as_slice()).unwrap_or_default(),
        tz: defaults.tz.as_ref().map(|setting| setting.value.as_str()),
        format: defaults.format.as_ref().map(|setting| setting.value),
    }
}

/// The machine that will ask about `targets` at `base_url`.
pub(crate) fn query(
    action: &'static dyn UsageAction,
    targets: Vec<Target>,
    window: Window,
    base_url: &BaseUrl,
    options: QueryOptions,
) -> Result<UsageQuery, CliError> {
    UsageQuery::with_action(action, targets, window, base_url.clone(), options).map_err(|error| {
        CliError::usage(text!("this cannot be asked", "无法这样查询")).with_source(error)
    })
}

/// Projects and endpoints: what flags name, else the set, else the usual project.
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

/// One for each profile there is or was named; without any, whoever is found.
fn accounts(
    args: &UsageArgs,
    extras: &RequestExtras<'_>,
    set: &Set,
    context: &Context<'_>,
) -> Result<Vec<AccountSettings>, CliError> {
    let account = |finder: CredentialFinder| {
        let (profile, sent) = (finder.settings(), extras.sent);
        let server = ServerSettings::new(&args.account.server, context.environment, profile, sent)?;
        Ok(AccountSettings { finder, server })
    };
    if args.account.profiles.all_profiles {
        return CredentialFinder::all(context)?.into_iter().map(account).collect();
    }
    let named = if args.account.profiles.profile.is_empty() {
        &set.profiles
    } else {
        &args.account.profiles.profile
    };
    let named = names("--profile", named)?;
    if named.is_empty() {
        return Ok(vec![account(CredentialFinder::new(None, context)?)?]);
    }
    named.iter().map(|name| account(CredentialFinder::new(Some(name), context)?)).collect()
}

/// In a replay: the same number under the same names, without keys.
fn unknown_replay_accounts(
    args: &UsageArgs,
    set: &Set,
    context: &Context<'_>,
) -> Result<Vec<AccountSettings>, CliError> {
    let server = ServerSettings::new(&args.account.server, context.environment, None, false)?;
    let unknown = |profile: Option<&str>| AccountSettings {
        finder: CredentialFinder::offline(profile),
        server: server.clone(),
    };
    if set.profiles.is_empty() {
        return Ok(vec![unknown(None)]);
    }
    Ok(set.profiles.iter().map(|name| unknown(Some(name))).collect())
}

/// One query goes to one address; profiles may name several.
fn common_address(accounts: &[AccountSettings]) -> Result<BaseUrl, CliError> {
    let mut urls = accounts.iter().map(|account| &account.server.base_url);
    let Some(first) = urls.next() else {
        return Err(CliError::internal(text!("nobody asks", "没有任何查询者")));
    };
    match urls.find(|url| url.value != first.value) {
        None => Ok(first.value.clone()),
        Some(other) => Err(CliError::usage(text!(
            "the profiles have different addresses: {one} ({whence}) and {another} ({thence})",
            "这些 profile 的服务地址不同：{one}（{whence}）与 {another}（{thence}）",
            one = first.value,
            whence = first.origin,
            another = other.value,
            thence = other.origin
        ))
        .with_hint(text!(
            "ask them one after the other, or say --base-url for all",
            "请逐个查询，或用 --base-url 统一指定"
        ))),
    }
}

fn one_per_project(target: &Target, account: AccountId, projects: &[String]) -> Vec<Target> {
    let target = Target { account, ..target.clone() };
    if projects.is_empty() {
        return vec![target];
    }
    let of = |project: &String| Target { project: Some(project.clone()), ..target.clone() };
    projects.iter().map(of).collect()
}

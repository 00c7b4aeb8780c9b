//! The credentials that requests are signed with: found, kept fresh, or taken from this machine only.

mod key_hints;
mod repeated_keys;

use std::time::Duration;

use ark_usage_render::shell_word;
use ark_usage_report::{MOST_LISTED, listed, suggest, text};
use ark_usage_transport::{Clock as _, FoundKeys, HyperTransport, Sign};
use volc_credentials::{
    Attempt, Chain, Environment, Found, NotFound, OsProcesses, Outcome, ProfileSettings, Purpose,
    Refresher, Source, SourceContext, SourceError, Step, VariableFamily, profile_names,
    profile_settings,
};
use volc_openapi::{RetryPolicy, Site};
use volc_sign::Credentials;

use crate::clock::DriverClock;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::{self, Text, TextOf as _};
use crate::{demo, network, secrets};

/// The places credentials are searched in. Nothing is sent yet.
#[derive(Clone, Debug)]
pub(crate) struct CredentialFinder {
    profile: Option<String>,
    site: &'static Site,
    /// All profile names, with `--all-profiles`.
    among: Option<Vec<String>>,
    chain: Chain,
    /// A program that prints credentials, run if no other source has any.
    command: Option<String>,
    source_context: SourceContext,
    settings: Option<ProfileSettings>,
}

/// The credentials known without a request.
#[derive(Debug)]
pub(crate) enum LocalCredentials {
    /// Found on this machine.
    Found(Box<Found>),
    /// A service issues them.
    NeedsService(Purpose),
    /// A program prints them.
    NeedsCommand,
    /// Not found.
    Missing(NotFound),
}

impl CredentialFinder {
    /// Searches the official order of sources; of a site other than Volcengine its variables. Or only the named
    /// profile, which must exist.
    pub(crate) fn new(
        profile: Option<&str>,
        site: &'static Site,
        context: &Context<'_>,
    ) -> Result<Self, CliError> {
        let source_context = source_context(context)?;
        let Some(name) = profile else {
            let is_official = *site == *Site::VOLCENGINE;
            let now = context.clock.now().as_second();
            let (chain, settings) = if is_official {
                (Chain::official(), settings_of_chosen_profile(&source_context, now))
            } else {
                (Chain::of_variables(site.key_variables), None)
            };
            let command = context.config()?.keys_command.clone();
            return Ok(Self {
                profile: None,
                site,
                among: None,
                chain,
                command,
                source_context,
                settings,
            });
        };
        Self::for_profile(name, site, None, source_context, context)
    }

    /// Returns the finder of a command about one account; of the demo or of this machine.
    pub(crate) fn of_one(
        profile: Option<&str>,
        site: &'static Site,
        demo: bool,
        context: &Context<'_>,
    ) -> Result<Self, CliError> {
        if !demo {
            return Self::new(profile, site, context);
        }
        if profile.is_some_and(|name| name.trim().is_empty()) {
            return Err(CliError::usage(text!(
                "--profile {name:?}: a name must not be empty",
                "--profile {name:?}：名称不能为空",
                name = profile.unwrap_or_default()
            ))
            .with_hint(text!(
                "with --demo, any name is a made-up account: --profile production",
                "与 --demo 同用时，任何名称都是一个虚构的账号：--profile production"
            )));
        }
        Ok(Self::offline(profile))
    }

    /// Returns one finder for each profile there is; every profile must have credentials. Of
    /// profiles with the same key only one is kept.
    pub(crate) fn all(site: &'static Site, context: &Context<'_>) -> Result<Vec<Self>, CliError> {
        let source_context = source_context(context)?;
        let names = profile_names(&source_context).map_err(|error| {
            CliError::configuration(text!(
                "--all-profiles: {error}",
                "--all-profiles：{error}";
                error = Text::of(&error)
            ))
        })?;
        if names.is_empty() {
            return Err(CliError::configuration(text!(
                "--all-profiles: no profiles configured",
                "--all-profiles：没有配置 profile，无法使用"
            ))
            .with_hint(profile_hint()));
        }
        let finder = |name: &String| {
            Self::for_profile(name, site, Some(names.clone()), source_context.clone(), context)
        };
        let finders = names.iter().map(finder).collect::<Result<_, _>>()?;
        Ok(repeated_keys::dropped(finders, context))
    }

    fn for_profile(
        name: &str,
        site: &'static Site,
        among: Option<Vec<String>>,
        source_context: SourceContext,
        context: &Context<'_>,
    ) -> Result<Self, CliError> {
        let finder = Self {
            profile: Some(name.to_owned()),
            site,
            among,
            chain: Chain::for_profile(name),
            // A named profile is never replaced by other credentials.
            command: None,
            settings: profile_settings(&source_context, Some(name)).ok().flatten(),
            source_context,
        };
        match finder.find_local(context.clock.now().as_second()) {
            LocalCredentials::Missing(not_found) => Err(finder.error(&not_found)),
            _ => Ok(finder),
        }
    }

    /// Returns a finder that finds nothing: a replay or a demo needs the profile name only.
    pub(crate) fn offline(profile: Option<&str>) -> Self {
        Self {
            profile: profile.map(str::to_owned),
            site: Site::VOLCENGINE,
            among: None,
            chain: Chain::of([]),
            command: None,
            source_context: SourceContext::new(Environment::new()),
            settings: None,
        }
    }

    /// Returns a line for each variable that is set and not read, though its name says that it was meant to be. A
    /// named profile does not look at variables.
    pub(crate) fn near_misses(&self) -> Vec<Text> {
        if self.profile.is_some() {
            return Vec::new();
        }
        key_hints::near_misses(self.site, self.source_context.environment())
    }

    /// Returns whether a place is set up and cannot be used. A named profile may be in any of several
    /// files, so that a file without it is none of those.
    pub(crate) fn is_broken(&self, attempt: &Attempt) -> bool {
        let is_elsewhere =
            matches!(attempt.outcome, Outcome::Failed(SourceError::UnknownProfile { .. }));
        attempt.outcome.is_broken() && !(self.profile.is_some() && is_elsewhere)
    }

    /// Warns about sources that are configured but invalid.
    fn warn(&self, found: &Found, context: &Context<'_>) {
        for attempt in found.attempts.iter().filter(|attempt| self.is_broken(attempt)) {
            context.note(text!(
                "warning: skipped, invalid: {attempt}",
                "警告：无效，已跳过：{attempt}";
                attempt = Text::of(attempt)
            ));
        }
        context.detail(text!(
            "credentials: {id} from {origin}",
            "密钥：{id}，来源：{origin}",
            id = found.masked_access_key_id();
            origin = Text::of(&found.origin)
        ));
    }

    /// Returns the named profile.
    pub(crate) fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// Returns region, base URL, proxies and so on of the profile the credentials come from.
    pub(crate) fn settings(&self) -> Option<&ProfileSettings> {
        self.settings.as_ref()
    }

    /// Searches this machine without running a program.
    pub(crate) fn find_local(&self, now: i64) -> LocalCredentials {
        match search_locally(&self.chain, &self.source_context, now) {
            LocalCredentials::Missing(not_found)
                if self.command.is_some() && !not_found.is_refusal() =>
            {
                LocalCredentials::NeedsCommand
            }
            found => found,
        }
    }

    /// Searches this machine, and runs the program that prints credentials if nothing else has any.
    fn find_local_or_run(&self, now: i64) -> LocalCredentials {
        search_locally(&self.whole_chain(), &self.source_context, now)
    }

    fn whole_chain(&self) -> Chain {
        self.chain.clone().with_process(self.command.as_deref().unwrap_or_default())
    }

    /// Returns the error for missing credentials, with every place searched.
    pub(crate) fn error(&self, not_found: &NotFound) -> CliError {
        self.error_with(
            not_found,
            text!(
                "{set},\nor try --demo, which needs no credentials",
                "{set}，\n或加上 --demo，无需密钥即可用虚构数据试用";
                set = key_hints::set_variables(self.site, true)
            ),
        )
    }

    /// Returns the same error with other general advice, which follows variables with other names.
    fn error_with(&self, not_found: &NotFound, general: Text) -> CliError {
        // The reason of a service that refused is better than a general hint.
        let refused = not_found.attempts.iter().find_map(key_hints::refusal_hint);
        let Some(profile) = &self.profile else {
            let end = || Text::same("\n");
            let misses = self.near_misses().into_iter().flat_map(|line| [line, end()]);
            let general = || Text::all(misses.chain([general]));
            return CliError::configuration(lang::not_found(not_found))
                .with_hint(refused.unwrap_or_else(general));
        };
        let lines = not_found
            .attempts
            .iter()
            .map(|attempt| text!("\n  {attempt}", "\n  {attempt}"; attempt = Text::of(attempt)));
        let lines = Text::all(lines);
        if let Some(all) = &self.among {
            let others = without(profile, all.iter().map(String::as_str));
            let error = CliError::configuration(text!(
                "--all-profiles: no credentials for profile {profile}{lines}",
                "--all-profiles：profile {profile} 没有密钥{lines}";
                lines = lines
            ));
            let leave_out = text!(
                "to exclude it, name the others: {others}",
                "如要排除它，请写出其余的：{others}"
            );
            return match (refused, others.is_empty()) {
                (None, true) => error,
                (None, false) => error.with_hint(leave_out),
                (Some(refused), true) => error.with_hint(refused),
                (Some(refused), false) => error.with_hint(text!(
                    "{refused}\n{leave_out}",
                    "{refused}\n{leave_out}";
                    refused = refused,
                    leave_out = leave_out
                )),
            };
        }
        let error = CliError::configuration(text!(
            "--profile {profile}: no credentials{lines}",
            "--profile {profile}：没有密钥{lines}";
            lines = lines
        ));
        if let Some(refused) = refused {
            return error.with_hint(refused);
        }
        match profile_names(&self.source_context) {
            Ok(names) if names.iter().any(|name| name == profile) => error,
            Ok(names) if !names.is_empty() => error.with_hint(suggest::hint(
                "--profile ",
                profile,
                names.iter().map(String::as_str),
                text!("available profiles: {all}", "可用的 profile：{all}"; all = listed(&names, MOST_LISTED)),
            )),
            _ => error.with_hint(profile_hint()),
        }
    }
}

/// Returns the environment credentials are searched in.
fn source_context(context: &Context<'_>) -> Result<SourceContext, CliError> {
    let urls = context.config()?.services.clone();
    Ok(SourceContext::new(context.environment.clone()).with_urls(urls))
}

fn profile_hint() -> Text {
    text!(
        "run `ve configure set` to create a profile, or use --demo",
        "请用 `ve configure set` 创建 profile，或使用 --demo"
    )
}

/// Returns the flags that name all profiles but one.
pub(crate) fn without<'a>(profile: &str, all: impl Iterator<Item = &'a str>) -> String {
    let others = all.filter(|name| *name != profile);
    others.map(|name| format!("--profile {}", shell_word(name))).collect::<Vec<_>>().join(" ")
}

fn search_locally(chain: &Chain, source_context: &SourceContext, now: i64) -> LocalCredentials {
    match chain.search(source_context).poll(now) {
        Step::Done(Ok(found)) => {
            secrets::remember_credentials(&found.credentials);
            LocalCredentials::Found(Box::new(found))
        }
        Step::Done(Err(not_found)) => LocalCredentials::Missing(not_found),
        Step::Send(exchange) => LocalCredentials::NeedsService(exchange.purpose),
        // A search that has sent nothing does not wait.
        Step::Wait => LocalCredentials::Missing(NotFound::default()),
    }
}

/// Returns the settings of the current profile if the credentials are its own: credentials of one
/// source are not sent to the address of another.
fn settings_of_chosen_profile(source_context: &SourceContext, now: i64) -> Option<ProfileSettings> {
    let finds = |sources: Vec<Source>| {
        !matches!(Chain::of(sources).search(source_context).poll(now), Step::Done(Err(_)))
    };
    let variables = VariableFamily::ALL.into_iter().map(Source::Environment);
    if finds(variables.chain([Source::OidcEnvironment]).collect()) {
        return None;
    }
    let is_profile = finds(vec![Source::CliProfile(None)]);
    is_profile.then(|| profile_settings(source_context, None).ok().flatten())?
}

/// The credentials of one account, kept fresh.
#[derive(Debug)]
pub(crate) struct AccountKeys {
    /// `None` for the demo.
    finder: Option<CredentialFinder>,
    keys: FoundKeys,
    transport: HyperTransport,
    /// Without proxy and with a short timeout, for the metadata service.
    direct: HyperTransport,
    clock: DriverClock,
}

impl AccountKeys {
    /// Returns the credentials of `finder`; services that issue them are called over `transport`.
    pub(crate) fn new(
        finder: CredentialFinder,
        transport: &HyperTransport,
        context: &Context<'_>,
    ) -> Self {
        Self::within(finder, None, RetryPolicy::default().max_retries, transport, context)
    }

    /// Returns the credentials of `finder`, fetched until `limit` has passed since the start of the
    /// program, and with at most `retries` retries.
    pub(crate) fn within(
        finder: CredentialFinder,
        limit: Option<Duration>,
        retries: u32,
        transport: &HyperTransport,
        context: &Context<'_>,
    ) -> Self {
        let clock = context.clock.without_recording();
        let programs = OsProcesses::new().with_limit(move || {
            limit.map_or(Duration::MAX, |limit| limit.saturating_sub(clock.elapsed()))
        });
        let source_context =
            finder.source_context.clone().with_processes(programs).with_max_retries(retries);
        let refresher = Refresher::new(finder.whole_chain(), source_context);
        Self {
            finder: Some(finder),
            keys: FoundKeys::new(refresher)
                .on_found(|found| secrets::remember_credentials(&found.credentials)),
            transport: transport.unmasked(),
            direct: network::direct(),
            clock: context.clock.without_recording().for_driver(),
        }
    }

    /// Returns the made-up keys of a profile, or the demo key pair.
    pub(crate) fn demo(profile: Option<&str>, context: &Context<'_>) -> Self {
        let chain = Chain::of([Source::Explicit(demo::credentials(profile))]);
        let source_context = SourceContext::new(context.environment.clone());
        Self {
            finder: None,
            keys: FoundKeys::new(Refresher::new(chain, source_context)),
            transport: network::direct(),
            direct: network::direct(),
            clock: context.clock.for_driver(),
        }
    }

    /// Finds the credentials before the first request is signed, and warns about invalid sources.
    /// `None` for the demo.
    pub(crate) async fn find(&self, context: &Context<'_>) -> Result<Option<Found>, CliError> {
        let Some((finder, found)) = self.search().await else { return Ok(None) };
        let found = found.map_err(|not_found| finder.error(&not_found))?;
        finder.warn(&found, context);
        Ok(Some(found))
    }

    /// Finds the credentials, with the finder for its error. `None` for the demo.
    pub(crate) async fn search(&self) -> Option<(&CredentialFinder, Result<Found, NotFound>)> {
        let finder = self.finder.as_ref()?;
        let found = self.keys.get(false, &self.transport, &self.direct, &self.clock).await;
        Some((finder, found))
    }

    /// Returns a signer for a region and service, which refreshes the credentials.
    pub(crate) fn signer<'a>(&'a self, region: &str, service: &str) -> impl Sign + Sync + use<'a> {
        self.keys.signer(region, service, &self.transport, &self.direct, &self.clock)
    }
}

/// Returns credentials for commands that send nothing; an error names the service that would issue
/// them.
pub(crate) fn local_credentials(
    finder: &CredentialFinder,
    context: &Context<'_>,
) -> Result<Credentials, CliError> {
    match finder.find_local_or_run(context.clock.now().as_second()) {
        LocalCredentials::Found(found) => {
            finder.warn(&found, context);
            Ok(found.credentials)
        }
        LocalCredentials::NeedsService(purpose) => Err(CliError::configuration(text!(
            "credentials require {purpose}, but this command works offline",
            "获取密钥的途径是：{purpose}；而此命令离线运行";
            purpose = Text::of(&purpose)
        ))
        .with_hint(key_hints::set_variables(finder.site, false))),
        // Not returned by a search that may run it.
        LocalCredentials::NeedsCommand => Err(CliError::internal(text!(
            "the program that prints credentials was not run",
            "输出密钥的程序没有运行"
        ))),
        LocalCredentials::Missing(not_found) => {
            Err(finder.error_with(&not_found, key_hints::set_variables(finder.site, true)))
        }
    }
}

/// Returns local credentials, else the demo key pair with a note: a dry run needs no real ones.
///
/// # Errors
///
/// Keys that are set and cannot be right are refused here too.
pub(crate) fn local_or_demo_credentials(
    finder: &CredentialFinder,
    context: &Context<'_>,
) -> Result<Credentials, CliError> {
    let why = match finder.find_local(context.clock.now().as_second()) {
        LocalCredentials::Found(found) => {
            finder.warn(&found, context);
            return Ok(found.credentials);
        }
        LocalCredentials::NeedsService(purpose) => text!(
            "credentials require {purpose}, which is not called in a dry run",
            "获取密钥的途径是：{purpose}；试运行时不会请求";
            purpose = Text::of(&purpose)
        ),
        LocalCredentials::NeedsCommand => text!(
            "credentials come from a program, which is not run in a dry run",
            "密钥由程序输出，试运行时不会运行它"
        ),
        LocalCredentials::Missing(not_found) if not_found.is_refusal() => {
            return Err(finder.error(&not_found));
        }
        LocalCredentials::Missing(_) => text!("no credentials found", "没有找到密钥"),
    };
    context.note(text!(
        "note: {why}; signed with the demo key pair, which real servers refuse",
        "注意：{why}；已用演示密钥签名，真实服务端会拒绝";
        why = why
    ));
    Ok(demo::credentials(None))
}

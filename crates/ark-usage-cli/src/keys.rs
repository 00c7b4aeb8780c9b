//! The keys requests are signed with, found where the user keeps them.

use ark_usage_transport::{FoundKeys, HyperTransport, Sign};
use volc_credentials::{
    Attempt, Chain, Environment, ExchangeProblem, Found, NotFound, Outcome, ProfileSettings,
    Purpose, Refresher, Source, SourceContext, SourceError, Step, VariableFamily, profile_names,
    profile_settings,
};
use volc_sign::Credentials;

use crate::clock::DriverClock;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::{Text, TextOf as _};
use crate::shell::quoted;
use crate::{demo, hints, network, suggest, text};

/// Where keys will be looked for. Nothing is sent yet.
#[derive(Clone, Debug)]
pub(crate) struct CredentialFinder {
    profile: Option<String>,
    /// All of them, when it was not named but is one of all.
    among: Option<Vec<String>>,
    chain: Chain,
    /// A program that prints keys, run when nothing else has any.
    command: Option<String>,
    source_context: SourceContext,
    settings: Option<ProfileSettings>,
}

/// What can be said about keys without asking a service.
#[derive(Debug)]
pub(crate) enum LocalCredentials {
    /// They lie on this machine.
    Found(Box<Found>),
    /// A service has to be asked.
    NeedsService(Purpose),
    /// A program has to be run.
    NeedsCommand,
    /// There are none.
    Missing(NotFound),
}

impl CredentialFinder {
    /// The official order; or the profile of this name and nothing else, which has to exist.
    pub(crate) fn new(profile: Option<&str>, context: &Context<'_>) -> Result<Self, CliError> {
        let source_context = source_context(context)?;
        let Some(name) = profile else {
            let settings =
                settings_of_chosen_profile(&source_context, context.clock.now().as_second());
            let (chain, command) = (Chain::official(), context.config()?.keys_command.clone());
            return Ok(Self {
                profile: None,
                among: None,
                chain,
                command,
                source_context,
                settings,
            });
        };
        Self::for_profile(name, None, source_context, context)
    }

    /// One for each profile of `ve`; every one has to have keys.
    pub(crate) fn all(context: &Context<'_>) -> Result<Vec<Self>, CliError> {
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
                "--all-profiles: there is no profile",
                "--all-profiles：没有可用的 profile（配置中一个也没有）"
            ))
            .with_hint(how_to_make_a_profile()));
        }
        let finder = |name: &String| {
            Self::for_profile(name, Some(names.clone()), source_context.clone(), context)
        };
        names.iter().map(finder).collect()
    }

    fn for_profile(
        name: &str,
        among: Option<Vec<String>>,
        source_context: SourceContext,
        context: &Context<'_>,
    ) -> Result<Self, CliError> {
        let finder = Self {
            profile: Some(name.to_owned()),
            among,
            chain: Chain::for_profile(name),
            // Whoever names a profile does not want other keys.
            command: None,
            settings: profile_settings(&source_context, Some(name)).ok().flatten(),
            source_context,
        };
        match finder.find_local(context.clock.now().as_second()) {
            LocalCredentials::Missing(not_found) => Err(finder.error(&not_found)),
            _ => Ok(finder),
        }
    }

    /// Looks nowhere and finds nothing: for replays, which need a name at most.
    pub(crate) fn offline(profile: Option<&str>) -> Self {
        Self {
            profile: profile.map(str::to_owned),
            among: None,
            chain: Chain::of([]),
            command: None,
            source_context: SourceContext::new(Environment::new()),
            settings: None,
        }
    }

    /// The profile that was named.
    pub(crate) fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    /// Region, base URL, proxies and the like of the profile the keys come from, if they do.
    pub(crate) fn settings(&self) -> Option<&ProfileSettings> {
        self.settings.as_ref()
    }

    /// Looks at what is on this machine, and runs nothing.
    pub(crate) fn find_local(&self, now: i64) -> LocalCredentials {
        match search_locally(&self.chain, &self.source_context, now) {
            LocalCredentials::Missing(_) if self.command.is_some() => {
                LocalCredentials::NeedsCommand
            }
            found => found,
        }
    }

    /// The same, and runs the program that prints keys when that is what is left.
    fn find_local_or_run(&self, now: i64) -> LocalCredentials {
        search_locally(&self.whole_chain(), &self.source_context, now)
    }

    fn whole_chain(&self) -> Chain {
        self.chain.clone().with_process(self.command.as_deref().unwrap_or_default())
    }

    /// That there are no keys, with everywhere they are not.
    pub(crate) fn error(&self, not_found: &NotFound) -> CliError {
        // A service that refused has said why, which beats everything general.
        let refused = not_found.attempts.iter().find_map(refusal_of);
        let Some(profile) = &self.profile else {
            let general = || {
                text!(
                    "set VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY (and VOLCENGINE_SESSION_TOKEN for temporary keys),\n\
                     or add --demo to try it on made-up data without keys",
                    "请设置 VOLCENGINE_ACCESS_KEY 和 VOLCENGINE_SECRET_KEY（临时密钥还需 VOLCENGINE_SESSION_TOKEN），\n\
                     或加上 --demo，无需密钥即可用虚构数据试用"
                )
            };
            return CliError::configuration(Text::of(not_found))
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
                "--all-profiles: no keys for profile {profile}{lines}",
                "--all-profiles：profile {profile} 没有密钥{lines}";
                lines = lines
            ));
            let leave_out = text!(
                "to leave it out, name the others: {others}",
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
            "--profile {profile}: no keys{lines}",
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
                text!(
                    "there are the profiles: {all}",
                    "现有的 profile：{all}",
                    all = names.join(", ")
                ),
            )),
            _ => error.with_hint(how_to_make_a_profile()),
        }
    }
}

/// What keys are looked for in.
fn source_context(context: &Context<'_>) -> Result<SourceContext, CliError> {
    let urls = context.config()?.services.clone();
    Ok(SourceContext::new(context.environment.clone()).with_urls(urls))
}

fn how_to_make_a_profile() -> Text {
    text!(
        "`ve configure set` makes a profile, --demo needs none",
        "可用 `ve configure set` 创建 profile；--demo 不需要"
    )
}

/// The flags that name all profiles but one.
pub(crate) fn without<'a>(profile: &str, all: impl Iterator<Item = &'a str>) -> String {
    let others = all.filter(|name| *name != profile);
    others.map(|name| format!("--profile {}", quoted(name))).collect::<Vec<_>>().join(" ")
}

fn search_locally(chain: &Chain, source_context: &SourceContext, now: i64) -> LocalCredentials {
    match chain.search(source_context).poll(now) {
        Step::Done(Ok(found)) => LocalCredentials::Found(Box::new(found)),
        Step::Done(Err(not_found)) => LocalCredentials::Missing(not_found),
        Step::Send(exchange) => LocalCredentials::NeedsService(exchange.purpose),
        // Not said by a search that has not asked for anything.
        Step::Wait => LocalCredentials::Missing(NotFound::default()),
    }
}

/// What to do about a service that refused to hand out keys.
fn refusal_of(attempt: &Attempt) -> Option<Text> {
    let Outcome::Failed(SourceError::Exchange(error)) = &attempt.outcome else { return None };
    match &error.problem {
        // What is said about parameters is about those of usage.
        ExchangeProblem::Refused { code, .. } if !code.contains('.') => {
            Some(hints::explain(code)?.hint())
        }
        _ => None,
    }
}

/// The profile that nobody named counts only if the keys are its own: one place's keys are not sent
/// to another place's address.
fn settings_of_chosen_profile(source_context: &SourceContext, now: i64) -> Option<ProfileSettings> {
    let leads = |sources: Vec<Source>| {
        !matches!(Chain::of(sources).search(source_context).poll(now), Step::Done(Err(_)))
    };
    let variables = VariableFamily::ALL.into_iter().map(Source::Environment);
    if leads(variables.chain([Source::OidcEnvironment]).collect()) {
        return None;
    }
    let profile = leads(vec![Source::CliProfile(None)]);
    profile.then(|| profile_settings(source_context, None).ok().flatten())?
}

/// One account's keys, kept fresh.
#[derive(Debug)]
pub(crate) struct AccountKeys {
    /// `None` for the demo.
    finder: Option<CredentialFinder>,
    keys: FoundKeys,
    transport: HyperTransport,
    /// Past every proxy, with a second for each answer: for the metadata service.
    direct: HyperTransport,
    clock: DriverClock,
}

impl AccountKeys {
    /// The keys that `finder` leads to; services are asked over `transport`.
    pub(crate) fn new(
        finder: CredentialFinder,
        transport: &HyperTransport,
        context: &Context<'_>,
    ) -> Self {
        let refresher = Refresher::new(finder.whole_chain(), finder.source_context.clone());
        Self {
            finder: Some(finder),
            keys: FoundKeys::new(refresher),
            transport: transport.clone(),
            direct: network::direct(),
            clock: context.clock.without_recording().for_driver(),
        }
    }

    /// The demo's key pair.
    pub(crate) fn demo(context: &Context<'_>) -> Self {
        let chain = Chain::of([Source::Explicit(demo::credentials())]);
        let source_context = SourceContext::new(context.environment.clone());
        Self {
            finder: None,
            keys: FoundKeys::new(Refresher::new(chain, source_context)),
            transport: network::direct(),
            direct: network::direct(),
            clock: context.clock.for_driver(),
        }
    }

    /// Finds them now, rather than when the first request is signed, and tells about sources that
    /// are set up but broken. `None` for the demo.
    pub(crate) async fn find(&self, context: &Context<'_>) -> Result<Option<Found>, CliError> {
        let Some((finder, found)) = self.look().await else { return Ok(None) };
        let found = found.map_err(|not_found| finder.error(&not_found))?;
        warn(&found, context);
        Ok(Some(found))
    }

    /// The same, with all that was seen on the way. `None` for the demo.
    pub(crate) async fn look(&self) -> Option<(&CredentialFinder, Result<Found, NotFound>)> {
        let finder = self.finder.as_ref()?;
        Some((finder, self.keys.get(false, &self.transport, &self.direct, &self.clock).await))
    }

    /// Signs for a region and service, always with keys that are good.
    pub(crate) fn signer<'a>(&'a self, region: &str, service: &str) -> impl Sign + Sync + use<'a> {
        self.keys.signer(region, service, &self.transport, &self.direct, &self.clock)
    }
}

/// Credentials without asking any service, for commands that send nothing.
///
/// Keys that come from a service are named in the error, and not asked for.
pub(crate) fn local_credentials(
    finder: &CredentialFinder,
    context: &Context<'_>,
) -> Result<Credentials, CliError> {
    match finder.find_local_or_run(context.clock.now().as_second()) {
        LocalCredentials::Found(found) => {
            warn(&found, context);
            Ok(found.credentials)
        }
        LocalCredentials::NeedsService(purpose) => Err(CliError::configuration(text!(
            "the keys would come by {purpose}, and this command sends nothing",
            "获取密钥的途径是：{purpose}；而此命令不发送任何请求";
            purpose = Text::of(&purpose)
        ))
        .with_hint(text!(
            "put a key pair into VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY",
            "请把一对密钥放入 VOLCENGINE_ACCESS_KEY 和 VOLCENGINE_SECRET_KEY"
        ))),
        // Not left by a look that may run it.
        LocalCredentials::NeedsCommand => Err(CliError::internal(text!(
            "the program that prints keys was not run",
            "输出密钥的程序没有运行"
        ))),
        LocalCredentials::Missing(not_found) => Err(finder.error(&not_found).with_hint(text!(
            "set VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY (and VOLCENGINE_SESSION_TOKEN for temporary keys)",
            "请设置 VOLCENGINE_ACCESS_KEY 和 VOLCENGINE_SECRET_KEY（临时密钥还需 VOLCENGINE_SESSION_TOKEN）"
        ))),
    }
}

/// A request can be shown without keys, too, signed with those of the demo. A source that would
/// have to be asked counts as none.
pub(crate) fn local_or_demo_credentials(
    finder: &CredentialFinder,
    context: &Context<'_>,
) -> Credentials {
    let why = match finder.find_local(context.clock.now().as_second()) {
        LocalCredentials::Found(found) => {
            warn(&found, context);
            return found.credentials;
        }
        LocalCredentials::NeedsService(purpose) => text!(
            "the keys would come by {purpose}, which is not asked now",
            "获取密钥的途径是：{purpose}，此时不会请求";
            purpose = Text::of(&purpose)
        ),
        LocalCredentials::NeedsCommand => text!(
            "the keys would come from a program, which is not run now",
            "密钥由一个程序输出，此时不会运行它"
        ),
        LocalCredentials::Missing(_) => text!("no keys found", "没有找到密钥"),
    };
    context.note(text!(
        "note: {why}; signed with the demo key pair, which no real server knows",
        "注意：{why}；已用演示密钥签名，真实服务端不认识它";
        why = why
    ));
    demo::credentials()
}

/// Tells about sources that somebody set up and that do not work.
fn warn(found: &Found, context: &Context<'_>) {
    for attempt in found.attempts.iter().filter(|attempt| attempt.outcome.is_broken()) {
        context.note(text!(
            "warning: passed over: {attempt}",
            "警告：已跳过：{attempt}";
            attempt = Text::of(attempt)
        ));
    }
    context.detail(text!(
        "keys: {id} from {origin}",
        "密钥：{id}，来源：{origin}",
        id = found.masked_access_key_id();
        origin = Text::of(&found.origin)
    ));
}

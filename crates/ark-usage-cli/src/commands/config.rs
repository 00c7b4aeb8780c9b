//! `ark-usage config`: every effective value with where it comes from.

use serde::Serialize;
use volc_credentials::ProxyUrl;

use crate::args::{ConfigArgs, ConfigTopic, ReportFormat, ShowArgs};
use crate::config::{self, Config};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::keys::{CredentialFinder, LocalCredentials};
use crate::lang::{Text, TextOf as _, english};
use crate::network::Proxies;
use crate::render::serialized;
use crate::settings::{Origin, ServerSettings, Setting};
use crate::{demo, output, text};

/// Shows what was asked for.
pub(crate) fn run(args: &ConfigArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let text = match &args.topic {
        ConfigTopic::Path => format!("{}\n", location(context)?.path.display()).into_bytes(),
        ConfigTopic::Show(args) => show(args, context)?,
    };
    output::write_stdout(&text)?;
    Ok(ExitStatus::Done)
}

fn location(context: &Context<'_>) -> Result<config::Location, CliError> {
    config::location(context.environment).ok_or_else(|| {
        CliError::configuration(text!(
            "there is no place for a configuration: no home directory is known",
            "无处存放配置：主目录未知"
        ))
        .with_hint(text!(
            "set HOME, or name a file in ARK_USAGE_CONFIG",
            "请设置 HOME，或在 ARK_USAGE_CONFIG 中指明文件"
        ))
    })
}

fn show(args: &ShowArgs, context: &Context<'_>) -> Result<Vec<u8>, CliError> {
    let values = values(args, context)?;
    if args.format == ReportFormat::Json {
        let document =
            SettingsDocument { schema: "ark-usage/settings", schema_version: 1, settings: &values };
        return Ok(serialized(&document, true)?);
    }
    let lang = context.lang;
    let (open, close) = lang.pick(("  (", ")"), ("（", "）"));
    let line = |it: &EffectiveSetting| {
        let origin = it.origin.in_lang(lang);
        format!("{:14} {}{open}{origin}{close}\n", it.name, it.shown())
    };
    Ok(values.iter().map(line).collect::<String>().into_bytes())
}

#[derive(Serialize)]
struct SettingsDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    settings: &'a [EffectiveSetting],
}

/// One effective value.
#[derive(Serialize)]
struct EffectiveSetting {
    name: String,
    /// `null` where nothing is set.
    value: Option<String>,
    #[serde(serialize_with = "english")]
    origin: Text,
}

impl EffectiveSetting {
    fn new(name: impl Into<String>, value: Option<String>, origin: Text) -> Self {
        Self { name: name.into(), value, origin }
    }

    fn of<T: ToString>(name: &str, setting: &Setting<T>) -> Self {
        Self::new(name, Some(setting.value.to_string()), Text::of(&setting.origin))
    }

    fn shown(&self) -> String {
        self.value.clone().unwrap_or_else(|| "-".to_owned())
    }
}

fn values(args: &ShowArgs, context: &Context<'_>) -> Result<Vec<EffectiveSetting>, CliError> {
    let config = context.config()?;
    let finder = CredentialFinder::new(args.profile.as_deref(), context)?;
    let profile = finder.settings().filter(|_| !args.server.demo);
    let server = ServerSettings::new(&args.server, context.environment, profile, true)?;
    let proxies = Proxies::new(&args.network, context.environment, profile);
    let mut values = vec![file(context), keys(args, &finder, context)];
    values.extend([
        base_url(args, &server),
        EffectiveSetting::of("region", &server.region),
        EffectiveSetting::of("service", &server.service),
        proxy("http_proxy", proxies.http.as_ref()),
        proxy("https_proxy", proxies.https.as_ref()),
        optional("no_proxy", proxies.exceptions.as_ref()),
    ]);
    let bundle = args.network.ca_bundle.as_ref().map(|path| path.display().to_string());
    values.push(optional("ca_bundle", Setting::flag("--ca-bundle", bundle).as_ref()));
    values.extend(defaults(config, args.server.demo));
    values.extend(services(config));
    values.extend(sets(config));
    Ok(values)
}

fn file(context: &Context<'_>) -> EffectiveSetting {
    let Some(location) = config::location(context.environment) else {
        return EffectiveSetting::new("config", None, text!("no home directory", "没有主目录"));
    };
    let because = location.because;
    let origin = if location.path.exists() {
        because
    } else {
        text!("{because}, not there", "{because}，文件不存在"; because = because)
    };
    let path = location.path.display().to_string();
    EffectiveSetting::new("config", Some(path), origin)
}

/// The masked key id, or by whom it would be handed out; nobody is asked.
fn keys(args: &ShowArgs, finder: &CredentialFinder, context: &Context<'_>) -> EffectiveSetting {
    if args.server.demo {
        let id = volc_credentials::mask(demo::credentials().access_key_id());
        return EffectiveSetting::new("access_key_id", Some(id), Text::same("--demo"));
    }
    let (id, origin) = match finder.find_local(context.clock.now().as_second()) {
        LocalCredentials::Found(found) => {
            (Some(found.masked_access_key_id()), Text::of(&found.origin))
        }
        LocalCredentials::NeedsService(purpose) => {
            let purpose = Text::of(&purpose);
            (None, text!("by {purpose}, when needed", "需要时获取：{purpose}"; purpose = purpose))
        }
        LocalCredentials::NeedsCommand => {
            (None, text!("by keys.command, when needed", "需要时由 keys.command 获取"))
        }
        LocalCredentials::Missing(_) => (
            None,
            text!(
                "no keys found; `ark-usage doctor` says where it looked",
                "没有找到密钥；`ark-usage doctor` 会说明查找过哪些位置"
            ),
        ),
    };
    EffectiveSetting::new("access_key_id", id, origin)
}

fn by_default() -> Text {
    Text::of(&Origin::Default)
}

/// Without its password.
fn proxy(name: &str, setting: Option<&Setting<ProxyUrl>>) -> EffectiveSetting {
    match setting {
        Some(setting) => EffectiveSetting::of(name, setting),
        None => EffectiveSetting::new(name, None, by_default()),
    }
}

fn optional(name: &str, setting: Option<&Setting<String>>) -> EffectiveSetting {
    match setting {
        Some(setting) => EffectiveSetting::of(name, setting),
        None => EffectiveSetting::new(name, None, by_default()),
    }
}

/// The demo is a server of its own, on a port that is known once it has begun.
fn base_url(args: &ShowArgs, server: &ServerSettings) -> EffectiveSetting {
    if args.server.demo {
        let origin = text!("--demo, inside the process", "--demo，位于进程内部");
        return EffectiveSetting::new("base_url", None, origin);
    }
    EffectiveSetting::of("base_url", &server.base_url)
}

fn defaults(config: &Config, demo: bool) -> [EffectiveSetting; 4] {
    let defaults = &config.defaults;
    let default =
        |name: &str, value: &str| EffectiveSetting::new(name, Some(value.to_owned()), by_default());
    [
        match &defaults.project {
            Some(_) if demo => EffectiveSetting::new(
                "project",
                None,
                text!("--demo knows nobody's projects", "--demo 不认识任何人的项目"),
            ),
            Some(it) => {
                EffectiveSetting::new("project", Some(it.value.join(", ")), Text::of(&it.origin))
            }
            None => EffectiveSetting::new("project", None, by_default()),
        },
        defaults.tz.as_ref().map_or_else(
            || default("tz", crate::range::DEFAULT_ZONE),
            |it| EffectiveSetting::of("tz", it),
        ),
        defaults.format.as_ref().map_or_else(
            || default("format", crate::args::Format::Table.name()),
            |it| {
                EffectiveSetting::new(
                    "format",
                    Some(it.value.name().to_owned()),
                    Text::of(&it.origin),
                )
            },
        ),
        defaults.prices.as_ref().map_or_else(
            || EffectiveSetting::new("prices", None, by_default()),
            |it| {
                EffectiveSetting::new(
                    "prices",
                    Some(it.value.display().to_string()),
                    Text::of(&it.origin),
                )
            },
        ),
    ]
}

fn services(config: &Config) -> impl Iterator<Item = EffectiveSetting> {
    let urls = &config.services;
    let origin = || text!("configuration", "配置文件");
    let named =
        [("sts_url", &urls.sts), ("metadata_url", &urls.metadata), ("portal_url", &urls.portal)];
    let set = named.into_iter().filter_map(|(name, url)| Some((name, url.as_ref()?)));
    set.map(move |(name, url)| EffectiveSetting::new(name, Some(url.to_string()), origin()))
}

fn sets(config: &Config) -> impl Iterator<Item = EffectiveSetting> {
    config.sets.iter().map(|(name, set)| {
        let parts = [
            ("profiles", &set.profiles),
            ("projects", &set.projects),
            ("endpoint_ids", &set.endpoint_ids),
        ];
        let parts = parts.into_iter().filter(|(_, names)| !names.is_empty());
        let parts: Vec<String> =
            parts.map(|(part, names)| format!("{part} {}", names.join(", "))).collect();
        let origin = text!("configuration", "配置文件");
        EffectiveSetting::new(format!("set {name}"), Some(parts.join("; ")), origin)
    })
}

//! `ark-usage config`: shows every effective setting and its origin.

use ark_usage_render::serialized;
use ark_usage_report::text;
use serde::Serialize;
use volc_credentials::ProxyUrl;
use volc_openapi::{ServiceDays, one_line};

use crate::args::{ConfigArgs, ConfigTopic, ReportFormat, ShowArgs};
use crate::config::{self, Config};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::keys::{CredentialFinder, LocalCredentials};
use crate::lang::{Text, TextOf as _, english};
use crate::network::Proxies;
use crate::settings::{Origin, ServerSettings, Setting};
use crate::{demo, output, site};

/// Prints the path, or every setting.
pub(crate) fn run(args: &ConfigArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let text = match &args.topic {
        ConfigTopic::Path => format!("{}\n", location(context)?.path.display()).into_bytes(),
        ConfigTopic::Show(args) => show(args, context)?,
    };
    output::write_stdout(&text)?;
    Ok(ExitStatus::Done)
}

fn location(context: &Context<'_>) -> Result<config::Location, CliError> {
    config::location(context.environment)?.ok_or_else(|| {
        CliError::configuration(text!(
            "no configuration path: the home directory is unknown",
            "无法确定配置文件的位置：主目录未知"
        ))
        .with_hint(text!(
            "set HOME, or ARK_USAGE_CONFIG to a file",
            "请设置 HOME，或用 ARK_USAGE_CONFIG 指定文件"
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
    let line = |setting: &EffectiveSetting| {
        let origin = setting.origin.in_lang(lang);
        format!("{:14} {}{open}{origin}{close}\n", setting.name, setting.shown())
    };
    // A value of many lines stays on its own.
    let lines = values.iter().map(|setting| one_line(&line(setting)).trim_end().to_owned() + "\n");
    Ok(lines.collect::<String>().into_bytes())
}

#[derive(Serialize)]
struct SettingsDocument<'a> {
    schema: &'static str,
    schema_version: u32,
    settings: &'a [EffectiveSetting],
}

/// One effective setting.
#[derive(Serialize)]
struct EffectiveSetting {
    name: String,
    /// `null` if it is not set.
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
    let site = site::of_server(&args.server, context)?;
    let days = site::days(args.site_days.site_days, site.value, context)?;
    let (name, demo) = (args.profile.as_deref(), args.server.demo);
    let finder = CredentialFinder::of_one(name, site.value, demo, context)?;
    let profile = finder.settings().filter(|_| !demo);
    let server = ServerSettings::new(&args.server, site, context.environment, profile, true)?;
    let proxies = Proxies::new(&args.network, context.environment, profile)?;
    let mut values = vec![file(context), keys(args, &finder, context)];
    values.extend([
        EffectiveSetting::of("site", &server.site),
        EffectiveSetting::of("site_days", &days),
        base_url(args, &server),
        EffectiveSetting::of("region", &server.region),
        EffectiveSetting::of("service", &server.service),
        proxy("http_proxy", proxies.http.as_ref()),
        proxy("https_proxy", proxies.https.as_ref()),
        optional("no_proxy", proxies.exceptions.as_ref()),
    ]);
    let bundle = args.network.ca_bundle.as_ref().map(|path| path.display().to_string());
    values.push(optional("ca_bundle", Setting::flag("--ca-bundle", bundle).as_ref()));
    values.extend(defaults(config, demo, days.value));
    values.extend(services(config));
    values.extend(sets(config));
    Ok(values)
}

fn file(context: &Context<'_>) -> EffectiveSetting {
    let Ok(Some(location)) = config::location(context.environment) else {
        return EffectiveSetting::new("config", None, text!("no home directory", "没有主目录"));
    };
    let because = location.because;
    let origin = if location.path.exists() {
        because
    } else {
        text!("{because}, file does not exist", "{because}，文件不存在"; because = because)
    };
    let path = location.path.display().to_string();
    EffectiveSetting::new("config", Some(path), origin)
}

/// Returns the masked key id, or the service that would issue it; nothing is sent.
fn keys(args: &ShowArgs, finder: &CredentialFinder, context: &Context<'_>) -> EffectiveSetting {
    if args.server.demo {
        let id = volc_credentials::mask(demo::credentials(args.profile.as_deref()).access_key_id());
        return EffectiveSetting::new("access_key_id", Some(id), Text::same("--demo"));
    }
    let (id, origin) = match finder.find_local(context.clock.now().as_second()) {
        LocalCredentials::Found(found) => {
            (Some(found.masked_access_key_id()), Text::of(&found.origin))
        }
        LocalCredentials::NeedsService(purpose) => {
            let purpose = Text::of(&purpose);
            (None, text!("from {purpose}, when needed", "需要时获取：{purpose}"; purpose = purpose))
        }
        LocalCredentials::NeedsCommand => {
            (None, text!("from keys.command, when needed", "需要时由 keys.command 获取"))
        }
        LocalCredentials::Missing(_) => (
            None,
            text!(
                "no credentials found; `ark-usage doctor` lists the places searched",
                "没有找到密钥；`ark-usage doctor` 会列出查找过的位置"
            ),
        ),
    };
    EffectiveSetting::new("access_key_id", id, origin)
}

fn by_default() -> Text {
    Text::of(&Origin::Default)
}

/// The proxy without its password.
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

/// The address; the demo is a separate server whose port is known once it runs.
fn base_url(args: &ShowArgs, server: &ServerSettings) -> EffectiveSetting {
    if args.server.demo {
        let origin = text!("--demo, inside this process", "--demo，位于本进程内");
        return EffectiveSetting::new("base_url", None, origin);
    }
    EffectiveSetting::of("base_url", &server.base_url)
}

fn defaults(config: &Config, demo: bool, days: ServiceDays) -> [EffectiveSetting; 6] {
    let defaults = &config.defaults;
    let default =
        |name: &str, value: &str| EffectiveSetting::new(name, Some(value.to_owned()), by_default());
    [
        match &defaults.project {
            Some(_) if demo => EffectiveSetting::new(
                "project",
                None,
                text!("--demo has no projects", "--demo 没有项目"),
            ),
            Some(setting) => EffectiveSetting::new(
                "project",
                Some(setting.value.join(", ")),
                Text::of(&setting.origin),
            ),
            None => EffectiveSetting::new("project", None, by_default()),
        },
        defaults.all_projects.as_ref().map_or_else(
            || EffectiveSetting::new("all_projects", None, by_default()),
            |setting| {
                EffectiveSetting::new(
                    "all_projects",
                    Some(setting.value.to_string()),
                    Text::of(&setting.origin),
                )
            },
        ),
        defaults.tz.as_ref().map_or_else(
            || default("tz", days.zone()),
            |setting| EffectiveSetting::of("tz", setting),
        ),
        defaults.format.as_ref().map_or_else(
            || default("format", crate::args::Format::Table.name()),
            |setting| {
                EffectiveSetting::new(
                    "format",
                    Some(setting.value.name().to_owned()),
                    Text::of(&setting.origin),
                )
            },
        ),
        defaults.prices.as_ref().map_or_else(
            || EffectiveSetting::new("prices", None, by_default()),
            |setting| {
                EffectiveSetting::new(
                    "prices",
                    Some(setting.value.display().to_string()),
                    Text::of(&setting.origin),
                )
            },
        ),
        defaults.api.as_ref().map_or_else(
            || default("api", crate::actions::DEFAULT.name()),
            |setting| EffectiveSetting::of("api", setting),
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

//! Parsing the file, with the place of every value and a suggestion for every unknown key.

use std::path::Path;

use ark_usage_report::toml_file::{SourceFile, Table};
use ark_usage_report::{ReportError, suggest, text};
use clap::ValueEnum as _;
use volc_credentials::ServiceUrls;
use volc_openapi::{BaseUrl, ServiceDays, Site};

use super::{Config, Defaults, Set};
use crate::actions::ActionChoice;
use crate::args::Format;
use crate::error::CliError;
use crate::lang::Text;
use crate::settings::{Origin, Setting};

const TABLES: [&str; 4] = ["defaults", "sets", "keys", "services"];
const KEYS: [&str; 1] = ["command"];
const DEFAULTS: [&str; 8] =
    ["project", "all_projects", "tz", "format", "prices", "api", "site", "site_days"];
const SET: [&str; 3] = ["profiles", "projects", "endpoint_ids"];
const SERVICES: [&str; 3] = ["sts_url", "metadata_url", "portal_url"];

/// Parses the text of the file at `path`.
pub(super) fn read(path: &Path, text: &str) -> Result<Config, CliError> {
    let name = path.display().to_string();
    let file = ConfigFile { path, source: SourceFile { flag: "", name: &name, text } };
    file.read().map_err(CliError::of_configuration)
}

/// The file as it is parsed.
struct ConfigFile<'a> {
    path: &'a Path,
    source: SourceFile<'a>,
}

impl ConfigFile<'_> {
    fn read(&self) -> Result<Config, ReportError> {
        let document = self.source.parse()?;
        let root = self.source.root(&document);
        self.check(&root, &TABLES)?;
        let mut config = Config::default();
        if let Some(sets) = root.table("sets")? {
            for (name, ..) in sets.keys() {
                let Some(set) = sets.table(name)? else { continue };
                config.sets.insert(name.to_owned(), self.set(&set)?);
            }
        }
        if let Some(keys) = root.table("keys")? {
            self.check(&keys, &KEYS)?;
            config.keys_command = text_of(&keys, "command")?.map(|(command, _)| command);
        }
        if let Some(defaults) = root.table("defaults")? {
            config.defaults = self.defaults(&defaults)?;
        }
        if let Some(services) = root.table("services")? {
            config.services = self.services(&services)?;
        }
        Ok(config)
    }

    fn defaults(&self, table: &Table<'_>) -> Result<Defaults, ReportError> {
        self.check(table, &DEFAULTS)?;
        let tz = text_of(table, "tz")?;
        if let Some((zone, line)) = &tz
            && ark_usage_report::range::parse_zone(zone).is_err()
        {
            let what = text!("unknown time zone", "未知的时区");
            return Err(table.wrong_at("tz", *line, what).with_hint(text!(
                "write a name such as Asia/Shanghai or UTC",
                "请写时区名，例如 Asia/Shanghai 或 UTC"
            )));
        }
        let format = text_of(table, "format")?.map(|(name, line)| {
            let format = format_of(table, &name, line)?;
            Ok::<_, ReportError>(self.setting(table, "format", format, line))
        });
        let all_projects = table.boolean("all_projects")?;
        if let (Some((true, line)), true) = (all_projects, table.text_or_list("project")?.is_some())
        {
            let what = text!("contradicts defaults.project", "与 defaults.project 矛盾");
            return Err(table
                .wrong_at("all_projects", line, what)
                .with_hint(text!("remove one of the two keys", "请去掉其中一个键")));
        }
        let api = text_of(table, "api")?;
        if let Some((name, line)) = &api
            && ActionChoice::new(None, Some(name)).is_err()
        {
            let what = text!("unknown action", "未知的接口");
            return Err(table.wrong_at("api", *line, what).with_hint(text!(
                "use usage, inference or auto",
                "可用的有 usage、inference 和 auto"
            )));
        }
        let site = named(table, "site", Site::named, &Site::ALL.map(|site| site.name))?;
        let days = ServiceDays::ALL.map(ServiceDays::name);
        let site_days = named(table, "site_days", ServiceDays::named, &days)?;
        let folder = self.path.parent().unwrap_or_else(|| Path::new(""));
        Ok(Defaults {
            project: texts_of(table, "project")?
                .map(|(names, line)| self.setting(table, "project", names, line)),
            all_projects: all_projects
                .map(|(all, line)| self.setting(table, "all_projects", all, line)),
            tz: tz.map(|(zone, line)| self.setting(table, "tz", zone, line)),
            format: format.transpose()?,
            prices: text_of(table, "prices")?
                .map(|(file, line)| self.setting(table, "prices", folder.join(file), line)),
            api: api.map(|(name, line)| self.setting(table, "api", name, line)),
            site: site.map(|(site, line)| self.setting(table, "site", site, line)),
            site_days: site_days.map(|(days, line)| self.setting(table, "site_days", days, line)),
        })
    }

    fn set(&self, table: &Table<'_>) -> Result<Set, ReportError> {
        self.check(table, &SET)?;
        let names = |key| {
            Ok::<_, ReportError>(texts_of(table, key)?.map(|(names, _)| names).unwrap_or_default())
        };
        Ok(Set {
            profiles: names("profiles")?,
            projects: names("projects")?,
            endpoint_ids: names("endpoint_ids")?,
        })
    }

    fn services(&self, table: &Table<'_>) -> Result<ServiceUrls, ReportError> {
        self.check(table, &SERVICES)?;
        Ok(ServiceUrls {
            sts: url_of(table, "sts_url", false)?,
            // Instance metadata is a link-local service without a certificate.
            metadata: url_of(table, "metadata_url", true)?,
            portal: url_of(table, "portal_url", false)?,
        })
    }

    /// Refuses unknown keys, and secrets above all.
    fn check(&self, table: &Table<'_>, known: &[&str]) -> Result<(), ReportError> {
        let unknown = table.keys().filter(|(name, ..)| !known.contains(name));
        let mut secret = unknown
            .filter(|(name, value, _)| looks_secret(name) || value.is_some_and(looks_like_a_key));
        let Some((name, _, line)) = secret.next() else { return table.check(known) };
        let full = if looks_like_a_key(name) { "…".to_owned() } else { table.full_key(name) };
        let what = text!("key {full}: secrets are not allowed here", "键 {full}：这里不能存放密钥");
        Err(self.source.wrong(line, what).with_hint(text!(
            "keep keys in a `ve` profile (~/.volcengine/config.json) or in variables, and delete them from this file",
            "请把密钥存放在 `ve` 的 profile（~/.volcengine/config.json）或环境变量中，并从此文件中删除"
        )))
    }

    fn setting<T>(&self, table: &Table<'_>, key: &str, value: T, line: usize) -> Setting<T> {
        let (file, key) = (self.source.name, table.full_key(key));
        Setting { value, origin: Origin::Place(format!("{file} line {line}, key {key}")) }
    }
}

fn text_of(table: &Table<'_>, key: &str) -> Result<Option<(String, usize)>, ReportError> {
    let found = table.text(key)?;
    if let Some((text, line)) = &found {
        refuse_secret(table, key, text, *line)?;
    }
    Ok(found)
}

fn texts_of(table: &Table<'_>, key: &str) -> Result<Option<(Vec<String>, usize)>, ReportError> {
    let found = table.text_or_list(key)?;
    if let Some((texts, line)) = &found {
        texts.iter().try_for_each(|text| refuse_secret(table, key, text, *line))?;
    }
    Ok(found)
}

fn refuse_secret(table: &Table<'_>, key: &str, text: &str, line: usize) -> Result<(), ReportError> {
    if !looks_like_a_key(text) {
        return Ok(());
    }
    let what = text!(
        "this looks like an access key; secrets are not allowed here",
        "这看起来是 Access Key，而这里不能存放密钥"
    );
    Err(table.wrong_at(key, line, what).with_hint(text!(
        "keep keys in a `ve` profile or in variables, and delete them from this file",
        "请把密钥存放在 `ve` 的 profile 或环境变量中，并从此文件中删除"
    )))
}

/// Parses a value that is one of a few names, with its line.
fn named<T>(
    table: &Table<'_>,
    key: &str,
    find: impl Fn(&str) -> Option<T>,
    known: &[&str],
) -> Result<Option<(T, usize)>, ReportError> {
    let Some((name, line)) = text_of(table, key)? else { return Ok(None) };
    let value = find(&name).ok_or_else(|| {
        let hint = suggest::hint("", &name, known.iter().copied(), known_names(known));
        table.wrong_at(key, line, text!("unknown name", "未知的名称")).with_hint(hint)
    })?;
    Ok(Some((value, line)))
}

fn format_of(table: &Table<'_>, name: &str, line: usize) -> Result<Format, ReportError> {
    Format::from_str(name, false).map_err(|_| {
        let known = Format::value_variants().iter().filter_map(clap::ValueEnum::to_possible_value);
        let known: Vec<String> = known.map(|value| value.get_name().to_owned()).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let hint = suggest::hint("", name, known.iter().copied(), known_names(&known));
        let what = text!("unknown format", "未知的输出格式");
        table.wrong_at("format", line, what).with_hint(hint)
    })
}

fn url_of(table: &Table<'_>, key: &str, plain: bool) -> Result<Option<BaseUrl>, ReportError> {
    let Some((text, line)) = text_of(table, key)? else { return Ok(None) };
    let url: BaseUrl = text.parse().map_err(|_| {
        let what = text!("invalid server address", "不是有效的服务端地址");
        table.wrong_at(key, line, what).with_hint(text!(
            "write a scheme and a host, for example https://sts.volcengineapi.com",
            "请写协议和主机，例如 https://sts.volcengineapi.com"
        ))
    })?;
    if url.is_https() || url.is_loopback() || plain {
        return Ok(Some(url));
    }
    let what = text!(
        "plain http exposes tokens to everyone on the network path",
        "明文 http 会让沿途的人都看到令牌"
    );
    Err(table.wrong_at(key, line, what).with_hint(text!("use https", "请用 https")))
}

/// Returns whether a key of this name would hold a secret.
fn looks_secret(name: &str) -> bool {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let parts = [
        "secret",
        "token",
        "password",
        "passwd",
        "accesskey",
        "apikey",
        "privatekey",
        "credential",
        "keyid",
    ];
    ["ak", "sk", "key", "keys"].contains(&plain.as_str())
        || parts.iter().any(|part| plain.contains(part))
}

/// Returns whether a value looks like an access key ID: its prefix and a long word.
fn looks_like_a_key(value: &str) -> bool {
    let value = value.trim();
    let word = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte));
    (value.starts_with("AKLT") || value.starts_with("AKTP")) && value.len() >= 16 && word
}

/// Lists the known names.
pub(super) fn known_names(known: &[&str]) -> Text {
    text!("known names: {all}", "可用的有：{all}", all = known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        read(Path::new("config.toml"), text).unwrap_err().to_string()
    }

    #[test]
    fn every_key_is_read() {
        let config = read(
            Path::new("config.toml"),
            "[defaults]\nproject = \"chat\"\ntz = \"UTC\"\nformat = \"json\"\n\
             [sets.team]\nprofiles = [\"a\", \"b\"]\nendpoint_ids = \"ep-1\"\n\
             [keys]\ncommand = \"vault read ark\"\n\
             [services]\nsts_url = \"http://127.0.0.1:1\"\nmetadata_url = \"http://metadata.example\"\n",
        )
        .unwrap();
        let project = config.defaults.project.unwrap();
        assert_eq!(project.value, ["chat"]);
        assert_eq!(project.origin.to_string(), "config.toml line 2, key defaults.project");
        assert_eq!(config.defaults.format.unwrap().value, Format::Json);
        assert_eq!(config.sets["team"].profiles, ["a", "b"]);
        assert_eq!(config.sets["team"].endpoint_ids, ["ep-1"]);
        assert_eq!(config.keys_command.as_deref(), Some("vault read ark"));
        assert!(config.services.sts.is_some() && config.services.portal.is_none());
    }

    #[test]
    fn unknown_keys_are_named_with_line_and_suggestion() {
        let shown = refusal("[defaults]\n\nproyect = \"chat\"\n");
        assert!(shown.contains("config.toml line 3: unknown key defaults.proyect"), "{shown}");
        assert!(shown.contains("did you mean project?"), "{shown}");
        let shown = refusal("[sets.a]\ncolour = 1\n");
        assert!(shown.contains("line 2") && shown.contains("known keys: profiles"), "{shown}");
        assert!(refusal("default = 1\n").contains("did you mean defaults?"));
    }

    #[test]
    fn secrets_are_refused_and_not_repeated() {
        let secret = "fake-secret-for-tests-only-0001";
        for name in
            ["secret_key", "SecretAccessKey", "session-token", "ak", "access_key", "password"]
        {
            for text in
                [format!("{name} = \"{secret}\"\n"), format!("[defaults]\n{name} = \"{secret}\"\n")]
            {
                let shown = refusal(&text);
                assert!(shown.contains("secrets are not allowed here"), "{shown}");
                assert!(shown.contains(name) && !shown.contains(secret), "{shown}");
            }
        }
        for text in [
            "[defaults]\nproject = \"AKLTEXAMPLE0000000000000000000001\"\n",
            "mine = \"AKLTEXAMPLE0000000000000000000001\"\n",
        ] {
            let shown = refusal(text);
            assert!(
                shown.contains("secrets are not allowed") && !shown.contains("AKLTE"),
                "{shown}"
            );
        }
        let broken = refusal("[defaults]\nsecret = \"fake-secret\n");
        assert!(broken.contains("line 2") && !broken.contains("fake-secret"), "{broken}");
    }

    #[test]
    fn invalid_values_are_refused() {
        for (text, what) in [
            ("[defaults]\ntz = \"Mars\"\n", "unknown time zone"),
            ("[defaults]\nformat = \"xls\"\n", "known names: table"),
            ("[defaults]\nproject = 7\n", "must be a non-empty text"),
            ("[defaults]\nproject = [\"a\", \"\"]\n", "must be a non-empty text"),
            ("defaults = 1\n", "must be a table"),
            ("[services]\nsts_url = \"http://sts.example.com\"\n", "plain http"),
            ("[services]\nsts_url = \"sts\"\n", "invalid server address"),
        ] {
            let shown = refusal(text);
            assert!(shown.contains(what), "{text}: {shown}");
        }
    }
}

//! Parsing the file, with the place of every value and a suggestion for every unknown key.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use clap::ValueEnum as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use volc_credentials::ServiceUrls;
use volc_openapi::BaseUrl;

use super::{Config, Defaults, Set};
use crate::args::Format;
use crate::error::CliError;
use crate::lang::Text;
use crate::settings::{Origin, Setting};
use crate::{suggest, text};

const TABLES: [&str; 4] = ["defaults", "sets", "keys", "services"];
const KEYS: [&str; 1] = ["command"];
const DEFAULTS: [&str; 4] = ["project", "tz", "format", "prices"];
const SET: [&str; 3] = ["profiles", "projects", "endpoint_ids"];
const SERVICES: [&str; 3] = ["sts_url", "metadata_url", "portal_url"];

/// Parses the text of the file at `path`.
pub(super) fn read(path: &Path, text: &str) -> Result<Config, CliError> {
    let source = Source { path, text };
    // The full message of the library quotes the line, which may hold a secret.
    let document = DeTable::parse(text).map_err(|error| {
        let what = Text::same(error.message().to_owned());
        source.error(&error.span().unwrap_or_default(), &what).with_hint(Text::both(
            "the file must be TOML: [tables], and key = \"text\" with quotes",
            "该文件是 TOML：[表] 和 key = \"文本\"，文本要加引号",
        ))
    })?;
    let root = Table { source, path: String::new(), keys: document.get_ref() };
    root.check(&TABLES)?;
    let mut sets = BTreeMap::new();
    if let Some(table) = root.table("sets")? {
        for (name, value) in table.keys {
            let set = table.inner(name.get_ref(), value)?;
            set.check(&SET)?;
            sets.insert(name.get_ref().to_string(), read_set(&set)?);
        }
    }
    let keys = root.table("keys")?;
    if let Some(table) = &keys {
        table.check(&KEYS)?;
    }
    Ok(Config {
        defaults: root
            .table("defaults")?
            .map(|table| read_defaults(&table))
            .transpose()?
            .unwrap_or_default(),
        sets,
        services: root
            .table("services")?
            .map(|table| read_services(&table))
            .transpose()?
            .unwrap_or_default(),
        keys_command: keys.map(|table| table.text("command")).transpose()?.flatten().map(first),
    })
}

fn first<T>((value, _): Spotted<T>) -> T {
    value
}

fn read_defaults(table: &Table<'_>) -> Result<Defaults, CliError> {
    table.check(&DEFAULTS)?;
    let tz = table.text("tz")?;
    if let Some((zone, span)) = &tz
        && crate::range::parse_zone(zone).is_err()
    {
        let what = text!("unknown time zone", "不是时区");
        return Err(table.wrong("tz", span, &what).with_hint(text!(
            "write a name such as Asia/Shanghai or UTC",
            "请写时区名，例如 Asia/Shanghai 或 UTC"
        )));
    }
    let format = table.text("format")?.map(|(name, span)| {
        let known = Format::value_variants().iter().filter_map(clap::ValueEnum::to_possible_value);
        let known: Vec<String> = known.map(|value| value.get_name().to_owned()).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let format = Format::from_str(&name, false).map_err(|_| {
            let hint = known_names(&known);
            table
                .wrong("format", &span, &text!("unknown format", "不是输出格式"))
                .with_hint(suggest::hint("", &name, known.iter().copied(), hint))
        })?;
        Ok::<_, CliError>(table.setting("format", format, &span))
    });
    Ok(Defaults {
        project: table
            .texts("project")?
            .map(|(names, span)| table.setting("project", names, &span)),
        tz: tz.map(|(zone, span)| table.setting("tz", zone, &span)),
        format: format.transpose()?,
        prices: table.text("prices")?.map(|(file, span)| {
            let folder = table.source.path.parent().unwrap_or_else(|| Path::new(""));
            table.setting("prices", folder.join(file), &span)
        }),
    })
}

fn read_set(table: &Table<'_>) -> Result<Set, CliError> {
    let names =
        |key| Ok::<_, CliError>(table.texts(key)?.map(|(names, _)| names).unwrap_or_default());
    Ok(Set {
        profiles: names("profiles")?,
        projects: names("projects")?,
        endpoint_ids: names("endpoint_ids")?,
    })
}

fn read_services(table: &Table<'_>) -> Result<ServiceUrls, CliError> {
    table.check(&SERVICES)?;
    Ok(ServiceUrls {
        sts: table.url("sts_url", false)?,
        // Instance metadata is a link-local service without a certificate.
        metadata: table.url("metadata_url", true)?,
        portal: table.url("portal_url", false)?,
    })
}

/// The text of the file, and its path.
#[derive(Clone, Copy)]
struct Source<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Source<'_> {
    fn line(&self, span: &Range<usize>) -> usize {
        self.text.get(..span.start).unwrap_or_default().split('\n').count()
    }

    fn error(&self, span: &Range<usize>, what: &Text) -> CliError {
        CliError::configuration(text!(
            "{path} line {line}: {what}",
            "{path} 第 {line} 行：{what}",
            path = self.path.display(),
            line = self.line(span);
            what = what
        ))
    }
}

/// A value and its place in the text.
type Spotted<T> = (T, Range<usize>);

/// A table of the file.
struct Table<'a> {
    source: Source<'a>,
    /// Its name with a dot appended; empty for the whole file.
    path: String,
    keys: &'a DeTable<'a>,
}

impl<'a> Table<'a> {
    /// Refuses unknown keys, and secrets above all.
    fn check(&self, known: &[&str]) -> Result<(), CliError> {
        for (key, value) in self.keys {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let path = &self.path;
            if looks_secret(name) || value.get_ref().as_str().is_some_and(looks_like_a_key) {
                let what = text!(
                    "key {path}{name}: secrets are not allowed here",
                    "键 {path}{name}：这里不能存放密钥"
                );
                return Err(self.source.error(&key.span(), &what).with_hint(text!(
                    "keep keys in a `ve` profile (~/.volcengine/config.json) or in variables, and delete them here",
                    "请把密钥存放在 `ve` 的 profile（~/.volcengine/config.json）或环境变量中，并从这里删除"
                )));
            }
            let what = text!("unknown key {path}{name}", "未知的键 {path}{name}");
            let hint = suggest::hint("", name, known.iter().copied(), known_names(known));
            return Err(self.source.error(&key.span(), &what).with_hint(hint));
        }
        Ok(())
    }

    fn table(&self, key: &str) -> Result<Option<Self>, CliError> {
        self.keys.get(key).map(|value| self.inner(key, value)).transpose()
    }

    fn inner(&self, key: &str, value: &'a Spanned<DeValue<'a>>) -> Result<Self, CliError> {
        let keys = value.get_ref().as_table().ok_or_else(|| {
            self.wrong(key, &value.span(), &text!("must be a table", "不是表")).with_hint(text!(
                "write [{path}{key}] with its keys below",
                "请写 [{path}{key}]，并在下面写它的键",
                path = self.path
            ))
        })?;
        Ok(Table { source: self.source, path: format!("{}{key}.", self.path), keys })
    }

    fn text(&self, key: &str) -> Result<Option<Spotted<String>>, CliError> {
        let Some(value) = self.keys.get(key) else { return Ok(None) };
        let text = self.name(key, value)?;
        Ok(Some((text, value.span())))
    }

    /// Reads a text or a list of texts.
    fn texts(&self, key: &str) -> Result<Option<Spotted<Vec<String>>>, CliError> {
        let Some(value) = self.keys.get(key) else { return Ok(None) };
        let names = match value.get_ref().as_array() {
            Some(list) => list.iter().map(|item| self.name(key, item)).collect::<Result<_, _>>()?,
            None => vec![self.name(key, value)?],
        };
        Ok(Some((names, value.span())))
    }

    fn name(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<String, CliError> {
        let text = value.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
        let Some(text) = text else {
            return Err(self
                .wrong(
                    key,
                    &value.span(),
                    &text!("must be a non-empty text", "不是文本，或文本为空"),
                )
                .with_hint(text!("write {key} = \"…\"", "请写 {key} = \"…\"")));
        };
        if looks_like_a_key(text) {
            return Err(self
                .wrong(
                    key,
                    &value.span(),
                    &text!(
                        "this looks like an access key; secrets are not allowed here",
                        "这看起来是 Access Key，而这里不能存放密钥"
                    ),
                )
                .with_hint(text!(
                    "keep keys in a `ve` profile or in variables, and delete them here",
                    "请把密钥存放在 `ve` 的 profile 或环境变量中，并从这里删除"
                )));
        }
        Ok(text.to_owned())
    }

    fn url(&self, key: &str, plain: bool) -> Result<Option<BaseUrl>, CliError> {
        let Some((text, span)) = self.text(key)? else { return Ok(None) };
        let url: BaseUrl = text.parse().map_err(|_| {
            let what = text!("invalid server address", "不是有效的服务端地址");
            self.wrong(key, &span, &what).with_hint(text!(
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
        Err(self.wrong(key, &span, &what).with_hint(text!("use https", "请用 https")))
    }

    fn wrong(&self, key: &str, span: &Range<usize>, what: &Text) -> CliError {
        let path = &self.path;
        let what = text!("key {path}{key}: {what}", "键 {path}{key}：{what}"; what = what);
        self.source.error(span, &what)
    }

    fn setting<T>(&self, key: &str, value: T, span: &Range<usize>) -> Setting<T> {
        let (file, line) = (self.source.path.display(), self.source.line(span));
        let origin = Origin::Place(format!("{file} line {line}, key {}{key}", self.path));
        Setting { value, origin }
    }
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
        assert!(shown.contains("line 2") && shown.contains("known names: profiles"), "{shown}");
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

//! The cache of the status line: one file per request, readable by its owner only.

use std::path::{Path, PathBuf};

use ark_usage_files::OpenError;
use ark_usage_render::status_line::{CachedValues, Template};
use ark_usage_report::text;
use volc_credentials::{Environment, UnreadableVariable, is_a_pipe};
use volc_sign::PayloadHash;

use crate::args::StatuslineArgs;
use crate::commands::fetch::action_choice;
use crate::commands::identity::local_accounts;
use crate::context::Context;
use crate::error::CliError;
use crate::output;
use crate::text_file::{self, MAX_TEXT};

/// The cache file of one request.
#[derive(Debug)]
pub(super) struct StatuslineCache {
    path: PathBuf,
    fingerprint: String,
}

impl StatuslineCache {
    /// Returns the cache file; `None` without a home directory.
    pub(super) fn new(
        args: &StatuslineArgs,
        template: &Template,
        context: &Context<'_>,
    ) -> Result<Option<Self>, CliError> {
        let Some(folder) = folder(context.environment)? else { return Ok(None) };
        // A pipe can be read once only, which the costs need.
        if prices(args, template, context)?.is_some_and(is_a_pipe) {
            return Ok(None);
        }
        let fingerprint = fingerprint(args, template, context)?;
        let name = fingerprint.get(..32).unwrap_or(&fingerprint);
        let path = folder.join(format!("statusline-{name}.json"));
        Ok(Some(Self { path, fingerprint }))
    }

    /// Reads the cached values; empty if they cannot be read.
    pub(super) fn read(&self) -> CachedValues {
        let text = text_file::read_text(&self.path, MAX_TEXT);
        text.map(|text| CachedValues::read(&text, &self.fingerprint)).unwrap_or_default()
    }

    /// Writes the values, whole or not at all.
    pub(super) fn write(&self, cached: &CachedValues) -> Result<(), CliError> {
        let text = cached.write(&self.fingerprint)?;
        let folder = self.path.parent().unwrap_or(&self.path);
        let created = create(folder).map_err(OpenError::from);
        let written = created.and_then(|()| output::write_private_file(&self.path, &text));
        written.map_err(|error| {
            let path = self.path.display();
            CliError::internal(text!(
                "{path}: the cache could not be written",
                "{path}：无法写入缓存"
            ))
            .with_source(error)
        })
    }
}

/// `$XDG_CACHE_HOME/ark-usage`, else `~/.cache/ark-usage`.
fn folder(environment: &Environment) -> Result<Option<PathBuf>, UnreadableVariable> {
    // The XDG specification ignores relative paths.
    let xdg =
        environment.read("XDG_CACHE_HOME")?.map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = match xdg {
        None => environment.read_home()?.map(|home| home.join(".cache")),
        xdg => xdg,
    };
    Ok(caches.map(|caches| caches.join("ark-usage")))
}

/// Returns a hash of everything that determines the values. Nothing can be read back from it.
fn fingerprint(
    args: &StatuslineArgs,
    template: &Template,
    context: &Context<'_>,
) -> Result<String, CliError> {
    let standing = &args.usage;
    // With `auto`, the metrics of the template decide.
    let metrics: Vec<String> = template.short_metrics().into_iter().map(str::to_owned).collect();
    let action = action_choice(&standing.account.action, context)?.knowing(&metrics).first().name();
    let config = context.config()?;
    let prices = prices(args, template, context)?.map(|path| text_file::read_bytes(path, MAX_TEXT));
    let prices = prices.and_then(Result::ok).map(|bytes| PayloadHash::of(bytes).to_string());
    let all = format!(
        "{:?}",
        (
            env!("CARGO_PKG_VERSION"),
            template.spans(),
            (template.wants_cost(), template.wants_plans(), template.wants_usage(), action),
            prices,
            &args.endpoint_id,
            (
                &standing.tz,
                &standing.account.filter,
                &standing.account.server,
                &standing.account.action,
                &standing.account.profiles
            ),
            (&standing.account.query.settle, standing.account.query.hour_labels),
            (&config.defaults, &config.sets, &config.services, &config.keys_command),
            local_accounts(context.environment),
        )
    );
    Ok(PayloadHash::of(all).to_string())
}

/// Returns the price list that the template needs.
fn prices<'a>(
    args: &'a StatuslineArgs,
    template: &Template,
    context: &'a Context<'_>,
) -> Result<Option<&'a Path>, CliError> {
    let configured = context.config()?.defaults.prices.as_ref();
    let configured = configured.map(|setting| &setting.value);
    let prices = args.prices.prices.as_ref().or(configured);
    Ok(prices.filter(|_| template.wants_cost()).map(PathBuf::as_path))
}

#[cfg(unix)]
fn create(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn create(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

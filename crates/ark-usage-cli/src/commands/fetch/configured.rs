//! The settings that a recording keeps, because a replay knows no configuration.

use crate::args::UsageArgs;
use crate::config::Set;
use crate::context::Context;
use crate::error::CliError;
use crate::record::Configured;
use crate::site::SiteChoice;

/// Returns the values of the configuration that a recording keeps.
pub(super) fn configured(
    args: &UsageArgs,
    set: Set,
    site: &SiteChoice,
    context: &Context<'_>,
) -> Result<Configured, CliError> {
    let config = context.config()?;
    let uses_default_projects = set.projects.is_empty() && args.account.profiles.set.is_none();
    // The demo does not know the projects of the configuration.
    let projects = config.defaults.project.as_ref().filter(|_| !args.account.server.demo);
    let projects = projects.map(|setting| setting.value.clone()).unwrap_or_default();
    let (recorded_site, site_days) = site.recorded();
    Ok(Configured {
        projects: if uses_default_projects { projects } else { set.projects },
        all_projects: config.defaults.all_projects.as_ref().map(|setting| setting.value),
        endpoint_ids: set.endpoint_ids,
        tz: config.defaults.tz.as_ref().map(|setting| setting.value.clone()),
        api: config.defaults.api.as_ref().map(|setting| setting.value.clone()),
        format: config.defaults.format.as_ref().map(|setting| setting.value),
        site: recorded_site,
        site_days,
        sts: config.services.sts.as_ref().map(ToString::to_string),
        pretends_now: context.pretends_now(),
        ..Configured::default()
    })
}

//! `--site` and `--site-days`: the site that requests go to, and the days that it counts by.

use ark_usage_render::SiteEcho;
use ark_usage_report::prices::Prices;
use ark_usage_report::text;
use volc_openapi::{ServiceDays, Site};

use crate::args::{AccountArgs, ServerArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Text;
use crate::settings::{Origin, Setting};

/// The site of a request about usage, with the days that it counts by.
#[derive(Clone, Debug)]
pub(crate) struct SiteChoice {
    pub(crate) site: Setting<&'static Site>,
    pub(crate) days: Setting<ServiceDays>,
}

impl SiteChoice {
    /// Resolves `--site` and `--site-days`.
    pub(crate) fn new(args: &AccountArgs, context: &Context<'_>) -> Result<Self, CliError> {
        let site = of_server(&args.server, context)?;
        let days = days(args.site_days.site_days, site.value, context)?;
        Ok(Self { site, days })
    }

    /// Returns the name of the time zone of `--tz`, else of the configuration, else of the site's days.
    pub(crate) fn zone_name<'a>(
        &self,
        flag: Option<&'a str>,
        context: &'a Context<'_>,
    ) -> Result<&'a str, CliError> {
        let configured = context.config()?.defaults.tz.as_ref();
        let configured = configured.map(|setting| setting.value.as_str());
        Ok(flag.or(configured).unwrap_or_else(|| self.days.value.zone()))
    }

    /// Returns the note on days that the site does not document.
    pub(crate) fn assumption(&self) -> Option<Text> {
        assumption(self.site.value, self.days.value)
    }

    /// Returns the site as documents repeat it.
    pub(crate) fn echo(&self) -> SiteEcho {
        SiteEcho::new(self.site.value, self.days.value)
    }

    /// Returns the currency of prices that name none: that of a site that was named.
    pub(crate) fn currency(&self) -> Option<&'static str> {
        (self.site.origin != Origin::Default).then_some(self.site.value.currency)
    }

    /// Returns a warning about prices in other currencies than that of the site's bills.
    pub(crate) fn foreign_prices(&self, prices: &Prices) -> Option<Text> {
        let (own, title) = (self.currency()?, self.site.value.title);
        let others: Vec<&str> = prices.currencies().into_iter().filter(|one| *one != own).collect();
        (!others.is_empty()).then(|| {
            text!(
                "prices are in {others}, but {title} bills in {own}",
                "价格的币种是 {others}，而 {title} 以 {own} 结算",
                others = others.join(", ")
            )
        })
    }

    /// Returns the names of a site and of days other than the default ones, as a recording keeps them.
    pub(crate) fn recorded(&self) -> (Option<String>, Option<String>) {
        let site = self.site.value;
        let days = (!site.days_are_documented).then(|| self.days.value.to_string());
        ((*site != *Site::VOLCENGINE).then(|| site.to_string()), days)
    }

    /// Returns the flags that a command needs to ask the same site.
    pub(crate) fn flags(&self) -> impl Iterator<Item = String> {
        let site =
            (self.site.origin != Origin::Default).then(|| format!("--site {}", self.site.value));
        let days = (self.days.origin != Origin::Default)
            .then(|| format!("--site-days {}", self.days.value));
        site.into_iter().chain(days)
    }
}

/// Returns the site of `--site`, else of the configuration, else Volcengine. With `--demo` only the flag counts.
pub(crate) fn chosen(
    flag: Option<&'static Site>,
    demo: bool,
    context: &Context<'_>,
) -> Result<Setting<&'static Site>, CliError> {
    if let Some(site) = Setting::flag("--site", flag) {
        return Ok(site);
    }
    let configured = if demo { None } else { context.config()?.defaults.site.clone() };
    Ok(configured.unwrap_or_else(|| Setting::default(Site::VOLCENGINE)))
}

/// Returns the site of a server.
pub(crate) fn of_server(
    args: &ServerArgs,
    context: &Context<'_>,
) -> Result<Setting<&'static Site>, CliError> {
    chosen(args.site, args.demo, context)
}

/// Returns the days of `--site-days`, else of the configuration, else those of the site.
///
/// # Errors
///
/// The flag contradicts a site that documents its days.
pub(crate) fn days(
    flag: Option<ServiceDays>,
    site: &Site,
    context: &Context<'_>,
) -> Result<Setting<ServiceDays>, CliError> {
    let configured = context.config()?.defaults.site_days.clone();
    // Whatever is configured is meant for a site that leaves it open.
    let configured = configured.filter(|_| !site.days_are_documented);
    let days = Setting::flag("--site-days", flag).or(configured);
    let days = days.unwrap_or_else(|| Setting::default(site.days));
    if site.days_are_documented && days.value != site.days {
        return Err(CliError::usage(text!(
            "--site-days {days}: days of {title} begin at midnight {offset}, which is documented",
            "--site-days {days}：{title} 的每一天从 {offset} 零点开始，厂商文档已写明",
            days = days.value,
            title = site.title,
            offset = site.days.offset_name()
        ))
        .with_hint(text!(
            "remove --site-days; for days of another zone use --tz",
            "去掉 --site-days；要按其他时区的日期统计，请用 --tz"
        )));
    }
    Ok(days)
}

/// Returns the warning about a host of another site than the one whose keys and region sign the request.
pub(crate) fn foreign_host(site: &Site, host: &str) -> Option<Text> {
    let other = Site::of_host(host).filter(|other| *other != site)?;
    Some(text!(
        "{host} is an address of {other_title}, but keys and region are those of {title}; add --site {other}",
        "{host} 是 {other_title} 的地址，而密钥和地域属于 {title}；请加 --site {other}",
        other_title = other.title,
        title = site.title
    ))
}

/// Returns the note on days that the site does not document.
pub(crate) fn assumption(site: &Site, days: ServiceDays) -> Option<Text> {
    (!site.days_are_documented).then(|| {
        let other = ServiceDays::ALL.into_iter().find(|other| *other != days).unwrap_or(days);
        text!(
            "note: {title} does not document when its days begin; assumed: midnight {offset} (for midnight {other_offset}: --site-days {other})",
            "注意：{title} 的文档没有写明每一天从何时开始；假定为 {offset} 零点（如为 {other_offset} 零点：--site-days {other}）",
            title = site.title,
            offset = days.offset_name(),
            other_offset = other.offset_name()
        )
    })
}

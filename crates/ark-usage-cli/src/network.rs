//! The transport as flags and environment want it.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use ark_usage_transport::{HyperOptions, HyperTransport, ProxySettings, TlsRoots};
use volc_credentials::{Environment, ProfileSettings, ProxyUrl};

use crate::args::{NetworkArgs, TimeoutFlag};
use crate::error::CliError;
use crate::settings::Setting;

const MIB: usize = 1 << 20;

/// Reads proxies, certificates and limits; nothing is opened yet.
pub(crate) fn transport(
    args: &NetworkArgs,
    environment: &Environment,
    profile: Option<&ProfileSettings>,
) -> Result<HyperTransport, CliError> {
    let mut options = HyperOptions::default();
    options.proxy = Proxies::new(args, environment, profile).settings()?;
    options.roots = roots(args)?;
    for (flag, limit) in [
        (TimeoutFlag::Connect, &mut options.connect_timeout),
        (TimeoutFlag::Read, &mut options.read_timeout),
        (TimeoutFlag::Call, &mut options.total_timeout),
    ] {
        *limit = args.timeout(flag)?.unwrap_or(*limit);
    }
    if let Some(mebibytes) = args.body_limit {
        options.body_limit = usize::try_from(mebibytes).unwrap_or(usize::MAX).saturating_mul(MIB);
    }
    Ok(HyperTransport::new(options))
}

/// Past every proxy and with a second for each step, as the official SDKs allow the metadata
/// service.
pub(crate) fn direct() -> HyperTransport {
    let mut options = HyperOptions::default();
    options.connect_timeout = Duration::from_secs(1);
    options.read_timeout = Duration::from_secs(1);
    HyperTransport::new(options)
}

/// Which certificate authorities are trusted.
pub(crate) fn roots(args: &NetworkArgs) -> Result<TlsRoots, CliError> {
    let roots = TlsRoots::system();
    match &args.ca_bundle {
        Some(path) => with_bundle(roots, path),
        None => Ok(roots),
    }
}

/// The proxies, with where each came from. They are shown without their passwords.
#[derive(Debug)]
pub(crate) struct Proxies {
    pub(crate) http: Option<Setting<ProxyUrl>>,
    pub(crate) https: Option<Setting<ProxyUrl>>,
    pub(crate) exceptions: Option<Setting<String>>,
}

impl Proxies {
    /// `--proxy` beats the variables, which beat the profile; the lower-case names beat the
    /// others, as curl reads them.
    pub(crate) fn new(
        args: &NetworkArgs,
        environment: &Environment,
        profile: Option<&ProfileSettings>,
    ) -> Self {
        let variable = |names: &[&'static str]| Setting::variable(environment, names);
        let chosen = |names: &[&'static str], of_profile: Option<Setting<ProxyUrl>>| {
            Setting::flag("--proxy", args.proxy.clone())
                .or_else(|| variable(names))
                .map(|it| Setting { value: ProxyUrl::new(it.value), origin: it.origin })
                .or(of_profile)
        };
        let of_profile =
            |pick: fn(&ProfileSettings) -> &Option<volc_credentials::Setting<ProxyUrl>>| {
                profile.and_then(|profile| pick(profile).as_ref()).map(Setting::from)
            };
        Self {
            http: chosen(
                &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
                of_profile(|profile| &profile.http_proxy),
            ),
            https: chosen(
                &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
                of_profile(|profile| &profile.https_proxy),
            ),
            exceptions: variable(&["no_proxy", "NO_PROXY"]),
        }
    }

    /// As the transport takes them.
    pub(crate) fn settings(&self) -> Result<ProxySettings, CliError> {
        let url = |setting: &Option<Setting<ProxyUrl>>| {
            setting.as_ref().map(|it| it.value.expose().to_owned())
        };
        let (http, https) = (url(&self.http), url(&self.https));
        let exceptions = self.exceptions.as_ref().map(|it| it.value.as_str());
        ProxySettings::new(http.as_deref(), https.as_deref(), exceptions).map_err(|error| {
            let from = self.http.iter().chain(&self.https).map(|it| it.origin.to_string());
            let from: BTreeSet<String> = from.collect();
            let from = from.into_iter().collect::<Vec<_>>().join(" or ");
            CliError::usage(format!("{from}: not a proxy this program can use"))
                .with_source(error)
                .with_hint("write http://HOST:PORT; the variables are HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY")
        })
    }
}

fn with_bundle(roots: TlsRoots, path: &Path) -> Result<TlsRoots, CliError> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
        CliError::configuration(format!(
            "--ca-bundle {}: no certificates to use there",
            path.display()
        ))
        .with_source(error)
        .with_hint("it takes a file of certificates in PEM form")
    };
    let pem = std::fs::read(path).map_err(|error| failed(error.into()))?;
    roots.with_bundle(&pem).map_err(|error| failed(error.into()))
}

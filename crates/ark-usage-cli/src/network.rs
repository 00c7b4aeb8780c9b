//! The transport as flags and environment want it.

use std::path::Path;

use ark_usage_transport::{HyperOptions, HyperTransport, ProxySettings, TlsRoots};
use volc_credentials::Environment;

use crate::args::{NetworkArgs, TimeoutFlag};
use crate::error::CliError;

const MIB: usize = 1 << 20;

/// Reads proxies, certificates and limits; nothing is opened yet.
pub(crate) fn transport(
    args: &NetworkArgs,
    environment: &Environment,
) -> Result<HyperTransport, CliError> {
    let mut options = HyperOptions::default();
    options.proxy = proxies(args, environment)?;
    if let Some(path) = &args.ca_bundle {
        options.roots = with_bundle(options.roots, path)?;
    }
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

/// `--proxy` beats the variables; the lower-case names beat the others, as curl reads them.
fn proxies(args: &NetworkArgs, environment: &Environment) -> Result<ProxySettings, CliError> {
    let variable = |names: [&str; 2]| names.into_iter().find_map(|name| environment.get(name));
    let all = variable(["all_proxy", "ALL_PROXY"]);
    let flag = args.proxy.as_deref();
    let http = flag.or_else(|| variable(["http_proxy", "HTTP_PROXY"])).or(all);
    let https = flag.or_else(|| variable(["https_proxy", "HTTPS_PROXY"])).or(all);
    ProxySettings::new(http, https, variable(["no_proxy", "NO_PROXY"])).map_err(|error| {
        let from = if flag.is_some() { "--proxy" } else { "the environment" };
        CliError::usage(format!("{from}: not a proxy this program can use"))
            .with_source(error)
            .with_hint("write http://HOST:PORT; the variables are HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY")
    })
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

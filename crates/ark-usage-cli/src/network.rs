//! The transport, configured by flags, environment and profile.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use ark_usage_report::text;
use ark_usage_transport::{CaBundleError, HyperOptions, HyperTransport, ProxySettings, TlsRoots};
use volc_credentials::{Environment, ProfileSettings, ProxyUrl, UnreadableVariable, is_a_pipe};
use volc_openapi::NotUtf8;

use crate::args::{NetworkArgs, TimeoutFlag};
use crate::error::CliError;
use crate::lang::{Text, TextOf as _};
use crate::secrets;
use crate::settings::Setting;
use crate::text_file::{self, MAX_TEXT, ReadProblem};

const MIB: usize = 1 << 20;

/// Builds the transport from proxies, certificates and limits; it opens no connection yet.
pub(crate) fn transport(
    args: &NetworkArgs,
    environment: &Environment,
    profile: Option<&ProfileSettings>,
) -> Result<HyperTransport, CliError> {
    let mut options = HyperOptions::default();
    // Before a response is read, so that no text is cut within a secret.
    options.mask = Some(secrets::masked_response);
    options.proxy = Proxies::new(args, environment, profile)?.settings()?;
    options.roots = roots(args, environment)?;
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

/// Builds a transport without proxies and with one second for each step, as the official SDKs use
/// for the metadata service.
pub(crate) fn direct() -> HyperTransport {
    let mut options = HyperOptions::default();
    options.connect_timeout = Duration::from_secs(1);
    options.read_timeout = Duration::from_secs(1);
    HyperTransport::new(options)
}

/// Returns the certificate authorities to trust.
pub(crate) fn roots(args: &NetworkArgs, environment: &Environment) -> Result<TlsRoots, CliError> {
    let roots = system_roots(environment)?;
    match &args.ca_bundle {
        Some(path) => with_bundle(roots, path),
        None => Ok(roots),
    }
}

/// The variable that names the certificate authorities of the system, as for OpenSSL.
const SYSTEM_ROOTS: &str = "SSL_CERT_FILE";

/// Returns the system's certificate authorities, which are read when TLS is first spoken. A file named
/// for them is checked here: a device never ends, and a pipe is read once only.
fn system_roots(environment: &Environment) -> Result<TlsRoots, CliError> {
    // The TLS library reads both itself.
    environment.read("SSL_CERT_DIR")?;
    let Some(file) = environment.read(SYSTEM_ROOTS)? else { return Ok(TlsRoots::system()) };
    let failed = || {
        CliError::configuration(text!(
            "{SYSTEM_ROOTS} {file}: cannot be used",
            "{SYSTEM_ROOTS} {file}：无法使用"
        ))
        .with_hint(text!(
            "name a file with certificates in PEM format, or unset {SYSTEM_ROOTS}",
            "请指向 PEM 格式的证书文件，或取消设置 {SYSTEM_ROOTS}"
        ))
    };
    let path = Path::new(file);
    if is_a_pipe(path) {
        let pem = bundle(path).map_err(|problem| problem.add_to(failed()))?;
        let roots = TlsRoots::system().without_system().with_bundle(&pem);
        return roots.map_err(|error| failed().with_cause(Text::of(&error)));
    }
    match text_file::check_file(path, MAX_TEXT) {
        Err(problem) if !problem.is_not_found() => Err(problem.add_to(failed())),
        // One that is missing is passed over, as it always was.
        _ => Ok(TlsRoots::system()),
    }
}

/// The proxies and their origins. They are shown without their passwords.
#[derive(Debug)]
pub(crate) struct Proxies {
    pub(crate) http: Option<Setting<ProxyUrl>>,
    pub(crate) https: Option<Setting<ProxyUrl>>,
    pub(crate) exceptions: Option<Setting<String>>,
}

impl Proxies {
    /// Resolves `--proxy`, then variables, then the profile; lower-case names win over upper-case
    /// ones, as in curl.
    pub(crate) fn new(
        args: &NetworkArgs,
        environment: &Environment,
        profile: Option<&ProfileSettings>,
    ) -> Result<Self, UnreadableVariable> {
        let variable = |names: &[&'static str]| Setting::variable(environment, names);
        let chosen = |names: &[&'static str], of_profile: Option<Setting<ProxyUrl>>| {
            let given = match Setting::flag("--proxy", args.proxy.clone()) {
                None => variable(names)?,
                given => given,
            };
            let address = |found: Setting<String>| Setting {
                value: ProxyUrl::new(found.value),
                origin: found.origin,
            };
            Ok(given.map(address).or(of_profile))
        };
        let of_profile =
            |pick: fn(&ProfileSettings) -> &Option<volc_credentials::Setting<ProxyUrl>>| {
                profile.and_then(|profile| pick(profile).as_ref()).map(Setting::from)
            };
        Ok(Self {
            http: chosen(
                &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
                of_profile(|profile| &profile.http_proxy),
            )?,
            https: chosen(
                &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
                of_profile(|profile| &profile.https_proxy),
            )?,
            exceptions: variable(&["no_proxy", "NO_PROXY"])?,
        })
    }

    /// Returns the proxies in the form that the transport takes.
    pub(crate) fn settings(&self) -> Result<ProxySettings, CliError> {
        let url = |setting: &Option<Setting<ProxyUrl>>| {
            setting.as_ref().map(|proxy| proxy.value.expose().to_owned())
        };
        let (http, https) = (url(&self.http), url(&self.https));
        for address in http.iter().chain(&https) {
            secrets::remember_proxy(address);
        }
        let exceptions = self.exceptions.as_ref().map(|hosts| hosts.value.as_str());
        ProxySettings::new(http.as_deref(), https.as_deref(), exceptions).map_err(|error| {
            let from = self.http.iter().chain(&self.https);
            let from: BTreeSet<String> =
                from.map(|proxy| format!("{} {}", proxy.origin, proxy.value)).collect();
            let from = from.into_iter().collect::<Vec<_>>().join(" / ");
            CliError::usage(text!(
                "{from}: unsupported proxy",
                "{from}：不支持的代理"
            ))
            .with_source(error)
            .with_hint(text!(
                "write http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, in --proxy, HTTP_PROXY, HTTPS_PROXY or ALL_PROXY",
                "请写 http://主机:端口 或 http://用户名:密码@主机:端口；可用 --proxy、HTTP_PROXY、HTTPS_PROXY 或 ALL_PROXY 设置"
            ))
        })
    }
}

fn with_bundle(roots: TlsRoots, path: &Path) -> Result<TlsRoots, CliError> {
    // The causes of the error are those of the TLS library, about its own types.
    let failed = |error: &CaBundleError| {
        CliError::configuration(text!(
            "--ca-bundle {path}: no usable certificates",
            "--ca-bundle {path}：其中没有可用的证书",
            path = path.display()
        ))
        .with_cause(Text::of(error))
        .with_hint(text!(
            "pass a file with certificates in PEM format",
            "请提供 PEM 格式的证书文件"
        ))
    };
    let pem = bundle(path).map_err(|problem| {
        problem.add_to(CliError::configuration(text!(
            "--ca-bundle {path}: cannot be read",
            "--ca-bundle {path}：无法读取",
            path = path.display()
        )))
    })?;
    roots.with_bundle(&pem).map_err(|error| failed(&error))
}

/// Reads a bundle. The comments between its certificates may be in any encoding of one byte.
fn bundle(path: &Path) -> Result<Vec<u8>, ReadProblem> {
    let bytes = text_file::read_bytes(path, MAX_TEXT)?;
    match text_file::text_of(&bytes) {
        Ok(text) => Ok(text.into_bytes()),
        Err(ReadProblem::Encoding(NotUtf8::Gbk { .. } | NotUtf8::Unknown { .. })) => Ok(bytes),
        Err(wide) => Err(wide),
    }
}

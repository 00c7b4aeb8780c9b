//! The target of the checks: the server and the credentials a query would use.

use ark_usage_transport::{Client, HyperTransport, Sign};
use volc_openapi::{BaseUrl, ServiceDays};

use crate::args::SubjectArgs;
use crate::clock::DriverClock;
use crate::commands::identity;
use crate::context::Context;
use crate::demo::Demo;
use crate::error::CliError;
use crate::keys::{AccountKeys, CredentialFinder};
use crate::network::{self, Proxies};
use crate::settings::ServerSettings;
use crate::site;

/// Everything that is needed to send requests.
#[derive(Debug)]
pub(super) struct DoctorTarget {
    pub(super) server: ServerSettings,
    /// The address of the server or the demo.
    pub(super) base_url: BaseUrl,
    pub(super) proxies: Proxies,
    pub(super) transport: HyperTransport,
    pub(super) keys: AccountKeys,
    pub(super) project: Option<String>,
    /// The days that the site counts by.
    pub(super) days: ServiceDays,
    clock: DriverClock,
    demo: Option<Demo>,
}

impl DoctorTarget {
    /// Resolves the settings; `finder` leads to the credentials.
    pub(super) async fn new(
        args: &SubjectArgs,
        finder: &CredentialFinder,
        context: &Context<'_>,
    ) -> Result<Self, CliError> {
        let is_demo = args.server.demo;
        let profile = finder.settings().filter(|_| !is_demo);
        let site = site::of_server(&args.server, context)?;
        let days = site::days(args.site_days.site_days, site.value, context)?.value;
        let server = ServerSettings::new(&args.server, site, context.environment, profile, true)?;
        let transport = network::transport(&args.network, context.environment, profile)?;
        let demo = if is_demo {
            let site = server.site.value;
            Some(Demo::start(&context.clock, site, days, [finder.profile()]).await?)
        } else {
            None
        };
        let base_url = demo.as_ref().map_or(&server.base_url.value, |demo| &demo.base_url).clone();
        let keys = if is_demo {
            AccountKeys::demo(finder.profile(), context)
        } else {
            AccountKeys::new(finder.clone(), &transport, context)
        };
        let default = context.config()?.defaults.project.as_ref().filter(|_| !is_demo);
        let default = default.and_then(|setting| setting.value.first().cloned());
        Ok(Self {
            base_url,
            proxies: Proxies::new(&args.network, context.environment, profile)?,
            transport,
            keys,
            project: args.project.clone().or(default),
            server,
            days,
            clock: context.clock.for_driver(),
            demo,
        })
    }

    /// Returns true for the demo, for which the configuration names no project.
    pub(super) fn is_demo(&self) -> bool {
        self.demo.is_some()
    }

    /// Returns the address of STS.
    pub(super) fn sts(&self, context: &Context<'_>) -> Result<BaseUrl, CliError> {
        identity::address(&self.base_url, self.demo.is_some(), context)
    }

    /// Returns a client of a service.
    pub(super) fn client(
        &self,
        service: &str,
    ) -> Client<HyperTransport, impl Sign + Sync + use<'_>, DriverClock> {
        let signer = self.keys.signer(&self.server.region.value, service);
        Client::new(self.transport.clone(), signer).with_clock(self.clock.clone())
    }

    /// Returns a client of Ark.
    pub(super) fn ark(&self) -> Client<HyperTransport, impl Sign + Sync + use<'_>, DriverClock> {
        self.client(&self.server.service.value)
    }
}

//! The sites of the vendor: Volcengine in China, BytePlus elsewhere.
//!
//! Both speak the same protocol. [`Site`] holds everything that differs and that a program has to know before its
//! first call, in one table. Nothing here looks at a variable: names are data.

use std::fmt;

/// A site: addresses, names of variables, currency and days.
///
/// ```
/// use volc_openapi::Site;
///
/// let site = Site::named("byteplus").unwrap();
/// assert_eq!(site.address("ark", site.region).unwrap(), "https://ark.ap-southeast-1.byteplusapi.com");
/// assert_eq!(site.address("vpc", site.region), None);
/// assert_eq!(site.currency, "USD");
/// ```
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Site {
    /// The name that flags and files use: `volcengine`, `byteplus`.
    pub name: &'static str,
    /// The name as people write it: `Volcengine`, `BytePlus`.
    pub title: &'static str,
    /// The name of its service for models: `Ark`, `ModelArk`.
    pub product: &'static str,
    /// The default region of a signature.
    pub region: &'static str,
    /// The variables that hold keys, in the order in which they are read.
    pub key_variables: &'static [KeyVariables],
    /// The variables that hold a region; the first that is set counts.
    pub region_variables: &'static [&'static str],
    /// The variable that holds an address.
    pub address_variable: Option<&'static str>,
    /// The currency of its bills, such as `USD`.
    pub currency: &'static str,
    /// The days that usage is counted by.
    pub days: ServiceDays,
    /// True where the vendor says so; otherwise the days are an assumption.
    pub days_are_documented: bool,
    /// The domain of its addresses.
    domain: &'static str,
    addresses: Addresses,
}

/// The names of the variables that hold a pair of keys. Both halves must be of the same names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "a pair and its token")]
pub struct KeyVariables {
    /// The access key id.
    pub id: &'static str,
    /// The secret access key.
    pub secret: &'static str,
    /// The session token of temporary keys.
    pub token: Option<&'static str>,
}

/// The instant at which a service's days begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the two that are known or assumed")]
pub enum ServiceDays {
    /// Midnight in UTC+8.
    #[default]
    Beijing,
    /// Midnight in UTC.
    Utc,
}

/// The addresses of a site's services.
#[derive(Debug, PartialEq, Eq)]
enum Addresses {
    /// One address serves them all.
    Common(&'static str),
    /// Each service has its own; `{region}` stands for the region. Services that are not listed are unknown.
    Each(&'static [(&'static str, &'static str)]),
}

impl Site {
    /// Volcengine, for accounts in China.
    pub const VOLCENGINE: &'static Self = &Self {
        name: "volcengine",
        title: "Volcengine",
        product: "Ark",
        region: "cn-beijing",
        key_variables: &[KeyVariables {
            id: "VOLCENGINE_ACCESS_KEY",
            secret: "VOLCENGINE_SECRET_KEY",
            token: Some("VOLCENGINE_SESSION_TOKEN"),
        }],
        region_variables: &["VOLCENGINE_REGION", "VOLCSTACK_REGION"],
        address_variable: Some("VOLCENGINE_ENDPOINT"),
        currency: "CNY",
        days: ServiceDays::Beijing,
        days_are_documented: true,
        domain: "volcengineapi.com",
        addresses: Addresses::Common("https://open.volcengineapi.com"),
    };

    /// BytePlus, for accounts outside China. The names of variables and the addresses are those of its official
    /// SDKs; no variable of theirs holds a region or an address.
    pub const BYTEPLUS: &'static Self = &Self {
        name: "byteplus",
        title: "BytePlus",
        product: "ModelArk",
        region: "ap-southeast-1",
        key_variables: &[
            KeyVariables {
                id: "BYTEPLUS_ACCESSKEY",
                secret: "BYTEPLUS_SECRETKEY",
                token: Some("BYTEPLUS_SESSION_TOKEN"),
            },
            KeyVariables {
                id: "BYTEPLUS_ACCESS_KEY",
                secret: "BYTEPLUS_SECRET_KEY",
                token: Some("BYTEPLUS_SESSION_TOKEN"),
            },
        ],
        region_variables: &[],
        address_variable: None,
        currency: "USD",
        days: ServiceDays::Beijing,
        days_are_documented: false,
        domain: "byteplusapi.com",
        addresses: Addresses::Each(&[
            ("ark", "https://ark.{region}.byteplusapi.com"),
            ("billing", "https://open.byteplusapi.com"),
            ("iam", "https://iam.byteplusapi.com"),
            ("sts", "https://sts.{region}.byteplusapi.com"),
        ]),
    };

    /// Every site; the first is the default.
    pub const ALL: [&'static Self; 2] = [Self::VOLCENGINE, Self::BYTEPLUS];

    /// Returns the site of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|site| site.name == name)
    }

    /// Returns the site that a host belongs to, by its domain.
    pub fn of_host(host: &str) -> Option<&'static Self> {
        let is_inside =
            |site: &&Self| host.strip_suffix(site.domain).is_some_and(|rest| rest.ends_with('.'));
        Self::ALL.into_iter().find(is_inside)
    }

    /// Returns the address of a service in a region; `None` where it is not known.
    pub fn address(&self, service: &str, region: &str) -> Option<String> {
        match self.addresses {
            Addresses::Common(address) => Some(address.to_owned()),
            Addresses::Each(all) => {
                let (_, address) = all.iter().find(|(name, _)| *name == service)?;
                Some(address.replace("{region}", region))
            }
        }
    }

    /// Returns the address of another service for one that is called at `host`: in the region that the host names.
    pub fn address_beside(&self, host: &str, service: &str) -> Option<String> {
        let labels = host.strip_suffix(self.domain).and_then(|rest| rest.strip_suffix('.'));
        let region = labels.and_then(|labels| labels.split_once('.')).map(|(_, region)| region);
        self.address(service, region.unwrap_or(self.region))
    }

    /// Returns the services whose addresses are known; none where one address serves them all.
    pub fn known_services(&self) -> impl Iterator<Item = &'static str> {
        let each = match self.addresses {
            Addresses::Common(_) => &[][..],
            Addresses::Each(all) => all,
        };
        each.iter().map(|(service, _)| *service)
    }
}

/// Its name, as flags and files use it.
impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl ServiceDays {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Beijing, Self::Utc];

    /// `beijing` or `utc`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Beijing => "beijing",
            Self::Utc => "utc",
        }
    }

    /// Returns the days of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|days| days.name() == name)
    }

    /// `UTC+8` or `UTC`.
    pub const fn offset_name(self) -> &'static str {
        match self {
            Self::Beijing => "UTC+8",
            Self::Utc => "UTC",
        }
    }

    /// The time zone whose days these are, by its IANA name.
    pub const fn zone(self) -> &'static str {
        match self {
            Self::Beijing => "Asia/Shanghai",
            Self::Utc => "UTC",
        }
    }

    /// The seconds by which its clock is ahead of UTC.
    pub const fn offset(self) -> i64 {
        match self {
            Self::Beijing => 8 * 3_600,
            Self::Utc => 0,
        }
    }
}

impl fmt::Display for ServiceDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_inside_the_domain_of_its_site() {
        for site in Site::ALL {
            for service in site.known_services().chain(["ark"]) {
                let address = site.address(service, "eu-west-1").unwrap();
                let host = address.strip_prefix("https://").unwrap();
                assert_eq!(Site::of_host(host), Some(site), "{address}");
                assert!(!host.contains('{'), "{address}");
                assert!(address.parse::<crate::BaseUrl>().is_ok(), "{address}");
            }
            assert_eq!(Site::named(site.name), Some(site));
        }
        assert_eq!(Site::named("BytePlus"), None);
        assert_eq!(Site::of_host("evilbyteplusapi.com"), None);
        assert_eq!(Site::of_host("127.0.0.1"), None);
    }

    #[test]
    fn other_services_are_called_in_the_region_that_the_host_names() {
        let beside =
            |host: &str, service: &str| Site::of_host(host).unwrap().address_beside(host, service);
        for (host, service, address) in [
            ("ark.eu-west-1.byteplusapi.com", "sts", "https://sts.eu-west-1.byteplusapi.com"),
            ("ark.eu-west-1.byteplusapi.com", "iam", "https://iam.byteplusapi.com"),
            ("open.byteplusapi.com", "sts", "https://sts.ap-southeast-1.byteplusapi.com"),
            ("ark.cn-beijing.volcengineapi.com", "iam", "https://open.volcengineapi.com"),
        ] {
            assert_eq!(beside(host, service).as_deref(), Some(address), "{host} {service}");
        }
        assert_eq!(beside("open.byteplusapi.com", "vpc"), None);
    }

    #[test]
    fn days_have_names() {
        for days in ServiceDays::ALL {
            assert_eq!(ServiceDays::named(days.name()), Some(days));
        }
        assert_eq!(ServiceDays::named("UTC"), None);
    }
}

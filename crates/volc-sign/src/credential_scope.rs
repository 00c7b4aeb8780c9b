//! Stage 2a: the day, region and service a signature is valid for.

use alloc::string::String;
use core::fmt;

use crate::SigningTime;

/// The last part of every scope.
/// The last part of every scope.
pub(crate) const TERMINATOR: &str = "request";

/// The day, region and service a signature is valid for: `20241119/cn-beijing/ark/request`.
///
/// It stands in the string to sign and, after the access key id, in `Credential=`; each of its four
/// parts goes into the [signing key](crate::SigningKey). Region and service are free text to the
/// protocol: the service is the one in the API's own page (`ark`, `billing`, `iam`, …), global
/// services take any region.
///
/// ```
/// use volc_sign::{CredentialScope, SigningTime};
///
/// let time: SigningTime = "20241119T021530Z".parse()?;
/// let scope = CredentialScope::new(time, "cn-beijing", "ark");
/// assert_eq!(scope.to_string(), "20241119/cn-beijing/ark/request");
/// assert_eq!(scope.region(), "cn-beijing");
/// # Ok::<(), volc_sign::SigningTimeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CredentialScope {
    /// `date/region/service/request`; the date takes eight characters.
    text: String,
    /// Length of the region.
    region: usize,
}

/// Length of `YYYYMMDD`.
const DATE: usize = 8;

impl CredentialScope {
    /// The scope of the day `time` falls on, in UTC.
    pub fn new(time: SigningTime, region: impl AsRef<str>, service: impl AsRef<str>) -> Self {
        let (region, x_date) = (region.as_ref(), time.to_ascii());
        let text = [x_date.date(), &rest(region, service.as_ref())].concat();
        Self { text, region: region.len() }
    }

    /// Reads `date/region/service/request`; `None` when it is not of this shape.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/');
        let mut part = || parts.next();
        let (date, region, _service, last) = (part()?, part()?, part()?, part()?);
        let is_date = date.len() == DATE && date.bytes().all(|byte| byte.is_ascii_digit());
        if !is_date || last != TERMINATOR || parts.next().is_some() {
            return None;
        }
        Some(Self { region: region.len(), text: text.into() })
    }

    /// `YYYYMMDD`, the first eight characters of X-Date.
    pub fn date(&self) -> &str {
        self.borrowed().date
    }

    /// Region the request is meant for, such as `cn-beijing`.
    pub fn region(&self) -> &str {
        names(self.borrowed().rest, self.region).0
    }

    /// Service the request is meant for, such as `ark`.
    pub fn service(&self) -> &str {
        names(self.borrowed().rest, self.region).1
    }

    /// The scope as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn borrowed(&self) -> Scope<'_> {
        let (date, rest) = self.text.split_at_checked(DATE).unwrap_or_default();
        Scope { date, rest, region: self.region }
    }
}

impl fmt::Display for CredentialScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// A borrowed scope, for the path of one signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scope<'a> {
    pub(crate) date: &'a str,
    /// `/region/service/request`
    pub(crate) rest: &'a str,
    /// Length of the region.
    pub(crate) region: usize,
}

impl<'a> Scope<'a> {
    /// Date, region, service, and what follows them.
    pub(crate) fn parts(self) -> [&'a str; 4] {
        let (region, service) = names(self.rest, self.region);
        [self.date, region, service, TERMINATOR]
    }

    pub(crate) fn to_owned(self) -> CredentialScope {
        CredentialScope { text: [self.date, self.rest].concat(), region: self.region }
    }
}

/// `/region/service/request`
pub(crate) fn rest(region: &str, service: &str) -> String {
    ["/", region, "/", service, "/", TERMINATOR].concat()
}

/// Region and service in `/region/service/request`; either may hold a slash of its own.
pub(crate) fn names(rest: &str, region: usize) -> (&str, &str) {
    let service = region + 2..rest.len().saturating_sub(TERMINATOR.len() + 1);
    (rest.get(1..=region).unwrap_or_default(), rest.get(service).unwrap_or_default())
}

//! Stage 2a: which day, region and service a signature is good for.

use alloc::string::String;
use core::fmt;

use crate::{SigningTime, text::Sink};

/// What the last part of every scope reads.
const TERMINATOR: &str = "request";

/// Day, region and service a signature is good for: `20241119/cn-beijing/ark/request`.
///
/// It stands in the string to sign and, after the access key id, in `Credential=`; each of its four parts goes into the
/// [signing key](crate::SigningKey). Region and service are free text to the protocol: the service is the one in the
/// API's own page (`ark`, `billing`, `iam`, …), global services take any region.
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
    /// Where the region ends.
    region_end: usize,
}

/// Length of `YYYYMMDD`.
const DATE: usize = 8;

impl CredentialScope {
    /// The scope of the day `time` falls on, in UTC.
    pub fn new(time: SigningTime, region: impl AsRef<str>, service: impl AsRef<str>) -> Self {
        let x_date = time.to_ascii();
        let scope =
            Scope { date: x_date.date(), region: region.as_ref(), service: service.as_ref() };
        let mut text = String::with_capacity(scope.len());
        scope.write(&mut text);
        Self { text, region_end: DATE + 1 + scope.region.len() }
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
        Some(Self { region_end: DATE + 1 + region.len(), text: text.into() })
    }

    /// `YYYYMMDD`, the first eight characters of X-Date.
    pub fn date(&self) -> &str {
        self.text.get(..DATE).unwrap_or_default()
    }

    /// Region the request is meant for, such as `cn-beijing`.
    pub fn region(&self) -> &str {
        self.text.get(DATE + 1..self.region_end).unwrap_or_default()
    }

    /// Service the request is meant for, such as `ark`.
    pub fn service(&self) -> &str {
        let rest = self.text.get(self.region_end + 1..).unwrap_or_default();
        rest.rsplit_once('/').map_or("", |(service, _)| service)
    }

    /// The scope as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn borrowed(&self) -> Scope<'_> {
        Scope { date: self.date(), region: self.region(), service: self.service() }
    }
}

impl fmt::Display for CredentialScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// A scope that owns nothing, for the path of one signature.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) date: &'a str,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
}

impl<'a> Scope<'a> {
    pub(crate) fn parts(self) -> [&'a str; 4] {
        [self.date, self.region, self.service, TERMINATOR]
    }

    pub(crate) fn write(self, out: &mut impl Sink) {
        out.text(self.date);
        out.ascii(b'/');
        out.text(self.region);
        out.ascii(b'/');
        out.text(self.service);
        out.ascii(b'/');
        out.text(TERMINATOR);
    }

    pub(crate) fn len(self) -> usize {
        self.date.len() + self.region.len() + self.service.len() + TERMINATOR.len() + 3
    }
}

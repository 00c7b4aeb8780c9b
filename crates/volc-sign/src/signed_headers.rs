//! Stage 1d: the signed headers and their order.

use alloc::borrow::Cow;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use crate::SignError;

/// The list of signed headers: `host;x-content-sha256;x-date`.
///
/// The default list (rule R4) is those three, and `x-security-token` after them when there is a
/// token. The protocol asks for lower-case names sorted by byte; some official programs do not
/// sort, so a list keeps its order, and a verifier takes it as given.
///
/// ```
/// use volc_sign::SignedHeaders;
///
/// let list: SignedHeaders = "host;x-date;x-content-sha256;content-type".parse()?;
/// assert!(!list.is_sorted());
/// assert_eq!(list.names().next(), Some("host"));
/// assert_eq!(SignedHeaders::default().as_str(), "host;x-content-sha256;x-date");
/// # Ok::<(), volc_sign::SignError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SignedHeaders(Cow<'static, str>);

impl SignedHeaders {
    pub(crate) const WITHOUT_TOKEN: Self = Self(Cow::Borrowed("host;x-content-sha256;x-date"));
    pub(crate) const WITH_TOKEN: Self =
        Self(Cow::Borrowed("host;x-content-sha256;x-date;x-security-token"));
    pub(crate) const HOST: Self = Self(Cow::Borrowed("host"));

    /// No header at all: what several official signers put into presigned URLs.
    pub const NONE: Self = Self(Cow::Borrowed(""));

    /// A list of these names in this order. Names are made lower case.
    ///
    /// # Errors
    /// [`SignError::InvalidSignedHeaders`] when a name is not a header name, is repeated, or is
    /// `authorization`, which cannot sign itself.
    pub fn from_names<'a>(chosen: impl IntoIterator<Item = &'a str>) -> Result<Self, SignError> {
        let mut list = String::with_capacity(64);
        for name in chosen {
            if !is_token(name) || name.eq_ignore_ascii_case("authorization") {
                return Err(invalid(name));
            }
            if !list.is_empty() {
                list.push(';');
            }
            list.extend(name.chars().map(|letter| letter.to_ascii_lowercase()));
        }
        repeated(&list).map_or(Ok(()), |name| Err(invalid(name)))?;
        Ok(Self(Cow::Owned(list)))
    }

    /// The list as it is signed and sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        names(&self.0)
    }

    /// Returns true if a header is in the list. The name must be lower case.
    pub fn contains(&self, name: &str) -> bool {
        self.names().any(|listed| listed == name)
    }

    /// Returns true if the names are sorted by byte, as the protocol asks.
    pub fn is_sorted(&self) -> bool {
        self.names().is_sorted()
    }
}

impl Default for SignedHeaders {
    /// `host;x-content-sha256;x-date`.
    fn default() -> Self {
        Self::WITHOUT_TOKEN
    }
}

impl fmt::Display for SignedHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for SignedHeaders {
    type Err = SignError;

    /// Reads names separated by `;`. An empty text is the empty list.
    fn from_str(list: &str) -> Result<Self, SignError> {
        // The usual lists are neither checked nor copied: 8 % of a verification with a kept key.
        let usual = [Self::WITHOUT_TOKEN, Self::WITH_TOKEN, Self::HOST, Self::NONE];
        if let Some(usual) = usual.into_iter().find(|usual| usual.as_str() == list) {
            return Ok(usual);
        }
        Self::from_names(list.split(';'))
    }
}

fn names(list: &str) -> impl Iterator<Item = &str> {
    list.split(';').filter(|name| !name.is_empty())
}

/// A name that is in the list twice. Sorting finds it, because a list may come from a stranger and be
/// long: comparing each name with all others would cost its length squared.
fn repeated(list: &str) -> Option<&str> {
    let mut sorted: Vec<&str> = names(list).collect();
    sorted.sort_unstable();
    sorted.windows(2).find_map(|pair| match pair {
        [one, other] if one == other => Some(*one),
        _ => None,
    })
}

fn invalid(name: &str) -> SignError {
    SignError::InvalidSignedHeaders { name: name.to_owned() }
}

/// RFC 9110's `token`: what a header's name, and a method, is made of.
pub(crate) fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

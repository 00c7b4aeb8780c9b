//! Access keys, redacted and wiped.

use alloc::string::String;
use core::fmt;
use core::mem;

use hmac::digest::zeroize::Zeroize;

/// An access key: its id, its secret, and a session token when it is a temporary one.
///
/// `Debug` shows the id only. The secret and the token are wiped from memory when the value is
/// dropped; copies made before they got here (the `String` they came in may have grown and moved)
/// are out of reach.
///
/// ```
/// use volc_sign::Credentials;
///
/// let credentials = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
/// assert!(!format!("{credentials:?}").contains("fake-secret"));
///
/// let temporary = credentials.with_session_token("STSEXAMPLE.not-a-real-token");
/// assert!(temporary.session_token().is_some());
/// ```
#[derive(Clone)]
pub struct Credentials {
    access_key_id: String,
    secret: SecretKey,
    session_token: Option<SessionToken>,
}

impl Credentials {
    /// A long-term key.
    ///
    /// The secret is used as its UTF-8 bytes, whatever its length, and never base64-decoded, even
    /// when it ends in `==` (rule R10).
    pub fn new(access_key_id: impl Into<String>, secret_access_key: impl Into<String>) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            secret: SecretKey::new(secret_access_key),
            session_token: None,
        }
    }

    /// The same key as a temporary one, with the token the Security Token Service gave. An empty
    /// token means none.
    #[must_use]
    pub fn with_session_token(mut self, token: impl Into<String>) -> Self {
        let token = SessionToken::new(token);
        self.session_token = (!token.expose().is_empty()).then_some(token);
        self
    }

    /// The public half: `AKLT…` for long-term keys, `AKTP…` for temporary ones.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The secret half.
    pub fn secret(&self) -> &SecretKey {
        &self.secret
    }

    /// The token that travels as `X-Security-Token`.
    pub fn session_token(&self) -> Option<&SessionToken> {
        self.session_token.as_ref()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("session_token", &self.session_token)
            .finish_non_exhaustive()
    }
}

/// The secret half of an access key. Redacted in `Debug`, wiped when dropped, read only through
/// [`expose`](Self::expose).
#[derive(Clone)]
pub struct SecretKey(Wiped);

impl SecretKey {
    /// Takes the secret over.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(Wiped(secret.into()))
    }

    /// The secret itself. Never log or print what this returns.
    pub fn expose(&self) -> &str {
        &self.0.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(redacted)")
    }
}

/// The token of temporary credentials. Redacted in `Debug`, wiped when dropped, read only through
/// [`expose`](Self::expose).
#[derive(Clone)]
pub struct SessionToken(Wiped);

impl SessionToken {
    /// Takes the token over.
    pub fn new(token: impl Into<String>) -> Self {
        Self(Wiped(token.into()))
    }

    /// The token itself. Never log or print what this returns.
    pub fn expose(&self) -> &str {
        &self.0.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(redacted)")
    }
}

/// A text whose bytes are overwritten when it is dropped.
#[derive(Clone)]
struct Wiped(String);

impl Drop for Wiped {
    fn drop(&mut self) {
        mem::take(&mut self.0).into_bytes().as_mut_slice().zeroize();
    }
}

//! The key pairs of this test; they open nothing.

/// A key pair with or without a session token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) access_key_id: &'static str,
    pub(crate) secret_access_key: &'static str,
    /// Empty: none.
    pub(crate) session_token: &'static str,
}

/// The pair every emulator knows.
pub(crate) const DEMO: Pair = Pair {
    access_key_id: "AKLTDEMO0000000000000000000000000",
    secret_access_key: "demo-secret-not-a-real-key-00000000000000",
    session_token: "",
};

/// A temporary pair.
pub(crate) const TOKEN: Pair = Pair {
    access_key_id: "AKTPEXAMPLE0000000000000000000001",
    secret_access_key: "fake-secret-for-tests-only-0001",
    session_token: "fake-session-token-for-tests-only",
};

impl Pair {
    /// As programs read it from their environment.
    pub(crate) fn variables(self) -> [(&'static str, &'static str); 3] {
        [
            ("VOLCENGINE_ACCESS_KEY", self.access_key_id),
            ("VOLCENGINE_SECRET_KEY", self.secret_access_key),
            ("VOLCENGINE_SESSION_TOKEN", self.session_token),
        ]
    }
}

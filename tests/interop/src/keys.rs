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
    /// As programs read it from their environment, for a site or for the default one.
    pub(crate) fn variables(self, site: Option<&str>) -> [(&'static str, &'static str); 3] {
        let [id, secret, token] = match site {
            Some("byteplus") => {
                ["BYTEPLUS_ACCESSKEY", "BYTEPLUS_SECRETKEY", "BYTEPLUS_SESSION_TOKEN"]
            }
            _ => ["VOLCENGINE_ACCESS_KEY", "VOLCENGINE_SECRET_KEY", "VOLCENGINE_SESSION_TOKEN"],
        };
        [(id, self.access_key_id), (secret, self.secret_access_key), (token, self.session_token)]
    }
}

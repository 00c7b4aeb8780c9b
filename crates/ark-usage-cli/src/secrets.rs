//! The secrets of this run, by value: the writers mask them whatever they are asked to print.

use std::sync::{PoisonError, RwLock};

use ark_usage_transport::{find_api_keys, mask_api_keys, mask_values};
use volc_credentials::Environment;
use volc_openapi::{ProxyAddress, encode_component};
use volc_sign::Credentials;

/// A shorter value would be found everywhere.
const SHORTEST: usize = 8;
const MASK: &str = "***";
/// Every value is looked for in every text, so a long list of keys is not remembered whole.
const MOST_KNOWN: usize = 256;

/// Names of variables with secrets, in the spellings of all tools, end so.
const SECRET_NAMES: [&str; 10] = [
    "BASIC_AUTH",
    "BEARER_TOKEN",
    "SECRET_KEY",
    "SECRETKEY",
    "SECRET_ACCESS_KEY",
    "SESSION_TOKEN",
    "SECURITY_TOKEN",
    "API_KEY",
    "APIKEY",
    "PASSWORD",
];

/// Known from where they are read until the end, in the order of their lengths: one may be part of
/// another.
static KNOWN: RwLock<Vec<(String, String)>> = RwLock::new(Vec::new());
/// Key ids, which are masked in messages only: a signed request shows its own.
static IDS: RwLock<Vec<(String, String)>> = RwLock::new(Vec::new());

/// Remembers the secrets among the variables, used or not.
pub(crate) fn remember_variables(environment: &Environment) {
    for name in environment.names() {
        let upper = name.to_ascii_uppercase();
        let Some(value) = environment.get(name) else { continue };
        if SECRET_NAMES.iter().any(|end| upper.ends_with(end)) {
            remember(value);
        } else if upper.ends_with("_PROXY") {
            remember_proxy(value);
        }
    }
}

/// Remembers the parts of a key.
pub(crate) fn remember_credentials(credentials: &Credentials) {
    remember(credentials.secret().expose());
    if let Some(token) = credentials.session_token() {
        remember(token.expose());
    }
    let id = credentials.access_key_id();
    add(&IDS, id, &volc_credentials::mask(id));
}

/// Remembers the password of a proxy's address in every spelling, also of one that cannot be used.
pub(crate) fn remember_proxy(address: &str) {
    if let Ok(address) = address.parse::<ProxyAddress>() {
        for password in address.password_spellings() {
            remember(&password);
        }
        return;
    }
    let Some((user, _)) = address.rsplit_once('@') else { return };
    let user = user.split_once("://").map_or(user, |(_, user)| user);
    if let Some((_, password)) = user.split_once(':') {
        remember(password);
    }
}

/// Remembers a secret in the spellings of URLs too.
pub(crate) fn remember(secret: &str) {
    add(&KNOWN, secret, MASK);
    // `add` drops what is there already. A path of a URL keeps its slashes.
    let encoded = encode_component(secret);
    add(&KNOWN, &encoded, MASK);
    add(&KNOWN, &encoded.replace("%2F", "/"), MASK);
}

fn add(known: &RwLock<Vec<(String, String)>>, value: &str, mask: &str) {
    let mut known = known.write().unwrap_or_else(PoisonError::into_inner);
    if value.len() >= SHORTEST && known.iter().all(|(other, _)| other != value) {
        known.push((value.to_owned(), mask.to_owned()));
        known.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    }
}

/// Masks secrets and API keys in a response, and remembers the keys: a later text may repeat them.
pub(crate) fn masked_response(body: Vec<u8>) -> Vec<u8> {
    remember_api_keys(&body);
    masked(mask_api_keys(body))
}

/// Remembers the API keys that a document names.
pub(crate) fn remember_api_keys(document: &[u8]) {
    for text in find_api_keys(document) {
        let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner).len();
        if known < MOST_KNOWN {
            remember(&text);
        }
    }
}

/// Masks secrets and key ids in a message.
pub(crate) fn masked_message(text: &str) -> String {
    let masked = mask(masked(text.as_bytes().to_vec()), &IDS);
    String::from_utf8_lossy(&masked).into_owned()
}

/// Masks secrets in data, as they stand or as JSON escapes them.
pub(crate) fn masked(data: Vec<u8>) -> Vec<u8> {
    mask(data, &KNOWN)
}

fn mask(bytes: Vec<u8>, known: &RwLock<Vec<(String, String)>>) -> Vec<u8> {
    mask_values(bytes, &known.read().unwrap_or_else(PoisonError::into_inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_remembered_is_masked_in_every_spelling() {
        remember_credentials(
            &Credentials::new("OTHERKEYEXAMPLE01", "hush/one\"two").with_session_token("hush-tok"),
        );
        remember_proxy("http://me:hush-proxy@proxy:1");
        remember_variables(&Environment::from_variables([
            ("ark_api_key", "hush-api-key"),
            ("HTTPS_PROXY", "u:hush-other-proxy@proxy"),
            ("OTHER", "shown-as-it-is"),
        ]));
        let text = "hush/one\"two hush%2Fone%22two hush/one%22two hush-tok hush-proxy hush-api-key hush-other-proxy shown-as-it-is OTHERKEYEXAMPLE01";
        let masked = "*** *** *** *** *** *** *** shown-as-it-is ";
        assert_eq!(masked_message(text), format!("{masked}OTHE…LE01"));
        assert_eq!(
            super::masked(text.as_bytes().to_vec()),
            format!("{masked}OTHERKEYEXAMPLE01").as_bytes()
        );
        let json = r#"{"a": "hush\/one\"two", "b": "\u0068ush-tok", "c": "{\"d\": \"hush\\/one\\\"two\"}"}"#;
        let masked = r#"{"a": "***", "b": "***", "c": "{\"d\": \"***\"}"}"#;
        assert_eq!(super::masked(json.as_bytes().to_vec()), masked.as_bytes());
        assert_eq!(super::masked(b"\xffhush-tok\xfe".to_vec()), b"\xff***\xfe");
    }
}

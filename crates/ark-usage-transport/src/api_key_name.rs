//! The names under which documents and addresses hold the texts of API keys.

/// The names of members that hold keys, in small letters and without `_`, `-` and spaces. Any name
/// that ends with the first two does.
const NAMES: [&str; 7] =
    ["apikey", "apikeys", "apikeytext", "apikeyvalue", "apikeysecret", "authtoken", "authtokens"];

/// True for the name of a member or of a parameter that holds the text of an API key.
pub(crate) fn is_api_key_name(name: &str) -> bool {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    let name: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    NAMES.contains(&name.as_str()) || name.ends_with("apikey") || name.ends_with("apikeys")
}

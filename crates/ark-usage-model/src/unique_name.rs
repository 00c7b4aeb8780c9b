//! Names for systems that know letters, digits and underscores only: one name for each key.
//!
//! A name is a function of its key alone, so that it means the same key in every row, every answer and
//! at any time, and no two keys have the same name. A key that the system can hold stays as it is. Any
//! other is escaped as Prometheus escapes names by values: `U__`, then `__` for an underscore and
//! `_56e2_` for a character, by its code point in hexadecimal.

use std::fmt::Write as _;

/// The beginning of an escaped key.
const ESCAPED: &str = "U__";

/// Returns the name of a key, which is the key itself where every system can hold it.
///
/// ```
/// use ark_usage_model::unique_name;
///
/// assert_eq!(unique_name("cost_centre"), "cost_centre");
/// assert_eq!(unique_name("cost-centre"), "U__cost_2d_centre");
/// assert_eq!(unique_name("团队"), "U___56e2__961f_");
/// ```
pub fn unique_name(key: &str) -> String {
    let is_plain = key.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_');
    // A key that looks escaped would otherwise be the name of another one.
    if is_plain && !key.starts_with(ESCAPED) { key.to_owned() } else { escaped_name(key) }
}

/// Returns the name of a key that would be one of `reserved`, or that no system can hold, escaped.
pub fn unreserved_name(key: &str, reserved: &[&str]) -> String {
    if reserved.contains(&key) { escaped_name(key) } else { unique_name(key) }
}

fn escaped_name(key: &str) -> String {
    let mut name = ESCAPED.to_owned();
    for sign in key.chars() {
        match sign {
            '_' => name.push_str("__"),
            sign if sign.is_ascii_alphanumeric() => name.push(sign),
            // Writing to a String cannot fail.
            sign => drop(write!(name, "_{:x}_", u32::from(sign))),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads a name back: were two keys to share it, one of them would not be found.
    fn key_of(name: &str) -> Option<String> {
        let Some(mut rest) = name.strip_prefix(ESCAPED) else { return Some(name.to_owned()) };
        let mut key = String::new();
        while let Some(sign) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("__") {
                key.push('_');
                rest = after;
            } else if let Some(after) = rest.strip_prefix('_') {
                let (hex, after) = after.split_once('_')?;
                key.push(char::from_u32(u32::from_str_radix(hex, 16).ok()?)?);
                rest = after;
            } else {
                key.push(sign);
                rest = rest.strip_prefix(sign)?;
            }
        }
        Some(key)
    }

    proptest! {
        #[test]
        fn no_two_keys_share_a_name(key in prop_oneof!["\\PC*", ".*", "(U__|_|-|[0-9a-f]|团|\u{200b}){0,9}"]) {
            let name = unique_name(&key);
            prop_assert!(name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_'), "{}", name);
            prop_assert_eq!(key_of(&name), Some(key));
        }
    }

    #[test]
    fn keys_that_differ_in_nothing_but_lost_signs_have_names_of_their_own() {
        let keys = ["a_b", "a-b", "a b", "a.b", "a_2d_b", "U__a_2d_b", "A-b", "团队", "部门", "__"];
        let names: std::collections::BTreeSet<String> = keys.map(unique_name).into();
        assert_eq!(names.len(), keys.len(), "{names:?}");
        assert_eq!(unreserved_name("tokens", &["tokens"]), "U__tokens");
        assert_eq!(unreserved_name("images", &["tokens"]), "images");
    }
}

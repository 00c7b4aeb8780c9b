//! Variables whose names are nearly those that are read: other tools' names, and slips.

use crate::environment::Environment;

/// A variable that is set and not read, beside the one that was probably meant.
///
/// It never holds a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NearMiss {
    /// The name that is set.
    pub found: String,
    /// The name that is read.
    pub meant: &'static str,
}

/// Every variable that a source or a profile reads.
const READ: [&str; 26] = [
    "VOLCENGINE_ACCESS_KEY",
    "VOLCENGINE_SECRET_KEY",
    "VOLCENGINE_SESSION_TOKEN",
    "VOLCENGINE_PROFILE",
    "VOLCENGINE_REGION",
    "VOLCENGINE_ENDPOINT",
    "VOLCENGINE_DISABLE_SSL",
    "VOLCENGINE_CLI_CONFIG_FILE",
    "VOLCENGINE_LOGIN_CACHE_DIRECTORY",
    "VOLCENGINE_ECS_METADATA",
    "VOLCENGINE_ECS_METADATA_DISABLED",
    "VOLCENGINE_OIDC_ROLE_TRN",
    "VOLCENGINE_OIDC_TOKEN_FILE",
    "VOLCENGINE_OIDC_ROLE_SESSION_NAME",
    "VOLCENGINE_OIDC_ROLE_POLICY",
    "VOLCENGINE_OIDC_STS_ENDPOINT",
    "VOLCSTACK_ACCESS_KEY_ID",
    "VOLCSTACK_ACCESS_KEY",
    "VOLCSTACK_SECRET_ACCESS_KEY",
    "VOLCSTACK_SECRET_KEY",
    "VOLCSTACK_SESSION_TOKEN",
    "VOLCSTACK_SHARED_CREDENTIALS_FILE",
    "VOLCSTACK_PROFILE",
    "VOLCSTACK_REGION",
    "VOLC_ACCESSKEY",
    "VOLC_SECRETKEY",
];

/// First words of the names that tools for this cloud use.
const OWNERS: [&str; 8] =
    ["VOLCENGINE", "VOLCSTACK", "VOLC", "VOLCANO", "VOLCANOENGINE", "BYTEPLUS", "TOS", "VE"];

/// Last words of those names, and the variable that holds this part of a key.
const PARTS: [(&str, &str); 12] = [
    ("ACCESSKEY", "VOLCENGINE_ACCESS_KEY"),
    ("ACCESSKEYID", "VOLCENGINE_ACCESS_KEY"),
    ("AK", "VOLCENGINE_ACCESS_KEY"),
    ("SECRETKEY", "VOLCENGINE_SECRET_KEY"),
    ("SECRETACCESSKEY", "VOLCENGINE_SECRET_KEY"),
    ("ACCESSKEYSECRET", "VOLCENGINE_SECRET_KEY"),
    ("ACCESSSECRET", "VOLCENGINE_SECRET_KEY"),
    ("SECRET", "VOLCENGINE_SECRET_KEY"),
    ("SK", "VOLCENGINE_SECRET_KEY"),
    ("SESSIONTOKEN", "VOLCENGINE_SESSION_TOKEN"),
    ("SECURITYTOKEN", "VOLCENGINE_SESSION_TOKEN"),
    ("STSTOKEN", "VOLCENGINE_SESSION_TOKEN"),
];

/// Finds the variables whose names are nearly those that are read, in the order of their names.
///
/// ```
/// use volc_credentials::{Environment, near_misses};
///
/// let environment = Environment::new().with("VOLCENGINE_ACCESS_KEY_ID", "AKLTEXAMPLE");
/// let misses = near_misses(&environment);
/// assert_eq!(misses[0].found, "VOLCENGINE_ACCESS_KEY_ID");
/// assert_eq!(misses[0].meant, "VOLCENGINE_ACCESS_KEY");
/// ```
pub fn near_misses(environment: &Environment) -> Vec<NearMiss> {
    let others = OWNERS.iter().flat_map(|owner| {
        PARTS.iter().map(move |(part, meant)| {
            let name = format!("{owner}{part}");
            // Another owner's letters are no slips.
            let slips = if owner.len() < 4 { 0 } else { most_slips(&name) };
            LikelyName { name, slips, meant }
        })
    });
    let own = READ.iter().map(|meant| {
        let name = plain(meant);
        LikelyName { slips: most_slips(&name), name, meant }
    });
    let candidates: Vec<LikelyName> = own.chain(others).collect();
    let names = environment.names().chain(environment.unreadable());
    let names = names.filter(|name| !READ.contains(name));
    let miss = |name: &str| {
        let meant = nearest(&plain(name), &candidates)?;
        Some(NearMiss { found: name.to_owned(), meant })
    };
    let mut misses: Vec<_> = names.filter_map(miss).collect();
    misses.sort_by(|one, other| one.found.cmp(&other.found));
    misses
}

/// A name in capitals without anything between its words.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_uppercase()).collect()
}

/// A name that people write, in its plain form.
struct LikelyName {
    name: String,
    /// The slips that are forgiven.
    slips: usize,
    meant: &'static str,
}

/// A short name has many neighbours.
fn most_slips(name: &str) -> usize {
    (name.len() / 6).min(2)
}

/// The meaning of the candidate that takes the fewest slips to write so, if it takes few.
fn nearest(name: &str, candidates: &[LikelyName]) -> Option<&'static str> {
    let likeness = |candidate: &LikelyName| {
        let most = candidate.slips;
        let is_near = candidate.name.len().abs_diff(name.len()) <= most;
        let slips = is_near.then(|| slips(name, &candidate.name))?;
        (slips <= most).then_some((slips, candidate.meant))
    };
    candidates.iter().filter_map(likeness).min_by_key(|(slips, _)| *slips).map(|(_, meant)| meant)
}

/// Letters that are missing, too many, wrong, or exchanged with the next.
fn slips(one: &str, other: &str) -> usize {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, sign) in one.iter().enumerate() {
        let mut next = vec![line + 1];
        for (place, wanted) in other.iter().enumerate() {
            let at =
                |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
            let wrong = at(&row, place) + usize::from(sign != wanted);
            let mut least = wrong.min(at(&row, place + 1) + 1).min(at(&next, place) + 1);
            let exchanged = line > 0
                && place > 0
                && one.get(line - 1) == Some(wanted)
                && other.get(place - 1) == Some(sign);
            if exchanged {
                least = least.min(at(&before, place - 1) + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(name: &str) -> Option<&'static str> {
        near_misses(&Environment::new().with(name, "x")).first().map(|miss| miss.meant)
    }

    #[test]
    fn names_of_other_tools_and_slips_are_found() {
        for (name, variable) in [
            ("VOLCENGINE_ACCESS_KEY_ID", "VOLCENGINE_ACCESS_KEY"),
            ("VOLCENGINE_SECRET_ACCESS_KEY", "VOLCENGINE_SECRET_KEY"),
            ("VOLC_ACCESS_KEY", "VOLC_ACCESSKEY"),
            ("VOLC_ACCESSKEY_ID", "VOLCENGINE_ACCESS_KEY"),
            ("VOLC_SECRET_KEY", "VOLC_SECRETKEY"),
            ("volc_accesskey", "VOLC_ACCESSKEY"),
            ("VOLC_ACESSKEY", "VOLC_ACCESSKEY"),
            ("VOLC_AK", "VOLCENGINE_ACCESS_KEY"),
            ("VOLCENGINE_SK", "VOLCENGINE_SECRET_KEY"),
            ("TOS_ACCESS_KEY", "VOLCENGINE_ACCESS_KEY"),
            ("BYTEPLUS_SECRETKEY", "VOLCENGINE_SECRET_KEY"),
            ("VOLCENGINE-ACCESS-KEY", "VOLCENGINE_ACCESS_KEY"),
            ("VOLCENGNIE_ACCESS_KEY", "VOLCENGINE_ACCESS_KEY"),
            ("VOLCENGINE_ACCESS_KEYS", "VOLCENGINE_ACCESS_KEY"),
            ("VOLCENGINE_SECURITY_TOKEN", "VOLCENGINE_SESSION_TOKEN"),
            ("VOLCENGINE_REGON", "VOLCENGINE_REGION"),
            ("VOLCENGINE_PROFLE", "VOLCENGINE_PROFILE"),
            ("VOLCSTACK_ACCESSKEY", "VOLCSTACK_ACCESS_KEY"),
        ] {
            assert_eq!(meant(name), Some(variable), "{name}");
        }
    }

    #[test]
    fn names_that_are_read_and_those_of_others_are_not_found() {
        for name in READ {
            assert_eq!(meant(name), None, "{name}");
        }
        for name in [
            "PATH",
            "HOME",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "TENCENTCLOUD_SECRET_KEY",
            "ALIBABA_CLOUD_ACCESS_KEY_ID",
            "ARK_API_KEY",
            "DESK",
            "TASK",
            "OSS_ACCESS_KEY_ID",
            "VOLCANO_HOME",
            "SECRET_KEY",
            "DISK",
            "TOKEN",
        ] {
            assert_eq!(meant(name), None, "{name}");
        }
    }

    #[test]
    fn slips_are_counted() {
        for (one, other, count) in [
            ("", "", 0),
            ("a", "", 1),
            ("", "ab", 2),
            ("ab", "ba", 1),
            ("abc", "axc", 1),
            ("abcd", "acbd", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!((slips(one, other), slips(other, one)), (count, count), "{one} {other}");
        }
    }
}

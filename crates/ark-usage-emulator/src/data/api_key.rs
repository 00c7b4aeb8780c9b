//! The API keys of a project.

use super::noise::{letters, mix};
use crate::calendar::digits;

const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const NAMES: [&str; 6] = ["web", "mobile", "nightly", "ci", "analytics", "support"];

/// An API key of the data plane. Its text is obviously no key of any real account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiKey {
    /// `apikey-20240701120000-x7k2p`, which `ApikeyID` names.
    pub(crate) id: String,
    pub(crate) name: String,
    /// The text that would sign on: a secret, if it were a real one.
    pub(crate) text: String,
    pub(crate) created: i64,
}

impl ApiKey {
    pub(super) fn new(project_seed: u64, nth: usize, founded: i64) -> Self {
        let seed = mix(mix(project_seed, 0x4B45_5953), nth as u64);
        // A day apart, so that no two are made in one second.
        let created = founded
            + i64::try_from(nth).unwrap_or_default() * 86_400
            + i64::try_from(mix(seed, 1) % 86_400).unwrap_or_default();
        let name = NAMES.get(nth % NAMES.len()).copied().unwrap_or_default();
        Self {
            id: format!("apikey-{}-{}", digits(created), letters(mix(seed, 2), ALPHABET, 5)),
            name: match nth / NAMES.len() {
                0 => name.to_owned(),
                round => format!("{name}-{}", round + 1),
            },
            text: format!("demo-api-key-not-a-real-one-{}", letters(mix(seed, 3), ALPHABET, 12)),
            created,
        }
    }
}

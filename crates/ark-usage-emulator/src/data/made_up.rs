//! Made-up accounts: their numbers, and the names of their projects.
//!
//! Only `default` is a project of every account. The others are named after units and their work,
//! so that no two of the first accounts have a name in common.

/// Added to the number of an account, it is the account's id.
const BASE: u64 = 2_101_000_000;
/// The last id.
const LAST: u64 = 2_199_999_999;

const UNITS: [(&str, &str); 16] = [
    ("ads", "Advertising"),
    ("bank", "Bank"),
    ("cloud", "Cloud"),
    ("games", "Games"),
    ("health", "Health"),
    ("library", "Library"),
    ("maps", "Maps"),
    ("music", "Music"),
    ("news", "News"),
    ("office", "Office"),
    ("retail", "Retail"),
    ("school", "School"),
    ("sports", "Sports"),
    ("travel", "Travel"),
    ("video", "Video"),
    ("weather", "Weather"),
];
const WORK: [&str; 12] = [
    "answers",
    "captions",
    "chat",
    "drafts",
    "forecast",
    "labels",
    "moderation",
    "reports",
    "reviews",
    "support",
    "tagging",
    "tutor",
];

/// The id of the made-up account of a number.
pub(crate) fn made_up_id(number: u64) -> u64 {
    BASE.saturating_add(number).min(LAST)
}

/// True for the ids that [`made_up_id`] gives.
pub(crate) fn is_made_up(account_id: u64) -> bool {
    (BASE + 1..=LAST).contains(&account_id)
}

/// The name and display name of a project of a made-up account: one of `others` beside `default`.
/// `None` for all other accounts, and for more projects than there are names.
pub(super) fn project_name(
    account_id: u64,
    others: usize,
    position: usize,
) -> Option<(String, String)> {
    let combinations = UNITS.len() * WORK.len();
    if !is_made_up(account_id) || position >= combinations {
        return None;
    }
    let number = usize::try_from(account_id - BASE).ok()?;
    let nth = number.wrapping_mul(others).wrapping_add(position) % combinations;
    // Each pair once: a step over all units turns to the next work.
    let (unit, round) = (nth % UNITS.len(), nth / UNITS.len());
    let (short, long) = UNITS.get(unit)?;
    let work = WORK.get((round + unit * 5) % WORK.len())?;
    Some((format!("{short}-{work}"), format!("{long} {work}")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_first_accounts_have_no_name_in_common() {
        let of = |number| (0..2).filter_map(move |nth| project_name(made_up_id(number), 2, nth));
        let names: BTreeSet<String> = (2..98).flat_map(of).map(|(name, _)| name).collect();
        assert_eq!(names.len(), 192);
    }

    #[test]
    fn an_account_has_no_name_twice_and_ends_with_the_names() {
        for number in [2, 3, 1000, 89_999_999] {
            let name = |nth| project_name(made_up_id(number), 500, nth);
            let names: BTreeSet<_> = (0..500).filter_map(name).collect();
            assert_eq!(names.len(), 192, "{number}");
        }
        assert_eq!(project_name(2_100_000_001, 2, 0), None);
        assert_eq!(project_name(7, 2, 0), None);
    }
}

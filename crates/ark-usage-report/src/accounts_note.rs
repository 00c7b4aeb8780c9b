//! Notes on outputs that show several accounts as one.

use crate::lang::Text;
use crate::{listed, text};

/// The number of profiles that a note names.
const NAMED: usize = 20;

/// Returns the words about checks of several accounts that are counted together; `None` for one account.
pub fn accounts_counted_together(profiles: &[Option<String>]) -> Option<Text> {
    let count = profiles.len();
    (count > 1).then(|| {
        let names = listed(profiles.iter().flatten(), NAMED);
        text!(
            "the checks of {count} accounts are counted together: {names}",
            "{count} 个账号的核对项合并计数：{names}";
            names = names
        )
    })
}

/// Returns the words about several accounts that are added up, by profile; `None` for one account.
///
/// ```
/// use ark_usage_report::{Lang, accounts_added_up};
///
/// let two = [Some("team-a".to_owned()), Some("team-b".to_owned())];
/// let words = accounts_added_up(&two).ok_or("two accounts")?;
/// assert_eq!(words.in_lang(Lang::En), "2 accounts added up: team-a, team-b");
/// assert!(accounts_added_up(&two[..1]).is_none());
/// # Ok::<(), &str>(())
/// ```
pub fn accounts_added_up(profiles: &[Option<String>]) -> Option<Text> {
    let count = profiles.len();
    (count > 1).then(|| {
        let names = listed(profiles.iter().flatten(), NAMED);
        text!("{count} accounts added up: {names}", "{count} 个账号的用量相加：{names}"; names = names)
    })
}

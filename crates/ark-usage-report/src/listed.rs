//! Names in a message: a few of them, and how many more there are.

use crate::lang::Text;
use crate::text;

/// The most names of one kind that a message lists.
pub const MOST_LISTED: usize = 20;

/// Joins names with commas, at most `most` of them, and says how many more there are.
///
/// ```
/// use ark_usage_report::{Lang, listed};
///
/// assert_eq!(listed(["a", "b", "c", "d"], 2).in_lang(Lang::En), "a, b and 2 more");
/// assert_eq!(listed(["a", "b"], 2).in_lang(Lang::En), "a, b");
/// ```
pub fn listed<S: AsRef<str>>(names: impl IntoIterator<Item = S>, most: usize) -> Text {
    let mut names = names.into_iter();
    let (mut en, mut zh) = (String::new(), String::new());
    for name in names.by_ref().take(most) {
        if !en.is_empty() {
            en.push_str(", ");
            zh.push('、');
        }
        en.push_str(name.as_ref());
        zh.push_str(name.as_ref());
    }
    match names.count() {
        0 => text!("{en}", "{zh}"),
        more => text!("{en} and {more} more", "{zh} 等（另有 {more} 个）"),
    }
}

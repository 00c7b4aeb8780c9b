//! Hatching: settling and missing values differ from others in more than colour.

use maud::{Markup, html};

/// The patterns of one picture, with ids of its own: a browser ignores patterns of a hidden picture.
pub(super) fn patterns(id: &str, tone: usize) -> Markup {
    html! {
        defs {
            pattern id=(settling_id(id)) width="6" height="6" patternUnits="userSpaceOnUse"
                patternTransform="rotate(45)" {
                rect width="6" height="6" class={ "tint" (tone) } {}
                rect width="3" height="6" class={ "tone" (tone) } {}
            }
            pattern id=(missing_id(id)) width="5" height="5" patternUnits="userSpaceOnUse"
                patternTransform="rotate(-45)" {
                rect width="1" height="5" class="absent" {}
            }
        }
    }
}

/// The fill of a mark that is still settling.
pub(super) fn settling(id: &str) -> String {
    format!("url(#{})", settling_id(id))
}

/// The fill of a gap.
pub(super) fn missing(id: &str) -> String {
    format!("url(#{})", missing_id(id))
}

fn settling_id(id: &str) -> String {
    format!("{id}-settling")
}

fn missing_id(id: &str) -> String {
    format!("{id}-missing")
}

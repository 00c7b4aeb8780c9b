//! The behaviors of lists: the vendor's pages state neither the largest page nor the unit of an
//! offset, and totals are counted while things change.

use std::ops::Range;

use super::{BehaviorError, SwitchValues};

/// One list's behavior.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// `projects-limit=none|10`, `endpoints-limit=none|10`: the most items of a page, whatever is
    /// asked for.
    pub limit: Option<usize>,
    /// `projects-paging=documented|pages|ignored|shifting`, and for endpoints and `api-keys`.
    pub paging: Paging,
    /// `projects-total=right|zero|large|none`, and for endpoints and `api-keys`.
    pub total: ListTotal,
}

/// The items of a page.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paging {
    /// Those behind the offset, or of the page asked for.
    #[default]
    Documented,
    /// An offset counts pages.
    Pages,
    /// The first page, whatever is asked for.
    Ignored,
    /// An item is made while the list is read: the second comes into being when a page was first
    /// given.
    Shifting,
}

/// The number of items a list says there are.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListTotal {
    /// As many as there are.
    #[default]
    Right,
    /// 0.
    Zero,
    /// Fifty more than there are.
    Large,
    /// 0, because nothing is listed.
    None,
}

impl Listing {
    /// The positions of a page's items: `skip` items are passed over, which is so many pages.
    pub(crate) fn page(
        &self,
        count: usize,
        skip: usize,
        size: usize,
        pages: usize,
    ) -> Range<usize> {
        let size = self.limit.map_or(size, |limit| size.min(limit));
        let first = match self.paging {
            Paging::Documented | Paging::Shifting => skip,
            Paging::Pages => pages.saturating_mul(size),
            Paging::Ignored => 0,
        };
        let count = if self.total == ListTotal::None { 0 } else { count };
        let first = first.min(count);
        first..first.saturating_add(size).min(count)
    }

    /// The items that exist; `was_read` tells whether a page of the list was given before.
    pub(crate) fn existing<T>(&self, mut items: Vec<T>, was_read: impl FnOnce() -> bool) -> Vec<T> {
        if self.paging == Paging::Shifting && items.len() > 1 && !was_read() {
            items.remove(1);
        }
        items
    }

    /// The number of items it says there are.
    pub(crate) fn total(&self, count: usize) -> usize {
        match self.total {
            ListTotal::Right => count,
            ListTotal::Zero | ListTotal::None => 0,
            ListTotal::Large => count.saturating_add(50),
        }
    }

    /// Sets one switch by what follows the list's name.
    pub(crate) fn set(&mut self, name: &str, value: &str) -> Result<(), BehaviorError> {
        let switch = name.rsplit_once('-').map_or(name, |(_, switch)| switch);
        let choice = |takes: SwitchValues| BehaviorError::UnknownValue {
            name: name.to_owned(),
            value: value.to_owned(),
            takes,
        };
        match (switch, value) {
            ("limit", "none") => self.limit = None,
            ("limit", number) => {
                let limit = number.parse().ok().filter(|limit| *limit > 0);
                self.limit = Some(limit.ok_or_else(|| choice(SwitchValues::Number))?);
            }
            ("paging", "documented") => self.paging = Paging::Documented,
            ("paging", "pages") => self.paging = Paging::Pages,
            ("paging", "ignored") => self.paging = Paging::Ignored,
            ("paging", "shifting") => self.paging = Paging::Shifting,
            ("paging", _) => {
                return Err(choice(SwitchValues::OneOf(vec![
                    "documented",
                    "pages",
                    "ignored",
                    "shifting",
                ])));
            }
            ("total", "right") => self.total = ListTotal::Right,
            ("total", "zero") => self.total = ListTotal::Zero,
            ("total", "large") => self.total = ListTotal::Large,
            ("total", "none") => self.total = ListTotal::None,
            _ => return Err(choice(SwitchValues::OneOf(vec!["right", "zero", "large", "none"]))),
        }
        Ok(())
    }
}

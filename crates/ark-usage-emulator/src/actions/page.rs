//! The page of a list that a request asks for by its number.

use crate::behaviors::Listing;
use crate::errors::Refusal;
use crate::parameters::Parameters;

/// A page: its number, from 1, and the most items of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct PageParameters {
    pub(super) number: i64,
    pub(super) size: i64,
}

impl PageParameters {
    /// Reads the number from the parameter `name`, and `PageSize`, which is at most `most`.
    pub(super) fn read(
        body: &Parameters,
        name: &str,
        default: i64,
        most: i64,
    ) -> Result<Self, Refusal> {
        let number = body.integer(name)?.unwrap_or(1);
        let size = body.integer("PageSize")?.unwrap_or(default);
        if number < 1 {
            return Err(Refusal::invalid_parameter(name, "1 or more is expected"));
        }
        if !(1..=most).contains(&size) {
            let why = format!("1 to {most} are expected");
            return Err(Refusal::invalid_parameter("PageSize", &why));
        }
        Ok(Self { number, size })
    }

    /// The items of the page, as the behaviors of the list give them.
    pub(super) fn of<'i, T>(&self, items: &'i [T], listing: &Listing) -> &'i [T] {
        let pages = usize::try_from(self.number - 1).unwrap_or(usize::MAX);
        let size = usize::try_from(self.size).unwrap_or_default();
        let page = listing.page(items.len(), pages.saturating_mul(size), size, pages);
        items.get(page).unwrap_or_default()
    }
}

//! A walk through the pages of a list: from what came, never from what was asked for.
//!
//! A service may give fewer items than asked for, count offsets in pages instead of items, ignore
//! them, or shift items between pages while they are read. So items are told apart by key, a page
//! that brings nothing new ends a walk, and a list is whole only if as many came as the service says
//! there are.

use std::collections::BTreeSet;

/// A walk through one list. Ask for [`next_page`](Self::next_page) until there is none.
///
/// ```
/// use ark_usage_model::{PageStyle, PagedWalk};
///
/// let mut walk = PagedWalk::new(PageStyle::Offset, 100);
/// let mut asked = Vec::new();
/// while let Some(page) = walk.next_page() {
///     asked.push(page.offset);
///     // A service that gives two of three items at most.
///     let items = ["a", "b", "c"].into_iter().skip(page.offset as usize).take(2);
///     walk.take(items.map(|item| (Some(item.to_owned()), item)), Some(3));
/// }
/// assert_eq!(asked, [0, 2]);
/// assert_eq!(walk.shortfall(), None);
/// assert_eq!(walk.into_items(), ["a", "b", "c"]);
/// ```
#[derive(Clone, Debug)]
pub struct PagedWalk<T> {
    style: PageStyle,
    size: u32,
    items: Vec<T>,
    keys: BTreeSet<String>,
    /// The keys of this reading, if it is the second.
    seen_again: BTreeSet<String>,
    /// The number of items the last page said there are.
    said: Option<u64>,
    pages: u32,
    step: PageStep,
    /// Items moved between pages while they were read.
    shifted: bool,
    again: bool,
    /// The next page is the first of the second reading.
    restarted: bool,
    /// A page repeated items and brought no other.
    repeated: bool,
}

/// The parameter that pages are asked for by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the service's lists know these two")]
pub enum PageStyle {
    /// Items to pass over. The documents do not say that items are meant: pages are tried where
    /// items bring less than there is.
    Offset,
    /// The number of the page, from 1.
    Number,
}

/// The next page to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageRequest {
    /// Most items of the page.
    pub size: u32,
    /// Items, or pages, to pass over.
    pub offset: u32,
    /// The number of the page, from 1.
    pub number: u32,
}

/// A list that is not known to be whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shortfall {
    /// Items received.
    pub received: u64,
    /// Items that there are, as the service says; `None` if it does not, or says less than came.
    pub reported: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PageStep {
    /// The offset is the number of items that came.
    Items {
        offset: u64,
    },
    /// The next page, from 0, and how many before it brought nothing new.
    Pages {
        page: u32,
        idle: u32,
    },
    Done,
    /// Ended at the bound.
    Cut,
}

/// The largest number of pages of one list: a server may page forever.
const MAX_PAGES: u32 = 1_000;

impl<T> PagedWalk<T> {
    /// A walk that asks for pages of so many items.
    pub fn new(style: PageStyle, size: u32) -> Self {
        Self {
            style,
            size: size.max(1),
            items: Vec::new(),
            keys: BTreeSet::new(),
            seen_again: BTreeSet::new(),
            said: None,
            pages: 0,
            step: Self::start(style),
            shifted: false,
            again: false,
            restarted: false,
            repeated: false,
        }
    }

    fn start(style: PageStyle) -> PageStep {
        match style {
            PageStyle::Offset => PageStep::Items { offset: 0 },
            PageStyle::Number => PageStep::Pages { page: 0, idle: 0 },
        }
    }

    /// The page to ask for, if any.
    pub fn next_page(&self) -> Option<PageRequest> {
        let (offset, number) = match self.step {
            PageStep::Items { offset } => (u32::try_from(offset).unwrap_or(u32::MAX), 1),
            PageStep::Pages { page, .. } => (page, page.saturating_add(1)),
            PageStep::Done | PageStep::Cut => return None,
        };
        Some(PageRequest { size: self.size, offset, number })
    }

    /// Takes a page in: items with their keys, and the number of items the service says there are.
    /// Items without a key, or with an empty one, are left out.
    pub fn take(&mut self, page: impl IntoIterator<Item = (Option<String>, T)>, said: Option<i64>) {
        let (mut count, mut new) = (0_u64, 0_u64);
        for (key, item) in page {
            count += 1;
            let Some(key) = key.filter(|key| !key.is_empty()) else { continue };
            if self.again {
                self.seen_again.insert(key.clone());
            }
            if self.keys.insert(key) {
                self.items.push(item);
                new += 1;
            }
        }
        let said = said.and_then(|said| u64::try_from(said).ok());
        self.pages += 1;
        if self.pages == 1 {
            // A service that gives fewer than asked for gives as many of the next page.
            if let Ok(cap @ 1..) = u32::try_from(count)
                && said != Some(count)
            {
                self.size = self.size.min(cap);
            }
        } else if !self.restarted {
            // An empty page may have no total.
            self.shifted |= said != self.said && (count > 0 || said.unwrap_or(0) > 0);
        }
        self.restarted = false;
        self.shifted |= !self.again && self.is_by_items() && 0 < new && new < count;
        self.repeated |= !self.again && self.is_by_items() && count > 0 && new == 0;
        self.said = said;
        self.advance(count, new);
    }

    fn is_by_items(&self) -> bool {
        matches!(self.step, PageStep::Items { .. }) || self.style == PageStyle::Number
    }

    fn advance(&mut self, count: u64, new: u64) {
        // A second reading goes to the end: what came in the first may be gone.
        let all = self.said == Some(self.received()) && !self.shifted && !self.again;
        self.step = match self.step {
            PageStep::Done | PageStep::Cut => self.step,
            _ if all => PageStep::Done,
            _ if self.pages >= MAX_PAGES => PageStep::Cut,
            PageStep::Items { offset }
                if new > 0 || self.again && count > 0 && !self.past(offset) =>
            {
                PageStep::Items { offset: offset.saturating_add(count) }
            }
            PageStep::Items { .. } if self.is_in_doubt() && !self.shifted => {
                PageStep::Pages { page: 1, idle: 0 }
            }
            PageStep::Pages { page, idle } => {
                let idle = if new > 0 { 0 } else { idle + 1 };
                let patience = match self.style {
                    PageStyle::Offset => 2,
                    PageStyle::Number if self.again && count > 0 => u32::MAX,
                    PageStyle::Number => 1,
                };
                if idle < patience && !(self.again && self.past_pages(page)) {
                    PageStep::Pages { page: page.saturating_add(1), idle }
                } else {
                    self.end_of_walk()
                }
            }
            PageStep::Items { .. } => self.end_of_walk(),
        };
    }

    /// Reads the list once more where items moved while it was read.
    fn end_of_walk(&mut self) -> PageStep {
        if self.shifted && !self.again {
            self.again = true;
            self.restarted = true;
            self.shifted = false;
            return Self::start(self.style);
        }
        PageStep::Done
    }

    /// True when a second reading has passed everything that can be there.
    fn past(&self, offset: u64) -> bool {
        offset > self.received().max(self.said.unwrap_or(0))
    }

    fn past_pages(&self, page: u32) -> bool {
        self.past(u64::from(page) * u64::from(self.size))
    }

    fn received(&self) -> u64 {
        u64::try_from(self.items.len()).unwrap_or(u64::MAX)
    }

    /// True when there may be more than came.
    fn is_in_doubt(&self) -> bool {
        match self.said {
            Some(said) if said >= self.received() => said > self.received(),
            _ => true,
        }
    }

    /// The shortfall of a list that says more than it gave, was cut at the bound or given up, repeated itself
    /// without saying how much there is, or changed while it was read for the second time.
    pub fn shortfall(&self) -> Option<Shortfall> {
        let received = self.received();
        let reported = self.said.filter(|said| *said > received);
        let unknown = self.said.is_none_or(|said| said < received);
        let endless = self.repeated && unknown;
        let seen = u64::try_from(self.seen_again.len()).unwrap_or(u64::MAX);
        let again_short = self.again && (self.shifted || self.said.is_some_and(|said| said > seen));
        let is_short = reported.is_some() || endless || again_short || self.step == PageStep::Cut;
        is_short.then_some(Shortfall { received, reported })
    }

    /// Ends the walk: the page it asks for cannot be had. What came is part of the list, if anything did.
    pub fn give_up(&mut self) {
        if self.step != PageStep::Done {
            self.step = PageStep::Cut;
        }
    }

    /// Returns true if no item came.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The items, each once, in the order they came.
    pub fn into_items(self) -> Vec<T> {
        self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A service of `count` items, which answers a request with positions and a total.
    fn walk(
        style: PageStyle,
        mut answer: impl FnMut(PageRequest) -> (Vec<u32>, Option<i64>),
    ) -> (usize, usize, Option<Shortfall>) {
        let mut walk = PagedWalk::new(style, 100);
        let mut calls = 0;
        while let Some(page) = walk.next_page() {
            let (items, said) = answer(page);
            walk.take(items.into_iter().map(|item| (Some(item.to_string()), item)), said);
            calls += 1;
        }
        let shortfall = walk.shortfall();
        (walk.into_items().len(), calls, shortfall)
    }

    #[test]
    fn a_walk_that_is_given_up_is_short_of_what_is_not_known() {
        let keyed = |count: u32| (0..count).map(|item| (Some(item.to_string()), item));
        for (said, reported) in [(Some(5), Some(5)), (None, None), (Some(1), None)] {
            let mut walk = PagedWalk::new(PageStyle::Number, 2);
            assert!(walk.is_empty());
            walk.take(keyed(2), said);
            assert!(walk.next_page().is_some() && !walk.is_empty(), "{said:?}");
            walk.give_up();
            assert_eq!(walk.next_page(), None);
            assert_eq!(walk.shortfall(), Some(Shortfall { received: 2, reported }), "{said:?}");
        }
        let mut whole = PagedWalk::new(PageStyle::Number, 2);
        whole.take(keyed(2), Some(2));
        whole.give_up();
        assert_eq!(whole.shortfall(), None);
    }

    fn slice(count: u32, skip: u32, take: u32) -> Vec<u32> {
        (0..count).skip(skip as usize).take(take as usize).collect()
    }

    #[test]
    fn all_come_however_pages_are_counted_and_capped() {
        for count in [0, 1, 35, 99, 100, 101, 250] {
            for cap in [1, 10, 50, 100, 1_000] {
                for said in [Some(i64::from(count)), Some(0), Some(1), None] {
                    // The number of items is the only thing that tells a cap from the end.
                    let found = |answer: fn(u32, u32, PageRequest) -> Vec<u32>, style| {
                        let told = walk(style, |page| (answer(count, cap, page), said));
                        let whole = told.0 == count as usize;
                        let known = said == Some(i64::from(count));
                        assert!(whole || !known, "{count} {cap} {said:?} {style:?}: {told:?}");
                        assert!(told.2.is_none() || !known, "{count} {cap} {said:?}: {told:?}");
                    };
                    let items = |count, cap: u32, page: PageRequest| {
                        slice(count, page.offset, cap.min(page.size))
                    };
                    let pages = |count, cap: u32, page: PageRequest| {
                        let size = cap.min(page.size);
                        slice(count, page.offset.saturating_mul(size), size)
                    };
                    let number = |count, cap: u32, page: PageRequest| {
                        let size = cap.min(page.size);
                        slice(count, (page.number - 1).saturating_mul(size), size)
                    };
                    found(items, PageStyle::Offset);
                    found(pages, PageStyle::Offset);
                    found(number, PageStyle::Number);
                }
            }
        }
    }

    #[test]
    fn a_list_that_says_more_than_it_gave_falls_short() {
        for style in [PageStyle::Offset, PageStyle::Number] {
            let answer = |page: PageRequest| (slice(100, page.offset, 100), Some(150));
            let (received, calls, shortfall) = walk(style, answer);
            assert!(calls <= 4, "{calls}");
            assert_eq!(received, 100);
            assert_eq!(shortfall, Some(Shortfall { received: 100, reported: Some(150) }));
        }
    }

    #[test]
    fn an_offset_that_is_ignored_ends_the_walk() {
        for style in [PageStyle::Offset, PageStyle::Number] {
            for (said, is_short) in [(Some(150), true), (Some(100), false), (Some(0), true)] {
                let (received, calls, shortfall) = walk(style, |_| (slice(100, 0, 100), said));
                assert!(calls <= 4, "{calls}");
                assert_eq!((received, shortfall.is_some()), (100, is_short), "{style:?} {said:?}");
            }
        }
    }

    #[test]
    fn a_list_that_shifts_while_it_is_read_is_read_again() {
        for style in [PageStyle::Offset, PageStyle::Number] {
            // An item is put before all others after the first page.
            let mut calls = 0;
            let (received, _, shortfall) = walk(style, |page| {
                calls += 1;
                let skip = if style == PageStyle::Offset {
                    page.offset
                } else {
                    (page.number - 1) * page.size
                };
                let items: Vec<u32> =
                    if calls == 1 { (1..=150).collect() } else { (0..=150).collect() };
                let said = i64::try_from(items.len()).unwrap();
                let page = items.into_iter().skip(skip as usize).take(100);
                (page.collect(), Some(said))
            });
            assert_eq!((received, shortfall), (151, None), "{style:?}");
        }
    }

    #[test]
    fn a_list_without_end_is_cut() {
        let (received, calls, shortfall) =
            walk(PageStyle::Offset, |page| ((page.offset..page.offset + 100).collect(), None));
        assert_eq!((received, calls), (100_000, 1_000));
        assert_eq!(shortfall, Some(Shortfall { received: 100_000, reported: None }));
    }
}

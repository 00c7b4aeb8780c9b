//! Lists: walks through the pages of a service that counts, caps and shifts them as it likes.
//!
//! Two services take turns: the emulator under the behaviors it has for lists, and a list to which
//! items are added, or from which items are taken, while it is read.

use std::collections::BTreeSet;

use ark_usage_emulator::{
    Behaviors, CatalogueSize, Emulator, EmulatorOptions, ListTotal, Listing, Paging,
};
use ark_usage_model::list_endpoints::ListEndpoints;
use ark_usage_model::list_projects::ListProjects;
use ark_usage_model::{PageRequest, PageStyle, PagedWalk, Shortfall};
use volc_openapi::Action;
use volc_sign::{Signer, SigningTime};

use crate::random::Random;
use crate::world;

/// A walk through a list, described.
#[derive(Clone, Debug)]
pub struct ListSchedule {
    /// The parameter that pages are asked for by: that of `ListProjects`, or that of `ListEndpoints`.
    pub style: PageStyle,
    /// Items asked for with each page.
    pub size: u32,
    /// Items when the walk begins.
    pub count: usize,
    /// The service's answers to open questions.
    pub listing: Listing,
    /// The changes while it is read; with any, no emulator is asked.
    pub changes: Vec<Change>,
}

/// A change to a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The call before which it happens, counted from 0.
    pub call: usize,
    /// The position of the item.
    pub place: usize,
    /// An item is added there, or taken away.
    pub is_new: bool,
}

impl ListSchedule {
    /// The walk that a seed stands for.
    pub fn of_seed(seed: u64) -> Self {
        let mut random = Random::new(seed ^ 0x6c69_7374);
        let count = random.one_of(3, &[1, 2, 9, 10, 11, 35, 99, 100, 101, 150, 250]);
        let mut listing = Listing {
            limit: random.once_in(2).then(|| random.one_of(10, &[1, 2, 3, 50, 99])),
            paging: random
                .one_of(Paging::Documented, &[Paging::Pages, Paging::Ignored, Paging::Shifting]),
            total: random.one_of(ListTotal::Right, &[ListTotal::Zero, ListTotal::Large]),
        };
        let is_new = random.once_in(2);
        let changes = if random.once_in(2) { random.between(1, 3) } else { 0 };
        // Nothing but the total shows that items are taken away, or that pages shift where an
        // offset counts pages.
        let needs_total = !is_new || listing.paging == Paging::Pages;
        if changes > 0 && needs_total && listing.total == ListTotal::Zero {
            listing.total = ListTotal::Right;
        }
        let change = |random: &mut Random| Change {
            call: index(random.between(1, 6)),
            place: index(random.below(u32::try_from(count).unwrap_or(u32::MAX))),
            is_new,
        };
        Self {
            style: random.one_of(PageStyle::Offset, &[PageStyle::Number]),
            size: random.one_of(100, &[10, 3]),
            count,
            listing,
            changes: (0..changes).map(|_| change(&mut random)).collect(),
        }
    }
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The course of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRun {
    /// The items found, in order.
    pub found: Vec<String>,
    /// The part that is said to be missing.
    pub shortfall: Option<Shortfall>,
    /// The calls made.
    pub calls: usize,
    /// Every item of a page.
    served: BTreeSet<String>,
    /// The items that existed from the first call to the last.
    lasting: BTreeSet<String>,
}

/// Any instant.
const NOW: u64 = 1_732_420_800;
/// Calls after which a walk counts as endless: its bound is a thousand pages, twice.
const MOST_CALLS: usize = 2_100;

/// Walks through a list and checks what was found; the error is all that is wrong with it.
///
/// # Errors
///
/// When an item is found twice, one that was served is not found, or one that was there all along
/// is not found and the list counts as complete.
pub fn check_list(schedule: &ListSchedule) -> Result<ListRun, Vec<String>> {
    let run = walk(schedule).map_err(|why| vec![why])?;
    let mut wrong = Vec::new();
    let found: BTreeSet<String> = run.found.iter().cloned().collect();
    if found.len() < run.found.len() {
        wrong.push("an item was found twice".to_owned());
    }
    if found != run.served {
        wrong.push("the items found are not those that were served".to_owned());
    }
    let missing = run.lasting.difference(&found).count();
    if missing > 0 && run.shortfall.is_none() {
        wrong.push(format!("{missing} items were not found, and the list counts as complete"));
    }
    let is_plain = schedule.changes.is_empty()
        && schedule.listing.total == ListTotal::Right
        && schedule.listing.paging != Paging::Ignored;
    if is_plain && (missing > 0 || run.shortfall.is_some()) {
        wrong.push(format!("a list that can be read was not: {missing}, {:?}", run.shortfall));
    }
    if wrong.is_empty() { Ok(run) } else { Err(wrong) }
}

fn walk(schedule: &ListSchedule) -> Result<ListRun, String> {
    let mut list = SimulatedList::new(schedule);
    let mut walk = PagedWalk::new(schedule.style, schedule.size);
    let mut served = BTreeSet::new();
    let mut calls = 0;
    while let Some(page) = walk.next_page() {
        if calls >= MOST_CALLS {
            return Err(format!("the walk has not ended after {calls} pages"));
        }
        let (items, total) = list.page(page, calls)?;
        calls += 1;
        served.extend(items.iter().cloned());
        walk.take(items.into_iter().map(|item| (Some(item.clone()), item)), total);
    }
    let shortfall = walk.shortfall();
    let lasting = list.lasting()?;
    Ok(ListRun { found: walk.into_items(), shortfall, calls, served, lasting })
}

/// The service.
enum SimulatedList<'a> {
    Emulated { service: Box<EmulatedList>, schedule: &'a ListSchedule },
    Changing { schedule: &'a ListSchedule, items: Vec<u32>, made: u32 },
}

type Page = (Vec<String>, Option<i64>);

impl<'a> SimulatedList<'a> {
    fn new(schedule: &'a ListSchedule) -> Self {
        if schedule.changes.is_empty() {
            let service = Box::new(EmulatedList::new(schedule, schedule.listing));
            return Self::Emulated { service, schedule };
        }
        let made = u32::try_from(schedule.count).unwrap_or(u32::MAX);
        Self::Changing { schedule, items: (0..made).collect(), made }
    }

    fn page(&mut self, page: PageRequest, call: usize) -> Result<Page, String> {
        match self {
            Self::Emulated { service, .. } => service.page(page.size, page.offset, page.number),
            Self::Changing { schedule, items, made } => {
                for change in schedule.changes.iter().filter(|change| change.call == call) {
                    let place = change.place.min(items.len());
                    if change.is_new {
                        items.insert(place, *made);
                        *made += 1;
                    } else if place < items.len() {
                        items.remove(place);
                    }
                }
                Ok(page_of(schedule, items, page))
            }
        }
    }

    /// The items that existed all along.
    fn lasting(&self) -> Result<BTreeSet<String>, String> {
        match self {
            Self::Changing { schedule, items, .. } => {
                let old = items.iter().filter(|item| index(**item) < schedule.count);
                Ok(old.map(ToString::to_string).collect())
            }
            Self::Emulated { schedule, .. } => {
                let plain = EmulatedList::new(schedule, Listing::default());
                let mut all = Vec::new();
                for number in 1..=3 {
                    all.extend(plain.page(100, 100 * (number - 1), number)?.0);
                }
                // The second is made while the list is read.
                if schedule.listing.paging == Paging::Shifting && all.len() > 1 {
                    all.remove(1);
                }
                Ok(all.into_iter().collect())
            }
        }
    }
}

/// A page of a list that changes.
fn page_of(schedule: &ListSchedule, items: &[u32], page: PageRequest) -> Page {
    let Listing { limit, paging, total } = schedule.listing;
    let (skipped, pages) = match schedule.style {
        PageStyle::Offset => (page.offset, page.offset),
        PageStyle::Number => ((page.number - 1).saturating_mul(page.size), page.number - 1),
    };
    let size = limit.unwrap_or(usize::MAX).min(index(page.size));
    let first = match paging {
        Paging::Pages => index(pages).saturating_mul(size),
        Paging::Ignored => 0,
        _ => index(skipped),
    };
    let page = items.iter().skip(first).take(size).map(ToString::to_string);
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let said = match total {
        ListTotal::Zero => 0,
        ListTotal::Large => count + 50,
        _ => count,
    };
    (page.collect(), Some(said))
}

/// The lists of an emulator.
struct EmulatedList {
    emulator: Emulator,
    style: PageStyle,
}

impl EmulatedList {
    fn new(schedule: &ListSchedule, listing: Listing) -> Self {
        let (size, behaviors) = match schedule.style {
            PageStyle::Offset => (
                CatalogueSize { projects: schedule.count, endpoints: 2 },
                Behaviors { projects: listing, ..Behaviors::default() },
            ),
            PageStyle::Number => (
                CatalogueSize { projects: 1, endpoints: schedule.count },
                Behaviors { endpoints: listing, ..Behaviors::default() },
            ),
        };
        let accounts = world::accounts();
        let options = EmulatorOptions { accounts, behaviors, size, ..EmulatorOptions::default() };
        Self { emulator: Emulator::new(options), style: schedule.style }
    }

    fn page(&self, size: u32, offset: u32, number: u32) -> Result<Page, String> {
        match self.style {
            PageStyle::Offset => {
                let list = ListProjects { limit: Some(size), offset: Some(offset), query: None };
                let list = self.call(&list)?;
                let names = list.projects.into_iter().filter_map(|one| one.project_name);
                Ok((names.collect(), list.total))
            }
            PageStyle::Number => {
                let list = ListEndpoints {
                    page_number: Some(number),
                    page_size: Some(size),
                    ..ListEndpoints::default()
                };
                let list = self.call(&list)?;
                let ids = list.items.into_iter().filter_map(|one| one.id);
                Ok((ids.collect(), list.total_count))
            }
        }
    }

    fn call<A: Action>(&self, action: &A) -> Result<A::Response, String> {
        let base_url = "http://127.0.0.1/".parse().expect("a base URL");
        let mut request = action.to_http(&base_url).map_err(|error| error.to_string())?;
        let now = SigningTime::from_unix(NOW).expect("an instant");
        let account = world::accounts().swap_remove(0);
        let signer = Signer::new(account.credentials, "cn-beijing", A::SERVICE);
        signer.sign_request(&mut request, now).map_err(|error| error.to_string())?;
        let answer = A::from_http(&self.emulator.handle(&request, now));
        answer.map(|answer| answer.result).map_err(|error| error.to_string())
    }
}

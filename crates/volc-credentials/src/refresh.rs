//! Credentials that are cached and replaced before they expire, one search at a time.

use std::sync::{Arc, Weak};

use crate::chain::Chain;
use crate::found::{Found, NotFound, SourceKind};
use crate::search::Search;
use crate::source_context::SourceContext;

/// Seconds between failed refreshes while the old credentials are valid.
const PAUSE: i64 = 10;

/// Caches the credentials of a chain and decides when to search again.
///
/// A value without a clock or a lock: whoever shares it between threads puts it behind a mutex, and
/// holds that only while a method runs, not while requests are out.
///
/// ```
/// use volc_credentials::{Chain, Environment, Freshness, Refresher, Step, SourceContext};
///
/// let environment = Environment::from_variables([
///     ("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001"),
///     ("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001"),
/// ]);
/// let now = 1_700_000_000;
/// let mut refresher = Refresher::new(Chain::official(), SourceContext::new(environment));
/// assert_eq!(refresher.freshness(now), Freshness::Empty);
///
/// let mut search = refresher.begin_refresh(now).expect("nothing was found yet");
/// assert!(refresher.begin_refresh(now).is_none(), "one at a time");
/// let Step::Done(result) = search.poll(now) else { panic!("variables need no network") };
/// let found = refresher.finish_refresh(now, result)?;
/// assert_eq!(found.credentials.access_key_id(), "AKLTEXAMPLE0000000000000000000001");
/// assert_eq!(refresher.freshness(now), Freshness::Fresh);
/// # Ok::<(), volc_credentials::NotFound>(())
/// ```
#[derive(Debug)]
pub struct Refresher {
    chain: Chain,
    context: SourceContext,
    found: Option<Found>,
    /// Alive as long as a search that was handed out.
    under_way: Weak<()>,
    /// Set when a server called the credentials expired or unknown.
    rejected: bool,
    /// After a failure: not before.
    not_before: i64,
}

/// The state of the cached credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Freshness {
    /// Valid, but due for replacement.
    Due,
    /// No search has succeeded yet.
    Empty,
    /// Expired, or rejected by a server.
    Expired,
    /// Valid.
    Fresh,
}

impl Refresher {
    /// Keeps nothing yet.
    pub fn new(chain: Chain, context: SourceContext) -> Self {
        Self {
            chain,
            context,
            found: None,
            under_way: Weak::new(),
            rejected: false,
            not_before: i64::MIN,
        }
    }

    /// Returns the credentials if they are valid at `now` (Unix seconds).
    pub fn current(&self, now: i64) -> Option<&Found> {
        self.found.as_ref().filter(|found| !self.rejected && !found.is_expired(now))
    }

    /// The state at `now`.
    pub fn freshness(&self, now: i64) -> Freshness {
        match &self.found {
            None => Freshness::Empty,
            Some(found) if self.rejected || found.is_expired(now) => Freshness::Expired,
            Some(found) if found.refresh_at().is_some_and(|at| at <= now) => Freshness::Due,
            Some(_) => Freshness::Fresh,
        }
    }

    /// A search to run now, with the source that won last time first, as in the official SDKs.
    ///
    /// `None` while the credentials are fresh, while another search is under way, and for ten
    /// seconds after a failure as long as the old ones last. What comes of it goes to
    /// [`finish_refresh`](Self::finish_refresh); a search that is dropped counts as given up.
    pub fn begin_refresh(&mut self, now: i64) -> Option<Search> {
        let wanted = match self.freshness(now) {
            Freshness::Fresh => false,
            Freshness::Due => now >= self.not_before,
            Freshness::Empty | Freshness::Expired => true,
        };
        if !wanted || self.under_way.strong_count() > 0 {
            return None;
        }
        let alive = Arc::new(());
        self.under_way = Arc::downgrade(&alive);
        let first = self.found.as_ref().map(|found| found.position);
        Some(self.chain.search_from(first, &self.context).keeping(alive))
    }

    /// Takes what came of a search, and gives what is good now: what was found, or after a failure
    /// the old credentials while they last.
    ///
    /// # Errors
    ///
    /// [`NotFound`] when the search failed and nothing that is kept is good any more.
    pub fn finish_refresh(
        &mut self,
        now: i64,
        result: Result<Found, NotFound>,
    ) -> Result<&Found, NotFound> {
        self.under_way = Weak::new();
        match result {
            Ok(found) => {
                self.rejected = false;
                self.not_before = i64::MIN;
                Ok(self.found.insert(found))
            }
            Err(not_found) => {
                self.not_before = now.saturating_add(PAUSE);
                self.current(now).ok_or(not_found)
            }
        }
    }

    /// Notes that a server called the credentials with this access key id expired or unknown, and
    /// says whether looking again may bring others. Others that were found in the meantime stay.
    ///
    /// Values that were handed in cannot change, so for those it says no.
    pub fn reject(&mut self, access_key_id: &str) -> bool {
        let Some(found) = &self.found else { return true };
        if found.credentials.access_key_id() != access_key_id {
            return true;
        }
        let fixed = matches!(found.origin.source, SourceKind::Explicit | SourceKind::Environment);
        self.rejected = !fixed;
        !fixed
    }
}

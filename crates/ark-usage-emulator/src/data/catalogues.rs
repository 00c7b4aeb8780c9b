//! The catalogues of all accounts, made when an account is first asked about.

use std::sync::{Arc, Mutex, PoisonError};

use super::catalogue::{Catalogue, CatalogueSize};

/// A catalogue follows from seed, account and size, so forgetting one costs no more than making it
/// again: only those of the last few accounts are kept.
#[derive(Debug)]
pub(crate) struct Catalogues {
    seed: u64,
    size: CatalogueSize,
    /// The most recently used last.
    recent: Mutex<Vec<(u64, Arc<Catalogue>)>>,
}

/// The number of catalogues that are kept.
const KEPT: usize = 32;

impl Catalogues {
    /// No catalogue yet.
    pub(crate) fn new(seed: u64, size: CatalogueSize) -> Self {
        Self { seed, size, recent: Mutex::default() }
    }

    /// The catalogue of an account.
    pub(crate) fn of(&self, account_id: u64) -> Arc<Catalogue> {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let found = recent.iter().rposition(|(id, _)| *id == account_id);
        let entry = match found {
            Some(position) => recent.remove(position),
            None => (account_id, Arc::new(Catalogue::new(self.seed, account_id, self.size))),
        };
        if recent.len() >= KEPT {
            recent.remove(0);
        }
        let catalogue = Arc::clone(&entry.1);
        recent.push(entry);
        catalogue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_few_are_kept_and_a_forgotten_one_is_made_again() {
        let catalogues = Catalogues::new(7, CatalogueSize::default());
        let first = catalogues.of(1);
        assert!(Arc::ptr_eq(&first, &catalogues.of(1)));
        for account_id in 2..=1000 {
            catalogues.of(account_id);
        }
        assert_eq!(catalogues.recent.lock().unwrap().len(), KEPT);
        let again = catalogues.of(1);
        assert!(!Arc::ptr_eq(&first, &again));
        assert_eq!(format!("{first:?}"), format!("{again:?}"));
    }
}

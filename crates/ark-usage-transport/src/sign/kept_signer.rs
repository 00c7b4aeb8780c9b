//! A signer and its signing key, kept from request to request.

use std::sync::Arc;

use volc_sign::{Signer, SigningKey, SigningTime};

/// The signer of an account's credentials, and the signing key it derived last.
///
/// Its owner puts it behind a lock. New credentials make a new value, so a key is never used with
/// credentials it was not derived from. A different day derives a new key.
#[derive(Clone)]
pub(crate) struct KeptSigner {
    signer: Arc<Signer>,
    key: Option<Arc<SigningKey>>,
}

impl KeptSigner {
    pub(crate) fn new(signer: Signer) -> Self {
        Self { signer: Arc::new(signer), key: None }
    }

    #[cfg(feature = "credentials")]
    pub(crate) fn signer(&self) -> &Signer {
        &self.signer
    }

    /// The signer and its key of the day `time` falls on, both to be used without the lock.
    pub(crate) fn at(&mut self, time: SigningTime) -> (Arc<Signer>, Arc<SigningKey>) {
        let signer = Arc::clone(&self.signer);
        let kept = self.key.take().filter(|key| signer.accepts_key(key, time));
        let key = self.key.insert(kept.unwrap_or_else(|| Arc::new(signer.signing_key(time))));
        (signer, Arc::clone(key))
    }
}

#[cfg(test)]
mod tests {
    use volc_sign::Credentials;

    use super::*;

    fn kept() -> KeptSigner {
        let credentials = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret");
        KeptSigner::new(Signer::new(credentials, "cn-beijing", "ark"))
    }

    fn time(x_date: &str) -> SigningTime {
        x_date.parse().unwrap()
    }

    #[test]
    fn one_key_serves_a_day_and_the_next_day_has_its_own() {
        let mut kept = kept();
        let (signer, first) = kept.at(time("20241119T000000Z"));
        let (_, last) = kept.at(time("20241119T235959Z"));
        assert!(Arc::ptr_eq(&first, &last));
        let (_, next) = kept.at(time("20241120T000000Z"));
        assert!(signer.accepts_key(&next, time("20241120T000000Z")));
        // A clock that is set back is served, too.
        let (_, back) = kept.at(time("20241119T235959Z"));
        assert!(signer.accepts_key(&back, time("20241119T235959Z")));
    }
}

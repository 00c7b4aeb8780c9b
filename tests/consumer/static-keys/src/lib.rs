//! `HyperTransport` with keys at hand: `volc-credentials` is not even compiled.

use ark_usage_model::{AccountId, Interval, QueryOptions, Target, UsageQuery, UsageReport, Window};
use ark_usage_transport::{Client, HyperTransport};
use volc_sign::{Credentials, Signer};

/// The days from `first` to `last` (their starts, unix seconds) of the default project.
pub async fn usage(
    keys: Credentials,
    base_url: &str,
    first: i64,
    last: i64,
) -> Result<UsageReport, Box<dyn std::error::Error>> {
    let client = Client::new(HyperTransport::default(), Signer::new(keys, "cn-beijing", "ark"));
    let query = UsageQuery::new(
        vec![Target::new(AccountId(0))],
        Window::new(Interval::Day, first, last)?,
        base_url.parse()?,
        QueryOptions::default(),
    )?;
    Ok(client.run(query, &mut ()).await)
}

#[cfg(test)]
mod tests {
    use loopback::{Loopback, VENDOR_DAY_START, demo_keys};

    use super::*;

    #[tokio::test]
    async fn a_week_comes_back() {
        let server = Loopback::start();
        let first = VENDOR_DAY_START - 6 * 86_400;
        let report = usage(demo_keys(), server.base_url(), first, VENDOR_DAY_START).await.unwrap();
        assert!(report.coverage.complete, "{:?}", report.coverage);
    }
}

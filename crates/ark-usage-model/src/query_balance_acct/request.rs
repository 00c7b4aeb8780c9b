//! The parameters of `QueryBalanceAcct`: none.

use serde::{Deserialize, Serialize};
use volc_openapi::{
    Action, Answer, BaseUrl, RequestError, ResponseError, post_json, read_optional,
};

use crate::query_balance_acct::AccountBalance;

/// `QueryBalanceAcct`: the account's balance. Needs `billing:QueryBalanceAcct`, as in the policy
/// `BillingCenterReadOnlyAccess`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryBalanceAcct {}

impl Action for QueryBalanceAcct {
    type Response = AccountBalance;
    const NAME: &'static str = "QueryBalanceAcct";
    const VERSION: &'static str = "2022-01-01";
    const SERVICE: &'static str = "billing";
    const METHOD: http::Method = http::Method::POST;

    fn to_http(&self, base_url: &BaseUrl) -> Result<http::Request<Vec<u8>>, RequestError> {
        post_json::<Self, _>(base_url, self)
    }

    fn from_http<B: AsRef<[u8]>>(
        response: &http::Response<B>,
    ) -> Result<Answer<AccountBalance>, ResponseError> {
        let Answer { metadata, result } = read_optional(response)?;
        Ok(Answer { metadata, result: result.unwrap_or_default() })
    }
}

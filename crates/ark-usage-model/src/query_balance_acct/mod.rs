//! `QueryBalanceAcct` (service `billing`, version 2022-01-01): the account's balance.

mod request;
mod response;

pub use request::QueryBalanceAcct;
pub use response::AccountBalance;

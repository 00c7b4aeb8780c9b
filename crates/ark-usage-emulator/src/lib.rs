//! Volcengine Ark's usage API, imitated: real signatures, real envelopes and errors, deterministic
//! data, scripted faults.
//!
//! [`Emulator::handle`] is the whole service as one pure function from a request and an instant to
//! a response. The feature `serve` (on by default) puts it on a socket. Tests of clients use either;
//! nothing here ever talks to the real service.
//!
//! # The documented request, answered
//!
//! ```
//! use ark_usage_emulator::{
//!     DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY, Emulator, EmulatorOptions,
//! };
//! use volc_sign::{Credentials, Signer, SigningTime};
//!
//! let body = r#"{"Interval":86400,"StartTime":1731945600,"EndTime":1731945600}"#;
//! let mut request = http::Request::post("http://127.0.0.1/?Action=GetUsage&Version=2024-01-01")
//!     .header("Content-Type", "application/json; charset=UTF-8")
//!     .body(body.as_bytes())?;
//! let key = Credentials::new(DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY);
//! let now = SigningTime::from_unix(1_732_013_137)?;
//! Signer::new(key, "cn-beijing", "ark").sign_request(&mut request, now)?;
//!
//! let emulator = Emulator::new(EmulatorOptions::default());
//! let response = emulator.handle(&request, now);
//! assert_eq!(response.status(), 200);
//! let text = String::from_utf8(response.into_body())?;
//! assert!(text.contains(r#"{"Timestamp":1731945600,"Value":1529525715}"#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Several accounts
//!
//! ```
//! use ark_usage_emulator::{Account, Emulator, EmulatorOptions};
//! use volc_sign::{Signer, SigningTime};
//!
//! let accounts: Vec<Account> = Account::several(1000).collect();
//! let options = EmulatorOptions { accounts: accounts.clone(), ..EmulatorOptions::default() };
//! let emulator = Emulator::new(options);
//! let now = SigningTime::from_unix(1_732_013_137)?;
//! for account in accounts.iter().take(2) {
//!     let url = "http://127.0.0.1/?Action=GetCallerIdentity&Version=2018-01-01";
//!     let mut request = http::Request::get(url).body(Vec::new())?;
//!     let signer = Signer::new(account.credentials.clone(), "cn-beijing", "sts");
//!     signer.sign_request(&mut request, now)?;
//!     let text = String::from_utf8(emulator.handle(&request, now).into_body())?;
//!     assert!(text.contains(&format!(r#""AccountId":{}"#, account.account_id)));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The example `accounts` counts the usage of several accounts, project by project.
//!
//! # What is imitated
//!
//! | action | service | method |
//! |---|---|---|
//! | `GetUsage`, `GetInferenceUsage`, `GetAFPUsage`, `GetCodingPlanUsage`, `GetPersonalPlan`, `GetUsageDetails`, `ListEndpoints`, `ListApiKeys`, `ListSeatInfos`, `GetSeatAFPUsage`, `ListSeatAFPUsage`, `GetSeatInfoUsage`, `ListSeatInfoUsages`, `ListModelActivations`, `ListModelTokenLimit` 2024-01-01 | `ark` (and `ark_stg`, which the vendor's page signs for) | POST |
//! | `ListResourcePackages`, `QueryBalanceAcct` 2022-01-01 | `billing` | POST |
//! | `ListProjects` 2021-08-01 | `iam` | GET |
//! | `GetCallerIdentity`, `AssumeRole` 2018-01-01 | `sts` | POST, GET |
//! | `AssumeRoleWithOIDC` 2018-01-01 | none: for [`DEMO_OIDC_TOKEN`] | POST |
//! | instance metadata: `/latest/api/token`, `/volcstack/latest/iam/security_credentials` | none | PUT, GET |
//! | sign-on portal: `/federation/credentials` | none: for [`DEMO_PORTAL_TOKEN`] | GET |
//!
//! - **Signatures** are verified by `volc-sign` as the service must: whatever official clients send
//!   is accepted, any region, 900 seconds of clock skew. Keys are [`Account`]s; the demo key is
//!   [`DEMO_ACCESS_KEY_ID`] with [`DEMO_SECRET_ACCESS_KEY`].
//! - **Accounts**: as many as you give keys for. [`Account::several`] makes any number of them,
//!   [`Account::named`] one for a name. Each has endpoints and usage of its own, and projects of its
//!   own beside `default`. Their data are made when they are asked for, so a thousand accounts
//!   start at once.
//! - **Answers** carry the vendor's envelope with a `RequestId` of its form, `Date` by the given
//!   instant, and `X-Tt-Logid`. Refusals have the vendor's codes, numbers, HTTP statuses and texts.
//! - **Temporary keys** that it hands out are known to it from then on, until they end, to every
//!   emulator of the same seed: they hold what there is to know. Their account is the one that the
//!   role was asked for.
//! - **Data** are a pure function of the seed: any range can be asked, the running hour counts in
//!   proportion, nothing of the future is known. Days are exactly the sums of their hours, the whole
//!   of its endpoints, endpoints of their scenes and batch jobs. Whatever the seed, project `default`
//!   has the documented numbers on [the documented day](VENDOR_DAY_START), except in
//!   [made-up accounts](Account::is_made_up).
//!   `GetInferenceUsage` divides the same hours among API keys, so both actions agree; the texts of
//!   keys that `ListApiKeys` and `ListSeatInfos` have are obviously no keys.
//! - **Open questions** about the actions are switches: [`Behaviors`].
//! - **Faults** are scripts: [`faults`] has the file format.
//!
//! Not imitated: other actions, permissions beyond [the projects a key sees](Account::projects),
//! the limits of the real service, which nobody has published.
//!
//! # Contents
//!
//! - [`Emulator`], [`EmulatorOptions`], [`Account`], [`CatalogueSize`]
//! - [`Behaviors`] and the enums of its switches
//! - [`FaultScript`], [`SocketFault`], module [`faults`]
//! - [`EmulatedAction`], [`Session`], [`Refusal`]: an action of your own
//! - with `serve`: `serve`, `serve_on`, `serve_handler`, `Server`, `Limits`

mod account;
mod accounts;
mod actions;
mod authenticate;
mod behaviors;
mod calendar;
mod data;
mod emulator;
mod envelope;
mod errors;
pub mod faults;
mod options;
mod parameters;
mod request_id;
#[cfg(feature = "serve")]
mod serve;
mod temporary;
mod unsigned;

pub use account::{
    Account, DEMO_ACCESS_KEY_ID, DEMO_ACCOUNT_ID, DEMO_OIDC_TOKEN, DEMO_PORTAL_TOKEN, DEMO_ROLE,
    DEMO_SECRET_ACCESS_KEY,
};
pub use actions::{EmulatedAction, HourTokens, Session, UsageSource};
pub use behaviors::{
    AbsentAgentPlan, AbsentCodingPlan, AbsentProject, AfpTimes, Balance, BehaviorError, Behaviors,
    CellForm, CodingPercent, CodingTimes, ColumnOrder, CountForm, DetailRows, Duplicates, EndTime,
    ErrorStatus, ExtraWindow, FieldForm, GroupRule, HourLabels, HourText, InferenceBehaviors,
    KeylessText, LevelText, ListTotal, Listing, NumberForm, OutsideRows, Paging, PlanBehaviors,
    PlanHolding, PlanTokens, PlanTypeText, PlanUse, ProjectColumn, QuotaForm, Rewards, RowForm,
    RowMember, SampleOrder, SeatBehaviors, SeatHolding, SeatMember, SeatPercent, SeatResult,
    SwitchValues, TagKeys, TagRule, Unaligned, UnknownAction, UnknownFilters, ValueForm,
    WindowOrder, ZeroBuckets, ZeroRows,
};
pub use data::{
    CatalogueSize, VENDOR_DAY_COMPLETION_TOKENS, VENDOR_DAY_PROJECT, VENDOR_DAY_PROMPT_TOKENS,
    VENDOR_DAY_START,
};
pub use emulator::Emulator;
pub use errors::Refusal;
pub use faults::{FaultScript, SocketFault};
pub use options::{DEFAULT_SEED, EmulatorOptions};
#[cfg(feature = "serve")]
pub use serve::{Limits, Server, serve, serve_handler, serve_on};

#[cfg(all(doctest, feature = "serve"))]
#[doc = include_str!("../README.md")]
mod readme {}

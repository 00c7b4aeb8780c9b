//! Finds Volcengine credentials in the places the official SDKs and the `ve` tool use, in the same
//! order.
//!
//! The environment, files, programs and the time are arguments; requests to services are returned as
//! values and their responses passed in. There is no HTTP client, no clock and no lock in here.
//!
//! # Finding credentials
//!
//! ```
//! use volc_credentials::{Chain, Environment, SourceContext};
//!
//! let environment = Environment::from_variables([
//!     ("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001"),
//!     ("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001"),
//! ])
//! .with_home("/home/somebody");
//!
//! let search = Chain::official().search(&SourceContext::new(environment));
//! let found = search.run(
//!     || 1_700_000_000, // the clock, in Unix seconds
//!     |exchange| -> Result<http::Response<Vec<u8>>, _> {
//!         // Wait `exchange.wait`, send `exchange.request` within its time-outs, read the answer.
//!         unreachable!("variables need no network, but {:?}", exchange.purpose)
//!     },
//! )?;
//! assert_eq!(
//!     found.origin.to_string(),
//!     "environment variables VOLCENGINE_ACCESS_KEY, VOLCENGINE_SECRET_KEY"
//! );
//! # Ok::<(), volc_credentials::NotFound>(())
//! ```
//!
//! Without credentials the error lists every place and the problem there:
//!
//! ```
//! use volc_credentials::{Chain, Environment, Step, SourceContext};
//!
//! let environment = Environment::from_variables([("VOLC_ACCESSKEY", "AKLTEXAMPLE")]);
//! let mut search = Chain::official().search(&SourceContext::new(environment));
//! let Step::Done(Err(not_found)) = search.poll(1_700_000_000) else { panic!() };
//! assert!(not_found.to_string().contains("VOLC_ACCESSKEY is set but VOLC_SECRETKEY is missing"));
//! ```
//!
//! # External processes
//!
//! A program may print `{"AccessKeyId": …, "SecretAccessKey": …, "SessionToken": …,
//! "Expiration": …}`; the last two are optional, `Version` is 1 or absent. Its command line is split
//! at white space; quotes of either kind hold a word together; inside double quotes a backslash makes
//! the next `"` or `\` plain. No shell is involved: no variables, no `~`, no pipes.
//!
//! # Contents
//!
//! - [`Environment`], [`Files`], [`Processes`], [`ServiceUrls`], together [`SourceContext`]: the
//!   environment of a search
//! - [`Source`], [`Chain`]: the places to search
//! - [`Search`], [`Step`], [`Exchange`]: the search
//! - [`Found`], [`NotFound`], [`Attempt`], [`SourceError`]: its result
//! - [`Refresher`]: replacing temporary credentials before they expire
//! - [`profile_names`]: the names of all profiles
//! - [`ProfileSettings`], [`profile_settings`]: other settings of a profile

/// The example in the README runs as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod absence;
mod chain;
mod content_problem;
mod environment;
mod error;
mod exchange;
mod files;
mod found;
mod ini;
mod json;
mod key_problem;
mod near_miss;
mod outcome;
mod process;
mod process_failure;
mod profile;
mod profile_names;
mod refresh;
mod search;
mod source;
mod source_context;
mod temporary;
mod timestamp;

pub use self::absence::Absence;
pub use self::chain::Chain;
pub use self::content_problem::ContentProblem;
pub use self::environment::{Environment, UnreadableVariable};
pub use self::error::{CommandProblem, Place, SourceError};
pub use self::exchange::{
    AssumeRole, AssumeRoleWithOidc, Exchange, ExchangeError, ExchangeProblem, MetadataRole,
    Purpose, RequestProblem, ServiceUrls,
};
pub use self::files::{FileFacts, FileProblem, Files, OsFiles, is_a_pipe, read_all, read_bounded};
pub use self::found::{Attempt, Found, NotFound, Origin, SourceKind, mask};
pub use self::key_problem::{KeyPart, KeyProblem};
pub use self::near_miss::{NearMiss, near_misses};
pub use self::outcome::{HalfKey, Outcome};
pub use self::process::{OsProcesses, ProcessCommand, Processes};
pub use self::process_failure::ProcessFailure;
pub use self::profile::{Mode, ProfileSettings, ProxyUrl, Setting, profile_settings};
pub use self::profile_names::profile_names;
pub use self::refresh::{Freshness, Refresher};
pub use self::search::{Search, Step};
pub use self::source::{Source, VariableFamily};
pub use self::source_context::SourceContext;

//! The search for the cause of a refused signature.
//!
//! [`explain`] takes a request that failed, the key it should be signed with, and the facts known
//! about the server. It signs the request again with every mistake that clients are known to make,
//! one at a time and then two at a time, until one gives the signature that was sent. A [`Cause`]
//! found that way is not a guess. [`Cause::NoKnownMistake`] means that none fits: the secret is a
//! different one, or something was changed on the way.
//!
//! ```
//! use volc_sign::explain::{CauseKind, Failure, explain};
//! use volc_sign::{Credentials, SignableRequest, Signer};
//!
//! let credentials = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
//! let now = "20241119T021530Z".parse()?;
//! let mut request = http::Request::post("https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01")
//!     .body(r#"{"Interval":86400}"#)?;
//! // The secret was pasted with a trailing newline.
//! let pasted = Credentials::new(credentials.access_key_id(), "fake-secret-for-tests-only-0001\n");
//! Signer::new(pasted, "cn-beijing", "ark").sign_request(&mut request, now)?;
//!
//! let failure = Failure::new(SignableRequest::from_request(&request), request.body().as_bytes(), now);
//! let explanation = explain(&failure, &credentials);
//! assert_eq!(explanation.causes()[0].kind(), CauseKind::Secret);
//! println!("{explanation}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cause;
mod changes;
mod difference;
mod edits;
mod explanation;
mod json;
mod kind;
mod parts;
mod queries;
mod search;

pub use cause::Cause;
pub use difference::{Difference, RequestField};
pub use explanation::{Explanation, Failure, explain};
pub use kind::CauseKind;

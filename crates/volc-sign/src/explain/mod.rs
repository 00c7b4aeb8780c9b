//! Why a signature was refused: where signer and server differ, and what most likely made them.
//!
//! [`explain`] takes a request that failed, the key it was to be signed with, and what is known of
//! the server, and finds out what the other side did: it signs the request again in every way
//! clients are known to get wrong, one at a time and then two at a time, and looks which of them
//! gives the signature that was sent. A [`Cause`] found that way is not a guess; one of kind
//! [`CauseKind::Unknown`] says that none fits, which leaves the secret itself or something changed
//! on the way.
//!
//! ```
//! use volc_sign::explain::{CauseKind, Failure, explain};
//! use volc_sign::{Credentials, SignableRequest, Signer};
//!
//! let credentials = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
//! let now = "20241119T021530Z".parse()?;
//! let mut request = http::Request::post("https://open.volcengineapi.com/?Action=GetUsage&Version=2024-01-01")
//!     .body(r#"{"Interval":86400}"#)?;
//! // The secret was pasted with the line's end.
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

//! The server's side: claims that are not yet trusted, and how they come to be.

mod authorization;
mod check;
mod claims;
mod error;
mod policy;
mod presented;
mod verified;

pub use error::{VerifyError, VerifyErrorKind};
pub use policy::VerifyPolicy;
pub use presented::Presented;
pub use verified::Verified;

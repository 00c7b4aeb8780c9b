//! `GetUsage`: tokens by bucket and metric, for a project or some of its endpoints.

mod request;
mod response;

use http::Response;

use self::request::UsageRequest;
use super::Session;
use crate::errors::Refusal;

pub(super) fn answer(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let request = UsageRequest::read(session)?;
    Ok(session.about.success(&response::usage_results(session, &request)))
}

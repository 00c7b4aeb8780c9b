//! `GetInferenceUsage`: a table of input, cached, output and total tokens, images and requests, by
//! day or hour and whatever the filters group by.

mod dimension;
mod request;
mod response;
mod table;

use http::Response;

use self::request::InferenceRequest;
use super::Session;
use crate::errors::Refusal;

pub(super) fn answer(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let request = InferenceRequest::read(session)?;
    Ok(session.about.success(&response::result(session, &request)))
}

//! Parsing keys from the envelope of STS and the portal.

use http::Response;
use serde::Deserialize;
use volc_openapi::{ResponseError, read_answer};

use super::ExchangeProblem;
use crate::content_problem::ContentProblem;
use crate::temporary::{KeyFields, Temporary};

/// STS puts the keys under `Credentials`, the portal under `RoleCredentials`.
#[derive(Deserialize)]
struct Keys {
    #[serde(rename = "Credentials", alias = "RoleCredentials")]
    fields: Option<KeyFields>,
}

pub(super) fn keys(response: &Response<&[u8]>) -> Result<Temporary, ExchangeProblem> {
    let keys: Keys = read_answer(response).map_err(|error| problem(&error))?.result;
    let fields = keys.fields.ok_or(ExchangeProblem::Answer(ContentProblem::NoCredentials))?;
    Temporary::try_from(fields).map_err(ExchangeProblem::Answer)
}

/// Bodies and parser errors are dropped on purpose: an almost valid body holds the keys.
fn problem(error: &ResponseError) -> ExchangeProblem {
    match error {
        ResponseError::Api(error) => ExchangeProblem::Refused {
            status: error.status,
            code: match error.code_n {
                Some(number) if error.code.is_empty() => number.to_string(),
                _ => error.code.clone(),
            },
            message: error.message.clone(),
            request_id: error.request_id.clone(),
        },
        ResponseError::Gateway(error) => ExchangeProblem::Status(error.status),
        _ => ExchangeProblem::Answer(ContentProblem::NotDocumented),
    }
}

//! A machine whose files, programs and services say whatever the input wants them to.

use std::io;
use std::path::Path;

use http::Response;
use volc_credentials::{
    Chain, Environment, Files, Found, NotFound, ProcessFailure, Processes, Source, SourceContext,
    profile_names, profile_settings,
};

/// 2023-11-14T22:13:20Z, when the seeds' caches are good.
const NOW: i64 = 1_700_000_000;

/// Stands alone on a line between the parts of an input.
const BETWEEN: &[u8] = b"\n%%\n";

/// The parts of an input; those that are not there are empty.
#[derive(Clone, Copy)]
pub struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    pub fn of(input: &'a [u8]) -> Self {
        Self(input)
    }

    pub fn part(self, wanted: usize) -> &'a [u8] {
        let mut rest = self.0;
        for _ in 0..wanted {
            let Some(at) = rest.windows(BETWEEN.len()).position(|bytes| bytes == BETWEEN) else {
                return b"";
            };
            rest = &rest[at + BETWEEN.len()..];
        }
        let end = rest.windows(BETWEEN.len()).position(|bytes| bytes == BETWEEN);
        &rest[..end.unwrap_or(rest.len())]
    }
}

/// Files that hold what is given: `first` in the file `name`, `second` in every other one.
pub struct Given {
    pub name: &'static str,
    pub first: Vec<u8>,
    pub second: Vec<u8>,
}

impl Files for Given {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let content = if path.ends_with(self.name) { &self.first } else { &self.second };
        if content.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(content.clone()) }
    }

    fn mode(&self, _: &Path) -> Option<u32> {
        Some(0o644)
    }
}

/// A program that prints what is given.
pub struct Prints(pub Vec<u8>);

impl Processes for Prints {
    fn run(&self, _: &str, _: &[String]) -> Result<Vec<u8>, ProcessFailure> {
        Ok(self.0.clone())
    }
}

pub fn environment() -> Environment {
    Environment::new()
        .with_home("/home/somebody")
        .with("VOLCENGINE_ECS_METADATA", "reader")
        .with("VOLCENGINE_OIDC_ROLE_TRN", "trn:iam::2100000001:role/reader")
        .with("VOLCENGINE_OIDC_TOKEN_FILE", "/token")
}

/// Searches `source` in `context`; services answer with `answers` in turn, the last one for good.
/// All that can be said about the outcome is said.
pub fn search(source: Source, context: &SourceContext, answers: &[&[u8]]) {
    let mut asked = 0;
    let outcome = Chain::of([source]).search(context).run(
        || NOW,
        |_| {
            let body = answers.get(asked).or(answers.last()).copied().unwrap_or_default();
            asked += 1;
            assert!(asked < 100, "a service is asked for ever");
            Ok(answer(body))
        },
    );
    say(&outcome);
}

/// The other settings of `config.json`.
pub fn settings(context: &SourceContext) {
    let _ = profile_names(context).map_err(|error| error.to_string());
    if let Ok(Some(settings)) = profile_settings(context, None) {
        let _ = (format!("{settings:?}"), settings.base_url().map_err(|error| error.to_string()));
    }
}

/// A first byte of `!` makes it a refusal.
fn answer(body: &[u8]) -> Response<Vec<u8>> {
    let (status, body) = match body.split_first() {
        Some((b'!', rest)) => (401, rest),
        _ => (200, body),
    };
    let mut response = Response::new(body.to_vec());
    *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
    response
}

fn say(outcome: &Result<Found, NotFound>) {
    let _ = format!("{outcome:?}");
    match outcome {
        Ok(found) => {
            assert!(!found.credentials.access_key_id().is_empty(), "keys that are none");
            assert!(!found.credentials.secret().expose().is_empty(), "keys that are none");
            let _ = (found.origin.to_string(), found.masked_access_key_id(), found.refresh_at());
        }
        Err(not_found) => drop(not_found.to_string()),
    }
}

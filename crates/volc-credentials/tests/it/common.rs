//! A scratch home directory, made-up keys, and services that answer from a script.

use std::collections::VecDeque;
use std::path::PathBuf;

use http::Response;
use volc_credentials::{
    Chain, Environment, Exchange, Found, NotFound, Outcome, Purpose, Source, SourceContext,
    SourceError,
};
use volc_openapi::TransportFailure;

pub(crate) const ID: &str = "AKLTEXAMPLE0000000000000000000001";
pub(crate) const SECRET: &str = "fake-secret-for-tests-only-0001";
pub(crate) const TOKEN: &str = "STSEXAMPLE.fake-session-token-0001";
/// 2023-11-14T22:13:20Z.
pub(crate) const NOW: i64 = 1_700_000_000;
/// An hour later.
pub(crate) const LATER: &str = "2023-11-14T23:13:20Z";
pub(crate) const LATER_UNIX: i64 = NOW + 3600;
/// An hour earlier.
pub(crate) const EARLIER: &str = "2023-11-14T21:13:20Z";

/// A home directory that goes away with the value.
pub(crate) struct Home {
    folder: tempfile::TempDir,
    environment: Environment,
}

impl Home {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment::new().with_home(folder.path());
        Self { folder, environment }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment = self.environment.with(name, value);
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    pub(crate) fn config(self, content: &str) -> Self {
        self.file(".volcengine/config.json", content)
    }

    pub(crate) fn context(&self) -> SourceContext {
        SourceContext::new(self.environment.clone())
    }

    /// Searches without any service.
    pub(crate) fn find(&self, chain: &Chain) -> Result<Found, NotFound> {
        self.ask(chain, Script::new())
    }

    /// Searches with services that answer from a script.
    pub(crate) fn ask(&self, chain: &Chain, mut script: Script) -> Result<Found, NotFound> {
        let result = chain.search(&self.context()).run(|| NOW, |exchange| script.answer(&exchange));
        assert!(script.steps.is_empty(), "not asked for: {:?}", script.steps);
        result
    }

    /// The one source's outcome, which must not be success.
    pub(crate) fn outcome(&self, source: Source) -> Outcome {
        let mut not_found = self.find(&Chain::of([source])).unwrap_err();
        not_found.attempts.remove(0).outcome
    }

    /// The one source's error.
    pub(crate) fn error(&self, source: Source) -> SourceError {
        match self.outcome(source) {
            Outcome::Failed(error) => error,
            outcome => panic!("expected a failure, got {outcome:?}"),
        }
    }

    /// The error's text with the folder's name left out.
    pub(crate) fn message(&self, source: Source) -> String {
        self.shorten(&self.outcome(source).to_string())
    }

    pub(crate) fn shorten(&self, text: &str) -> String {
        text.replace(&self.folder.path().display().to_string(), "~").replace('\\', "/")
    }
}

type Check = Box<dyn Fn(&http::Request<Vec<u8>>)>;

/// The requests to services, and their answers.
#[derive(Default)]
pub(crate) struct Script {
    pub(crate) steps: VecDeque<ScriptStep>,
}

pub(crate) struct ScriptStep {
    purpose: Purpose,
    check: Check,
    outcome: Result<Response<Vec<u8>>, TransportFailure>,
}

impl std::fmt::Debug for ScriptStep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.purpose.fmt(f)
    }
}

impl Script {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn step(
        mut self,
        purpose: Purpose,
        status: u16,
        body: &str,
        check: impl Fn(&http::Request<Vec<u8>>) + 'static,
    ) -> Self {
        let response = Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap();
        self.steps.push_back(ScriptStep { purpose, check: Box::new(check), outcome: Ok(response) });
        self
    }

    pub(crate) fn answers(self, purpose: Purpose, status: u16, body: &str) -> Self {
        self.step(purpose, status, body, |_| {})
    }

    pub(crate) fn fails(mut self, purpose: Purpose, failure: TransportFailure) -> Self {
        self.steps.push_back(ScriptStep {
            purpose,
            check: Box::new(|_| {}),
            outcome: Err(failure),
        });
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        let last = self.steps.back_mut().unwrap().outcome.as_mut().unwrap();
        last.headers_mut().insert(name, http::HeaderValue::from_static(value));
        self
    }

    fn answer(&mut self, exchange: &Exchange) -> Result<Response<Vec<u8>>, TransportFailure> {
        let step = self.steps.pop_front().unwrap_or_else(|| panic!("unexpected: {exchange:?}"));
        assert_eq!(exchange.purpose, step.purpose);
        (step.check)(&exchange.request);
        step.outcome
    }
}

/// An STS or portal answer with temporary keys.
pub(crate) fn sts_answer(field: &str, expiry: &str) -> String {
    format!(
        r#"{{"ResponseMetadata":{{"RequestId":"r1"}},"Result":{{"{field}":{{"AccessKeyId":"AKTPTEMPORARY0001","SecretAccessKey":"fake-temporary-secret-0001","SessionToken":"{TOKEN}",{expiry}}}}}}}"#
    )
}

/// A refusal in the API's envelope.
pub(crate) fn refusal(code: &str, message: &str) -> String {
    format!(
        r#"{{"ResponseMetadata":{{"RequestId":"r1","Error":{{"Code":"{code}","Message":"{message}"}}}}}}"#
    )
}

pub(crate) fn assert_static(found: &Found) {
    assert_eq!(found.credentials.access_key_id(), ID);
    assert_eq!(found.credentials.secret().expose(), SECRET);
}

pub(crate) fn assert_temporary(found: &Found) {
    assert_eq!(found.credentials.access_key_id(), "AKTPTEMPORARY0001");
    assert_eq!(found.credentials.secret().expose(), "fake-temporary-secret-0001");
    assert_eq!(found.credentials.session_token().map(volc_sign::SessionToken::expose), Some(TOKEN));
    assert_eq!(found.expires, Some(LATER_UNIX));
}

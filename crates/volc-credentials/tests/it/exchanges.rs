//! The requests to services, and the use made of their answers.

use std::time::Duration;

use http::{Method, Response};
use volc_credentials::{
    AssumeRole, AssumeRoleWithOidc, Chain, ExchangeProblem, MetadataRole, Outcome, Purpose,
    ServiceUrls, Source, SourceError, Step,
};
use volc_openapi::TransportFailure;
use volc_sign::{Credentials, Presented, SecretKey, SigningTime, VerifyPolicy};

use crate::common::{
    EARLIER, Home, ID, LATER, LATER_UNIX, NOW, SECRET, Script, TOKEN, assert_temporary, refusal,
    sts_answer,
};

fn role() -> Source {
    let base = Credentials::new(ID, SECRET).with_session_token(TOKEN);
    let role = AssumeRole::new(base, "trn:iam::2100000001:role/reader")
        .with_session_name("a b")
        .with_policy("{}")
        .with_duration(1);
    Source::AssumeRole(role)
}

fn answer() -> String {
    sts_answer("Credentials", &format!(r#""ExpiredTime":"{LATER}""#))
}

fn problem(source: Source, script: Script) -> (ExchangeProblem, u32) {
    let mut not_found = Home::new().ask(&Chain::of([source]), script).unwrap_err();
    match not_found.attempts.remove(0).outcome {
        Outcome::Failed(SourceError::Exchange(error)) => (error.problem, error.tries),
        outcome => panic!("{outcome:?}"),
    }
}

#[test]
fn assume_role_is_a_signed_get() {
    let script = Script::new().step(Purpose::AssumeRole, 200, &answer(), |request| {
        assert_eq!(
            request.uri(),
            "https://sts.volcengineapi.com/?Action=AssumeRole&Version=2018-01-01&DurationSeconds=900&RoleSessionName=a%20b&RoleTrn=trn%3Aiam%3A%3A2100000001%3Arole%2Freader&Policy=%7B%7D"
        );
        assert_eq!((request.method(), request.body().len()), (&Method::GET, 0));
        let presented =
            Presented::from_parts(request.method(), request.uri(), request.headers()).unwrap();
        assert_eq!(presented.access_key_id(), ID);
        assert_eq!((presented.scope().region(), presented.scope().service()), ("cn-beijing", "sts"));
        assert_eq!(request.headers()["x-security-token"], TOKEN);
        let now = SigningTime::from_unix(1_700_000_000).unwrap();
        let secret = SecretKey::new(SECRET);
        presented.verify(&secret, b"", now, &VerifyPolicy::strict()).unwrap();
    });
    let found = Home::new().ask(&Chain::of([role()]), script).unwrap();
    assert_temporary(&found);
    assert_eq!(found.refresh_at(), Some(LATER_UNIX - 60));
}

#[test]
fn oidc_variables_become_an_unsigned_post() {
    let home = Home::new().file("token", "fake-oidc-token+/=\n");
    let path = home.path("token").display().to_string();
    let home = home
        .with("VOLCENGINE_OIDC_ROLE_TRN", "trn:iam::1:role/r")
        .with("VOLCENGINE_OIDC_TOKEN_FILE", path)
        .with("VOLCENGINE_OIDC_ROLE_SESSION_NAME", "job-1")
        .with("VOLCENGINE_OIDC_ROLE_POLICY", "{\"a\":1}")
        .with("VOLCENGINE_OIDC_STS_ENDPOINT", "sts.example.com");
    let body = sts_answer("Credentials", &format!(r#""Expiration":"{LATER}""#));
    let script = Script::new().step(Purpose::AssumeRoleWithOidc, 200, &body, |request| {
        assert_eq!(request.method(), Method::POST);
        assert_eq!(
            request.uri(),
            "https://sts.example.com/?Action=AssumeRoleWithOIDC&Version=2018-01-01"
        );
        assert_eq!(request.headers()["host"], "sts.example.com");
        assert_eq!(request.headers()["content-type"], "application/x-www-form-urlencoded");
        assert!(!request.headers().contains_key("authorization"));
        assert_eq!(
            std::str::from_utf8(request.body()).unwrap(),
            "DurationSeconds=3600&RoleSessionName=job-1&RoleTrn=trn%3Aiam%3A%3A1%3Arole%2Fr&OIDCToken=fake-oidc-token%2B%2F%3D&Policy=%7B%22a%22%3A1%7D"
        );
    });
    assert_temporary(&home.ask(&Chain::official(), script).unwrap());
}

#[test]
fn oidc_variables_that_do_not_fit() {
    let home = Home::new().with("VOLCENGINE_OIDC_ROLE_TRN", "t");
    assert_eq!(
        home.message(Source::OidcEnvironment),
        "VOLCENGINE_OIDC_ROLE_TRN is set but VOLCENGINE_OIDC_TOKEN_FILE is missing or empty"
    );
    let path = home.path("token").display().to_string();
    let home = home.with("VOLCENGINE_OIDC_TOKEN_FILE", path);
    assert_eq!(home.message(Source::OidcEnvironment), "~/token cannot be read: no such file");
    let home = home.file("token", " \n");
    assert_eq!(home.message(Source::OidcEnvironment), "~/token line 1: the file holds no token");
    let home = home.file("token", "t").with("VOLCENGINE_OIDC_STS_ENDPOINT", "s p a c e");
    assert_eq!(
        home.message(Source::OidcEnvironment),
        "VOLCENGINE_OIDC_STS_ENDPOINT: expected a host name or a base URL"
    );
}

#[test]
fn a_token_that_is_repeated_in_the_refusal_is_left_out() {
    let home = Home::new().file("token", "fake-oidc-token");
    let source = Source::AssumeRoleWithOidc(AssumeRoleWithOidc::new(
        "trn:iam::1:role/r",
        home.path("token"),
    ));
    let script = Script::new().answers(
        Purpose::AssumeRoleWithOidc,
        400,
        &refusal("InvalidParameter.OIDCToken", "fake-oidc-token has expired"),
    );
    let not_found = home.ask(&Chain::of([source]), script).unwrap_err();
    assert_eq!(
        not_found.to_string(),
        "no credentials: OIDC token: STS AssumeRoleWithOIDC failed: 400 InvalidParameter.OIDCToken: *** has expired (request r1)"
    );
}

#[test]
fn metadata_goes_token_roles_keys() {
    let keys = format!(
        r#"{{"AccessKeyId":"AKTPTEMPORARY0001","SecretAccessKey":"fake-temporary-secret-0001","SessionToken":"{TOKEN}","ExpiredTime":"{LATER}"}}"#
    );
    let script = Script::new()
        .step(Purpose::MetadataToken, 200, "metadata-token\n", |request| {
            assert_eq!(request.method(), Method::PUT);
            assert_eq!(request.uri(), "http://100.96.0.96/latest/api/token");
            assert_eq!(request.headers()["x-volc-ecs-metadata-token-ttl-seconds"], "21600");
        })
        .step(Purpose::MetadataRoles, 200, r#"["read@er","other"]"#, |request| {
            assert_eq!(
                request.uri(),
                "http://100.96.0.96/volcstack/latest/iam/security_credentials?type=user&format=json"
            );
            assert_eq!(request.headers()["x-volc-ecs-metadata-token"], "metadata-token");
        })
        .step(Purpose::MetadataCredentials, 200, &keys, |request| {
            assert_eq!(
                request.uri(),
                "http://100.96.0.96/volcstack/latest/iam/security_credentials/read%40er"
            );
            assert!(request.headers()["x-volc-ecs-metadata-token"].is_sensitive());
        });
    let source = Source::EcsMetadata(MetadataRole::First);
    let found = Home::new().ask(&Chain::of([source]), script).unwrap();
    assert_temporary(&found);
    assert_eq!(found.refresh_at(), Some(LATER_UNIX - 300));
}

#[test]
fn metadata_is_queried_only_when_configured() {
    let script = || {
        Script::new().answers(Purpose::MetadataToken, 200, "t").answers(
            Purpose::MetadataCredentials,
            404,
            "no such role",
        )
    };
    let home = Home::new().with("VOLCENGINE_ECS_METADATA", "reader");
    let not_found = home.ask(&Chain::official(), script()).unwrap_err();
    assert_eq!(
        not_found.failure().unwrap().outcome.to_string(),
        "fetching credentials from instance metadata failed: HTTP status 404"
    );
    let home = home.with("VOLCENGINE_ECS_METADATA_DISABLED", "true");
    assert!(home.find(&Chain::official()).unwrap_err().failure().is_none());
    assert!(Home::new().find(&Chain::official()).unwrap_err().failure().is_none());
}

#[test]
fn a_refused_metadata_token_is_fetched_anew_once() {
    let keys = format!(
        r#"{{"AccessKeyId":"AKTPTEMPORARY0001","SecretAccessKey":"fake-temporary-secret-0001","SessionToken":"{TOKEN}","ExpiredTime":"{LATER}"}}"#
    );
    let refused = || {
        Script::new()
            .answers(Purpose::MetadataToken, 200, "one")
            .answers(Purpose::MetadataCredentials, 401, "")
            .answers(Purpose::MetadataToken, 200, "two")
    };
    let source = || Source::EcsMetadata(MetadataRole::Named("reader".to_owned()));
    let script = refused().step(Purpose::MetadataCredentials, 200, &keys, |request| {
        assert_eq!(request.headers()["x-volc-ecs-metadata-token"], "two");
    });
    assert_temporary(&Home::new().ask(&Chain::of([source()]), script).unwrap());
    let script = refused().answers(Purpose::MetadataCredentials, 401, "");
    let (problem, _) = problem(source(), script);
    assert_eq!(problem, ExchangeProblem::Status(http::StatusCode::UNAUTHORIZED));
}

#[test]
fn a_metadata_service_that_does_not_answer_is_given_a_second_three_times() {
    let chain = Chain::of([Source::EcsMetadata(MetadataRole::First)]);
    let mut search = chain.search(&Home::new().context());
    for attempt in 1..=3 {
        let Step::Send(exchange) = search.poll(NOW) else { panic!("{search:?}") };
        assert!(matches!(search.poll(NOW), Step::Wait));
        assert_eq!((exchange.attempt, exchange.bypass_proxy), (attempt, true));
        let second = Duration::from_secs(1);
        assert_eq!((exchange.connect_timeout, exchange.read_timeout), (second, second));
        assert_eq!(exchange.wait, if attempt == 1 { Duration::ZERO } else { second });
        search.on_response::<Vec<u8>>(NOW, Err(TransportFailure::ConnectTimeout));
    }
    let Step::Done(Err(not_found)) = search.poll(NOW) else { panic!("{search:?}") };
    let message = not_found.attempts[0].outcome.to_string();
    assert!(
        message.starts_with("fetching a token from instance metadata failed after 3 tries: "),
        "{message}"
    );
    // The end stays the end, whatever else comes in.
    search.on_response(NOW, Ok(&Response::new(b"late")));
    assert!(matches!(search.poll(NOW), Step::Done(Err(_))));
}

#[test]
fn temporary_failures_are_retried() {
    let script = Script::new()
        .fails(Purpose::AssumeRole, TransportFailure::Reset)
        .answers(Purpose::AssumeRole, 200, &refusal("FlowLimitExceeded", "slow down"))
        .answers(Purpose::AssumeRole, 200, &answer());
    assert_temporary(&Home::new().ask(&Chain::of([role()]), script).unwrap());

    let script = Script::new()
        .answers(Purpose::AssumeRole, 502, "<html>")
        .answers(Purpose::AssumeRole, 429, "")
        .answers(Purpose::AssumeRole, 503, "");
    let status = http::StatusCode::SERVICE_UNAVAILABLE;
    assert_eq!(problem(role(), script), (ExchangeProblem::Status(status), 3));
}

#[test]
fn permanent_failures_are_reported_at_once() {
    for script in [
        Script::new().answers(Purpose::AssumeRole, 403, &refusal("AccessDenied", "no")),
        Script::new().answers(Purpose::AssumeRole, 200, &refusal("AccessDenied", "no")),
        Script::new().fails(Purpose::AssumeRole, TransportFailure::Tls),
    ] {
        assert_eq!(problem(role(), script).1, 1);
    }
}

#[test]
fn a_wrong_clock_is_corrected_once_by_the_servers() {
    let refused = |script: Script| {
        script
            .answers(Purpose::AssumeRole, 400, &refusal("InvalidTimestamp", "too old"))
            .header("date", "Tue, 14 Nov 2023 22:33:20 GMT")
    };
    let script = refused(Script::new()).step(Purpose::AssumeRole, 200, &answer(), |request| {
        assert_eq!(request.headers()["x-date"], "20231114T223320Z");
    });
    assert_temporary(&Home::new().ask(&Chain::of([role()]), script).unwrap());

    let (problem, _) = problem(role(), refused(refused(Script::new())));
    assert!(matches!(problem, ExchangeProblem::Refused { code, .. } if code == "InvalidTimestamp"));
}

#[test]
fn unusable_answers_say_what_is_wrong_and_not_what_they_hold() {
    let keys = |keys: &str| format!(r#"{{"Result":{{"Credentials":{{{keys}}}}}}}"#);
    for (body, expected) in [
        ("{}".to_owned(), "not the documented JSON"),
        ("<html>".to_owned(), "not the documented JSON"),
        (r#"{"Result":{}}"#.to_owned(), "no credentials in it"),
        (keys(r#""AccessKeyId":"a""#), "SecretAccessKey is missing or empty"),
        (keys(r#""AccessKeyId":"a","SecretAccessKey":["s3cret"]"#), "not the documented JSON"),
        (
            keys(r#""AccessKeyId":"a","SecretAccessKey":"s","ExpiredTime":"s3cret""#),
            "not the documented JSON",
        ),
    ] {
        let script = Script::new().answers(Purpose::AssumeRole, 200, &body);
        match problem(role(), script).0 {
            ExchangeProblem::Answer(problem) => assert_eq!(problem.to_string(), expected, "{body}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn keys_that_have_ended_already_are_refused() {
    let body = sts_answer("Credentials", &format!(r#""ExpiredTime":"{EARLIER}""#));
    let script = Script::new().answers(Purpose::AssumeRole, 200, &body);
    assert_eq!(problem(role(), script).0, ExchangeProblem::Expired);
}

#[test]
fn services_may_be_elsewhere() {
    let urls = ServiceUrls {
        sts: Some("http://127.0.0.1:1/sts/".parse().unwrap()),
        metadata: Some("http://127.0.0.1:2".parse().unwrap()),
        portal: None,
    };
    let context = Home::new().context().with_urls(urls);
    for (source, uri) in [
        (role(), "http://127.0.0.1:1/sts/?Action=AssumeRole&"),
        (Source::EcsMetadata(MetadataRole::First), "http://127.0.0.1:2/latest/api/token"),
    ] {
        let mut search = Chain::of([source]).search(&context);
        let Step::Send(exchange) = search.poll(NOW) else { panic!() };
        assert!(exchange.request.uri().to_string().starts_with(uri), "{}", exchange.request.uri());
    }
}

#[test]
fn a_service_that_fails_leaves_the_turn_to_the_next_source() {
    let home = Home::new().file(".volc/config", format!(r#"{{"ak":"{ID}","sk":"{SECRET}"}}"#));
    let script = Script::new().answers(Purpose::AssumeRole, 403, &refusal("AccessDenied", "no"));
    let found = home.ask(&Chain::of([role(), Source::VolcConfig]), script).unwrap();
    crate::common::assert_static(&found);
    assert!(found.attempts[0].outcome.is_broken());
}

#[test]
fn a_clock_before_1970_cannot_sign() {
    let mut search = Chain::of([role()]).search(&Home::new().context());
    let Step::Done(Err(not_found)) = search.poll(-1) else { panic!() };
    assert!(not_found.to_string().contains("the request cannot be signed"));
}

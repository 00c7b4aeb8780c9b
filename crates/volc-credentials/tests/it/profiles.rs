//! Profiles of the `ve` tool, mode by mode.

use volc_credentials::{
    Chain, Found, Mode, NotFound, Outcome, Purpose, ServiceUrls, Source, SourceError, Step,
    profile_names, profile_settings,
};
use volc_sign::SessionToken;

use crate::common::{
    EARLIER, Home, ID, LATER, LATER_UNIX, NOW, SECRET, Script, TOKEN, assert_static,
    assert_temporary, sts_answer,
};

fn profile(name: &str) -> Source {
    Source::CliProfile(Some(name.to_owned()))
}

fn current() -> Source {
    Source::CliProfile(None)
}

fn find(home: &Home, source: Source) -> Result<Found, NotFound> {
    home.find(&Chain::of([source]))
}

/// A file with one profile `p` whose keys are given, each on a line of its own from line 4 on.
fn home_with(keys: &str) -> Home {
    Home::new()
        .config(&format!("{{\n\"current\": \"p\",\n\"profiles\": {{\"p\": {{\n{keys}\n}}}}\n}}"))
}

#[test]
fn the_profile_is_chosen_by_argument_variables_file_and_default() {
    let keys = |name: &str| format!(r#""{name}":{{"access-key":"AK-{name}","secret-key":"s"}}"#);
    let profiles = ["arg", "ve", "stack", "cur", "default"].map(keys).join(",");
    let config = |current: &str| format!(r#"{{{current}"profiles":{{{profiles}}}}}"#);
    let id =
        |home: &Home, source| find(home, source).unwrap().credentials.access_key_id().to_owned();

    let home = Home::new().config(&config(r#""current":"cur","#));
    assert_eq!(id(&home, current()), "AK-cur");
    let home = home.with("VOLCSTACK_PROFILE", "stack");
    assert_eq!(id(&home, current()), "AK-stack");
    let home = home.with("VOLCENGINE_PROFILE", "ve");
    assert_eq!(id(&home, current()), "AK-ve");
    assert_eq!(id(&home, profile("arg")), "AK-arg");
    assert_eq!(id(&Home::new().config(&config("")), current()), "AK-default");
    assert_eq!(id(&Home::new().config(&config(r#""current":"","#)), current()), "AK-default");
}

#[test]
fn another_file_may_be_named() {
    let home = Home::new().file(
        "elsewhere/c.json",
        r#"{"profiles":{"default":{"access-key":"AK-elsewhere","secret-key":"s"}}}"#,
    );
    let path = home.path("elsewhere/c.json").display().to_string();
    let found = find(&home.with("VOLCENGINE_CLI_CONFIG_FILE", path), current()).unwrap();
    assert_eq!(found.credentials.access_key_id(), "AK-elsewhere");
}

#[test]
fn files_without_a_choice_are_absent_and_wrong_choices_are_not() {
    for content in ["", "{}", r#"{"profiles":{}}"#, r#"{"current":"","profiles":null}"#] {
        let home = Home::new().config(content);
        assert!(matches!(home.outcome(current()), Outcome::Absent(_)), "{content}");
    }
    let home = Home::new().config(r#"{"current":"gone","profiles":{"a":{},"b":{}}}"#);
    assert_eq!(
        home.message(current()),
        "~/.volcengine/config.json has no profile gone; known profiles: a, b"
    );
}

#[test]
fn mode_ak_in_every_spelling() {
    for mode in ["", "\"mode\":\"\",", "\"mode\":\"ak\",", "\"mode\":\" AK \",", "\"mode\":null,"] {
        let home = home_with(&format!(
            r#"{mode}"access-key":"{ID}","secret-key":"{SECRET}","session-token":"{TOKEN}""#
        ));
        let found = find(&home, current()).unwrap();
        assert_static(&found);
        assert_eq!(found.credentials.session_token().map(SessionToken::expose), Some(TOKEN));
        assert_eq!((found.origin.mode, found.expires), (Some(Mode::Ak), None));
        assert_eq!(
            home.shorten(&found.origin.to_string()),
            "profile p (mode ak) of ~/.volcengine/config.json"
        );
    }
}

#[test]
fn missing_keys_are_reported_with_their_line() {
    for (keys, message) in [
        (
            "\"mode\": \"ak\",\n\"access-key\": \"a\"",
            "~/.volcengine/config.json line 5, key profiles.p.access-key is set but profiles.p.secret-key is missing or empty",
        ),
        (
            "\"mode\": \"ak\",\n\"access-key\": \"\"",
            "~/.volcengine/config.json line 5, key profiles.p.access-key is missing or empty; mode ak needs it",
        ),
        (
            "\"mode\": \"gobbledygook\"",
            "~/.volcengine/config.json line 4, key profiles.p.mode: expected one of ak, ramrolearn, oidc, ecsrole, sso, console-login",
        ),
        (
            "\"mode\": \"RamRoleArn\",\n\"access-key\": \"a\",\n\"secret-key\": \"s\",\n\"role-name\": \"r\"",
            "~/.volcengine/config.json line 3, key profiles.p.account-id is missing or empty; mode ramrolearn needs it",
        ),
        (
            "\"mode\": \"oidc\",\n\"role-trn\": \"t\"",
            "~/.volcengine/config.json line 3, key profiles.p.oidc-token-file is missing or empty; mode oidc needs it",
        ),
        (
            "\"mode\": \"ecsrole\"",
            "~/.volcengine/config.json line 3, key profiles.p.role-name is missing or empty; mode ecsrole needs it",
        ),
        (
            "\"mode\": \"sso\"",
            "~/.volcengine/config.json line 3, key profiles.p.sso-session-name is missing or empty; mode sso needs it",
        ),
        (
            "\"mode\": \"sso\",\n\"sso-session-name\": \"w\"",
            "~/.volcengine/config.json line 1, key sso-session is missing or empty; profile p needs it",
        ),
        (
            "\"mode\": \"console-login\"",
            "~/.volcengine/config.json line 3, key profiles.p.login-session is missing or empty; mode console-login needs it",
        ),
        (
            "\"mode\": \"sso\",\n\"sts-expiration\": \"tomorrow\"",
            "~/.volcengine/config.json line 5, key profiles.p.sts-expiration: expected a whole number",
        ),
        (
            "\"access-key\": \"a\",\n\"secret-key\": \"s\",\n\"use-dual-stack\": \"maybe\"",
            "~/.volcengine/config.json line 6, key profiles.p.use-dual-stack: expected true or false",
        ),
    ] {
        assert_eq!(home_with(keys).message(current()), message);
    }
}

#[test]
fn ramrolearn_takes_on_the_role() {
    for account in ["\"2100000001\"", "2100000001"] {
        let home = home_with(&format!(
            r#""mode":"ramrolearn","access-key":"{ID}","secret-key":"{SECRET}","account-id":{account},"role-name":"reader""#
        ));
        let script = Script::new().step(
            Purpose::AssumeRole,
            200,
            &sts_answer("Credentials", &format!(r#""ExpiredTime":"{LATER}""#)),
            |request| {
                let query = request.uri().query().unwrap();
                assert!(
                    query.contains("RoleTrn=trn%3Aiam%3A%3A2100000001%3Arole%2Freader"),
                    "{query}"
                );
            },
        );
        let found = home.ask(&Chain::of([current()]), script).unwrap();
        assert_temporary(&found);
        assert_eq!(found.origin.mode, Some(Mode::RamRoleArn));
    }
}

#[test]
fn oidc_exchanges_the_token() {
    let home = Home::new().file("token", "fake-oidc-token\n");
    let path = home.path("token").display().to_string().replace('\\', "\\\\");
    let home = home.config(&format!(
        r#"{{"profiles":{{"default":{{"mode":"OIDC","role-trn":"trn:iam::1:role/r","oidc-token-file":"{path}","policy":"{{}}"}}}}}}"#
    ));
    let script = Script::new().step(
        Purpose::AssumeRoleWithOidc,
        200,
        &sts_answer("Credentials", &format!(r#""Expiration":"{LATER}""#)),
        |request| {
            let form = std::str::from_utf8(request.body()).unwrap();
            assert!(form.contains("OIDCToken=fake-oidc-token&Policy=%7B%7D"), "{form}");
        },
    );
    assert_temporary(&home.ask(&Chain::of([current()]), script).unwrap());
}

#[test]
fn ecsrole_queries_the_metadata_service_unless_forbidden() {
    let home = home_with(r#""mode":"ecsrole","role-name":"reader""#);
    let keys = format!(
        r#"{{"AccessKeyId":"AKTPTEMPORARY0001","SecretAccessKey":"fake-temporary-secret-0001","SessionToken":"{TOKEN}","ExpiredTime":"{LATER}"}}"#
    );
    let script = Script::new().answers(Purpose::MetadataToken, 200, "metadata-token").answers(
        Purpose::MetadataCredentials,
        200,
        &keys,
    );
    let found = home.ask(&Chain::of([current()]), script).unwrap();
    assert_temporary(&found);
    assert_eq!(found.refresh_at(), Some(LATER_UNIX - 300));

    let home = home.with("VOLCENGINE_ECS_METADATA_DISABLED", "True");
    assert_eq!(home.message(current()), "disabled by VOLCENGINE_ECS_METADATA_DISABLED=true");
}

/// SHA-1 of `{"start_url":"https://example.com/start","session_name":"work"}`.
const SSO_CACHE: &str = ".volcengine/sso/cache/ef1434a855843424932974030909e655cc244a40.json";

fn sso_home(expires_at: &str, more: &str) -> Home {
    Home::new()
        .config(&format!(
            r#"{{"current":"my work","profiles":{{"my work":{{"mode":"sso","sso-session-name":"work","account-id":"2100000001","role-name":"reader"{more}}}}},
"sso-session":{{"work":{{"name":"work","start-url":"https://example.com/start","region":"cn-shanghai"}}}}}}"#
        ))
        .file(
            SSO_CACHE,
            format!(
                r#"{{"start_url":"https://example.com/start","session_name":"work","access_token":"fake-access-token","expires_at":"{expires_at}","refresh_token":"fake-refresh-token","region":"cn-shanghai"}}"#
            ),
        )
}

#[test]
fn sso_queries_the_portal_while_the_session_lasts() {
    let script = Script::new().step(
        Purpose::PortalRoleCredentials,
        200,
        &sts_answer("RoleCredentials", &format!(r#""Expiration":{LATER_UNIX}000"#))
            .replace("\"SessionToken\"", "\"sessionToken\""),
        |request| {
            assert_eq!(
                request.uri(),
                "https://cloudidentity-portal.cn-shanghai.volces.com/federation/credentials?account_id=2100000001&role_name=reader"
            );
            let token = &request.headers()["x-bd-cloudidentity-bearer-token"];
            assert_eq!(token, "fake-access-token");
            assert!(token.is_sensitive());
        },
    );
    let home = sso_home(LATER, "");
    let found = home.ask(&Chain::of([current()]), script).unwrap();
    assert_temporary(&found);
    assert_eq!(found.refresh_at(), Some(LATER_UNIX - 60));
    assert_eq!(found.attempts[0].files.len(), 2);
}

#[test]
fn sso_uses_keys_of_the_profile_while_they_last() {
    let keys = |expiration: i64| {
        sso_home(
            EARLIER,
            &format!(
                r#","access-key":"{ID}","secret-key":"{SECRET}","session-token":"{TOKEN}","sts-expiration":{expiration}"#
            ),
        )
    };
    for expiration in [LATER_UNIX, LATER_UNIX * 1_000, LATER_UNIX * 1_000_000] {
        let found = find(&keys(expiration), current()).unwrap();
        assert_static(&found);
        assert_eq!(found.expires, Some(LATER_UNIX));
    }
    let outcome = keys(NOW).error(current());
    assert!(matches!(outcome, SourceError::LoginExpired { .. }));
}

#[test]
fn an_ended_sso_session_says_how_to_log_in_again() {
    assert_eq!(
        sso_home(EARLIER, "").message(current()),
        format!(
            "the login in ~/{SSO_CACHE} has expired; log in again with `ve sso login --profile 'my work'`"
        )
    );
    let home = sso_home(LATER, "");
    std::fs::remove_file(home.path(SSO_CACHE)).unwrap();
    let missing = format!(
        "~/{SSO_CACHE} does not exist or holds no session; log in with `ve sso login --profile 'my work'`"
    );
    assert_eq!(home.message(current()), missing);
    for content in [" \n", "{}", r#"{"access_token":"","expires_at":""}"#] {
        assert_eq!(sso_home(LATER, "").file(SSO_CACHE, content).message(current()), missing);
    }
    let refused = Script::new().answers(
        Purpose::PortalRoleCredentials,
        401,
        &crate::common::refusal("Unauthorized", "fake-access-token is not valid"),
    );
    let not_found = sso_home(LATER, "").ask(&Chain::of([current()]), refused).unwrap_err();
    assert_eq!(
        not_found.attempts[0].outcome.to_string(),
        "fetching role credentials from the sign-on portal failed: 401 Unauthorized: *** is not valid (request r1); log in again with `ve sso login --profile 'my work'`"
    );
}

#[test]
fn a_role_that_is_refused_is_no_reason_to_log_in_again() {
    let refused = Script::new().answers(
        Purpose::PortalRoleCredentials,
        403,
        &crate::common::refusal("AccessDenied", ""),
    );
    let not_found = sso_home(LATER, "").ask(&Chain::of([current()]), refused).unwrap_err();
    assert_eq!(
        not_found.attempts[0].outcome.to_string(),
        "fetching role credentials from the sign-on portal failed: 403 AccessDenied (request r1)"
    );
}

#[test]
fn the_portal_may_be_elsewhere() {
    let home = sso_home(LATER, "");
    let portal = Some("http://127.0.0.1:3".parse().unwrap());
    let urls = ServiceUrls { portal, ..ServiceUrls::default() };
    let mut search = Chain::of([current()]).search(&home.context().with_urls(urls));
    let Step::Send(exchange) = search.poll(NOW) else { panic!("{search:?}") };
    assert_eq!(exchange.request.uri().authority().unwrap(), "127.0.0.1:3");
    assert_eq!(exchange.request.headers()["host"], "127.0.0.1:3");
}

#[test]
fn a_malformed_sso_cache_is_named() {
    assert_eq!(
        sso_home("soon", "").message(current()),
        format!("~/{SSO_CACHE} line 1, key expires_at: expected a date and time (RFC 3339)")
    );
    assert_eq!(
        sso_home(LATER, "").file(SSO_CACHE, "{\n\"access_token\": [1]\n}").message(current()),
        format!("~/{SSO_CACHE} line 2, key access_token: expected a text in quotes")
    );
}

/// SHA-1 of `session-1`.
const LOGIN_CACHE: &str = "96c71081c21826a93aad95a48dad46723ef67a06.json";

fn login_home(issued_at: &str, access_token: &str) -> Home {
    home_with(r#""mode":"console-login","login-session":"session-1""#).file(
        &format!(".volcengine/login/cache/{LOGIN_CACHE}"),
        format!(
            "{{\"login_session\":\"session-1\",\n\"access_token\":{access_token},\n\"issued_at\":\"{issued_at}\",\n\"expires_in\":3600,\"refresh_token\":\"fake-refresh-token\"}}"
        ),
    )
}

fn login_token() -> String {
    format!(
        r#"{{"access_key_id":"{ID}","secret_access_key":"{SECRET}","session_token":"{TOKEN}"}}"#
    )
}

#[test]
fn console_login_reads_its_cache_in_both_forms() {
    let now = "2023-11-14T22:13:20Z";
    let text = serde_json::Value::from(login_token()).to_string();
    for token in [login_token(), text] {
        let found = find(&login_home(now, &token), current()).unwrap();
        assert_static(&found);
        assert_eq!(found.expires, Some(LATER_UNIX));
        assert_eq!(found.credentials.session_token().map(SessionToken::expose), Some(TOKEN));
    }
}

#[test]
fn console_login_may_keep_its_caches_elsewhere() {
    let home = home_with(r#""mode":"console-login","login-session":"session-1""#).file(
        &format!("caches/{LOGIN_CACHE}"),
        format!(
            r#"{{"access_token":{},"issued_at":"{EARLIER}","expires_in":"7200"}}"#,
            login_token()
        ),
    );
    let path = home.path("caches").display().to_string();
    let found = find(&home.with("VOLCENGINE_LOGIN_CACHE_DIRECTORY", path), current()).unwrap();
    assert_static(&found);
}

#[test]
fn an_ended_console_login_says_how_to_log_in_again() {
    let cache = format!("~/.volcengine/login/cache/{LOGIN_CACHE}");
    assert_eq!(
        login_home(EARLIER, &login_token()).message(current()),
        format!("the login in {cache} has expired; log in again with `ve login --profile p`")
    );
    let home = home_with(r#""mode":"console-login","login-session":"session-1""#);
    assert_eq!(
        home.message(current()),
        format!("{cache} does not exist or holds no session; log in with `ve login --profile p`")
    );
}

#[test]
fn a_malformed_console_login_cache_is_named() {
    let cache = format!("~/.volcengine/login/cache/{LOGIN_CACHE}");
    for (issued_at, token, message) in [
        ("then", login_token(), "line 3, key issued_at: expected a date and time (RFC 3339)"),
        (
            "",
            login_token(),
            "line 3, key issued_at is missing or empty; mode console-login needs it",
        ),
        (LATER, "\"s3cret\"".to_owned(), "line 2, key access_token: expected an object with keys"),
        (
            LATER,
            "[\"s3cret\"]".to_owned(),
            "line 2, key access_token: expected an object with keys",
        ),
        (
            LATER,
            "\"\"".to_owned(),
            "line 2, key access_token is missing or empty; mode console-login needs it",
        ),
        (
            LATER,
            r#"{"access_key_id":"a"}"#.to_owned(),
            "line 2, key access_token: a key in it is missing or empty",
        ),
    ] {
        assert_eq!(login_home(issued_at, &token).message(current()), format!("{cache} {message}"));
    }
}

#[test]
fn settings_know_where_they_stand() {
    let home = home_with(
        "\"access-key\": \"a\", \"secret-key\": \"s\",\n\"region\": \"cn-beijing\",\n\"endpoint\": \"ark.cn-beijing.volcengineapi.com\",\n\"endpoint-resolver\": \"standard\",\n\"use-dual-stack\": true,\n\"disable-ssl\": false,\n\"http-proxy\": \"http://user:fake-password@proxy:1\",\n\"https-proxy\": \"proxy:2\"",
    );
    let settings = profile_settings(&home.context(), None).unwrap().unwrap();
    assert_eq!(
        settings.base_url().unwrap().unwrap().to_string(),
        "https://ark.cn-beijing.volcengineapi.com/"
    );
    assert_eq!(settings.endpoint_resolver.as_ref().unwrap().value, "standard");
    assert_eq!(settings.use_dual_stack.as_ref().map(|setting| setting.value), Some(true));
    assert_eq!(settings.disable_ssl.as_ref().map(|setting| setting.value), Some(false));
    assert_eq!(settings.https_proxy.as_ref().unwrap().value.expose(), "proxy:2");
    let region = settings.region.as_ref().unwrap();
    assert_eq!(
        (home.shorten(&region.place.to_string()), region.place.line),
        ("~/.volcengine/config.json line 5, key profiles.p.region".to_owned(), Some(5))
    );
    assert!(!format!("{settings:?}").contains("fake-password"));

    let home = home_with(r#""endpoint": "localhost:8080", "disable-ssl": "true""#);
    let settings = profile_settings(&home.context(), Some("p")).unwrap().unwrap();
    assert_eq!(settings.base_url().unwrap().unwrap().to_string(), "http://localhost:8080/");
    let home = home_with(r#""endpoint": "not a host""#);
    let settings = profile_settings(&home.context(), Some("p")).unwrap().unwrap();
    assert_eq!(
        home.shorten(&settings.base_url().unwrap_err().to_string()),
        "~/.volcengine/config.json line 4, key profiles.p.endpoint: expected a host name or a base URL"
    );
}

#[test]
fn settings_and_names_without_a_file() {
    let context = Home::new().context();
    assert!(profile_settings(&context, None).unwrap().is_none());
    assert!(profile_settings(&context, Some("p")).unwrap().is_none());
    assert!(profile_names(&context).unwrap().is_empty());
    let home = Home::new().config(r#"{"profiles":{"b":{},"a":{}}}"#);
    assert_eq!(profile_names(&home.context()).unwrap(), ["a", "b"]);
    assert!(profile_settings(&home.context(), Some("c")).is_err());
}

#[test]
fn names_are_those_that_a_named_profile_is_found_by() {
    let shared = "[s]\nvolcengine_access_key_id = AK-s\nvolcengine_secret_access_key = x\n\
                  [half]\nvolcengine_access_key_id = AK-h\n[notes]\nregion = cn-beijing\n";
    let older = "[o]\naccess_key_id = AK-o\nsecret_access_key = x\n\
                 [a]\naccess_key_id = AK-a\nsecret_access_key = x\n";
    let home = Home::new()
        .config(r#"{"profiles":{"a":{"access-key":"AK-config","secret-key":"s"}}}"#)
        .file(".volcengine/credentials", shared)
        .file(".volc/credentials", older);
    assert_eq!(profile_names(&home.context()).unwrap(), ["a", "half", "o", "s"]);
    let key = |name| {
        let found = home.find(&Chain::for_profile(name));
        found.ok().map(|found| found.credentials.access_key_id().to_owned())
    };
    let keys = ["a", "half", "o", "s", "notes"].map(key);
    let expected = [Some("AK-config"), None, Some("AK-o"), Some("AK-s"), None];
    assert_eq!(keys, expected.map(|key| key.map(str::to_owned)));
    // A file that cannot be read is not a file without profiles.
    let broken = Home::new().file(".volc/credentials", "[o\n");
    assert!(profile_names(&broken.context()).is_err());
}

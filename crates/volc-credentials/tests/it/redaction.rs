//! No secret and no token shows in anything that can be printed.

use std::fmt::Debug;

use http::Response;
use volc_credentials::{
    AssumeRole, AssumeRoleWithOidc, Chain, MetadataRole, ProcessCommand, Refresher, Source,
    SourceContext, SourceKind, Step, VariableFamily, profile_names, profile_settings,
};
use volc_sign::Credentials;

use crate::common::{EARLIER, Home, ID, LATER, NOW};

/// The texts that must never show. Each is long enough not to come up by chance.
const SECRETS: [&str; 8] = [
    "hidden-secret-key",
    "hidden-session-token",
    "hidden-access-token",
    "hidden-refresh-token",
    "hidden-client-secret",
    "hidden-oidc-token",
    "hidden-metadata-token",
    "hidden-password",
];

fn assert_hidden(what: &dyn Debug) {
    let shown = format!("{what:?}");
    for secret in SECRETS {
        assert!(!shown.contains(secret), "{secret} shows in {shown}");
    }
}

/// Every file of the official tools, full of secrets.
const FILES: [(SourceKind, &str, &str); 6] = [
    (
        SourceKind::CliConfig,
        ".volcengine/config.json",
        r#"{"current": "sso", "profiles": {
 "ak": {"mode": "ak", "access-key": "AKLT1", "secret-key": "hidden-secret-key", "session-token": "hidden-session-token",
  "endpoint": "open.volcengineapi.com", "disable-ssl": false, "http-proxy": "http://user:hidden-password@proxy:1", "https-proxy": "user:hidden-password@proxy"},
 "ram": {"mode": "ramrolearn", "access-key": "AKLT1", "secret-key": "hidden-secret-key", "session-token": "hidden-session-token", "account-id": 1, "role-name": "r"},
 "login": {"mode": "console-login", "login-session": "s"},
 "sso": {"mode": "sso", "sso-session-name": "w", "account-id": "1", "role-name": "r", "access-key": "AKLT1", "secret-key": "hidden-secret-key", "session-token": "hidden-session-token", "sts-expiration": 1}},
 "sso-session": {"w": {"start-url": "u"}}}"#,
    ),
    (
        // SHA-1 of `{"start_url":"u","session_name":"w"}`.
        SourceKind::CliConfig,
        ".volcengine/sso/cache/6a1b3f1fe14977422c4f1271c82fc5f3585af919.json",
        r#"{"access_token": "hidden-access-token", "expires_at": "2023-11-14T23:13:20Z", "refresh_token": "hidden-refresh-token", "client_secret": "hidden-client-secret"}"#,
    ),
    (
        // SHA-1 of `s`.
        SourceKind::CliConfig,
        ".volcengine/login/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json",
        r#"{"access_token": {"access_key_id": "AKLT1", "secret_access_key": "hidden-secret-key", "session_token": "hidden-session-token"}, "issued_at": "2023-11-14T22:13:20Z", "expires_in": 3600, "refresh_token": "hidden-refresh-token"}"#,
    ),
    (SourceKind::VolcConfig, ".volc/config", r#"{"ak": "AKLT1", "sk": "hidden-secret-key"}"#),
    (
        SourceKind::VolcCredentials,
        ".volc/credentials",
        "[default]\naccess_key_id = AKLT1\nsecret_access_key = hidden-secret-key\n",
    ),
    (
        SourceKind::SharedCredentials,
        ".volcengine/credentials",
        "[default]\nvolcengine_access_key_id = AKLT1\nvolcengine_secret_access_key = hidden-secret-key\nvolcengine_session_token = hidden-session-token\n",
    ),
];

fn home() -> Home {
    let home =
        FILES.into_iter().fold(Home::new(), |home, (_, name, content)| home.file(name, content));
    let token_file = home.file("token", "hidden-oidc-token");
    let path = token_file.path("token").display().to_string();
    token_file
        .with("VOLCENGINE_ACCESS_KEY", ID)
        .with("VOLCENGINE_SECRET_KEY", "hidden-secret-key")
        .with("VOLCENGINE_SESSION_TOKEN", "hidden-session-token")
        .with("VOLCENGINE_OIDC_ROLE_TRN", "trn:iam::1:role/r")
        .with("VOLCENGINE_OIDC_TOKEN_FILE", path)
        .with("VOLCENGINE_ECS_METADATA", "reader")
}

fn sources(home: &Home) -> Vec<Source> {
    let base = Credentials::new(ID, "hidden-secret-key").with_session_token("hidden-session-token");
    let profiles = ["ak", "ram", "login", "sso"].map(|name| Source::CliProfile(Some(name.into())));
    let mut sources = vec![
        Source::AssumeRole(AssumeRole::new(base.clone(), "trn:iam::1:role/r")),
        Source::AssumeRoleWithOidc(AssumeRoleWithOidc::new("trn", home.path("token"))),
        Source::Environment(VariableFamily::Volcengine),
        Source::EcsMetadata(MetadataRole::First),
        Source::Explicit(base),
        Source::OidcEnvironment,
        Source::Process(ProcessCommand::new(
            r#"echo '{"AccessKeyId":"a","SecretAccessKey":"hidden-secret-key","SessionToken":"hidden-session-token"}'"#,
        )),
        Source::SharedCredentials(None),
        Source::VolcConfig,
        Source::VolcCredentials(None),
    ];
    sources.extend(profiles);
    sources
}

/// Runs one source to its end, every request answered by the same body, and looks at everything.
fn watch(source: &Source, context: &SourceContext, status: u16, body: &str) {
    assert_hidden(source);
    let mut search = Chain::of([source.clone()]).search(context);
    loop {
        match search.poll(NOW) {
            Step::Send(exchange) => {
                assert_hidden(&exchange);
                assert_hidden(&exchange.request.headers());
                assert_hidden(&exchange.request.uri());
                let response = Response::builder().status(status).body(body).unwrap();
                search.on_response(NOW, Ok(&response));
                assert_hidden(&search.attempts());
            }
            Step::Wait => panic!("every request was answered"),
            Step::Done(result) => {
                assert_hidden(&result);
                match result {
                    Ok(found) => assert_hidden(&found.origin.to_string()),
                    Err(not_found) => assert_hidden(&not_found.to_string()),
                }
                return;
            }
        }
    }
}

#[test]
fn secrets_stay_hidden_whatever_services_answer() {
    let home = home();
    let context = home.context();
    assert_hidden(&context);
    assert_hidden(&Refresher::new(Chain::official(), context.clone()));
    let all = SECRETS.join(" ");
    let refusal =
        format!(r#"{{"ResponseMetadata":{{"Error":{{"Code":"Bad {all}","Message":"{all}"}}}}}}"#);
    let keys = r#"{"AccessKeyId":"a","SecretAccessKey":"hidden-secret-key","SessionToken":"hidden-session-token","Expiration":"2023-11-14T23:13:20Z"}"#;
    let wrapped = format!(r#"{{"Result":{{"Credentials":{keys},"RoleCredentials":null}}}}"#);
    let portal = format!(r#"{{"Result":{{"RoleCredentials":{keys}}}}}"#);
    let ended = wrapped.replace(LATER, EARLIER);
    for source in sources(&home) {
        for status in [200, 400, 401, 500] {
            for body in
                [keys, &wrapped, &portal, &ended, &all, &all.replace(' ', "-"), "[\"r\"]", ""]
            {
                watch(&source, &context, status, body);
            }
        }
    }
    // What a service repeats of the request is left out; of other people's secrets nothing is known.
    let source = Source::AssumeRoleWithOidc(AssumeRoleWithOidc::new("trn", home.path("token")));
    watch(&source, &context, 400, &refusal.replace(&all, "hidden-oidc-token"));
    let source = Source::CliProfile(Some("sso".to_owned()));
    watch(&source, &context, 400, &refusal.replace(&all, "hidden-access-token"));
    let base = "hidden-secret-key hidden-session-token";
    watch(&sources(&home)[0], &context, 400, &refusal.replace(&all, base));
}

/// Every file, cut off anywhere and with any one character lost: whatever the error, it shows
/// nothing.
#[test]
fn secrets_stay_hidden_whatever_is_wrong_with_a_file() {
    for (kind, name, content) in FILES {
        let mut broken: Vec<String> =
            (0..content.len()).map(|end| content[..end].to_owned()).collect();
        broken.extend(
            (0..content.len()).map(|at| format!("{}{}", &content[..at], &content[at + 1..])),
        );
        broken.push(content.replace("\"hidden", "[\"hidden"));
        broken.extend(SECRETS.map(|secret| content.replace(&format!("\"{secret}\""), "7")));
        let home = home();
        let context = home.context();
        let readers: Vec<_> =
            sources(&home).into_iter().filter(|source| source.kind() == kind).collect();
        for content in broken {
            std::fs::write(home.path(name), content).unwrap();
            for source in &readers {
                watch(source, &context, 404, "");
            }
            assert_hidden(&profile_names(&context));
            for profile in [None, Some("ak")] {
                let settings = profile_settings(&context, profile);
                assert_hidden(&settings);
                if let Ok(Some(settings)) = settings {
                    assert_hidden(&settings.base_url());
                }
            }
        }
    }
}

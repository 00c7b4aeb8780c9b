//! Every service that hands out keys, asked over real sockets: the emulator answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use ark_usage_emulator::{
    DEMO_ACCESS_KEY_ID, DEMO_OIDC_TOKEN, DEMO_PORTAL_TOKEN, DEMO_ROLE, DEMO_SECRET_ACCESS_KEY,
    Emulator, EmulatorOptions, FaultScript, Server, serve,
};
use ark_usage_model::AccountId;
use ark_usage_model::get_caller_identity::GetCallerIdentity;
use ark_usage_transport::{
    CallError, Client, Clock, FoundKeys, FrozenClock, HyperOptions, HyperTransport, SystemClock,
    TransportError, find_credentials,
};
use volc_credentials::{
    Chain, Environment, Found, MetadataRole, NotFound, Refresher, ServiceUrls, Source,
    SourceContext,
};
use volc_openapi::{BaseUrl, ResponseError};
use volc_sign::{Credentials, Signer, SigningTime};

use crate::world::NOW;

/// An emulator, a home directory, and a clock that all of them go by.
struct World {
    server: Server,
    home: tempfile::TempDir,
    clock: Arc<AtomicU64>,
}

impl World {
    async fn new(script: &str) -> Self {
        let faults = FaultScript::from_toml(script).unwrap();
        let emulator = Emulator::new(EmulatorOptions { faults, ..EmulatorOptions::default() });
        let clock = Arc::new(AtomicU64::new(NOW));
        let read = Arc::clone(&clock);
        let now = move || SigningTime::from_unix(read.load(Ordering::SeqCst)).unwrap();
        let server = serve("127.0.0.1:0", emulator, now).await.unwrap();
        Self { server, home: tempfile::tempdir().unwrap(), clock }
    }

    fn base_url(&self) -> BaseUrl {
        self.server.base_url().parse().unwrap()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.home.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    fn context(&self, variables: &[(&str, &str)]) -> SourceContext {
        let environment = Environment::from_variables(variables.iter().copied());
        let url = Some(self.base_url());
        let urls = ServiceUrls { sts: url.clone(), metadata: url.clone(), portal: url };
        SourceContext::new(environment.with_home(self.home.path())).with_urls(urls)
    }

    async fn find(&self, chain: &Chain, variables: &[(&str, &str)]) -> Result<Found, NotFound> {
        let search = chain.search(&self.context(variables));
        let clock = FrozenClock::new(self.clock.load(Ordering::SeqCst));
        find_credentials(search, &HyperTransport::default(), &direct(), &clock).await
    }

    /// The account that the emulator takes these keys for.
    async fn account(&self, found: &Found) -> Option<i64> {
        let signer = Signer::new(found.credentials.clone(), "cn-beijing", "sts");
        let clock = FrozenClock::new(self.clock.load(Ordering::SeqCst));
        let client = Client::new(HyperTransport::default(), signer).with_clock(clock);
        let answer =
            client.call(&self.base_url(), AccountId(0), &GetCallerIdentity {}).await.unwrap();
        answer.result.account_id
    }
}

/// A second for each step, as for the metadata service.
fn direct() -> HyperTransport {
    let mut options = HyperOptions::default();
    options.connect_timeout = Duration::from_secs(1);
    options.read_timeout = Duration::from_secs(1);
    HyperTransport::new(options)
}

fn config(profile: &str) -> String {
    format!(
        r#"{{"current": "work", "profiles": {{"work": {{{profile}}}}},
            "sso-session": {{"work": {{"start-url": "https://example.com/start"}}}}}}"#
    )
}

const CONFIG: &str = ".volcengine/config.json";

#[tokio::test]
async fn a_role_for_a_pair_of_keys() {
    let world = World::new("").await;
    world.write(
        CONFIG,
        &config(&format!(
            r#""mode": "ramrolearn", "access-key": "{DEMO_ACCESS_KEY_ID}",
               "secret-key": "{DEMO_SECRET_ACCESS_KEY}", "role-name": "reader", "account-id": 2100000002"#
        )),
    );
    let found = world.find(&Chain::official(), &[]).await.unwrap();
    assert_eq!(found.expires, Some(i64::try_from(NOW).unwrap() + 3600));
    assert_eq!(world.account(&found).await, Some(2_100_000_002));
}

#[tokio::test]
async fn a_role_for_keys_with_the_wrong_secret() {
    let world = World::new("").await;
    world.write(
        CONFIG,
        &config(&format!(
            r#""mode": "ramrolearn", "access-key": "{DEMO_ACCESS_KEY_ID}",
               "secret-key": "fake-secret", "role-name": "reader", "account-id": "2100000002""#
        )),
    );
    let shown = world.find(&Chain::official(), &[]).await.unwrap_err().to_string();
    assert!(shown.contains("STS AssumeRole failed: 401 SignatureDoesNotMatch"), "{shown}");
    assert!(!shown.contains("fake-secret"), "{shown}");
}

fn oidc_variables(file: &str) -> [(&'static str, &str); 2] {
    let role = "trn:iam::2100000002:role/reader";
    [("VOLCENGINE_OIDC_ROLE_TRN", role), ("VOLCENGINE_OIDC_TOKEN_FILE", file)]
}

#[tokio::test]
async fn a_role_for_an_oidc_token() {
    let world = World::new("").await;
    let file = world.write("token", &format!("{DEMO_OIDC_TOKEN}\n"));
    let found = world.find(&Chain::official(), &oidc_variables(&file)).await.unwrap();
    assert_eq!(world.account(&found).await, Some(2_100_000_002));

    let file = world.write("token", "another-fake-token");
    let refused = world.find(&Chain::official(), &oidc_variables(&file)).await.unwrap_err();
    let shown = refused.to_string();
    assert!(shown.contains("400 InvalidParameter.OIDCToken"), "{shown}");
    assert!(!shown.contains("another-fake-token"), "{shown}");
}

#[tokio::test]
async fn the_role_of_the_server() {
    let world = World::new("").await;
    for role in [MetadataRole::First, MetadataRole::Named(DEMO_ROLE.to_owned())] {
        let found = world.find(&Chain::of([Source::EcsMetadata(role)]), &[]).await.unwrap();
        assert_eq!(found.expires, Some(i64::try_from(NOW).unwrap() + 3600));
        assert_eq!(found.refresh_at(), Some(i64::try_from(NOW).unwrap() + 3300));
        assert_eq!(world.account(&found).await, Some(2_100_000_001));
    }
    let named = [("VOLCENGINE_ECS_METADATA", "no-such-role")];
    let shown = world.find(&Chain::official(), &named).await.unwrap_err().to_string();
    assert!(shown.contains("HTTP status 404"), "{shown}");
}

#[tokio::test]
async fn the_role_of_a_sign_on_session() {
    let world = World::new("").await;
    world.write(
        CONFIG,
        &config(
            r#""mode": "sso", "sso-session-name": "work", "account-id": "2100000002", "role-name": "reader""#,
        ),
    );
    let cache = ".volcengine/sso/cache/ef1434a855843424932974030909e655cc244a40.json";
    let session = |token: &str| {
        format!(r#"{{"access_token": "{token}", "expires_at": "2024-12-01T00:00:00Z"}}"#)
    };
    world.write(cache, &session(DEMO_PORTAL_TOKEN));
    let found = world.find(&Chain::official(), &[]).await.unwrap();
    assert_eq!(world.account(&found).await, Some(2_100_000_002));

    world.write(cache, &session("another-fake-token"));
    let shown = world.find(&Chain::official(), &[]).await.unwrap_err().to_string();
    assert!(shown.contains("401 InvalidAccessToken"), "{shown}");
    assert!(shown.contains("log in again with `ve sso login --profile work`"), "{shown}");
    assert!(!shown.contains("another-fake-token"), "{shown}");
}

#[tokio::test]
async fn a_metadata_service_that_does_not_answer_costs_a_second_a_try() {
    let stall = "[[fault]]\nwhen = { action = \"MetadataToken\" }\neffect = { kind = \"stall\" }\n";
    let world = World::new(stall).await;
    #[expect(clippy::disallowed_methods, reason = "how long it really takes is the question")]
    let begun = Instant::now();
    let named = [("VOLCENGINE_ECS_METADATA", DEMO_ROLE)];
    let shown = world.find(&Chain::official(), &named).await.unwrap_err().to_string();
    assert!(
        shown.contains("fetching a token from instance metadata failed after 3 tries"),
        "{shown}"
    );
    let took = begun.elapsed();
    assert!(took >= Duration::from_secs(3), "{took:?}");
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[tokio::test]
async fn the_metadata_service_bypasses_proxies() {
    let world = World::new("").await;
    let search = Chain::of([Source::EcsMetadata(MetadataRole::First)]).search(&world.context(&[]));
    // What goes through the proxy of the first transport fails.
    let unused = |_: http::Request<Vec<u8>>| {
        std::future::ready(Err::<http::Response<Vec<u8>>, _>(TransportError::other("a proxy")))
    };
    find_credentials(search, &unused, &direct(), &FrozenClock::new(NOW)).await.unwrap();
}

/// A clock that others move.
struct Moved(Arc<AtomicU64>, SystemClock);

impl Clock for Moved {
    fn unix_seconds(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }

    fn elapsed(&self) -> Duration {
        self.1.elapsed()
    }

    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send {
        self.1.sleep(duration)
    }

    fn pause(&self, duration: Duration) {
        self.1.pause(duration);
    }
}

#[tokio::test]
async fn keys_are_replaced_before_they_end_and_when_they_are_refused() {
    // The second call is refused as if somebody had withdrawn the keys.
    let script = "[[fault]]\nwhen = { action = \"GetCallerIdentity\", nth = 2 }\n\
                  effect = { kind = \"revoke-key\" }\n";
    let world = World::new(script).await;
    let chain = Chain::of([Source::EcsMetadata(MetadataRole::First)]);
    let keys = FoundKeys::new(Refresher::new(chain, world.context(&[])));
    let (transport, direct) = (HyperTransport::default(), direct());
    let clock = Moved(Arc::clone(&world.clock), SystemClock::new());
    let sign = keys.signer("cn-beijing", "sts", &transport, &direct, &clock);
    let client = Client::new(transport.clone(), sign)
        .with_clock(Moved(Arc::clone(&world.clock), SystemClock::new()));
    // Twice at once, an hour later, a day later: each time with keys that are good.
    for pass in [0, 0, 3599, 86_400] {
        world.clock.fetch_add(pass, Ordering::SeqCst);
        let answer = client.call(&world.base_url(), AccountId(0), &GetCallerIdentity {}).await;
        assert_eq!(answer.unwrap().result.account_id, Some(2_100_000_001));
    }
}

#[tokio::test]
async fn keys_that_have_ended_are_refused() {
    let world = World::new("").await;
    let chain = Chain::of([Source::EcsMetadata(MetadataRole::First)]);
    let found = world.find(&chain, &[]).await.unwrap();
    world.clock.fetch_add(3600, Ordering::SeqCst);
    let kept: Credentials = found.credentials;
    let client = Client::new(HyperTransport::default(), Signer::new(kept, "cn-beijing", "sts"))
        .with_clock(FrozenClock::new(NOW + 3600));
    let error = client.call(&world.base_url(), AccountId(0), &GetCallerIdentity {}).await;
    let Err(CallError::Response(ResponseError::Api(error))) = error else { panic!("{error:?}") };
    assert_eq!(error.code, "InvalidSecretToken");
}

//! Keys kept and refreshed: a metadata service whose keys end, asked by many at once.

use std::future::{pending, ready};
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ark_usage_model::AccountId;
use ark_usage_transport::{Clock, FoundKeys, ProvidedKeys, Sign, TransportError};
use http::{Request, Response};
use volc_credentials::{Chain, Environment, MetadataRole, Refresher, Source, SourceContext};
use volc_openapi::TransportFailure;
use volc_sign::{Credentials, Presented, SecretKey, SigningTime, VerifyPolicy};

use crate::world::{NOW, Simulated};

type Answer = Result<Response<Vec<u8>>, TransportError>;

/// For what must not be asked.
#[expect(clippy::needless_pass_by_value, reason = "the shape of a transport")]
fn never(request: Request<Vec<u8>>) -> std::future::Ready<Answer> {
    assert_eq!(request.uri(), "", "nothing need be sent");
    ready(Err(TransportFailure::Other.into()))
}

/// A metadata service whose keys end in ten minutes; the n-th have the number n.
fn metadata(served: &AtomicU32, clock: &Simulated, request: &Request<Vec<u8>>) -> Answer {
    if request.uri().path().ends_with("/token") {
        return Ok(Response::new(b"fake-metadata-token".to_vec()));
    }
    let number = served.fetch_add(1, Ordering::SeqCst) + 1;
    if number == 3 {
        return Err(TransportFailure::Connect.into());
    }
    let end = clock.unix_seconds() + 600;
    Ok(Response::new(
        format!(
            r#"{{"AccessKeyId": "AKLTEXAMPLE000000000000000000000{number}",
                "SecretAccessKey": "fake-secret-for-tests-only-000{number}",
                "SessionToken": "fake-token", "ExpiredTime": {end}}}"#
        )
        .into_bytes(),
    ))
}

fn server_role() -> Refresher {
    let chain = Chain::of([Source::EcsMetadata(MetadataRole::Named("reader".to_owned()))]);
    Refresher::new(chain, SourceContext::new(Environment::new()))
}

#[tokio::test]
async fn keys_are_kept_replaced_ahead_of_their_end_and_once_refused() {
    let (served, clock) = (AtomicU32::new(0), Simulated::default());
    let direct = |request: Request<Vec<u8>>| ready(metadata(&served, &clock, &request));
    let keys = FoundKeys::new(server_role());
    let number = async |refused: bool| {
        let found = keys.get(refused, &never, &direct, &clock).await.unwrap();
        found.credentials.access_key_id().chars().next_back().unwrap()
    };
    assert_eq!((number(false).await, number(false).await), ('1', '1'));
    assert_eq!(number(true).await, '2', "refused");
    clock.pause(Duration::from_secs(301));
    assert_eq!(number(false).await, '4', "due; one failed exchange is tried again");
    clock.pause(Duration::from_secs(299));
    assert_eq!(number(false).await, '4');
}

#[tokio::test]
async fn old_keys_serve_while_the_service_is_away() {
    let (served, clock) = (AtomicU32::new(0), Simulated::default());
    let away = AtomicU32::new(0);
    let direct = |request: Request<Vec<u8>>| {
        ready(match away.load(Ordering::SeqCst) {
            0 => metadata(&served, &clock, &request),
            _ => Err(TransportFailure::Connect.into()),
        })
    };
    let keys = FoundKeys::new(server_role());
    keys.get(false, &never, &direct, &clock).await.unwrap();
    away.store(1, Ordering::SeqCst);
    clock.pause(Duration::from_secs(400));
    keys.get(false, &never, &direct, &clock).await.unwrap();
    clock.pause(Duration::from_secs(200));
    let ended = keys.get(false, &never, &direct, &clock).await.unwrap_err();
    assert!(ended.to_string().contains("instance metadata"), "{ended}");
}

#[test]
fn many_requests_wait_for_one_search() {
    let asked = AtomicU32::new(0);
    let silent = |_: Request<Vec<u8>>| {
        asked.fetch_add(1, Ordering::SeqCst);
        pending::<Answer>()
    };
    let keys = FoundKeys::new(server_role());
    // Nothing ever comes, and the clock stands still: all are still waiting after a round.
    let mut waiting: Vec<_> =
        (0..5).map(|_| Box::pin(keys.get(false, &never, &silent, &Stopped))).collect();
    let mut context = Context::from_waker(Waker::noop());
    assert!(waiting.iter_mut().all(|one| one.as_mut().poll(&mut context).is_pending()));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    // The one that had begun goes away; the next takes over.
    drop(waiting.remove(0));
    assert!(matches!(waiting[0].as_mut().poll(&mut context), Poll::Pending));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

/// A clock on which no sleep ever ends.
struct Stopped;

impl Clock for Stopped {
    fn unix_seconds(&self) -> u64 {
        NOW
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    async fn sleep(&self, _: Duration) {
        pending::<()>().await;
    }

    fn pause(&self, _: Duration) {}
}

/// The number of the key that signed, whose signature is verified.
async fn signed_by(sign: &impl Sign, time: SigningTime, refused: bool) -> char {
    let request = Request::get("https://open.volcengineapi.com/").body(Vec::new()).unwrap();
    let signed = sign.sign(AccountId(0), request, time, refused).await.unwrap();
    let presented = Presented::from_request(&signed).unwrap();
    let number = presented.access_key_id().chars().next_back().unwrap();
    let secret = SecretKey::new(format!("fake-secret-for-tests-only-000{number}"));
    presented.verify(&secret, b"", time, &VerifyPolicy::strict()).unwrap();
    number
}

fn time(x_date: &str) -> SigningTime {
    x_date.parse().unwrap()
}

/// A signing key that outlives its credentials would make a signature that does not verify.
#[tokio::test]
async fn a_refused_key_is_replaced_and_the_new_one_signs() {
    let (served, clock) = (AtomicU32::new(0), Simulated::default());
    let direct = |request: Request<Vec<u8>>| ready(metadata(&served, &clock, &request));
    let keys = FoundKeys::new(server_role());
    let sign = keys.signer("cn-beijing", "ark", &never, &direct, &clock);
    let time = SigningTime::from_unix(NOW).unwrap();
    for (refused, number) in [(false, '1'), (false, '1'), (true, '2'), (false, '2')] {
        assert_eq!(signed_by(&sign, time, refused).await, number);
    }
    // Refused together with the first one, and told so only now.
    assert_eq!(signed_by(&sign, time, true).await, '2');
    assert_eq!(served.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn signatures_are_right_across_midnight_and_back() {
    let (served, clock) = (AtomicU32::new(0), Simulated::default());
    let direct = |request: Request<Vec<u8>>| ready(metadata(&served, &clock, &request));
    let keys = FoundKeys::new(server_role());
    let found = keys.signer("cn-beijing", "ark", &never, &direct, &clock);
    let provided = ProvidedKeys::new("cn-beijing", "ark", |_: AccountId, _: bool| {
        let id = "AKLTEXAMPLE0000000000000000000001";
        ready(Ok::<_, TransportError>(Credentials::new(id, "fake-secret-for-tests-only-0001")))
    });
    for x_date in ["20241119T235959Z", "20241120T000000Z", "20241119T235959Z", "20250101T000000Z"] {
        assert_eq!(signed_by(&found, time(x_date), false).await, '1', "{x_date}");
        assert_eq!(signed_by(&provided, time(x_date), false).await, '1', "{x_date}");
    }
}

#[tokio::test]
async fn services_share_the_keys_and_not_the_signing_key() {
    let (served, clock) = (AtomicU32::new(0), Simulated::default());
    let direct = |request: Request<Vec<u8>>| ready(metadata(&served, &clock, &request));
    let keys = FoundKeys::new(server_role());
    let now = SigningTime::from_unix(NOW).unwrap();
    for (region, service) in
        [("cn-beijing", "ark"), ("cn-north-1", "billing"), ("cn-beijing", "ark")]
    {
        let sign = keys.signer(region, service, &never, &direct, &clock);
        assert_eq!(signed_by(&sign, now, false).await, '1', "{service}");
    }
    assert_eq!(served.load(Ordering::SeqCst), 1);
}

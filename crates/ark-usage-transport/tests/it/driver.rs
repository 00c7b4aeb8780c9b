//! The driver over closures: no sockets, no waiting.

use std::cell::Cell;
use std::future::{pending, ready};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ark_usage_model::{AccountId, CallFailure, GetUsage, Interval, Progress, Target};
use ark_usage_transport::{
    BlockingClient, Client, Clock, Event, ExchangeError, Keys, ProvidedKeys, Sign, SignFailure,
    Transport, TransportError, Unsigned,
};
use http::{Request, Response};
use volc_openapi::{BaseUrl, RetryPolicy, TransportFailure};
use volc_sign::{Credentials, Presented, SigningTime};

use crate::world::{
    DAY, FIRST, NOW, Simulated, chain, days, header, one_point, query, refused, signer,
};

type Answer = Result<Response<Vec<u8>>, TransportError>;

/// A transport that answers at once.
fn answering(answer: impl Fn(Request<Vec<u8>>) -> Answer) -> impl Transport {
    move |request| ready(answer(request))
}

fn get_usage() -> GetUsage {
    GetUsage::new(Interval::Day, FIRST, FIRST)
}

fn base_url() -> BaseUrl {
    "https://open.volcengineapi.com".parse().unwrap()
}

#[tokio::test]
async fn a_query_comes_to_its_report() {
    let client = Client::new(answering(|request| Ok(one_point(&request))), signer());
    let report = client.with_clock(Simulated::default()).run(days(5, 4), &mut ()).await;
    assert!(report.coverage.complete, "{:?}", report.coverage);
    assert_eq!(report.calls.len(), 5);
}

#[tokio::test]
async fn several_are_out_at_once_and_no_more_than_allowed() {
    let (out, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let transport = |request: Request<Vec<u8>>| {
        let (out, most) = (&out, &most);
        async move {
            most.fetch_max(out.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            out.fetch_sub(1, Ordering::SeqCst);
            Ok::<_, TransportError>(one_point(&request))
        }
    };
    let report = Client::new(transport, signer()).run(days(12, 3), &mut ()).await;
    assert_eq!(report.calls.len(), 12);
    assert_eq!(most.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn each_account_is_signed_with_its_own_key() {
    let signers = vec![signer(), {
        let other = Credentials::new("AKLTEXAMPLE0000000000000000000002", "fake-secret-0002");
        volc_sign::Signer::new(other, "cn-beijing", "ark")
    }];
    let seen = Mutex::new(Vec::new());
    let transport = answering(|request| {
        let presented = Presented::from_request(&request).unwrap();
        seen.lock().unwrap().push(presented.access_key_id().to_owned());
        Ok(one_point(&request))
    });
    let targets = [0, 1, 2].map(|account| Target::new(AccountId(account)));
    let finished = Client::new(transport, signers)
        .with_clock(Simulated::default())
        .run_until(query(targets.into(), 1, "http://h", 1), &mut (), pending::<()>())
        .await;
    seen.lock().unwrap().sort();
    assert_eq!(
        *seen.lock().unwrap(),
        ["AKLTEXAMPLE0000000000000000000001", "AKLTEXAMPLE0000000000000000000002",]
    );
    // Nobody signs for the third.
    assert!(finished.report.coverage.failed);
    let error = finished.last_error.unwrap();
    assert!(matches!(
        error,
        ExchangeError::Sign(SignFailure::UnknownAccount { account: AccountId(2) })
    ));
    assert_eq!(error.kind(), TransportFailure::Signing);
}

#[tokio::test]
async fn unsigned_requests_are_not_sent() {
    let sign = |_, _, _, _| ready(Err::<Request<Vec<u8>>, _>(SignFailure::other("vault is shut")));
    let transport = answering(|_| panic!("sent"));
    let finished = Client::new(transport, sign)
        .with_clock(Simulated::default())
        .run_until(days(1, 1), &mut (), pending::<()>())
        .await;
    assert_eq!(
        finished.report.calls[0].error,
        Some(CallFailure::Transport(TransportFailure::Signing))
    );
    assert_eq!(chain(&finished.last_error.unwrap()), "the signer failed: vault is shut");
}

#[tokio::test]
async fn an_interruption_keeps_received_data() {
    let answered = AtomicUsize::new(0);
    let transport = |request: Request<Vec<u8>>| {
        let nth = answered.fetch_add(1, Ordering::SeqCst);
        async move {
            if nth >= 2 {
                pending::<()>().await;
            }
            Ok::<_, TransportError>(one_point(&request))
        }
    };
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let mut stop = Some(stop);
    let mut accepted = 0;
    let mut observer = |event: Event<'_>| {
        if let Event::Progress { progress: Progress::Accepted { .. }, .. } = event {
            accepted += 1;
            if accepted == 2 {
                stop.take().unwrap().send("ctrl-c").unwrap();
            }
        }
    };
    let client = Client::new(transport, signer());
    let finished = client.run_until(days(6, 4), &mut observer, stopped).await;
    assert_eq!(finished.interrupted, Some(Ok("ctrl-c")));
    assert!(!finished.report.coverage.complete);
    assert_eq!(finished.report.series[0].points.iter().count(), 2);
}

#[tokio::test]
async fn a_refusal_stops_what_is_out_for_the_account() {
    let sent = AtomicUsize::new(0);
    let transport = |_: Request<Vec<u8>>| {
        let nth = sent.fetch_add(1, Ordering::SeqCst);
        async move {
            // The others go out meanwhile.
            tokio::task::yield_now().await;
            if nth > 0 {
                // Would keep the query waiting for ever.
                pending::<()>().await;
            }
            Ok::<_, TransportError>(refused(403, "AccessDenied"))
        }
    };
    let client = Client::new(transport, signer()).with_clock(Simulated::default());
    let report = client.run(days(9, 4), &mut ()).await;
    assert!(report.coverage.failed);
    assert_eq!(sent.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn a_query_corrects_the_clock_and_waits_between_retries() {
    let dates = Mutex::new(Vec::new());
    let transport = answering(|request| {
        let mut dates = dates.lock().unwrap();
        dates.push(header(&request, "x-date").parse::<SigningTime>().unwrap().unix_seconds());
        let mut refusal = refused(400, "InvalidTimestamp");
        let date = volc_openapi::format_http_date(i64::try_from(NOW).unwrap() + 1200);
        refusal.headers_mut().insert("date", date.parse().unwrap());
        match dates.len() {
            1 => Ok(refusal),
            2 => {
                let mut throttled = refused(429, "FlowLimitExceeded");
                throttled.headers_mut().insert("retry-after", "30".parse().unwrap());
                Ok(throttled)
            }
            _ => Ok(one_point(&request)),
        }
    });
    let client = Client::new(transport, signer()).with_clock(Simulated::default());
    let report = client.run(days(1, 1), &mut ()).await;
    assert!(report.coverage.complete, "{:?}", report.coverage);
    assert_eq!(report.calls[0].attempts, 3);
    let dates = dates.lock().unwrap();
    assert_eq!(dates[..2], [NOW, NOW + 1200]);
    assert!(dates[2] >= NOW + 1230, "{dates:?}");
}

#[tokio::test]
async fn an_interruption_that_is_already_there_comes_first() {
    let transport = answering(|_| panic!("nothing need be sent"));
    let client = Client::new(transport, signer());
    let finished = client.run_until(days(2, 1), &mut (), ready(1)).await;
    assert_eq!(finished.interrupted, Some(1));
}

#[tokio::test]
async fn the_observer_sees_everything_and_no_signature() {
    let mut seen = Vec::new();
    let mut observer = |event: Event<'_>| {
        seen.push(match event {
            Event::Sent { exchange } => {
                assert!(!exchange.request.headers().contains_key("authorization"));
                format!("sent {} attempt {}", exchange.id.0, exchange.attempt)
            }
            Event::Answered { exchange, response } => {
                format!("answered {} {}", exchange.id.0, response.status())
            }
            Event::Failed { exchange, error } => format!("failed {} {error}", exchange.id.0),
            Event::Progress { id, .. } => format!("progress {}", id.0),
            _ => String::new(),
        });
    };
    let client = Client::new(answering(|request| Ok(one_point(&request))), signer());
    client.run(days(1, 1), &mut observer).await;
    assert_eq!(seen, ["sent 0 attempt 1", "answered 0 200 OK", "progress 0"]);
}

#[tokio::test]
async fn running_can_be_spawned() {
    let transport =
        |request: Request<Vec<u8>>| async move { Ok::<_, TransportError>(one_point(&request)) };
    let client = Client::new(transport, signer());
    let running = tokio::spawn(async move {
        client.call(&base_url(), AccountId(0), &get_usage()).await.unwrap();
        client.run(days(2, 2), &mut ()).await
    });
    assert_eq!(running.await.unwrap().calls.len(), 2);
}

#[tokio::test]
async fn a_retried_call_is_signed_again() {
    let dates = Mutex::new(Vec::new());
    let transport = answering(|request| {
        let mut dates = dates.lock().unwrap();
        dates.push(header(&request, "x-date"));
        match dates.len() {
            1 => Err(TransportFailure::Reset.into()),
            2 => Ok(refused(429, "AccountFlowLimitExceeded")),
            3 => Ok(refused(200, "InternalError")),
            _ => Ok(one_point(&request)),
        }
    });
    // Delays long enough to be seen in whole seconds.
    let base = std::time::Duration::from_secs(40);
    let retry = RetryPolicy { base, throttle_base: base, cap: base, ..RetryPolicy::default() };
    let client =
        Client::new(transport, signer()).with_clock(Simulated::default()).with_retry(retry);
    let answer = client.with_seed(1).call(&base_url(), AccountId(0), &get_usage()).await.unwrap();
    assert_eq!(answer.result.usage_results.len(), 1);
    let mut dates = dates.lock().unwrap();
    assert_eq!(dates.len(), 4);
    dates.dedup();
    assert_eq!(dates.len(), 4, "{dates:?}");
}

#[tokio::test]
async fn a_call_gives_up_with_the_last_error() {
    let calls = AtomicUsize::new(0);
    let transport = answering(|_| {
        calls.fetch_add(1, Ordering::SeqCst);
        Ok(refused(503, "ServiceUnavailable"))
    });
    let client = Client::new(transport, signer()).with_clock(Simulated::default());
    let error = client.call(&base_url(), AccountId(0), &get_usage()).await.unwrap_err();
    assert_eq!(error.to_string(), "ServiceUnavailable: m (HTTP 503)");
    assert_eq!(calls.load(Ordering::SeqCst), 4);

    let transport = answering(|_| Ok(refused(403, "AccessDenied")));
    let client = Client::new(transport, signer());
    let error = client.call(&base_url(), AccountId(0), &get_usage()).await.unwrap_err();
    assert_eq!(error.to_string(), "AccessDenied: m (HTTP 403)");
}

#[tokio::test]
async fn a_raw_call_brings_refusals_back_as_they_are() {
    let client = Client::new(answering(|_| Ok(refused(403, "AccessDenied"))), signer());
    let request = Request::post("https://h/?Action=X").body(b"{}".to_vec()).unwrap();
    let response = client.call_raw(AccountId(0), &request).await.unwrap();
    assert_eq!(response.status(), 403);
    assert_eq!(response.body(), refused(403, "AccessDenied").body());
}

#[tokio::test]
async fn a_clock_that_is_off_is_corrected_once() {
    let dates = Mutex::new(Vec::new());
    let transport = answering(|request| {
        let mut dates = dates.lock().unwrap();
        dates.push(header(&request, "x-date"));
        let mut refusal = refused(400, "InvalidTimestamp");
        // Twenty minutes ahead.
        let date = volc_openapi::format_http_date(i64::try_from(NOW).unwrap() + 1200);
        refusal.headers_mut().insert("date", date.parse().unwrap());
        if dates.len() == 1 { Ok(refusal) } else { Ok(one_point(&request)) }
    });
    let client = Client::new(transport, signer()).with_clock(Simulated::default());
    client.call(&base_url(), AccountId(0), &get_usage()).await.unwrap();
    let dates: Vec<SigningTime> =
        dates.lock().unwrap().iter().map(|date| date.parse().unwrap()).collect();
    let seconds: Vec<_> = dates.iter().map(|date| date.unix_seconds()).collect();
    assert_eq!(seconds, [NOW, NOW + 1200]);
}

#[tokio::test]
async fn refused_keys_are_fetched_once_more() {
    let asked = Mutex::new(Vec::new());
    let provider = |account: AccountId, refresh: bool| {
        let mut asked = asked.lock().unwrap();
        asked.push((account.0, refresh));
        let keys = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret");
        ready(Ok::<_, std::io::Error>(keys.with_session_token(format!("token-{}", asked.len()))))
    };
    let transport = answering(|request| match header(&request, "x-security-token").as_str() {
        "token-1" => Ok(refused(401, "InvalidSecretToken")),
        _ => Ok(one_point(&request)),
    });
    let sign = ProvidedKeys::new("cn-beijing", "ark", provider);
    let client = Client::new(transport, sign).with_clock(Simulated::default());
    for _ in 0..3 {
        client.call(&base_url(), AccountId(7), &get_usage()).await.unwrap();
    }
    assert_eq!(*asked.lock().unwrap(), [(7, false), (7, true)]);
}

#[tokio::test]
async fn keys_that_end_are_replaced_in_time() {
    let clock = std::sync::Arc::new(Simulated::default());
    let asked = AtomicUsize::new(0);
    let provider = |_: AccountId, refresh: bool| {
        assert!(!refresh, "nothing was refused");
        let hours = asked.fetch_add(1, Ordering::SeqCst) + 1;
        let refresh_at = i64::try_from(NOW).unwrap() + i64::try_from(hours).unwrap() * 3600;
        let credentials = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret");
        ready(Ok::<_, std::io::Error>(Keys { credentials, refresh_at: Some(refresh_at) }))
    };
    let sign = ProvidedKeys::new("cn-beijing", "ark", provider);
    let client = Client::new(answering(|request| Ok(one_point(&request))), sign);
    let client = client.with_clock(Shared(clock.clone()));
    for _ in 0..5 {
        client.call(&base_url(), AccountId(0), &get_usage()).await.unwrap();
        clock.pause(std::time::Duration::from_mins(30));
    }
    // At 0:00, 1:00 and 2:00.
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_no_network_failure() {
    let provider = |_, _| ready(Err::<Credentials, _>(std::io::Error::other("looked in vain")));
    let sign = ProvidedKeys::new("cn-beijing", "ark", provider);
    let client = Client::new(answering(|_| panic!("sent")), sign);
    let error = client.call(&base_url(), AccountId(0), &get_usage()).await.unwrap_err();
    assert_eq!(chain(&error), "no credentials: looked in vain");
}

#[tokio::test]
async fn keys_are_fetched_by_one_task_at_a_time() {
    let asked = AtomicUsize::new(0);
    let provider = |_: AccountId, _: bool| {
        asked.fetch_add(1, Ordering::SeqCst);
        async {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            let keys = Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret");
            Ok::<_, std::io::Error>(keys)
        }
    };
    let sign = ProvidedKeys::new("cn-beijing", "ark", provider);
    assert!(format!("{sign:?}").contains("cn-beijing"));
    let client = Client::new(answering(|request| Ok(one_point(&request))), sign);
    client.run(days(6, 6), &mut ()).await;
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_transport_may_sign_by_itself() {
    let transport = answering(|mut request| {
        assert!(!request.headers().contains_key("authorization"));
        signer().sign_request(&mut request, SigningTime::from_unix(NOW).unwrap()).unwrap();
        Ok(one_point(&request))
    });
    let report = Client::new(transport, Unsigned).run(days(1, 1), &mut ()).await;
    assert!(report.coverage.complete);
}

#[tokio::test]
async fn signing_keeps_everything_in_the_request() {
    let request = Request::post("https://h/?Action=X&odd=%2a").header("Host", "h");
    let request = request.header("X-Odd", "1").body(b"body".to_vec()).unwrap();
    let time = SigningTime::from_unix(NOW).unwrap();
    let signer = signer();
    let signed = Sign::sign(&signer, AccountId(0), request.clone(), time, false).await.unwrap();
    assert_eq!((signed.uri(), signed.body()), (request.uri(), request.body()));
    assert_eq!((header(&signed, "host"), header(&signed, "x-odd")), ("h".into(), "1".into()));
}

#[test]
fn without_a_runtime_one_follows_the_other() {
    let busy = Cell::new(false);
    let transport = |request: Request<Vec<u8>>| {
        assert!(!busy.replace(true));
        let answer = one_point(&request);
        busy.set(false);
        Ok::<_, TransportError>(answer)
    };
    let client = BlockingClient::new(transport, signer()).with_clock(Simulated::default());
    let report = client.run(days(5, 4), &mut ());
    assert!(report.coverage.complete);
    assert_eq!(report.calls.len(), 5);
    client.call(&base_url(), AccountId(0), &get_usage()).unwrap();
}

#[test]
fn without_a_runtime_it_stops_between_two_exchanges() {
    let sent = Cell::new(0);
    let transport = |request: Request<Vec<u8>>| {
        sent.set(sent.get() + 1);
        Ok::<_, TransportError>(one_point(&request))
    };
    let client = BlockingClient::new(transport, signer()).with_clock(Simulated::default());
    let finished = client.run_until(days(5, 1), &mut (), || sent.get() == 2);
    assert_eq!(finished.interrupted, Some(()));
    assert!(!finished.report.coverage.complete);
    assert_eq!(sent.get(), 2);
    assert_eq!(finished.report.series[0].points.iter().count(), 2);
    let window = finished.report.window;
    assert_eq!(window.last() - window.first(), 4 * DAY);
}

#[test]
fn without_a_runtime_a_call_backs_off() {
    let sent = Cell::new(0);
    let transport = |request: Request<Vec<u8>>| {
        sent.set(sent.get() + 1);
        if sent.get() < 3 {
            return Err(TransportError::from(std::io::Error::from(std::io::ErrorKind::TimedOut)));
        }
        Ok(one_point(&request))
    };
    let clock = std::sync::Arc::new(Simulated::default());
    let client = BlockingClient::new(transport, signer()).with_seed(3);
    let client = client.with_clock(Shared(clock.clone()));
    client.call(&base_url(), AccountId(0), &get_usage()).unwrap();
    assert!(!clock.elapsed().is_zero());
}

/// A clock that the test can look at too.
struct Shared(std::sync::Arc<Simulated>);

impl Clock for Shared {
    fn unix_seconds(&self) -> u64 {
        self.0.unix_seconds()
    }

    fn elapsed(&self) -> std::time::Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: std::time::Duration) -> impl Future<Output = ()> + Send {
        self.0.sleep(duration)
    }

    fn pause(&self, duration: std::time::Duration) {
        self.0.pause(duration);
    }
}

/// Takes every part as soon as it is finished.
#[derive(Default)]
struct Parts(Vec<ark_usage_model::UsageReport>);

impl ark_usage_transport::Observer for Parts {
    fn on_event(&mut self, _: Event<'_>) {}

    fn takes_parts(&self) -> bool {
        true
    }

    fn on_part(&mut self, part: ark_usage_model::UsageReport) {
        self.0.push(part);
    }
}

#[tokio::test]
async fn parts_arrive_in_order_and_the_report_covers_the_rest() {
    let client = Client::new(answering(|request| Ok(one_point(&request))), signer())
        .with_clock(Simulated::default());
    let mut parts = Parts::default();
    let rest = client.run(days(12, 3), &mut parts).await;
    assert_eq!(rest.window.len(), 1);
    assert!(!parts.0.is_empty());
    let mut reports = parts.0;
    reports.push(rest);
    assert!(reports.windows(2).all(|pair| pair[0].window.end() == pair[1].window.first()));
    let days: usize = reports.iter().map(|report| report.window.len()).sum();
    assert_eq!(days, 12);
}

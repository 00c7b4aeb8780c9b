//! The blocking driver over `std::net`: no runtime on this side, the emulator on the other.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use ark_usage_emulator::{
    DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY, Emulator, EmulatorOptions,
    VENDOR_DAY_PROMPT_TOKENS, serve,
};
use ark_usage_model::{AccountId, GetUsage, Interval, Target};
use ark_usage_transport::{BlockingClient, FrozenClock, TransportError};
use http::{Request, Response};
use volc_openapi::TransportFailure;
use volc_sign::{Credentials, Signer, SigningTime};

use crate::world::{FIRST, NOW, query};

/// HTTP/1.1 in its simplest form: one connection, one request, an answer until the end.
#[expect(clippy::needless_pass_by_value, reason = "the shape of a transport")]
fn over_tcp(request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, TransportError> {
    let authority = request.uri().authority().unwrap().as_str();
    let mut socket = TcpStream::connect(authority)?;
    let path = request.uri().path_and_query().unwrap();
    write!(socket, "{} {path} HTTP/1.1\r\n", request.method())?;
    for (name, value) in request.headers() {
        write!(socket, "{name}: {}\r\n", value.to_str().unwrap())?;
    }
    write!(socket, "Content-Length: {}\r\n", request.body().len())?;
    write!(socket, "Connection: close\r\n\r\n")?;
    socket.write_all(request.body())?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer)?;
    let cut = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let cut = cut.ok_or(TransportFailure::Truncated)?;
    let body = answer.split_off(cut + 4);
    let head = String::from_utf8(answer).map_err(TransportError::other)?;
    let status = head.split(' ').nth(1).unwrap().parse::<u16>().map_err(TransportError::other)?;
    Ok(Response::builder().status(status).body(body).unwrap())
}

#[test]
fn a_query_over_plain_sockets() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let emulator = Arc::new(Emulator::new(EmulatorOptions::default()));
    let clock = || SigningTime::from_unix(NOW).unwrap();
    let server = runtime.block_on(serve("127.0.0.1:0", emulator, clock)).unwrap();

    let keys = Credentials::new(DEMO_ACCESS_KEY_ID, DEMO_SECRET_ACCESS_KEY);
    let client = BlockingClient::new(over_tcp, Signer::new(keys, "cn-beijing", "ark"))
        .with_clock(FrozenClock::new(NOW));
    let targets = vec![Target::new(AccountId(0))];
    let report = client.run(query(targets, 3, &server.base_url(), 4), &mut ());
    assert!(report.coverage.complete, "{:?}", report.coverage);
    assert_eq!(report.calls.len(), 3);

    let vendor_day = GetUsage {
        project_name: Some(ark_usage_emulator::VENDOR_DAY_PROJECT.to_owned()),
        ..GetUsage::new(Interval::Day, FIRST, FIRST)
    };
    let base_url = server.base_url().parse().unwrap();
    let answer = client.call(&base_url, AccountId(0), &vendor_day).unwrap();
    let sum: i64 = answer
        .result
        .usage_results
        .iter()
        .filter(|r| r.name.as_str() == "PromptTokens")
        .flat_map(|result| &result.metric_items)
        .flat_map(|item| &item.values)
        .map(|sample| sample.value)
        .sum();
    assert_eq!(u64::try_from(sum).unwrap(), VENDOR_DAY_PROMPT_TOKENS);
    runtime.block_on(server.shutdown());
}

//! The way to the server: proxy, name, TLS, an answer, and what its clock says.

use ark_usage_transport::{HyperTransport, Transport as _, TransportError};
use http::header::{DATE, HOST};
use http::{Request, Response, Uri};
use volc_openapi::{BaseUrl, TransportFailure, parse_http_date};

use super::report::{Check, Report};
use super::subject::Subject;
use crate::args::NetworkArgs;
use crate::commands::Context;
use crate::error::CliError;
use crate::network;

/// Adds what was seen on the way, and says whether the server answered.
pub(super) async fn checks(
    report: &mut Report,
    args: &NetworkArgs,
    subject: &Subject,
    context: &Context<'_>,
) -> Result<bool, CliError> {
    let target: Uri = subject.base_url.to_string().parse().unwrap_or_default();
    let through = subject.proxies.settings()?.address_for(&target);
    report.add(proxy(subject, through.as_ref()));
    report.add(name(&subject.base_url, through).await);
    let answer = knock(&subject.transport, &subject.base_url).await;
    report.add(tls(&subject.base_url, args, answer.as_ref().err())?);
    match answer {
        Ok(response) => {
            report.add(Check::pass("server", format!("{} answers", subject.base_url)));
            report.add(clock(&response, context));
            Ok(true)
        }
        Err(error) => {
            report.add(unreached(&subject.base_url, &error));
            report.add(Check::skip("clock", "not compared: the server was not reached"));
            Ok(false)
        }
    }
}

fn proxy(subject: &Subject, through: Option<&(String, u16)>) -> Check {
    let origin = || {
        let https = subject.base_url.is_https();
        let chosen = if https { &subject.proxies.https } else { &subject.proxies.http };
        chosen.as_ref().map(|it| format!("{} ({})", it.value, it.origin)).unwrap_or_default()
    };
    match through {
        Some(_) => Check::pass("proxy", origin()),
        None if origin().is_empty() => Check::pass("proxy", "none"),
        None => Check::pass("proxy", format!("none for this server; else {}", origin())),
    }
}

/// Behind a proxy its own name has to be known here, the server's only there.
async fn name(base_url: &BaseUrl, through: Option<(String, u16)>) -> Check {
    let (host, port) = through.unwrap_or_else(|| (base_url.host().to_owned(), base_url.port()));
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if bare.parse::<std::net::IpAddr>().is_ok() {
        return Check::pass("name", format!("{host} is an address"));
    }
    match tokio::net::lookup_host((bare, port)).await {
        Ok(found) => {
            let addresses: Vec<String> = found.map(|address| address.ip().to_string()).collect();
            Check::pass("name", format!("{host} is {}", addresses.join(", ")))
        }
        Err(error) => Check::fail("name", format!("{host} is not known: {error}"))
            .with_advice("check its spelling and the name server; behind a proxy, set HTTPS_PROXY"),
    }
}

/// Any answer will do, a refusal too.
async fn knock(
    transport: &HyperTransport,
    base_url: &BaseUrl,
) -> Result<Response<Vec<u8>>, TransportError> {
    let request = Request::get(base_url.to_string()).header(HOST, base_url.authority());
    transport.send(request.body(Vec::new()).map_err(TransportError::other)?).await
}

fn tls(
    base_url: &BaseUrl,
    args: &NetworkArgs,
    error: Option<&TransportError>,
) -> Result<Check, CliError> {
    if !base_url.is_https() {
        let this = if base_url.is_loopback() { "to this machine" } else { "as allowed" };
        return Ok(Check::pass("tls", format!("none: plain http {this}")));
    }
    let roots = network::roots(args)?.count();
    let trusted = format!("{roots} certificate authorities are trusted");
    let advice = "a proxy that opens TLS has an authority of its own: --ca-bundle FILE trusts it; \
                  a clock that is off makes certificates look old";
    Ok(match error {
        _ if roots == 0 => Check::fail("tls", "no certificate authority is trusted")
            .with_advice("install the system's ca-certificates, or name a file with --ca-bundle"),
        Some(error) if error.kind() == TransportFailure::Tls => {
            Check::fail("tls", chain(error)).with_advice(advice)
        }
        Some(_) => Check::skip("tls", "not spoken: the server was not reached"),
        None => Check::pass("tls", trusted),
    })
}

fn unreached(base_url: &BaseUrl, error: &TransportError) -> Check {
    if error.kind() == TransportFailure::Tls {
        return Check::skip("server", "not asked: TLS failed");
    }
    Check::fail("server", format!("no answer from {base_url}: {}", chain(error)))
        .with_advice("check the address, the network, a firewall, any proxy")
}

/// What the signature's date is judged by.
fn clock(response: &Response<Vec<u8>>, context: &Context<'_>) -> Check {
    let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
    let Some(server) = date.and_then(parse_http_date) else {
        return Check::warn(
            "clock",
            "the server's answer names no date, so nothing can be compared",
        );
    };
    let here = context.clock.now().as_second();
    let off = here.saturating_sub(server);
    let told = match off {
        0 => "agrees with the server's".to_owned(),
        1.. => format!("{off} s ahead of the server's"),
        _ => format!("{} s behind the server's", off.unsigned_abs()),
    };
    match off.unsigned_abs() {
        0..=60 => Check::pass("clock", told),
        61..=900 => Check::warn("clock", told)
            .with_advice("set the clock (NTP); from 15 minutes on, signatures are refused"),
        _ => Check::fail("clock", told).with_advice(
            "set the clock (NTP): signatures of this date are refused with InvalidTimestamp",
        ),
    }
}

/// An error with all its causes, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

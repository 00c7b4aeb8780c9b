//! The connection to the server: proxy, name lookup, TLS, a response, and the clock.

use ark_usage_report::text;
use ark_usage_transport::{HyperTransport, NoProxy, Transport as _, TransportError};
use http::header::{DATE, HOST};
use http::{Request, Response, Uri};
use volc_openapi::{BaseUrl, TransportFailure, parse_http_date};

use super::report::{CheckKind, CheckResult, DoctorReport};
use super::target::DoctorTarget;
use crate::args::NetworkArgs;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::{Text, TextOf as _};
use crate::{hints, network};

/// Adds the checks; returns true if the server responded.
pub(super) async fn checks(
    report: &mut DoctorReport,
    args: &NetworkArgs,
    target: &DoctorTarget,
    context: &Context<'_>,
) -> Result<bool, CliError> {
    let uri: Uri = target.base_url.to_string().parse().unwrap_or_default();
    let through = target.proxies.settings()?.address_for(&uri);
    report.add(proxy(target, through.as_ref()));
    report.add(name(&target.base_url, through).await);
    let response = send_unsigned(&target.transport, &target.base_url).await;
    report.add(tls(&target.base_url, args, response.as_ref().err(), context)?);
    match response {
        Ok(response) => {
            let message = text!("{url} responds", "{url} 有应答", url = target.base_url);
            report.add(CheckResult::pass(CheckKind::Server, message));
            report.add(clock(&response, context));
            Ok(true)
        }
        Err(error) => {
            report.add(unreached(&target.base_url, &error));
            let message =
                text!("not compared: the server was not reached", "未比较：没有连上服务端");
            report.add(CheckResult::skip(CheckKind::Clock, message));
            Ok(false)
        }
    }
}

fn proxy(target: &DoctorTarget, through: Option<&(String, u16)>) -> CheckResult {
    let https = target.base_url.is_https();
    let chosen = if https { &target.proxies.https } else { &target.proxies.http };
    let chosen =
        chosen.as_ref().map(|proxy| Text::same(format!("{} ({})", proxy.value, proxy.origin)));
    let message = match (through, chosen) {
        (_, None) => text!("none", "无"),
        (Some(_), Some(chosen)) => chosen,
        (None, Some(chosen)) => text!(
            "not used for this server; others use {chosen}",
            "访问该服务端不用代理；其他用 {chosen}";
            chosen = chosen
        ),
    };
    let exceptions = target.proxies.exceptions.as_ref().map(|list| list.value.as_str());
    let list = NoProxy::new(exceptions.unwrap_or_default());
    let unusable: Vec<&str> = list.unusable().collect();
    let Some(setting) = target.proxies.exceptions.as_ref().filter(|_| !unusable.is_empty()) else {
        return CheckResult::pass(CheckKind::Proxy, message);
    };
    CheckResult::warn(CheckKind::Proxy, message)
        .with_details([text!(
            "{origin}: can never match: {all}",
            "{origin}：不可能匹配：{all}",
            origin = setting.origin,
            all = unusable.join(", ")
        )])
        .with_advice(text!(
            "write a host, an address or a network: corp.example, 10.9.8.7, 10.9.0.0/16, host:8080 or *",
            "请写主机、地址或网段：corp.example、10.9.8.7、10.9.0.0/16、host:8080 或 *"
        ))
}

/// Looks up the name of the proxy if there is one: it looks up the server's name itself.
async fn name(base_url: &BaseUrl, through: Option<(String, u16)>) -> CheckResult {
    let (host, port) = through.unwrap_or_else(|| (base_url.host().to_owned(), base_url.port()));
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if bare.parse::<std::net::IpAddr>().is_ok() {
        return CheckResult::pass(
            CheckKind::Name,
            text!("{host} is an IP address", "{host} 是 IP 地址，无需解析"),
        );
    }
    match tokio::net::lookup_host((bare, port)).await {
        Ok(found) => {
            let addresses: Vec<String> = found.map(|address| address.ip().to_string()).collect();
            let message = text!(
                "{host} resolves to {all}",
                "{host} 解析为 {all}",
                all = addresses.join(", ")
            );
            CheckResult::pass(CheckKind::Name, message)
        }
        Err(error) => {
            let message = text!("{host} cannot be resolved: {error}", "{host} 无法解析");
            CheckResult::fail(CheckKind::Name, message)
                .with_advice(hints::explain_failure(TransportFailure::Dns))
        }
    }
}

/// Sends an unsigned request; any response will do.
async fn send_unsigned(
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
    context: &Context<'_>,
) -> Result<CheckResult, CliError> {
    if !base_url.is_https() {
        let message = if base_url.is_loopback() {
            text!("not used: plain http to this machine", "未使用：以明文 http 访问本机")
        } else {
            text!("not used: plain http is allowed", "未使用：按许可使用明文 http")
        };
        return Ok(CheckResult::pass(CheckKind::Tls, message));
    }
    let roots = network::roots(args, context.environment)?.count();
    Ok(match error {
        _ if roots == 0 => no_roots(),
        Some(error) if error.kind().is_tls() => CheckResult::fail(CheckKind::Tls, chain(error))
            .with_advice(hints::explain_failure(error.kind())),
        Some(_) => CheckResult::skip(
            CheckKind::Tls,
            text!("not checked: the server was not reached", "未检查：没有连上服务端"),
        ),
        None => CheckResult::pass(
            CheckKind::Tls,
            text!("{roots} trusted certificate authorities", "信任 {roots} 个证书颁发机构"),
        ),
    })
}

fn no_roots() -> CheckResult {
    let message = text!("no trusted certificate authority", "没有受信任的证书颁发机构");
    CheckResult::fail(CheckKind::Tls, message)
        .with_advice(hints::explain_failure(TransportFailure::NoTrustedRoots))
}

fn unreached(base_url: &BaseUrl, error: &TransportError) -> CheckResult {
    if error.kind().is_tls() {
        return CheckResult::skip(
            CheckKind::Server,
            text!("not checked: TLS failed", "未检查：TLS 失败"),
        );
    }
    let message = text!(
        "no response from {base_url}: {why}",
        "{base_url} 没有应答：{why}";
        why = chain(error)
    );
    // The advice of an error says to run this command.
    let advice = match error.kind() {
        TransportFailure::Connect | TransportFailure::ConnectTimeout => text!(
            "check the address, network, firewall and proxy",
            "请检查地址、网络、防火墙和代理"
        ),
        kind => hints::explain_failure(kind),
    };
    CheckResult::fail(CheckKind::Server, message).with_advice(advice)
}

/// Compares the local clock with the server's, which checks the date of signatures.
fn clock(response: &Response<Vec<u8>>, context: &Context<'_>) -> CheckResult {
    let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
    let Some(server) = date.and_then(parse_http_date) else {
        return CheckResult::warn(
            CheckKind::Clock,
            text!("cannot be compared: the response has no date", "无法比较：服务端的应答没有日期"),
        );
    };
    let here = context.clock.now().as_second();
    let off = here.saturating_sub(server);
    let message = match off {
        0 => text!("in sync with the server", "与服务端一致"),
        1.. => text!("{off} s ahead of the server", "比服务端快 {off} 秒"),
        _ => text!(
            "{behind} s behind the server",
            "比服务端慢 {behind} 秒",
            behind = off.unsigned_abs()
        ),
    };
    match off.unsigned_abs() {
        0..=60 => CheckResult::pass(CheckKind::Clock, message),
        61..=900 => CheckResult::warn(CheckKind::Clock, message).with_advice(text!(
            "set the clock (NTP): signatures are refused when it is 15 minutes off",
            "请校准时钟（NTP）；相差 15 分钟起签名会被拒绝"
        )),
        _ => CheckResult::fail(CheckKind::Clock, message).with_advice(text!(
            "set the clock (NTP): signatures are refused with InvalidTimestamp",
            "请校准时钟（NTP）：签名会被拒绝（InvalidTimestamp）"
        )),
    }
}

/// Returns an error with all its causes, on one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> Text {
    let mut chain = Text::of_error(error);
    let mut cause = error.source();
    while let Some(error) = cause {
        chain =
            text!("{chain}: {why}", "{chain}：{why}"; chain = chain, why = Text::of_error(error));
        cause = error.source();
    }
    chain
}

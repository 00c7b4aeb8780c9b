//! The way to the server: proxy, name, TLS, an answer, and what its clock says.

use ark_usage_transport::{HyperTransport, Transport as _, TransportError};
use http::header::{DATE, HOST};
use http::{Request, Response, Uri};
use volc_openapi::{BaseUrl, TransportFailure, parse_http_date};

use super::report::{CheckKind, CheckResult, DoctorReport};
use super::target::DoctorTarget;
use crate::args::NetworkArgs;
use crate::context::Context;
use crate::error::CliError;
use crate::lang::{Text, TextOf as _};
use crate::{network, text};

/// Adds what was seen on the way, and says whether the server answered.
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
    let answer = knock(&target.transport, &target.base_url).await;
    report.add(tls(&target.base_url, args, answer.as_ref().err())?);
    match answer {
        Ok(response) => {
            let told = text!("{url} answers", "{url} 有应答", url = target.base_url);
            report.add(CheckResult::pass(CheckKind::Server, told));
            report.add(clock(&response, context));
            Ok(true)
        }
        Err(error) => {
            report.add(unreached(&target.base_url, &error));
            let told = text!("not compared: the server was not reached", "未比较：没有连上服务端");
            report.add(CheckResult::skip(CheckKind::Clock, told));
            Ok(false)
        }
    }
}

fn proxy(target: &DoctorTarget, through: Option<&(String, u16)>) -> CheckResult {
    let https = target.base_url.is_https();
    let chosen = if https { &target.proxies.https } else { &target.proxies.http };
    let chosen = chosen.as_ref().map(|it| Text::same(format!("{} ({})", it.value, it.origin)));
    let told = match (through, chosen) {
        (_, None) => text!("none", "无"),
        (Some(_), Some(chosen)) => chosen,
        (None, Some(chosen)) => text!(
            "none for this server; else {chosen}",
            "访问该服务端不用代理；其他用 {chosen}";
            chosen = chosen
        ),
    };
    CheckResult::pass(CheckKind::Proxy, told)
}

/// Behind a proxy its own name has to be known here, the server's only there.
async fn name(base_url: &BaseUrl, through: Option<(String, u16)>) -> CheckResult {
    let (host, port) = through.unwrap_or_else(|| (base_url.host().to_owned(), base_url.port()));
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if bare.parse::<std::net::IpAddr>().is_ok() {
        return CheckResult::pass(
            CheckKind::Name,
            text!("{host} is an address", "{host} 是 IP 地址，无需解析"),
        );
    }
    match tokio::net::lookup_host((bare, port)).await {
        Ok(found) => {
            let addresses: Vec<String> = found.map(|address| address.ip().to_string()).collect();
            let told = text!("{host} is {all}", "{host} 解析为 {all}", all = addresses.join(", "));
            CheckResult::pass(CheckKind::Name, told)
        }
        Err(error) => {
            let told = text!("{host} is not known: {error}", "{host} 无法解析：{error}");
            CheckResult::fail(CheckKind::Name, told).with_advice(text!(
                "check its spelling and the name server; behind a proxy, set HTTPS_PROXY",
                "请检查拼写和 DNS 服务器；如经代理上网，请设置 HTTPS_PROXY"
            ))
        }
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
) -> Result<CheckResult, CliError> {
    if !base_url.is_https() {
        let told = if base_url.is_loopback() {
            text!("none: plain http to this machine", "无：以明文 http 访问本机")
        } else {
            text!("none: plain http as allowed", "无：按许可使用明文 http")
        };
        return Ok(CheckResult::pass(CheckKind::Tls, told));
    }
    let roots = network::roots(args)?.count();
    Ok(match error {
        _ if roots == 0 => no_roots(),
        Some(error) if error.kind() == TransportFailure::Tls => {
            CheckResult::fail(CheckKind::Tls, chain(error)).with_advice(text!(
                "a proxy that opens TLS has an authority of its own: --ca-bundle FILE trusts it; \
                 a clock that is off makes certificates look old",
                "会解开 TLS 的代理有自己的 CA：用 --ca-bundle FILE 信任它；\
                 时钟不准也会让证书看起来已过期"
            ))
        }
        Some(_) => CheckResult::skip(
            CheckKind::Tls,
            text!("not spoken: the server was not reached", "未协商：没有连上服务端"),
        ),
        None => CheckResult::pass(
            CheckKind::Tls,
            text!("{roots} certificate authorities are trusted", "信任 {roots} 个证书颁发机构"),
        ),
    })
}

fn no_roots() -> CheckResult {
    let told = text!("no certificate authority is trusted", "没有受信任的证书颁发机构");
    CheckResult::fail(CheckKind::Tls, told).with_advice(text!(
        "install the system's ca-certificates, or name a file with --ca-bundle",
        "请安装系统的 ca-certificates，或用 --ca-bundle 指定文件"
    ))
}

fn unreached(base_url: &BaseUrl, error: &TransportError) -> CheckResult {
    if error.kind() == TransportFailure::Tls {
        return CheckResult::skip(
            CheckKind::Server,
            text!("not asked: TLS failed", "未请求：TLS 失败"),
        );
    }
    let told = text!(
        "no answer from {base_url}: {why}",
        "{base_url} 没有应答：{why}";
        why = chain(error)
    );
    CheckResult::fail(CheckKind::Server, told).with_advice(text!(
        "check the address, the network, a firewall, any proxy",
        "请检查地址、网络、防火墙和代理"
    ))
}

/// What the signature's date is judged by.
fn clock(response: &Response<Vec<u8>>, context: &Context<'_>) -> CheckResult {
    let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
    let Some(server) = date.and_then(parse_http_date) else {
        return CheckResult::warn(
            CheckKind::Clock,
            text!(
                "the server's answer names no date, so nothing can be compared",
                "服务端的应答没有日期，无法比较"
            ),
        );
    };
    let here = context.clock.now().as_second();
    let off = here.saturating_sub(server);
    let told = match off {
        0 => text!("agrees with the server's", "与服务端一致"),
        1.. => text!("{off} s ahead of the server's", "比服务端快 {off} 秒"),
        _ => text!(
            "{behind} s behind the server's",
            "比服务端慢 {behind} 秒",
            behind = off.unsigned_abs()
        ),
    };
    match off.unsigned_abs() {
        0..=60 => CheckResult::pass(CheckKind::Clock, told),
        61..=900 => CheckResult::warn(CheckKind::Clock, told).with_advice(text!(
            "set the clock (NTP); from 15 minutes on, signatures are refused",
            "请校准时钟（NTP）；相差 15 分钟起签名会被拒绝"
        )),
        _ => CheckResult::fail(CheckKind::Clock, told).with_advice(text!(
            "set the clock (NTP): signatures of this date are refused with InvalidTimestamp",
            "请校准时钟（NTP）：以此时间签名会被拒绝（InvalidTimestamp）"
        )),
    }
}

/// An error with all its causes, on one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> Text {
    let mut told = Text::of_error(error);
    let mut cause = error.source();
    while let Some(error) = cause {
        told = text!("{told}: {why}", "{told}：{why}"; told = told, why = Text::of_error(error));
        cause = error.source();
    }
    told
}

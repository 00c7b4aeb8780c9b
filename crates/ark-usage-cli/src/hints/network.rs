//! Advice for each way in which no response is received.

use ark_usage_report::text;
use volc_openapi::TransportFailure;

use crate::lang::Text;

/// Returns the advice for a kind of failure.
pub(crate) fn explain_failure(failure: TransportFailure) -> Text {
    match failure {
        TransportFailure::Dns => text!(
            "check the spelling of the host, and the DNS server; behind a proxy, set HTTPS_PROXY or --proxy",
            "请检查主机名的拼写和 DNS 服务器；如经代理上网，请设置 HTTPS_PROXY 或 --proxy"
        ),
        TransportFailure::ConnectTimeout => text!(
            "check the address, network, firewall and proxy with `ark-usage doctor`, or raise --connect-timeout",
            "请用 `ark-usage doctor` 检查地址、网络、防火墙和代理，或用 --connect-timeout 延长等待"
        ),
        TransportFailure::ReadTimeout => text!(
            "raise --read-timeout and --call-timeout",
            "请用 --read-timeout 和 --call-timeout 延长等待"
        ),
        TransportFailure::BodyTooLarge => {
            text!("raise --body-limit", "请用 --body-limit 放宽上限")
        }
        TransportFailure::ProxyConnect => text!(
            "check the address of the proxy (--proxy, HTTPS_PROXY, HTTP_PROXY or the profile), or list the host in NO_PROXY if it can be reached directly",
            "请检查代理地址（--proxy、HTTPS_PROXY、HTTP_PROXY 或 profile）；如可直连，请将该主机列入 NO_PROXY"
        ),
        TransportFailure::ProxyAuthentication => text!(
            "write its user and password into the address of the proxy, best in HTTPS_PROXY or HTTP_PROXY: \
             http://USER:PASSWORD@HOST:PORT, with @ as %40",
            "请在代理地址中写明用户名和密码，最好用 HTTPS_PROXY 或 HTTP_PROXY：\
             http://用户名:密码@主机:端口，其中 @ 写成 %40"
        ),
        TransportFailure::ProxyRefused => text!(
            "ask the administrator of the proxy to allow the host, or list the host in NO_PROXY if it can be reached directly",
            "请让代理的管理员放行该主机；如可直连，请将该主机列入 NO_PROXY"
        ),
        tls if tls.is_tls() => explain_tls(tls),
        _ => text!(
            "check the address, network and proxy with `ark-usage doctor`; --demo needs no network",
            "请用 `ark-usage doctor` 检查地址、网络和代理；--demo 不需要网络"
        ),
    }
}

fn explain_tls(failure: TransportFailure) -> Text {
    match failure {
        TransportFailure::CertificateUntrusted => text!(
            "if it is right, trust its authority with --ca-bundle FILE: a company network or a proxy that inspects TLS has its own; \
             a self-signed certificate is passed itself",
            "如确认无误，请用 --ca-bundle FILE 信任签发机构：公司网络或会解开 TLS 的代理有自己的 CA；\
             自签名证书可直接传入"
        ),
        TransportFailure::CertificateIsAuthority => text!(
            "a certificate of an authority cannot be a server's, even with --ca-bundle: give the server its own \
             (openssl req … -addext basicConstraints=CA:FALSE)",
            "机构的证书不能用作服务端证书，--ca-bundle 也无济于事：请为服务端另发证书\
             （openssl req … -addext basicConstraints=CA:FALSE）"
        ),
        TransportFailure::CertificateExpired | TransportFailure::CertificateNotYetValid => text!(
            "check the clock of this machine; if it is right, the owner of the server or the proxy must renew the certificate",
            "请检查本机时钟；如时钟无误，服务端或代理的所有者须更新证书"
        ),
        TransportFailure::CertificateName => text!(
            "check the host in --base-url; a proxy or a login page of the network may answer in its place",
            "请检查 --base-url 中的主机；也可能是代理或网络登录页在代为应答"
        ),
        TransportFailure::CertificateInvalid => text!(
            "it is revoked, damaged or not meant for servers: the owner of the server must replace it",
            "它已被吊销、已损坏或不可用于服务端：服务端的所有者须更换它"
        ),
        TransportFailure::ClientCertificate => text!(
            "client certificates are not supported: use an address that needs none",
            "不支持客户端证书：请使用不需要它的地址"
        ),
        TransportFailure::NotTls => text!(
            "check scheme and port of the address: https needs a server that speaks TLS; plain http needs http:// and --allow-http",
            "请检查地址的协议和端口：https 需要服务端使用 TLS；明文需写 http:// 并加 --allow-http"
        ),
        TransportFailure::TlsVersion => text!(
            "TLS 1.2 or 1.3 is needed: an old server, or a proxy that inspects TLS, must be updated; \
             a server that wants a client certificate can fail in the same way",
            "需要 TLS 1.2 或 1.3：请更新旧的服务端或会解开 TLS 的代理；要求客户端证书的服务端也可能如此"
        ),
        TransportFailure::NoTrustedRoots => text!(
            "install the system's ca-certificates, or pass --ca-bundle FILE; SSL_CERT_FILE and SSL_CERT_DIR name other places",
            "请安装系统的 ca-certificates，或用 --ca-bundle 指定文件；SSL_CERT_FILE 和 SSL_CERT_DIR 可指定其他位置"
        ),
        _ => text!(
            "a proxy that inspects TLS may be the cause: pass its authority with --ca-bundle FILE; \
             check the clock of this machine too",
            "可能是会解开 TLS 的代理所致：请用 --ca-bundle FILE 信任它的 CA；也请检查本机时钟"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    #[test]
    fn failures_of_tls_have_advice_of_their_own() {
        let general = explain_tls(TransportFailure::Tls);
        for failure in TransportFailure::ALL.into_iter().filter(|failure| failure.is_tls()) {
            let own = explain_failure(failure);
            assert_eq!(own == general, failure == TransportFailure::Tls, "{failure}");
            assert!(!own.in_lang(Lang::Zh).is_ascii());
        }
    }
}

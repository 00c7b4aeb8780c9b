//! Failures of the network and of the system in Chinese: proxies, certificates, sockets and files.

use std::error::Error;
use std::io;

use ark_usage_transport::{CaBundleError, ProxyError, TransportError};
use volc_openapi::{ProxyAddressError, TransportFailure};

use super::Text;
use super::causes::InChinese;

/// Errors of the operating system by their kind, with its number.
pub(super) fn system_error(error: &(dyn Error + 'static)) -> Option<Text> {
    let error = error.downcast_ref::<io::Error>()?;
    let number = error.raw_os_error()?;
    let zh = format!("{}（系统错误 {number}）", error_kind(error.kind())?);
    Some(Text::both(error.to_string(), zh))
}

/// Returns the Chinese of a kind of I/O error, if it is a common one.
pub(crate) fn error_kind(kind: io::ErrorKind) -> Option<&'static str> {
    Some(match kind {
        io::ErrorKind::NotFound => "文件或目录不存在",
        io::ErrorKind::PermissionDenied => "没有权限",
        io::ErrorKind::ConnectionRefused => "连接被拒绝",
        io::ErrorKind::ConnectionReset => "连接被对方重置",
        io::ErrorKind::ConnectionAborted => "连接被中止",
        io::ErrorKind::HostUnreachable => "主机不可达",
        io::ErrorKind::NetworkUnreachable => "网络不可达",
        io::ErrorKind::NetworkDown => "网络未启用",
        io::ErrorKind::NotConnected => "没有连接",
        io::ErrorKind::AddrInUse => "地址已被占用",
        io::ErrorKind::AddrNotAvailable => "地址不可用",
        io::ErrorKind::BrokenPipe => "管道已断开",
        io::ErrorKind::AlreadyExists => "已存在",
        io::ErrorKind::NotADirectory => "不是目录",
        io::ErrorKind::IsADirectory => "是目录而不是文件",
        io::ErrorKind::DirectoryNotEmpty => "目录不为空",
        io::ErrorKind::ReadOnlyFilesystem => "文件系统只读",
        io::ErrorKind::StorageFull => "磁盘空间已满",
        io::ErrorKind::QuotaExceeded => "超出磁盘配额",
        io::ErrorKind::FileTooLarge => "文件过大",
        io::ErrorKind::ResourceBusy => "资源正忙",
        io::ErrorKind::ExecutableFileBusy => "可执行文件正被占用",
        io::ErrorKind::TimedOut => "超时",
        io::ErrorKind::InvalidInput => "参数无效",
        io::ErrorKind::InvalidData => "数据无效",
        io::ErrorKind::InvalidFilename => "文件名无效",
        io::ErrorKind::ArgumentListTooLong => "参数过长",
        io::ErrorKind::OutOfMemory => "内存不足",
        io::ErrorKind::UnexpectedEof => "意外结束",
        _ => return None,
    })
}

impl InChinese for TransportFailure {
    fn zh(&self) -> String {
        match self {
            Self::Dns => "域名无法解析",
            Self::Connect => "无法建立连接",
            Self::ConnectTimeout => "连接超时",
            Self::ReadTimeout => "未能在时限内收到完整应答",
            Self::Reset => "连接中断",
            Self::Truncated => "应答不完整",
            Self::ProxyConnect => "无法经代理建立连接",
            Self::ProxyAuthentication => "代理要求用户名和密码",
            Self::ProxyRefused => "代理拒绝了请求",
            Self::Tls => "TLS 握手失败",
            Self::NotTls => "服务端在此端口不使用 TLS",
            Self::TlsVersion => "服务端与本程序没有共同的 TLS 版本或加密套件",
            Self::NoTrustedRoots => "没有受信任的证书颁发机构",
            Self::CertificateUntrusted => "服务端的证书不是由受信任的机构签发的",
            Self::CertificateIsAuthority => "服务端的证书是证书颁发机构自身的证书",
            Self::CertificateExpired => "服务端的证书已过期",
            Self::CertificateNotYetValid => "服务端的证书尚未生效",
            Self::CertificateName => "服务端的证书属于其他域名",
            Self::CertificateInvalid => "服务端的证书不可接受",
            Self::ClientCertificate => "服务端要求客户端证书",
            Self::BodyTooLarge => "应答超过大小上限",
            Self::Redirect => "服务端要求重定向到别处",
            Self::Malformed => "应答不是合法的 HTTP",
            Self::Signing => "请求无法签名",
            Self::Other => "传输失败",
            other => return other.to_string(),
        }
        .to_owned()
    }
}

impl InChinese for TransportError {
    fn zh(&self) -> String {
        let kind = self.kind().zh();
        match self.detail() {
            Some(detail) => format!("{kind}：{detail}"),
            None => kind,
        }
    }
}

impl InChinese for ProxyError {
    fn zh(&self) -> String {
        format!("{} 目标的代理：{}", self.targets, self.problem.zh())
    }
}

impl InChinese for ProxyAddressError {
    fn zh(&self) -> String {
        match self {
            Self::Malformed => "应为 http://主机:端口 或 http://用户名:密码@主机:端口 的形式",
            Self::Reserved => {
                "用户名或密码中有保留字符：请把 / 写成 %2F，? 写成 %3F，# 写成 %23，@ 写成 %40"
            }
            Self::Unsupported => "不是 http:// 代理；不支持其他种类",
            other => return other.to_string(),
        }
        .to_owned()
    }
}

impl InChinese for CaBundleError {
    fn zh(&self) -> String {
        match self {
            Self::Empty => "CA 文件中没有 PEM 格式的证书".to_owned(),
            Self::Malformed(_) => "CA 文件不是合法的 PEM".to_owned(),
            Self::Unusable(_) => "CA 文件中有无法使用的证书".to_owned(),
            other => other.to_string(),
        }
    }
}

//! Why a signature did not match, in Chinese: what it has to do with, and what to do.

use std::collections::BTreeMap;

use volc_sign::explain::{Cause, CauseKind};

use super::causes::InChinese;
use super::{Lang, Text};

/// What to do about a cause.
pub(crate) fn advice(kind: CauseKind) -> Text {
    Text::both(kind.advice(), in_chinese(kind).map_or_else(|| kind.advice(), |(_, advice)| advice))
}

const DETAILS: &str = include_str!("explain.zh.toml");

/// What happened, in a few words.
pub(crate) fn detail(cause: &Cause, lang: Lang) -> String {
    let english = cause.detail();
    let known = || -> Option<String> {
        let details: BTreeMap<String, String> = toml::from_str(DETAILS).ok()?;
        if let Some(chinese) = details.get(english) {
            return Some(chinese.clone());
        }
        details.iter().find_map(|(pattern, chinese)| filled(pattern, chinese, english))
    };
    let chinese = if lang == Lang::Zh { known() } else { None };
    chinese.unwrap_or_else(|| english.to_owned())
}

/// The Chinese with the values that the English text has where the pattern has `{}`.
fn filled(pattern: &str, chinese: &str, english: &str) -> Option<String> {
    let mut parts = pattern.split("{}");
    let mut rest = english.strip_prefix(parts.next()?)?;
    let mut filled = chinese.to_owned();
    let parts: Vec<&str> = parts.collect();
    if parts.is_empty() {
        return None;
    }
    for (index, part) in parts.iter().enumerate() {
        let end = if index + 1 == parts.len() {
            rest.strip_suffix(part)?.len()
        } else {
            rest.find(part)?
        };
        let (value, after) = rest.split_at(end);
        rest = after.strip_prefix(part)?;
        filled = filled.replacen("{}", value, 1);
    }
    Some(filled)
}

impl InChinese for CauseKind {
    fn zh(&self) -> String {
        in_chinese(*self).map_or_else(|| self.to_string(), |(name, _)| name.to_owned())
    }
}

/// Name and advice.
fn in_chinese(kind: CauseKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        CauseKind::Claims => {
            ("签名声明", "请用 HMAC-SHA256 对请求签名，放在 Authorization 请求头或 URL 中")
        }
        CauseKind::Policy => ("签名策略", "请对服务端要求签名的内容签名"),
        CauseKind::Clock => ("时钟", "请校准时钟，并在每次尝试时重新签名"),
        CauseKind::AccessKey => ("Access Key", "请使用与 Credential 中 ID 对应的 Secret Key"),
        CauseKind::Secret => {
            ("Secret Key", "请原样使用 Secret Key：就是其文本，不带空白，不做解码")
        }
        CauseKind::Token => ("会话令牌", "请发送与临时密钥对应的令牌"),
        CauseKind::Region => ("地域", "凭证范围和签名密钥请使用同一个地域，即服务文档中写明的地域"),
        CauseKind::Service => {
            ("服务", "凭证范围和签名密钥请使用同一个服务名，即服务文档中写明的服务名")
        }
        CauseKind::Date => ("日期", "X-Date 与凭证范围中的日期请取自同一次读到的 UTC 时间"),
        CauseKind::Method => ("请求方法", "请按实际发送的请求方法签名"),
        CauseKind::Path => ("路径", "路径的每一段请解码一次再编码一次，不多不少"),
        CauseKind::QueryEncoding => {
            ("查询串编码", "空格请写成 %20；除 A-Z a-z 0-9 - _ . ~ 外一律编码，并使用大写十六进制")
        }
        CauseKind::QueryOrder => {
            ("查询串排序", "请按解码后参数名的字节排序，同名参数保持原有顺序，一个都不要漏")
        }
        CauseKind::Host => ("Host", "请按实际发送的 Host 签名，不带 :80 和 :443，并避免代理改写它"),
        CauseKind::ContentType => {
            ("Content-Type", "不要对 Content-Type 签名，或避免发送请求的库改写它")
        }
        CauseKind::HeaderValue => {
            ("请求头的值", "请按实际发送的值签名，去掉首尾空白，每个请求头只出现一次")
        }
        CauseKind::SignedHeaders => ("签名请求头列表", "请求头各行请与列表顺序一致，并且都要排序"),
        CauseKind::Body => ("请求体", "请对实际发送的字节计算哈希，签名之后不要再次序列化"),
        CauseKind::Unknown => ("未知", "请比较两边的规范请求，并检查 Secret Key"),
        _ => return None,
    })
}

/// The part of a canonical request that differs.
pub(crate) fn field(english: &str) -> Text {
    let chinese = match english {
        "method" => "请求方法",
        "path" => "路径",
        "query" => "查询串",
        "signed headers" => "签名请求头列表",
        "payload hash" => "请求体哈希",
        other => {
            let header = other.strip_prefix("header ").map(|name| format!("请求头 {name}"));
            return Text::both(other.to_owned(), header.unwrap_or_else(|| other.to_owned()));
        }
    };
    Text::both(english.to_owned(), chinese)
}

/// Who made what the server's canonical request is held against.
pub(crate) fn compared_with(signer_is_known: bool, lang: Lang) -> &'static str {
    if signer_is_known { lang.pick("signer", "签名方") } else { "ark-usage sign" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_over() {
        let cases = [
            ("{} was signed", "用的是 {}", "GET was signed", Some("用的是 GET")),
            ("signed at {}, clock {}", "{} / {}", "signed at 1, clock 2", Some("1 / 2")),
            ("the {} is", "{} 是", "the name is", Some("name 是")),
            ("{} was signed", "用的是 {}", "nothing was encoded", None),
            ("no value", "没有值", "no value at all", None),
        ];
        for (pattern, chinese, english, expected) in cases {
            assert_eq!(filled(pattern, chinese, english).as_deref(), expected, "{english}");
        }
    }

    #[test]
    fn every_detail_has_the_same_values_in_both() {
        let details: BTreeMap<String, String> = toml::from_str(DETAILS).unwrap();
        for (english, chinese) in &details {
            assert_eq!(english.matches("{}").count(), chinese.matches("{}").count(), "{english}");
            assert!(!chinese.is_ascii(), "{english}");
        }
    }
}

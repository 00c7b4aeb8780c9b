//! The causes for which signatures fail, in Chinese.

use volc_sign::explain::{Cause, CauseKind, RequestField};

use super::causes::InChinese;
use super::{Lang, Text};

/// The remedy for a cause.
pub(crate) fn advice(kind: CauseKind) -> Text {
    Text::both(kind.advice(), in_chinese(kind).map_or_else(|| kind.advice(), |(_, advice)| advice))
}

impl InChinese for Cause {
    fn zh(&self) -> String {
        match self {
            Self::Refused { error } => error.zh(),
            Self::NoClearForm { reason } => reason.zh(),
            Self::AccessKeyMismatch { access_key_id } => format!("请求中的是 {access_key_id:?}"),
            Self::ClockSkew { signed_at, now } => {
                format!("签名时间 {signed_at}，本机时钟 {now}")
            }
            Self::LocalTimeAsUtc { signed_at, now, minutes } => format!(
                "把本地时间写成了 UTC，或把 UTC 又换算了一次：签名时间 {signed_at}，与本机时钟 {now} 相差 {minutes} 分钟"
            ),
            Self::ReportedField { field } => format!("服务端的{field}不同", field = spaced(field)),
            Self::HostSigned { host } => format!("签名时用的是 {host}"),
            Self::ContentTypeSigned { value } => format!("签名时用的是 {value:?}"),
            Self::MethodSigned { method } => format!("签名时用的是 {method}"),
            Self::RegionSigned { region, scope } => {
                format!("凭证范围中的地域是 {scope:?}；换成 {region:?} 则签名有效")
            }
            Self::ServiceSigned { service, scope } => {
                format!("凭证范围中的服务是 {scope:?}；换成 {service:?} 则签名有效")
            }
            Self::DateChanged { time } => {
                format!("X-Date 在签名之后被改动；换成 {time} 则签名有效")
            }
            Self::ScopeDateChanged { date } => {
                format!("凭证范围中的日期在签名之后被改动；换成 {date} 则签名有效")
            }
            Self::NameAdded { name } => {
                format!("{name} 是签名之后才加进 SignedHeaders 的；去掉它则签名有效")
            }
            Self::NameRemoved { name } => {
                format!("{name} 在签名之后从 SignedHeaders 中被去掉；加上它则签名有效")
            }
            Self::KeyOfAnotherDay { date } => format!("签名密钥是按日期 {date} 派生的"),
            Self::AnotherTimeSigned { time } => format!("待签名字符串用的时间是 {time}"),
            plain => in_chinese_without_values(plain)
                .map_or_else(|| plain.to_string(), ToOwned::to_owned),
        }
    }
}

/// A Chinese noun stands without a space after Chinese text, one that ends in a name with one.
fn spaced(field: &RequestField) -> String {
    match field {
        RequestField::Header { .. } => format!("{} ", field.zh()),
        other => other.zh(),
    }
}

fn in_chinese_without_values(cause: &Cause) -> Option<&'static str> {
    Some(match cause {
        Cause::TokenMissing => "密钥是临时的，但没有发送令牌",
        Cause::TokenMismatch => "发送的是另一个令牌",
        Cause::ReportedAlgorithm => "服务端的待签名字符串中算法不同",
        Cause::ReportedTime => "服务端的待签名字符串中时间不同",
        Cause::ReportedScope => "服务端的待签名字符串中凭证范围不同",
        Cause::ReportedHash => "服务端的待签名字符串中规范请求的哈希不同",
        Cause::BodyChanged => "签名用的是 X-Content-Sha256，但请求体与之不符",
        Cause::BodySignedAnyway => "签名包含了请求体，而 X-NotSignBody 表示不包含",
        Cause::EmptyBodySigned => "签名时请求体为空",
        Cause::BodyNotHashed => "签名时用 UNSIGNED-PAYLOAD 代替了请求体的哈希",
        Cause::BodyTrimmed => "签名时的请求体没有末尾的空白",
        Cause::BodyWithNewline => "签名时的请求体末尾多了换行",
        Cause::BodyLineEndings => "签名时的请求体换行符不同",
        Cause::BodyWhitespace => "签名时的请求体空白不同",
        Cause::WhitespaceCollapsed => "签名时连续的空白合并成了一个空格",
        Cause::ValuesNotTrimmed => "没有去掉值首尾的空白",
        Cause::OnlyFirstHeader => "重复的请求头只签了第一个",
        Cause::OnlyLastHeader => "重复的请求头只签了最后一个",
        Cause::HeadersJoined => "重复的请求头被拼接在一起",
        Cause::HeadersSortedAndJoined => "重复的请求头被排序后拼接在一起",
        Cause::HeaderLinesSorted => "请求头各行排了序，列表没有",
        Cause::ListSorted => "签名用的列表排了序，发送的列表没有",
        Cause::SecretTrimmed => "Secret Key 去掉了首尾的空白",
        Cause::SecretWithoutPadding => "Secret Key 去掉了末尾的等号",
        Cause::SecretWithAws4 => "Secret Key 前加了 AWS4",
        Cause::AccessKeyIdAsSecret => "把 Access Key ID 当成了 Secret Key",
        Cause::SecretEmpty => "Secret Key 为空",
        Cause::SecretWithTrailingWhitespace => "Secret Key 后多了空白",
        Cause::SecretWithLeadingWhitespace => "Secret Key 前多了空白",
        Cause::SecretQuoted => "Secret Key 带上了引号",
        Cause::SecretDecoded => "对 Secret Key 做了 base64 解码",
        Cause::RegionAndServiceSwapped => "派生签名密钥时地域与服务颠倒了",
        Cause::PathEncodedTwice => "路径编码了两次",
        Cause::PathEncodedTwiceAndCollapsed => "路径编码了两次，且开头的多个斜杠被合并",
        Cause::PathSlashDecoded => "编码后的斜杠被解码成了斜杠",
        Cause::PathRaw => "路径未经编码直接签名",
        Cause::PathNotSigned => "没有对路径签名",
        Cause::PathEmpty => "空路径没有按一个斜杠签名",
        Cause::PathDotsResolved => "路径中的 . 和 .. 被解析掉了",
        Cause::PathReservedKept => "路径中的保留字符没有编码",
        Cause::PathSlashesCollapsed => "路径开头的多个斜杠被合并",
        Cause::PathTrailingSlashDropped => "路径末尾的斜杠被去掉",
        Cause::QuerySortedEncoded => "参数名和值在编码之后才排序",
        Cause::QuerySortedAsUtf16 => "参数名按 UTF-16 排序",
        Cause::QueryValuesSortedEncoded => "同名参数的值在编码之后才排序",
        Cause::QueryValuesSorted => "同名参数的值被排序",
        Cause::QueryNotSorted => "查询串没有排序",
        Cause::OnlyLastParameter => "同名参数只签了最后一个",
        Cause::NamelessParameterOmitted => "没有名称的参数被忽略",
        Cause::EmptyParametersOmitted => "没有值的参数被忽略",
        Cause::InvalidParametersOmitted => "含有非法转义或分号的参数被忽略",
        Cause::EmptyPiecesSigned => "& 之间的空段被当成了参数",
        Cause::QueryNotSigned => "没有对查询串签名",
        Cause::UnlistedParametersSigned => "X-SignedQueries 未列出的参数也被签名",
        Cause::SignedQueriesNotSigned => "X-SignedQueries 列出了自己，却没有被签名",
        Cause::QueryRaw => "查询串未经编码直接签名",
        Cause::PlusKept => "加号被当成加号本身，而不是空格",
        Cause::QueryEncodedTwice => "查询串编码了两次",
        Cause::EqualsSignOmitted => "没有值的参数签名时缺少等号",
        Cause::SpacesAsPlus => "空格按加号签名",
        Cause::SubDelimitersKept => "! ' ( ) * 这几个字符没有编码",
        Cause::QueryAsForm => "查询串按表单编码：空格写成 +，* 不编码，~ 被编码",
        Cause::TildeEncoded => "波浪号被编码",
        Cause::SlashKept => "斜杠没有编码",
        Cause::EscapesInLowerCase => "转义用了小写",
        Cause::QueryNotEncoded => "查询串完全没有编码",
        Cause::KeyThroughHex => "派生签名密钥时，各步之间用了十六进制文本而不是字节",
        Cause::KeyWithoutRequest => "派生签名密钥时缺少最后一步 request",
        Cause::AwsTerminatorSigned => "签名时用 aws4_request 代替了 request",
        Cause::CanonicalNotHashed => "待签名字符串中放的是规范请求本身，而不是它的哈希",
        Cause::HashInUpperCase => "规范请求的哈希用了大写",
        Cause::CanonicalWithNewline => "签名时规范请求末尾多了换行",
        Cause::StringWithNewline => "签名时待签名字符串末尾多了换行",
        Cause::CarriageReturns => "各行之间用了 CRLF",
        Cause::BlankLineMissing => "请求头与其列表之间缺少空行",
        Cause::HeaderNamesAsTyped => "签名时请求头名称带有大写字母",
        Cause::AmpersandEscaped => "签名时查询串中的 & 写成了 &amp;",
        Cause::HashChanged => "X-Content-Sha256 在签名之后被改动；换成请求体的哈希则签名有效",
        Cause::DateOrSecret => {
            "X-Date 在签名之后被改动，或 Secret Key 不是同一个：常见的错误都得不出这个签名"
        }
        Cause::NoKnownMistake => {
            "常见的错误都得不出这个签名：Secret Key 不是同一个，或被签名的内容在途中被修改"
        }
        _ => return None,
    })
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
        CauseKind::Signature => ("签名", "请把签名写成 64 位小写十六进制（0-9、a-f）"),
        CauseKind::NotSent => ("未发送的请求头", "请发送签名请求头列表中的每个请求头"),
        CauseKind::SigningKey => (
            "签名密钥",
            "请依次对日期、地域、服务和 request 做 HMAC 来派生密钥，每一步都以上一步的原始字节为密钥",
        ),
        CauseKind::Layout => (
            "文本格式",
            "请按文档逐行书写：请求头名称小写，行间用 LF，请求头之后有空行，末尾没有换行，哈希为小写十六进制",
        ),
        CauseKind::Unknown => ("未知", "请比较两边的规范请求，并检查 Secret Key"),
        _ => return None,
    })
}

impl InChinese for RequestField {
    fn zh(&self) -> String {
        match self {
            Self::Method => "请求方法".to_owned(),
            Self::Path => "路径".to_owned(),
            Self::Query => "查询串".to_owned(),
            Self::Header { name } => format!("请求头 {name}"),
            Self::SignedHeaders => "签名请求头列表".to_owned(),
            Self::PayloadHash => "请求体哈希".to_owned(),
        }
    }
}

/// The side with which the server's canonical request is compared.
pub(crate) fn compared_with(signer_is_known: bool, lang: Lang) -> &'static str {
    if signer_is_known { lang.pick("signer", "签名方") } else { "ark-usage sign" }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Variants added to `Cause` reach this test by way of `Cause::examples`.
    #[test]
    fn every_cause_and_its_advice_has_its_chinese() {
        let missing = |text: &str| text.is_ascii();
        for cause in Cause::examples() {
            assert!(!missing(&cause.zh()), "{cause:?}");
            assert!(in_chinese(cause.kind()).is_some(), "{:?}", cause.kind());
        }
    }
}

//! Errors of the workspace in Chinese, by variant, so that no English is parsed.
//!
//! Their enums may grow, so every match ends with an arm that quotes the English. A test of the
//! workspace reads enums and arms, and fails for a variant that has no arm of its own.
//!
//! Their English is their `Display`. Messages of the system and of other libraries are not translated.

use std::error::Error;
use std::fmt::Display;

use ark_usage_emulator::faults::FaultScriptError;
use ark_usage_emulator::{BehaviorError, Behaviors, SwitchValues};
use ark_usage_model::{CallFailure, GapReason, OptionRange, PlanError, Shortfall};
use ark_usage_report::{ReportError, text};
use ark_usage_transport::{
    CaBundleError, CallError, ExchangeError, ProxyError, SignFailure, TransportError,
};
use volc_openapi::{
    ApiError, Excerpt, GatewayError, NotUtf8, ProtocolError, ProtocolProblem, ResponseError,
    TransportFailure,
};
use volc_sign::{SignError, VerifyError};

use super::network_causes::system_error;
use super::{Text, key_causes};

/// Values with a Chinese text beside their `Display`.
pub(crate) trait InChinese: Display {
    /// Returns the Chinese text, a fragment that fits after a colon.
    fn zh(&self) -> String;
}

/// Texts of values and errors.
pub(crate) trait TextOf {
    /// Returns the text of a value that has one in Chinese too.
    fn of(said: &impl InChinese) -> Self;

    /// Returns the text of an error, without its causes.
    fn of_error(error: &(dyn Error + 'static)) -> Self;
}

impl TextOf for Text {
    fn of(said: &impl InChinese) -> Self {
        let (en, zh) = (said.to_string(), said.zh());
        text!("{en}", "{zh}")
    }

    fn of_error(error: &(dyn Error + 'static)) -> Self {
        if let Some(error) = error.downcast_ref::<ReportError>() {
            return error.message().clone();
        }
        let known = KNOWN.iter().find_map(|read| read(error));
        known.unwrap_or_else(|| Self::same(error.to_string()))
    }
}

type Read = fn(&(dyn Error + 'static)) -> Option<Text>;

/// Readers of every error that has a Chinese text.
const KNOWN: &[Read] = &[
    said::<CallFailure>,
    said::<GapReason>,
    said::<PlanError>,
    said::<ApiError>,
    said::<GatewayError>,
    said::<ProtocolError>,
    said::<ResponseError>,
    said::<TransportFailure>,
    said::<TransportError>,
    said::<ProxyError>,
    said::<ExchangeError>,
    said::<CallError>,
    said::<SignFailure>,
    said::<CaBundleError>,
    said::<BehaviorError>,
    said::<FaultScriptError>,
    said::<SignError>,
    said::<VerifyError>,
    system_error,
    |error| error.downcast_ref().map(key_causes::not_found),
    said::<volc_credentials::SourceError>,
    said::<volc_credentials::ExchangeError>,
];

fn said<E: Error + InChinese + 'static>(error: &(dyn Error + 'static)) -> Option<Text> {
    error.downcast_ref::<E>().map(Text::of)
}

impl InChinese for CallFailure {
    fn zh(&self) -> String {
        match self {
            Self::Api(error) => error.zh(),
            Self::Gateway(error) => error.zh(),
            Self::Protocol(error) => error.zh(),
            Self::Transport(failure) => failure.zh(),
            Self::Stopped(why) => format!("此前的请求被拒绝，因此未再查询：{}", why.zh()),
            Self::Deadline => "已超过时限".to_owned(),
            Self::Interrupted => "已中断".to_owned(),
            Self::Request(what) => format!("无法生成请求：{what}"),
            other => other.to_string(),
        }
    }
}

impl InChinese for GapReason {
    fn zh(&self) -> String {
        match self {
            Self::CallFailed(failure) => failure.zh(),
            Self::NotReturned => "服务端未返回".to_owned(),
            Self::NotBegun => "尚未开始".to_owned(),
            Self::NotInHistory => "历史库中没有".to_owned(),
            Self::ListIncomplete(Shortfall { received, reported: Some(reported), .. }) => {
                format!("列表不完整：共 {reported} 个，只收到 {received} 个")
            }
            Self::ListIncomplete(Shortfall { received, .. }) => {
                format!("列表不完整：收到 {received} 个，总数未知")
            }
            other => other.to_string(),
        }
    }
}

impl InChinese for PlanError {
    fn zh(&self) -> String {
        match self {
            Self::NoTarget => "没有任何查询对象".to_owned(),
            Self::Overlap { first, second } => {
                format!("查询对象 {} 与 {} 有重叠，用量会被重复计算", first.0, second.0)
            }
            Self::Unsupported { target, dimension, action } => {
                format!("查询对象 {} 用到 {dimension}，而 {action} 不能按它筛选或分组", target.0)
            }
            Self::Option { name, value, must } => {
                format!("{name} 的值 {value} 不在允许的范围内（{}）", must.zh())
            }
            other => other.to_string(),
        }
    }
}

impl InChinese for OptionRange {
    fn zh(&self) -> String {
        match self {
            Self::AtLeastOne => "至少为 1",
            Self::Rate => "每秒请求数，至少为 0.001",
            other => return other.to_string(),
        }
        .to_owned()
    }
}

impl InChinese for FaultScriptError {
    fn zh(&self) -> String {
        match self {
            Self::Syntax { line, problem } => format!("第 {line} 行：{problem}"),
            Self::Kind { line, kind } => format!("第 {line} 行：未知的 kind {kind}"),
            Self::UnknownKey { line, key, .. } => format!("第 {line} 行：未知的键 {key}"),
            Self::MissingKey { line, key } => format!("第 {line} 行：缺少键 {key}"),
            Self::Status { name, status } => {
                format!("故障 {name:?}：{status} 不是应答的状态码（200 到 599）")
            }
            Self::Bomb { name, bytes } => {
                format!("故障 {name:?}：bytes = {bytes} 过大，gzip-bomb 解压后不能有这么大")
            }
            Self::Location { name, location } => {
                format!("故障 {name:?}：location = {location:?} 不能用作请求头的值")
            }
            other => other.to_string(),
        }
    }
}

impl InChinese for BehaviorError {
    fn zh(&self) -> String {
        match self {
            Self::NotASwitch { text } => {
                format!("{text:?} 应为 名称=值 的形式，例如 hour-labels=end")
            }
            Self::UnknownSwitch { name } => {
                format!("未知的行为 {name:?}；可用的有 {}", Behaviors::NAMES.join("、"))
            }
            Self::UnknownValue { name, value, takes } => {
                format!("{name} 的取值为 {}，没有 {value:?}", takes.zh())
            }
            other => other.to_string(),
        }
    }
}

impl InChinese for SwitchValues {
    fn zh(&self) -> String {
        match self {
            Self::OneOf(values) => values.join(" 或 "),
            Self::Joined(values) => format!("{}，用 + 连接", values.join("、")),
            Self::Length => "none、天数（31d）、小时数（168h）或秒数".to_owned(),
            Self::Number => "none 或一个数".to_owned(),
            other => other.to_string(),
        }
    }
}

/// Messages of the service are quoted in their own language.
impl InChinese for ApiError {
    fn zh(&self) -> String {
        self.with_message(&self.shown_message().zh())
    }
}

impl InChinese for Excerpt<'_> {
    fn zh(&self) -> String {
        match self.left_out() {
            0 => self.beginning().to_owned(),
            more => format!("{}…（另有 {more} 个字符）", self.beginning()),
        }
    }
}

impl InChinese for GatewayError {
    fn zh(&self) -> String {
        let status = self.status.as_u16();
        if self.body.is_empty() {
            return format!("HTTP {status}，没有 API 错误信息");
        }
        format!("HTTP {status}，没有 API 错误信息：{}", self.body)
    }
}

impl InChinese for ProtocolError {
    fn zh(&self) -> String {
        let detail = self.shown_detail().zh();
        format!("{}：{detail}（HTTP {}）", self.problem.zh(), self.status.as_u16())
    }
}

impl InChinese for ProtocolProblem {
    fn zh(&self) -> String {
        match self {
            Self::NotJson => "应答不是 JSON".to_owned(),
            Self::Shape => "应答与文档不符".to_owned(),
            other => other.to_string(),
        }
    }
}

impl InChinese for ResponseError {
    fn zh(&self) -> String {
        match self {
            Self::Api(error) => error.zh(),
            Self::Gateway(error) => error.zh(),
            Self::Protocol(error) => error.zh(),
            other => other.to_string(),
        }
    }
}

impl InChinese for ExchangeError {
    fn zh(&self) -> String {
        match self {
            Self::Sign(failure) => failure.zh(),
            Self::Transport(error) => error.zh(),
            other => other.to_string(),
        }
    }
}

impl InChinese for CallError {
    fn zh(&self) -> String {
        match self {
            Self::Request(what) => format!("无法生成请求：{what}"),
            Self::Exchange(error) => error.zh(),
            Self::Response(error) => error.zh(),
            other => other.to_string(),
        }
    }
}

impl InChinese for SignFailure {
    fn zh(&self) -> String {
        match self {
            Self::UnknownAccount { account } => format!("账号 {} 没有签名者", account.0),
            Self::NoCredentials(_) => "没有可用的密钥".to_owned(),
            Self::Time(_) => "时间无法写成日期".to_owned(),
            Self::Refused(_) => "请求无法签名".to_owned(),
            Self::Other(_) => "签名失败".to_owned(),
            other => other.to_string(),
        }
    }
}

impl InChinese for NotUtf8 {
    fn zh(&self) -> String {
        match self {
            Self::Utf16 => "是 UTF-16 文本，而不是 UTF-8".to_owned(),
            Self::Utf32 => "是 UTF-32 文本，而不是 UTF-8".to_owned(),
            Self::Gbk { line } => format!("第 {line} 行不是 UTF-8 文本，像是 GBK"),
            Self::Unknown { line } => format!("第 {line} 行不是 UTF-8 文本"),
            other => other.to_string(),
        }
    }
}

impl InChinese for SignError {
    fn zh(&self) -> String {
        match self {
            Self::InvalidMethod => "请求方法不是合法的 HTTP 方法".to_owned(),
            Self::EncodedSlash => "路径中含有编码后的斜杠（%2F）".to_owned(),
            Self::InvalidEscape { part: "path" } => "路径中的百分号不是合法的转义".to_owned(),
            Self::InvalidEscape { .. } => "查询串中的百分号不是合法的转义".to_owned(),
            Self::PathNotUtf8 => "路径的转义不是 UTF-8".to_owned(),
            Self::Semicolon => "查询串中含有分号；请写成 %3B".to_owned(),
            Self::MissingHost => "Host 请求头和 URI 都没有指明主机".to_owned(),
            Self::HostMismatch => "Host 请求头与 URI 的主机不一致".to_owned(),
            Self::UserInfo => "URI 中含有用户名或密码".to_owned(),
            Self::MissingHeader { name } => format!("要签名的请求头 {name:?} 不存在"),
            Self::RepeatedHeader { name } => format!("被签名的请求头 {name:?} 重复出现"),
            Self::HeaderWhitespace { name } => {
                format!("被签名的请求头 {name:?} 含有制表符、控制字符或连续空格")
            }
            Self::HeaderNotUtf8 { name } => format!("被签名的请求头 {name:?} 不是 UTF-8"),
            Self::InvalidSignedHeaders { name } => format!("{name:?} 不能出现在签名请求头列表中"),
            Self::Unsendable { what } => format!("{what} 为空，或含有无法发送的字符"),
            Self::WrongSigningKey => "签名密钥属于另一个日期、地域或服务".to_owned(),
            Self::ReservedParameter { name } => {
                format!("URL 中已有 {name:?}，而预签名会添加该参数")
            }
            Self::InvalidExpiry => "URL 中的 X-Expires 不是单一的秒数".to_owned(),
            Self::InvalidUri => "预签名 URL 不是合法的 URI".to_owned(),
            other => other.to_string(),
        }
    }
}

impl InChinese for VerifyError {
    fn zh(&self) -> String {
        match self {
            Self::MissingAuthorization => "请求没有签名".to_owned(),
            Self::TwoSignatures => "请求头和 URL 中都有签名".to_owned(),
            Self::UnsupportedAlgorithm => "鉴权方式不是 HMAC-SHA256".to_owned(),
            Self::MalformedAuthorization => "Authorization 请求头无法解析".to_owned(),
            Self::MissingClaim { name } => format!("缺少 {name}"),
            Self::RepeatedClaim { name } => format!("{name} 出现不止一次"),
            Self::MalformedCredential => {
                "Credential 不是 ID/日期/地域/服务/request 的形式".to_owned()
            }
            Self::MalformedSignedHeaders => "签名请求头列表无法解析".to_owned(),
            Self::MissingSignature => "缺少签名".to_owned(),
            Self::MalformedSignature => "签名不是 64 位小写十六进制".to_owned(),
            Self::MissingDate => "缺少 X-Date".to_owned(),
            Self::MalformedDate => "X-Date 不是 YYYYMMDDTHHMMSSZ 的形式".to_owned(),
            Self::MalformedExpiry => "X-Expires 不是秒数".to_owned(),
            Self::ScopeDateMismatch => "凭证范围中的日期与 X-Date 不是同一天".to_owned(),
            Self::WrongRegion { expected, presented } => {
                format!("凭证范围的地域是 {presented:?}，应为 {expected:?}")
            }
            Self::WrongService { expected, presented } => {
                format!("凭证范围的服务是 {presented:?}，应为 {expected:?}")
            }
            Self::ClockSkew { presented, now } => {
                format!("签名时间是 {presented}，在 {now} 已不可接受")
            }
            Self::UnsignedHeader { name } => format!("请求头 {name:?} 没有被签名"),
            Self::UnsortedHeaders => "签名请求头列表没有排序".to_owned(),
            Self::UnsignedParameter { name } => format!("查询参数 {name:?} 没有被签名"),
            Self::MalformedPayloadHash => "X-Content-Sha256 不是 64 位小写十六进制".to_owned(),
            Self::PayloadMismatch => "请求体的哈希与 X-Content-Sha256 不一致".to_owned(),
            Self::Unclear(_) => "请求没有唯一的规范形式".to_owned(),
            Self::SignatureMismatch => "签名不匹配".to_owned(),
            other => other.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    #[test]
    fn errors_of_the_workspace_are_translated_and_others_are_not() {
        let error = TransportError::new(TransportFailure::Dns).with_detail("no.such.host");
        let text = Text::of_error(&ExchangeError::from(error));
        assert_eq!(text.in_lang(Lang::En), "the host name does not resolve: no.such.host");
        assert_eq!(text.in_lang(Lang::Zh), "域名无法解析：no.such.host");
        let foreign = std::io::Error::other("broken");
        assert_eq!(Text::of_error(&foreign), Text::same("broken"));
    }

    /// Some errors of each library, whose data are in capitals.
    fn errors() -> Vec<Box<dyn Error>> {
        use volc_credentials::SourceError;

        let failures = [
            TransportFailure::Dns,
            TransportFailure::ConnectTimeout,
            TransportFailure::ReadTimeout,
            TransportFailure::BodyTooLarge,
            TransportFailure::Malformed,
        ];
        let refused = ["SWITCH", "SWITCH=1", "max-range=X", "max-ids=X", "tag-keys=X", "values=X"]
            .map(|switch| switch.parse::<Behaviors>().unwrap_err());
        let name = || "NAME".to_owned();
        let (program, command) = (name(), name());
        let mut errors: Vec<Box<dyn Error>> = vec![
            Box::new(GapReason::NotReturned),
            Box::new(GapReason::NotInHistory),
            Box::new(PlanError::NoTarget),
            Box::new(CallFailure::Deadline),
            Box::new(CaBundleError::Empty),
            Box::new(SignFailure::Refused(SignError::Semicolon)),
            Box::new(SignError::HeaderWhitespace { name: name() }),
            Box::new(SignError::HostMismatch),
            Box::new(VerifyError::TwoSignatures),
            Box::new(VerifyError::PayloadMismatch),
            Box::new(SourceError::LoginMissing { path: "FILE".into(), command }),
            Box::new(SourceError::Process {
                program,
                failure: volc_credentials::ProcessFailure::TimedOut,
            }),
            Box::new(SourceError::Keys(volc_credentials::KeyProblem::Exchanged)),
        ];
        errors.extend(failures.map(|kind| TransportError::new(kind).with_detail("NAME").into()));
        errors.extend(refused.map(Into::into));
        errors
    }

    /// A text looked up by its English sentence loses its Chinese when the sentence changes; then the
    /// sentence shows.
    #[test]
    fn the_chinese_holds_no_words_of_the_english() {
        let words = |text: &str| -> Vec<String> {
            let words = text.split(|letter: char| !letter.is_ascii_alphabetic() && letter != '-');
            words.map(str::to_owned).collect()
        };
        for error in errors() {
            let text = Text::of_error(&*error);
            let (english, chinese) = (text.in_lang(Lang::En), text.in_lang(Lang::Zh));
            assert_eq!(english, error.to_string());
            assert!(chinese.contains(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{chinese}");
            let chinese = words(chinese);
            let prose = |pair: &&[String]| {
                pair.iter()
                    .all(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase()))
            };
            for pair in words(english).windows(2).filter(prose) {
                assert!(!chinese.windows(2).any(|said| said == pair), "{pair:?} in {chinese:?}");
            }
        }
    }
}

//! Explanations of errors with advice, in both languages: of API error codes here, of failures of the
//! network in [`network`]. Errors and `doctor` take their advice from here.
//!
//! A code is looked up whole, then by the part before its first dot: the service puts the name of a
//! parameter after it (`InvalidParameter.StartTime`).

mod network;

use ark_usage_report::{missing_permission, policy_for, text};
use volc_openapi::{ApiError, CodeClass, ErrorCode};

pub(crate) use self::network::explain_failure;
use crate::lang::Text;

/// The explanation of a code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Explanation {
    /// The code, or the part before the dot of several codes.
    pub(crate) code: &'static str,
    /// Meaning and advice, in English.
    pub(crate) en: &'static str,
    /// Meaning and advice, in Chinese.
    pub(crate) zh: &'static str,
}

impl Explanation {
    /// Returns meaning and advice.
    pub(crate) fn hint(&self) -> Text {
        self.hint_about(None)
    }

    /// Returns meaning and advice; `permission` is the IAM action that is missing, where it is known.
    fn hint_about(&self, permission: Option<&str>) -> Text {
        let (named, policy) = match permission {
            None => (text!("permission", "此操作的"), Text::same("ArkReadOnlyAccess")),
            Some(name) => (text!("the permission {name}", " {name} "), policy_for(name)),
        };
        Text::each(|lang| {
            let pattern = lang.pick(self.en, self.zh);
            let filled = pattern.replace("{permission}", named.in_lang(lang));
            filled.replace("{policy}", policy.in_lang(lang))
        })
    }
}

/// Returns the advice on an error of an action, with the permission that is missing.
pub(crate) fn advice(error: &ApiError, action: &str) -> Option<Text> {
    let permission = missing_permission(error, action);
    Some(explain_error(error)?.hint_about(permission.as_deref()))
}

/// Finds the explanation of a code, or of the number of one.
pub(crate) fn explain(code: &str) -> Option<&'static Explanation> {
    let number = code.parse().ok();
    let name = number.and_then(name_of_number).unwrap_or(code);
    let of_class = || match ErrorCode::new(name, None).class() {
        CodeClass::Throttle => find("RateLimitExceeded"),
        CodeClass::Temporary => find("ServiceUnavailable"),
        _ => None,
    };
    find(name).or_else(|| find(volc_openapi::head_of(name))).or_else(of_class)
}

/// Finds the explanation of an error by its code, or by its number if it has no code. If it has neither, by a code
/// that its message begins with, or by the HTTP status.
fn explain_error(error: &ApiError) -> Option<&'static Explanation> {
    if error.has_no_code() {
        let begun = error.message.split_once(':').and_then(|(word, _)| explain(word.trim()));
        return begun.or_else(|| explain_status(error.status.as_u16()));
    }
    match error.code_n {
        Some(number) if error.code.is_empty() => explain(&number.to_string()),
        _ => explain(&error.code),
    }
}

/// Finds the explanation of an error that has an HTTP status only.
fn explain_status(status: u16) -> Option<&'static Explanation> {
    find(match status {
        401 => "InvalidAccessKey",
        403 => "AccessDenied",
        404 => "InvalidActionOrVersion",
        429 => "RateLimitExceeded",
        503 => "ServiceUnavailable",
        _ => return None,
    })
}

fn find(wanted: &str) -> Option<&'static Explanation> {
    EXPLANATIONS.iter().find(|known| known.code.eq_ignore_ascii_case(wanted))
}

/// Returns the code of a gateway number; the gateway sends numbers with codes or alone.
fn name_of_number(number: i64) -> Option<&'static str> {
    Some(match number {
        100_002 => "MissingParameter",
        100_003 => "MissingAuthenticationToken",
        100_004 => "MissingRequestInfo",
        100_005 => "MissingSignature",
        100_006 => "InvalidTimestamp",
        100_007 => "ServiceNotFound",
        100_008 => "InvalidActionOrVersion",
        100_009 => "InvalidAccessKey",
        100_010 => "SignatureDoesNotMatch",
        100_012 => "LackPolicy",
        100_013 => "AccessDenied",
        100_014 => "InternalError",
        100_016 => "InternalServiceTimeout",
        100_018 => "FlowLimitExceeded",
        100_027 => "AccountFlowLimitExceeded",
        _ => return None,
    })
}

/// Returns every code with an explanation.
pub(crate) fn known_codes() -> impl Iterator<Item = &'static str> {
    EXPLANATIONS.iter().map(|known| known.code)
}

/// Gateway codes first, in the order of the vendor's table, then those of Ark's actions.
const EXPLANATIONS: &[Explanation] = &[
    Explanation {
        code: "MissingParameter",
        en: "a required parameter is missing; its name follows the dot (no dot: Action or Version)",
        zh: "缺少必填参数，参数名在点号之后（没有点号时指 Action 或 Version）",
    },
    Explanation {
        code: "MissingAuthenticationToken",
        en: "the request has no authentication; a proxy may have removed the Authorization header",
        zh: "请求没有携带鉴权信息；中间的代理可能去掉了 Authorization 请求头",
    },
    Explanation {
        code: "MissingRequestInfo",
        en: "X-Date, the access key, the region or the service is missing from the signature",
        zh: "签名中缺少 X-Date、Access Key、地域或服务名",
    },
    Explanation {
        code: "MissingSignature",
        en: "the Authorization header has no signature",
        zh: "Authorization 请求头中没有签名",
    },
    Explanation {
        code: "InvalidTimestamp",
        en: "the clock of this machine is more than 15 minutes off: set it (NTP)",
        zh: "本机时钟与服务端相差超过 15 分钟：请校准时钟（NTP）",
    },
    Explanation {
        code: "ServiceNotFound",
        en: "the service in the signature is unknown: use --service ark for Ark",
        zh: "签名中的服务名不存在：方舟应使用 --service ark",
    },
    Explanation {
        code: "InvalidActionOrVersion",
        en: "the service does not know this action or version: it may not be open to this account, or may have been withdrawn (GetUsage is in beta); for usage, --api auto takes the action that is there",
        zh: "服务不认识该 Action 或 Version：可能未对该账号开放，或已下线（GetUsage 处于 beta 阶段）；查询用量时，--api auto 会选用可用的接口",
    },
    Explanation {
        code: "InvalidAccessKey",
        en: "the access key is unknown, disabled or deleted, or its session token has expired: check it in the IAM console, or log in again",
        zh: "Access Key 不存在、被停用或已删除，或会话令牌已过期：请在访问控制（IAM）控制台检查，或重新登录",
    },
    Explanation {
        code: "SignatureDoesNotMatch",
        en: "the secret key does not match the access key, or the request was changed on the way; `ark-usage explain` finds the difference",
        zh: "Secret Key 与 Access Key 不匹配，或请求在途中被修改；可用 `ark-usage explain` 查找差异",
    },
    Explanation {
        code: "LackPolicy",
        en: "no policy gives the user {permission}: attach {policy} in the IAM console",
        zh: "没有策略授予该用户{permission}权限：请在访问控制（IAM）控制台授予 {policy}",
    },
    Explanation {
        code: "AccessDenied",
        en: "the user lacks {permission}: attach {policy} in the IAM console; a user limited to projects must pass --project",
        zh: "该用户没有{permission}权限：请在访问控制（IAM）控制台授予 {policy}；仅有项目权限的用户需用 --project 指定项目",
    },
    Explanation {
        code: "LackProjectPolicy",
        en: "the user lacks {permission} for this project: attach {policy} for it in the IAM console",
        zh: "该用户在此项目没有{permission}权限：请在访问控制（IAM）控制台为该项目授予 {policy}",
    },
    Explanation {
        code: "InternalError",
        en: "the service failed; try again later, and send the request ID to the vendor if it persists",
        zh: "服务内部错误；请稍后重试，如持续出现请将请求 ID 提供给厂商",
    },
    Explanation {
        code: "InternalServiceError",
        en: "the service failed; try again later, and send the request ID to the vendor if it persists",
        zh: "服务内部错误；请稍后重试，如持续出现请将请求 ID 提供给厂商",
    },
    Explanation {
        code: "InternalServiceTimeout",
        en: "the service took too long; use a shorter range, or try again later",
        zh: "服务处理超时；请缩短查询范围或稍后重试",
    },
    Explanation {
        code: "FlowLimitExceeded",
        en: "too many calls of this action; wait, then send fewer at once",
        zh: "该接口调用过于频繁；请稍候并降低并发",
    },
    Explanation {
        code: "AccountFlowLimitExceeded",
        en: "too many calls of this account, perhaps by other programs; wait, then send fewer at once",
        zh: "该账号调用过于频繁（可能来自其他程序）；请稍候并降低并发",
    },
    Explanation {
        code: "InvalidAuthorization",
        en: "the Authorization header is malformed; an inference API key (bearer token) does not work here: use an access key and a secret key",
        zh: "Authorization 请求头格式错误；推理 API Key（Bearer）在此不可用，需要 Access Key 与 Secret Key",
    },
    Explanation {
        code: "InvalidCredential",
        en: "the credential scope is malformed; it must be access key/date/region/service/request",
        zh: "凭证范围格式错误：应为 Access Key/日期/地域/服务/request",
    },
    Explanation {
        code: "InvalidSecretToken",
        en: "the session token is invalid or has expired: log in or assume the role again",
        zh: "会话令牌错误或已过期：请重新登录或重新扮演角色",
    },
    Explanation {
        code: "ExpiredToken",
        en: "the session token has expired: log in or assume the role again",
        zh: "会话令牌已过期：请重新登录或重新扮演角色",
    },
    Explanation {
        code: "ServiceUnavailableTemp",
        en: "the service is unavailable; try again later",
        zh: "服务暂时不可用；请稍后重试",
    },
    Explanation {
        code: "ServiceUnavailable",
        en: "the service is unavailable; try again later",
        zh: "服务暂时不可用；请稍后重试",
    },
    Explanation {
        code: "ServiceShouldCallSelfApi",
        en: "this service must be called at its own address: see --base-url",
        zh: "该服务需要通过其自己的地址调用，而非公共地址：见 --base-url",
    },
    Explanation {
        code: "InvalidParameter",
        en: "the service refuses the parameter after the dot: check the range, the endpoint IDs and the scenes",
        zh: "服务不接受点号之后的参数：请检查时间范围、推理接入点 ID 与场景",
    },
    Explanation {
        code: "NotFound",
        en: "the resource named by the parameter after the dot does not exist in this account: check the spelling, and that the keys are of the right account",
        zh: "点号之后的参数所指的资源在该账号下不存在：请检查拼写，或是否用了其他账号的密钥",
    },
    Explanation {
        code: "OperationDenied",
        en: "the state of the account does not allow this; the part after the dot gives the reason",
        zh: "账号当前状态不允许此操作，原因见点号之后",
    },
    Explanation {
        code: "AccountOverdueError",
        en: "the account is overdue: settle the bill",
        zh: "账号已欠费：请充值或结清账单",
    },
    Explanation {
        code: "ResourceNotFound",
        en: "the resource after the dot does not exist, for example because no plan is subscribed",
        zh: "点号之后的资源不存在，例如未订阅套餐",
    },
    Explanation {
        code: "RateLimitExceeded",
        en: "too many calls; wait, then send fewer at once",
        zh: "调用过于频繁；请稍候并降低并发",
    },
    Explanation {
        code: "RequestLimitExceeded",
        en: "too many calls; wait, then send fewer at once",
        zh: "调用过于频繁；请稍候并降低并发",
    },
    Explanation {
        code: "TooManyRequests",
        en: "too many calls; wait, then send fewer at once",
        zh: "调用过于频繁；请稍候并降低并发",
    },
    Explanation {
        code: "RequestTimeout",
        en: "the request timed out; try again, and check the network if it persists",
        zh: "请求超时；请重试，如持续出现请检查网络",
    },
    Explanation {
        code: "ExpiredTokenException",
        en: "the session token has expired: log in or assume the role again",
        zh: "会话令牌已过期：请重新登录或重新扮演角色",
    },
    Explanation {
        code: "RequestExpired",
        en: "the signature or the session token has expired: check the clock of this machine, then log in or assume the role again",
        zh: "签名或会话令牌已过期：请检查本机时钟，然后重新登录或重新扮演角色",
    },
    Explanation {
        code: "InvalidSecurityToken",
        en: "the session token is invalid or has expired: log in or assume the role again",
        zh: "会话令牌错误或已过期：请重新登录或重新扮演角色",
    },
    Explanation {
        code: "InvalidAccessToken",
        en: "the sign-on session has ended: log in again with `ve sso login`",
        zh: "单点登录会话已失效：请用 `ve sso login` 重新登录",
    },
    Explanation {
        code: "Throttling",
        en: "too many calls; wait, then send fewer at once",
        zh: "调用过于频繁；请稍候并降低并发",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_whole_or_by_the_part_before_its_dot() {
        assert_eq!(
            explain("InvalidParameter.StartTime").map(|hint| hint.code),
            Some("InvalidParameter")
        );
        assert_eq!(explain("accessdenied").map(|hint| hint.code), Some("AccessDenied"));
        assert!(
            explain("AccessDenied")
                .is_some_and(|hint| hint.en.contains("{policy}") && hint.zh.contains("{policy}"))
        );
        assert!(explain("NoSuchCode").is_none());
        assert_eq!(explain("100013").map(|hint| hint.code), Some("AccessDenied"));
        assert!(explain("100001").is_none());
        let families = [
            ("SomeFlowLimit.User", "RateLimitExceeded"),
            ("ServiceUnavailableSoon", "ServiceUnavailable"),
        ];
        for (code, family) in families {
            assert_eq!(explain(code).map(|hint| hint.code), Some(family));
        }
    }

    #[test]
    fn every_code_is_explained_once_and_in_both_languages() {
        let mut codes: Vec<_> = known_codes().collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), EXPLANATIONS.len());
        assert!(EXPLANATIONS.iter().all(|known| !known.en.is_empty() && !known.zh.is_ascii()));
    }
}

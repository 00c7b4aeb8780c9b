//! Faults of files, outputs and answers that `volc-credentials` reads, in Chinese.

use std::io;

use volc_credentials::ContentProblem;

use super::causes::InChinese;
use super::network_causes::error_kind;

impl InChinese for ContentProblem {
    fn zh(&self) -> String {
        match self {
            Self::NotJson => "不是合法的 JSON",
            Self::NotAnObject => "不是 JSON 对象",
            Self::ExpectedFields => "不是含有所需字段的 JSON 对象",
            Self::NotDocumented => "与文档中的 JSON 不符",
            Self::ExpectedObject => "应为对象",
            Self::ExpectedObjectWithKeys => "应为含有密钥的对象",
            Self::ExpectedText => "应为加引号的文本",
            Self::ExpectedNumber => "应为整数",
            Self::ExpectedBoolean => "应为 true 或 false",
            Self::ExpectedTime => "应为日期和时间（RFC 3339）",
            Self::ExpectedAddress => "应为主机名或地址（URL）",
            Self::ExpectedMode => "应为 ak、ramrolearn、oidc、ecsrole、sso 或 console-login",
            Self::ExpectedPair => "应为 键 = 值 的形式",
            Self::NoBracket => "缺少右方括号 ]",
            Self::NoSection => "键之前没有 [小节]",
            Self::NoToken => "文件中没有令牌",
            Self::Incomplete => "其中有一个键缺失或为空",
            Self::Utf16 => "是 UTF-16 文本；请另存为 UTF-8",
            Self::NotUtf8 => "不是 UTF-8 文本",
            Self::Encoding(problem) => return problem.zh(),
            Self::Missing(name) => return format!("{name} 缺失或为空"),
            Self::NotText(name) => return format!("{name} 应为加引号的文本"),
            Self::NotInstant(name) => return format!("{name} 应为带时区的日期和时间（RFC 3339）"),
            Self::Version => "其 Version 不是 1",
            Self::Expired => "密钥已过期",
            Self::NoCredentials => "其中没有密钥",
            Self::NotAToken => "不是令牌",
            Self::NotRoles => "不是角色名列表",
            Self::NoRole => "此服务器没有绑定角色",
            other => return other.to_string(),
        }
        .to_owned()
    }
}

/// Returns the Chinese of a kind of I/O error, in general words for rare ones.
pub(super) fn error_kind_or_general(kind: io::ErrorKind) -> &'static str {
    error_kind(kind).unwrap_or("输入输出失败")
}

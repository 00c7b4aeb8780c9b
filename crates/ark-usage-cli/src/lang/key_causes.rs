//! Errors of `volc-credentials` in Chinese: the places that were searched for keys, and the problems
//! found there.

use ark_usage_report::text;
use volc_credentials::{
    Absence, Attempt, CommandProblem, ExchangeError, ExchangeProblem, FileProblem, HalfKey,
    KeyPart, KeyProblem, NotFound, Origin, Outcome, Place, ProcessFailure, Purpose, RequestProblem,
    SourceError, SourceKind, UnreadableVariable,
};

use super::Text;
use super::causes::{InChinese, TextOf as _};
use super::content_causes::error_kind_or_general;

impl InChinese for NotFound {
    fn zh(&self) -> String {
        match self.attempts.as_slice() {
            [] => "没有密钥：没有可查找的位置".to_owned(),
            [only] => format!("没有密钥：{}", only.zh()),
            several => {
                let lines = several.iter().map(|attempt| format!("\n  {}", attempt.zh()));
                format!("没有找到密钥；已查找：{}", lines.collect::<String>())
            }
        }
    }
}

/// Returns the error about missing keys, each place searched on a line of its own.
pub(crate) fn not_found(error: &NotFound) -> Text {
    let lines = match error.attempts.as_slice() {
        [] | [_] => return Text::of(error),
        several => several
            .iter()
            .map(|attempt| text!("\n  {attempt}", "\n  {attempt}"; attempt = Text::of(attempt))),
    };
    text!(
        "no credentials found; places searched:{lines}",
        "没有找到密钥；已查找：{lines}";
        lines = Text::all(lines)
    )
}

impl InChinese for Attempt {
    fn zh(&self) -> String {
        match self.unnamed_place() {
            Some(place) => format!("{}：{}", place.zh(), self.outcome.zh()),
            None => self.outcome.zh(),
        }
    }
}

impl InChinese for Outcome {
    fn zh(&self) -> String {
        match self {
            Self::Absent(reason) => reason.zh(),
            Self::Disabled(variable) => format!("被 {variable}=true 禁用"),
            Self::Failed(error) => error.zh(),
            Self::Half { present, missing } => {
                format!("已设置 {}，但 {} 缺失或为空", present.zh(), missing.zh())
            }
            Self::NotTried => "未查找，前面的位置已给出密钥".to_owned(),
            Self::Won => "已采用".to_owned(),
            other => other.to_string(),
        }
    }
}

impl InChinese for HalfKey {
    fn zh(&self) -> String {
        match self {
            Self::Entry(place) => place.zh(),
            Self::Given(part) => part.zh(),
            Self::Named(names) => names.join(" 或 "),
            other => other.to_string(),
        }
    }
}

impl InChinese for Place {
    fn zh(&self) -> String {
        let line = self.line.map(|line| format!(" 第 {line} 行")).unwrap_or_default();
        let key = self.key.as_ref().map(|key| format!("，键 {key}")).unwrap_or_default();
        format!("{}{line}{key}", self.path.display())
    }
}

impl InChinese for Absence {
    fn zh(&self) -> String {
        match self {
            Self::FileMissing(path) => format!("{} 不存在", path.display()),
            Self::HomeUnknown => "主目录未知".to_owned(),
            Self::NoCurrentProfile(path) => {
                format!("{} 中既没有当前 profile，也没有名为 default 的 profile", path.display())
            }
            Self::NoDefaultSection(path) => format!("{} 中没有 default 小节", path.display()),
            Self::NoKeys(path) => format!("{} 中没有密钥", path.display()),
            Self::NotGiven => "未提供".to_owned(),
            Self::NotQueried(variable) => format!("未查询，{variable} 未设置"),
            Self::NotSet => "未设置".to_owned(),
            Self::VariablesNotSet(names) => format!("{} 未设置", names.join(" 和 ")),
            other => other.to_string(),
        }
    }
}

impl InChinese for SourceError {
    fn zh(&self) -> String {
        match self {
            Self::CommandLine(problem) => format!("外部程序的命令无法运行：{}", problem.zh()),
            Self::Exchange(error) => error.zh(),
            Self::Keys(problem) => problem.zh(),
            Self::LoginExpired { path, command, .. } => {
                format!("{} 中的登录已过期；请用 `{command}` 重新登录", path.display())
            }
            Self::LoginMissing { path, command } => {
                format!("{} 不存在或没有会话；请用 `{command}` 登录", path.display())
            }
            Self::Malformed { place, problem } => format!("{}：{}", place.zh(), problem.zh()),
            Self::MissingKey { place, needed_by } => {
                format!("{} 缺失或为空；{needed_by} 需要它", place.zh())
            }
            Self::Process { program, failure } => format!("外部程序 {program} {}", failure.zh()),
            Self::ProcessAnswer { program, problem } => {
                format!("外部程序 {program} 的输出无法使用：{}", problem.zh())
            }
            Self::UnknownProfile { path, profile, known } => {
                let known = if known.is_empty() { "无".to_owned() } else { known.join("、") };
                format!("{} 中没有 profile {profile}；现有：{known}", path.display())
            }
            Self::Unreadable { path, kind } => {
                format!("{} 无法读取：{}", path.display(), error_kind_or_general(*kind))
            }
            Self::UnreadableVariable(variable) => variable.zh(),
            Self::Variable { variable, problem } => format!("{variable}：{}", problem.zh()),
            other => other.to_string(),
        }
    }
}

impl InChinese for FileProblem {
    fn zh(&self) -> String {
        match self {
            Self::TooLarge(limit) => format!("大于 {} MiB", limit >> 20),
            Self::System(error) => error.to_string(),
            Self::NotAFile => "既不是文件，也不是管道".to_owned(),
            Self::NoWriter => "没有程序写入该 FIFO".to_owned(),
            Self::Endless(limit) => format!("管道在 {} 秒内没有结束", limit.as_secs()),
            other => other.to_string(),
        }
    }
}

impl InChinese for UnreadableVariable {
    fn zh(&self) -> String {
        format!("{} 的值不是有效的 UTF-8", self.name)
    }
}

impl InChinese for KeyProblem {
    fn zh(&self) -> String {
        match self {
            Self::Exchanged => "Access Key ID 与 Secret 疑似互换：Secret 以 ID 的前缀（AKLT、AKTP）开头，而 ID 不是".to_owned(),
            Self::Sign { part, .. } => {
                let part = part.zh();
                format!("{part} 含有字符 {}，不可能属于其中", self.sign().unwrap_or_default())
            }
            other => other.to_string(),
        }
    }
}

impl InChinese for CommandProblem {
    fn zh(&self) -> String {
        match self {
            Self::NoProgram => "其中没有程序",
            Self::OpenQuote => "引号没有结束",
            other => return other.to_string(),
        }
        .to_owned()
    }
}

impl InChinese for RequestProblem {
    fn zh(&self) -> String {
        match self {
            Self::Url(base) => format!("{base} 无法拼成 URL"),
            Self::Parameters => "参数无法拼成 URL".to_owned(),
            Self::Host => "主机不能作为请求头的值".to_owned(),
            Self::Token => "令牌不能作为请求头的值".to_owned(),
            Self::Clock => "请求无法签名：时钟显示的时间无法写成日期".to_owned(),
            Self::Unsignable(error) => format!("请求无法签名：{}", error.zh()),
            other => other.to_string(),
        }
    }
}

impl InChinese for KeyPart {
    fn zh(&self) -> String {
        match self {
            Self::Id => "Access Key ID",
            Self::Secret => "Secret Access Key",
            Self::Token => "会话令牌",
            other => return other.to_string(),
        }
        .to_owned()
    }
}

impl InChinese for ProcessFailure {
    fn zh(&self) -> String {
        match self {
            Self::Exited(Some(status)) => format!("以状态 {status} 结束"),
            Self::Exited(None) => "被信号终止".to_owned(),
            Self::Start(kind) => format!("无法启动：{}", error_kind_or_general(*kind)),
            Self::TimedOut => "未在时限内结束".to_owned(),
            Self::TooMuchOutput => "输出超过 64 KiB".to_owned(),
            other => other.to_string(),
        }
    }
}

impl InChinese for ExchangeError {
    fn zh(&self) -> String {
        let tries = if self.tries > 1 {
            format!("（共尝试 {} 次）", self.tries)
        } else {
            String::new()
        };
        let login = self.command.as_ref().map(|command| format!("；请用 `{command}` 重新登录"));
        let (purpose, problem) = (self.purpose.zh(), self.problem.zh());
        let space = if purpose.is_ascii() { " " } else { "" };
        format!("{purpose}{space}失败{tries}：{problem}{}", login.unwrap_or_default())
    }
}

impl InChinese for Purpose {
    fn zh(&self) -> String {
        match self {
            Self::AssumeRole => "STS AssumeRole",
            Self::AssumeRoleWithOidc => "STS AssumeRoleWithOIDC",
            Self::MetadataCredentials => "向实例元数据服务请求密钥",
            Self::MetadataRoles => "向实例元数据服务请求角色列表",
            Self::MetadataToken => "向实例元数据服务请求令牌",
            Self::PortalRoleCredentials => "向单点登录门户请求角色密钥",
            other => return other.to_string(),
        }
        .to_owned()
    }
}

impl InChinese for ExchangeProblem {
    fn zh(&self) -> String {
        match self {
            Self::Answer(problem) => format!("应答无法使用：{}", problem.zh()),
            Self::Expired => "应答中的密钥已经过期，请检查本机时钟".to_owned(),
            Self::Refused { status, code, message, request_id } => {
                let message =
                    if message.is_empty() { String::new() } else { format!("：{message}") };
                let id = request_id.as_ref().map(|id| format!("（请求 ID {id}）"));
                format!("{} {code}{message}{}", status.as_u16(), id.unwrap_or_default())
            }
            Self::Request(problem) => problem.zh(),
            Self::Status(status) => format!("HTTP 状态 {}", status.as_u16()),
            Self::Transport(failure) => failure.zh(),
            other => other.to_string(),
        }
    }
}

impl InChinese for Origin {
    fn zh(&self) -> String {
        match (&self.profile, &self.file) {
            (Some(profile), file) => {
                let file = file.as_ref().map(|file| format!("{} 的 ", file.display()));
                let mode = self.mode.map(|mode| format!("（模式 {mode}）")).unwrap_or_default();
                format!("{}profile {profile}{mode}", file.unwrap_or_default())
            }
            (None, Some(file)) => file.display().to_string(),
            (None, None) if self.source == SourceKind::Environment => {
                format!("{} {}", self.source.zh(), self.variables.join(", "))
            }
            (None, None) if !self.variables.is_empty() => {
                format!("{}（{}）", self.source.zh(), self.variables.join(", "))
            }
            (None, None) => self.source.zh(),
        }
    }
}

impl InChinese for SourceKind {
    fn zh(&self) -> String {
        match self {
            Self::AssumeRole => "扮演的角色",
            Self::CliConfig => "ve 的 profile",
            Self::EcsMetadata => "实例元数据",
            Self::Environment => "环境变量",
            Self::Explicit => "直接提供的值",
            Self::Oidc => "OIDC 令牌",
            Self::Process => "外部程序",
            Self::SharedCredentials => "共享凭证文件",
            Self::VolcConfig | Self::VolcCredentials => "旧版 SDK 的文件",
            other => return other.to_string(),
        }
        .to_owned()
    }
}

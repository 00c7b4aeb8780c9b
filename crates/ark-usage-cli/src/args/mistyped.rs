//! Errors of clap with a hint of the program's own, and in Chinese, for the kinds that users meet.

use ark_usage_report::{Lang, Text};
use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::mistyped_hint;

/// Returns the report of an error; `None` where clap's own says as much. `typing` is a hint about a sign that is
/// mistyped, which matters more than any other.
pub(crate) fn mistyped_report(error: &Error, typing: Option<Text>, lang: Lang) -> Option<String> {
    let hint = typing.or_else(|| mistyped_hint::hint(error));
    match lang {
        Lang::En => report_in_english(error, hint.as_ref()?),
        Lang::Zh => report_in_chinese(error, hint.as_ref()),
    }
}

/// Returns clap's message with another hint.
fn report_in_english(error: &Error, hint: &Text) -> Option<String> {
    let parts = ErrorParts(error);
    let said = error.render().to_string();
    let message = match mistyped_hint::problem(error) {
        Some(problem) => {
            let (flag, value) = parts.flag_and_value()?;
            format!("error: {flag}{value}: {}", problem.in_lang(Lang::En))
        }
        None => said.lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n"),
    };
    let mut report = format!("{message}\n  hint: {}", indented(hint, Lang::En));
    report.push_str("\n\nFor more information, try '-h'.");
    Some(report)
}

/// Returns the report in Chinese; `None` for a kind that is not translated.
fn report_in_chinese(error: &Error, hint: Option<&Text>) -> Option<String> {
    let parts = ErrorParts(error);
    let message = parts.message()?;
    let mut report = format!("错误：{message}");
    let known = if error.kind() == ErrorKind::InvalidValue { None } else { parts.known() };
    let meant = hint.map(|hint| indented(hint, Lang::Zh)).or_else(|| parts.suggestion());
    for line in [meant, known].into_iter().flatten() {
        report.push_str("\n  提示：");
        report.push_str(&line);
    }
    report.push_str("\n\n更多信息请加 '-h' 查看。");
    Some(report)
}

/// Returns a hint whose further lines stand under its first.
fn indented(hint: &Text, lang: Lang) -> String {
    hint.in_lang(lang).replace('\n', "\n        ")
}

/// The parts of an error.
struct ErrorParts<'a>(&'a Error);

impl ErrorParts<'_> {
    fn message(&self) -> Option<String> {
        let arg = self.text(ContextKind::InvalidArg);
        Some(match self.0.kind() {
            ErrorKind::UnknownArgument => format!("不认识的参数 '{}'", arg?),
            ErrorKind::InvalidSubcommand => {
                format!("不认识的命令 '{}'", self.text(ContextKind::InvalidSubcommand)?)
            }
            ErrorKind::MissingSubcommand => "需要一个命令，但没有给出".to_owned(),
            ErrorKind::MissingRequiredArgument => format!("缺少必需的参数：{}", arg?),
            ErrorKind::ArgumentConflict if arg.is_none() => {
                let command = self.text(ContextKind::InvalidSubcommand)?;
                let prior = self.text(ContextKind::PriorArg)?;
                if self.0.get(ContextKind::Suggested).is_some() {
                    format!("参数 '{prior}' 应写在命令 '{command}' 之后")
                } else {
                    format!("参数 '{prior}' 不能与命令 '{command}' 同时使用")
                }
            }
            ErrorKind::ArgumentConflict => match self.text(ContextKind::PriorArg) {
                Some(prior) if Some(&prior) != arg.as_ref() => {
                    format!("参数 '{}' 不能与 {prior} 同时使用", arg?)
                }
                _ => format!("参数 '{}' 不能重复使用", arg?),
            },
            ErrorKind::InvalidValue | ErrorKind::ValueValidation
                if mistyped_hint::problem(self.0).is_some() =>
            {
                let (flag, value) = self.flag_and_value()?;
                let problem = mistyped_hint::problem(self.0)?;
                format!("{flag}{value}：{}", problem.in_lang(Lang::Zh))
            }
            ErrorKind::InvalidValue => format!("'{}' 需要一个值，但没有给出", arg?),
            ErrorKind::ValueValidation => {
                let value = self.text(ContextKind::InvalidValue)?;
                let why = std::error::Error::source(self.0).map(|why| format!("：{why}"));
                format!("'{}' 的值 '{value}' 无效{}", arg?, why.unwrap_or_default())
            }
            _ => return None,
        })
    }

    /// Returns the option without the name of its value but with the sign after it, and the value.
    fn flag_and_value(&self) -> Option<(String, String)> {
        let arg = self.text(ContextKind::InvalidArg)?;
        let (flag, sign) = mistyped_hint::flag_of(&arg);
        Some((format!("{flag}{sign}"), self.text(ContextKind::InvalidValue)?))
    }

    fn suggestion(&self) -> Option<String> {
        let kinds = [
            ContextKind::SuggestedArg,
            ContextKind::SuggestedSubcommand,
            ContextKind::SuggestedValue,
        ];
        let meant = kinds.into_iter().find_map(|kind| self.text(kind))?;
        Some(format!("是否想写 '{meant}'？"))
    }

    fn known(&self) -> Option<String> {
        let kinds = [ContextKind::ValidValue, ContextKind::ValidSubcommand];
        let known = kinds.into_iter().find_map(|kind| self.text(kind))?;
        (!known.is_empty()).then(|| format!("可选的有：{known}"))
    }

    fn text(&self, kind: ContextKind) -> Option<String> {
        Some(match self.0.get(kind)? {
            ContextValue::String(text) => text.clone(),
            ContextValue::Strings(texts) => texts.join("、"),
            ContextValue::StyledStr(text) => text.to_string(),
            _ => return None,
        })
    }
}

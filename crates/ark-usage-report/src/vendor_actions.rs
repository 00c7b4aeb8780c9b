//! The vendor's actions that the program calls, and the IAM action that each of them needs.
//!
//! `doctor`, the hints of errors and the page about keys take the names from here.

use volc_openapi::{ApiError, CodeClass};

use crate::lang::Text;
use crate::text;

/// An action of the vendor.
#[derive(Clone, Copy, Debug)]
pub struct VendorAction {
    /// The name on the wire.
    pub name: &'static str,
    /// The service of its signature.
    pub service: &'static str,
    /// The use of it, in English and in Chinese.
    purpose: (&'static str, &'static str),
}

/// Every action that is known. Any other may exist.
pub static VENDOR_ACTIONS: [VendorAction; 22] = [
    VendorAction::new("GetUsage", "ark", "usage, with `--api usage`", "用量（`--api usage`）"),
    VendorAction::new(
        "GetInferenceUsage",
        "ark",
        "usage, with `--api inference`",
        "用量（`--api inference`）",
    ),
    VendorAction::new("GetAFPUsage", "ark", "the quota of an Agent Plan", "Agent Plan 的额度"),
    VendorAction::new(
        "GetCodingPlanUsage",
        "ark",
        "the use of a Coding Plan",
        "Coding Plan 的用量",
    ),
    VendorAction::new("GetPersonalPlan", "ark", "the plans of the account", "账号订阅的套餐"),
    VendorAction::new(
        "GetUsageDetails",
        "ark",
        "the tokens of an Agent Plan by model",
        "Agent Plan 各模型的 token",
    ),
    VendorAction::new(
        "GetSeatAFPUsage",
        "ark",
        "a seat of a team's Agent Plan",
        "团队 Agent Plan 的一个席位",
    ),
    VendorAction::new(
        "GetSeatInfoUsage",
        "ark",
        "a seat of a team's Coding Plan",
        "团队 Coding Plan 的一个席位",
    ),
    VendorAction::new(
        "ListEndpoints",
        "ark",
        "names and models of endpoints; `--by endpoint` with `GetUsage`",
        "推理接入点的名称和模型；`GetUsage` 的 `--by endpoint`",
    ),
    VendorAction::new("ListApiKeys", "ark", "names of API keys", "API Key 的名称"),
    VendorAction::new(
        "ListSeatInfos",
        "ark",
        "the seats of a team's Coding Plan",
        "团队 Coding Plan 的席位",
    ),
    VendorAction::new(
        "ListSeatAFPUsage",
        "ark",
        "the seats of a team's Agent Plan",
        "团队 Agent Plan 的席位",
    ),
    VendorAction::new(
        "ListSeatInfoUsages",
        "ark",
        "all seats of a team's Coding Plan",
        "团队 Coding Plan 全部席位的用量",
    ),
    VendorAction::new(
        "ListModelActivations",
        "ark",
        "models that are open, with free quota",
        "已开通的模型及免费额度",
    ),
    VendorAction::new("ListModelTokenLimit", "ark", "token limits of models", "模型的 token 限额"),
    VendorAction::new("ListResourcePackages", "billing", "resource packs", "资源包"),
    VendorAction::new("QueryBalanceAcct", "billing", "the balance", "账户余额"),
    VendorAction::new("GetEndpoint", "ark", "nothing but `call`", "仅用于 `call`"),
    VendorAction::new(
        "ListProjects",
        "iam",
        "all projects, where none is named",
        "全部项目（未指定项目时）",
    ),
    VendorAction::new(
        "GetCallerIdentity",
        "sts",
        "the number of the account; needs no policy",
        "账号 ID，无需授权",
    ),
    VendorAction::new("AssumeRole", "sts", "keys of a role", "角色的密钥"),
    VendorAction::new(
        "AssumeRoleWithOIDC",
        "sts",
        "keys of a role, by an OIDC token",
        "用 OIDC 令牌换取的角色密钥",
    ),
];

impl VendorAction {
    const fn new(
        name: &'static str,
        service: &'static str,
        en: &'static str,
        zh: &'static str,
    ) -> Self {
        Self { name, service, purpose: (en, zh) }
    }

    /// Returns the action with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        VENDOR_ACTIONS.iter().find(|action| action.name == name)
    }

    /// Returns its name in a policy, such as `ark:GetUsage`.
    pub fn iam_action(&self) -> String {
        format!("{}:{}", self.service, self.name)
    }

    /// Returns the use of it.
    pub fn purpose(&self) -> Text {
        Text::both(self.purpose.0, self.purpose.1)
    }
}

/// Returns the IAM action that was missing when the service refused a call: as its message names it, else
/// that of the action that was called.
pub fn missing_permission(error: &ApiError, action: &str) -> Option<String> {
    use CodeClass::{Permission, ProjectPermission};
    if !matches!(error.error_code().class(), Permission | ProjectPermission) {
        return None;
    }
    let named = named_permission(&error.message).map(str::to_owned);
    named.or_else(|| VendorAction::find(action).map(VendorAction::iam_action))
}

/// Returns the IAM action in `User is not authorized to perform: ark:GetUsage on resource: …`.
fn named_permission(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("perform: ")?;
    let word = rest.split_whitespace().next()?.trim_end_matches(['.', ',']);
    let (service, name) = word.split_once(':')?;
    let is_word = |word: &str| {
        (1..=64).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    };
    (is_word(service) && is_word(name)).then_some(word)
}

/// Returns the policy that allows an IAM action, in words.
pub fn policy_for(iam_action: &str) -> Text {
    if iam_action.starts_with("ark:") {
        return Text::same("ArkReadOnlyAccess");
    }
    if iam_action.starts_with("billing:") {
        return Text::same("BillingCenterReadOnlyAccess");
    }
    text!("a policy that allows it", "允许此操作的策略")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;

    fn page(name: &str) -> String {
        let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/");
        std::fs::read_to_string(format!("{docs}{name}")).unwrap()
    }

    #[test]
    fn the_pages_about_keys_list_every_action() {
        for (name, lang) in [("keys.md", Lang::En), ("keys.zh-CN.md", Lang::Zh)] {
            let page = page(name);
            for action in &VENDOR_ACTIONS {
                let purpose = action.purpose();
                let row = format!("| `{}` | {} |", action.iam_action(), purpose.in_lang(lang));
                assert!(page.contains(&row), "{name} lacks {row}");
            }
        }
    }

    fn refused(code: &str, message: &str) -> ApiError {
        ApiError {
            status: http::StatusCode::FORBIDDEN,
            code: code.to_owned(),
            code_n: None,
            message: message.to_owned(),
            request_id: None,
            retry_after: None,
        }
    }

    #[test]
    fn a_missing_permission_is_named() {
        let told = "User is not authorized to perform: iam:ListProjects on resource: *.";
        let cases = [
            ("AccessDenied", told, "GetUsage", Some("iam:ListProjects")),
            ("AccessDenied", "no", "ListApiKeys", Some("ark:ListApiKeys")),
            ("LackPolicy", "perform: it now", "GetUsage", Some("ark:GetUsage")),
            ("LackPolicy", "perform: a:b<c>", "GetUsage", Some("ark:GetUsage")),
            ("AccessDenied", "no", "Other", None),
            ("InvalidParameter", told, "GetUsage", None),
        ];
        for (code, message, action, expected) in cases {
            let found = missing_permission(&refused(code, message), action);
            assert_eq!(found.as_deref(), expected, "{code} {message}");
        }
    }
}

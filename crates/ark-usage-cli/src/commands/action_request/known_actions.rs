//! Versions of known actions, and which actions only read.

use ark_usage_report::{Text, VENDOR_ACTIONS, VendorAction, suggest, text};

use crate::args::CallMethod;

/// The version and method of an action.
pub(in crate::commands) struct KnownAction {
    pub(in crate::commands) version: &'static str,
    pub(in crate::commands) method: CallMethod,
}

/// Returns version and method of an action, if they are known. Other services have different
/// versions for every few actions; a wrong guess would call something else.
pub(in crate::commands) fn action(service: &str, action: &str) -> Option<KnownAction> {
    let (version, method) = match (service, action) {
        ("ark" | "ark_stg", _) => ("2024-01-01", CallMethod::Post),
        ("sts", _) => ("2018-01-01", CallMethod::Get),
        ("billing", _) => ("2022-01-01", CallMethod::Post),
        ("iam", "ListProjects") => ("2021-08-01", CallMethod::Get),
        _ => return None,
    };
    Some(KnownAction { version, method })
}

fn names() -> impl Iterator<Item = &'static str> {
    VENDOR_ACTIONS.iter().map(|action| action.name)
}

/// Returns the known action that a name means which no action can have: all of them begin with a capital letter.
pub(in crate::commands) fn meant(action: &str) -> Option<&'static str> {
    let is_name = action.starts_with(|c: char| c.is_ascii_uppercase());
    let plain: String = action.chars().filter(char::is_ascii_alphanumeric).collect();
    let same = names().find(|known| known.eq_ignore_ascii_case(&plain));
    if is_name {
        return same.filter(|known| *known != action);
    }
    same.or_else(|| suggest::nearest(action, names()))
}

/// Returns the known action that a name is but for two letters at most, and which it may well mean. A name that is
/// an action of another service is that action.
pub(in crate::commands) fn misspelt(action: &str, service: &str) -> Option<&'static str> {
    if names().any(|known| known == action) {
        return None;
    }
    // Without `--service` the request goes to Ark.
    let near = VENDOR_ACTIONS.iter().filter(|near| near.service == service || service == "ark");
    suggest::misspelt(action, near.map(|near| near.name))
}

/// Returns the advice about an action that the service does not know.
pub(in crate::commands) fn unknown_action(action: &str, service: &str, version: &str) -> Text {
    let check = text!(
        "{service} has no action {action} of version {version}: check the name, --version and --service",
        "{service} 没有版本为 {version} 的接口 {action}：请检查名称、--version 和 --service"
    );
    let known = VendorAction::find(action).filter(|known| known.service != service);
    let owner = known.map(|known| known.service);
    if owner.is_some() {
        return suggest::hint_of("--service ", owner, check);
    }
    let others = names().filter(|name| *name != action);
    suggest::hint_of("", suggest::nearest(action, others), check)
}

/// Returns true if the name of an action says that it changes nothing, so that it can be retried.
pub(in crate::commands) fn only_reads(action: &str) -> bool {
    ["Get", "List", "Describe"].iter().any(|verb| {
        let object = action.strip_prefix(verb);
        object.is_some_and(|object| object.starts_with(|c: char| c.is_ascii_uppercase()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_other_letters_are_known() {
        for (action, known) in [
            ("listendpoints", Some("ListEndpoints")),
            ("LISTENDPOINTS", Some("ListEndpoints")),
            ("getusag", Some("GetUsage")),
            ("list-endpoints", Some("ListEndpoints")),
            ("list_endpoints", Some("ListEndpoints")),
            ("List Endpoints", Some("ListEndpoints")),
            ("ListEndpoints", None),
            ("ListEndpoint", None),
            ("CreateVpc", None),
        ] {
            assert_eq!(meant(action), known, "{action}");
        }
    }

    #[test]
    fn misspelt_names_are_those_of_the_service() {
        for (action, service, known) in [
            ("ListEndpoint", "ark", Some("ListEndpoints")),
            ("GetUsge", "ark", Some("GetUsage")),
            ("ListProject", "iam", Some("ListProjects")),
            ("ListEndpoints", "ark", None),
            ("ListEndpoint", "vpc", None),
            ("CreateEndpoint", "ark", None),
            ("GetUser", "iam", None),
        ] {
            assert_eq!(misspelt(action, service), known, "{action}");
        }
    }

    #[test]
    fn refused_actions_have_advice() {
        for (action, service, words) in [
            ("ListEndpoint", "ark", "did you mean ListEndpoints?"),
            ("ListProjects", "ark", "did you mean --service iam?"),
            ("Foo", "ark", "ark has no action Foo of version 2024-01-01"),
            ("ListEndpoints", "ark", "check the name"),
        ] {
            let hint = unknown_action(action, service, "2024-01-01");
            let hint = hint.in_lang(ark_usage_report::Lang::En);
            assert!(hint.contains(words), "{action}: {hint}");
        }
    }

    #[test]
    fn only_reading_actions_are_retried() {
        for action in ["GetUsage", "ListEndpoints", "DescribeVpcs"] {
            assert!(only_reads(action), "{action}");
        }
        for action in ["CreateEndpoint", "Getaway", "list", "Get", "StopEndpoint", "ForgetUser"] {
            assert!(!only_reads(action), "{action}");
        }
    }
}

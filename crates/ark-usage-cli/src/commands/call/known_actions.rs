//! Versions of known actions, and which actions only read.

use ark_usage_report::suggest;

use crate::args::CallMethod;

/// The version and method of an action.
pub(super) struct KnownAction {
    pub(super) version: &'static str,
    pub(super) method: CallMethod,
}

/// Returns version and method of an action, if they are known. Other services have different
/// versions for every few actions; a wrong guess would call something else.
pub(super) fn action(service: &str, action: &str) -> Option<KnownAction> {
    let (version, method) = match (service, action) {
        ("ark" | "ark_stg", _) => ("2024-01-01", CallMethod::Post),
        ("sts", _) => ("2018-01-01", CallMethod::Get),
        ("iam", "ListProjects") => ("2021-08-01", CallMethod::Get),
        _ => return None,
    };
    Some(KnownAction { version, method })
}

/// Actions whose names are known; any other may exist.
const NAMES: [&str; 8] = [
    "GetUsage",
    "GetInferenceUsage",
    "ListEndpoints",
    "ListApiKeys",
    "GetEndpoint",
    "ListProjects",
    "GetCallerIdentity",
    "AssumeRole",
];

/// Returns the known action that a name means which no action can have: all of them begin with a capital letter.
pub(super) fn meant(action: &str) -> Option<&'static str> {
    let is_name = action.starts_with(|c: char| c.is_ascii_uppercase());
    let same = NAMES.into_iter().find(|known| known.eq_ignore_ascii_case(action));
    if is_name {
        return same.filter(|known| *known != action);
    }
    same.or_else(|| suggest::nearest(action, NAMES))
}

/// Returns true if the name of an action says that it changes nothing, so that it can be retried.
pub(super) fn only_reads(action: &str) -> bool {
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
            ("ListEndpoints", None),
            ("ListEndpoint", None),
            ("CreateVpc", None),
        ] {
            assert_eq!(meant(action), known, "{action}");
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

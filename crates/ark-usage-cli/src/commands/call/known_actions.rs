//! What is known about actions without asking: the version of some, whether one only reads.

use crate::args::CallMethod;

/// The version of an action, and how its parameters travel.
pub(super) struct KnownAction {
    pub(super) version: &'static str,
    pub(super) method: CallMethod,
}

/// What is known about an action of a service. Services not listed have versions of their own for
/// every few actions; a wrong guess would call something else.
pub(super) fn action(service: &str, action: &str) -> Option<KnownAction> {
    let (version, method) = match (service, action) {
        ("ark" | "ark_stg", _) => ("2024-01-01", CallMethod::Post),
        ("sts", _) => ("2018-01-01", CallMethod::Get),
        ("iam", "ListProjects") => ("2021-08-01", CallMethod::Get),
        _ => return None,
    };
    Some(KnownAction { version, method })
}

/// Whether an action changes nothing, by its name: calling it again does no harm.
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
    fn only_names_that_say_so_are_tried_again() {
        for action in ["GetUsage", "ListEndpoints", "DescribeVpcs"] {
            assert!(only_reads(action), "{action}");
        }
        for action in ["CreateEndpoint", "Getaway", "list", "Get", "StopEndpoint", "ForgetUser"] {
            assert!(!only_reads(action), "{action}");
        }
    }
}

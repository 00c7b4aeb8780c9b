//! One check after the other, each with what to do.

use super::report::{Check, Report};
use super::subject::Subject;
use super::{account, keys, network};
use crate::args::SubjectArgs;
use crate::commands::Context;
use crate::config;
use crate::error::CliError;
use crate::keys::Finder;

/// Looks at everything, in the order in which it can go wrong.
pub(super) async fn run(args: &SubjectArgs, context: &Context<'_>) -> Result<Report, CliError> {
    let mut report = Report::default();
    report.add(configuration(context));
    if !report.is_well() {
        report.extend(LATER.map(|name| Check::skip(name, "not looked at without a configuration")));
        return Ok(report);
    }
    let (finder, named) = match Finder::new(args.profile.as_deref(), context) {
        Ok(finder) => (finder, Ok(())),
        // A profile that is not there: the rest can be looked at all the same.
        Err(error) => (Finder::new(None, context)?, Err(error)),
    };
    let subject = Subject::new(args, &finder, context).await?;
    report.extend(match named {
        Ok(()) => keys::checks(&subject.keys, context).await,
        Err(error) => vec![Check::failed_by("keys", &error)],
    });
    let has_keys = report.is_well();
    report.add(settings(&subject, args.server.demo));
    let reached = network::checks(&mut report, &args.network, &subject, context).await?;
    if has_keys && reached {
        report.extend(account::checks(&subject, context).await?);
    } else {
        let missing = if has_keys { "the server was not reached" } else { "there are no keys" };
        report.add(Check::skip("account", format!("not asked: {missing}")));
        report.add(Check::skip("call", format!("not made: {missing}")));
    }
    Ok(report)
}

/// What comes after the configuration.
const LATER: [&str; 9] =
    ["keys", "settings", "proxy", "name", "tls", "server", "clock", "account", "call"];

fn configuration(context: &Context<'_>) -> Check {
    let location = config::location(context.environment);
    match (context.config(), location) {
        (Err(error), _) => Check::failed_by("configuration", &error),
        (Ok(_), Some(location)) if location.path.exists() => {
            Check::pass("configuration", location.path.display().to_string())
        }
        (Ok(_), Some(location)) => Check::pass(
            "configuration",
            format!("none at {}, none needed", location.path.display()),
        ),
        (Ok(_), None) => Check::pass("configuration", "none: no home directory is known"),
    }
}

fn settings(subject: &Subject, is_demo: bool) -> Check {
    let server = &subject.server;
    let told = |name: &str, value: &str, origin: &dyn std::fmt::Display| {
        format!("{name} {value} ({origin})")
    };
    let from: &dyn std::fmt::Display = if is_demo { &"--demo" } else { &server.base_url.origin };
    Check::pass("settings", told("address", &subject.base_url.to_string(), from)).with_details([
        told("region", &server.region.value, &server.region.origin),
        told("service", &server.service.value, &server.service.origin),
    ])
}

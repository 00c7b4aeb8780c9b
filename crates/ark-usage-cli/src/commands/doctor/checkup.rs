//! One check after the other, each with what to do.

use super::report::{Check, Report, Thing};
use super::subject::Subject;
use super::{account, keys, network};
use crate::args::SubjectArgs;
use crate::commands::Context;
use crate::config;
use crate::error::CliError;
use crate::keys::Finder;
use crate::lang::{Text, TextOf as _};
use crate::text;

/// Looks at everything, in the order in which it can go wrong.
pub(super) async fn run(args: &SubjectArgs, context: &Context<'_>) -> Result<Report, CliError> {
    let mut report = Report::default();
    report.add(configuration(context));
    if !report.is_well() {
        let why = text!("not looked at without a configuration", "没有可用的配置，未检查");
        report.extend(LATER.map(|thing| Check::skip(thing, why.clone())));
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
        Err(error) => vec![Check::failed_by(Thing::Keys, &error)],
    });
    let has_keys = report.is_well();
    report.add(settings(&subject, args.server.demo));
    let reached = network::checks(&mut report, &args.network, &subject, context).await?;
    if has_keys && reached {
        report.extend(account::checks(&subject, context).await?);
    } else {
        let missing = if has_keys {
            text!("the server was not reached", "没有连上服务端")
        } else {
            text!("there are no keys", "没有密钥")
        };
        let account = text!("not asked: {missing}", "未查询：{missing}"; missing = missing);
        let call = text!("not made: {missing}", "未调用：{missing}"; missing = missing);
        report.add(Check::skip(Thing::Account, account));
        report.add(Check::skip(Thing::Call, call));
    }
    Ok(report)
}

/// What comes after the configuration.
const LATER: [Thing; 9] = [
    Thing::Keys,
    Thing::Settings,
    Thing::Proxy,
    Thing::Name,
    Thing::Tls,
    Thing::Server,
    Thing::Clock,
    Thing::Account,
    Thing::Call,
];

fn configuration(context: &Context<'_>) -> Check {
    let location = config::location(context.environment);
    match (context.config(), location) {
        (Err(error), _) => Check::failed_by(Thing::Configuration, &error),
        (Ok(_), Some(location)) if location.path.exists() => {
            Check::pass(Thing::Configuration, Text::same(location.path.display().to_string()))
        }
        (Ok(_), Some(location)) => Check::pass(
            Thing::Configuration,
            text!(
                "none at {path}, none needed",
                "{path} 不存在（非必需）",
                path = location.path.display()
            ),
        ),
        (Ok(_), None) => Check::pass(
            Thing::Configuration,
            text!("none: no home directory is known", "无：主目录未知"),
        ),
    }
}

fn settings(subject: &Subject, is_demo: bool) -> Check {
    let server = &subject.server;
    let from = if is_demo { Text::same("--demo") } else { Text::of(&server.base_url.origin) };
    let (region, service) = (&server.region, &server.service);
    let address = text!(
        "address {url} ({from})",
        "地址 {url}（{from}）",
        url = subject.base_url;
        from = from
    );
    Check::pass(Thing::Settings, address).with_details([
        text!(
            "region {value} ({from})",
            "地域 {value}（{from}）",
            value = region.value;
            from = Text::of(&region.origin)
        ),
        text!(
            "service {value} ({from})",
            "服务 {value}（{from}）",
            value = service.value;
            from = Text::of(&service.origin)
        ),
    ])
}

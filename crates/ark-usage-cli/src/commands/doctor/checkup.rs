//! All checks, in the order in which they can fail.

use ark_usage_report::text;

use super::report::{CheckKind, CheckResult, DoctorReport};
use super::target::DoctorTarget;
use super::{account, calls, keys, lists, network};
use crate::args::SubjectArgs;
use crate::commands::fetch;
use crate::config;
use crate::context::Context;
use crate::error::CliError;
use crate::keys::CredentialFinder;
use crate::lang::{Text, TextOf as _};
use crate::settings::Origin;
use crate::site;

/// Runs every check; those that depend on a failed one are skipped.
pub(super) async fn run(
    args: &SubjectArgs,
    context: &Context<'_>,
) -> Result<DoctorReport, CliError> {
    let mut report = DoctorReport::default();
    report.add(configuration(context));
    if !report.is_well() {
        let why = text!("not checked: no usable configuration", "未检查：没有可用的配置");
        report.extend(LATER.map(|kind| CheckResult::skip(kind, why.clone())));
        return Ok(report);
    }
    let site = site::of_server(&args.server, context)?.value;
    let (profile, demo) = (args.profile.as_deref(), args.server.demo);
    let (finder, named) = match CredentialFinder::of_one(profile, site, demo, context) {
        Ok(finder) => (finder, Ok(())),
        // The rest can be checked without the profile.
        Err(error) => (CredentialFinder::new(None, site, context)?, Err(error)),
    };
    let target = DoctorTarget::new(args, &finder, context).await?;
    report.extend(match named {
        Ok(()) => keys::checks(&target.keys, context).await,
        Err(error) => vec![CheckResult::failed_by(CheckKind::Keys, &error)],
    });
    let has_keys = report.is_well();
    report.add(settings(&target, args.server.demo));
    let reached = network::checks(&mut report, &args.network, &target, context).await?;
    if has_keys && reached {
        let choice = fetch::action_choice(&args.action, context)?;
        report.add(account::check(&target, context).await?);
        report.extend(calls::checks(&target, choice, context).await?);
        report.extend(lists::checks(&target, choice, context).await?);
    } else {
        let missing = if has_keys {
            text!("the server was not reached", "没有连上服务端")
        } else {
            text!("no credentials", "没有密钥")
        };
        let account = text!("not checked: {missing}", "未检查：{missing}"; missing = missing);
        let call = text!("not called: {missing}", "未调用：{missing}"; missing = missing);
        report.add(CheckResult::skip(CheckKind::Account, account));
        let lists = text!("not read: {missing}", "未读取：{missing}"; missing = missing);
        report.add(CheckResult::skip(CheckKind::Call, call));
        report.add(CheckResult::skip(CheckKind::Lists, lists));
    }
    Ok(report)
}

/// The checks after the configuration.
const LATER: [CheckKind; 10] = [
    CheckKind::Keys,
    CheckKind::Settings,
    CheckKind::Proxy,
    CheckKind::Name,
    CheckKind::Tls,
    CheckKind::Server,
    CheckKind::Clock,
    CheckKind::Account,
    CheckKind::Call,
    CheckKind::Lists,
];

fn configuration(context: &Context<'_>) -> CheckResult {
    let location = config::location(context.environment);
    match (context.config(), location) {
        (Err(error), _) => CheckResult::failed_by(CheckKind::Configuration, &error),
        (Ok(_), Ok(Some(location))) if location.path.exists() => CheckResult::pass(
            CheckKind::Configuration,
            Text::same(location.path.display().to_string()),
        ),
        (Ok(_), Ok(Some(location))) => CheckResult::pass(
            CheckKind::Configuration,
            text!(
                "no file at {path}, not required",
                "{path} 不存在（非必需）",
                path = location.path.display()
            ),
        ),
        (Ok(_), _) => CheckResult::pass(
            CheckKind::Configuration,
            text!("none: the home directory is unknown", "无：主目录未知"),
        ),
    }
}

fn settings(target: &DoctorTarget, is_demo: bool) -> CheckResult {
    let server = &target.server;
    let from = if is_demo { Text::same("--demo") } else { Text::of(&server.base_url.origin) };
    let (region, service) = (&server.region, &server.service);
    let site = &server.site;
    let named = (site.origin != Origin::Default).then(|| {
        text!(
            "site {value} ({from})",
            "站点 {value}（{from}）",
            value = site.value;
            from = Text::of(&site.origin)
        )
    });
    let days = site::assumption(site.value, target.days);
    let address = text!(
        "address {url} ({from})",
        "地址 {url}（{from}）",
        url = target.base_url;
        from = from
    );
    let scope = [
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
    ];
    let details = named.into_iter().chain(scope).chain(days);
    CheckResult::pass(CheckKind::Settings, address).with_details(details)
}

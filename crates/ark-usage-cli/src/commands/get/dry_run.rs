//! `--dry-run`: prints the signed requests without sending them.

use ark_usage_model::{Now, QueryOptions, Step};
use ark_usage_report::text;
use volc_sign::{Credentials, Signer};

use crate::commands::fetch::{self, AccountSettings, UsageRequest};
use crate::commands::http_text::http_text;
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::lang::{Lang, Text};
use crate::output::Output;
use crate::{demo, keys};

/// Prints every request of the plan, separated by `###` lines.
pub(crate) fn run(
    request: &UsageRequest,
    context: &Context<'_>,
    output: &Output,
) -> Result<ExitStatus, CliError> {
    let signers: Vec<Signer> = request
        .accounts
        .iter()
        .map(|account| signer(account, request, context))
        .collect::<Result<_, _>>()?;
    let time = context.clock.signing_time()?;
    // All at once: no response comes that would release the next one.
    let options = QueryOptions {
        concurrency: u32::MAX,
        max_in_flight: u32::MAX,
        rate: None,
        ..request.query_options()
    };
    let mut query = fetch::query(
        request.effective().action,
        request.effective().targets.clone(),
        request.range.window,
        &request.base_url,
        options,
    )?;
    let now = Now { unix: context.clock.now().as_second(), ..Now::default() };
    let mut texts = Vec::new();
    while let Step::Send(mut exchange) = query.poll(now) {
        let account = usize::try_from(exchange.account.0).ok();
        let Some(signer) = account.and_then(|index| signers.get(index)) else {
            return Err(CliError::internal(text!(
                "a request without an account",
                "请求不属于任何账号"
            )));
        };
        signer.sign_request(&mut exchange.request, time).map_err(|error| {
            CliError::configuration(text!("the request could not be signed", "请求无法签名"))
                .with_source(error)
        })?;
        texts.push(http_text(&exchange.request));
    }
    context.release_notes();
    output.write(texts.join("\n###\n\n").as_bytes())?;
    context.note(not_sent(texts.len()));
    Ok(ExitStatus::Done)
}

fn signer(
    account: &AccountSettings,
    request: &UsageRequest,
    context: &Context<'_>,
) -> Result<Signer, CliError> {
    let (region, service) = (&account.server.region.value, &account.server.service.value);
    Ok(Signer::new(credentials(account, request, context)?, region, service))
}

fn credentials(
    account: &AccountSettings,
    request: &UsageRequest,
    context: &Context<'_>,
) -> Result<Credentials, CliError> {
    if request.demo {
        Ok(demo::credentials(account.finder.profile()))
    } else {
        keys::local_or_demo_credentials(&account.finder, context)
    }
}

fn not_sent(count: usize) -> Text {
    Text::each(|lang| match (lang, count) {
        (Lang::En, 1) => "dry run: 1 request not sent".to_owned(),
        (Lang::En, _) => format!("dry run: {count} requests not sent"),
        (Lang::Zh, _) => format!("试运行：{count} 个请求未发送"),
    })
}

//! `ark-usage call`: any action of any service, signed and sent.

mod action_request;
mod known_actions;

use ark_usage_model::AccountId;
use ark_usage_transport::{Client, ExchangeError, Transport as _};
use http::Request;
use volc_openapi::{BaseUrl, ResponseError, RetryPolicy, TransportFailure, read_envelope};
use volc_sign::Signer;

use self::action_request::ActionRequest;
use super::call_error;
use crate::args::CallArgs;
use crate::commands::http_text::http_text;
use crate::context::Context;
use crate::demo::Demo;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::keys::{AccountKeys, CredentialFinder};
use crate::lang::{Text, TextOf as _};
use crate::output::Output;
use crate::render::pretty_json;
use crate::settings::ServerSettings;
use crate::{demo, keys, network, text};

/// Checks everything, asks, and prints the answer as it came.
pub(crate) fn run(args: &CallArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let finder = CredentialFinder::new(args.profile.as_deref(), context)?;
    let server =
        ServerSettings::new(&args.server, context.environment, finder.settings(), !args.dry_run)?;
    let request = ActionRequest::new(&args.action, &server.service.value, &args.request)?;
    let call = Call { args, context, request, finder, server };
    let output = Output::from_flag(args.output.as_deref());
    if args.dry_run {
        return call.show(&output);
    }
    let answer = context.block_on(context.unless_interrupted(call.send()))?;
    output.write(&pretty_json(&answer))?;
    Ok(ExitStatus::Done)
}

struct Call<'a> {
    args: &'a CallArgs,
    context: &'a Context<'a>,
    request: ActionRequest,
    finder: CredentialFinder,
    server: ServerSettings,
}

impl Call<'_> {
    /// The body of the answer, once it is known to be one.
    async fn send(&self) -> Result<Vec<u8>, CliError> {
        let (context, is_demo) = (self.context, self.args.server.demo);
        let profile = self.finder.settings().filter(|_| !is_demo);
        let transport = network::transport(&self.args.network, context.environment, profile)?;
        let keys = if is_demo {
            AccountKeys::demo(context)
        } else {
            AccountKeys::new(self.finder.clone(), &transport, context)
        };
        keys.find(context).await?;
        let demo = if is_demo { Some(Demo::start(&context.clock).await?) } else { None };
        let base_url = demo.as_ref().map_or(&self.server.base_url.value, |demo| &demo.base_url);
        let request = self.request.to_http(base_url)?;
        let told = |request: Request<Vec<u8>>| async {
            context.detail(Text::same(format!("{} {}", request.method(), request.uri())));
            let outcome = transport.send(request).await;
            context.detail(match &outcome {
                Ok(response) => {
                    let (status, bytes) = (response.status(), response.body().len());
                    text!("{status}, {bytes} bytes", "{status}，{bytes} 字节")
                }
                Err(error) => Text::of(error),
            });
            outcome
        };
        let (region, service) = (&self.server.region.value, &self.server.service.value);
        let client = Client::new(told, keys.signer(region, service))
            .with_clock(context.clock.for_driver())
            .with_retry(self.retry());
        let answered = client.call_raw(AccountId::default(), &request).await;
        let response = answered.map_err(|error| not_answered(error, base_url))?;
        read_envelope(&response).map_err(|error| not_an_answer(&error, base_url))?;
        Ok(response.into_body())
    }

    /// The signed request as text.
    fn show(&self, output: &Output) -> Result<ExitStatus, CliError> {
        let mut request: Request<Vec<u8>> = self.request.to_http(&self.server.base_url.value)?;
        let keys = if self.args.server.demo {
            demo::credentials()
        } else {
            keys::local_or_demo_credentials(&self.finder, self.context)
        };
        let signer = Signer::new(keys, &self.server.region.value, &self.server.service.value);
        let time = self.context.clock.signing_time()?;
        signer.sign_request(&mut request, time).map_err(not_signed)?;
        output.write(http_text(&request).as_bytes())?;
        self.context.note(text!("dry run: 1 request not sent", "试运行：1 个请求未发送"));
        Ok(ExitStatus::Done)
    }

    /// An action that may change something is sent once, unless its caller knows better.
    fn retry(&self) -> RetryPolicy {
        let policy = RetryPolicy::default();
        if self.args.request.retry || known_actions::only_reads(&self.args.action) {
            policy
        } else {
            RetryPolicy { max_retries: 0, ..policy }
        }
    }
}

fn not_answered(error: ExchangeError, base_url: &BaseUrl) -> CliError {
    match error {
        ExchangeError::Sign(error) => not_signed(error),
        error => {
            let hint = call_error::network_hint(TransportFailure::Other);
            call_error::unanswered(base_url).with_source(error).with_hint(hint)
        }
    }
}

fn not_signed(error: impl std::error::Error + Send + Sync + 'static) -> CliError {
    call_error::unsigned().with_source(error)
}

fn not_an_answer(error: &ResponseError, base_url: &BaseUrl) -> CliError {
    match error {
        ResponseError::Api(error) => call_error::refused(error),
        ResponseError::Gateway(error) => call_error::gateway(error, base_url),
        ResponseError::Protocol(error) => call_error::not_understood(error, base_url),
        other => call_error::unusable(base_url, other, None),
    }
}

//! `ark-usage call`: calls any action of any service.

use ark_usage_model::AccountId;
use ark_usage_render::pretty_json;
use ark_usage_report::text;
use ark_usage_transport::{Client, Transport as _};
use http::Request;
use serde::de::IgnoredAny;
use volc_openapi::{BaseUrl, ResponseError, RetryPolicy, head_of, read_answer};
use volc_sign::Signer;

use super::action_request::{ActionRequest, known_actions};
use super::{call_error, sign};
use crate::args::{CallArgs, SignFormat, SigningArgs};
use crate::commands::http_text::http_text;
use crate::context::Context;
use crate::demo::Demo;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::keys::{AccountKeys, CredentialFinder};
use crate::lang::{Text, TextOf as _};
use crate::output::Output;
use crate::settings::ServerSettings;
use crate::{demo, keys, network, site};

/// Checks all arguments, calls the action and prints the response.
pub(crate) fn run(args: &CallArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let site = site::of_server(&args.server, context)?;
    let (profile, demo) = (args.profile.as_deref(), args.server.demo);
    let finder = CredentialFinder::of_one(profile, site.value, demo, context)?;
    let is_sent = !args.dry_run && args.format.is_none();
    let environment = context.environment;
    let server = ServerSettings::new(&args.server, site, environment, finder.settings(), is_sent)?;
    if let Some(words) = site::foreign_host(server.site.value, server.base_url.value.host()) {
        context.warn(&words);
    }
    let request = ActionRequest::new(&args.action, &server.service.value, &args.request)?;
    let call = Call { args, context, request, finder, server };
    if let Some(format) = args.format {
        return call.print(format);
    }
    let output = Output::from_flag(args.output.as_deref());
    if args.dry_run {
        return call.show(&output);
    }
    // An output that cannot be written is found before anything is sent.
    let mut sink = output.open()?;
    let response = context.block_on(context.unless_interrupted(call.send()))?;
    sink.write(&pretty_json(&response))?;
    sink.finish()?;
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
    /// Returns the body of the response, checked to be one of the API.
    async fn send(&self) -> Result<Vec<u8>, CliError> {
        let (context, is_demo) = (self.context, self.args.server.demo);
        let profile = self.finder.settings().filter(|_| !is_demo);
        let transport = network::transport(&self.args.network, context.environment, profile)?;
        let keys = if is_demo {
            AccountKeys::demo(self.finder.profile(), context)
        } else {
            AccountKeys::new(self.finder.clone(), &transport, context)
        };
        keys.find(context).await?;
        let demo = if is_demo {
            let site = self.server.site.value;
            Some(Demo::start(&context.clock, site, site.days, [self.finder.profile()]).await?)
        } else {
            None
        };
        let base_url = demo.as_ref().map_or(&self.server.base_url.value, |demo| &demo.base_url);
        let request = self.request.to_http(base_url)?;
        self.request.remember_api_keys();
        let transport = |request: Request<Vec<u8>>| async {
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
        let client = Client::new(transport, keys.signer(region, service))
            .with_clock(context.clock.for_driver())
            .with_retry(self.retry());
        let response = client.call_raw(AccountId::default(), &request).await;
        let response = response.map_err(|error| call_error::from_exchange(&error, base_url))?;
        // The result is printed as it stands, so that nothing is built from it.
        read_answer::<IgnoredAny, _>(&response).map_err(|error| self.refusal(&error, base_url))?;
        Ok(response.into_body())
    }

    /// Returns the error of a response; for an unknown action with what may have been meant.
    fn refusal(&self, error: &ResponseError, base_url: &BaseUrl) -> CliError {
        let refusal = call_error::from_response(error, &self.args.action, base_url);
        let is_unknown = error.is_unknown_action();
        let unknown = || {
            known_actions::unknown_action(
                &self.args.action,
                &self.server.service.value,
                self.request.version(),
            )
        };
        match error {
            ResponseError::Api(error)
                if head_of(&error.code) == "InvalidActionOrVersion"
                    || is_unknown && error.has_no_code() =>
            {
                refusal.with_hint(unknown())
            }
            ResponseError::Gateway(error) if error.is_empty_404() => {
                let unknown = unknown();
                refusal.with_hint(text!(
                    "{unknown}; or {base_url} does not serve it: check --base-url and --site",
                    "{unknown}；也可能是 {base_url} 不提供该接口：请检查 --base-url 和 --site";
                    unknown = unknown
                ))
            }
            _ => refusal,
        }
    }

    /// Warns of an action that looks misspelt; a server would say so.
    fn warn(&self) {
        sign::warn_of_spelling(&self.args.action, &self.server.service.value, self.context);
    }

    /// Prints the signed request as `sign` does.
    fn print(&self, format: SignFormat) -> Result<ExitStatus, CliError> {
        self.warn();
        let given = self.request.given(&self.server.base_url.value, Vec::new())?;
        let keys = sign::keys(self.args.server.demo, &self.finder, self.context)?;
        let how = SigningArgs::of_service(&self.server.service.value);
        sign::print(&given, &how, format, self.server.region.clone(), keys, self.context)
    }

    /// Prints the signed request.
    fn show(&self, output: &Output) -> Result<ExitStatus, CliError> {
        self.warn();
        let mut request: Request<Vec<u8>> = self.request.to_http(&self.server.base_url.value)?;
        let keys = if self.args.server.demo {
            demo::credentials(self.finder.profile())
        } else {
            keys::local_or_demo_credentials(&self.finder, self.context)?
        };
        let signer = Signer::new(keys, &self.server.region.value, &self.server.service.value);
        let time = self.context.clock.signing_time()?;
        signer
            .sign_request(&mut request, time)
            .map_err(|error| call_error::unsigned().with_source(error))?;
        output.write(http_text(&request).as_bytes())?;
        self.context.note(text!("dry run: 1 request not sent", "试运行：1 个请求未发送"));
        Ok(ExitStatus::Done)
    }

    /// Returns the retry policy: an action that may change something is sent once without `--retry`.
    fn retry(&self) -> RetryPolicy {
        let policy = RetryPolicy::default();
        if self.args.request.retry || known_actions::only_reads(&self.args.action) {
            policy
        } else {
            RetryPolicy { max_retries: 0, ..policy }
        }
    }
}

//! `ark-usage emulate`: serves the emulated API on this machine until interrupted.

mod accounts;

use std::path::Path;

use ark_usage_emulator::faults::{Effect, FaultScriptError};
use ark_usage_emulator::{
    Account, BehaviorError, Behaviors, DEMO_ACCOUNT_ID, Emulator, EmulatorOptions, FaultScript,
    Server,
};
use ark_usage_report::{suggest, text};
use volc_credentials::{Environment, UnreadableVariable};
use volc_openapi::{KeyVariables, Site};
use volc_sign::Credentials;

use super::listen::{cannot_listen, check_address};
use crate::args::EmulateArgs;
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::lang::{Text, TextOf as _};
use crate::output::PrivateFile;
use crate::{input_files, interrupt, output};

/// Listens, prints the address, and serves.
pub(crate) fn run(args: &EmulateArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    check_address(args.listen, args.allow_remote)?;
    let options = options(args, context.environment)?;
    let profiles = args.write_profiles.as_deref().map(accounts::open).transpose()?;
    context.block_on(async {
        let server = start(args, options, context).await?;
        // A signal may follow the announcement at once.
        interrupt::watch();
        announce(&server, args, profiles, context)?;
        interrupt::interrupted().await;
        server.shutdown().await;
        Ok(ExitStatus::Interrupted)
    })
}

async fn start(
    args: &EmulateArgs,
    options: EmulatorOptions,
    context: &Context<'_>,
) -> Result<Server, CliError> {
    let clock = context.clock.for_server()?;
    let serving = ark_usage_emulator::serve(args.listen, Emulator::new(options), clock);
    serving.await.map_err(|error| cannot_listen(args.listen, error))
}

/// Prints the address on standard output for programs, the rest on standard error for people.
fn announce(
    server: &Server,
    args: &EmulateArgs,
    profiles: Option<PrivateFile>,
    context: &Context<'_>,
) -> Result<(), CliError> {
    let url = server.base_url();
    // The file of profiles is complete before the address is printed.
    if let Some(file) = profiles {
        file.finish(accounts::profiles(args.accounts, &url).as_bytes())?;
    }
    output::write_stdout(format!("listening on {url}\n").as_bytes())?;
    accounts::show(args, &url, context);
    context.note(text!("press Ctrl-C to stop", "按 Ctrl-C 停止"));
    Ok(())
}

fn options(args: &EmulateArgs, environment: &Environment) -> Result<EmulatorOptions, CliError> {
    let site = site_of(args);
    let mut options = EmulatorOptions {
        seed: args.seed,
        behaviors: Behaviors::of_site(site),
        accounts: Account::several(args.accounts).collect(),
        ..EmulatorOptions::default()
    };
    options.accounts.extend(account_of(site, environment)?);
    for behavior in &args.behaviors {
        options.behaviors.set(behavior).map_err(|error| refused_behavior(behavior, error))?;
    }
    if let Some(path) = &args.faults {
        options.faults = read_faults(path)?;
    }
    Ok(options)
}

fn refused_behavior(behavior: &str, error: BehaviorError) -> CliError {
    let name = behavior.split('=').next().unwrap_or_default().trim();
    if Behaviors::NAMES.contains(&name) {
        return CliError::usage(text!(
            "--behavior {behavior}: invalid value",
            "--behavior {behavior}：值无效"
        ))
        .with_source(error);
    }
    let unknown = CliError::usage(text!(
        "--behavior {behavior}: unknown behavior",
        "--behavior {behavior}：未知的行为"
    ))
    .with_source(error);
    match suggest::nearest(name, Behaviors::NAMES) {
        Some(meant) => unknown.with_hint(text!(
            "did you mean --behavior {meant}=…?",
            "是否想写 --behavior {meant}=…？"
        )),
        None => unknown,
    }
}

fn read_faults(path: &Path) -> Result<FaultScript, CliError> {
    let text = input_files::load("--faults", path)?;
    FaultScript::from_toml(&text).map_err(|error| {
        let hint = match &error {
            FaultScriptError::Kind { kind, .. } => {
                let all = text!(
                    "known kinds: {kinds}",
                    "可用的 kind：{kinds}",
                    kinds = Effect::KINDS.join(", ")
                );
                suggest::hint("kind = ", kind, Effect::KINDS, all)
            }
            FaultScriptError::UnknownKey { key, known, .. } => {
                let all = text!("known keys: {all}", "可用的键：{all}", all = known.join(", "));
                suggest::hint("", key, known.iter().map(String::as_str), all)
            }
            _ => text!(
                "a fault is written [[fault]], with effect = {{ kind = \"throttle\" }} and when = {{ nth = 2 }}",
                "故障写作 [[fault]]，其中有 effect = {{ kind = \"throttle\" }} 和 when = {{ nth = 2 }}"
            ),
        };
        CliError::usage(text!(
            "--faults {path}, {error}",
            "--faults {path}，{error}",
            path = path.display();
            error = Text::of(&error)
        ))
        .with_hint(hint)
    })
}

/// Returns the credentials of the environment, which the emulator accepts as the demo account.
fn account_of(
    site: &Site,
    environment: &Environment,
) -> Result<Option<Account>, UnreadableVariable> {
    for KeyVariables { id, secret, token } in site.key_variables {
        let (key, secret) = (environment.read(id)?, environment.read(secret)?);
        let (Some(key), Some(secret)) = (key, secret) else { continue };
        let token = environment.read_first(token.as_slice())?.map(|(_, token)| token);
        let credentials =
            Credentials::new(key, secret).with_session_token(token.unwrap_or_default());
        return Ok(Some(Account::new(credentials, DEMO_ACCOUNT_ID)));
    }
    Ok(None)
}

/// Returns the site whose answers are imitated.
fn site_of(args: &EmulateArgs) -> &'static Site {
    args.site.unwrap_or(Site::VOLCENGINE)
}

//! The keys that a given request should be signed with, for `verify` and `explain`.

use ark_usage_report::text;
use volc_sign::Credentials;

use crate::args::RequestArgs;
use crate::context::Context;
use crate::demo;
use crate::error::CliError;
use crate::keys::{self, CredentialFinder};
use crate::lang::Text;
use crate::request::GivenRequest;
use crate::site;

/// Returns the keys of this machine; with `--demo` those of the emulator's account that the request names, or of the
/// demo account.
pub(super) fn find(
    args: &RequestArgs,
    given: &GivenRequest,
    context: &Context<'_>,
) -> Result<Credentials, CliError> {
    let site = site::chosen(args.site, args.demo, context)?;
    let profile = args.profile.as_deref();
    let finder = CredentialFinder::of_one(profile, site.value, args.demo, context)?;
    let named = named_key(given).and_then(demo::credentials_of);
    if args.demo {
        let own = named.filter(|_| args.profile.is_none());
        return Ok(own.unwrap_or_else(|| demo::credentials(finder.profile())));
    }
    let Some(named) = named else { return keys::local_credentials(&finder, context) };
    let found = keys::local_credentials(&finder, context);
    let keys = found.map_err(|error| error.with_hint(demo_hint()))?;
    if keys.access_key_id() != named.access_key_id() {
        context.note(text!("note: {hint}", "注意：{hint}"; hint = demo_hint()));
    }
    Ok(keys)
}

fn demo_hint() -> Text {
    text!(
        "the request is signed with a key of the built-in emulator: add --demo",
        "此请求是用内置模拟服务的密钥签名的：请加上 --demo"
    )
}

/// Returns the access key id that a request names, read or not: the rest of its claims may be what is wrong.
fn named_key(given: &GivenRequest) -> Option<&str> {
    let headers = given.headers.iter().filter(|header| header.is("Authorization"));
    let mut texts = headers.map(|header| header.value.as_str()).chain([given.url.as_str()]);
    let rest = texts.find_map(|text| Some(text.split_once("Credential=")?.1))?;
    rest.split(|letter: char| !letter.is_ascii_alphanumeric()).next()
}

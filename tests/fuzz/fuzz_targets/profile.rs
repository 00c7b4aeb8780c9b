//! `config.json`, the caches of the logins, the token of an OIDC profile and what services answer:
//! read without a panic, and whatever is found is a pair of keys.
#![no_main]

use fuzz::keys::{Given, Parts, environment, search, settings};
use libfuzzer_sys::fuzz_target;
use volc_credentials::{Source, SourceContext};

fuzz_target!(|input: &[u8]| {
    let parts = Parts::of(input);
    let files = Given {
        name: "config.json",
        first: parts.part(0).to_vec(),
        second: parts.part(1).to_vec(),
    };
    let context = SourceContext::new(environment()).with_files(files);
    settings(&context);
    search(Source::CliProfile(None), &context, &[parts.part(2), parts.part(3)]);
});

//! Answers of instance metadata and STS: read without a panic and without endless requests.
#![no_main]

use fuzz::keys::{Given, Parts, environment, search};
use libfuzzer_sys::fuzz_target;
use volc_credentials::{AssumeRole, MetadataRole, Source, SourceContext};

fuzz_target!(|input: &[u8]| {
    let parts = Parts::of(input);
    let files = Given { name: "token", first: b"fake-token".to_vec(), second: Vec::new() };
    let context = SourceContext::new(environment()).with_files(files);
    let answers = [parts.part(0), parts.part(1), parts.part(2)];
    search(Source::EcsMetadata(MetadataRole::First), &context, &answers);
    search(Source::OidcEnvironment, &context, &answers);
    let role = AssumeRole::new(fuzz::credentials(), "trn:iam::2100000001:role/reader");
    search(Source::AssumeRole(role), &context, &answers);
});

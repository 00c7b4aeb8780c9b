//! The INI and JSON files of the older SDKs: read without a panic.
#![no_main]

use fuzz::keys::{Given, environment, search};
use libfuzzer_sys::fuzz_target;
use volc_credentials::{Source, SourceContext};

fuzz_target!(|input: &[u8]| {
    let files = Given { name: "nothing", first: Vec::new(), second: input.to_vec() };
    let context = SourceContext::new(environment()).with_files(files);
    for source in [
        Source::SharedCredentials(None),
        Source::VolcCredentials(Some("work".to_owned())),
        Source::VolcConfig,
    ] {
        search(source, &context, &[]);
    }
});

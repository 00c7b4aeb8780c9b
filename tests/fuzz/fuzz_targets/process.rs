//! The command line of a program that prints keys, and what it prints: read without a panic.
#![no_main]

use fuzz::keys::{Parts, Prints, environment, search};
use libfuzzer_sys::fuzz_target;
use volc_credentials::{ProcessCommand, Source, SourceContext};

fuzz_target!(|input: &[u8]| {
    let parts = Parts::of(input);
    let Ok(command) = std::str::from_utf8(parts.part(0)) else { return };
    let command = ProcessCommand::new(command);
    let _ = format!("{command:?}");
    let context = SourceContext::new(environment()).with_processes(Prints(parts.part(1).to_vec()));
    search(Source::Process(command), &context, &[]);
});

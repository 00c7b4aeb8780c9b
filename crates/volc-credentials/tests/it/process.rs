//! A real program that prints credentials.
#![cfg(unix)]

use std::time::Duration;

use volc_credentials::{
    Chain, OsProcesses, Outcome, ProcessCommand, ProcessFailure, Source, SourceError,
};

use crate::common::{Home, LATER, LATER_UNIX, NOW, TOKEN, assert_temporary};

fn printed(more: &str) -> String {
    format!(
        r#"{{"AccessKeyId":"AKTPTEMPORARY0001","SecretAccessKey":"fake-temporary-secret-0001","SessionToken":"{TOKEN}"{more}}}"#
    )
}

fn process(command: &str) -> Source {
    Source::Process(ProcessCommand::new(command))
}

/// A script in the home directory, and the source that runs it.
fn script(lines: &str) -> (Home, Source) {
    let home = Home::new().file("my helper.sh", lines);
    let path = home.path("my helper.sh").display().to_string();
    (home, process(&format!("sh \"{path}\" 'an argument'")))
}

#[test]
fn the_program_is_run_with_its_arguments() {
    let json = printed(&format!(r#","Version":1,"Expiration":"{LATER}""#));
    let (home, source) = script(&format!(
        "test \"$1\" = 'an argument' || exit 9\necho noise >&2\ncat <<'EOT'\n{json}\nEOT\n"
    ));
    let found = home.find(&Chain::official().with_process(match &source {
        Source::Process(command) => command.expose(),
        _ => panic!(),
    }));
    let found = found.unwrap();
    assert_temporary(&found);
    assert_eq!(found.origin.to_string(), "external process");
    assert_eq!(found.refresh_at(), Some(LATER_UNIX - 60));
}

#[test]
fn keys_without_an_end_do_not_end() {
    let (home, source) = script(&format!("echo '{}'", printed("")));
    assert_eq!(home.find(&Chain::of([source])).unwrap().expires, None);
}

#[test]
fn unusable_output_is_described_and_not_shown() {
    let message = |lines: &str| {
        let (home, source) = script(lines);
        home.message(source)
    };
    let about = |problem: &str| format!("external process sh printed unusable output: {problem}");
    let json = about("not valid JSON");
    assert_eq!(message("echo s3cret"), json);
    assert_eq!(message("true"), json);
    let text = about("AccessKeyId: expected a text in quotes");
    assert_eq!(message(r#"echo '{"AccessKeyId":["s3cret"]}'"#), text);
    let instant = about("Expiration: expected a date and time with a zone (RFC 3339)");
    assert_eq!(message(r#"echo '{"AccessKeyId":"a","Expiration":"s3cret"}'"#), instant);
    assert_eq!(
        message(r#"echo '{"AccessKeyId":"a"}'"#),
        about("SecretAccessKey is missing or empty")
    );
    assert_eq!(
        message(&format!("echo '{}'", printed(r#","Version":2"#))),
        about("its Version is not 1")
    );
    assert_eq!(
        message(&format!("echo '{}'", printed(&format!(r#","Expiration":{NOW}"#)))),
        about("the credentials have expired")
    );
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_output() {
    let (home, source) = script(&format!("printf '\\357\\273\\277'; echo '{}'", printed("")));
    assert_temporary_keys(&home, source);
    let (home, source) = script("printf '\\377\\376{\\000}\\000'");
    assert!(home.message(source).ends_with("unusable output: UTF-16 text instead of UTF-8"));
}

fn assert_temporary_keys(home: &Home, source: Source) {
    assert_eq!(home.find(&Chain::of([source])).unwrap().expires, None);
}

#[test]
fn a_program_that_fails_gives_nothing() {
    let (home, source) = script(&format!("echo '{}'\nexit 3", printed("")));
    assert_eq!(home.message(source), "external process sh ended with status 3");
    let (home, source) = script("kill -9 $$");
    assert_eq!(home.message(source), "external process sh was ended by a signal");
    let home = Home::new();
    let source = process(&format!("'{}' x", home.path("no-such-program").display()));
    assert_eq!(
        home.message(source),
        "external process ~/no-such-program could not be started: no such file"
    );
    let source = process("sh 'unclosed");
    assert_eq!(
        home.message(source),
        "the command of the external process cannot be run: a quote is not closed"
    );
}

#[test]
fn a_program_that_hangs_or_babbles_is_stopped() {
    let failure = |lines: &str, timeout: Duration| {
        let (home, source) = script(lines);
        let context = home.context().with_processes(OsProcesses::new().with_timeout(timeout));
        let mut not_found = Chain::of([source])
            .search(&context)
            .run(|| NOW, |_| -> Result<http::Response<Vec<u8>>, _> { panic!("no network") })
            .unwrap_err();
        match not_found.attempts.remove(0).outcome {
            Outcome::Failed(SourceError::Process { failure, .. }) => failure,
            outcome => panic!("{outcome:?}"),
        }
    };
    let hang = failure("exec sleep 600", Duration::from_millis(50));
    assert_eq!(hang, ProcessFailure::TimedOut);
    let babble = failure("exec yes", Duration::from_mins(1));
    assert_eq!(babble, ProcessFailure::TooMuchOutput);
}

#[test]
fn a_descendant_that_keeps_the_output_open_is_not_waited_for() {
    let json = r#"{"AccessKeyId":"AKLTEXAMPLE0000000000000000000001","SecretAccessKey":"made-up"}"#;
    let (home, source) = script(&format!("sleep 600 &\necho '{json}'"));
    let context = home.context().with_processes(OsProcesses::new());
    let found = Chain::of([source])
        .search(&context)
        .run(|| NOW, |_| -> Result<http::Response<Vec<u8>>, _> { panic!("no network") });
    assert_eq!(found.unwrap().credentials.access_key_id(), "AKLTEXAMPLE0000000000000000000001");
}

#[test]
fn a_limit_that_has_passed_stops_a_program_before_its_time_out() {
    let (home, source) = script("exec sleep 600");
    let programs = OsProcesses::new().with_limit(|| Duration::ZERO);
    let result = Chain::of([source])
        .search(&home.context().with_processes(programs))
        .run(|| NOW, |_| -> Result<http::Response<Vec<u8>>, _> { panic!("no network") });
    assert!(result.unwrap_err().to_string().contains("did not end in time"));
}

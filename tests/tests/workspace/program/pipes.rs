//! Data on standard output, all else on standard error; a reader that leaves early is no error.

use workspace_tests::program::{Sandbox, run};

#[test]
fn a_reader_that_closes_early_is_not_an_error() {
    let sandbox = Sandbox::new();
    for format in ["table", "json", "raw"] {
        let line = format!(
            "{{ ark-usage get --demo --month 2024-10 -i hour -f {format} -q \
             --now 2024-11-20T04:00:00Z; echo status $? >&2; }} | head -c 1"
        );
        let finished = run(sandbox.shell(&line), "");
        assert_eq!(finished.stdout.len(), 1, "{finished:?}");
        assert_eq!(finished.stderr, "status 0\n", "-f {format}");
    }
}

#[test]
fn a_reader_closed_before_the_first_byte_is_not_an_error() {
    let sandbox = Sandbox::new();
    let line = "{ sleep 0.2; ark-usage get --demo --today -q --now 2024-11-20T04:00:00Z; \
                echo status $? >&2; } | true";
    assert_eq!(run(sandbox.shell(line), "").stderr, "status 0\n");
}

#[test]
fn help_into_a_closed_pipe_is_quiet() {
    let sandbox = Sandbox::new();
    let finished = run(sandbox.shell("ark-usage get --help | head -1"), "");
    assert_eq!(finished.stderr, "");
    assert_eq!(finished.stdout.lines().count(), 1);
}

#[test]
fn a_closed_standard_error_stops_nothing() {
    let sandbox = Sandbox::new();
    let line = "ark-usage get --demo --today -f json --now 2024-11-20T04:00:00Z 2>&-";
    let finished = run(sandbox.shell(line), "");
    assert_eq!(finished.status, Some(0));
    assert!(finished.stdout.contains("\"ark-usage/rows\""));
}

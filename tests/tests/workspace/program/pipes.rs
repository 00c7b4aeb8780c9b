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

/// Whatever prints data or help.
const PRINTERS: [&str; 8] = [
    "get --demo --yesterday -q",
    "get --demo --yesterday -q -f csv",
    "get --demo --yesterday -q -o /dev/stdout",
    "budget --demo --max PromptTokens=1e12/month -q",
    "statusline --demo --errors",
    "get --help",
    "--version",
    "completions bash",
];

#[cfg(unix)]
#[test]
fn standard_output_that_takes_no_data_is_an_error() {
    // The standard library takes a write to a descriptor that is open for reading only for done.
    let full = if cfg!(target_os = "linux") { Some(">/dev/full") } else { None };
    for target in ["1</dev/null"].into_iter().chain(full) {
        for printer in PRINTERS {
            for lang in ["en", "zh"] {
                let line = format!("exec ark-usage {printer} --lang {lang} {target}");
                let finished = run(Sandbox::new().shell(&line), "");
                assert_eq!(finished.status, Some(1), "{line}: {finished:?}");
                let words = if lang == "en" { "cannot write" } else { "无法写入" };
                assert!(finished.stderr.contains(words), "{line}: {finished:?}");
            }
        }
    }
    for target in [">/dev/null", "1<>/dev/null", ">>file"] {
        let line = format!("exec ark-usage get --demo --yesterday -q {target}");
        let finished = run(Sandbox::new().shell(&line), "");
        assert_eq!(finished.status, Some(0), "{line}: {finished:?}");
    }
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

//! The line of progress: on a terminal, while a query takes long, and gone when it is done.
#![cfg(unix)]

use std::process::Command;

use workspace_tests::program::{DEMO_KEYS, Emulator, Finished, Sandbox, run};
use workspace_tests::terminal::run_on_terminal;

const NOW: &str = "2024-11-20T04:00:00Z";

/// A service that sends the first call away for a second and a half.
fn slow_service(sandbox: &Sandbox) -> Emulator {
    let fault = "[[fault]]\nwhen = { action = \"GetUsage\", first = 1 }\n\
                 effect = { kind = \"throttle\", retry-after = 2 }\n";
    sandbox.write("faults.toml", fault);
    let faults = sandbox.folder().join("faults.toml").display().to_string();
    Emulator::start(sandbox, &["--now", NOW, "--faults", &faults], &[])
}

fn asks(sandbox: &Sandbox, emulator: &Emulator, more: &[&str]) -> Command {
    let mut arguments =
        vec!["get", "--default-project", "--month", "2024-10", "--max-window", "7d", "--now", NOW];
    arguments.extend(["--base-url", emulator.base_url()]);
    arguments.extend(more);
    let mut command = sandbox.command(&arguments);
    command.envs(DEMO_KEYS).env("TERM", "xterm-256color");
    command
}

fn on_terminal(more: &[&str]) -> Finished {
    let sandbox = Sandbox::new();
    let emulator = slow_service(&sandbox);
    let finished = run_on_terminal(asks(&sandbox, &emulator, more), "", 100);
    assert_eq!(finished.status, Some(0), "{finished:?}");
    finished
}

#[test]
fn a_terminal_shows_windows_rate_and_retries_and_then_takes_them_away() {
    let finished = on_terminal(&[]);
    let said = &finished.stderr;
    assert!(said.contains("/5 windows, ") && said.contains(" calls/s, 1 retry"), "{finished:?}");
    let shown = said.rfind("windows").unwrap();
    let rest = said.get(shown..).unwrap();
    assert!(rest.contains("\u{1b}[2K"), "the line is erased: {finished:?}");
    assert!(finished.stdout.contains("2024-10-31"), "{finished:?}");
    assert!(!finished.stdout.contains("windows"), "{finished:?}");
}

#[test]
fn the_line_speaks_chinese() {
    let said = on_terminal(&["--lang", "zh"]).stderr;
    assert!(said.contains("时间窗 ") && said.contains("重试 1 次"), "{said:?}");
}

#[test]
fn quiet_and_verbose_show_no_progress_line() {
    assert_eq!(on_terminal(&["-q"]).stderr, "");
    let said = on_terminal(&["-v"]).stderr;
    assert!(said.contains("call 0: ") && !said.contains("windows"), "{said:?}");
}

#[test]
fn a_pipe_gets_no_line() {
    let sandbox = Sandbox::new();
    let emulator = slow_service(&sandbox);
    let finished = run(asks(&sandbox, &emulator, &[]), "");
    assert_eq!(finished.status, Some(0), "{finished:?}");
    assert!(!finished.stderr.contains("windows"), "{finished:?}");
}

#[test]
fn twice_verbose_shows_headers_and_times_and_no_secret() {
    let sandbox = Sandbox::new();
    let finished = run(sandbox.command(&["get", "--demo", "--today", "-vv", "--now", NOW]), "");
    let said = &finished.stderr;
    for part in [
        "call 0: > POST http://127.0.0.1:",
        "call 0: > content-type: application/json; charset=UTF-8",
        " bytes in 0.",
        "call 0: < content-type: application/json",
    ] {
        assert!(said.contains(part), "{part}: {finished:?}");
    }
    assert!(!said.to_lowercase().contains("authorization"), "{finished:?}");
}

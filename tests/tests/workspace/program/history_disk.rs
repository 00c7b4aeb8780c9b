//! A history whose disk is full or read-only: what the messages say, and what is left.
#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use workspace_tests::program::{Finished, Sandbox, run};

const NOW: &str = "--now 2024-11-20T04:00:00Z";

fn demo(sandbox: &Sandbox, line: &str) -> Finished {
    let line = format!("{line} {NOW}");
    run(sandbox.command(&line.split(' ').collect::<Vec<_>>()), "")
}

/// Runs a command whose files may not grow over some blocks of 512 bytes.
fn limited(sandbox: &Sandbox, blocks: u32, line: &str) -> Finished {
    let line = format!("trap '' XFSZ; ulimit -f {blocks}; ark-usage {line} {NOW}");
    run(sandbox.shell(&line), "")
}

fn export(sandbox: &Sandbox, history: &str) -> String {
    let finished = demo(sandbox, &format!("history export --history {history}"));
    assert_eq!(finished.status, Some(0), "{finished:?}");
    finished.stdout
}

#[test]
fn a_disk_without_room_is_named_and_nothing_is_lost() {
    let sandbox = Sandbox::new();
    let day = "get --demo --history=h.db --yesterday -q -f csv";
    assert_eq!(demo(&sandbox, "sync --demo --history h.db --last 2d").status, Some(0));
    let (before, answer) = (export(&sandbox, "h.db"), demo(&sandbox, day).stdout);

    let full = limited(&sandbox, 300, "sync --demo --history h.db --since 2024-10-21");
    assert_eq!((full.status, full.stdout.as_str()), (Some(1), ""), "{full:?}");
    for part in ["error: --history h.db: cannot write the history", "because:", "hint:"] {
        assert!(full.stderr.contains(part), "{part}: {full:?}");
    }
    let kept = export(&sandbox, "h.db");
    assert!(before.lines().all(|row| kept.contains(row)));
    assert_eq!(demo(&sandbox, day).stdout, answer);

    // With room again, the next sync continues.
    let range = "sync --demo --since 2024-10-21 --history";
    assert_eq!(demo(&sandbox, &format!("{range} h.db")).status, Some(0));
    assert_eq!(demo(&sandbox, &format!("{range} whole.db")).status, Some(0));
    assert!(export(&sandbox, "h.db") == export(&sandbox, "whole.db"));
}

#[test]
fn a_sync_that_ended_before_it_wrote_anything_is_followed_by_another() {
    for blocks in [0, 8, 16, 64, 128, 200] {
        let sandbox = Sandbox::new();
        let full = limited(&sandbox, blocks, "sync --demo --history h.db");
        assert_eq!(full.status, Some(1), "{blocks}: {full:?}");
        assert!(full.stderr.contains("cannot write the history"), "{blocks}: {full:?}");
        assert!(!full.stderr.contains("there is no history"), "{blocks}: {full:?}");
        let next = demo(&sandbox, "sync --demo --history h.db --quiet");
        assert_eq!(next.status, Some(0), "{blocks}: {next:?}");
        assert!(next.stdout.contains("nothing missing"), "{blocks}: {next:?}");
    }
}

#[test]
fn what_cannot_be_written_can_still_answer() {
    let sandbox = Sandbox::new();
    let day = "get --demo --history=state/h.db --yesterday -q -f csv";
    fs::create_dir(sandbox.folder().join("state")).unwrap();
    assert_eq!(demo(&sandbox, "sync --demo --history state/h.db --last 2d").status, Some(0));
    let answer = demo(&sandbox, day).stdout;
    fs::remove_file(sandbox.folder().join("state/h.db.lock")).unwrap();
    let set = |name: &str, mode| {
        fs::set_permissions(sandbox.folder().join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    set("state/h.db", 0o444);
    set("state", 0o555);
    let may_all = fs::write(sandbox.folder().join("state/probe"), "").is_ok();
    let (read, written) = (demo(&sandbox, day), demo(&sandbox, "sync --demo --history state/h.db"));
    set("state", 0o755);
    assert_eq!((read.status, read.stdout), (Some(0), answer), "{}", read.stderr);
    assert!(may_all || written.status == Some(1), "{written:?}");
    // The kernel makes no file here for any user.
    let refused = demo(&sandbox, "sync --demo --history /sys/history.db");
    assert_eq!(refused.status, Some(1), "{refused:?}");
    for part in ["--history /sys/history.db: cannot write the history", "because:", "hint:"] {
        assert!(refused.stderr.contains(part), "{part}: {refused:?}");
    }
    let none = demo(&sandbox, "get --demo --history=/sys/history.db --yesterday");
    assert_eq!(none.status, Some(3), "{none:?}");
    assert!(none.stderr.contains("there is no history yet"), "{none:?}");
}

//! The history survives whatever ends a sync: it opens, nothing is gone or twice there, and the next
//! sync completes it.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use workspace_tests::program::{DEMO_KEYS, Emulator, Finished, Sandbox, finish, run};
use workspace_tests::workspace::root;

const NOW: &str = "2024-11-20T04:00:00Z";

/// Runs the program in the demo at noon of 20 November 2024.
fn demo(sandbox: &Sandbox, line: &str) -> Finished {
    let arguments: Vec<&str> = line.split(' ').collect();
    let now = ["--now", NOW];
    let has_now = arguments.contains(&"--now");
    let more: &[&str] = if has_now { &[] } else { &now };
    run(sandbox.command(&[&arguments[..], more].concat()), "")
}

fn done(sandbox: &Sandbox, line: &str) -> Finished {
    let finished = demo(sandbox, line);
    assert_eq!(finished.status, Some(0), "{line}: {finished:?}");
    finished
}

fn counts(finished: &Finished) -> [u64; 3] {
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    ["new", "revised", "unchanged"].map(|key| document["points"][key].as_u64().unwrap())
}

/// Starts a sync of three days in windows of six hours with `emulator`.
fn start(sandbox: &Sandbox, emulator: &Emulator, history: &str) -> Child {
    let arguments = ["sync", "--base-url", emulator.base_url(), "--history", history];
    let range =
        ["--last", "3d", "--recheck", "0s", "--max-window", "6h", "--now", NOW, "-f", "json"];
    let mut command = sandbox.command(&[&arguments[..], &range].concat());
    command.envs(DEMO_KEYS).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn export(sandbox: &Sandbox, history: &str) -> String {
    done(sandbox, &format!("history export --history {history}")).stdout
}

/// The values of a history by usage, metric and start, read without the program.
type Points = BTreeMap<(i64, i64), i64>;

fn points(file: &Path) -> Points {
    if !file.exists() {
        return Points::new();
    }
    // As `sqlite3` opens it: a change that was half done is undone.
    let connection = Connection::open(file).unwrap();
    let check = "PRAGMA integrity_check";
    let sound: String = connection.query_row(check, [], |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    let tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'point'";
    if connection.query_row(tables, [], |row| row.get::<_, i64>(0)).unwrap() == 0 {
        return Points::new();
    }
    let mut statement = connection.prepare("SELECT series_id, start, value FROM point").unwrap();
    let rows =
        statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?))).unwrap();
    let mut points = Points::new();
    for row in rows {
        let (key, value) = row.unwrap();
        assert_eq!(points.insert(key, value), None, "{key:?} is there twice");
    }
    points
}

#[expect(clippy::disallowed_methods, reason = "a kill needs a moment")]
fn pause(time: Duration) {
    std::thread::sleep(time);
}

#[expect(clippy::disallowed_methods, reason = "moments lie within the length of a run")]
fn clock() -> Instant {
    Instant::now()
}

/// Random numbers, the same in every run.
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *seed >> 33
}

#[test]
fn two_hundred_kills_lose_and_double_nothing() {
    let sandbox = Sandbox::new();
    let emulator = Emulator::start(&sandbox, &["--now", NOW], &[]);
    let began = clock();
    let whole = finish(start(&sandbox, &emulator, "whole.db"));
    let length = began.elapsed();
    assert_eq!(whole.status, Some(0), "{whole:?}");
    let expected = export(&sandbox, "whole.db");
    let all = counts(&whole)[0];
    assert_eq!(all, u64::try_from(expected.lines().count()).unwrap());

    let (mut kills, mut files, mut seed) = (0, 0, 20_241_120);
    while kills < 200 {
        files += 1;
        let history = format!("killed-{files}.db");
        let path = sandbox.folder().join(&history);
        let mut kept = Points::new();
        // The later attempts find less and less to do.
        for _ in 0..20 {
            let mut child = start(&sandbox, &emulator, &history);
            let micros = u64::try_from(length.as_micros()).unwrap();
            pause(Duration::from_micros(next(&mut seed) % micros));
            if child.try_wait().unwrap().is_none() {
                kills += 1;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            let now = points(&path);
            let gone = kept.iter().find(|(key, value)| now.get(key) != Some(value));
            assert_eq!(gone, None, "after {kills} kills");
            let is_complete = now.len() == usize::try_from(all).unwrap();
            kept = now;
            if is_complete || kills >= 200 {
                break;
            }
        }
        let last = finish(start(&sandbox, &emulator, &history));
        assert_eq!(last.status, Some(0), "{last:?}");
        assert_eq!(counts(&last)[0], all - u64::try_from(kept.len()).unwrap());
        assert!(export(&sandbox, &history) == expected, "not the history of an undisturbed sync");
    }
}

#[test]
fn the_second_of_two_syncs_waits_or_ends_at_once() {
    let sandbox = Sandbox::new();
    let lock = ark_usage_files::FileLock::try_lock(&sandbox.folder().join("h.db.lock")).unwrap();
    let busy = demo(&sandbox, "sync --demo --history h.db --last 1d");
    assert_eq!(busy.status, Some(75), "{busy:?}");
    assert!(busy.stderr.contains("another process") && busy.stderr.contains("--wait"), "{busy:?}");
    assert!(busy.stdout.is_empty() && busy.stderr.lines().count() == 2, "{busy:?}");
    let late = demo(&sandbox, "sync --demo --history h.db --last 1d --wait --timeout 1s");
    assert_eq!(late.status, Some(5), "{late:?}");
    let arguments = ["sync", "--demo", "--history", "h.db", "--last", "1d", "--wait", "--now", NOW];
    let mut command = sandbox.command(&arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let waiting = command.spawn().unwrap();
    pause(Duration::from_millis(300));
    drop(lock);
    let finished = finish(waiting);
    assert_eq!(finished.status, Some(0), "{finished:?}");
    assert!(finished.stdout.starts_with("synced "), "{finished:?}");
}

#[test]
fn syncs_of_one_file_at_once_make_one_history() {
    let sandbox = Sandbox::new();
    let emulator = Emulator::start(&sandbox, &["--now", NOW], &[]);
    let statuses: Vec<_> = (0..4).map(|_| start(&sandbox, &emulator, "h.db")).map(finish).collect();
    assert!(statuses.iter().any(|finished| finished.status == Some(0)), "{statuses:?}");
    let others = statuses.iter().all(|finished| matches!(finished.status, Some(0 | 75)));
    assert!(others, "{statuses:?}");
    assert_eq!(finish(start(&sandbox, &emulator, "alone.db")).status, Some(0));
    assert!(export(&sandbox, "h.db") == export(&sandbox, "alone.db"));
}

#[test]
fn files_that_cannot_be_used_are_refused_unchanged() {
    let sandbox = Sandbox::new();
    sandbox.write("notes.txt", "these are no numbers, but many words of somebody's notes\n");
    let refused = demo(&sandbox, "sync --demo --history notes.txt --last 1d");
    assert_eq!(refused.status, Some(3), "{refused:?}");
    assert!(sandbox.read("notes.txt").unwrap().starts_with("these are no numbers"));

    done(&sandbox, "sync --demo --history h.db --last 2d");
    let file = sandbox.folder().join("h.db");
    let newer = Connection::open(&file).unwrap();
    newer.pragma_update(None, "user_version", 999).unwrap();
    drop(newer);
    for line in ["sync --demo --history h.db --last 2d", "history status --history h.db"] {
        let refused = demo(&sandbox, line);
        assert_eq!(refused.status, Some(3), "{refused:?}");
        assert!(refused.stderr.contains("999") && refused.stderr.contains("update"), "{refused:?}");
    }

    done(&sandbox, "sync --demo --history damaged.db --last 2d");
    let path = sandbox.folder().join("damaged.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes.truncate(middle + 100);
    bytes[100..middle].fill(0xa5);
    std::fs::write(&path, &bytes).unwrap();
    let refused = demo(&sandbox, "sync --demo --history damaged.db --last 2d");
    assert_eq!(refused.status, Some(3), "{refused:?}");
    assert!(refused.stderr.contains("damaged") && refused.stderr.contains("backup"), "{refused:?}");
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "a damaged file stays for whoever repairs it");
}

#[test]
fn a_clock_that_jumps_takes_nothing_away() {
    let sandbox = Sandbox::new();
    let sync = "sync --demo --history h.db --last 3d --now";
    done(&sandbox, &format!("{sync} 2024-11-20T04:00:00Z"));
    let before = export(&sandbox, "h.db").lines().count();
    // A year ahead: other days are fetched. And back: what was known is confirmed.
    let ahead = done(&sandbox, &format!("{sync} 2025-11-20T04:00:00Z -f json"));
    let back = done(&sandbox, &format!("{sync} 2024-11-20T05:00:00Z -f json"));
    let (ahead, back) = (counts(&ahead), counts(&back));
    assert!(ahead[0] > 0 && back[0] > 0, "{ahead:?} {back:?}");
    let after = export(&sandbox, "h.db").lines().count();
    let new = usize::try_from(ahead[0] + back[0]).unwrap();
    assert_eq!(after, before + new);
    done(&sandbox, "history verify --history h.db");
}

#[test]
fn the_next_sync_asks_for_nothing_that_is_known() {
    let sandbox = Sandbox::new();
    let sync = "sync --demo --history h.db --last 10d -f json";
    let first = counts(&done(&sandbox, sync));
    let settled = "sync --demo --history h.db --last 10d -f json --recheck 0s";
    let second = counts(&done(&sandbox, settled));
    assert_eq!((second[0], second[1]), (0, 0));
    // The running hour, and the one before that had not settled.
    assert!(second[2] * 50 < first[0], "{first:?} {second:?}");
    let rechecked = counts(&done(&sandbox, sync));
    assert_eq!((rechecked[0], rechecked[1]), (0, 0));
    assert!(rechecked[2] > second[2] * 10, "{rechecked:?}");
}

#[test]
fn an_interrupted_sync_keeps_what_it_received() {
    let sandbox = Sandbox::new();
    let faults = "[[fault]]\nwhen = { action = \"GetUsage\" }\neffect = { kind = \"delay\", millis = 100 }\n";
    sandbox.write("faults.toml", faults);
    let path = sandbox.folder().join("faults.toml").display().to_string();
    let slow = Emulator::start(&sandbox, &["--now", NOW, "--faults", path.as_str()], &[]);
    let child = start(&sandbox, &slow, "h.db");
    // Some windows are in.
    let file = sandbox.folder().join("h.db");
    let mut rounds = 0;
    while points_so_far(&file) == 0 {
        rounds += 1;
        assert!(rounds < 6_000, "nothing is taken in");
        pause(Duration::from_millis(20));
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let finished = finish(child);
    assert_eq!(finished.status, Some(130), "{finished:?}");
    assert!(
        finished.stderr.contains("interrupted") && finished.stderr.contains("kept"),
        "{finished:?}"
    );
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    let kept = points(&file).len();
    assert_eq!(document["points"]["new"], kept, "{finished:?}");
    assert!(!document["missing"].as_array().unwrap().is_empty(), "{finished:?}");

    let emulator = Emulator::start(&sandbox, &["--now", NOW], &[]);
    assert_eq!(finish(start(&sandbox, &emulator, "h.db")).status, Some(0));
    assert_eq!(finish(start(&sandbox, &emulator, "whole.db")).status, Some(0));
    assert!(export(&sandbox, "h.db") == export(&sandbox, "whole.db"));
}

/// The number of points in a file that a sync is writing; 0 while it cannot be read.
fn points_so_far(file: &Path) -> i64 {
    let opened = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).ok();
    let count = |connection: Connection| {
        connection.query_row("SELECT count(*) FROM point", [], |row| row.get(0)).ok()
    };
    opened.and_then(count).unwrap_or_default()
}

#[test]
fn a_recording_teaches_what_a_sync_fetched() {
    let sandbox = Sandbox::new();
    let record = "sync --demo --last 2d --history synced.db --record tape";
    done(&sandbox, record);
    done(&sandbox, "history import tape --history imported.db");
    done(&sandbox, "history import tape --history imported.db");
    assert!(export(&sandbox, "imported.db") == export(&sandbox, "synced.db"));
    let inference = "sync --demo --last 2d --api inference --history other.db --record tape2";
    done(&sandbox, inference);
    done(&sandbox, "history import tape2 --history other2.db");
    let (synced, imported) = (export(&sandbox, "other.db"), export(&sandbox, "other2.db"));
    assert!(synced == imported);
}

/// The blocks of SQL in a page.
fn questions(page: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("docs").join(page)).unwrap();
    let blocks = text.split("```sql\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_five_questions_of_the_page_have_answers() {
    let sandbox = Sandbox::new();
    done(&sandbox, "sync --demo --history h.db --last 3d");
    let questions = questions("history.md");
    assert_eq!(questions.len(), 5);
    assert_eq!(questions, self::questions("history.zh-CN.md"));
    let connection = Connection::open(sandbox.folder().join("h.db")).unwrap();
    let mut answers = Vec::new();
    for question in &questions {
        let mut statement = connection.prepare(question).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut answer = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let cells =
                (0..columns).map(|column| row.get::<_, rusqlite::types::Value>(column).unwrap());
            answer.push(cells.collect::<Vec<_>>());
        }
        answers.push(answer);
    }
    let counts: Vec<usize> = answers.iter().map(Vec::len).collect();
    assert_eq!((counts[0], counts[1], counts[3]), (6, 9, 3), "{answers:?}");
    // All endpoints are kept by themselves, and they explain everything.
    assert_eq!((counts[2], counts[4]), (0, 1), "{answers:?}");
    let all = "SELECT sum(value) FROM usage_hour";
    let all: i64 = connection.query_row(all, [], |row| row.get(0)).unwrap();
    let live = done(&sandbox, "get --demo --last 3d --metric total --totals-only -f value");
    assert_eq!(live.stdout.trim(), all.to_string());
}

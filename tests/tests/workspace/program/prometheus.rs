//! Files for `node_exporter`'s textfile collector: no two of them have a series in common, and none is ever
//! read in part.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use workspace_tests::program::{Sandbox, run};

const GET: [&str; 7] = ["get", "--demo", "--now", "2024-11-20T04:00:00Z", "-f", "prometheus", "-q"];

/// Files that may lie in one folder.
const FILES: [&[&str]; 14] = [
    &["--interval", "day"],
    &["--interval", "hour"],
    &["--interval", "day", "--by", "project"],
    &["--interval", "hour", "--by", "project"],
    &["--interval", "day", "--by", "endpoint"],
    &["--interval", "day", "--by", "project,endpoint"],
    &["--interval", "day", "--by", "tag:team"],
    &["--interval", "day", "--project", "search"],
    &["--interval", "day", "--project", "search", "--project", "assistant"],
    &["--interval", "day", "--project", "default", "--project", "assistant"],
    &["--interval", "day", "--default-project"],
    &["--interval", "day", "--tz", "UTC"],
    &["--interval", "day", "--metric", "PromptTokens"],
    &["--interval", "day", "--metric", "PromptTokens", "--metric", "total"],
];

fn written(flags: &[&str]) -> String {
    let finished = run(Sandbox::new().command(&[&GET[..], flags].concat()), "");
    assert_eq!(finished.status, Some(0), "{flags:?}: {finished:?}");
    finished.stdout
}

/// The series of a file: each line is one, without its value.
fn series(text: &str) -> Vec<&str> {
    let samples = text.lines().filter(|line| !line.starts_with('#'));
    samples.map(|line| line.rsplit_once(' ').unwrap().0).collect()
}

#[test]
fn no_two_files_have_a_series_in_common() {
    let mut owners: BTreeMap<String, &[&str]> = BTreeMap::new();
    for flags in FILES {
        let text = written(flags);
        for series in series(&text) {
            let other = owners.insert(series.to_owned(), flags);
            assert_eq!(other, None, "{flags:?}: {series}");
        }
    }
    assert!(owners.len() > 100, "{}", owners.len());
}

#[test]
fn names_of_values_tell_days_from_hours() {
    let names = |flags: &[&str]| -> BTreeSet<String> {
        let text = written(flags);
        let names = series(&text).into_iter().map(|series| series.split('{').next().unwrap());
        names.filter(|name| name.ends_with("_tokens")).map(str::to_owned).collect()
    };
    let (days, hours) = (names(&["--interval", "day"]), names(&["--interval", "hour"]));
    assert_eq!((days.len(), hours.len()), (2, 1), "{days:?} {hours:?}");
    assert!(days.is_disjoint(&hours), "{days:?} {hours:?}");
}

#[test]
fn a_reader_never_sees_a_part_of_a_file() {
    let sandbox = Sandbox::new();
    let path = sandbox.folder().join("usage.prom");
    let whole = [&FILES[0], &FILES[4]].map(|flags| written(flags));
    fs::write(&path, &whole[0]).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut reads = 0_u32;
            while !done.load(Ordering::Relaxed) {
                let text = fs::read_to_string(&path).unwrap();
                assert!(whole.contains(&text), "{text}");
                let folder = fs::read_dir(sandbox.folder()).unwrap();
                let names = folder.map(|entry| entry.unwrap().file_name());
                let files = names.filter(|name| name.to_string_lossy().ends_with(".prom"));
                assert_eq!(files.count(), 1, "the collector reads every file with its extension");
                reads += 1;
            }
            reads
        });
        for _ in 0..6 {
            for flags in [FILES[4], FILES[0]] {
                let flags = [&GET[..], flags, &["-o", "usage.prom"]].concat();
                let finished = run(sandbox.command(&flags), "");
                assert_eq!(finished.status, Some(0), "{finished:?}");
            }
        }
        done.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap() > 12);
    });
}

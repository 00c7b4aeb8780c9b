//! Output files: who may write them and read them afterwards, links, streams, mounts, full disks, and
//! folders without debris whatever ends the program.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, lchown, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use workspace_tests::listener::Listener;
use workspace_tests::program::{Finished, Sandbox, binary, finish, is_ignored, run};

/// Rows of one day of the demo.
const ROWS: &str =
    "get --demo --default-project --yesterday -q --now 2024-11-20T04:00:00Z -f csv --fields value";
const WRITTEN: &str = "value\r\n40207324\r\n1529525715\r\n";
const OLD: &str = "old\n";
/// A user who owns nothing, on most systems called nobody.
const NOBODY: u32 = 65_534;
const UMASK: u32 = 0o022;

/// A folder that any user can reach, with the program in it.
struct Place {
    sandbox: Sandbox,
    /// The user who runs the program, and owns the folder `out`.
    user: Option<u32>,
}

impl Place {
    fn new(user: Option<u32>) -> Self {
        let place = Self { sandbox: Sandbox::new(), user };
        place.set_mode("", 0o755);
        // Wherever the folder of the build may not be entered by others.
        let linked = fs::hard_link(binary(), place.path("ark-usage"));
        linked.or_else(|_| fs::copy(binary(), place.path("ark-usage")).map(drop)).unwrap();
        fs::create_dir(place.path("out")).unwrap();
        place.set_mode("out", 0o755);
        chown(place.path("out"), user, user).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.sandbox.folder().join(name)
    }

    fn set_mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), Permissions::from_mode(mode)).unwrap();
    }

    /// Writes a file of `owner` with exactly this mode.
    fn write(&self, name: &str, owner: Option<u32>, mode: u32) {
        fs::write(self.path(name), OLD).unwrap();
        chown(self.path(name), owner, owner).unwrap();
        self.set_mode(name, mode);
    }

    /// A line of the shell in `out`, run by the user with the usual umask.
    fn line(&self, line: &str) -> Finished {
        let mut command = self.sandbox.shell(&format!("umask {UMASK:03o}; {line}"));
        command.current_dir(self.path("out"));
        command.env("PATH", format!("{}:/usr/bin:/bin", self.sandbox.folder().display()));
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        run(command, "")
    }

    fn rows_into(&self, path: &str) -> Finished {
        self.line(&format!("ark-usage {ROWS} -o {path}"))
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names in `out`, in order.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("out")).unwrap();
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let mut names: Vec<String> = entries.map(|entry| name(entry.unwrap())).collect();
        names.sort();
        names
    }
}

/// Says so past the capture of the test runner.
fn skip(reason: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}

/// The users to run the program as.
fn users() -> Vec<Option<u32>> {
    if is_root() {
        return vec![None, Some(NOBODY)];
    }
    skip("only the superuser can be another user, or have files of others");
    vec![None]
}

/// True where a test may mount something for itself only; says so otherwise.
fn may_mount() -> bool {
    let own = Command::new("unshare").args(["-m", "true"]).stderr(Stdio::null()).status();
    let may = own.is_ok_and(|status| status.success());
    if !may {
        skip("mounting needs the superuser and unshare");
    }
    may
}

#[test]
fn a_replaced_file_never_has_more_rights_than_a_new_one() {
    let own = if is_root() { Some(0) } else { None };
    for user in users() {
        let writer = user.or(own);
        let owners = if is_root() { vec![Some(0), Some(NOBODY), Some(12_345)] } else { vec![None] };
        for owner in owners {
            for mode in [0o600, 0o644, 0o666, 0o777, 0o4777, 0o2755, 0o6666, 0o1666, 0o444, 0o000] {
                check_replaced(user, writer, owner, mode);
            }
        }
    }
}

fn check_replaced(user: Option<u32>, writer: Option<u32>, owner: Option<u32>, mode: u32) {
    let place = Place::new(user);
    place.write("out/u.csv", owner, mode);
    let before = fs::metadata(place.path("out/u.csv")).unwrap();
    let allowed = place.line(": >> u.csv").status == Some(0);
    let finished = place.rows_into("u.csv");
    let case = format!("user {user:?}, owner {owner:?}, mode {mode:o}: {finished:?}");
    let after = fs::metadata(place.path("out/u.csv")).unwrap();
    assert_eq!(place.names(), ["u.csv"], "{case}");
    if !allowed {
        assert_eq!(finished.status, Some(1), "{case}");
        assert_eq!((after.ino(), after.mode()), (before.ino(), before.mode()), "{case}");
        return;
    }
    assert_eq!(finished.status, Some(0), "{case}");
    let bits = after.mode() & 0o7777;
    assert_eq!(bits & !(0o666 & !UMASK), 0, "{bits:o}, {case}");
    if owner == writer {
        assert_eq!(bits, mode & 0o666 & !UMASK, "{bits:o}, {case}");
    }
    // Only the superuser can leave a file to its owner.
    let kept = if user.is_none() { before.uid() } else { user.unwrap_or_default() };
    assert_eq!(after.uid(), kept, "{case}");
    place.set_mode("out/u.csv", 0o644);
    assert_eq!(place.text("out/u.csv"), WRITTEN, "{case}");
}

/// The cache of the status line is its owner's only, and stays its owner's.
#[test]
fn a_status_line_keeps_its_cache_private() {
    for user in users() {
        let place = Place::new(user);
        let line = "HOME=$PWD ark-usage statusline --demo; ls .cache/ark-usage/*";
        let first = place.line(line);
        let file = first.stdout.lines().last().unwrap();
        let cache = place.path("out").join(file);
        let owners = if is_root() { vec![user.or(Some(0)), Some(12_345)] } else { vec![None] };
        for owner in owners {
            fs::write(&cache, "old").unwrap();
            fs::set_permissions(&cache, Permissions::from_mode(0o444)).unwrap();
            chown(&cache, owner, owner).unwrap();
            let again = place.line(line);
            // The demo's day goes on between two lines, so the numbers may not be the same.
            assert!(again.stdout.contains(" tokens today, "), "{user:?}, {owner:?}: {again:?}");
            assert_eq!(again.stdout.lines().last(), Some(file), "{user:?}, {owner:?}: {again:?}");
            let meta = fs::metadata(&cache).unwrap();
            assert_eq!(meta.mode() & 0o177, 0, "{user:?}, {owner:?}");
            let kept = if user.is_none() { owner } else { user };
            assert!(kept.is_none_or(|kept| kept == meta.uid()), "{user:?}, {owner:?}");
        }
    }
}

#[test]
fn a_new_file_has_the_rights_of_the_umask() {
    for user in users() {
        let place = Place::new(user);
        assert_eq!(place.rows_into("u.csv").status, Some(0));
        assert_eq!(place.line(&format!("umask 077; ark-usage {ROWS} -o p.csv")).status, Some(0));
        let mode = |name: &str| fs::metadata(place.path(name)).unwrap().mode() & 0o7777;
        assert_eq!((mode("out/u.csv"), mode("out/p.csv")), (0o644, 0o600));
        assert_eq!(place.names(), ["p.csv", "u.csv"]);
    }
}

#[test]
fn links_are_followed_to_files_and_to_none() {
    for user in users() {
        let place = Place::new(user);
        fs::create_dir(place.path("out/store")).unwrap();
        chown(place.path("out/store"), user, user).unwrap();
        place.write("out/store/there.csv", user, 0o644);
        symlink("store/there.csv", place.path("out/there.csv")).unwrap();
        symlink("store/later.csv", place.path("out/later.csv")).unwrap();
        symlink("later.csv", place.path("out/twice.csv")).unwrap();
        symlink("gone/x.csv", place.path("out/nowhere.csv")).unwrap();
        for (link, file) in [("there", "there"), ("later", "later"), ("twice", "later")] {
            let _ = fs::remove_file(place.path("out/store/later.csv"));
            assert_eq!(place.rows_into(&format!("{link}.csv")).status, Some(0), "{link}");
            assert!(place.path("out").join(format!("{link}.csv")).is_symlink(), "{link}");
            assert_eq!(place.text(&format!("out/store/{file}.csv")), WRITTEN, "{link}");
        }
        let finished = place.rows_into("nowhere.csv");
        assert_eq!(finished.status, Some(2), "{finished:?}");
        assert!(finished.stderr.contains("folder gone does not exist"), "{finished:?}");
        assert!(place.path("out/nowhere.csv").is_symlink());
    }
}

/// In a folder where everybody may create files, those of others are protected, by rules that differ
/// between systems: the shell shows them.
#[test]
fn files_and_links_of_others_in_a_shared_folder_are_written_where_the_shell_writes_them() {
    const OTHER: Option<u32> = Some(12_345);
    for user in users().into_iter().filter(|_| is_root()) {
        let place = Place::new(user);
        chown(place.path("out"), Some(0), Some(0)).unwrap();
        place.set_mode("out", 0o1777);
        place.write("private", user, 0o600);
        place.write("out/file", OTHER, 0o666);
        place.write("out/kept", OTHER, 0o644);
        symlink("../private", place.path("out/link")).unwrap();
        symlink("later", place.path("out/dangling")).unwrap();
        for link in ["out/link", "out/dangling"] {
            lchown(place.path(link), OTHER, OTHER).unwrap();
        }
        for name in ["file", "kept", "link", "dangling"] {
            let allowed = place.line(&format!(": >> {name}")).status == Some(0);
            let finished = place.rows_into(name);
            let case = format!("user {user:?}, {name}: {finished:?}");
            assert_eq!(finished.status == Some(0), allowed, "{case}");
            assert!(!allowed || place.text(&format!("out/{name}")) == WRITTEN, "{case}");
        }
        let owner = |name: &str| fs::metadata(place.path(name)).unwrap().uid();
        assert_eq!((owner("out/file"), owner("out/kept")), (12_345, 12_345), "user {user:?}");
        let names = place.names().into_iter().filter(|name| name.starts_with('.'));
        assert_eq!(names.count(), 0);
    }
}

#[test]
fn streams_are_written_as_they_were_opened() {
    for user in users() {
        let place = Place::new(user);
        let ark = format!("ark-usage {ROWS}");
        for (line, expected) in [
            (format!("echo a > u; {ark} -o /dev/stdout >> u; echo b >> u"), "a\n{}b\n"),
            (format!("echo a > u; {ark} -o - >> u; echo b >> u"), "a\n{}b\n"),
            (format!("{{ echo a; {ark} -o /dev/stdout; echo b; }} > u"), "a\n{}b\n"),
            (format!("{{ echo a; {ark} -o /proc/self/fd/1; echo b; }} > u"), "a\n{}b\n"),
            (format!("echo a > u; {{ {ark} -o /dev/fd/3; echo b >&3; }} 3>> u"), "a\n{}b\n"),
            (format!("{{ echo a >&3; {ark} -o /dev/fd/3; echo b >&3; }} 3> u"), "a\n{}b\n"),
            (format!("{{ echo a >&2; {ark} -o /dev/stderr; echo b >&2; }} 2> u"), "a\n{}b\n"),
            (format!("ln -s /dev/stdout l; {ark} -o l > u; test -L l && rm l"), "{}"),
            (format!("mkfifo f; cat f > u & {ark} -o f; wait; test -p f && rm f"), "{}"),
            (format!("{ark} -o /dev/stdout | cat > u"), "{}"),
            (format!("exec 3> d; rm d; {ark} -o /dev/fd/3; cat /proc/self/fd/3 > u"), "{}"),
            (format!("exec > d; exec 3< d; rm d; {ark} -o /dev/stdout; cat <&3 > u"), "{}"),
        ] {
            let finished = place.line(&format!("{line}; test -c /dev/null"));
            assert_eq!(finished.stderr, "", "{user:?}: {line}");
            assert_eq!(finished.status, Some(0), "{user:?}: {line}");
            assert_eq!(place.text("out/u"), expected.replace("{}", WRITTEN), "{user:?}: {line}");
            assert_eq!(place.names(), ["u"], "{user:?}: {line}");
        }
        let finished = place.line(&format!("{ark} -o /dev/null; test -c /dev/null"));
        assert_eq!(finished.status, Some(0), "{finished:?}");
    }
}

#[test]
fn a_reader_of_a_named_pipe_that_leaves_is_not_an_error() {
    let place = Place::new(None);
    let line =
        format!("mkfifo f; head -c 1 f & ark-usage {ROWS} --last 365d -i hour -o f; echo $?");
    let finished = place.line(&line.replace("--yesterday ", ""));
    assert!(finished.stdout.ends_with("0\n"), "{finished:?}");
}

#[test]
fn a_descriptor_that_is_closed_or_only_read_is_refused() {
    let place = Place::new(None);
    for line in ["-o /dev/fd/9", "-o /dev/fd/3 3< /dev/null"] {
        let finished = place.line(&format!("ark-usage {ROWS} {line}"));
        assert_eq!(finished.status, Some(1), "{line}: {finished:?}");
    }
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_anything_is_sent() {
    let place = Place::new(None);
    place.write("out/file", None, 0o644);
    for (path, status, words) in [
        ("absent/u.csv", 2, "the folder absent does not exist"),
        ("file/u.csv", 2, "file is not a folder"),
        ("../out", 1, "a folder, not a file"),
        ("new/", 1, "a folder, not a file"),
    ] {
        for command in
            ["get -f csv", "report -f html", "budget --max PromptTokens=1/day", "reconcile"]
        {
            let server = Listener::start(|_| None);
            let url = server.base_url();
            let keys = "VOLCENGINE_ACCESS_KEY=AKLTEXAMPLE0000000000000000000000001 \
                        VOLCENGINE_SECRET_KEY=fake-secret-for-tests-only-0001";
            let line = format!("{keys} ark-usage {command} -o {path} --base-url {url}");
            let finished = place.line(&line);
            assert_eq!(finished.status, Some(status), "{line}: {finished:?}");
            assert!(finished.stderr.contains(words), "{line}: {finished:?}");
            assert!(server.requests().is_empty(), "{line}");
        }
        let finished = place.line(&format!("ark-usage call ListEndpoints --demo -o {path}"));
        assert_eq!(finished.status, Some(status), "call: {finished:?}");
    }
    assert_eq!(place.names(), ["file"]);
}

#[test]
fn no_signal_leaves_a_part_of_a_file() {
    for user in users() {
        for old in [true, false] {
            for signal in ["INT", "TERM", "HUP", "QUIT", "KILL", "ALRM", "ABRT"] {
                if is_ignored(signal) {
                    continue;
                }
                let place = Place::new(user);
                check_signal(&place, &place.path("ark-usage"), &[], old, signal);
            }
        }
    }
}

/// Without its table of descriptors the system gives no name to a file that has none.
#[test]
fn no_signal_that_can_be_handled_leaves_a_scratch_file_with_a_name() {
    if !may_mount() {
        return;
    }
    for signal in ["INT", "TERM", "HUP", "QUIT"].into_iter().filter(|signal| !is_ignored(signal)) {
        let place = Place::new(None);
        let hidden = "mount -t tmpfs none /proc && exec ../ark-usage \"$@\"";
        let before = ["-m", "sh", "-c", hidden, "sh"];
        check_signal(&place, Path::new("unshare"), &before, true, signal);
    }
}

fn check_signal(place: &Place, program: &Path, before: &[&str], old: bool, signal: &str) {
    if old {
        place.write("out/u.ndjson", place.user, 0o644);
    }
    let names = place.names();
    let server = Listener::start(|_| None);
    let mut command = Command::new(program);
    command.args(before).args(["get", "--default-project", "--yesterday", "-o", "u.ndjson"]);
    command.args(["--base-url", server.base_url()]);
    command.current_dir(place.path("out")).env_clear().env("HOME", place.path("out"));
    command.env("VOLCENGINE_ACCESS_KEY", "AKLTEXAMPLE0000000000000000000001");
    command.env("VOLCENGINE_SECRET_KEY", "fake-secret-for-tests-only-0001");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(user) = place.user {
        command.uid(user).gid(user);
    }
    let child = command.spawn().unwrap();
    server.next_request();
    let has_name = place.names().iter().any(|name| name.starts_with(".ark-usage-"));
    assert!(has_name || before.is_empty(), "{:?}", place.names());
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-s", signal, &pid]).status().unwrap().success());
    let finished = finish(child);
    let by_default = matches!(signal, "KILL" | "ALRM" | "ABRT");
    assert_eq!(finished.status, if by_default { None } else { Some(130) }, "{signal}");
    // On a system without nameless files, only handled signals leave nothing.
    if by_default && has_name {
        return;
    }
    let found: Vec<String> = place.names().into_iter().filter(|name| name != "core").collect();
    assert_eq!(found, names, "{signal}, user {:?}", place.user);
    assert!(!old || place.text("out/u.ndjson") == OLD, "{signal}");
}

#[test]
fn a_file_in_a_folder_that_takes_no_new_one_is_overwritten() {
    for user in users().into_iter().flatten().map(Some) {
        let place = Place::new(user);
        chown(place.path("out"), Some(0), Some(0)).unwrap();
        place.write("out/u.csv", user, 0o640);
        let before = fs::metadata(place.path("out/u.csv")).unwrap();
        assert_eq!(place.rows_into("u.csv").status, Some(0));
        let after = fs::metadata(place.path("out/u.csv")).unwrap();
        assert_eq!((after.ino(), after.mode()), (before.ino(), before.mode()));
        assert_eq!(place.text("out/u.csv"), WRITTEN);
        assert_eq!(place.rows_into("new.csv").status, Some(1));
        // Nothing is written over it before there is something to write.
        check_signal(&place, &place.path("ark-usage"), &[], true, "TERM");
        assert_eq!(place.text("out/u.csv"), WRITTEN);
    }
}

#[test]
fn a_mounted_file_is_written_in_place() {
    if !may_mount() {
        return;
    }
    let place = Place::new(None);
    place.write("mounted", None, 0o4644);
    place.write("out/u.csv", None, 0o644);
    let line = |before: &str| {
        format!(
            "{before} mount --bind ../mounted u.csv && ark-usage {ROWS} -o u.csv && cat u.csv && ls -A"
        )
    };
    let read_only = "mount --bind . . && mount -o remount,ro,bind . && cd . &&";
    for before in ["", read_only] {
        fs::write(place.path("mounted"), OLD.repeat(100)).unwrap();
        let inner = line(before).replace('\'', "");
        let finished = place.line(&format!("unshare -m sh -c 'umask 022; {inner}'"));
        assert_eq!(finished.stdout, format!("{WRITTEN}u.csv\n"), "{before}: {finished:?}");
        assert_eq!(place.text("mounted"), WRITTEN);
        assert_eq!(fs::metadata(place.path("mounted")).unwrap().mode() & 0o7000, 0);
    }
}

#[test]
fn a_full_disk_leaves_the_old_file() {
    if !may_mount() {
        return;
    }
    let place = Place::new(None);
    let rows = ROWS.replace("--yesterday", "--last 90d -i hour");
    let finished = place.line(&format!(
        "unshare -m sh -c 'mount -t tmpfs -o size=16k none . && cd . && cd ../out && echo old > u.csv && \
         ark-usage {rows} -o u.csv; echo $?; cat u.csv; ls -A'"
    ));
    assert_eq!(finished.stdout, "1\nold\nu.csv\n", "{finished:?}");
    assert!(finished.stderr.contains("No space left"), "{finished:?}");
}

/// The first process of a container has no default actions of signals.
#[test]
fn the_first_process_of_a_container_ends_by_signals() {
    let own = Command::new("unshare").args(["-pf", "true"]).stderr(Stdio::null()).status();
    if !own.is_ok_and(|status| status.success()) {
        skip("a process space of its own needs the superuser and unshare");
        return;
    }
    for (signal, arguments) in [
        ("TERM", "emulate --listen 127.0.0.1:0"),
        ("INT", "emulate --listen 127.0.0.1:0"),
        ("HUP", "emulate --listen 127.0.0.1:0"),
        ("TERM", "verify GET http://127.0.0.1/ -d @-"),
        ("INT", "sign POST http://127.0.0.1/ -d @-"),
    ] {
        if is_ignored(signal) {
            continue;
        }
        let sandbox = Sandbox::new();
        let mut command = Command::new("unshare");
        command.args(["-pf", "--kill-child"]).arg(binary()).args(arguments.split(' '));
        command.env_clear().env("HOME", sandbox.folder()).current_dir(sandbox.folder());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        if arguments.starts_with("emulate") {
            child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
        }
        let first = first_child(child.id());
        assert!(Command::new("kill").args(["-s", signal, &first]).status().unwrap().success());
        let finished = finish(child);
        assert_eq!(finished.status, Some(130), "{signal} {arguments}: {finished:?}");
    }
}

/// The id of the process that `unshare` started, once it handles SIGTERM.
fn first_child(parent: u32) -> String {
    let children = format!("/proc/{parent}/task/{parent}/children");
    for _ in 0..6_000 {
        let child = fs::read_to_string(&children).unwrap_or_default().trim().to_owned();
        let status = fs::read_to_string(format!("/proc/{child}/status")).unwrap_or_default();
        let handled = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let handled = handled.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        if handled.is_some_and(|mask| mask & (1 << 14) != 0) {
            return child;
        }
        #[expect(clippy::disallowed_methods, reason = "waits for another process")]
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the program never handles SIGTERM");
}

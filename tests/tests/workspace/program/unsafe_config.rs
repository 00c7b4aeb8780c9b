//! A configuration that others can change runs no program.
#![cfg(unix)]

use workspace_tests::program::{Finished, Sandbox, run};

const FILE: &str = ".config/ark-usage/config.toml";
const FOLDER: &str = ".config/ark-usage";

/// A sandbox whose `keys.command` leaves a trace.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    let trace = sandbox.folder().join("ran").display().to_string();
    sandbox.write("keys.sh", &format!("touch {trace}\nexit 1\n"));
    let script = sandbox.folder().join("keys.sh").display().to_string();
    sandbox.write(FILE, &format!("[keys]\ncommand = \"/bin/sh {script}\"\n"));
    sandbox
}

fn get(sandbox: &Sandbox, more: &[&str]) -> Finished {
    let server = ["get", "--yesterday", "--base-url", "http://127.0.0.1:1", "--retries", "0"];
    run(sandbox.command(&[&server, more].concat()), "")
}

#[test]
fn a_configuration_that_others_can_change_runs_no_program() {
    for (place, mode) in [
        (FILE, 0o666),
        (FILE, 0o664),
        (FILE, 0o646),
        (FOLDER, 0o777),
        (FOLDER, 0o775),
        (".config", 0o777),
    ] {
        let sandbox = sandbox();
        sandbox.set_mode(place, mode);
        let finished = get(&sandbox, &[]);
        assert_eq!(finished.status, Some(3), "{place}: {finished:?}");
        for fact in ["keys.command", place, "--allow-unsafe-config", &format!("{mode:04o}")] {
            assert!(finished.stderr.contains(fact), "{place}: no {fact} in {finished:?}");
        }
        assert_eq!(sandbox.read("ran"), None, "{place}");
        let doctor = run(sandbox.command(&["doctor", "--base-url", "http://127.0.0.1:1"]), "");
        assert_eq!(doctor.status, Some(7), "{place}: {doctor:?}");
        assert!(doctor.stdout.contains("chmod go-w"), "{place}: {doctor:?}");
        assert_eq!(sandbox.read("ran"), None, "{place}");
        // The flag, before the command or after it.
        let allowed = get(&sandbox, &["--allow-unsafe-config"]);
        assert!(!allowed.stderr.contains("chmod"), "{place}: {allowed:?}");
        assert!(sandbox.read("ran").is_some(), "{place}: {allowed:?}");
    }
}

#[test]
fn a_configuration_of_ones_own_runs_it_and_one_without_a_program_is_free() {
    let own = sandbox();
    get(&own, &[]);
    assert!(own.read("ran").is_some());
    let harmless = Sandbox::new();
    harmless.write(FILE, "[defaults]\ntz = \"UTC\"\n");
    harmless.set_mode(FILE, 0o666);
    let finished = run(harmless.command(&["get", "--demo", "--yesterday", "-q"]), "");
    assert_eq!(finished.status, Some(0), "{finished:?}");
}

#[test]
fn a_file_behind_a_link_is_judged_where_it_lies() {
    let sandbox = sandbox();
    std::fs::create_dir(sandbox.folder().join("shared")).unwrap();
    std::fs::rename(sandbox.folder().join(FILE), sandbox.folder().join("shared/c.toml")).unwrap();
    sandbox.set_mode("shared", 0o777);
    std::os::unix::fs::symlink("../../shared/c.toml", sandbox.folder().join(FILE)).unwrap();
    let finished = get(&sandbox, &[]);
    assert_eq!((finished.status, sandbox.read("ran")), (Some(3), None), "{finished:?}");
    // Nobody can replace the files of others in a folder with the sticky bit.
    sandbox.set_mode("shared", 0o1777);
    get(&sandbox, &[]);
    assert!(sandbox.read("ran").is_some());
}

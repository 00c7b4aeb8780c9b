//! Few descriptors: an error, never a panic.
#![cfg(target_os = "linux")]

use workspace_tests::program::{Sandbox, run};

#[test]
fn too_few_descriptors_are_an_error() {
    for limit in [3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 28, 32] {
        for arguments in
            ["get --demo --yesterday", "statusline --demo --errors", "call ListEndpoints --demo"]
        {
            let line = format!("ulimit -n {limit}; exec timeout 20 ark-usage {arguments}");
            let finished = run(Sandbox::new().shell(&line), "");
            let what = format!("{limit} {arguments}: {finished:?}");
            assert!(!finished.stderr.contains("panicked"), "{what}");
            assert!(!finished.stderr.contains("please report"), "{what}");
            assert!(matches!(finished.status, Some(0..=7 | 126 | 127)), "{what}");
        }
    }
    let line = "ulimit -n 7; exec ark-usage get --demo --yesterday";
    let finished = run(Sandbox::new().shell(line), "");
    assert_eq!(finished.status, Some(1), "{finished:?}");
    assert!(finished.stderr.contains("ulimit -n"), "{finished:?}");
}

//! Completions and manual pages, as they are installed.

use workspace_tests::program::{Sandbox, run};

/// Commands and flags that a shell has to offer.
const OFFERED: [&str; 5] = ["reconcile", "statusline", "--all-endpoints", "--compare", "--lang"];

#[test]
fn every_shell_offers_commands_and_flags() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        for lang in ["en", "zh"] {
            let finished = run(sandbox.command(&["completions", shell, "--lang", lang]), "");
            assert_eq!((finished.status, finished.stderr.as_str()), (Some(0), ""), "{shell}");
            for word in OFFERED {
                // fish writes long flags without their dashes.
                let bare = word.trim_start_matches('-');
                assert!(finished.stdout.contains(bare), "{shell} does not offer {word}");
            }
        }
    }
}

#[test]
fn bash_completes_a_command_and_a_value() {
    let sandbox = Sandbox::new();
    let line = "bash -c 'source <(ark-usage completions bash); \
                COMP_WORDS=(ark-usage rec); COMP_CWORD=1; \
                _ark__usage ark-usage rec ark-usage; echo \"${COMPREPLY[@]}\"; \
                COMP_WORDS=(ark-usage get --layout \"\"); COMP_CWORD=3; \
                _ark__usage ark-usage \"\" --layout; echo \"${COMPREPLY[@]}\"'";
    let finished = run(sandbox.shell(line), "");
    assert_eq!(finished.stderr, "");
    assert_eq!(finished.stdout, "reconcile\nwide long\n");
}

#[test]
fn every_command_has_a_page_in_both_languages() {
    let sandbox = Sandbox::new();
    for (lang, heading) in [("en", ".SH EXAMPLES"), ("zh", "虚构数据")] {
        let finished = run(sandbox.command(&["man", "--dir", ".", "--lang", lang]), "");
        assert_eq!(finished.status, Some(0), "{finished:?}");
        let page = sandbox.read("ark-usage-get.1").unwrap();
        assert!(page.contains(heading), "{lang}: {page}");
        assert!(page.contains("all\\-endpoints"), "{lang}: {page}");
        for page in ["ark-usage.1", "ark-usage-config-show.1", "ark-usage-doctor-probe.1"] {
            assert!(sandbox.read(page).is_some(), "{page} is missing");
        }
    }
}

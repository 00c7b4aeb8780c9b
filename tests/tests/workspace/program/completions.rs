//! Completions and manual pages, as they are installed.

use workspace_tests::flags::{flags_in, flags_of_commands};
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

/// A flag that one of them lacks is one that a reader does not find.
#[test]
fn help_and_manual_have_every_flag_of_the_completions() {
    let sandbox = Sandbox::new();
    let script = run(sandbox.command(&["completions", "bash"]), "").stdout;
    let commands = flags_of_commands(&script);
    assert!(commands.len() > 18, "{commands:?}");
    let mut found = Vec::new();
    for (words, flags) in &commands {
        for lang in ["en", "zh"] {
            let said = |before: &[&str], after: &[&str]| {
                let words = before.iter().copied().chain(words.iter().map(String::as_str));
                let all: Vec<&str> = words.chain(after.iter().copied()).collect();
                let finished = run(sandbox.command(&all), "");
                assert_eq!(finished.status, Some(0), "{finished:?}");
                let text = finished.stdout.replace("\\fB", " ").replace("\\fR", " ");
                flags_in(&text.replace('\\', ""))
            };
            let help = said(&[], &["--help", "--lang", lang]);
            let manual = said(&["man", "--lang", lang], &[]);
            for (place, known) in [("--help", help), ("the manual page", manual)] {
                let missing: Vec<_> = flags.difference(&known).collect();
                if !missing.is_empty() {
                    found.push(format!("{words:?} in {lang}: {place} lacks {missing:?}"));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_flag_is_described_in_its_manual_page() {
    let sandbox = Sandbox::new();
    for lang in ["en", "zh"] {
        run(sandbox.command(&["man", "--dir", ".", "--lang", lang]), "");
        for file in std::fs::read_dir(sandbox.folder()).unwrap() {
            let page = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let lines: Vec<&str> = page.lines().collect();
            let is_bare = |three: &&[&str]| {
                let is_flag = three[0] == ".TP" && three[1].starts_with("\\fB");
                is_flag && (three[2].is_empty() || three[2].starts_with('.'))
            };
            let bare: Vec<_> = lines.windows(3).filter(is_bare).collect();
            assert!(bare.is_empty(), "{lang}: {bare:?}");
        }
    }
}

//! The panic hook: a panic is reported as an internal error, and ends the program.

use std::panic::{self, PanicHookInfo};

use ark_usage_report::text;

use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::lang::Lang;
use crate::output;

/// Installs the hook: from now on a panic prints its place and ends the program with
/// [`ExitStatus::Internal`].
///
/// Its message is not shown, because it may quote a value, which may be a secret. Exiting rather than
/// aborting keeps the memory, which holds keys, out of a core file.
pub(crate) fn install(lang: Lang) {
    panic::set_hook(Box::new(move |panic| {
        output::note(&internal_error(panic).report(lang), lang);
        ark_usage_files::discard_unfinished();
        #[expect(
            clippy::exit,
            reason = "the program cannot continue; an abort writes a core file"
        )]
        std::process::exit(ExitStatus::Internal.code().into());
    }));
}

fn internal_error(panic: &PanicHookInfo<'_>) -> CliError {
    let place = panic.location().map_or_else(String::new, ToString::to_string);
    CliError::internal(text!(
        "internal error in ark-usage {version} at {place}",
        "ark-usage {version} 内部错误，位于 {place}",
        version = env!("CARGO_PKG_VERSION")
    ))
    .with_hint(text!(
        "this is a bug in ark-usage; please report it with the command (remove any keys)",
        "这是 ark-usage 的缺陷；请报告以上内容以及所用的命令（去掉密钥）"
    ))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// An argument of the test program that makes the test below panic. The program takes it for a
    /// filter, which matches no test.
    const PANIC: &str = "panic-now";

    #[test]
    fn a_panic_names_its_place_and_no_value_and_ends_the_program() {
        if std::env::args().any(|argument| argument == PANIC) {
            install(Lang::En);
            // Slicing inside a character puts the whole text into the message of the panic.
            let secret = String::from("密钥 AKLTfake-not-a-real-key");
            assert!(secret[1..].is_empty());
        }
        let this = std::env::current_exe().expect("a test has an executable");
        let test = "panic_hook::tests::a_panic_names_its_place_and_no_value_and_ends_the_program";
        let mut command = Command::new(this);
        let arguments = ["--exact", test, PANIC, "--nocapture", "--test-threads=1"];
        let output = command.args(arguments).env("RUST_BACKTRACE", "1").output();
        let output = output.expect("the program of the tests runs");

        let report = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{report}");
        assert!(report.contains("panic_hook.rs:"), "{report}");
        assert!(report.contains("please report"), "{report}");
        assert!(!report.contains("AKLTfake"), "{report}");
    }
}

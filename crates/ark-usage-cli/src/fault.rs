//! What happens when the program itself is at fault: a panic.

use std::panic::{self, PanicHookInfo};

use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::lang::Lang;
use crate::output;
use crate::text;

/// From now on a panic says where it was and ends the program with [`ExitStatus::Internal`].
///
/// Its message is not shown: that of a cut text, for one, has the text in it, which may be a
/// secret. To end at once rather than to abort keeps the memory, where keys are, out of a core file.
pub(crate) fn report_panics(lang: Lang) {
    panic::set_hook(Box::new(move |panic| {
        output::note(&fault(panic).report(lang));
        #[expect(
            clippy::exit,
            reason = "nothing is left to go back to; an abort writes a core file"
        )]
        std::process::exit(ExitStatus::Internal.code().into());
    }));
}

fn fault(panic: &PanicHookInfo<'_>) -> CliError {
    let place = panic.location().map_or_else(String::new, ToString::to_string);
    CliError::internal(text!(
        "ark-usage {version} itself is at fault, at {place}",
        "ark-usage {version} 自身出现故障，位于 {place}",
        version = env!("CARGO_PKG_VERSION")
    ))
    .with_hint(text!(
        "this is no mistake of yours; please report these lines, and the command without its keys",
        "这不是您的操作失误；请报告以上内容以及所用的命令（去掉密钥）"
    ))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Among the arguments of the tests' program: the test below is to panic. To the program it is
    /// one more filter, which no test answers to.
    const PANIC: &str = "panic-now";

    #[test]
    fn a_panic_names_its_place_and_no_value_and_ends_the_program() {
        if std::env::args().any(|argument| argument == PANIC) {
            report_panics(Lang::En);
            // Cutting through a letter puts the whole text into the message of the panic.
            let secret = String::from("密钥 AKLTfake-not-a-real-key");
            assert!(secret[1..].is_empty());
        }
        let this = std::env::current_exe().expect("a test has a program");
        let test = "fault::tests::a_panic_names_its_place_and_no_value_and_ends_the_program";
        let mut command = Command::new(this);
        let arguments = ["--exact", test, PANIC, "--nocapture", "--test-threads=1"];
        let output = command.args(arguments).env("RUST_BACKTRACE", "1").output();
        let output = output.expect("the program of the tests runs");

        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("fault.rs:"), "{told}");
        assert!(told.contains("please report"), "{told}");
        assert!(!told.contains("AKLTfake"), "{told}");
    }
}

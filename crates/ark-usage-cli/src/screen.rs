//! The terminal that a table is shown on: its width and its colors.

use std::io::{IsTerminal as _, stdout};

use ark_usage_render::Screen;
use clap::ValueEnum;
use terminal_size::{Width, terminal_size_of};
use volc_credentials::Environment;

use crate::lang::say;
use crate::output::Output;

/// Uses of color.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    #[default]
    #[value(help = say(
        "Colors on a terminal, unless NO_COLOR or TERM=dumb is set",
        "仅在终端上使用颜色，除非设置了 NO_COLOR 或 TERM=dumb",
    ))]
    Auto,
    #[value(help = say("Colors always", "总是使用颜色"))]
    Always,
    #[value(help = say("No colors", "不使用颜色"))]
    Never,
}

/// Returns the screen that data of this run goes to.
pub(crate) fn screen(output: &Output, when: ColorWhen, environment: &Environment) -> Screen {
    let terminal = *output == Output::Stdout && stdout().is_terminal();
    let columns = columns(environment);
    let measured = || terminal_size_of(stdout()).map(|(Width(width), _)| usize::from(width));
    Screen {
        width: if terminal { columns.or_else(measured).filter(|width| *width > 0) } else { None },
        colored: colored(when, environment, terminal),
    }
}

/// The most columns of a screen: the memory that a chart takes grows with them.
const WIDEST: usize = 2_000;

/// Returns the width that `COLUMNS` sets, within bounds.
pub(crate) fn columns(environment: &Environment) -> Option<usize> {
    let text = environment.get("COLUMNS")?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // A number that no integer holds is a wide screen too.
    is_number.then(|| text.parse().map_or(WIDEST, |width: usize| width.min(WIDEST)))
}

/// Resolves `--color`, then `NO_COLOR` (no-color.org), then `CLICOLOR_FORCE` and `CLICOLOR`
/// (bixense.com/clicolors), then the capabilities of the terminal.
fn colored(when: ColorWhen, environment: &Environment, terminal: bool) -> bool {
    let set = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    match when {
        ColorWhen::Always => return true,
        ColorWhen::Never => return false,
        ColorWhen::Auto => {}
    }
    if set("NO_COLOR").is_some() {
        return false;
    }
    if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    let able = set("TERM").is_some_and(|term| term != "dumb") || cfg!(windows);
    terminal && able && set("CLICOLOR") != Some("0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_width_has_bounds() {
        let of = |text: &str| {
            columns(&Environment::from_variables([("COLUMNS".to_owned(), text.to_owned())]))
        };
        assert_eq!((of("80"), of("0")), (Some(80), Some(0)));
        for wide in ["4294967295", "99999999999", "99999999999999999999999999"] {
            assert_eq!(of(wide), Some(WIDEST));
        }
        for odd in ["", "-1", "80x", "+80", "８０"] {
            assert_eq!(of(odd), None, "{odd}");
        }
    }

    fn is_colored(when: ColorWhen, variables: &[(&str, &str)], terminal: bool) -> bool {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        colored(when, &Environment::from_variables(variables.iter().map(owned)), terminal)
    }

    #[test]
    fn the_flag_then_no_color_then_force_then_the_terminal() {
        use ColorWhen::{Always, Auto, Never};
        const XTERM: (&str, &str) = ("TERM", "xterm-256color");

        assert!(is_colored(Auto, &[XTERM], true));
        assert!(!is_colored(Auto, &[XTERM], false));
        assert!(!is_colored(Auto, &[], true), "TERM is not set");
        assert!(!is_colored(Auto, &[("TERM", "dumb")], true));
        assert!(!is_colored(Auto, &[XTERM, ("NO_COLOR", "1")], true));
        assert!(is_colored(Auto, &[XTERM, ("NO_COLOR", "")], true), "empty is not set");
        assert!(is_colored(Auto, &[("CLICOLOR_FORCE", "1")], false));
        assert!(!is_colored(Auto, &[("CLICOLOR_FORCE", "0")], false));
        assert!(!is_colored(Auto, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], true));
        assert!(!is_colored(Auto, &[XTERM, ("CLICOLOR", "0")], true));
        assert!(is_colored(Always, &[("NO_COLOR", "1")], false));
        assert!(!is_colored(Never, &[("CLICOLOR_FORCE", "1")], true));
    }
}

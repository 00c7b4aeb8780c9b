//! Examples of files: `budget --example` and `get --prices --example`.

use std::path::Path;

use ark_usage_report::{budget, prices};

use crate::args::{Command, PriceArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::lang::Text;
use crate::output::Output;

/// Prints the example that a command line asks for; returns false if it asks for none.
pub(super) fn print(command: &Command, context: &Context<'_>) -> Result<bool, CliError> {
    let Some((text, output)) = example(command)? else { return Ok(false) };
    Output::from_flag(output).write(text.in_lang(context.lang).as_bytes())?;
    Ok(true)
}

fn example(command: &Command) -> Result<Option<(Text, Option<&Path>)>, CliError> {
    let of_prices = |args: &PriceArgs| Ok::<_, CliError>(args.example()?.then(prices::example));
    Ok(match command {
        Command::Budget(args) if args.example => Some((budget::example(), args.output.as_deref())),
        Command::Get(args) => {
            of_prices(&args.prices)?.map(|text| (text, args.output.output.as_deref()))
        }
        Command::Report(args) => {
            of_prices(&args.prices)?.map(|text| (text, args.page.output.as_deref()))
        }
        Command::Statusline(args) => of_prices(&args.prices)?.map(|text| (text, None)),
        _ => None,
    })
}

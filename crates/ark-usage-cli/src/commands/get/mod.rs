//! `ark-usage get`: the question, the asking, the answer.

mod ask;
mod dry_run;
mod row_stream;
mod verdict;

use ark_usage_model::UsageReport;

use self::ask::Asked;
use super::Context;
use super::asking::{Question, Wanted};
use crate::args::{Format, GetArgs};
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::output::Output;
use crate::render::{self, Answer};

/// Checks everything, asks, and shows what came.
pub(crate) fn run(args: &GetArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let wanted = Wanted {
        endpoint_ids: &args.endpoints.endpoint_id,
        all_endpoints: args.endpoints.all_endpoints,
        sent: !args.action.dry_run,
    };
    let question = Question::new(&args.ask, &wanted, context)?;
    let format = args.output.format(question.usual_format)?;
    let output = Output::from_flag(args.output.output.as_deref());
    context.note(question.range.words());
    if question.range.cut_at_now {
        context.note("note: the end lies in the future; the range was cut at now");
    }
    if args.action.dry_run {
        return dry_run::run(&question, context, &output);
    }
    // A place that cannot be written to is found before anything is sent, not after.
    let mut sink = Some(output.open()?);
    let asked = context.block_on(ask::ask(args, &question, context, &mut sink, format))?;
    // What the server said is wanted most when it refused.
    let shown = asked.anything_came() || !asked.raw.is_empty();
    if let Some(mut sink) = sink.filter(|_| shown) {
        sink.write(&show(args, &question, &asked, format, context)?)?;
        sink.finish()?;
    }
    verdict::verdict(&asked, format, context)
}

fn show(
    args: &GetArgs,
    question: &Question,
    asked: &Asked,
    format: Format,
    context: &Context<'_>,
) -> Result<Vec<u8>, CliError> {
    let answer = || answer(args, question, asked, context);
    match format {
        Format::Table => Ok(render::table(&answer())),
        Format::Json => render::json(&answer()),
        Format::Raw => render::raw(&asked.raw, &question.range),
        // Written as they came.
        Format::Csv | Format::Ndjson => Ok(Vec::new()),
    }
}

fn answer<'a>(
    args: &'a GetArgs,
    question: &'a Question,
    asked: &'a Asked,
    context: &Context<'_>,
) -> Answer<'a> {
    let generated_at = context.clock.now().as_second();
    let report: &UsageReport = &asked.report;
    Answer {
        report,
        rows: report.rows(generated_at),
        totals: report.totals(generated_at),
        endpoints: &asked.endpoints,
        profiles: &asked.profiles,
        range: &question.range,
        query: question.echo(args.action.api.name()),
        generated_at,
        warnings: &asked.warnings,
    }
}

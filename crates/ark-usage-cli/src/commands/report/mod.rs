//! `ark-usage report`: the question of `get`, answered with a page.

mod breakdown;
mod build;
mod coverage;
mod question;
mod views;

use super::Context;
use super::asking::{self, Question, Take, Wanted};
use super::get::verdict::verdict;
use crate::args::{Format, PageFormat, ReportArgs};
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::range;
use crate::render::report::{page, trend_picture};
use crate::view::ViewSpec;

/// Checks everything, asks, and writes the page; one of what came, when not all of it did.
pub(crate) fn run(args: &ReportArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let (format, output) = args.page.place()?;
    let spec = ViewSpec::from_args(&args.shape.view()?)?;
    let wanted = Wanted {
        endpoint_ids: &args.endpoints.endpoint_id,
        all_endpoints: args.endpoints.all_endpoints,
        sent: true,
        view: Some(&spec),
    };
    let question = Question::new(&args.ask, &wanted, context)?;
    context.note(question.range.words());
    if let Some(words) = question.range.compared_words() {
        context.note(words);
    }
    if question.range.cut_at_now {
        context.note(range::cut_at_now());
    }
    // A place that cannot be written to is found before anything is sent, not after.
    let mut sink = output.open()?;
    let asked = asking::ask("report", &args.ask.whom.network, &question, context, Take::Report);
    let asked = context.block_on(asked)?;
    if asked.anything_came() {
        let report = build::report(args, &spec, &question, &asked, context);
        let text = match format {
            PageFormat::Html => page(&report),
            PageFormat::Svg => trend_picture(&report),
        };
        sink.write(text.as_bytes())?;
        sink.finish()?;
    }
    verdict(&asked, Format::Json, context)
}

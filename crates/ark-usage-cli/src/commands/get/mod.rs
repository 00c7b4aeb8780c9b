//! `ark-usage get`: fetches usage and prints it.

mod chart;
mod dry_run;

use ark_usage_render::{Answer, RowFormat};
use ark_usage_report::view::{View, ViewSpec};
use ark_usage_report::{UsageData, range, text};

use super::fetch::{self, FetchResult, OutputMode, RequestExtras, RowWriter, UsageRequest};
use super::finish::finish;
use crate::args::{Format, GetArgs, OutputArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::input_files;
use crate::output::Output;

/// Checks all arguments, fetches usage and prints it.
pub(crate) fn run(args: &GetArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let mut spec = input_files::view_spec(&args.view)?;
    let extras = RequestExtras {
        endpoint_ids: &args.endpoints.endpoint_id,
        all_endpoints: args.endpoints.all_endpoints,
        sent: !args.dry_run.dry_run,
        view: Some(&spec),
        projects: &[],
        since: &[],
    };
    let mut request = UsageRequest::new(&args.usage, &extras, context)?;
    let format = args.output.format(request.default_format)?;
    chart::check(&args.output, format)?;
    args.prices.check(format, args.output.chart.is_some())?;
    // Prices would add requests, which output without costs does not need.
    let shows_costs = args.output.chart.is_none() && format != Format::Raw;
    if shows_costs {
        request.price(&args.prices, context)?;
    }
    spec.lines = args.endpoints.all_endpoints;
    args.output.check(format)?;
    args.view.check(format)?;
    let output = Output::from_flag(args.output.output.as_deref());
    context.note(request.range.words());
    if let Some(words) = request.range.compared_words() {
        context.note(words);
    }
    if request.range.cut_at_now {
        context.note(range::cut_at_now());
    }
    if let Some(words) = request.range.put_together_words() {
        context.note(words);
    }
    if args.dry_run.dry_run {
        return dry_run::run(&request, context, &output);
    }
    // An output that cannot be written is found before anything is sent.
    let sink = output.open()?;
    let streams = spec.leaves_rows(&request.range);
    let (mode, sink) = match row_format(format, args).filter(|_| streams) {
        Some(format) => {
            let (fields, labels) = (spec.fields.clone(), spec.labels.clone());
            let writer = RowWriter { format, sink, fields, labels, lines: spec.lines };
            (OutputMode::Rows(writer), None)
        }
        None if format == Format::Raw => (OutputMode::Raw, Some(sink)),
        None => (OutputMode::Report, Some(sink)),
    };
    let result = fetch::fetch_usage("get", &args.usage.account.network, &request, context, mode);
    let mut result = context.block_on(result)?;
    let sink = sink.or_else(|| result.writer.take().map(|writer| writer.sink));
    // `-f raw` shows refusals too.
    let has_output = result.summary().has_data() || !result.raw.is_empty();
    if let Some(mut sink) = sink.filter(|_| has_output) {
        sink.write(&rendered(args, &spec, &request, &result, format, context)?)?;
        sink.finish()?;
    }
    finish(&result, format, context)
}

/// Returns the format as one of rows, which can be written as they arrive.
fn row_format(format: Format, args: &GetArgs) -> Option<RowFormat> {
    let OutputArgs { bom, no_header, .. } = args.output;
    let header = !no_header;
    match format {
        Format::Csv => Some(RowFormat::Csv { bom, header }),
        Format::Ndjson => Some(RowFormat::Ndjson),
        Format::Focus => Some(RowFormat::Focus { bom, header }),
        Format::Table | Format::Markdown | Format::Json | Format::Raw | Format::OpenMetrics => None,
    }
}

fn rendered(
    args: &GetArgs,
    spec: &ViewSpec,
    request: &UsageRequest,
    result: &FetchResult,
    format: Format,
    context: &Context<'_>,
) -> Result<Vec<u8>, CliError> {
    if format == Format::Raw {
        return Ok(ark_usage_render::raw(&result.raw, &result.usage.range)?);
    }
    let generated_at = context.clock.now().as_second();
    let view = View::new(spec, &result.usage, generated_at);
    for note in &view.notes {
        context.note(note.clone());
    }
    let fields = spec.fields.as_ref();
    if let Some(format) = row_format(format, args) {
        let mut bytes = format.header(fields)?;
        bytes.extend(format.lines(&result.usage.range, &view.rows, fields)?);
        return Ok(bytes);
    }
    let answer = Answer {
        report: &result.usage.report,
        view: &view,
        fields,
        meta: result.usage.meta(),
        range: &result.usage.range,
        query: request.echo(&result.usage.scope),
        generated_at,
        warnings: &result.usage.warnings,
    };
    match format {
        Format::Json => Ok(ark_usage_render::json(&answer)?),
        Format::OpenMetrics => {
            note_unsettled(&view, context);
            Ok(ark_usage_render::openmetrics(&answer)?)
        }
        Format::Markdown => {
            Ok(ark_usage_render::markdown(&answer, args.output.shape(), context.lang))
        }
        _ => Ok(table_or_chart(args, spec, &result.usage, &answer, context)),
    }
}

fn table_or_chart(
    args: &GetArgs,
    spec: &ViewSpec,
    usage: &UsageData,
    answer: &Answer<'_>,
    context: &Context<'_>,
) -> Vec<u8> {
    let screen = context.screen(&Output::from_flag(args.output.output.as_deref()));
    if let Some(glyphs) = args.output.chart {
        return chart::chart(answer, spec, usage, glyphs, screen, context).into_bytes();
    }
    ark_usage_render::table(answer, args.output.shape(), screen, context.lang)
}

/// Notes values that are left out: a database keeps the first value it gets, so only settled ones
/// are written.
fn note_unsettled(view: &View, context: &Context<'_>) {
    let left_out = view.rows.iter().filter(|row| !ark_usage_render::settled(row)).count();
    if left_out > 0 {
        context.note(text!(
            "note: {left_out} values are left out because they are missing or still settling",
            "注意：有 {left_out} 个值缺失或未定，未写出"
        ));
    }
    let partial = view.rows.iter().filter(|row| ark_usage_render::costs_in_part(row)).count();
    if partial > 0 {
        context.note(text!(
            "note: the costs of {partial} values are left out because they are not fully priced",
            "注意：有 {partial} 个值全部或部分没有价格，其费用未写出"
        ));
    }
}

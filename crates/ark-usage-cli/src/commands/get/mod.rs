//! `ark-usage get`: fetches usage and prints it.

pub(super) mod chart;
mod dry_run;
mod prometheus;

use ark_usage_render::{Answer, RowFormat};
use ark_usage_report::view::{View, ViewRow, ViewSpec, unmatched_labels};
use ark_usage_report::{Text, UsageData, range, text};

use super::fetch::{self, FetchResult, OutputMode, RequestExtras, RowWriter, UsageRequest};
use super::finish::finish;
use volc_openapi::Site;

use crate::args::{Format, GetArgs, OutputArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::input_files;
use crate::output::{Output, Sink};

/// Checks all arguments, fetches usage and prints it.
pub(crate) fn run(args: &GetArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let metrics = args.view.metrics();
    let action = fetch::action_choice(&args.usage.account.action, context)?;
    let action = action.knowing(&metrics).first();
    let mut spec = input_files::view_spec(&args.view, action, args.output.wide)?;
    let default = context.config()?.defaults.format.as_ref();
    let format = args.output.format(default.map(|setting| setting.value))?;
    let plan = prometheus::plan(args, &mut spec, format, action)?;
    let extras = RequestExtras {
        endpoint_ids: &args.endpoints.endpoint_id,
        all_endpoints: plan.all_endpoints,
        sent: !args.dry_run.dry_run,
        view: Some(&spec),
        projects: &[],
        since: &plan.since,
        metrics: &metrics,
    };
    let mut request = UsageRequest::new(&plan.usage, &extras, context)?;
    chart::check(&args.output, format)?;
    args.prices.check(format, args.output.chart.is_some())?;
    // Prices would add requests, which output without costs does not need.
    let shows_costs = args.output.chart.is_none() && !matches!(format, Format::Raw | Format::Value);
    if shows_costs {
        request.price(&args.prices, context)?;
    }
    args.output.check(format)?;
    args.check_kept(format)?;
    args.view.check(format)?;
    args.output.check_rounding(request.prices.is_some())?;
    if format == Format::Value {
        spec.check_only_value(&request.range, action.metrics())?;
    }
    let output = Output::from_flag(args.output.output.as_deref());
    if format == Format::Parquet && output.is_terminal() {
        return Err(not_text(format));
    }
    context.hold_note(request.range.words());
    if let Some(words) = request.range.compared_words() {
        context.hold_note(words);
    }
    if request.range.cut_at_now {
        context.hold_note(range::cut_at_now());
    }
    if let Some(words) = request.range.put_together_words() {
        context.hold_note(words);
    }
    if plan.adds_hour {
        context.hold_note(request.add_last_hour(&args.usage.account.query, context)?);
    }
    if args.dry_run.dry_run {
        return dry_run::run(&request, context, &output);
    }
    // An output that cannot be written is found before anything is sent.
    let sink = output.open()?;
    let streams = spec.leaves_rows(&request.range) && args.output.round.is_none();
    let site = request.site.site.value;
    let streamed = row_format(format, args, site).filter(|it| it.streams(spec.fields.as_ref()));
    let (mode, sink) = match streamed.filter(|_| streams && !args.output.wide) {
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
    // The action that took over has names of its own.
    let used = request.effective().action;
    if used.name() != action.name() {
        input_files::rename_metrics(&mut spec, &args.view, used, args.output.wide)?;
    }
    let unmatched = spec.labels.as_ref().and_then(|labels| unmatched_labels(labels, &result.usage));
    result.usage.warnings.extend(unmatched.map(|words| ("unmatched_labels", words)));
    let sink = sink.or_else(|| result.writer.take().map(|writer| writer.sink));
    // `-f raw` shows refusals too.
    let has_output = result.summary().has_data() || !result.raw.is_empty();
    let Some(mut sink) = sink.filter(|_| has_output) else {
        return finish(&result, format, context);
    };
    let site = request.site.site.value;
    let rows = row_format(format, args, site).filter(|_| !args.output.wide);
    if let Some(rows) = rows {
        write_rows(args, rows, &spec, &result.usage, &mut sink, context)?;
        sink.finish()?;
        return finish(&result, format, context);
    }
    if let Some(bytes) = rendered(args, &spec, &request, &result, format, context)? {
        sink.write(&bytes)?;
        sink.finish()?;
        return finish(&result, format, context);
    }
    let status = finish(&result, format, context)?;
    if format != Format::Value {
        context.say(nothing_settled(format));
    }
    Ok(if status == ExitStatus::Done { ExitStatus::Partial } else { status })
}

fn not_text(format: Format) -> CliError {
    let name = format.name();
    CliError::usage(text!(
        "-f {name}: a terminal cannot show this format",
        "-f {name}：终端无法显示这种格式"
    ))
    .with_hint(text!("add -o usage.{name}", "请加上 -o usage.{name}"))
}

/// The message of a format of settled values without any: a file that is there keeps what it has.
fn nothing_settled(format: Format) -> Text {
    text!(
        "partial: -f {name}: no settled value was received, so nothing was written\n  hint: choose an earlier range, or lower --settle",
        "数据不完整：-f {name}：没有收到已定的值，因此没有写出任何内容\n  提示：请选择更早的时间范围，或调低 --settle",
        name = format.name()
    )
}

/// Returns the format as one of rows, which can be written as they arrive.
fn row_format(format: Format, args: &GetArgs, site: &'static Site) -> Option<RowFormat> {
    let OutputArgs { bom, no_header, .. } = args.output;
    let header = !no_header;
    match format {
        Format::Csv => Some(RowFormat::Csv { bom, header }),
        Format::Ndjson => Some(RowFormat::Ndjson),
        Format::Focus => Some(RowFormat::Focus { site, bom, header }),
        Format::Table
        | Format::Markdown
        | Format::Json
        | Format::Raw
        | Format::OpenMetrics
        | Format::Prometheus
        | Format::Parquet
        | Format::Value => None,
    }
}

/// Writes rows batch by batch.
fn write_rows(
    args: &GetArgs,
    format: RowFormat,
    spec: &ViewSpec,
    usage: &UsageData,
    sink: &mut Sink,
    context: &Context<'_>,
) -> Result<(), CliError> {
    let now = context.clock.now().as_second();
    let round = |row: &mut ViewRow| args.output.round.iter().for_each(|it| row.round_cost(*it));
    let view = format.write_batches(
        &usage.range,
        spec.fields.as_ref(),
        &mut |take| {
            View::pass_rows(spec, usage, now, |mut rows| {
                rows.iter_mut().for_each(round);
                take(&rows)
            })
        },
        &mut |bytes| sink.write(bytes),
    )?;
    view.notes.into_iter().for_each(|note| context.note(note));
    Ok(())
}

/// Returns the output; `None` for a format of settled values without any, and for one number of data that is
/// missing.
fn rendered(
    args: &GetArgs,
    spec: &ViewSpec,
    request: &UsageRequest,
    result: &FetchResult,
    format: Format,
    context: &Context<'_>,
) -> Result<Option<Vec<u8>>, CliError> {
    match format {
        Format::Raw => {
            return Ok(Some(ark_usage_render::raw(&result.raw, &result.usage.range)?));
        }
        Format::Prometheus => {
            let given = args.usage.range.is_given();
            return prometheus::samples(spec, (args.output.round, given), request, result, context);
        }
        _ => {}
    }
    let generated_at = context.clock.now().as_second();
    let mut view = View::new(spec, &result.usage, generated_at);
    for note in &view.notes {
        context.note(note.clone());
    }
    if format == Format::Value {
        let value = view.only_value().map_err(|reason| context.say(reason)).ok();
        if let Some(note) = view.unsettled_value() {
            context.note(note);
        }
        return Ok(value.map(|value| format!("{value}\n").into_bytes()));
    }
    let fields = spec.fields.as_ref();
    let range = &result.usage.range;
    if args.output.wide {
        let metrics = result.usage.report.metrics;
        let shape = args.output.wide_csv();
        let csv = ark_usage_render::wide_csv(range, &view, metrics, fields, shape)?;
        return Ok(Some(csv));
    }
    // Lines of a table add up costs, which are rounded after that.
    let adds_up = matches!(format, Format::Table | Format::Markdown) && fields.is_none();
    if let Some(places) = args.output.round.filter(|_| !adds_up) {
        view.round_costs(places);
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
    Ok(Some(match format {
        Format::Json => ark_usage_render::json(&answer)?,
        Format::Parquet => ark_usage_render::parquet(answer.query.api, range, &view.rows)?,
        Format::OpenMetrics => {
            note_unsettled(&view, context);
            if !view.rows.iter().any(ark_usage_render::settled) {
                return Ok(None);
            }
            ark_usage_render::openmetrics(&answer)?
        }
        Format::Markdown => ark_usage_render::markdown(&answer, args.output.shape(), context.lang),
        _ => table_or_chart(args, spec, &result.usage, &answer, context),
    }))
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

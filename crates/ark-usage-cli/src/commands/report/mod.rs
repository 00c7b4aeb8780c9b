//! `ark-usage report`: fetches usage as `get` does and writes a page.

use ark_usage_render::page::{Page, PageOptions};
use ark_usage_report::{range, text};

use super::fetch::{self, OutputMode, RequestExtras, UsageRequest};
use super::finish::finish;
use crate::args::{Format, PageFormat, ReportArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::input_files;

/// Checks all arguments, fetches usage and writes the page; with incomplete data, a page of that.
pub(crate) fn run(args: &ReportArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let (format, output) = args.page.place()?;
    let view = args.sections.view()?;
    let metrics = view.metrics();
    let action = fetch::action_choice(&args.usage.account.action, context)?;
    let action = action.knowing(&metrics).first();
    let mut spec = input_files::view_spec(&view, action, false)?;
    let extras = RequestExtras {
        endpoint_ids: &args.endpoints.endpoint_id,
        all_endpoints: args.endpoints.all_endpoints,
        sent: true,
        view: Some(&spec),
        projects: &[],
        since: &[],
        metrics: &metrics,
    };
    let mut request = UsageRequest::new(&args.usage, &extras, context)?;
    match (format, &args.prices.prices) {
        (PageFormat::Html, _) => request.price(&args.prices, context)?,
        (PageFormat::Svg, None) => {}
        (PageFormat::Svg, Some(prices)) => {
            return Err(CliError::usage(text!(
                "--prices {prices}: the trend alone shows no costs",
                "--prices {prices}：单独的趋势图不显示费用",
                prices = prices.display()
            ))
            .with_hint(text!("write the whole page: -o FILE.html", "请生成整页：-o FILE.html")));
        }
    }
    context.hold_note(request.range.words());
    if let Some(words) = request.range.compared_words() {
        context.hold_note(words);
    }
    if request.range.cut_at_now {
        context.hold_note(range::cut_at_now());
    }
    // An output that cannot be written is found before anything is sent.
    let mut sink = output.open()?;
    let result = fetch::fetch_usage(
        "report",
        &args.usage.account.network,
        &request,
        context,
        OutputMode::Report,
    );
    let result = context.block_on(result)?;
    // The action that took over has names of its own.
    let used = request.effective().action;
    if used.name() != action.name() {
        input_files::rename_metrics(&mut spec, &view, used, false)?;
    }
    if result.summary().has_data() {
        let page = Page::new(
            &result.usage,
            &PageOptions {
                spec: &spec,
                query: request.echo(&result.usage.scope),
                profiles: &args.usage.account.profiles.profile,
                title: args.page.title.as_deref(),
                lang: context.lang,
                generated_at: context.clock.now().as_second(),
            },
        );
        let text = match format {
            PageFormat::Html => page.html(),
            PageFormat::Svg => page.trend_svg(),
        };
        sink.write(text.as_bytes())?;
        sink.finish()?;
    }
    finish(&result, Format::Json, context)
}

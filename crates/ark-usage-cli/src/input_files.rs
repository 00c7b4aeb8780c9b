//! Files that options name, read for the reporting crates, which read none themselves.

use std::path::Path;

use ark_usage_model::UsageAction;
use ark_usage_report::SourceFile;
use ark_usage_report::prices::Prices;
use ark_usage_report::view::action_fit;
use ark_usage_report::view::{Labels, ViewOptions, ViewSpec};
use jiff::tz::TimeZone;

use crate::actions::ACTIONS;
use crate::args::ViewArgs;
use crate::error::CliError;
use crate::text_file::{self, MAX_TEXT};

/// Reads the text of the file that `flag` names.
pub(crate) fn load(flag: &'static str, path: &Path) -> Result<String, CliError> {
    let read = text_file::read_text(path, MAX_TEXT);
    read.map_err(|problem| problem.about(&format!("{flag} {}", path.display())))
}

/// Reads the price list that `flag` names; its dates begin at midnight in `zone`, and prices without a currency are in
/// `currency`.
pub(crate) fn prices(
    flag: &'static str,
    path: &Path,
    zone: &TimeZone,
    currency: Option<&str>,
) -> Result<Prices, CliError> {
    let text = load(flag, path)?;
    let name = path.display().to_string();
    Ok(Prices::read_with(SourceFile { flag, name: &name, text: &text }, zone, currency)?)
}

/// Reads the labels that `--labels` names.
pub(crate) fn labels(path: &Path) -> Result<Labels, CliError> {
    let text = load("--labels", path)?;
    Ok(Labels::parse(&path.display().to_string(), text.as_bytes())?)
}

/// Checks the options of a view, and reads their labels.
pub(crate) fn view_spec(
    args: &ViewArgs,
    action: &dyn UsageAction,
    wide: bool,
) -> Result<ViewSpec, CliError> {
    args.metric.iter().try_for_each(|word| action_fit::check_metric(word, action, ACTIONS))?;
    let labels = args.labels.as_deref().map(|path| labels(Path::new(path))).transpose()?;
    Ok(ViewSpec::new(ViewOptions {
        by: &args.by,
        sort: args.sort.as_deref(),
        top: args.top,
        totals_only: args.totals_only,
        metrics: &args.metric,
        declared: action.metrics(),
        wide,
        fields: &args.fields,
        compare: args.compare.is_some(),
        labels,
    })?)
}

/// Looks the metrics of a view up again, among those of the action that took over.
pub(crate) fn rename_metrics(
    spec: &mut ViewSpec,
    args: &ViewArgs,
    action: &dyn UsageAction,
    wide: bool,
) -> Result<(), CliError> {
    let fields = Some(&args.fields[..]).filter(|fields| wide && !fields.is_empty());
    Ok(spec.rename_metrics(&args.metric, fields, action.metrics())?)
}

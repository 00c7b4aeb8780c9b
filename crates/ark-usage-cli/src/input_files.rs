//! Files that options name, read for the reporting crates, which read none themselves.

use std::path::Path;

use ark_usage_report::SourceFile;
use ark_usage_report::prices::Prices;
use ark_usage_report::view::{Labels, ViewOptions, ViewSpec};
use jiff::tz::TimeZone;

use crate::args::ViewArgs;
use crate::error::CliError;
use crate::text;

/// The largest file of labels: more than a list of endpoints can sensibly hold.
const MAX_LABELS: u64 = 64 << 20;

/// Reads the text of the file that `flag` names.
pub(crate) fn load(flag: &'static str, path: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(path).map_err(|error| {
        let path = path.display();
        CliError::usage(text!(
            "{flag} {path}: cannot read the file",
            "{flag} {path}：无法读取该文件"
        ))
        .with_source(error)
    })
}

/// Reads the price list that `flag` names; its dates begin at midnight in `zone`.
pub(crate) fn prices(flag: &'static str, path: &Path, zone: &TimeZone) -> Result<Prices, CliError> {
    let text = load(flag, path)?;
    let name = path.display().to_string();
    Ok(Prices::read(SourceFile { flag, name: &name, text: &text }, zone)?)
}

/// Reads the labels that `--labels` names.
pub(crate) fn labels(path: &Path) -> Result<Labels, CliError> {
    let file = path.display().to_string();
    let unreadable = |error: std::io::Error| {
        CliError::usage(text!(
            "--labels {file}: cannot read the file",
            "--labels {file}：无法读取该文件"
        ))
        .with_source(error)
    };
    let meta = std::fs::metadata(path).map_err(unreadable)?;
    if meta.len() > MAX_LABELS {
        return Err(unreadable(std::io::Error::other("larger than 64 MiB")));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    Ok(Labels::parse(&file, &bytes)?)
}

/// Checks the options of a view, and reads their labels.
pub(crate) fn view_spec(args: &ViewArgs) -> Result<ViewSpec, CliError> {
    let labels = args.labels.as_deref().map(|path| labels(Path::new(path))).transpose()?;
    Ok(ViewSpec::new(ViewOptions {
        by: &args.by,
        sort: args.sort.as_deref(),
        top: args.top,
        totals_only: args.totals_only,
        fields: &args.fields,
        compare: args.compare.is_some(),
        labels,
    })?)
}

//! The specification of a view: its options, checked.

use ark_usage_model::{Metric, MetricTable};

use super::group::Keys;
use super::{Dimension, Fields, Labels, MetricChoice, Sort, TOTAL_TOKENS, unit};
use crate::error::ReportError;
use crate::range::Range;
use crate::text;
use crate::usage_data::UsageData;

/// The specification of a view.
#[derive(Clone, Debug, Default)]
pub struct ViewSpec {
    /// The dimensions rows are summed by. When empty, a row is one bucket of all usage.
    pub by: Vec<Dimension>,
    /// Without dimensions, rows are the lines as received, so that each endpoint has its own.
    pub lines: bool,
    /// The order of rows; by time and name when none is given.
    pub sort: Option<Sort>,
    /// The number of keys that are kept; the others are merged.
    pub top: Option<usize>,
    /// All usage is one row a metric.
    pub totals_only: bool,
    /// The metrics that are shown; all when none are chosen.
    pub metrics: Option<MetricChoice>,
    /// The columns of machine formats, when not all of them.
    pub fields: Option<Fields>,
    /// The previous range is compared.
    pub compare: bool,
    /// The labels of endpoints.
    pub labels: Option<Labels>,
}

/// The options of a view, as written.
#[derive(Clone, Debug, Default)]
pub struct ViewOptions<'a> {
    /// The dimensions rows are summed by.
    pub by: &'a [String],
    /// The order of rows.
    pub sort: Option<&'a str>,
    /// The number of keys that are kept.
    pub top: Option<u32>,
    /// All usage is one row a metric.
    pub totals_only: bool,
    /// The metrics that are shown; all when empty.
    pub metrics: &'a [String],
    /// The metrics that there are.
    pub declared: MetricTable,
    /// The columns of machine formats; all when empty.
    pub fields: &'a [String],
    /// Those columns are of a wide CSV.
    pub wide: bool,
    /// The previous range is compared.
    pub compare: bool,
    /// Labels of endpoints.
    pub labels: Option<Labels>,
}

impl ViewSpec {
    /// Checks the options.
    pub fn new(options: ViewOptions<'_>) -> Result<Self, ReportError> {
        let ViewOptions {
            by,
            sort,
            top,
            totals_only,
            metrics,
            declared,
            fields,
            wide,
            compare,
            labels,
        } = options;
        let by = Dimension::parse_all(by)?;
        let fields = match (fields.is_empty(), wide) {
            (true, _) => None,
            (false, true) => Some(Fields::parse_wide(fields, declared)?),
            (false, false) => Some(Fields::parse(fields)?),
        };
        check_labels(&by, fields.as_ref(), labels.as_ref())?;
        if let Some(count) = top
            && by.is_empty()
        {
            return Err(ReportError::invalid(text!(
                "--top {count} requires a non-time dimension in --by",
                "--top {count} 需要 --by 含有时间以外的维度"
            ))
            .with_hint(text!("for example --by endpoint --top 5", "例如 --by endpoint --top 5")));
        }
        Ok(Self {
            by,
            lines: false,
            sort: sort.map(|text| Sort::parse(text, declared)).transpose()?,
            top: top.and_then(|count| usize::try_from(count).ok()),
            totals_only,
            metrics: MetricChoice::parse(metrics, declared)?,
            fields,
            compare,
            labels,
        })
    }

    /// Looks up the chosen metrics and the columns of a wide CSV again, among those of another action.
    pub fn rename_metrics(
        &mut self,
        metrics: &[String],
        wide_fields: Option<&[String]>,
        declared: MetricTable,
    ) -> Result<(), ReportError> {
        self.metrics = MetricChoice::parse(metrics, declared)?;
        if let Some(fields) = wide_fields {
            self.fields = Some(Fields::parse_wide(fields, declared)?);
        }
        Ok(())
    }

    /// Refuses an order that rows do not have, by the metrics an action declares.
    pub fn check_sort(&self, declared: MetricTable) -> Result<(), ReportError> {
        let Some(sort) = &self.sort else { return Ok(()) };
        let has = |is_time: bool| self.by.iter().any(|dimension| dimension.is_time() == is_time);
        let has_buckets = self.has_buckets();
        sort.check_rows(has_buckets || has(true), has_buckets && self.lines || has(false))?;
        sort.check_compared(self.compare)?;
        sort.check_metric(declared)
    }

    /// Returns whether rows can be written as parts of a report arrive: lines always, and buckets where
    /// all usage is in one target.
    pub fn leaves_rows(&self, range: &Range) -> bool {
        let asks = !self.by.is_empty() || self.totals_only || self.compare || self.sort.is_some();
        !asks && self.metrics.is_none() && !range.is_put_together()
    }

    /// Returns true if the order of rows follows from all of them.
    pub(super) fn orders_rows(&self) -> bool {
        self.sort.is_some() || self.top.is_some()
    }

    /// Returns true if rows count their buckets: a single bucket needs no count.
    pub(super) fn sums_buckets(&self, asked: &UsageData) -> bool {
        let several = asked.report.targets.len() > 1 && !self.lines;
        !self.has_buckets() || asked.range.is_put_together() || several
    }

    /// Returns true if a metric is shown.
    pub(super) fn shows(&self, metric: &Metric) -> bool {
        let is_there_to_sort_by = || self.has_total() && *metric == TOTAL_TOKENS;
        let chosen = self.metrics.as_ref();
        chosen.map_or_else(|| !is_there_to_sort_by(), |chosen| chosen.contains(metric))
    }

    /// Returns true if all tokens together are one of the metrics, to be shown or to sort by.
    pub(super) fn has_total(&self) -> bool {
        let sorts = self.sort.as_ref().and_then(Sort::metric) == Some(&TOTAL_TOKENS);
        sorts || self.metrics.as_ref().is_some_and(|chosen| chosen.contains(&TOTAL_TOKENS))
    }

    /// Returns true if a row is one bucket, or a line of one.
    pub(super) fn has_buckets(&self) -> bool {
        self.by.is_empty() && !self.totals_only
    }

    /// The keys of rows, beside time.
    pub(super) fn keys(&self) -> Keys<'_> {
        if self.has_buckets() && self.lines { Keys::Lines } else { Keys::Of(&self.by) }
    }

    /// The stretches of time they are told apart by.
    pub(super) fn units(&self, range: &Range) -> &[Dimension] {
        if self.has_buckets() { unit(range.rows) } else { &self.by }
    }
}

/// A column of labels that is named, to sum by or to show, has to be there.
fn check_labels(
    by: &[Dimension],
    fields: Option<&Fields>,
    labels: Option<&Labels>,
) -> Result<(), ReportError> {
    let summed = by.iter().filter_map(|dimension| match dimension {
        Dimension::Label(column) => Some(("--by label:", column.as_str())),
        _ => None,
    });
    let shown = fields.into_iter().flat_map(Fields::labels);
    for (flag, column) in summed.chain(shown.map(|column| ("--fields labels.", column))) {
        let Some(labels) = labels else {
            return Err(ReportError::invalid(text!(
                "{flag}{column}: needs --labels FILE",
                "{flag}{column}：需要 --labels FILE"
            ))
            .with_hint(text!(
                "add --labels FILE.csv with the columns endpoint_id and {column}",
                "请加上 --labels FILE.csv，其中要有 endpoint_id 和 {column} 两列"
            )));
        };
        labels.check(flag, column)?;
    }
    Ok(())
}

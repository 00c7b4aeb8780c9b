//! `-f prometheus`: one value for each series, without timestamps, for `node_exporter`'s textfile collector.
//!
//! Text exposition format 0.0.4. Each window of time has metrics of its own name, so that files of
//! different windows can lie beside each other; labels say whose usage is counted, so that those of different
//! projects or groupings can.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use ark_usage_model::State;
use ark_usage_report::view::{
    Dimension, LatestUsage, LatestWindow, MetricChoice, ViewRow, ViewSpec,
};
use ark_usage_report::{ReportError, text};

use crate::answer::QueryEcho;
use crate::series::{
    Family, Labels, demo_label, is_whole, label_pairs, profile_labels, row_labels,
};

/// The usage a scrape shows.
#[derive(Debug)]
pub struct Scrape<'a> {
    /// The windows of time, each once.
    pub windows: &'a [LatestUsage],
    /// The request.
    pub query: QueryEcho<'a>,
    /// The dimensions rows are summed by, and the metrics that are shown.
    pub spec: &'a ViewSpec,
    /// The profile of each account, where one was named.
    pub profiles: &'a [Option<String>],
    /// The time zone of days and months.
    pub zone_name: &'a str,
}

/// Writes the samples; `None` if no window has a value. Refused where two rows would be one sample.
pub fn prometheus(scrape: &Scrape<'_>) -> Result<Option<Vec<u8>>, ReportError> {
    let mut families = Families::default();
    let rows = scrape.windows.iter().flat_map(|latest| &latest.rows);
    if !rows.into_iter().any(is_known) {
        return Ok(None);
    }
    for latest in scrape.windows {
        let selection = selection(scrape, latest.window);
        for row in latest.rows.iter().filter(|row| is_known(row)) {
            families.add_row(latest.window, row, &selection)?;
        }
        families.add_state(latest, &selection)?;
    }
    Ok(Some(families.text().into_bytes()))
}

/// Returns true if the value of a row can be shown; a sum with a missing part cannot.
pub fn is_known(row: &ViewRow) -> bool {
    row.state != State::Missing && row.value.is_some()
}

/// Returns true if the cost of a row with a value is left out because only part of it is known.
pub fn is_cost_unknown(row: &ViewRow) -> bool {
    is_known(row) && row.cost.as_ref().is_some_and(|cost| !is_whole(cost))
}

/// Returns the labels of everything in one file: whose usage is counted, and how it is divided.
fn selection(scrape: &Scrape<'_>, window: LatestWindow) -> Labels {
    let about = &scrape.query.scope;
    // In one order, whichever they were named in.
    let sorted = |values: &[String]| values.iter().cloned().collect::<BTreeSet<_>>();
    let several = |values: &[String]| {
        let sorted = sorted(values).into_iter().collect::<Vec<_>>();
        (values.len() > 1).then(|| sorted.join(","))
    };
    let one = |values: &[String]| (values.len() == 1).then(|| values.concat());
    let named: &[String] =
        if about.counted.name() == "named-projects" { about.counted.projects() } else { &[] };
    let by: Vec<String> = scrape.spec.by.iter().map(Dimension::name).collect();
    let metrics = scrape.spec.metrics.iter().flat_map(MetricChoice::metrics);
    let metrics: Vec<String> = metrics.map(|metric| metric.as_str().to_owned()).collect();
    let known = [
        ("api", Some(scrape.query.api.to_owned())),
        ("site", scrape.query.site.other_than_default().map(str::to_owned)),
        ("scope", Some(about.counted.name().to_owned())),
        ("project", one(named)),
        ("projects", several(named)),
        ("endpoint_id", one(about.endpoint_ids)),
        ("endpoint_ids", several(about.endpoint_ids)),
        ("scene", one(about.scenes)),
        ("scenes", several(about.scenes)),
        ("batch_job_id", about.batch_job_id.map(str::to_owned)),
        ("by", Some(by.join(","))),
        ("metrics", one(&metrics).or_else(|| several(&metrics))),
        ("tz", (window != LatestWindow::Hour).then(|| scrape.zone_name.to_owned())),
    ];
    let filters = about.filters.iter().map(|filter| {
        let values = sorted(&filter.values).into_iter().collect::<Vec<_>>();
        (filter.name(), values.join(","))
    });
    let known = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let known = known.chain(filters).chain(profile_labels(scrape.profiles));
    let known = known.chain(demo_label(about.demo));
    known.filter(|(_, value)| !value.is_empty()).collect()
}

const COMPLETE: (&str, &str) =
    ("ark_usage_complete", "1 if all usage of the window was received, 0 if some is missing.");
const START: (&str, &str) =
    ("ark_usage_window_start_timestamp_seconds", "Start of the window, in unix time.");
const END: (&str, &str) = (
    "ark_usage_window_end_timestamp_seconds",
    "End of the window, in unix time; of the month to date, the time of the request.",
);

/// Samples by the name of their metric, with its help.
#[derive(Default)]
struct Families(BTreeMap<String, (String, BTreeMap<String, String>)>);

impl Families {
    fn add_row(
        &mut self,
        window: LatestWindow,
        row: &ViewRow,
        selection: &Labels,
    ) -> Result<(), ReportError> {
        let mut labels = selection.clone();
        labels.extend(row_labels(row));
        let (prefix, within) = words(window);
        if let Some(value) = row.value {
            let family = Family::of(&row.unit);
            let name = format!("ark_usage_{prefix}_{}", family.unit());
            let help = format!("{} {within}.", family.used());
            self.add(&name, &help, &labels, value.to_string())?;
        }
        for (currency, amount) in
            row.cost.iter().filter(|cost| is_whole(cost)).flat_map(|cost| &cost.amounts)
        {
            let mut labels = labels.clone();
            labels.insert("currency".to_owned(), currency.clone());
            let name = format!("ark_usage_{prefix}_cost");
            let help =
                format!("Cost of the tokens used {within}, by the price list given; not a bill.");
            self.add(&name, &help, &labels, amount.to_string())?;
        }
        Ok(())
    }

    /// Adds what is known about a window beside its values.
    fn add_state(&mut self, latest: &LatestUsage, selection: &Labels) -> Result<(), ReportError> {
        let mut labels = selection.clone();
        labels.insert("window".to_owned(), name(latest.window).to_owned());
        let facts = [
            (COMPLETE, i64::from(latest.is_complete)),
            (START, latest.span.start),
            (END, latest.span.end),
        ];
        for ((name, help), value) in facts {
            self.add(name, help, &labels, value.to_string())?;
        }
        Ok(())
    }

    /// Two values of one series cannot be told apart, and neither is the whole.
    fn add(
        &mut self,
        name: &str,
        help: &str,
        labels: &Labels,
        value: String,
    ) -> Result<(), ReportError> {
        let family = self.0.entry(name.to_owned());
        let (_, samples) = family.or_insert_with(|| (help.to_owned(), BTreeMap::new()));
        match samples.entry(label_pairs(labels)) {
            Entry::Vacant(place) => {
                place.insert(value);
                Ok(())
            }
            Entry::Occupied(place) => Err(same_labels(place.key())),
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for (name, (help, samples)) in &self.0 {
            // Writing to a String cannot fail.
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n");
            for (labels, value) in samples {
                let _ = writeln!(text, "{name}{{{labels}}} {value}");
            }
        }
        text
    }
}

/// The name of a window as a label.
const fn name(window: LatestWindow) -> &'static str {
    match window {
        LatestWindow::Hour => "hour",
        LatestWindow::Day => "day",
        LatestWindow::MonthToDate => "month_to_date",
    }
}

/// The name of a window in names of metrics, and in their help.
const fn words(window: LatestWindow) -> (&'static str, &'static str) {
    match window {
        LatestWindow::Hour => ("last_hour", "in the last hour that has settled"),
        LatestWindow::Day => ("last_day", "in the last day that has settled"),
        LatestWindow::MonthToDate => {
            ("month_to_date", "in this calendar month so far, with what may still change")
        }
    }
}

/// Returns the error about two rows that would be one series.
fn same_labels(labels: &str) -> ReportError {
    let error = text!(
        "-f prometheus: two rows have the same labels: {{{labels}}}",
        "-f prometheus：有两行的标签相同：{{{labels}}}"
    );
    ReportError::invalid(error).with_hint(text!(
        "add a dimension to --by, or use -f ndjson",
        "请在 --by 中增加维度，或改用 -f ndjson"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_never_written_twice() {
        let mut families = Families::default();
        let of = |team: &str| Labels::from([("tag_team".to_owned(), team.to_owned())]);
        for (team, value) in [("b\"\\\n\u{202e}", "1"), ("a", "2")] {
            families.add("m_tokens", "Help.", &of(team), value.to_owned()).unwrap();
        }
        let refused = families.add("m_tokens", "Help.", &of("a"), "3".to_owned()).unwrap_err();
        assert!(refused.to_string().contains("the same labels: {tag_team=\"a\"}"), "{refused}");
        assert_eq!(
            families.text(),
            "# HELP m_tokens Help.\n# TYPE m_tokens gauge\nm_tokens{tag_team=\"a\"} 2\n\
             m_tokens{tag_team=\"b\\\"\\\\\\n<U+202E>\"} 1\n"
        );
    }
}

//! The lines of the table: rows of the view put side by side, and the totals.

use std::collections::BTreeMap;

use ark_usage_model::{Metric, State, Unit};

use super::columns::{Column, columns};
use super::costs::CostColumns;
use super::{Layout, NOTHING, Shape};
use crate::Answer;
use crate::grid::{Cell, Grid};
use ark_usage_report::Lang;
use ark_usage_report::chart_data::{grouped, short};
use ark_usage_report::prices::Cost;
use ark_usage_report::text;
use ark_usage_report::view::{MetricColumns, Previous, TOTAL_TOKENS, cost_is_in_total, percent};

/// Returns true if there is nothing to show: no rows and no totals.
pub(super) fn are_none(answer: &Answer<'_>) -> bool {
    answer.view.rows.is_empty() && answer.view.totals.iter().all(|total| total.value.is_none())
}

/// Returns true if lines are compared with the previous range.
pub(super) fn are_compared(answer: &Answer<'_>) -> bool {
    answer.view.rows.iter().any(|row| row.previous.is_some())
        || answer.view.totals.iter().any(|total| total.previous.is_some())
}

/// The table in one of its layouts, and how many cells of each line say what it is about.
pub(super) fn grid(answer: &Answer<'_>, shape: Shape, layout: Layout, lang: Lang) -> (Grid, usize) {
    let writer = TableWriter::new(answer, shape, lang);
    let about = writer.columns.len();
    let lines = writer.side_by_side();
    let mut grid = match layout {
        Layout::Wide if writer.is_filled(&lines) => writer.wide(lines),
        Layout::Wide | Layout::Long => writer.long(lines),
    };
    grid.align_amounts();
    (grid, about)
}

/// Returns true if a grid of so many cells holds enough of so many values: a small answer, such as one
/// with a metric or a tag of its own on each of its lines, would otherwise take gigabytes of nothing.
pub(crate) fn is_filled(cells: usize, values: usize) -> bool {
    const ANY: usize = 16_384;
    const CELLS_FOR_A_VALUE: usize = 4;
    cells <= values.saturating_mul(CELLS_FOR_A_VALUE).saturating_add(ANY)
}

struct TableWriter<'a> {
    answer: &'a Answer<'a>,
    shape: Shape,
    lang: Lang,
    columns: Vec<Column>,
    /// The metrics; behind them the total, if there is one.
    metrics: Vec<&'a Metric>,
    /// The unit of that total.
    total: Option<Unit>,
    /// The place of the metric whose shares are shown, where lines are shares of a whole.
    share_of: Option<usize>,
    /// The place of each among them.
    places: BTreeMap<&'a Metric, usize>,
    compared: bool,
    costs: CostColumns,
}

/// The values of one metric on one line.
#[derive(Clone, Copy)]
struct TableValue<'a> {
    sum: Option<i128>,
    /// In hundredths of a percent.
    share: Option<i128>,
    state: State,
    previous: Option<&'a Previous>,
    cost: Option<&'a Cost>,
}

/// The heading of the total beside metrics.
static TOTAL: Metric = TOTAL_TOKENS;

/// The share of a whole in itself, in hundredths of a percent.
const WHOLE: i128 = 10_000;

/// One line of the wide table: a bucket or group with all its metrics.
#[derive(Default)]
struct TableLine<'a> {
    /// By the place of the metric.
    values: BTreeMap<usize, TableValue<'a>>,
    state: Option<State>,
    cost: Cost,
}

impl<'a> TableLine<'a> {
    fn add(&mut self, metric: usize, value: TableValue<'a>) {
        self.values.insert(metric, value);
        self.state = self.state.max(Some(value.state));
        if let Some(cost) = value.cost {
            self.cost.add(cost);
        }
    }
}

impl<'a> TableWriter<'a> {
    fn new(answer: &'a Answer<'a>, shape: Shape, lang: Lang) -> Self {
        let declared = answer.report.metrics;
        let MetricColumns { mut metrics, total, share_of } = answer.view.metric_columns(declared);
        let compared = are_compared(answer);
        let total = total.filter(|_| !compared);
        metrics.extend(total.is_some().then_some(&TOTAL));
        let place = |of: &Metric| metrics.iter().position(|metric| *metric == of);
        let share_of = share_of.map_or_else(|| metrics.len().checked_sub(1), place);
        let places = metrics.iter().copied().zip(0..).collect();
        Self {
            answer,
            shape,
            lang,
            columns: columns(answer, shape.compact, lang),
            total,
            share_of: share_of.filter(|_| !compared && answer.view.has_groups()),
            metrics,
            places,
            compared,
            costs: CostColumns::of(answer, shape.round),
        }
    }

    /// Returns true if a column for each metric leaves few cells empty.
    fn is_filled(&self, lines: &[(Vec<String>, TableLine<'_>)]) -> bool {
        let cells = (lines.len() + 1).saturating_mul(self.metrics.len());
        let values: usize = lines.iter().map(|(_, line)| line.values.len()).sum();
        is_filled(cells, values + self.answer.view.totals.len())
    }

    fn wide(&self, rows: Vec<(Vec<String>, TableLine<'_>)>) -> Grid {
        let mut head = self.titles();
        for (place, metric) in self.metrics.iter().enumerate() {
            head.extend(self.number_titles(self.metric_title(metric)));
            head.extend((self.share_of == Some(place)).then(|| self.share_title()));
        }
        head.extend(self.costs.titles(self.lang));
        head.push(self.state_title());
        let mut lines = Vec::new();
        for (labels, line) in rows {
            lines.push(self.wide_line(&labels, &line));
        }
        lines.push(self.wide_line(&self.total_labels(), &self.total_line()));
        Grid { head, lines }
    }

    /// Rows of the same bucket or group on one line, in the order of the view.
    fn side_by_side(&self) -> Vec<(Vec<String>, TableLine<'a>)> {
        let mut places: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        let mut lines: Vec<(Vec<String>, TableLine<'a>)> = Vec::new();
        // Then everything is one row, which the totals show.
        let rows = self.answer.view.rows.iter().filter(|_| !self.answer.view.totals_only);
        for row in rows {
            let labels = self.labels(row);
            let place = *places.entry(labels.clone()).or_insert(lines.len());
            if place == lines.len() {
                lines.push((labels, TableLine::default()));
            }
            let Some((_, line)) = lines.get_mut(place) else { continue };
            let (sum, share, state) = (row.value, row.share, row.state);
            let (previous, cost) =
                (row.previous.as_ref(), self.own_cost(&row.metric, row.cost.as_ref()));
            let metric = self.place(&row.metric);
            line.add(metric, TableValue { sum, share, state, previous, cost });
            if self.counts(&row.metric) {
                self.add_total(line, row.total, row.total_share);
            }
        }
        lines
    }

    /// Returns true if a metric has the unit of the total beside it, and may be added up.
    fn counts(&self, metric: &Metric) -> bool {
        let declared = self.answer.report.metrics;
        self.total.as_ref() == Some(&declared.unit(metric)) && declared.is_additive(metric)
    }

    /// Adds the total beside metrics, which is as settled as the line.
    fn add_total(&self, line: &mut TableLine<'a>, sum: Option<i128>, share: Option<i128>) {
        let state = line.state.unwrap_or(State::Missing);
        line.add(self.place(&TOTAL), TableValue { sum, share, state, previous: None, cost: None });
    }

    /// Returns the cost that counts on a line: not that of a metric beside the total that it is part of.
    fn own_cost(&self, metric: &Metric, cost: Option<&'a Cost>) -> Option<&'a Cost> {
        let is_part = cost_is_in_total(metric, &self.answer.report.metrics.unit(metric));
        let is_counted = self.total.is_none() && self.places.contains_key(&TOTAL) && is_part;
        cost.filter(|_| !is_counted)
    }

    fn total_line(&self) -> TableLine<'a> {
        let mut line = TableLine::default();
        for total in &self.answer.view.totals {
            let (sum, state) = (total.value, total.state);
            let (previous, cost) =
                (total.previous.as_ref(), self.own_cost(&total.metric, total.cost.as_ref()));
            let metric = self.place(&total.metric);
            let share = whole(sum.filter(|_| state != State::Missing));
            line.add(metric, TableValue { sum, share, state, previous, cost });
            if self.counts(&total.metric) {
                self.add_total(&mut line, total.total, whole(total.total));
            }
        }
        line
    }

    fn wide_line(&self, labels: &[String], line: &TableLine<'_>) -> Vec<Cell> {
        let mut cells = self.label_cells(labels);
        for metric in 0..self.metrics.len() {
            let value = line.values.get(&metric);
            match value {
                Some(value) => cells.extend(self.numbers(*value)),
                None => cells.extend(self.number_titles("").map(|_| Cell::number(""))),
            }
            let share = || value.map_or_else(|| Cell::number(""), |value| share_cell(value.share));
            cells.extend((self.share_of == Some(metric)).then(share));
        }
        cells.extend(self.costs.cells(&line.cost));
        cells.push(Cell::State(line.state));
        cells
    }

    fn long(&self, rows: Vec<(Vec<String>, TableLine<'_>)>) -> Grid {
        let mut head = self.titles();
        head.push(Cell::name(text!("metric", "指标").in_lang(self.lang)));
        head.extend(self.number_titles(text!("value", "数值").in_lang(self.lang)));
        head.extend(self.share_of.map(|_| self.share_title()));
        head.extend(self.costs.titles(self.lang));
        head.push(self.state_title());
        let mut lines = Vec::new();
        for (labels, line) in rows.into_iter().chain([(self.total_labels(), self.total_line())]) {
            for (metric, value) in line.values {
                let metric =
                    self.metrics.get(metric).map_or("", |metric| self.metric_title(metric));
                lines.push(self.long_line(&labels, metric, value));
            }
        }
        Grid { head, lines }
    }

    fn place(&self, metric: &Metric) -> usize {
        self.places.get(metric).copied().unwrap_or(usize::MAX)
    }

    fn long_line(&self, labels: &[String], metric: &str, value: TableValue<'_>) -> Vec<Cell> {
        let mut cells = self.label_cells(labels);
        cells.push(Cell::name(metric));
        cells.extend(self.numbers(value));
        cells.extend(self.share_of.map(|_| share_cell(value.share)));
        let nothing = Cost::default();
        cells.extend(self.costs.cells(value.cost.unwrap_or(&nothing)));
        cells.push(Cell::State(Some(value.state)));
        cells
    }

    fn titles(&self) -> Vec<Cell> {
        self.columns.iter().map(|column| Cell::text(column.title().in_lang(self.lang))).collect()
    }

    /// Returns the name of a metric; of the total beside them, its own.
    fn metric_title<'m>(&self, metric: &'m Metric) -> &'m str {
        if self.total.is_none() || *metric != TOTAL {
            return metric.as_str();
        }
        let mut declared = self.answer.report.metrics.iter();
        if declared.all(|info| info.unit == Unit::Tokens) {
            self.lang.pick("total", "合计")
        } else {
            self.lang.pick("total tokens", "token 合计")
        }
    }

    fn share_title(&self) -> Cell {
        Cell::number(text!("share", "占比").in_lang(self.lang))
    }

    fn state_title(&self) -> Cell {
        Cell::text(text!("state", "状态").in_lang(self.lang))
    }

    fn labels(&self, row: &ark_usage_report::view::ViewRow) -> Vec<String> {
        self.columns.iter().map(|column| column.cell(self.answer, row, self.lang)).collect()
    }

    /// People paste ids elsewhere, so they are never wrapped.
    fn label_cells(&self, labels: &[String]) -> Vec<Cell> {
        let cell = |(column, label): (&Column, &String)| match column {
            Column::Endpoint | Column::BatchJob | Column::Account => Cell::name(label),
            _ => Cell::text(label),
        };
        self.columns.iter().zip(labels).map(cell).collect()
    }

    fn total_labels(&self) -> Vec<String> {
        let total = text!("total", "合计").in_lang(self.lang).to_owned();
        let rest = self.columns.iter().skip(1).map(|_| String::new());
        [total].into_iter().chain(rest).collect()
    }

    /// The names above a metric's numbers.
    fn number_titles(&self, metric: &str) -> impl Iterator<Item = Cell> + use<> {
        let compared =
            [text!("before", "上一期"), text!("change", "变化"), text!("change %", "变化 %")];
        let lang = self.lang;
        let compared = compared.map(|title| Cell::number(title.in_lang(lang)));
        let shown = if self.compared { compared.to_vec() } else { Vec::new() };
        [Cell::number(metric)].into_iter().chain(shown)
    }

    fn numbers(&self, value: TableValue<'_>) -> Vec<Cell> {
        let mut cells = vec![self.number(value.sum)];
        if self.compared {
            let previous = value.previous;
            cells.push(self.number(previous.and_then(|it| it.value)));
            cells.push(self.signed(previous.and_then(|it| it.change)));
            let share = previous.and_then(|it| it.change_hundredths);
            cells.push(Cell::number(&share.map_or_else(
                || NOTHING.to_owned(),
                |share| format!("{}{}%", plus(share), percent(share)),
            )));
        }
        cells
    }

    fn number(&self, value: Option<i128>) -> Cell {
        let written = value.map(|value| self.digits(value));
        Cell::number(written.as_deref().unwrap_or(NOTHING))
    }

    fn digits(&self, value: i128) -> String {
        if self.shape.compact { short(value, self.lang) } else { grouped(value) }
    }

    fn signed(&self, value: Option<i128>) -> Cell {
        let written = value.map(|value| plus(value).to_owned() + &self.digits(value));
        Cell::number(written.as_deref().unwrap_or(NOTHING))
    }
}

/// Returns the share that a whole has in itself; none where it is unknown or 0.
fn whole(value: Option<i128>) -> Option<i128> {
    value.filter(|value| *value != 0).map(|_| WHOLE)
}

fn share_cell(share: Option<i128>) -> Cell {
    let shown = share.map(|share| format!("{}%", percent(share)));
    Cell::number(shown.as_deref().unwrap_or(NOTHING))
}

fn plus(value: i128) -> &'static str {
    if value > 0 { "+" } else { "" }
}

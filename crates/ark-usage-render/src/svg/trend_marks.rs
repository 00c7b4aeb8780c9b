//! The marks of a trend: a bar for each bucket, or an area over all of them.

use std::fmt::Write as _;

use ark_usage_model::State;
use maud::{Markup, html};

use super::length::Tenths;
use super::pattern;
use super::trend::{Plot, Point};
use ark_usage_report::Lang;
use ark_usage_report::chart_data::grouped;
use ark_usage_report::view::state_name;

/// A bar for each bucket.
pub(super) fn bars(id: &str, tone: usize, points: &[Point], plot: &Plot, lang: Lang) -> Markup {
    html! {
        @for (index, point) in points.iter().enumerate() {
            @let gap = (plot.x(index + 1).0 - plot.x(index).0) / 5;
            @let x = Tenths(plot.x(index).0 + gap / 2);
            @let width = Tenths((plot.x(index + 1).0 - plot.x(index).0 - gap).clamp(5, 640));
            @let x = Tenths(x.0.max(plot.middle(index).0 - width.0 / 2));
            @if point.amount.is_incomplete() {
                rect x=(x) width=(width) y=(plot.top) height=(plot.height) fill=(pattern::missing(id)) {
                    title { (in_words(point, lang)) }
                }
            }
            @if let Some(y) = point.amount.value.map(|_| plot.y(point.amount.height())) {
                rect class=[settled(point).then(|| format!("tone{tone}"))] x=(x) width=(width) y=(y)
                    height=(Tenths(plot.bottom().0 - y.0)) rx="2"
                    fill=[(!settled(point)).then(|| pattern::settling(id))] {
                    title { (in_words(point, lang)) }
                }
            }
        }
    }
}

fn settled(point: &Point) -> bool {
    point.amount.state == State::Final
}

/// `2024-11-20: 468,236,632 (settling)`
fn in_words(point: &Point, lang: Lang) -> String {
    let state = state_name(point.amount.state, lang);
    match point.amount.value {
        None => lang.pick(format!("{}: {state}", point.label), format!("{}：{state}", point.label)),
        Some(value) => lang.pick(
            format!("{}: {} ({state})", point.label, grouped(value)),
            format!("{}：{}（{state}）", point.label, grouped(value)),
        ),
    }
}

/// An area over buckets next to each other that came; a gap where some did not.
pub(super) fn area(id: &str, tone: usize, points: &[Point], plot: &Plot, lang: Lang) -> Markup {
    let indexed: Vec<(usize, &Point)> = points.iter().enumerate().collect();
    let kind = |point: &Point| (point.amount.is_incomplete(), settled(point));
    html! {
        @for run in indexed.chunk_by(|one, two| kind(one.1) == kind(two.1)) {
            @let (incomplete, is_final) = run.first().map_or((true, false), |(_, it)| kind(it));
            @if incomplete {
                (hole(id, run, plot, lang))
            } @else {
                path class={ "area area" (tone) } d=(outline(run, plot))
                    style=[(!is_final).then(|| format!("fill:{}", pattern::settling(id)))] {}
                path class={ "line line" (tone) } d=(line(run, plot)) {}
            }
        }
    }
}

/// Marks of buckets that are incomplete or missing.
fn hole(id: &str, run: &[(usize, &Point)], plot: &Plot, lang: Lang) -> Markup {
    let (Some((first, from)), Some((last, to))) = (run.first(), run.last()) else {
        return html! {};
    };
    let x = plot.x(*first);
    html! {
        rect x=(x) width=(Tenths(plot.x(last + 1).0 - x.0)) y=(plot.top) height=(plot.height)
            fill=(pattern::missing(id)) {
            title { (from.label) " … " (to.label) " " (state_name(State::Missing, lang)) }
        }
    }
}

/// The tops of the buckets as steps, so that each is as wide as its time.
fn line(run: &[(usize, &Point)], plot: &Plot) -> String {
    let mut path = String::new();
    for (index, point) in run {
        let (from, to) = (plot.x(*index), plot.x(index + 1));
        let y = plot.y(point.amount.height());
        let command = if path.is_empty() { 'M' } else { 'L' };
        let _ = write!(path, "{command}{from} {y}H{to}");
    }
    path
}

fn outline(run: &[(usize, &Point)], plot: &Plot) -> String {
    let Some((first, _)) = run.first() else { return String::new() };
    format!("{}V{}H{}Z", line(run, plot), plot.bottom(), plot.x(*first))
}

//! Hours of the day by days of the week, and the table of the same means.

use maud::{Markup, html};

use super::Page;
use super::cell::scrolling;
use super::trend::pictured;
use crate::svg::{HEAT_LEVELS, Size, heat_map};
use ark_usage_report::Lang;
use ark_usage_report::chart_data::{DAYS, HOURS, WeekGrid, grouped, short, weekday};

/// A heat map for each metric that has hours.
pub(super) fn week(report: &Page) -> Markup {
    let lang = report.lang;
    let weeks =
        pictured(report).iter().filter_map(|it| Some((it.name.as_str(), it.week.as_deref()?)));
    let weeks: Vec<(&str, &WeekGrid)> = weeks.collect();
    html! {
        @for (index, (name, grid)) in weeks.iter().enumerate() {
            (one(index, name, grid, lang))
        }
    }
}

fn one(index: usize, name: &str, grid: &WeekGrid, lang: Lang) -> Markup {
    let title = lang
        .pick(format!("{name}: mean per hour of the week"), format!("{name}：一周各小时的平均值"));
    let words = description(grid, lang);
    html! {
        figure {
            figcaption { (title) }
            @for size in [Size::Wide, Size::Narrow] {
                (heat_map(&format!("week-{index}-{}", size.class()), &title, &words, grid, size, lang))
            }
            (legend(grid, lang))
        }
        details {
            summary { (lang.pick("Means as a table", "平均值数据表")) }
            (scrolling(&title, &table(&title, grid, lang)))
        }
    }
}

/// The busiest hour, for those who do not see the picture.
fn description(grid: &WeekGrid, lang: Lang) -> String {
    let hours = grid.days().enumerate().flat_map(|(day, hours)| {
        hours.iter().enumerate().filter_map(move |(hour, cell)| Some((cell.mean()?, day, hour)))
    });
    let Some((mean, day, hour)) = hours.max_by_key(|(mean, ..)| *mean) else {
        return lang.pick("No data.", "没有数据。").to_owned();
    };
    let (name, mean) = (weekday(day, lang), grouped(mean));
    lang.pick(
        format!("Busiest: {name} {hour:02}:00, {mean} on average."),
        format!("最忙：{name} {hour:02}:00，平均 {mean}。"),
    )
}

fn legend(grid: &WeekGrid, lang: Lang) -> Markup {
    let largest = grid.largest();
    let up_to = |level: u8| largest.saturating_mul(i128::from(level)) / i128::from(HEAT_LEVELS);
    html! {
        p class="legend" {
            span { span class="swatch heat0" {} "0" }
            @for level in 1..=HEAT_LEVELS {
                span { span class={ "swatch heat" (level) } {} "≤ " (short(up_to(level), lang)) }
            }
            @if grid.cells().any(|cell| cell.missing > 0) {
                span { span class="swatch gap" {} (lang.pick("some hours missing", "有小时缺失")) }
            }
            @if grid.cells().any(|cell| cell.settling > 0) {
                span { span class="swatch dotted" {} (lang.pick("some hours settling", "有小时未定")) }
            }
        }
    }
}

/// Hours downwards, so that seven columns fit on paper.
fn table(title: &str, grid: &WeekGrid, lang: Lang) -> Markup {
    let days: Vec<_> = grid.days().collect();
    html! {
        table class="week" {
            caption { (title) }
            thead {
                tr {
                    th scope="col" { (lang.pick("hour", "小时")) }
                    @for day in 0..DAYS { th scope="col" class="n" { (weekday(day, lang)) } }
                }
            }
            tbody {
                @for hour in 0..HOURS {
                    tr {
                        th scope="row" { (format!("{hour:02}:00")) }
                        @for cell in days.iter().filter_map(|day| day.get(hour)) {
                            td class="n" {
                                @if let Some(mean) = cell.mean() { data value=(mean) { (grouped(mean)) } }
                                @else if cell.is_wanted() { span class="none" { "–" } }
                                @if cell.settling > 0 { " ◐" }
                                @if cell.missing > 0 { " ○" }
                            }
                        }
                    }
                }
            }
        }
    }
}

//! `--chart`: the table as bars, sparklines and a heat map of the week.

use ark_usage_model::Interval;
use ark_usage_render::chart::{self, Glyphs, Look};
use ark_usage_render::{Answer, Screen};
use ark_usage_report::view::ViewSpec;
use ark_usage_report::{UsageData, text};
use volc_credentials::Environment;

use crate::args::{ChartGlyphs, Format, OutputArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::screen::columns;

/// Refuses `--chart` for a format that programs read.
pub(super) fn check(output: &OutputArgs, format: Format) -> Result<(), CliError> {
    if output.chart.is_none() || format == Format::Table {
        return Ok(());
    }
    let path = output.output.as_deref().map(std::path::Path::display);
    let path = path.map(|path| path.to_string()).unwrap_or_default();
    Err(CliError::usage(text!(
        "--chart cannot be used with --output {path}: a chart is text, not {name}",
        "--chart 不能与 --output {path} 同用：图表是文本，不是 {name}",
        name = format.name(),
    ))
    .with_hint(text!(
        "write to a .txt file or remove --chart; `ark-usage report` writes HTML and SVG",
        "请写入 .txt 文件，或去掉 --chart；网页和 SVG 由 `ark-usage report` 生成",
    )))
}

/// Draws the view as charts.
pub(super) fn chart(
    answer: &Answer<'_>,
    spec: &ViewSpec,
    usage: &UsageData,
    glyphs: ChartGlyphs,
    screen: Screen,
    context: &Context<'_>,
) -> String {
    if answer.view.rows.is_empty() {
        return context.lang.pick("no data\n", "没有数据\n").to_owned();
    }
    if answer.range.window.interval() == Interval::Day {
        context.note(text!(
            "note: daily data has no hours of the week; use -i hour to show them",
            "注意：按天查询时没有“一周各小时”；加上 -i hour 即可显示",
        ));
    }
    let look = Look {
        width: width(screen, context.environment),
        glyphs: self::glyphs(glyphs, context.environment),
        lang: context.lang,
    };
    chart::of_usage(answer, spec, usage, look)
}

/// The width where neither terminal nor `COLUMNS` say one.
const DEFAULT_WIDTH: usize = 100;
/// The smallest width of a chart.
const MIN_WIDTH: usize = 40;

fn width(screen: Screen, environment: &Environment) -> usize {
    screen.width.or_else(|| columns(environment)).unwrap_or(DEFAULT_WIDTH).max(MIN_WIDTH)
}

/// Returns block elements, unless the locale names a character set without them (POSIX, Locale).
pub(in crate::commands) fn glyphs(chosen: ChartGlyphs, environment: &Environment) -> Glyphs {
    match chosen {
        ChartGlyphs::Blocks => return Glyphs::Blocks,
        ChartGlyphs::Ascii => return Glyphs::Ascii,
        ChartGlyphs::Auto => {}
    }
    let mut values =
        ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(|name| environment.get(name));
    let locale = values.find(|value| !value.is_empty());
    let set = locale.and_then(|locale| locale.split_once('.')).map(|(_, set)| set.to_lowercase());
    match (locale, set.as_deref()) {
        // A locale without a character set, such as zh_CN, leaves it open; so does no locale.
        (Some("C" | "POSIX"), _) => Glyphs::Ascii,
        (_, Some(set)) if !set.starts_with("utf-8") && !set.starts_with("utf8") => Glyphs::Ascii,
        _ => Glyphs::Blocks,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Environment::from_variables(variables.iter().map(owned))
    }

    #[test]
    fn blocks_unless_the_character_set_has_none() {
        let of = |variables| glyphs(ChartGlyphs::Auto, &environment(variables));
        assert_eq!(of(&[]), Glyphs::Blocks);
        assert_eq!(of(&[("LANG", "zh_CN.UTF-8")]), Glyphs::Blocks);
        assert_eq!(of(&[("LANG", "C.utf8")]), Glyphs::Blocks);
        assert_eq!(of(&[("LANG", "zh_CN.GBK")]), Glyphs::Ascii);
        assert_eq!(of(&[("LC_ALL", "C"), ("LANG", "zh_CN.UTF-8")]), Glyphs::Ascii);
        let gbk = environment(&[("LANG", "zh_CN.GBK")]);
        assert_eq!(glyphs(ChartGlyphs::Blocks, &gbk), Glyphs::Blocks);
    }

    #[test]
    fn the_width_comes_from_the_terminal_or_columns() {
        let of = |columns, variables| {
            width(Screen { width: columns, ..Screen::default() }, &environment(variables))
        };
        assert_eq!(of(None, &[]), DEFAULT_WIDTH);
        assert_eq!(of(None, &[("COLUMNS", "160")]), 160);
        assert_eq!(of(Some(60), &[]), 60);
        assert_eq!(of(Some(7), &[]), MIN_WIDTH);
    }
}

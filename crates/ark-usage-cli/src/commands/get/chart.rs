//! `--chart`: the table as bars, sparklines and hours of the week.

use ark_usage_model::Interval;
use volc_credentials::Environment;

use crate::args::{ChartGlyphs, Format, OutputArgs};
use crate::commands::fetch::FetchResult;
use crate::context::Context;
use crate::error::CliError;
use crate::render::chart::{self, Glyphs, Look};
use crate::render::{Answer, Screen};
use crate::text;
use crate::view::ViewSpec;

/// Charts are for people: a file that a program is to read holds none.
pub(super) fn check(output: &OutputArgs, format: Format) -> Result<(), CliError> {
    if output.chart.is_none() || format == Format::Table {
        return Ok(());
    }
    let path = output.output.as_deref().map(std::path::Path::display);
    let path = path.map(|path| path.to_string()).unwrap_or_default();
    Err(CliError::usage(text!(
        "--chart and --output {path}: a chart is text for people, not {name}",
        "--chart 与 --output {path}：图表是给人看的文本，不是 {name}",
        name = format.name(),
    ))
    .with_hint(text!(
        "write it to a .txt file, or leave out --chart; `ark-usage report` makes pages and SVG",
        "请写入 .txt 文件，或去掉 --chart；网页和 SVG 由 `ark-usage report` 生成",
    )))
}

/// Draws the answer, which is the view of what was asked.
pub(super) fn chart(
    answer: &Answer<'_>,
    spec: &ViewSpec,
    result: &FetchResult,
    glyphs: ChartGlyphs,
    screen: Screen,
    context: &Context<'_>,
) -> String {
    if answer.view.rows.is_empty() {
        return context.lang.pick("no data\n", "没有数据\n").to_owned();
    }
    if answer.range.window.interval() == Interval::Day {
        context.note(text!(
            "note: by day there are no hours of the week; -i hour shows them",
            "注意：按天查询时没有“一周各小时”；加上 -i hour 即可显示",
        ));
    }
    let look = Look {
        width: width(screen, context.environment),
        glyphs: self::glyphs(glyphs, context.environment),
        lang: context.lang,
    };
    chart::of_usage(answer, spec, result, look)
}

/// Columns where nothing says how many there are.
const USUAL_WIDTH: usize = 100;
/// Less than this holds no chart.
const LEAST_WIDTH: usize = 40;

fn width(screen: Screen, environment: &Environment) -> usize {
    let said = || environment.get("COLUMNS").and_then(|text| text.parse().ok());
    screen.width.or_else(said).unwrap_or(USUAL_WIDTH).max(LEAST_WIDTH)
}

/// Block elements, unless the locale names a character set that has none (POSIX, Locale).
fn glyphs(wanted: ChartGlyphs, environment: &Environment) -> Glyphs {
    match wanted {
        ChartGlyphs::Blocks => return Glyphs::Blocks,
        ChartGlyphs::Ascii => return Glyphs::Ascii,
        ChartGlyphs::Auto => {}
    }
    let mut said =
        ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(|name| environment.get(name));
    let locale = said.find(|value| !value.is_empty());
    let set = locale.and_then(|locale| locale.split_once('.')).map(|(_, set)| set.to_lowercase());
    match (locale, set.as_deref()) {
        // A locale without a set, as in zh_CN, leaves it open; so does none at all.
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
    fn blocks_unless_the_locale_has_none() {
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
    fn the_width_is_what_the_terminal_says() {
        let of = |columns, variables| {
            width(Screen { width: columns, ..Screen::default() }, &environment(variables))
        };
        assert_eq!(of(None, &[]), USUAL_WIDTH);
        assert_eq!(of(None, &[("COLUMNS", "160")]), 160);
        assert_eq!(of(Some(60), &[]), 60);
        assert_eq!(of(Some(7), &[]), LEAST_WIDTH);
    }
}

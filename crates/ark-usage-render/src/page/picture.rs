//! The trends of all metrics as one SVG file that stands alone.

use maud::{Markup, PreEscaped, html};

use super::Page;
use super::trend::{description, left_out, picture_title, pictured};
use crate::harmless;
use crate::svg::{PICTURE_STYLE, Size, TONES, Trend, palette};

/// Room for the title and the request above, and for each metric's name.
const TOP: i64 = 74;
const NAME: i64 = 30;
const MARGIN: i64 = 20;

/// The trend alone, one panel a metric.
pub(super) fn trend_picture(report: &Page) -> String {
    let (panel_width, panel_height) = Size::Wide.extent();
    let width = panel_width + 2 * MARGIN;
    let step = panel_height + NAME;
    let metrics = pictured(report);
    let count = i64::try_from(metrics.len()).unwrap_or_default();
    let height = TOP + step * count.max(1) + MARGIN;
    let said = metrics.iter().map(|metric| description(metric, report));
    let said: Vec<String> = said.collect();
    let markup = html! {
        svg xmlns="http://www.w3.org/2000/svg" class="picture" role="img"
            viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height)
            aria-labelledby="report-title report-desc" {
            title id="report-title" { (report.title) }
            desc id="report-desc" { (report.sentence) " " (said.join(" ")) }
            style { (PreEscaped(style())) }
            rect class="ground" width=(width) height=(height) {}
            text class="headline" x=(MARGIN) y="32" { (report.title) }
            text x=(MARGIN) y="54" { (report.sentence) }
            @if report.metrics.is_empty() {
                text x=(MARGIN) y=(TOP + NAME) {
                    (report.lang.pick("No data was received for this query.", "此查询没有返回任何数据。"))
                }
            }
            @for (index, top) in (0..metrics.len()).zip((TOP..).step_by(usize::try_from(step).unwrap_or(1))) {
                (panel(report, index, top, &said))
            }
            text x=(MARGIN) y=(height - 8) {
                @if let Some(left_out) = left_out(report) { (left_out) " · " }
                "ark-usage " (report.version) " · " (report.generated_at)
                @if report.demo { " · " (report.lang.pick("demo: made-up numbers", "演示：虚构数据")) }
            }
        }
    };
    let markup = harmless::markup(markup.into_string());
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{markup}\n")
}

fn panel(report: &Page, index: usize, top: i64, said: &[String]) -> Markup {
    let Some(metric) = report.metrics.get(index) else { return html! {} };
    let id = format!("trend-{index}");
    let title = picture_title(metric, report);
    let trend = Trend {
        id: &id,
        title: &title,
        description: said.get(index).map_or("", String::as_str),
        points: &metric.trend,
        tone: index % TONES,
        size: Size::Wide,
        lang: report.lang,
    };
    html! {
        text class="name" x=(MARGIN) y=(top + 18) { (title) }
        g transform={ "translate(" (MARGIN) " " (top + NAME) ")" } { (trend.draw()) }
    }
}

fn style() -> String {
    format!(
        "{}{PICTURE_STYLE}.ground{{fill:var(--card)}}\n\
         svg.picture text.headline{{font-size:20px;font-weight:600;fill:var(--text)}}\n\
         svg.picture text.name{{font-size:14px;font-weight:600;fill:var(--text)}}\n",
        palette()
    )
}

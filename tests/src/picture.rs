//! A terminal as an SVG picture: commands and what they print, colours included.
//!
//! Every piece of text has its column, and block elements are drawn as rectangles, so
//! that columns line up in whatever font the reader has.

use std::fmt::Write as _;

/// The width of a column, in pixels.
const COLUMN: f64 = 8.4;
/// The height of a line, in pixels.
const LINE: f64 = 19.0;
/// The space around the text, in pixels.
const MARGIN: f64 = 18.0;
/// The distance of text above the lower edge of its line, in pixels.
const DESCENT: f64 = 5.0;

const STYLE: &str = "text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,\
'DejaVu Sans Mono','Noto Sans Mono CJK SC','Noto Sans CJK SC',monospace;fill:#d7dde5;white-space:pre}\
.bold{font-weight:600;fill:#fff}.warn{fill:#e5b455}.prompt{fill:#6cc28a}\
rect{fill:#6ea8e8}rect.screen{fill:#12171f}rect.shade{fill-opacity:.45}";

/// A picture of `sessions`, each a command and what it printed, called `title`.
pub fn terminal(title: &str, sessions: &[(String, String)]) -> String {
    let mut lines: Vec<Vec<Piece>> = Vec::new();
    for (command, output) in sessions {
        if !lines.is_empty() {
            lines.push(Vec::new());
        }
        let prompt = Piece { column: 0, text: "$".to_owned(), class: "prompt" };
        lines.push(vec![prompt, Piece { column: 2, text: command.clone(), class: "bold" }]);
        lines.extend(output.lines().map(pieces));
    }
    draw(title, &lines)
}

/// Text of one style at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    column: usize,
    text: String,
    class: &'static str,
}

/// The pieces of a line: it is cut at changes of style, at two spaces or more, and around block
/// elements.
fn pieces(line: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut column = 0;
    let mut class = "";
    for (index, part) in line.split("\u{1b}[").enumerate() {
        let text = match (index, part.split_once('m')) {
            (0, _) | (_, None) => part,
            (_, Some((code, text))) => {
                class = class_of(code);
                text
            }
        };
        for word in words(text) {
            if !word.trim().is_empty() {
                found.push(Piece { column, text: word.clone(), class });
            }
            column += width(&word);
        }
    }
    found
}

fn class_of(code: &str) -> &'static str {
    match code {
        "1" => "bold",
        "31" | "33" => "warn",
        _ => "",
    }
}

/// `text` cut into runs of spaces, of block elements and of words with single spaces between them.
fn words(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        let gap = letter == ' ' && rest.peek().is_none_or(|next| *next == ' ');
        let kind = |word: &str| word.chars().next_back().map(|c| (is_block(c), c == ' '));
        let starts = match found.last().and_then(|word| kind(word)) {
            None => true,
            Some((block, space)) => {
                block != is_block(letter)
                    || (space && letter != ' ' && found.last().is_some_and(|w| w.trim().is_empty()))
                    || (gap && !space)
            }
        };
        if starts {
            found.push(String::new());
        }
        found.last_mut().expect("a word was begun").push(letter);
    }
    found
}

fn draw(title: &str, lines: &[Vec<Piece>]) -> String {
    let end = |piece: &Piece| piece.column + width(&piece.text);
    let columns = lines.iter().flatten().map(end).max().unwrap_or_default();
    let (width, height) = (2.0 * MARGIN + x(columns), 2.0 * MARGIN + x_lines(lines.len()));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\">\n<title>{}</title>\n\
         <style>{STYLE}</style>\n<rect class=\"screen\" width=\"100%\" height=\"100%\" rx=\"8\"/>\n",
        escaped(title)
    );
    for (number, line) in lines.iter().enumerate() {
        for piece in line {
            draw_piece(&mut svg, piece, MARGIN + x_lines(number));
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw_piece(svg: &mut String, piece: &Piece, top: f64) {
    let left = MARGIN + x(piece.column);
    if piece.text.chars().all(is_block) {
        draw_blocks(svg, &piece.text, left, top);
        return;
    }
    let class = match piece.class {
        "" => String::new(),
        class => format!(" class=\"{class}\""),
    };
    // Wide letters are as wide as their font has them: two columns would space them out.
    let columns = width(&piece.text);
    let length = if columns == piece.text.chars().count() {
        format!(" textLength=\"{:.1}\"", x(columns))
    } else {
        String::new()
    };
    let _ = writeln!(
        svg,
        "<text x=\"{left:.1}\" y=\"{:.1}\"{length}{class}>{}</text>",
        top + LINE - DESCENT,
        escaped(&piece.text)
    );
}

/// Draws block elements; equal ones beside each other as one.
fn draw_blocks(svg: &mut String, text: &str, left: f64, top: f64) {
    let letters: Vec<char> = text.chars().collect();
    let mut column = 0;
    for run in letters.chunk_by(|a, b| a == b && matches!(a, '█' | '▒')) {
        let (share_of_width, share_of_height, class) = shape(run[0]);
        let height = (LINE - 3.0) * share_of_height;
        let length = x(run.len()) - COLUMN * (1.0 - share_of_width);
        let _ = writeln!(
            svg,
            "<rect{class} x=\"{:.1}\" y=\"{:.1}\" width=\"{length:.1}\" height=\"{height:.1}\"/>",
            left + x(column),
            top + LINE - 1.5 - height
        );
        column += run.len();
    }
}

/// The part of its cell that a block element fills, and its class.
fn shape(block: char) -> (f64, f64, &'static str) {
    let code = u32::from(block);
    match code {
        0x2581..=0x2588 => (1.0, f64::from(code - 0x2580) / 8.0, ""),
        0x2589..=0x258f => (f64::from(0x2590 - code) / 8.0, 1.0, ""),
        _ => (1.0, 1.0, " class=\"shade\""),
    }
}

fn is_block(letter: char) -> bool {
    ('\u{2580}'..='\u{259f}').contains(&letter)
}

/// The number of columns `text` takes in a terminal.
fn width(text: &str) -> usize {
    let wide = |c: char| matches!(u32::from(c), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6);
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[expect(clippy::cast_precision_loss, reason = "a picture has few columns")]
fn x(columns: usize) -> f64 {
    columns as f64 * COLUMN
}

#[expect(clippy::cast_precision_loss, reason = "a picture has few lines")]
fn x_lines(lines: usize) -> f64 {
    lines as f64 * LINE
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(column: usize, text: &str, class: &'static str) -> Piece {
        Piece { column, text: text.to_owned(), class }
    }

    #[test]
    fn a_line_is_cut_where_columns_and_styles_begin() {
        let line = "日期  a b  \u{1b}[33msettling\u{1b}[0m ▆▇▒▒  1";
        let expected = [
            piece(0, "日期", ""),
            piece(6, "a b", ""),
            piece(11, "settling", "warn"),
            piece(20, "▆▇▒▒", ""),
            piece(26, "1", ""),
        ];
        assert_eq!(pieces(line), expected);
    }

    #[test]
    fn a_picture_holds_every_word_and_escapes_it() {
        let sessions = [("a <b>".to_owned(), "x & y  █\n".to_owned())];
        let svg = terminal("t", &sessions);
        for part in ["a &lt;b&gt;", "x &amp; y", "<rect x=\"", "<title>t</title>"] {
            assert!(svg.contains(part), "{part} is missing in {svg}");
        }
    }
}

//! The colours of pictures and pages, for light and for dark, and the classes pictures use.

/// One colour's name, and its values on a light and on a dark ground.
pub(super) type Colour = (&'static str, &'static str, &'static str);

/// Every colour. Text has a contrast of at least 4.5 to what it stands on, marks of at least 3
/// (WCAG 2.2, 1.4.3 and 1.4.11); the tones can be told apart by the colour-blind.
const COLOURS: [Colour; 23] = [
    ("ground", "#f5f6f8", "#0e1116"),
    ("card", "#ffffff", "#161b22"),
    ("text", "#1b2129", "#e6eaf0"),
    ("muted", "#56606c", "#9aa6b4"),
    ("line", "#dde2e8", "#2b333d"),
    ("track", "#eceff3", "#222932"),
    ("absent", "#8a94a0", "#6f7b88"),
    ("tone0", "#1560c9", "#62a8ff"),
    ("tint0", "#a9c8f2", "#234a7c"),
    ("tone1", "#b4540a", "#f0a35e"),
    ("tint1", "#efc7a2", "#6b4220"),
    ("tone2", "#0d7a5f", "#4fcfa4"),
    ("tint2", "#9fd8c7", "#1c5746"),
    ("tone3", "#7a3fc4", "#c0a0ff"),
    ("tint3", "#d4bdf0", "#4a3478"),
    ("heat0", "#f0f2f5", "#1c222b"),
    ("heat1", "#d3e4fa", "#14325c"),
    ("heat2", "#a3c8f4", "#1b4c8a"),
    ("heat3", "#639fe6", "#2c70bf"),
    ("heat4", "#2b6fcb", "#5ba0ee"),
    ("heat5", "#0b3f8c", "#b4d6ff"),
    ("warn", "#8a4b00", "#f0b35e"),
    ("warn-ground", "#fff5e3", "#2c2213"),
];

/// The colours as custom properties, light by default and dark where that is preferred; paper is
/// always light.
pub(crate) fn palette() -> String {
    let light = properties(|(name, light, _)| (*name, *light));
    let dark = properties(|(name, _, dark)| (*name, *dark));
    format!(
        ":root{{color-scheme:light dark;{light}}}\n\
         @media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )
}

fn properties(pick: impl Fn(&Colour) -> (&'static str, &'static str)) -> String {
    let pairs = COLOURS.iter().map(pick);
    let properties: Vec<String> = pairs.map(|(name, value)| format!("--{name}:{value};")).collect();
    properties.concat()
}

/// The style of the classes of pictures.
pub(crate) const PICTURE_STYLE: &str = "\
svg.picture text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'PingFang SC',\
'Hiragino Sans GB','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif;fill:var(--muted)}
.grid{stroke:var(--line);stroke-width:1;stroke-dasharray:2 4}
.base{stroke:var(--absent);stroke-width:1}
.tone0{fill:var(--tone0)}.tone1{fill:var(--tone1)}.tone2{fill:var(--tone2)}.tone3{fill:var(--tone3)}
.tint0{fill:var(--tint0)}.tint1{fill:var(--tint1)}.tint2{fill:var(--tint2)}.tint3{fill:var(--tint3)}
.area0{fill:var(--tint0)}.area1{fill:var(--tint1)}.area2{fill:var(--tint2)}.area3{fill:var(--tint3)}
.line{fill:none;stroke-width:1.5;stroke-linejoin:round}
.line0{stroke:var(--tone0)}.line1{stroke:var(--tone1)}.line2{stroke:var(--tone2)}.line3{stroke:var(--tone3)}
.light{opacity:.7}
.absent{fill:var(--absent)}
.track{fill:var(--track)}
.less{fill:var(--tone2)}.more{fill:var(--tone1)}.middle{fill:var(--absent)}
.heat0{fill:var(--heat0)}.heat1{fill:var(--heat1)}.heat2{fill:var(--heat2)}\
.heat3{fill:var(--heat3)}.heat4{fill:var(--heat4)}.heat5{fill:var(--heat5)}
.holed{stroke:var(--absent);stroke-width:1.5;stroke-dasharray:3 2}
.unsettled{stroke:var(--text);stroke-width:1;stroke-dasharray:1 3}
";

/// The number of tones; further metrics begin again.
pub(crate) const TONES: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance of `#rrggbb` (WCAG 2.2).
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, two: &str) -> f64 {
        let (one, two) = (luminance(one), luminance(two));
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn value(name: &str, dark: bool) -> &'static str {
        let found = COLOURS.iter().find(|colour| colour.0 == name).unwrap();
        if dark { found.2 } else { found.1 }
    }

    #[test]
    fn text_and_marks_have_enough_contrast_in_both_themes() {
        let pairs = [
            ("text", "ground", 7.0),
            ("text", "card", 7.0),
            ("muted", "ground", 4.5),
            ("muted", "card", 4.5),
            ("warn", "warn-ground", 4.5),
            ("text", "warn-ground", 7.0),
            ("tone0", "card", 4.5),
            ("tone1", "card", 4.5),
            ("tone2", "card", 4.5),
            ("tone3", "card", 4.5),
            ("tone0", "track", 3.0),
            ("tone1", "track", 3.0),
            ("absent", "card", 3.0),
            ("heat5", "card", 7.0),
        ];
        for dark in [false, true] {
            for (front, back, least) in pairs {
                let found = contrast(value(front, dark), value(back, dark));
                assert!(found >= least, "{front} on {back}, dark {dark}: {found:.2}");
            }
        }
    }

    #[test]
    fn each_level_of_heat_has_more_contrast() {
        for dark in [false, true] {
            let of = |level| contrast(value(&format!("heat{level}"), dark), value("card", dark));
            let contrasts: Vec<f64> = (0..=5).map(of).collect();
            assert!(contrasts.is_sorted(), "{contrasts:?}");
        }
    }

    #[test]
    fn every_colour_that_is_used_has_a_value() {
        let palette = palette();
        let used = PICTURE_STYLE.split("var(--").skip(1).filter_map(|rest| rest.split(')').next());
        for name in used {
            assert!(palette.matches(&format!("--{name}:")).count() == 2, "{name}");
        }
    }
}

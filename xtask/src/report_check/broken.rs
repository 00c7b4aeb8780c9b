//! Pages that are broken on purpose: a check that finds nothing here would find nothing anywhere.

use std::path::Path;

use super::browser::Browser;
use super::look::look;
use super::numbers::Numbers;
use super::unwritable;
use super::viewing::Viewing;
use crate::failure::Failure;

/// A fault, and what the complaint about it has to hold.
struct Fault {
    name: &'static str,
    markup: &'static str,
    complaint: &'static str,
}

/// One for each thing that is looked for.
const FAULTS: &[Fault] = &[
    Fault {
        name: "console",
        markup: "<script>console.error('oh')</script>",
        complaint: "console: ",
    },
    Fault { name: "exception", markup: "<script>absent()</script>", complaint: "exception: " },
    Fault {
        name: "request",
        markup: "<img alt='' width=1 height=1 src='http://127.0.0.1:9/x.png'>",
        complaint: "request: http://127.0.0.1:9/x.png",
    },
    Fault {
        name: "style",
        markup: "<style>@import url('http://127.0.0.1:9/x.css');</style>",
        complaint: "request: http://127.0.0.1:9/x.css",
    },
    Fault {
        name: "width",
        markup: "<div style='width:900px'>wide</div>",
        complaint: "it scrolls sideways",
    },
    Fault { name: "id", markup: "<p id=a></p><p id=a></p>", complaint: "ids stand twice" },
    Fault {
        name: "picture",
        markup: "<figure><svg class=picture></svg></figure>",
        complaint: "pictures have no words",
    },
    Fault {
        name: "table",
        markup: "<section><figure><svg class=picture></svg></figure></section>",
        complaint: "pictures have no table",
    },
    Fault {
        name: "number",
        markup: "<data data-total=A data-state=final value=2>2</data>",
        complaint: "totals are",
    },
    Fault {
        name: "dark",
        markup: "<style>body{background:#000!important}</style>",
        complaint: "the ground is",
    },
];

/// The common start of all of them: a page without a fault.
const SOUND: &str = "<!DOCTYPE html><html lang=en><meta charset=utf-8>\
<meta name=viewport content='width=device-width'><title>a page</title>\
<style>body{background:#fff}</style>";

/// The right number of the sound page.
const NUMBERS: &str = r#"{"totals": [{"metric": "A", "value": 1, "state": "final"}], "rows": []}"#;
const RIGHT: &str = "<data data-total=A data-state=final value=1>1</data>";

/// Each fault is complained about, and a page without any is not.
pub(super) fn check(browser: &mut Browser, folder: &Path) -> Result<(), Failure> {
    let complaints = complaints(browser, folder, "sound", RIGHT)?;
    if !complaints.is_empty() {
        return Err(Failure::other(format!("a sound page is not: {}", complaints.join(", "))));
    }
    for fault in FAULTS {
        let found = self::complaints(browser, folder, fault.name, fault.markup)?;
        if !found.iter().any(|complaint| complaint.contains(fault.complaint)) {
            let (name, wanted) = (fault.name, fault.complaint);
            return Err(Failure::other(format!(
                "the fault `{name}` was not found: no `{wanted}` in {found:?}"
            )));
        }
    }
    Ok(())
}

fn complaints(
    browser: &mut Browser,
    folder: &Path,
    name: &str,
    markup: &str,
) -> Result<Vec<String>, Failure> {
    let page = folder.join(format!("broken-{name}.html"));
    let text = format!("{SOUND}{markup}");
    std::fs::write(&page, text).map_err(|error| unwritable(&page, &error))?;
    let way = Viewing { language: "en", dark: false, width: 390 };
    let numbers = Numbers::of_json(NUMBERS)?;
    Ok(look(browser, &page, way)?.complaints(way, Some(&numbers)))
}

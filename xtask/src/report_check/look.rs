//! Looking at a page, and what there is to complain about.

use std::path::Path;

use serde_json::{Value, json};

use super::at;
use super::browser::Browser;
use super::numbers::Numbers;
use super::viewing::Viewing;
use crate::failure::Failure;

/// Everything seen on a page.
pub(super) struct Seen {
    /// Lines on the console, and errors of scripts.
    console: Vec<String>,
    /// Requests to anybody, beside the page itself.
    requests: Vec<String>,
    /// The page's own data.
    page: Value,
}

/// Asked of the page: how wide it is, what it shows, and its numbers.
const QUESTION: &str = r"(() => {
  const root = document.documentElement;
  const number = (at, metric, start) => {
    const data = at.matches('data') ? at : at.querySelector('data');
    return [metric, start, data ? data.getAttribute('value') : null, at.dataset.state];
  };
  const shown = (picture) => getComputedStyle(picture).display !== 'none';
  const wider = [...document.querySelectorAll('body *')].filter((it) => {
    const inside = it.closest('.scroll');
    return (!inside || inside === it) && it.getBoundingClientRect().right > root.clientWidth + 1
      && getComputedStyle(it).position !== 'absolute';
  });
  const duplicates = [...document.querySelectorAll('[id]')].map((it) => it.id)
    .filter((id, index, all) => all.indexOf(id) !== index);
  return {
    lang: root.lang,
    inner: root.clientWidth,
    scroll: root.scrollWidth,
    wider: wider.map((it) => it.tagName + '.' + it.getAttribute('class')).slice(0, 5),
    duplicates,
    ground: getComputedStyle(document.body).backgroundColor,
    pictures: document.querySelectorAll('svg.picture').length,
    shown: [...document.querySelectorAll('svg.picture')].filter(shown).length,
    unnamed: [...document.querySelectorAll('svg.picture')]
      .filter((it) => !it.querySelector(':scope > title') || !it.querySelector(':scope > desc')).length,
    figures: document.querySelectorAll('figure').length,
    untabled: [...document.querySelectorAll('figure')]
      .filter((it) => !it.parentElement.querySelector('table')).length,
    numbers: [
      ...[...document.querySelectorAll('[data-total]')].map((it) => number(it, it.dataset.total, null)),
      ...[...document.querySelectorAll('[data-bucket]')].map((it) =>
        number(it, it.dataset.bucket, it.closest('tr').dataset.start)),
    ],
  };
})()";

/// Looks at the page in one way.
pub(super) fn look(browser: &mut Browser, page: &Path, way: Viewing) -> Result<Seen, Failure> {
    let height = 900;
    let screen = json!({"width": way.width, "height": height, "deviceScaleFactor": 1,
        "mobile": way.width < 600});
    browser.call("Emulation.setDeviceMetricsOverride", &screen)?;
    let theme = if way.dark { "dark" } else { "light" };
    let media = json!({"features": [{"name": "prefers-color-scheme", "value": theme}]});
    browser.call("Emulation.setEmulatedMedia", &media)?;
    let url = format!("file://{}", page.display());
    browser.open(&url)?;
    let found = browser.evaluate(QUESTION)?;
    let events: Vec<&Value> = browser.events().collect();
    Ok(Seen {
        console: events.iter().filter_map(|event| said(event)).collect(),
        requests: events.iter().filter_map(|event| asked(event, &url)).collect(),
        page: found,
    })
}

/// The complaint in an event, if it is one.
fn said(event: &Value) -> Option<String> {
    let parameters = at(event, "/params");
    match at(event, "/method").as_str()? {
        "Runtime.consoleAPICalled" => Some(format!("console: {}", at(parameters, "/args"))),
        "Runtime.exceptionThrown" => {
            Some(format!("exception: {}", at(parameters, "/exceptionDetails/text")))
        }
        "Log.entryAdded" => Some(format!("log: {}", at(parameters, "/entry/text"))),
        _ => None,
    }
}

/// The request in an event, if it is one.
fn asked(event: &Value, page: &str) -> Option<String> {
    let url = at(event, "/params/request/url").as_str()?;
    let is_request = at(event, "/method") == "Network.requestWillBeSent";
    (is_request && url != page && !url.starts_with("data:")).then(|| format!("request: {url}"))
}

impl Seen {
    /// Everything that is not as it should be.
    pub(super) fn complaints(&self, way: Viewing, numbers: Option<&Numbers>) -> Vec<String> {
        let page = &self.page;
        let mut complaints = self.console.clone();
        complaints.extend(self.requests.iter().cloned());
        let mut expect = |holds: bool, what: String| {
            if !holds {
                complaints.push(what);
            }
        };
        expect(at(page, "/lang") == way.tag(), format!("lang is {}", at(page, "/lang")));
        expect(at(page, "/inner") == way.width, format!("it is seen {} wide", at(page, "/inner")));
        let too_wide = at(page, "/scroll").as_u64() > at(page, "/inner").as_u64();
        expect(
            !too_wide,
            format!("it scrolls sideways: {} of {}", at(page, "/scroll"), at(page, "/inner")),
        );
        let none = json!([]);
        expect(*at(page, "/wider") == none, format!("these stick out: {}", at(page, "/wider")));
        expect(
            *at(page, "/duplicates") == none,
            format!("ids stand twice: {}", at(page, "/duplicates")),
        );
        let is_dark = brightness(at(page, "/ground")).is_some_and(|it| it < 128);
        expect(is_dark == way.dark, format!("the ground is {}", at(page, "/ground")));
        // Each picture is there in two sizes, of which one is shown.
        let (all, shown) = (at(page, "/pictures").as_u64(), at(page, "/shown").as_u64());
        let halved = shown.map(|count| count * 2) == all && shown == at(page, "/figures").as_u64();
        expect(halved, format!("{shown:?} pictures of {all:?} show"));
        expect(
            at(page, "/unnamed") == 0,
            format!("{} pictures have no words", at(page, "/unnamed")),
        );
        expect(
            at(page, "/untabled") == 0,
            format!("{} pictures have no table", at(page, "/untabled")),
        );
        if let Some(numbers) = numbers {
            complaints.extend(numbers.differences(&Numbers::of_page(at(page, "/numbers"))));
        }
        complaints
    }
}

/// The mean of `rgb(…)`.
fn brightness(colour: &Value) -> Option<u32> {
    let inside = colour.as_str()?.strip_prefix("rgb(")?.strip_suffix(')')?;
    let channels: Option<Vec<u32>> = inside.split(',').map(|it| it.trim().parse().ok()).collect();
    let channels = channels.filter(|it| it.len() == 3)?;
    Some(channels.iter().sum::<u32>() / 3)
}

//! The page of a report made by hand.

use ark_usage_model::{Buckets, State};

use super::*;

const LARGE: i128 = 1_000_000;

fn amount(value: i128) -> Amount {
    Amount { value: Some(value), state: State::Final }
}

fn before(then: i128, now: i128) -> Before {
    Before { amount: amount(then), change: Some(now - then) }
}

fn line(name: &str, then: i128, now: i128) -> BreakdownLine {
    let history = vec![amount(now), Amount { value: None, state: State::Missing }];
    let part = BreakdownPart { amount: amount(now), history, before: Some(before(then, now)) };
    BreakdownLine { keys: vec![name.to_owned()], parts: vec![part], cost: None }
}

fn report(lang: Lang) -> Page {
    let point = |start, value| Point {
        start,
        label: format!("day {start}"),
        tick: start.to_string(),
        is_major: false,
        amount: amount(value),
    };
    let metric = MetricPart {
        name: "Prompt<Tokens>".to_owned(),
        meaning: Some("tokens sent to the model"),
        total: amount(LARGE),
        buckets: Buckets::default(),
        before: Some(before(800_000, LARGE)),
        trend: vec![point(1, 600_000), point(2, 400_000)],
        week: None,
    };
    Page {
        lang,
        title: "Usage".to_owned(),
        lead: String::new(),
        sentence: String::new(),
        question: vec![("Zone".to_owned(), "UTC".to_owned())],
        demo: false,
        generated_at: "2024-11-20T04:00:00Z".to_owned(),
        version: "0.0.0",
        bucket: "day".to_owned(),
        metrics: vec![metric],
        costs: None,
        breakdowns: vec![Breakdown {
            by: "endpoint".to_owned(),
            columns: vec!["endpoint".to_owned()],
            lines: vec![line("ep-<chat>", 700_000, 750_000), line("ep-rest", 100_000, 250_000)],
        }],
        before: Some("the week before".to_owned()),
        coverage: CoveragePart {
            complete: true,
            failed: false,
            gaps: Vec::new(),
            counted: None,
            settle: String::new(),
        },
        warnings: vec!["odd & even".to_owned()],
        not_asked: Vec::new(),
    }
}

#[test]
fn names_from_the_service_are_text() {
    let page = page(&report(Lang::En));
    assert!(page.contains("Prompt&lt;Tokens&gt;") && !page.contains("Prompt<Tokens>"), "{page}");
    assert!(page.contains("ep-&lt;chat&gt;") && !page.contains("ep-<chat>"), "{page}");
    assert!(page.contains("odd &amp; even"), "{page}");
}

#[test]
fn shares_are_of_the_total() {
    let page = page(&report(Lang::En));
    for share in ["75.0%", "25.0%"] {
        assert!(page.contains(&format!("<td class=\"n share\">{share}</td>")), "{share}: {page}");
    }
}

#[test]
fn largest_changes_are_listed_first() {
    let page = page(&report(Lang::En));
    let drivers = page.split("What drove").last().unwrap();
    let (rest, chat) = (drivers.find("ep-rest").unwrap(), drivers.find("ep-&lt;chat").unwrap());
    assert!(rest < chat, "{drivers}");
    for text in ["+200,000", "+25.0%", "+150,000", "+150.0%", "75.0%"] {
        assert!(page.contains(text), "{text}: {page}");
    }
}

#[test]
fn every_section_has_a_heading_in_both_languages() {
    for (lang, headings) in [
        (Lang::En, ["Totals", "Trend", "By endpoint", "Compared with the previous range"]),
        (Lang::Zh, ["合计", "趋势", "按endpoint", "与上一周期相比"]),
    ] {
        let page = page(&report(lang));
        for heading in headings {
            assert!(page.contains(&format!("-h\">{heading}</h2>")), "{heading}: {page}");
        }
    }
}

#[test]
fn sections_exist_only_if_requested() {
    let page = page(&Page { before: None, breakdowns: Vec::new(), ..report(Lang::En) });
    for id in ["week", "before", "by-0"] {
        assert!(!page.contains(&format!("<section id=\"{id}\"")), "{id}: {page}");
    }
}

#[test]
fn an_empty_result_is_stated() {
    let page = page(&Page { metrics: Vec::new(), ..report(Lang::En) });
    assert!(page.contains("No data was received for this query."), "{page}");
}

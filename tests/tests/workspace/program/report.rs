//! The page of a report: one file that is whole, says what is missing, and asks nothing of anybody.

use serde_json::Value;
use workspace_tests::program::{Finished, Sandbox, run};

const NOW: [&str; 2] = ["--now", "2024-11-20T04:00:00Z"];

fn page(flags: &[&str]) -> String {
    let finished = ask(&Sandbox::new(), "report", &[flags, &["--demo", "-f", "html"]].concat());
    assert_eq!(finished.status, Some(0), "{finished:?}");
    finished.stdout
}

fn ask(sandbox: &Sandbox, command: &str, flags: &[&str]) -> Finished {
    run(sandbox.command(&[&[command], flags, &NOW].concat()), "")
}

#[test]
fn a_page_is_well_formed_and_needs_nothing_else() {
    for flags in [["--lang", "en"], ["--lang", "zh"]] {
        let page = page(&flags);
        assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>"), "{page}");
        for outside in ["http://", "https://", "src=", "<script", "@import", "<link", "//cdn"] {
            let found = page.matches(outside).count();
            // The name of SVG is no place.
            let names = page.matches("xmlns=\"http://www.w3.org/2000/svg\"").count();
            assert_eq!(found, if outside == "http://" { names } else { 0 }, "{outside}");
        }
        assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
        assert_eq!(page.matches("<table").count(), page.matches("</table>").count());
    }
}

#[test]
fn the_page_has_the_requested_language() {
    assert!(page(&["--lang", "en"]).contains("<html lang=\"en\">"));
    let chinese = page(&["--lang", "zh"]);
    assert!(chinese.contains("<html lang=\"zh-CN\">"));
    for english in ["Totals", "Trend", "settling<", "missing<", "Coverage"] {
        assert!(!chinese.contains(english), "{english}");
    }
}

#[test]
fn totals_are_those_of_json() {
    let json = ask(&Sandbox::new(), "get", &["--demo", "-f", "json"]).stdout;
    let document: Value = serde_json::from_str(&json).unwrap();
    let page = page(&[]);
    for total in document["totals"].as_array().unwrap() {
        let (metric, state) = (total["metric"].as_str().unwrap(), total["state"].as_str().unwrap());
        let shown = format!(
            "<data value=\"{}\" data-total=\"{metric}\" data-state=\"{state}\"",
            total["value"]
        );
        assert!(page.contains(&shown), "{shown}");
    }
}

#[test]
fn foreign_text_is_escaped_in_the_page() {
    let page = page(&["--title", "<script>alert(1)</script> & co", "--lang", "en"]);
    assert!(page.contains("<h1>&lt;script&gt;alert(1)&lt;/script&gt; &amp; co</h1>"), "{page}");
    assert!(!page.contains("<script"));
}

#[test]
fn a_replay_writes_the_same_page() {
    let sandbox = Sandbox::new();
    let recorded = ask(&sandbox, "report", &["--demo", "-f", "html", "--record", "tape"]);
    let replayed = run(sandbox.command(&["report", "-f", "html", "--replay", "tape"]), "");
    assert_eq!(recorded.status, Some(0), "{recorded:?}");
    assert_eq!(recorded.stdout, replayed.stdout);
    // What `get` recorded answers a report too: the question is the same.
    let other = ask(&sandbox, "get", &["--demo", "--record", "other"]);
    assert_eq!(other.status, Some(0), "{other:?}");
    let of_get = run(sandbox.command(&["report", "-f", "html", "--replay", "other"]), "");
    assert_eq!(recorded.stdout, of_get.stdout);
}

#[test]
fn sections_and_changes_are_those_of_json() {
    let shape = ["--default-project", "--by", "endpoint", "--compare", "previous"];
    let json = ask(&Sandbox::new(), "get", &[&shape[..], &["--demo", "-f", "json"]].concat());
    let document: Value = serde_json::from_str(&json.stdout).unwrap();
    let page = page(&shape);
    let rows = document["rows"].as_array().unwrap();
    assert!(rows.len() > 2, "{rows:?}");
    for row in rows {
        let id = row["endpoint_id"].as_str().unwrap();
        assert!(page.contains(&format!("<th scope=\"row\">{id}<")), "{id}");
        for number in [&row["value"], &row["previous"]["value"], &row["previous"]["change"]] {
            assert!(page.contains(&format!("<data value=\"{number}\">")), "{number}");
        }
    }
}

#[test]
fn columns_of_a_file_have_a_section_each() {
    let sandbox = Sandbox::new();
    let json = ask(&sandbox, "get", &["--demo", "--by", "endpoint", "-f", "json"]).stdout;
    let document: Value = serde_json::from_str(&json).unwrap();
    let id = document["rows"][0]["endpoint_id"].as_str().unwrap().to_owned();
    sandbox.write("teams.csv", &format!("endpoint_id,team\n{id},search & rank\n"));
    let flags = ["--demo", "-f", "html", "--labels", "teams.csv", "--by", "label:team"];
    let finished = ask(&sandbox, "report", &flags);
    assert_eq!(finished.status, Some(0), "{finished:?}");
    assert!(finished.stdout.contains("By label team</h2>"), "{finished:?}");
    assert!(finished.stdout.contains("<th scope=\"row\">search &amp; rank</th>"), "{finished:?}");
}

#[test]
fn a_range_that_was_cut_is_said_to_be() {
    let flags = ["--demo", "-f", "html", "--start", "2024-11-18", "--end", "2024-11-24"];
    let finished = ask(&Sandbox::new(), "report", &flags);
    assert!(finished.stderr.contains("the range ends now"), "{finished:?}");
    assert!(finished.stdout.contains("2024-11-18 … 2024-11-20"), "{finished:?}");
}

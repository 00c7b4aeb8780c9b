//! Usage by team with prices, as CSV and as a page, from a recorded answer of `GetUsage`: without the
//! command line, a key, a socket or a file.

use std::error::Error;
use std::time::Duration;

use ark_usage_model::{AccountId, Now, QueryOptions, Step, Target, UsageQuery, UsageReport};
use ark_usage_render::page::{Page, PageOptions};
use ark_usage_render::{QueryEcho, QueryScope, RowFormat};
use ark_usage_report::prices::Prices;
use ark_usage_report::range::{Range, RangeInput, RangeSpec, parse_zone, resolve};
use ark_usage_report::view::{Fields, Labels, View, ViewOptions, ViewSpec};
use ark_usage_report::{Lang, SourceFile, UsageData};

/// The files a report is made from, as text.
pub struct Inputs<'a> {
    /// The recorded answer of `GetUsage`.
    pub answer: &'a str,
    /// A CSV file with the team of each endpoint.
    pub teams: &'a str,
    /// A price list.
    pub prices: &'a str,
}

/// The same report twice.
pub struct TeamReport {
    /// As CSV.
    pub csv: String,
    /// As a page of HTML.
    pub html: String,
}

/// Reports the usage of 19 and 20 November 2024 by team.
pub fn usage_by_team(inputs: &Inputs<'_>) -> Result<TeamReport, Box<dyn Error>> {
    let zone = parse_zone("Asia/Shanghai")?;
    let now = "2024-11-25T00:00:00Z".parse()?;
    let days = RangeInput::Between { start: "2024-11-19".into(), end: Some("2024-11-20".into()) };
    let range = resolve(&RangeSpec::new(&days, &zone, "Asia/Shanghai", now))?;
    let now = Now { elapsed: Duration::ZERO, unix: now.as_second() };

    let source = SourceFile { flag: "prices", name: "prices.toml", text: inputs.prices };
    let mut data = UsageData::new(recorded(inputs.answer, &range, now)?, range);
    data.prices = Some(Prices::read(source, &zone)?);
    let spec = ViewSpec::new(ViewOptions {
        by: &["label:team".to_owned()],
        labels: Some(Labels::parse("teams.csv", inputs.teams.as_bytes())?),
        ..ViewOptions::default()
    })?;
    Ok(TeamReport { csv: csv(&spec, &data, now.unix)?, html: html(&spec, &data, now.unix) })
}

/// Runs the query with an answer from memory: no call is signed or sent.
fn recorded(answer: &str, range: &Range, now: Now) -> Result<UsageReport, Box<dyn Error>> {
    let base_url = "https://open.volcengineapi.com".parse()?;
    let targets = vec![Target::new(AccountId(0))];
    let mut query = UsageQuery::new(targets, range.window, base_url, QueryOptions::default())?;
    while let Step::Send(exchange) = query.poll(now) {
        query.on_response(exchange.id, now, Ok(&http::Response::new(answer)));
    }
    Ok(query.into_report())
}

fn csv(spec: &ViewSpec, data: &UsageData, now_unix: i64) -> Result<String, Box<dyn Error>> {
    let names = ["labels.team", "metric", "value", "cost", "currency"].map(str::to_owned);
    let fields = Fields::parse(&names)?;
    let format = RowFormat::Csv { bom: false, header: true };
    let view = View::new(spec, data, now_unix);
    let mut bytes = format.header(&data.range, &view.rows, Some(&fields))?;
    bytes.extend(format.lines(&data.range, &view.rows, Some(&fields))?);
    Ok(String::from_utf8(bytes)?)
}

fn html(spec: &ViewSpec, data: &UsageData, now_unix: i64) -> String {
    let options = PageOptions {
        spec,
        query: QueryEcho::new("GetUsage", QueryScope::default()),
        profiles: &[],
        title: Some("Tokens by team"),
        lang: Lang::En,
        generated_at: now_unix,
    };
    Page::new(data, &options).html()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_answer_becomes_csv_and_a_page() {
        let report = usage_by_team(&Inputs {
            answer: include_str!("../fixtures/answer.json"),
            teams: include_str!("../fixtures/teams.csv"),
            prices: include_str!("../fixtures/prices.toml"),
        })
        .unwrap();
        let lines: Vec<&str> = report.csv.lines().collect();
        assert_eq!(lines[0], "labels.team,metric,value,cost,currency");
        let mut rows = lines[1..].to_vec();
        rows.sort_unstable();
        assert_eq!(
            rows,
            [
                "ads,PromptTokens,100000,0.08,CNY",
                "search,CompletionTokens,50000,0.1,CNY",
                "search,PromptTokens,2500000,2,CNY",
            ]
        );
        for part in ["<title>Tokens by team</title>", "search", "ads", "2,600,000"] {
            assert!(report.html.contains(part), "{part} is not on the page");
        }
    }

    #[test]
    fn a_mistake_in_a_file_names_its_line() {
        let inputs = Inputs { answer: "{}", teams: "endpoint_id,team\n", prices: "per = 7\n" };
        let error = usage_by_team(&inputs).err().unwrap().to_string();
        assert!(error.contains("prices.toml line 1"), "{error}");
    }
}

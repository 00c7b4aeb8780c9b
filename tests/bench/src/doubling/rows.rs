//! The table of inputs from outside, one row each.

use crate::inputs;
use crate::server::Answers;

/// The start of 2025 at UTC+8: the one bucket that is asked for.
pub const DAY: i64 = 1_735_660_800;

/// One row: an input of any size.
pub struct Row {
    pub name: &'static str,
    /// The smaller of the two sizes.
    pub size: usize,
    pub input: fn(usize) -> Input,
}

/// Everything one run gets.
#[derive(Default)]
pub struct Input {
    pub args: Vec<String>,
    pub answers: Answers,
    /// Files in the folder of the run.
    pub files: Vec<(&'static str, Vec<u8>)>,
    /// The exit codes that are right.
    pub expected: Vec<i32>,
    /// Run this program itself, for what the command line cannot be given.
    pub is_own: bool,
}

impl Input {
    /// `ark-usage get` of one day, with more flags.
    pub fn get(flags: &[&str]) -> Self {
        Self::fetching("get", flags)
    }

    /// A command that fetches the usage of one day.
    pub fn fetching(command: &str, flags: &[&str]) -> Self {
        let day = DAY.to_string();
        let fixed = [command, "--base-url", "{url}", "--start", &day, "--end", &day, "-q"];
        Self::run(&[&fixed, flags].concat())
    }

    /// Any command.
    pub fn run(words: &[&str]) -> Self {
        let args = words.iter().map(|word| (*word).to_owned()).collect();
        Self { args, expected: vec![0], ..Self::default() }
    }

    pub fn with_usage(mut self, usage: String) -> Self {
        self.answers.usage = usage.into_bytes();
        self
    }

    /// The answer of `ListEndpoints`; usage is then that of each endpoint that is asked for.
    pub fn with_endpoints(mut self, list: Vec<u8>) -> Self {
        self.answers.endpoints = list;
        self
    }

    pub fn with_file(mut self, name: &'static str, text: String) -> Self {
        self.files.push((name, text.into_bytes()));
        self
    }

    /// Other exit codes than 0 are right.
    pub fn expecting(mut self, codes: &[i32]) -> Self {
        self.expected = codes.to_vec();
        self
    }
}

macro_rules! rows {
    ($($name:literal, $size:literal, $input:expr;)*) => {
        vec![$(Row { name: $name, size: $size, input: $input }),*]
    };
}

/// Every row, the worst kinds first.
pub fn all() -> Vec<Row> {
    rows! {
        "metrics, table", 20_000, |n| inputs::metrics(n, &[]);
        "metrics, chart", 20_000, |n| inputs::metrics(n, &["--chart"]);
        "metrics, json", 20_000, |n| inputs::metrics(n, &["-f", "json"]);
        "metrics, csv", 20_000, |n| inputs::metrics(n, &["-f", "csv"]);
        "metrics, markdown", 20_000, |n| inputs::metrics(n, &["-f", "markdown"]);
        "metrics, openmetrics", 20_000, |n| inputs::metrics(n, &["-f", "openmetrics"]);
        "metrics, wide table", 20_000, |n| inputs::metrics(n, &["--layout", "wide"]);
        "metrics, compared", 20_000, |n| inputs::metrics(n, &["--compare", "previous"]);
        "metrics, by day", 20_000, |n| inputs::metrics(n, &["--by", "day"]);
        "metrics, fields", 20_000, |n| inputs::metrics(n, &["--fields", "start,metric,value"]);
        "metrics, page", 5_000, inputs::metrics_on_a_page;
        "metrics, status line", 20_000, inputs::metrics_in_a_status_line;
        "metrics, reconciled", 10_000, inputs::metrics_reconciled;
        "metrics with a tag each, by tag", 5_000, |n| inputs::metrics_with_tags(n, &["--by", "tag:Colour"]);
        "metrics with a tag each, table", 10_000, |n| inputs::metrics_with_tags(n, &[]);
        "metrics with a tag each, markdown", 5_000, |n| inputs::metrics_with_tags(n, &["--by", "tag:Colour", "-f", "markdown"]);
        "metrics with a tag each, wide table", 5_000, |n| inputs::metrics_with_tags(n, &["--by", "tag:Colour", "--layout", "wide"]);
        "metrics with a tag each, chart", 5_000, |n| inputs::metrics_with_tags(n, &["--by", "tag:Colour", "--chart"]);
        "tag keys, one a line, table", 10_000, |n| inputs::tag_keys(n, &[]);
        "tag keys, one a line, compact", 10_000, |n| inputs::tag_keys(n, &["--compact"]);
        "tag keys, one a line, markdown", 10_000, |n| inputs::tag_keys(n, &["-f", "markdown"]);
        "tag keys, one a line, chart", 10_000, |n| inputs::tag_keys(n, &["--chart"]);
        "tag keys, one a line, json", 10_000, |n| inputs::tag_keys(n, &["-f", "json"]);
        "tag keys, one a line, csv", 10_000, |n| inputs::tag_keys(n, &["-f", "csv"]);
        "tag keys, one a line, openmetrics", 10_000, |n| inputs::tag_keys(n, &["-f", "openmetrics"]);
        "tags of one line, descending", 30_000, |n| inputs::tags_of_a_line(n, &["-f", "json"]);
        "tags of one line, table", 10_000, |n| inputs::tags_of_a_line(n, &[]);
        "tag values, table", 20_000, |n| inputs::endpoints(n, &[]);
        "endpoints, table", 20_000, |n| inputs::by_endpoint(n, &["--by", "endpoint"]);
        "endpoints, chart", 10_000, |n| inputs::by_endpoint(n, &["--by", "endpoint", "--chart"]);
        "tag values, chart", 10_000, |n| inputs::endpoints(n, &["--chart"]);
        "endpoints, top 10", 20_000, |n| inputs::by_endpoint(n, &["--by", "endpoint", "--top", "10"]);
        "endpoints, compared", 10_000, |n| inputs::by_endpoint(n, &["--by", "endpoint", "--compare", "previous"]);
        "endpoints, sorted", 20_000, |n| inputs::by_endpoint(n, &["--by", "endpoint", "--sort", "-value"]);
        "tag values, focus", 20_000, |n| inputs::endpoints(n, &["-f", "focus"]);
        "endpoints, page", 5_000, inputs::endpoints_on_a_page;
        "values of one line", 300_000, |n| inputs::values(n, &[]);
        "raw", 300_000, |n| inputs::values(n, &["-f", "raw"]);
        "error message", 1_000_000, inputs::message;
        "error message, words", 1_000_000, inputs::spaced_message;
        "error message, every call", 200_000, inputs::message_of_every_call;
        "error page", 10_000_000, inputs::page;
        "list of the wrong shape", 3_000_000, inputs::wrong_list;
        "object of the wrong shape", 1_000_000, inputs::wrong_object;
        "nested lists", 100, inputs::nested;
        "call, good list", 2_000_000, inputs::call;
        "call, good object", 500_000, inputs::call_object;
        "listed endpoints", 20_000, inputs::listed_endpoints;
        "listed projects", 1_000, inputs::listed_projects;
        "ids in a file, a line each", 20_000, inputs::ids;
        "ids in a file, one sum", 20_000, inputs::ids_in_a_sum;
        "labels", 20_000, |n| inputs::labels(n, &["--by", "label:team"]);
        "prices", 10_000, inputs::prices;
        "prices of metrics", 10_000, inputs::prices_of_metrics;
        "prices, lines that contradict", 5_000, inputs::contradicting;
        "budget rules", 10_000, inputs::rules;
        "budget rules of endpoints", 1_000, inputs::rules_of_endpoints;
        "budget rules of labels", 3_000, inputs::rules_of_labels;
        "zone name", 60_000, inputs::zone;
        "words of --by", 10_000, inputs::words_of_by;
        "words of --fields", 10_000, inputs::words_of_fields;
        "template of a status line", 10_000, inputs::template;
        "headers of a request to verify", 3_000, inputs::headers;
        "parameters of a presigned URL", 10_000, inputs::parameters;
        "headers to explain", 1_500, inputs::explained_headers;
        "signed headers", 20_000, inputs::claims;
        "profiles in a file", 4_000, inputs::profiles;
        "profiles in a JSON file", 3_000, inputs::json_profiles;
        "keys of a configuration", 20_000, inputs::configuration;
        "recorded exchanges", 2_000, inputs::recording;
        "recorded bytes", 2_000_000, inputs::recorded_body;
        "faults", 10_000, inputs::faults;
    }
}

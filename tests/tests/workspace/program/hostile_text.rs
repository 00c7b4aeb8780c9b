//! Text from outside does no harm: strings that steer a terminal, turn a line around, hide, forge a line or
//! begin a formula, in every place where the program takes a text from others, searched for in everything it
//! prints and writes.

use std::process::Command;

use serde_json::{Value, json};
use workspace_tests::listener::{Listener, Script};
use workspace_tests::program::{DEMO_KEYS, Sandbox, run};

/// The strings. Each holds `EVIL` behind a line end or at its beginning, so that a forged line can be found.
const HOSTILE: [&str; 12] = [
    "a\nEVIL: error: forged",
    "\r\nEVIL",
    "\u{1b}[2J\u{1b}]0;EVIL\u{7}",
    "\u{9b}31mEVIL\u{7f}\u{85}\u{1}",
    "\u{202e}EVIL\u{2066}\u{61c}\u{200f}",
    "a\u{200b}\u{feff}\u{ad}\u{2060}\u{e0041}\u{180e}\u{2028}EVIL\u{2029}",
    "<script>&#x202e;\"'EVIL\u{fffe}\u{ffff}]]>",
    " =EVIL()",
    "\u{a0}＝EVIL()",
    "\n\t@EVIL",
    "x;=EVIL;－1, +EVIL",
    "$(EVIL) `EVIL` '\\ | EVIL \u{2028}hint: EVIL",
];

/// Signs that stand for no character people see; a list of its own, to check the program's against.
fn is_harmful(sign: char) -> bool {
    sign.is_control()
        || matches!(u32::from(sign), 0xad | 0x61c | 0x180e | 0x200b..=0x200f | 0x2028..=0x202e
            | 0x2060..=0x206f | 0xfeff | 0xfffe | 0xffff | 0xe0000..=0xe0fff)
}

/// The answer of a server on whose names nobody can rely. An empty body lists projects, or asks for the account.
fn hostile_names(body: &str) -> (u16, String) {
    let asked: Value = serde_json::from_str(body).unwrap_or_default();
    let result = if let (Some(start), Some(end)) =
        (asked["StartTime"].as_i64(), asked["EndTime"].as_i64())
    {
        let step = asked["Interval"].as_i64().filter(|step| *step > 0).unwrap_or(86_400);
        let steps = usize::try_from(step).unwrap();
        let values: Vec<Value> =
            (start..=end).step_by(steps).map(|at| json!({"Timestamp": at, "Value": 100})).collect();
        let ids = asked["EndpointIds"].as_array().cloned().unwrap_or_else(|| vec![Value::Null]);
        let item = |(number, id): (usize, &Value)| {
            let odd = HOSTILE[number % HOSTILE.len()];
            let mut tags = vec![json!({"Key": odd, "Value": odd})];
            tags.extend((!id.is_null()).then(|| json!({"Key": "EndpointId", "Value": id})));
            json!({"Tags": tags, "Values": values})
        };
        let items: Vec<Value> = ids.iter().enumerate().map(item).collect();
        let metrics = HOSTILE.map(|name| json!({"Name": name, "MetricItems": items}));
        json!({"UsageResults": metrics})
    } else if asked.get("PageNumber").is_some() {
        let endpoint = |(number, odd): (usize, &&str)| {
            json!({"Id": format!("ep-{number}{odd}"), "Name": odd,
                "Tags": [{"Key": odd, "Value": odd}, {"Key": "team", "Value": odd}]})
        };
        let items: Vec<Value> = HOSTILE.iter().enumerate().map(endpoint).collect();
        json!({"TotalCount": items.len(), "Items": items})
    } else {
        let projects = HOSTILE.map(|name| json!({"ProjectName": name, "HasPermission": true}));
        json!({"Total": projects.len(), "Projects": projects, "Trn": HOSTILE.concat(), "AccountId": 21})
    };
    let request_id = HOSTILE.concat();
    let answer = json!({"ResponseMetadata": {"RequestId": request_id}, "Result": result});
    (200, answer.to_string())
}

/// A refusal in hostile words, for everything but the lists.
fn hostile_refusal(body: &str) -> (u16, String) {
    let said = HOSTILE.concat();
    let message = format!("{said}{}", "EVIL ".repeat(100_000));
    let error = json!({"Code": said, "Message": message});
    let answer = json!({"ResponseMetadata": {"RequestId": said, "Error": error}});
    if body.contains("StartTime") { (400, answer.to_string()) } else { hostile_names(body) }
}

/// A page of something in front of the service.
fn hostile_page(_: &str) -> (u16, String) {
    (400, format!("<html>{}", HOSTILE.concat()))
}

/// A home with a profile and a file of labels that hold the strings.
fn home() -> Sandbox {
    let sandbox = Sandbox::new();
    let (id, secret) = (DEMO_KEYS[0].1, DEMO_KEYS[1].1);
    let profiles: Vec<String> = HOSTILE.iter().map(|name| {
        let name = json!(name.replace(['\u{fffe}', '\u{ffff}'], ""));
        format!("{name}: {{\"mode\": \"ak\", \"access-key\": \"{id}\", \"secret-key\": \"{secret}\"}}")
    }).collect();
    sandbox.write(
        ".volcengine/config.json",
        &format!(
            "{{\"current\": {}, \"profiles\": {{{}}}}}",
            json!(HOSTILE[0]),
            profiles.join(",")
        ),
    );
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut labels = format!("endpoint_id,team,{}\n", quoted(HOSTILE[10]));
    for (number, odd) in HOSTILE.iter().enumerate() {
        let cells = [format!("ep-{number}{odd}"), (*odd).to_owned(), (*odd).to_owned()];
        labels.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        labels.push('\n');
    }
    sandbox.write("labels.csv", &labels);
    let odd = r#""\u001b[31m\nEVIL\u202e""#;
    let rule = format!(
        "[[budget]]\nname = {odd}\nproject = {odd}\nmetric = {odd}\nperiod = 'day'\nhard = 1\n\
         [[budget]]\nname = 'all'\nmetric = 'total'\nperiod = 'day'\nhard = 1\n"
    );
    sandbox.write("b.toml", &rule);
    sandbox
}

/// The commands that show names from a server, by what they print.
const COMMANDS: [(&str, &[&str]); 29] = [
    ("text", &["get", "--all-projects", "--wide"]),
    ("text", &["get", "--all-projects", "--long"]),
    ("text", &["get", "--by", "endpoint", "--labels", "labels.csv"]),
    ("text", &["get", "--by", "project", "--all-projects", "--compact"]),
    ("text", &["get", "--by", "tag:team", "--compare", "previous", "-v"]),
    ("text", &["get", "--by", "label:team", "--labels", "labels.csv", "--chart=ascii"]),
    ("text", &["get", "--all-endpoints", "-vv", "-f", "markdown"]),
    ("text", &["get", "--all-endpoints", "--fields", "tags,endpoint_name,metric,project"]),
    ("text", &["get", "--sort", "metric:nothing"]),
    ("text", &["get", "--by", "label:nothing", "--labels", "labels.csv"]),
    ("text", &["get", "--project", "\u{1b}[31m\nEVIL\u{202e}", "-v"]),
    ("text", &["get", "--by", "\u{1b}[31m\nEVIL\u{202e}"]),
    ("text", &["get", "--\u{1b}[31m\nEVIL\u{202e}"]),
    ("text", &["get", "-f", "\u{1b}[31m\nEVIL\u{202e}"]),
    ("text", &["get", "--profile", "nobody"]),
    ("text", &["reconcile", "--all-projects"]),
    ("text", &["budget", "--max", "PromptTokens=1/month"]),
    ("text", &["budget", "--rules", "b.toml", "-f", "alerts"]),
    ("text", &["doctor"]),
    ("text", &["config", "show"]),
    ("text", &["statusline", "--template", "{total} {state}\u{1b}[31m", "--errors"]),
    ("json", &["get", "--all-projects", "--all-endpoints", "-f", "json"]),
    ("json", &["call", "ListEndpoints", "-d", "{\"PageNumber\": 1}"]),
    ("csv", &["get", "--all-endpoints", "--labels", "labels.csv", "-f", "csv"]),
    ("csv", &["get", "--all-endpoints", "-f", "focus"]),
    ("openmetrics", &["get", "--by", "endpoint", "-f", "openmetrics"]),
    ("openmetrics", &["get", "--by", "endpoint", "-f", "prometheus"]),
    ("markup", &["report", "--all-projects", "-f", "html", "--title", "a\u{1}\nEVIL\u{202e}"]),
    ("markup", &["report", "-f", "svg", "--title", "a\u{1}\nEVIL\u{202e}"]),
];

#[test]
fn no_text_from_outside_does_harm() {
    let servers: [Script; 3] = [
        |body| Some(hostile_names(body)),
        |body| Some(hostile_refusal(body)),
        |body| Some(hostile_page(body)),
    ];
    let sandbox = home();
    let mut found = Findings::default();
    let mut shown = 0;
    for server in servers {
        let server = Listener::start(server);
        for (kind, command) in COMMANDS {
            let finished = run(command_against(&server, &sandbox, command), "");
            found.place = format!("{command:?} against {}", server.base_url());
            found.unless(!finished.stderr.contains("internal error"), &finished.stderr);
            // Every call has its lines with -v.
            let is_short = finished.stderr.len() < 40_000 || logs_calls(command);
            found.unless(is_short, "too long");
            found.search("text", &finished.stderr);
            found.search(kind, &finished.stdout);
            shown += usize::from(finished.stdout.contains("EVIL"));
        }
    }
    assert!(found.problems.is_empty(), "{}", found.problems.join("\n"));
    // Had all of them failed early, there would have been nothing to show.
    assert!(shown > 15, "{shown} commands showed a name");
}

fn logs_calls(command: &[&str]) -> bool {
    command.iter().any(|word| matches!(*word, "-v" | "-vv"))
}

fn command_against(server: &Listener, sandbox: &Sandbox, command: &[&str]) -> Command {
    let mut words = command.to_vec();
    if command[0] != "config" {
        words.extend(["--base-url", server.base_url()]);
    }
    if matches!(command[0], "get" | "reconcile" | "report") {
        words.extend(["--start", "2024-11-18", "--end", "2024-11-19"]);
    }
    words.extend(["--now", "2024-11-20T04:00:00Z"]);
    let mut process = sandbox.command(&words);
    if !command.contains(&"nobody") {
        process.envs(DEMO_KEYS);
    }
    process
}

/// The sign that was found, and its place.
#[derive(Default)]
struct Findings {
    place: String,
    problems: Vec<String>,
}

impl Findings {
    fn unless(&mut self, holds: bool, problem: &str) {
        if !holds {
            let problem: String = problem.chars().take(400).collect();
            self.problems.push(format!("{}: {problem:?}", self.place));
        }
    }

    fn search(&mut self, kind: &str, text: &str) {
        match kind {
            "json" => self.search_json(text),
            "csv" => self.search_csv(text),
            "markup" => {
                self.unless(!text.replace(['\n', '\t'], " ").contains(is_harmful), text);
            }
            _ => self.search_text(text),
        }
    }

    /// Nothing in a text for people is harmful, and no line begins with the words of others.
    fn search_text(&mut self, text: &str) {
        for line in text.lines() {
            self.unless(!line.contains(is_harmful) && !line.starts_with("EVIL"), line);
        }
    }

    /// A document is data: nothing is dropped, and nothing stands in it raw.
    fn search_json(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.unless(!text.replace('\n', " ").contains(is_harmful), text);
        let document: Value = serde_json::from_str(text).unwrap();
        let mut texts = Vec::new();
        collect(&document, &mut texts);
        for odd in HOSTILE {
            self.unless(texts.iter().any(|text| text.contains(odd)), odd);
        }
    }

    /// No cell begins like a formula, whichever sign is taken for the end of a cell.
    fn search_csv(&mut self, text: &str) {
        for line in text.lines() {
            self.unless(!line.contains(is_harmful), line);
            let mut quoted = false;
            let cells = line.split(|sign| {
                quoted ^= sign == '"';
                sign == ';' || (sign == ',' && !quoted)
            });
            for cell in cells {
                let inside = |sign: char| sign.is_whitespace() || sign == '"';
                let cell = cell.trim_matches(inside);
                let formula = cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
                self.unless(!formula || cell.parse::<f64>().is_ok(), cell);
            }
        }
    }
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(members) => members.values().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

//! The inputs of the rows.

use std::fmt::Write as _;

use crate::json_text::{Line, answer, items, line, metric, usage};
use crate::rows::{DAY, Input};

const TOKENS: &str = "PromptTokens";

fn each<T>(count: usize, make: impl Fn(usize) -> T) -> impl Iterator<Item = T> {
    (0..count).map(make)
}

fn many_metrics(count: usize) -> String {
    usage(each(count, |n| metric(&format!("Metric{n}"), &line(&[]))))
}

fn many_endpoints(count: usize) -> String {
    let lines = each(count, |n| line(&[("EndpointId", &format!("ep-{n}"))]));
    usage([metric(TOKENS, &items(lines))])
}

pub fn metrics(count: usize, flags: &[&str]) -> Input {
    Input::get(flags).with_usage(many_metrics(count))
}

pub fn metrics_on_a_page(count: usize) -> Input {
    Input::fetching("report", &["-o", "page.html"]).with_usage(many_metrics(count))
}

pub fn metrics_in_a_status_line(count: usize) -> Input {
    status_line(&[]).with_usage(many_metrics(count))
}

/// A file where its folder should be keeps it from remembering what it fetched, which ends with 1.
fn status_line(flags: &[&str]) -> Input {
    let now = (DAY + 50_000).to_string();
    let fixed = ["statusline", "--base-url", "{url}", "--now", &now, "--errors"];
    Input::run(&[&fixed, flags].concat()).with_file(".cache", String::new()).expecting(&[1])
}

pub fn metrics_reconciled(count: usize) -> Input {
    let input = Input::fetching("reconcile", &[]).with_usage(many_metrics(count));
    input.with_endpoints(listed(0)).expecting(&[0, 6, 7])
}

pub fn metrics_with_tags(count: usize, flags: &[&str]) -> Input {
    let own = |n| metric(&format!("Metric{n}"), &line(&[("Colour", &format!("shade {n}"))]));
    Input::get(flags).with_usage(usage(each(count, own))).with_endpoints(listed(0))
}

pub fn tag_keys(count: usize, flags: &[&str]) -> Input {
    let lines = each(count, |n| line(&[(&format!("key{n}"), "v")]));
    Input::get(flags).with_usage(usage([metric(TOKENS, &items(lines))]))
}

pub fn tags_of_a_line(count: usize, flags: &[&str]) -> Input {
    let tags: Vec<(String, String)> =
        each(count, |n| (format!("key{:09}", count - n), "v".to_owned())).collect();
    let line = Line { tags: &tags, values: 1 }.text();
    Input::get(flags).with_usage(usage([metric(TOKENS, &line)]))
}

pub fn endpoints(count: usize, flags: &[&str]) -> Input {
    Input::get(flags).with_usage(many_endpoints(count))
}

/// Endpoints are listed, and then asked for by id.
pub fn by_endpoint(count: usize, flags: &[&str]) -> Input {
    Input::get(flags).with_endpoints(listed(count))
}

pub fn endpoints_on_a_page(count: usize) -> Input {
    Input::fetching("report", &["-o", "page.html", "--by", "endpoint"])
        .with_endpoints(listed(count))
}

pub fn values(count: usize, flags: &[&str]) -> Input {
    let line = Line { tags: &[], values: count }.text();
    Input::get(flags).with_usage(usage([metric(TOKENS, &line)]))
}

fn refused(message: &str) -> Input {
    let error = format!("{{\"Code\":\"AccessDenied\",\"Message\":\"{message}\"}}");
    let body = format!("{{\"ResponseMetadata\":{{\"RequestId\":\"r1\",\"Error\":{error}}}}}");
    let mut input = Input::get(&[]).with_usage(body).expecting(&[4]);
    input.answers.status = 403;
    input
}

pub fn message(length: usize) -> Input {
    refused(&"AKLT ".repeat(length / 5))
}

pub fn spaced_message(length: usize) -> Input {
    refused(&"a \\n ".repeat(length / 5))
}

/// The same long message about each of a hundred days.
pub fn message_of_every_call(length: usize) -> Input {
    let mut input = refused(&"no ".repeat(length / 3));
    input.args = Input::run(&[
        "get",
        "--base-url",
        "{url}",
        "--start",
        "2025-01-01",
        "--end",
        "2025-04-10",
        "-q",
        "--max-window",
        "1d",
        "--retries",
        "0",
        "-f",
        "json",
    ])
    .args;
    input
}

pub fn page(length: usize) -> Input {
    let body = format!("<html>{}</html>", "busy\n".repeat(length / 5));
    Input::get(&["--retries", "0"]).with_usage(body).expecting(&[5])
}

pub fn wrong_list(count: usize) -> Input {
    let body = format!("{{\"list\":[{}1]}}", "1,".repeat(count));
    Input::get(&["--retries", "0"]).with_usage(body).expecting(&[5])
}

fn object(count: usize) -> String {
    let mut text = String::from("{");
    for n in 0..count {
        let _ = write!(text, "\"key{n}\":{n},");
    }
    text + "\"last\":0}"
}

pub fn wrong_object(count: usize) -> Input {
    Input::get(&["--retries", "0"]).with_usage(object(count)).expecting(&[5])
}

pub fn nested(depth: usize) -> Input {
    let body = "[".repeat(depth * 1_000) + &"]".repeat(depth * 1_000);
    Input::get(&["--retries", "0"]).with_usage(body).expecting(&[5])
}

fn called(result: &str) -> Input {
    Input::run(&["call", "GetUsage", "--base-url", "{url}", "-d", "{}"]).with_usage(answer(result))
}

pub fn call(count: usize) -> Input {
    called(&format!("[{}1]", "1,".repeat(count)))
}

pub fn call_object(count: usize) -> Input {
    called(&object(count))
}

fn listed(count: usize) -> Vec<u8> {
    let endpoint = |n| {
        let model = format!("{{\"FoundationModel\":{{\"Name\":\"m{n}\",\"ModelVersion\":\"1\"}}}}");
        format!("{{\"Id\":\"ep-{n}\",\"Name\":\"name {n}\",\"ModelReference\":{model}}}")
    };
    let all = each(count, endpoint).collect::<Vec<_>>().join(",");
    answer(&format!("{{\"TotalCount\":{count},\"Items\":[{all}]}}")).into_bytes()
}

pub fn listed_endpoints(count: usize) -> Input {
    by_endpoint(count, &["--by", "model"])
}

pub fn listed_projects(count: usize) -> Input {
    let all = each(count, |n| format!("{{\"ProjectName\":\"project{n}\"}}")).collect::<Vec<_>>();
    let list = format!("{{\"Total\":{count},\"Projects\":[{}]}}", all.join(","));
    let mut input = Input::get(&["--all-projects"]).with_usage(many_metrics(1));
    input.answers.projects = answer(&list).into_bytes();
    input
}

fn ids_file(count: usize) -> String {
    each(count, |n| format!("ep-{n}\n")).collect()
}

pub fn ids(count: usize) -> Input {
    Input::get(&["--endpoint-id", "@ids"]).with_file("ids", ids_file(count))
}

pub fn ids_in_a_sum(count: usize) -> Input {
    ids(count).with_usage(many_metrics(1))
}

fn labels_file(count: usize) -> String {
    let row = |n| format!("ep-{n},team{n}\n");
    "endpoint_id,team\n".to_owned() + &each(count, row).collect::<String>()
}

pub fn labels(count: usize, flags: &[&str]) -> Input {
    by_endpoint(count, &[&["--labels", "labels.csv"], flags].concat())
        .with_file("labels.csv", labels_file(count))
}

const PRICES: &str = "currency = \"CNY\"\nper = 1000\n";

pub fn prices(count: usize) -> Input {
    let price = |n| {
        format!("[[price]]\nmetric = \"{TOKENS}\"\nendpoint_id = \"ep-{n}\"\nprice = 0.{}\n", n + 1)
    };
    by_endpoint(count, &["--prices", "prices.toml"])
        .with_file("prices.toml", PRICES.to_owned() + &each(count, price).collect::<String>())
}

pub fn prices_of_metrics(count: usize) -> Input {
    let price = |n| format!("[[price]]\nmetric = \"Metric{n}\"\nprice = 0.5\n");
    metrics(count, &["--prices", "prices.toml"])
        .with_file("prices.toml", PRICES.to_owned() + &each(count, price).collect::<String>())
}

/// Lines by endpoint and lines by scene, which do not add up to each other.
pub fn contradicting(count: usize) -> Input {
    let endpoints = each(count, |n| line(&[("EndpointId", &format!("ep-{n}"))]));
    let scenes = each(count, |n| line(&[("Scene", &format!("Scene{n}"))]));
    let all = items(endpoints.chain(scenes));
    let price = format!("{PRICES}[[price]]\nmetric = \"{TOKENS}\"\nprice = 1\n");
    Input::get(&["--by", "scene", "--prices", "prices.toml"])
        .with_usage(usage([metric(TOKENS, &all)]))
        .with_file("prices.toml", price)
        .with_endpoints(listed(0))
}

fn budget(flags: &[&str]) -> Input {
    let now = (DAY + 50_000).to_string();
    let fixed = ["budget", "--base-url", "{url}", "--now", &now, "-q", "--rules", "rules.toml"];
    Input::run(&[&fixed, flags].concat()).expecting(&[0, 6, 7])
}

pub fn rules(count: usize) -> Input {
    let rule = |n| {
        format!(
            "[[budget]]\nname = \"rule {n}\"\nmetric = \"total\"\nperiod = \"month\"\nhard = {}\n",
            n + 1
        )
    };
    budget(&[]).with_usage(many_metrics(count)).with_file("rules.toml", each(count, rule).collect())
}

fn rules_of(count: usize, subject: impl Fn(usize) -> String) -> String {
    let rule = |n| {
        let subject = subject(n);
        format!("[[budget]]\nmetric = \"{TOKENS}\"\n{subject}\nperiod = \"month\"\nhard = 5\n")
    };
    each(count, rule).collect()
}

pub fn rules_of_endpoints(count: usize) -> Input {
    budget(&[]).with_file("rules.toml", rules_of(count, |n| format!("endpoint_id = \"ep-{n}\"")))
}

/// All of them about the endpoints of one label; each of the others is a value of its own.
pub fn rules_of_labels(count: usize) -> Input {
    let name = |n| format!("name = \"rule {n}\"\nlabel = {{ team = \"team0\" }}");
    budget(&["--labels", "labels.csv"])
        .with_usage(many_metrics(1))
        .with_file("rules.toml", rules_of(count, name))
        .with_file("labels.csv", labels_file(count))
}

pub fn zone(length: usize) -> Input {
    Input::get(&["--tz", &"Asia/Shangha".repeat(length / 12)]).expecting(&[2])
}

pub fn words_of_by(count: usize) -> Input {
    let words = each(count, |n| format!("tag:k{n}")).collect::<Vec<_>>().join(",");
    let cut = words.get(..words.len().min(130_000)).unwrap_or_default();
    metrics(1, &["--by", cut]).with_endpoints(listed(1)).expecting(&[0, 2])
}

pub fn words_of_fields(count: usize) -> Input {
    let words = each(count, |n| format!("tags.k{n}")).collect::<Vec<_>>().join(",");
    let cut = words.get(..words.len().min(130_000)).unwrap_or_default();
    metrics(1, &["--fields", cut]).expecting(&[0, 2])
}

pub fn template(count: usize) -> Input {
    let text = "{total} ".repeat(count.min(16_000));
    status_line(&["--template", &text]).with_usage(many_metrics(1))
}

fn signed_by(count: usize, command: &str) -> Input {
    let names: Vec<String> = each(count, |n| format!("x-h{n}")).collect();
    let mut words = vec![command.to_owned()];
    for name in &names {
        words.extend(["-H".to_owned(), format!("{name}: 1")]);
    }
    let claims = format!(
        "HMAC-SHA256 Credential=AKLTEXAMPLE0000000000000000000001/20250101/cn-beijing/ark/request, \
         SignedHeaders={}, Signature={:064}",
        names.join(";"),
        0
    );
    words.extend(["-H".to_owned(), "X-Date: 20250101T000000Z".to_owned()]);
    words.extend(["-H".to_owned(), format!("Authorization: {claims}")]);
    words.extend(["GET", "https://open.volcengineapi.com/?Action=A"].map(str::to_owned));
    words.extend(["--now", "20250101T000000Z"].map(str::to_owned));
    Input { args: words, expected: vec![7], ..Input::default() }
}

pub fn headers(count: usize) -> Input {
    signed_by(count, "verify")
}

pub fn explained_headers(count: usize) -> Input {
    signed_by(count, "explain").expecting(&[0, 1, 2, 7])
}

pub fn parameters(count: usize) -> Input {
    let names: Vec<String> = each(count.min(9_000), |n| format!("p{n}")).collect();
    let url = format!(
        "https://open.volcengineapi.com/?{}=1&X-Algorithm=HMAC-SHA256&X-Credential=AKLTEXAMPLE0000000000000000000001\
         /20250101/cn-beijing/ark/request&X-Date=20250101T000000Z&X-Expires=900&X-SignedHeaders=&X-Signature={:064}",
        names.join("=1&"),
        0,
    );
    Input::run(&["verify", "GET", &url, "--now", "20250101T000000Z"]).expecting(&[7])
}

pub fn claims(count: usize) -> Input {
    Input { is_own: true, ..Input::run(&["--claims", &count.to_string()]) }
}

pub fn profiles(count: usize) -> Input {
    let profile =
        |n| format!("[p{n}]\naccess_key_id = AKLTEXAMPLE{n:022}\nsecret_access_key = s\n");
    Input::run(&["config", "show", "--profile", "p1"])
        .with_file(".volc/credentials", each(count, profile).collect())
        .expecting(&[0, 2, 3, 4])
}

pub fn json_profiles(count: usize) -> Input {
    let profile = |n| {
        format!(
            "\"p{n}\":{{\"name\":\"p{n}\",\"mode\":\"ak\",\n\"access-key\":\"AKLTEXAMPLE{n:022}\",\"secret-key\":\"s\",\"region\":\"cn-beijing\"}}"
        )
    };
    let all = each(count, profile).collect::<Vec<_>>().join(",\n");
    Input::run(&["config", "show", "--profile", "p1"])
        .with_file(
            ".volcengine/config.json",
            format!("{{\"current\":\"p1\",\"profiles\":{{{all}}}}}"),
        )
        .expecting(&[0, 2, 3, 4])
}

pub fn configuration(count: usize) -> Input {
    let profile = |n| format!("[profile.p{n}]\nregion = \"cn-beijing\"\n");
    Input::run(&["config", "show"])
        .with_file(".config/ark-usage/config.toml", each(count, profile).collect())
        .expecting(&[0, 2, 3, 4])
}

fn tape(events: impl Iterator<Item = String>) -> String {
    let head = r#"{"format":"ark-usage/recording","version":1,"program":"ark-usage 0.1.0","command":"get","#;
    let time =
        r#""now":"2025-01-02T00:00:00Z","seed":1,"base_url":"http://127.0.0.1:9/","demo":false,"#;
    let rest = r#""configured":{"profiles":[],"projects":[],"endpoint_ids":[],"tz":null,"format":null,"sts":null},"question":"q"}"#;
    let events: String = events.map(|event| event + "\n").collect();
    format!("{head}{time}{rest}\n{events}")
}

fn exchange(number: usize, body: &str) -> String {
    let asked = format!("{{\\\"Interval\\\":86400,\\\"StartTime\\\":{DAY},\\\"EndTime\\\":{DAY}}}");
    format!(
        "{{\"event\":\"exchange\",\"number\":{number},\"account\":0,\"sent_us\":{number},\"ended_us\":{},\
         \"now\":\"2025-01-02T00:00:00Z\",\"request\":{{\"method\":\"POST\",\
         \"url\":\"http://127.0.0.1:9/?Action=GetUsage&Version=2024-01-01\",\"headers\":[],\"body\":\"{asked}\"}},\
         \"response\":{{\"status\":200,\"headers\":[],\"body\":\"{body}\"}},\"failure\":null}}",
        number + 1
    )
}

pub fn recording(count: usize) -> Input {
    replayed(tape(
        (1..=count).map(|number| exchange(number, "{\\\"Result\\\":{\\\"UsageResults\\\":[]}}")),
    ))
}

pub fn recorded_body(length: usize) -> Input {
    replayed(tape(std::iter::once(exchange(1, &"x".repeat(length)))))
}

fn replayed(tape: String) -> Input {
    let day = DAY.to_string();
    Input::run(&["get", "--start", &day, "--end", &day, "-q", "--replay", "tape"])
        .with_file("tape/recording.ndjson", tape)
        .expecting(&[0, 1, 2, 3, 4, 5, 6])
}

/// The last of them is wrong, so that the emulator reads all and ends.
pub fn faults(count: usize) -> Input {
    let fault = |n| format!("[[fault]]\nname = \"f{n}\"\neffect = {{ kind = \"throttle\" }}\n");
    let wrong = "[[fault]]\nname = \"last\"\neffect = { kind = \"status\", status = 1 }\n";
    Input::run(&["emulate", "--listen", "127.0.0.1:0", "--faults", "faults.toml"])
        .with_file("faults.toml", each(count, fault).collect::<String>() + wrong)
        .expecting(&[2])
}

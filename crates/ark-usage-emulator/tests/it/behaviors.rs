//! Every behavior that the vendor's page leaves open.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::common::{SAMPLE_NOW, call, items, values};
use ark_usage_emulator::{
    BehaviorError, Behaviors, Duplicates, Emulator, EmulatorOptions, EndTime, ErrorStatus,
    HourLabels, ListTotal, Listing, Paging, SampleOrder, TagRule, Unaligned, ValueForm,
    ZeroBuckets,
};
use serde_json::{Value, json};

const START: i64 = 1_731_945_600;
const HOUR: i64 = 3600;
const DAY: i64 = 86_400;

fn ask(behaviors: &str, body: &Value) -> Value {
    let behaviors = behaviors.parse().unwrap();
    let emulator = Emulator::new(EmulatorOptions { behaviors, ..EmulatorOptions::default() });
    let (status, answer) = call(&emulator, "ark", "GetUsage", body, SAMPLE_NOW + 30 * DAY);
    assert_eq!(status, 200, "{answer}");
    answer
}

fn hours() -> Value {
    json!({"Interval": HOUR, "StartTime": START, "EndTime": START + 23 * HOUR})
}

/// Values of the only item of `PromptTokens`.
fn line(answer: &Value) -> Vec<(i64, i64)> {
    let items = items(answer, "PromptTokens");
    assert_eq!(items.len(), 1);
    values(&items[0])
}

fn ids() -> Vec<String> {
    let emulator = Emulator::new(EmulatorOptions::default());
    let (_, listed) = call(&emulator, "ark", "ListEndpoints", &json!({}), SAMPLE_NOW);
    let items = listed["Result"]["Items"].as_array().unwrap();
    items.iter().map(|item| item["Id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn hours_may_be_labelled_by_their_end() {
    let starts = line(&ask("", &hours()));
    let ends = line(&ask("hour-labels=end", &hours()));
    assert_eq!(starts[0].0, START);
    let shifted: Vec<_> = starts.iter().map(|(hour, value)| (hour + HOUR, *value)).collect();
    assert_eq!(ends, shifted);
    // The page's second sample: asked for one hour, labelled with the next.
    let one = json!({"Interval": HOUR, "StartTime": START, "EndTime": START});
    assert_eq!(line(&ask("hour-labels=end", &one))[0].0, 1_731_949_200);
    // Days keep their labels.
    let day = json!({"Interval": DAY, "StartTime": START, "EndTime": START});
    assert_eq!(line(&ask("hour-labels=end", &day))[0].0, START);
}

#[test]
fn end_time_may_be_exclusive() {
    let inclusive = line(&ask("", &hours()));
    let exclusive = line(&ask("end-time=exclusive", &hours()));
    assert_eq!(inclusive.len(), 24);
    assert_eq!(exclusive, inclusive[..23]);
    let nothing = json!({"Interval": DAY, "StartTime": START, "EndTime": START});
    assert!(items(&ask("end-time=exclusive", &nothing), "PromptTokens").is_empty());
}

#[test]
fn empty_buckets_may_be_left_out() {
    let body = json!({"Interval": HOUR, "StartTime": START + DAY, "EndTime": START + DAY + 23 * HOUR,
        "EndpointIds": [ids()[2]]});
    for id in ids() {
        let mut body = body.clone();
        body["EndpointIds"] = json!([id]);
        let kept = line(&ask("", &body));
        let left_out = line(&ask("zero-buckets=left-out", &body));
        assert_eq!(kept.len(), 24);
        let nonzero: Vec<_> = kept.into_iter().filter(|(_, value)| *value != 0).collect();
        assert_eq!(left_out, nonzero);
    }
}

#[test]
fn numbers_may_be_strings_or_floats() {
    let day = json!({"Interval": DAY, "StartTime": START, "EndTime": START});
    let sample =
        |behaviors: &str| items(&ask(behaviors, &day), "PromptTokens")[0]["Values"][0].clone();
    assert_eq!(sample(""), json!({"Timestamp": START, "Value": 1_529_525_715}));
    assert_eq!(sample("values=string"), json!({"Timestamp": "1731945600", "Value": "1529525715"}));
    assert_eq!(sample("values=float"), json!({"Timestamp": START, "Value": 1_529_525_715.0}));
}

#[test]
fn buckets_may_be_unsorted() {
    let sorted = line(&ask("", &hours()));
    let mut unsorted = line(&ask("order=unsorted", &hours()));
    assert_ne!(unsorted, sorted);
    unsorted.sort_unstable();
    assert_eq!(unsorted, sorted);
}

#[test]
fn buckets_may_be_duplicated() {
    let once = line(&ask("", &hours()));
    let repeated = line(&ask("duplicates=repeated", &hours()));
    let twice: Vec<_> = once.iter().flat_map(|sample| [*sample, *sample]).collect();
    assert_eq!(repeated, twice);
    let split = line(&ask("duplicates=split", &hours()));
    let joined: Vec<_> = split
        .chunks(2)
        .map(|pair| {
            assert_eq!(pair[0].0, pair[1].0);
            (pair[0].0, pair[0].1 + pair[1].1)
        })
        .collect();
    assert_eq!(joined, once);
}

#[test]
fn tags_are_sent_never_when_filtered_always_or_with_the_total() {
    let day = json!({"Interval": DAY, "StartTime": START, "EndTime": START});
    let mut filtered = day.clone();
    filtered["EndpointIds"] = json!(ids()[..2]);
    // The endpoint of each item, None for an untagged one.
    let tags = |behaviors: &str, body: &Value| -> Vec<Option<String>> {
        let answer = ask(behaviors, body);
        let of_item = |item: &Value| {
            let tags = item.get("Tags")?.as_array().unwrap();
            assert_eq!(tags.len(), 1);
            assert_eq!(tags[0]["Key"], "EndpointId");
            Some(tags[0]["Value"].as_str().unwrap().to_owned())
        };
        items(&answer, "CompletionTokens").iter().map(of_item).collect()
    };
    let whole = || vec![None];
    let mut all: Vec<_> = ids().into_iter().map(Some).collect();
    all.sort();
    let sorted = |mut tags: Vec<Option<String>>| {
        tags.sort();
        tags
    };
    let two: Vec<_> = ids()[..2].iter().cloned().map(Some).collect();
    let both = |whole: Vec<_>, parts: &[_]| [whole, parts.to_vec()].concat();

    assert_eq!(tags("", &day), whole());
    assert_eq!(tags("", &filtered), two);
    assert_eq!(tags("tags=never", &day), whole());
    assert_eq!(tags("tags=never", &filtered), whole());
    assert_eq!(sorted(tags("tags=always", &day)), all);
    assert_eq!(tags("tags=always", &filtered), two);
    assert_eq!(sorted(tags("tags=both", &day)), both(whole(), &all));
    assert_eq!(tags("tags=both", &filtered), both(whole(), &two));
}

#[test]
fn items_may_be_tagged_by_more_than_the_endpoint() {
    let day = json!({"Interval": DAY, "StartTime": START, "EndTime": START});
    let answer = ask("tags=always,tag-keys=EndpointId+AccountId+Scene+BatchJobId", &day);
    let total: i64 =
        items(&answer, "PromptTokens").iter().flat_map(values).map(|(_, value)| value).sum();
    assert_eq!(total, 1_529_525_715);
    let keys: std::collections::BTreeSet<_> = items(&answer, "PromptTokens")
        .iter()
        .flat_map(|item| item["Tags"].as_array().unwrap())
        .map(|tag| tag["Key"].as_str().unwrap())
        .collect();
    assert_eq!(
        keys.into_iter().collect::<Vec<_>>(),
        ["AccountId", "BatchJobId", "EndpointId", "Scene"]
    );
}

#[test]
fn unaligned_instants_may_be_taken() {
    let loose = json!({"Interval": DAY, "StartTime": START + 5, "EndTime": START + DAY + 7});
    let strict = json!({"Interval": DAY, "StartTime": START, "EndTime": START + DAY});
    assert_eq!(line(&ask("unaligned=floored", &loose)), line(&ask("", &strict)));
}

#[test]
fn every_switch_has_a_name() {
    let behaviors: Behaviors = "hour-labels=end, end-time=exclusive,zero-buckets=left-out,values=string,\
        errors=http-200,order=unsorted,duplicates=split,tags=both,unaligned=floored,max-range=168h,max-ids=7,\
        projects-limit=10,endpoints-paging=ignored,endpoints-total=large"
        .parse()
        .unwrap();
    let expected = Behaviors {
        hour_labels: HourLabels::End,
        end_time: EndTime::Exclusive,
        zero_buckets: ZeroBuckets::LeftOut,
        values: ValueForm::String,
        errors: ErrorStatus::Ok,
        order: SampleOrder::Unsorted,
        duplicates: Duplicates::Split,
        tags: TagRule::Both,
        unaligned: Unaligned::Floored,
        max_range: Some(7 * DAY),
        max_ids: Some(7),
        projects: Listing { limit: Some(10), ..Listing::default() },
        endpoints: Listing {
            paging: Paging::Ignored,
            total: ListTotal::Large,
            ..Listing::default()
        },
        ..Behaviors::default()
    };
    assert_eq!(behaviors, expected);
    let back = "hour-labels=start,end-time=inclusive,zero-buckets=kept,values=integer,errors=status,\
        order=ascending,duplicates=none,tags=when-filtered,unaligned=refused,max-range=none,max-ids=none,\
        tag-keys=EndpointId,projects-limit=none,endpoints-paging=documented,endpoints-total=right";
    let mut behaviors = behaviors;
    for switch in back.split(',') {
        behaviors.set(switch.trim()).unwrap();
    }
    assert_eq!(behaviors, Behaviors::default());
}

#[test]
fn wrong_switches_are_named() {
    let error = |text: &str| text.parse::<Behaviors>().unwrap_err();
    assert!(matches!(error("tags"), BehaviorError::NotASwitch { .. }));
    assert!(matches!(error("colour=blue"), BehaviorError::UnknownSwitch { .. }));
    for text in ["tags=sometimes", "max-range=long", "max-ids=-1", "tag-keys=Colour", "values=hex"]
    {
        let error = error(text);
        assert!(matches!(error, BehaviorError::UnknownValue { .. }), "{text}");
        let name = text.split('=').next().unwrap();
        assert!(error.to_string().starts_with(name), "{error}");
    }
}

#[test]
fn every_name_that_is_listed_is_a_switch() {
    for name in Behaviors::NAMES {
        let refused = Behaviors::default().set(&format!("{name}=no-such-value")).unwrap_err();
        assert!(!matches!(refused, BehaviorError::UnknownSwitch { .. }), "{name}: {refused}");
    }
    let unknown = Behaviors::default().set("tag=always").unwrap_err().to_string();
    assert!(unknown.contains("\"tag\"") && unknown.contains("max-range, max-ids"), "{unknown}");
}

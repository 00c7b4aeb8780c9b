//! Tests of lines and their templates.

use jiff::tz::TimeZone;

use ark_usage_model::UsageAction as _;
use ark_usage_model::get_inference_usage::GetInferenceUsageAction;
use ark_usage_model::get_usage::GetUsageAction;

use super::*;
use ark_usage_report::{Lang, Text};

fn snapshot() -> Snapshot {
    let value = |value, state| LineValue { value, state };
    let today = [
        ("PromptTokens", value(Some(1_529_525_715), State::Settling)),
        ("CompletionTokens", value(Some(40_207_324), State::Settling)),
        // Of no declared unit: no part of the total.
        ("Odd", value(Some(7), State::Final)),
    ];
    let month = [
        ("PromptTokens", value(Some(2_000), State::Final)),
        ("CompletionTokens", value(None, State::Missing)),
        ("Odd", value(None, State::Missing)),
    ];
    let owned = |(name, value): (&str, LineValue)| (name.to_owned(), value);
    Snapshot {
        at: 1_732_075_200,
        day: 1_732_032_000,
        scope: Scope::default_project(),
        clock_offset: 0,
        usage: BTreeMap::from([
            (LineSpan::Today, today.map(owned).into()),
            (LineSpan::Month, month.map(owned).into()),
        ]),
        costs: BTreeMap::from([(
            LineSpan::Today,
            LineCosts {
                amounts: BTreeMap::from([("CNY".to_owned(), "12.5".to_owned())]),
                unpriced: 1,
            },
        )]),
        unverified: false,
        profiles: Vec::new(),
        plans: Vec::new(),
    }
}

fn parse(template: &str) -> Result<Template, Text> {
    Template::parse(template, &[GetUsageAction.metrics(), GetInferenceUsageAction.metrics()])
}

fn line(template: &str, stale: bool, lang: Lang) -> String {
    let (snapshot, zone) = (snapshot(), TimeZone::get("Asia/Shanghai").unwrap());
    let now = snapshot.at + 185;
    let writer = TemplateValues {
        snapshot: &snapshot,
        metrics: GetUsageAction.metrics(),
        stale,
        now,
        zone: &zone,
        lang,
        site: crate::SiteEcho::default(),
    };
    parse(template).unwrap().write(&writer)
}

#[test]
fn fields_are_filled_in() {
    let cases = [
        ("{today}", "1,569,733,039"),
        ("{total:short}", "1.57 B"),
        ("{PromptTokens} + {today.CompletionTokens}", "1,529,525,715 + 40,207,324"),
        ("{month} {month.PromptTokens} {month.Odd} {yesterday}", "2,000+ 2,000 - -"),
        ("{cost} {month.cost}", "12.5 CNY+ -"),
        ("{age} {at} {state}|{stale}|", "3min 12:00 final||"),
        ("{{{month.PromptTokens}}}", "{2,000}"),
        ("a\nb \t", "a b"),
        ("", ""),
    ];
    for (template, expected) in cases {
        assert_eq!(line(template, false, Lang::En), expected, "{template}");
    }
    assert_eq!(line("{today} {state}", false, Lang::En), "1,569,733,039 settling");
    assert_eq!(line("{month} {state}", false, Lang::Zh), "2,000+ 缺失");
}

#[test]
fn old_numbers_are_never_without_a_mark() {
    assert_eq!(line("{month}", true, Lang::En), "2,000+ (stale)");
    assert_eq!(line("{month} {state}", true, Lang::En), "2,000+ stale");
    assert_eq!(line("{month} {stale}", true, Lang::Zh), "2,000+ 旧数据");
    assert_eq!(line("{month} {age}", true, Lang::En), "2,000+ 3min");
}

#[test]
fn metrics_have_their_short_names() {
    let both = |template: &str| line(template, false, Lang::En);
    assert_eq!(
        both("{input} {month.input:short}"),
        both("{PromptTokens} {month.PromptTokens:short}")
    );
    assert_eq!(
        parse("{today} {cached} {month.input} {ReqCnt}").unwrap().short_metrics(),
        ["cached", "input"]
    );
    // The action of these numbers has none.
    assert_eq!(both("{cached}"), "-");
    assert!(parse("{requests}").is_ok() && parse("{images:short}").is_ok());
    let error = parse("{cache}").unwrap_err();
    assert!(error.in_lang(Lang::En).contains("total, cost, input, output, cached"), "{error:?}");
}

#[test]
fn slips_of_the_pen_are_named() {
    for template in ["{tody}", "{today.prompt}", "{month.}", "{}", "{week.total}", "{stat}"] {
        let error = parse(template).unwrap_err();
        assert!(
            error.in_lang(Lang::En).contains(&format!("unknown field {template}")),
            "{error:?}"
        );
    }
    for template in ["{", "}", "a } b", "{today"] {
        assert!(parse(template).unwrap_err().in_lang(Lang::En).contains("brace"));
    }
}

#[test]
fn a_line_about_fewer_projects_than_wanted_is_marked() {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let scope = Scope::unlisted(None, Text::same("AccessDenied"));
    let snapshot = Snapshot { scope, ..snapshot() };
    let values = TemplateValues {
        snapshot: &snapshot,
        metrics: GetUsageAction.metrics(),
        stale: false,
        now: snapshot.at,
        zone: &zone,
        lang: Lang::En,
        site: crate::SiteEcho::default(),
    };
    let line = |template: &str| parse(template).unwrap().write(&values);
    assert_eq!(line("{total:short}"), "1.57 B (default project only)");
    assert_eq!(line("{scope}: {total:short}"), "default project only: 1.57 B");
    let document = json(&parse("{total}").unwrap(), &values).unwrap();
    let document = String::from_utf8(document).unwrap();
    assert!(document.contains("\"scope\": \"default-project\""), "{document}");
    assert!(document.contains("\"code\": \"default_project_only\""), "{document}");
}

#[test]
fn accounts_that_may_be_one_are_marked() {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let snapshot = Snapshot { unverified: true, ..snapshot() };
    let writer = TemplateValues {
        snapshot: &snapshot,
        metrics: GetUsageAction.metrics(),
        stale: false,
        now: snapshot.at,
        zone: &zone,
        lang: Lang::En,
        site: crate::SiteEcho::default(),
    };
    let template = parse("{month} {state}").unwrap();
    let line = template.write(&writer);
    assert!(line.ends_with(" (accounts unverified)"), "{line}");
    let document = String::from_utf8(json(&template, &writer).unwrap()).unwrap();
    assert!(document.contains("\"code\": \"accounts_unverified\""), "{document}");
}

mod plans {
    use ark_usage_report::plan::{
        PlanKind, PlanNumber, PlanState, PlanStatus, PlanWindow, QuotaWindow,
    };

    use super::*;

    fn plan(kind: PlanKind, state: PlanState, windows: Vec<PlanWindow>) -> PlanStatus {
        PlanStatus { windows, plan_type: Some("Pro".to_owned()), ..PlanStatus::new(kind, state) }
    }

    fn coding(state: PlanState) -> PlanStatus {
        let window = |window, percent: &str, hours: Option<i64>| PlanWindow {
            reported_percent: PlanNumber::read(percent),
            resets_at: hours
                .and_then(|hours| jiff::Timestamp::from_second(1_732_075_200 + hours * 3_600).ok()),
            ..PlanWindow::new(window)
        };
        let windows = vec![
            window(QuotaWindow::Session, "0.000029", None),
            window(QuotaWindow::Week, "62.20", Some(51)),
        ];
        plan(PlanKind::Coding, state, windows)
    }

    fn agent() -> PlanStatus {
        let window = |window, quota: &str, used: &str| PlanWindow {
            quota: PlanNumber::read(quota),
            used: PlanNumber::read(used),
            ..PlanWindow::new(window)
        };
        let windows = vec![
            window(QuotaWindow::Day, "10", "10"),
            window(QuotaWindow::Week, "35000", "4.1392"),
            window(QuotaWindow::Month, "100000", "50000"),
        ];
        plan(PlanKind::Agent, PlanState::Active, windows)
    }

    fn line_of(plans: Vec<PlanStatus>, template: &str, lang: Lang) -> String {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let snapshot = Snapshot { plans, at: 1_732_075_200, ..Snapshot::default() };
        // The next prompt reads what this one has written.
        let cached = CachedValues { snapshot: Some(snapshot), failed_at: None };
        let text = String::from_utf8(cached.write("q").unwrap()).unwrap();
        let read = CachedValues::read(&text, "q");
        assert_eq!(read, cached);
        let snapshot = read.snapshot.unwrap();
        let template = parse(template).unwrap();
        assert!(template.wants_plans() && !template.wants_usage());
        template.write(&TemplateValues {
            snapshot: &snapshot,
            metrics: GetUsageAction.metrics(),
            stale: false,
            now: snapshot.at,
            zone: &zone,
            lang,
            site: crate::SiteEcho::default(),
        })
    }

    #[test]
    fn the_fullest_window_is_shown() {
        let cases = [
            ("{plan}", "62.2%"),
            ("{plan.week.percent}", "62.2"),
            ("{plan.coding.session}", "<0.01%"),
            ("{plan.coding.session.resets_in}", "-"),
            ("{plan.resets_in} {plan.window}", "2 d 3 h week"),
            ("{plan.agent} {plan.agent.window}", "50% month"),
            ("{plan.agent.week.used}/{plan.agent.week.quota}", "4.1392/35,000"),
            ("{plan.agent.week.left} {plan.coding.left}", "34,995.8608 37.8%"),
            ("{plan.day}", "100%"),
            ("{plan.coding.month.percent}", "-"),
            ("{plan.state} {plan.type} {plan.coding.type}", "active Pro, Pro Pro"),
        ];
        for (template, expected) in cases {
            let plans = vec![agent(), coding(PlanState::Active)];
            assert_eq!(line_of(plans, template, Lang::En), expected, "{template}");
        }
        let plans = vec![agent(), coding(PlanState::Active)];
        assert_eq!(line_of(plans, "{plan.resets_in} {plan.window}", Lang::Zh), "2 天 3 小时 周");
    }

    #[test]
    fn a_plan_that_could_not_be_read_marks_the_number() {
        let refused = PlanStatus::new(PlanKind::Coding, PlanState::NotAllowed);
        let plans = || vec![agent(), refused.clone()];
        assert_eq!(line_of(plans(), "{plan} {plan.coding} {plan.agent}", Lang::En), "50+% - 50%");
        assert_eq!(line_of(plans(), "{plan.coding.state}", Lang::En), "not allowed");
        let absent = PlanStatus::new(PlanKind::Coding, PlanState::NotSubscribed);
        let plans = vec![agent(), absent.clone()];
        assert_eq!(line_of(plans, "{plan} {plan.state}", Lang::En), "50% active");
        assert_eq!(line_of(vec![absent], "{plan} {plan.state}", Lang::Zh), "- 未订阅");
    }

    #[test]
    fn slips_of_the_pen_in_plan_fields_are_named() {
        for template in
            ["{plan.}", "{plan.year}", "{plan.week.agent}", "{plan.percent.week}", "{plans}"]
        {
            let error = parse(template).unwrap_err();
            assert!(
                error.in_lang(Lang::En).contains(&format!("unknown field {template}")),
                "{error:?}"
            );
        }
    }
}

//! The file of prices: every rule read and checked; contradictions are reported with their lines.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use volc_openapi::few_letters;

use super::{PriceRule, PriceSubject};
use crate::decimal;
use crate::error::ReportError;
use crate::toml_file::{SourceFile, Spotted, Table};
use crate::{text, token_count};

const TOP: [&str; 3] = ["currency", "per", "price"];
const PRICE: [&str; 8] =
    ["metric", "endpoint_id", "label", "model", "price", "per", "currency", "valid_from"];

/// Every rule of the file, in its order; `usual` is the currency where the file names none.
pub(super) fn rules(
    source: SourceFile<'_>,
    zone: &TimeZone,
    usual: Option<&str>,
) -> Result<Vec<PriceRule>, ReportError> {
    let document = source.parse()?;
    let root = source.root(&document);
    root.check(&TOP)?;
    let usual = usual.map(str::to_owned);
    let usual = Usual { currency: currency(&root)?.or(usual), per: per(&root)?, zone };
    let tables = root.tables("price")?;
    if tables.is_empty() {
        return Err(source.wrong(1, text!("no price found", "文件中没有任何价格")).with_hint(
            text!(
                "write [[price]] with metric, price, per and currency; `ark-usage get --prices --example` prints a file to start from",
                "请写 [[price]]，包含 metric、price、per 和 currency；`ark-usage get --prices --example` 打印可供修改的文件"
            ),
        ));
    }
    let rules: Vec<PriceRule> =
        tables.iter().map(|table| rule(table, &usual)).collect::<Result<_, _>>()?;
    refuse_ambiguous(source, &rules)?;
    Ok(rules)
}

/// The defaults of a file, for rules that leave them out.
struct Usual<'a> {
    currency: Option<String>,
    /// The power of ten.
    per: Option<u32>,
    zone: &'a TimeZone,
}

fn rule(table: &Table<'_>, usual: &Usual<'_>) -> Result<PriceRule, ReportError> {
    table.check(&PRICE)?;
    let (metric, _) = table.text("metric")?.ok_or_else(|| table.lacks("metric"))?;
    let per = per(table)?.or(usual.per).ok_or_else(|| {
        table.lacks("per").with_hint(text!(
            "set the number of tokens the price is for: per = 1_000 or per = 1_000_000",
            "请说明价格对应多少 token：per = 1_000 或 per = 1_000_000"
        ))
    })?;
    let currency = currency(table)?.or_else(|| usual.currency.clone()).ok_or_else(|| {
        table.lacks("currency").with_hint(text!(
            "write currency = \"CNY\" here, or once before all prices",
            "请在此处写 currency = \"CNY\"，或写在所有价格之前，对全部生效"
        ))
    })?;
    Ok(PriceRule {
        line: table.line,
        metric,
        of: subject(table)?,
        since: since(table, usual.zone)?,
        currency,
        unit_price: unit_price(table, per)?,
    })
}

/// One price is for one kind of thing, so that it is always clear which is the most specific.
fn subject(table: &Table<'_>) -> Result<PriceSubject, ReportError> {
    let endpoint = table.text("endpoint_id")?.map(|(id, _)| PriceSubject::Endpoint(id));
    let model = |(model, _): Spotted<String>| {
        let versioned = model.contains('/');
        if versioned { PriceSubject::ModelVersion(model) } else { PriceSubject::Model(model) }
    };
    let model = table.text("model")?.map(model);
    let labels = table.texts("label")?.into_iter();
    let labels = labels.map(|(key, value)| PriceSubject::Label { key, value });
    let mut subjects = labels.chain(endpoint).chain(model);
    let first = subjects.next();
    if subjects.next().is_some() {
        return Err(table
            .wrong_at(
                "endpoint_id, label, model",
                table.line,
                text!("a price can have only one of them", "一条价格只能对应其中一个"),
            )
            .with_hint(text!(
                "write one [[price]] for each; prices of endpoints win over those of labels, and those over models",
                "请分别写成多条 [[price]]；推理接入点的价格优先于标签，标签优先于模型"
            )));
    }
    Ok(first.unwrap_or(PriceSubject::Anything))
}

/// The price of one token: the price with its point moved.
fn unit_price(table: &Table<'_>, per: u32) -> Result<Decimal, ReportError> {
    let hint = || {
        text!(
            "write an amount of at least 0, for example price = 0.8",
            "请写不小于 0、用小数点的数额，例如 price = 0.8"
        )
    };
    let written = table.number("price").map_err(|error| error.with_hint(hint()))?;
    let (written, line) = written.ok_or_else(|| table.lacks("price").with_hint(hint()))?;
    let moved = decimal::decimal(&written).and_then(|price| {
        let mut unit = price.normalize();
        unit.set_scale(unit.scale().checked_add(per)?).ok()?;
        Some(unit)
    });
    moved.ok_or_else(|| {
        let written = few_letters(&written);
        table
            .wrong_at("price", line, text!("{written} is not a price", "{written} 不是价格"))
            .with_hint(hint())
    })
}

/// The power of ten of `per`: with one, a price for so many tokens is exactly one for each.
fn per(table: &Table<'_>) -> Result<Option<u32>, ReportError> {
    let hint = || {
        text!(
            "prices are usually per = 1_000 or per = 1_000_000 tokens",
            "价格通常按 per = 1_000 或 per = 1_000_000 个 token 计"
        )
    };
    let written = table.number("per").map_err(|error| error.with_hint(hint()))?;
    let Some((written, line)) = written else { return Ok(None) };
    let number = token_count::read(&written).ok();
    let number = number.filter(|number| (1..=1_000_000_000).contains(number));
    let power = number.and_then(i128::checked_ilog10);
    let power = power.filter(|power| number == Some(10_i128.pow(*power)));
    power.map(Some).ok_or_else(|| {
        let written = few_letters(&written);
        table
            .wrong_at(
                "per",
                line,
                text!(
                    "{written} is not a power of ten from 1 to 1e9",
                    "{written} 不是 1 到 1e9 之间的十的幂"
                ),
            )
            .with_hint(hint())
    })
}

fn currency(table: &Table<'_>) -> Result<Option<String>, ReportError> {
    let Some((code, line)) = table.text("currency")? else { return Ok(None) };
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(Some(code));
    }
    let code = few_letters(&code);
    Err(table.wrong_at(
        "currency",
        line,
        text!(
            "{code} is not a currency code of three capital letters, such as CNY",
            "{code} 不是 CNY 那样的三个大写字母"
        ),
    ))
}

fn since(table: &Table<'_>, zone: &TimeZone) -> Result<Option<i64>, ReportError> {
    let Some((written, line)) = table.date("valid_from")? else { return Ok(None) };
    let midnight = written
        .parse::<Date>()
        .ok()
        .filter(|date| date.to_string() == written)
        .and_then(|date| date.to_zoned(zone.clone()).ok());
    midnight.map(|midnight| Some(midnight.timestamp().as_second())).ok_or_else(|| {
        let written = few_letters(&written);
        table
            .wrong_at("valid_from", line, text!("{written} is not a date", "{written} 不是日期"))
            .with_hint(text!(
                "write a day, for example valid_from = 2026-01-01",
                "请写某一天，例如 valid_from = 2026-01-01"
            ))
    })
}

/// Returns the error about two rules that apply equally to the same value.
fn refuse_ambiguous(source: SourceFile<'_>, rules: &[PriceRule]) -> Result<(), ReportError> {
    let mut seen = BTreeMap::new();
    let mut label_keys: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for rule in rules {
        if let Some(line) = seen.insert((&rule.metric, &rule.of, rule.since), rule.line) {
            let second = rule.line;
            return Err(source
                .wrong(
                    second,
                    text!(
                        "duplicate of the price on line {line}",
                        "与第 {line} 行的价格重复：对象和生效日期都相同"
                    ),
                )
                .with_hint(text!(
                    "delete one of them, or give them different valid_from dates",
                    "请删除其中一条，或为其中一条写不同的 valid_from"
                )));
        }
        let PriceSubject::Label { key, .. } = &rule.of else { continue };
        let (first, line) = *label_keys.entry(&rule.metric).or_insert((key, rule.line));
        if first != key {
            let second = rule.line;
            let (key, first) = (few_letters(key), few_letters(first));
            return Err(source
                .wrong(
                    second,
                    text!(
                        "label {key} here and label {first} on line {line} can match the same endpoint",
                        "此处的标签 {key} 与第 {line} 行的标签 {first} 可能同时属于一个推理接入点"
                    ),
                )
                .with_hint(text!(
                    "use the same label in all prices of a metric",
                    "同一指标的所有价格请使用同一个标签"
                )));
        }
    }
    Ok(())
}

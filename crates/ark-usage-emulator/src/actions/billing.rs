//! Billing `ListResourcePackages` and `QueryBalanceAcct`: packs and balance of the account.

use http::Response;
use serde::Serialize;

use super::Session;
use super::wire_number::WireNumber;
use crate::behaviors::{Balance, NumberForm};
use crate::calendar::{DAY, day_text, digits};
use crate::data::{PlanWindow, mix};
use crate::errors::Refusal;
use crate::parameters::Parameters;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct PackageList {
    list: Vec<Package>,
    /// `0` after the last page.
    next_token: String,
    max_results: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Package {
    instance_no: String,
    configuration_code: &'static str,
    configuration_name: &'static str,
    product: &'static str,
    status: &'static str,
    total_amount: WireNumber,
    available_amount: WireNumber,
    unit: &'static str,
    effective_time: String,
    expiry_time: String,
}

/// Code, name, product, amount and unit; the last is of another product.
const PACKS: [(&str, &str, &str, u64, &str); 3] = [
    ("ark_bd_seed_16_100m", "doubao-seed-1-6 推理资源包", "ark_bd", 100_000_000, "token"),
    (
        "ark_image_seedream_1k",
        "doubao-seedream-4-0 图片资源包",
        "Doubao-image-generation",
        1000,
        "张",
    ),
    ("tos_standard_100g", "TOS 标准存储包", "TOS", 100, "GB"),
];

/// Answers `ListResourcePackages`.
pub(super) fn packages(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    let body = Parameters::from_body(session.body)?;
    if body.text("ResourceType")?.is_none() {
        return Err(Refusal::missing_parameter("ResourceType"));
    }
    let number = |name: &str, default: usize| match body.text(name)? {
        None => Ok(default),
        Some(text) => text
            .parse::<usize>()
            .map_err(|_| Refusal::invalid_parameter(name, "a number as text is expected")),
    };
    let max_results = number("MaxResults", 20)?;
    let skip = number("NextToken", 0)?;
    if !(1..=100).contains(&max_results) {
        return Err(Refusal::invalid_parameter("MaxResults", "1 to 100 are expected"));
    }
    let status = body.text("Status")?.unwrap_or("Effective");
    let found: Vec<Package> =
        all(session).into_iter().filter(|pack| pack.status == status).collect();
    let list: Vec<Package> = found.iter().skip(skip).take(max_results).cloned().collect();
    let next = skip + list.len();
    let next_token = if list.is_empty() || next >= found.len() { 0 } else { next };
    Ok(session.about.success(&PackageList {
        list,
        next_token: next_token.to_string(),
        max_results: max_results.to_string(),
    }))
}

/// Packs of this quarter, which are used little by little, and those of the one before, used up.
fn all(session: &Session<'_>) -> Vec<Package> {
    let seed = mix(session.seed, session.account.account_id);
    let form = session.behaviors.seats.quota_values.of(true);
    let this = PlanWindow::week(session.now, 0);
    let quarter = PlanWindow { start: this.start - 35 * DAY, end: this.start + 56 * DAY };
    let mut packages = Vec::new();
    for (nth, (code, name, product, amount, unit)) in PACKS.into_iter().enumerate() {
        for (used_up, shift) in [(false, 0), (true, 91 * DAY)] {
            let (start, end) = (quarter.start - shift, quarter.end - shift);
            let used = amount * (session.now - start).max(0).unsigned_abs()
                / (end - start).max(1).unsigned_abs();
            let left = amount.saturating_sub(used);
            packages.push(Package {
                instance_no: format!(
                    "pack-{}-{:04x}",
                    digits(start),
                    mix(seed, nth as u64) % 65_536
                ),
                configuration_code: code,
                configuration_name: name,
                product,
                status: if used_up { "UsedUp" } else { "Effective" },
                total_amount: WireNumber::new(amount, 0, form),
                available_amount: WireNumber::new(if used_up { 0 } else { left }, 0, form),
                unit,
                effective_time: format!("{} 00:00:00", day_text(start)),
                expiry_time: format!("{} 00:00:00", day_text(end)),
            });
        }
    }
    packages
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AccountBalance {
    #[serde(rename = "AccountID")]
    account_id: u64,
    available_balance: WireNumber,
    cash_balance: WireNumber,
    credit_limit: WireNumber,
    freeze_amount: WireNumber,
    arrears_balance: WireNumber,
}

/// Answers `QueryBalanceAcct`.
pub(super) fn balance(session: &Session<'_>) -> Result<Response<Vec<u8>>, Refusal> {
    Parameters::from_body(session.body)?;
    let form: NumberForm = session.behaviors.seats.quota_values.of(true);
    let money = |cents| WireNumber::money(cents, form);
    let seed = mix(mix(session.seed, session.account.account_id), 0x0043_4E59);
    let (cash, owed) = match session.behaviors.seats.balance {
        Balance::Usual => (10_000 + seed % 1_000_000, 0),
        Balance::Arrears => (0, 100 + seed % 10_000),
    };
    Ok(session.about.success(&AccountBalance {
        account_id: session.account.account_id,
        available_balance: money(cash),
        cash_balance: money(cash),
        credit_limit: money(0),
        freeze_amount: money(0),
        arrears_balance: money(owed),
    }))
}

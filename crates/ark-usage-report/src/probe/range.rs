//! The longest range of one call, and the oldest usage that is kept.

use volc_openapi::{ApiError, CodeClass};

use super::finding::ProbeFinding;
use crate::lang::Text;
use crate::text;

/// A search for the longest range.
pub(super) struct RangeSearch<'a> {
    pub(super) question: &'static str,
    /// The unit of sizes.
    pub(super) unit: Text,
    /// The sizes to try, the smallest first.
    pub(super) sizes: &'a [i64],
}

/// Returns a refusal that ends a call of some size.
type SizeEnd<E> = Result<Option<ApiError>, E>;

impl RangeSearch<'_> {
    /// Tries longer ranges until one is refused, then halves the difference.
    pub(super) async fn finding<E>(
        &self,
        call: impl AsyncFn(i64) -> SizeEnd<E>,
    ) -> Result<ProbeFinding, E> {
        let Self { question, unit, sizes } = self;
        let (mut good, mut bad) = (0, None);
        for size in *sizes {
            match call(*size).await? {
                None => good = *size,
                Some(error) if is_parameter(&error) => {
                    bad = Some((*size, error.shown_code()));
                    break;
                }
                Some(error) => {
                    let refused = error.shown_code();
                    let why = text!(
                        "{size} {unit} were refused with {refused}, for a reason other than the range",
                        "{size} {unit}被拒绝（{refused}），但原因与范围无关";
                        unit = unit
                    );
                    return Ok(ProbeFinding::open(question, why));
                }
            }
        }
        let Some((mut bad, code)) = bad else {
            return Ok(ProbeFinding::settled(
                question,
                text!("at least {good} {unit}", "至少 {good} {unit}"; unit = unit),
                text!(
                    "a call for {good} {unit} succeeded; longer ranges were not tried",
                    "一次查询 {good} {unit}成功；没有尝试更长的范围";
                    unit = unit
                ),
            ));
        };
        while bad - good > 1 {
            let middle = good + (bad - good) / 2;
            match call(middle).await? {
                None => good = middle,
                Some(_) => bad = middle,
            }
        }
        Ok(ProbeFinding::settled(
            question,
            text!("{good} {unit}", "{good} {unit}"; unit = unit),
            text!(
                "{good} {unit} succeed, {bad} are refused with {code}",
                "{good} {unit}成功，{bad} {unit}被拒绝（{code}）";
                unit = unit
            ),
        ))
    }
}

/// The ages of a day to try.
const AGES: [i64; 3] = [92, 366, 732];

/// Asks for single days of the past until one is refused. `call` takes their age in days.
pub(super) async fn history<E>(call: impl AsyncFn(i64) -> SizeEnd<E>) -> Result<ProbeFinding, E> {
    const QUESTION: &str = "history";
    let mut good = 0;
    for age in AGES {
        match call(age).await? {
            None => good = age,
            Some(error) if is_parameter(&error) => {
                let code = error.shown_code();
                return Ok(ProbeFinding::settled(
                    QUESTION,
                    text!(
                        "a day {good} days ago can be queried, one {age} days ago cannot",
                        "{good} 天前的一天可以查询，{age} 天前的不可以"
                    ),
                    text!("refused with {code}", "被拒绝（{code}）"),
                ));
            }
            Some(error) => {
                return Ok(ProbeFinding::open(QUESTION, super::finding::refused(&error)));
            }
        }
    }
    Ok(ProbeFinding::settled(
        QUESTION,
        text!("a day {good} days ago can be queried", "{good} 天前的一天可以查询"),
        text!("older days were not tried", "没有尝试更早的日期"),
    ))
}

/// Returns true if a parameter was refused: the range, since nothing else differs.
fn is_parameter(error: &ApiError) -> bool {
    matches!(error.error_code().class(), CodeClass::BadParameter(_))
}

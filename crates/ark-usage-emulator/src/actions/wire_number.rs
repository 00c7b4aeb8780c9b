//! Numbers with a fraction, written digit by digit.

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::behaviors::NumberForm;

/// A number with a fraction, as a number or as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WireNumber {
    digits: String,
    form: NumberForm,
}

impl WireNumber {
    /// A number of so many units, each a power of ten: `(19221, 4)` is `1.9221`. Zeros at its end are
    /// left out.
    pub(super) fn new(units: u64, decimals: u32, form: NumberForm) -> Self {
        let scale = 10_u64.saturating_pow(decimals);
        let (whole, fraction) = (units / scale, units % scale);
        let width = usize::try_from(decimals).unwrap_or_default();
        let digits = match fraction {
            0 => whole.to_string(),
            _ => format!("{whole}.{fraction:0width$}").trim_end_matches('0').to_owned(),
        };
        Self { digits, form }
    }
}

impl WireNumber {
    /// Money: always with two digits behind the point.
    pub(super) fn money(cents: u64, form: NumberForm) -> Self {
        Self { digits: format!("{}.{:02}", cents / 100, cents % 100), form }
    }
}

impl Serialize for WireNumber {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        if self.form == NumberForm::Text {
            return output.serialize_str(&self.digits);
        }
        let number: Box<RawValue> =
            RawValue::from_string(self.digits.clone()).map_err(S::Error::custom)?;
        number.serialize(output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_written_one_by_one() {
        for (units, decimals, json) in [
            (19_221, 4, "1.9221"),
            (0, 4, "0"),
            (29, 6, "0.000029"),
            (10_000_000, 3, "10000"),
            (u64::MAX, 0, "18446744073709551615"),
        ] {
            let write = |form| serde_json::to_string(&WireNumber::new(units, decimals, form));
            assert_eq!(write(NumberForm::Number).unwrap(), json);
            assert_eq!(write(NumberForm::Text).unwrap(), format!("\"{json}\""));
        }
    }
}

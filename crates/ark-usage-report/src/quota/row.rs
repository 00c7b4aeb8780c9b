//! A quota: free usage, a pack or a cap.

use rust_decimal::Decimal;

use crate::lang::Lang;
use crate::plan::PlanNumber;

/// The kind of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "whoever shows one has words for each")]
pub enum QuotaKind {
    /// The free usage that every account has once.
    Free,
    /// Free usage that was given besides.
    FreePack,
    /// A pack that was bought or given.
    Pack,
    /// A cap that the account has set.
    Cap,
}

impl QuotaKind {
    /// The name in documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::FreePack => "free-pack",
            Self::Pack => "pack",
            Self::Cap => "cap",
        }
    }

    /// The name for people.
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Free => lang.pick("free", "免费"),
            Self::FreePack => lang.pick("free pack", "免费包"),
            Self::Pack => lang.pick("pack", "资源包"),
            Self::Cap => lang.pick("cap", "限额"),
        }
    }
}

/// A quota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaRow {
    /// Its kind.
    pub kind: QuotaKind,
    /// The model it is for.
    pub model: Option<String>,
    /// The name of a pack, or the type of free usage.
    pub name: Option<String>,
    /// The id of a pack.
    pub id: Option<String>,
    /// The product of a pack.
    pub product: Option<String>,
    /// Such as `token`, where the service says it.
    pub unit: Option<String>,
    /// All of it.
    pub total: Option<PlanNumber>,
    /// The part that is used: as it came, else computed.
    pub used: Option<PlanNumber>,
    /// The part that is left: as it came, else computed; never below 0.
    pub left: Option<PlanNumber>,
    /// The beginning, as it came.
    pub starts_at: Option<String>,
    /// The end, as it came.
    pub expires_at: Option<String>,
}

impl QuotaRow {
    pub(super) fn new(kind: QuotaKind) -> Self {
        Self {
            kind,
            model: None,
            name: None,
            id: None,
            product: None,
            unit: None,
            total: None,
            used: None,
            left: None,
            starts_at: None,
            expires_at: None,
        }
    }

    /// Computes what is used from what is left, or the other way round.
    pub(super) fn completed(mut self) -> Self {
        let rest = |part: &Option<PlanNumber>| {
            let rest = self.total.as_ref()?.value().checked_sub(part.as_ref()?.value())?;
            Some(PlanNumber::computed(rest.max(Decimal::ZERO)))
        };
        let (used, left) = (rest(&self.left), rest(&self.used));
        self.used = self.used.or(used);
        self.left = self.left.or(left);
        self
    }

    /// Returns the used part in percent; `None` where it is not known, or where there is nothing to use.
    pub fn percent(&self) -> Option<PlanNumber> {
        let total = self.total.as_ref()?.value();
        let used = self.used.as_ref()?.value().checked_mul(Decimal::ONE_HUNDRED)?;
        used.checked_div(total).map(PlanNumber::computed)
    }

    /// Returns true where some of it is used, or it is not known how much.
    pub fn is_used(&self) -> bool {
        self.used.as_ref().is_none_or(|used| !used.value().is_zero())
    }

    /// Returns false for packs of products that are not Ark's.
    pub fn is_of_ark(&self) -> bool {
        const PRODUCTS: [&str; 3] = ["ark", "doubao", "db_research"];
        let Some(product) = &self.product else { return true };
        let product = product.to_lowercase();
        PRODUCTS.iter().any(|known| product.starts_with(known))
    }
}

/// Amounts of money of an account, as they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "amounts of one response")]
pub struct MoneyAmounts {
    /// The amount that can be spent.
    pub available: Option<PlanNumber>,
    /// The cash in it.
    pub cash: Option<PlanNumber>,
    /// The credit.
    pub credit_limit: Option<PlanNumber>,
    /// The amount that is held back.
    pub frozen: Option<PlanNumber>,
    /// The amount that is owed.
    pub arrears: Option<PlanNumber>,
}

impl MoneyAmounts {
    /// The amounts with their names in documents, the available one first.
    pub fn named(&self) -> [(&'static str, Option<&PlanNumber>); 5] {
        [
            ("available", self.available.as_ref()),
            ("cash", self.cash.as_ref()),
            ("credit_limit", self.credit_limit.as_ref()),
            ("frozen", self.frozen.as_ref()),
            ("arrears", self.arrears.as_ref()),
        ]
    }
}

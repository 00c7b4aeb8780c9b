//! Dimensions that rows can be grouped by.

use ark_usage_model::Tags;

use crate::error::ReportError;
use crate::lang::Text;
use crate::{other_words, suggest, text};

/// One dimension of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "whoever shows one has words for each")]
pub enum Dimension {
    /// An hour.
    Hour,
    /// A day of the zone.
    Day,
    /// A week of the zone, from Monday on.
    Week,
    /// A month of the zone.
    Month,
    /// An inference endpoint.
    Endpoint,
    /// The model an endpoint serves.
    Model,
    /// A project.
    Project,
    /// A scene.
    Scene,
    /// A batch inference job.
    BatchJob,
    /// A version of a model.
    ModelVersion,
    /// An API key.
    ApiKey,
    /// A billing status.
    Billing,
    /// A kind of batch inference.
    BatchType,
    /// A model unit.
    ModelUnit,
    /// An account.
    Account,
    /// A profile of credentials.
    Profile,
    /// A tag of the service, or of the endpoint.
    Tag(String),
    /// A column of `--labels`.
    Label(String),
}

/// The names without a parameter.
const NAMED: [(&str, Dimension); 16] = [
    ("hour", Dimension::Hour),
    ("day", Dimension::Day),
    ("week", Dimension::Week),
    ("month", Dimension::Month),
    ("endpoint", Dimension::Endpoint),
    ("model", Dimension::Model),
    ("project", Dimension::Project),
    ("scene", Dimension::Scene),
    ("batch-job", Dimension::BatchJob),
    ("model-version", Dimension::ModelVersion),
    ("api-key", Dimension::ApiKey),
    ("billing", Dimension::Billing),
    ("batch-type", Dimension::BatchType),
    ("model-unit", Dimension::ModelUnit),
    ("account", Dimension::Account),
    ("profile", Dimension::Profile),
];

impl Dimension {
    /// Reads the words of `--by`, each once.
    pub fn parse_all(words: &[String]) -> Result<Vec<Self>, ReportError> {
        let mut all = Vec::new();
        for word in words {
            let one = Self::parse(word)?;
            if !all.contains(&one) {
                all.push(one);
            }
        }
        Ok(all)
    }

    fn parse(word: &str) -> Result<Self, ReportError> {
        let keyed = |prefix| word.strip_prefix(prefix).filter(|key: &&str| !key.is_empty());
        if let Some(key) = keyed("tag:") {
            return Ok(Self::Tag(key.to_owned()));
        }
        if let Some(key) = keyed("label:") {
            return Ok(Self::Label(key.to_owned()));
        }
        let named = NAMED.iter().find(|(name, _)| *name == word);
        named.map(|(_, one)| one.clone()).ok_or_else(|| unknown(word))
    }

    /// Returns its name in `--by`.
    pub fn name(&self) -> String {
        match self {
            Self::Tag(key) => format!("tag:{key}"),
            Self::Label(key) => format!("label:{key}"),
            other => {
                let named = NAMED.iter().find(|(_, one)| one == other);
                named.map_or("", |(name, _)| name).to_owned()
            }
        }
    }

    /// Returns the words behind "by".
    pub fn words(&self) -> Text {
        match self {
            Self::Hour => text!("hour", "小时"),
            Self::Day => text!("day", "天"),
            Self::Week => text!("week", "周"),
            Self::Month => text!("month", "月"),
            Self::Endpoint => text!("inference endpoint", "推理接入点"),
            Self::Model => text!("model", "模型"),
            Self::Project => text!("project", "项目"),
            Self::Scene => text!("scene", "场景"),
            Self::BatchJob => text!("batch job", "批量推理任务"),
            Self::ModelVersion => text!("model version", "模型版本"),
            Self::ApiKey => text!("API key", "API Key"),
            Self::Billing => text!("billing status", "计费状态"),
            Self::BatchType => text!("batch type", "批量类型"),
            Self::ModelUnit => text!("model unit", "模型单元"),
            Self::Account => text!("account", "账号"),
            Self::Profile => Text::same("profile"),
            Self::Tag(key) => text!("tag {key}", "标签 {key} "),
            Self::Label(key) => text!("label {key}", "标签 {key} "),
        }
    }

    /// Returns true if it is a unit of time.
    pub fn is_time(&self) -> bool {
        matches!(self, Self::Hour | Self::Day | Self::Week | Self::Month)
    }

    /// Returns true if it needs days or longer units.
    pub fn is_of_days(&self) -> bool {
        matches!(self, Self::Day | Self::Week | Self::Month)
    }

    /// Returns true if it needs usage by endpoint.
    pub fn is_of_endpoints(&self) -> bool {
        match self {
            Self::Endpoint | Self::Model | Self::Label(_) => true,
            Self::Tag(key) => key == Tags::ENDPOINT_ID || !Tags::KNOWN.contains(&key.as_str()),
            _ => false,
        }
    }

    /// Returns true if it needs the numbers of accounts.
    pub fn is_of_accounts(&self) -> bool {
        match self {
            Self::Account => true,
            Self::Tag(key) => key == Tags::ACCOUNT_ID,
            _ => false,
        }
    }

    /// Returns true if it needs usage by scene.
    pub fn is_of_scenes(&self) -> bool {
        match self {
            Self::Scene => true,
            Self::Tag(key) => key == Tags::SCENE,
            _ => false,
        }
    }

    /// Returns the key that an action may group by to tell its values apart.
    pub fn group_key(&self) -> Option<&str> {
        match self {
            Self::Label(_) => Some(Tags::ENDPOINT_ID),
            Self::Tag(key) if !Tags::KNOWN.contains(&key.as_str()) => Some(Tags::ENDPOINT_ID),
            Self::Account | Self::Project => None,
            other => other.tag_keys().first().copied(),
        }
    }

    /// Returns true if only an action that groups by it can tell its values apart: no list of
    /// resources does, and no response tells them unasked.
    pub fn needs_grouping(&self) -> bool {
        match self {
            Self::ModelVersion
            | Self::ApiKey
            | Self::Billing
            | Self::BatchType
            | Self::ModelUnit => true,
            Self::Tag(key) => GROUPED_TAGS.contains(&key.as_str()),
            _ => false,
        }
    }

    /// Returns the tags of the service that hold its value.
    pub(super) fn tag_keys(&self) -> Vec<&str> {
        match self {
            Self::Endpoint | Self::Label(_) => vec![Tags::ENDPOINT_ID],
            Self::Model => vec![Tags::MODEL_NAME, Tags::ENDPOINT_ID],
            Self::ModelVersion => vec![Tags::MODEL_VERSION],
            Self::ApiKey => vec![Tags::API_KEY_ID],
            Self::Billing => vec![Tags::BILLING_STATUS],
            Self::BatchType => vec![Tags::BATCH_TYPE],
            Self::ModelUnit => vec![Tags::MODEL_UNIT_ID],
            Self::Project => vec![Tags::PROJECT],
            Self::Scene => vec![Tags::SCENE],
            Self::BatchJob => vec![Tags::BATCH_JOB_ID],
            Self::Account => vec![Tags::ACCOUNT_ID],
            Self::Tag(key) if Tags::KNOWN.contains(&key.as_str()) => vec![key],
            Self::Tag(key) => vec![key, Tags::ENDPOINT_ID],
            Self::Hour | Self::Day | Self::Week | Self::Month | Self::Profile => Vec::new(),
        }
    }
}

/// Tags that are sent only where they are grouped by.
const GROUPED_TAGS: [&str; 6] = [
    Tags::MODEL_NAME,
    Tags::MODEL_VERSION,
    Tags::API_KEY_ID,
    Tags::BILLING_STATUS,
    Tags::BATCH_TYPE,
    Tags::MODEL_UNIT_ID,
];

fn unknown(word: &str) -> ReportError {
    let names = NAMED.map(|(name, _)| name);
    let all = text!(
        "known dimensions: {names}, tag:KEY and label:COLUMN",
        "可用的有 {names}、tag:键 和 label:列名",
        names = names.join(", ")
    );
    let what = text!("--by {word}: unknown dimension", "--by {word}：未知的维度");
    if let Some(absence) = other_words::absence(word) {
        return ReportError::invalid(what).with_hint(absence);
    }
    let hint = match suggest::meant("--by", word, names) {
        None if !word.is_empty() && !word.contains(':') => text!(
            "write --by tag:{word} for a tag of endpoints, or --by label:{word} for a column of --labels\n{all}",
            "推理接入点的标签请写 --by tag:{word}，--labels 的列请写 --by label:{word}\n{all}";
            all = all
        ),
        meant => suggest::hint_of("--by ", meant, all),
    };
    ReportError::invalid(what).with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> Result<Vec<Dimension>, ReportError> {
        Dimension::parse_all(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn every_name_reads_back() {
        let mut names: Vec<&str> = NAMED.iter().map(|(name, _)| *name).collect();
        names.extend(["tag:team", "label:cost_center"]);
        let read = parsed(&names).unwrap();
        assert_eq!(read.iter().map(Dimension::name).collect::<Vec<_>>(), names);
        assert_eq!(parsed(&["day", "day"]).unwrap(), [Dimension::Day]);
    }

    #[test]
    fn mistyped_names_get_a_suggestion() {
        for (word, name) in [("endpiont", "endpoint"), ("Model", "model"), ("batch", "batch-job")] {
            let error = parsed(&[word]).unwrap_err().in_full();
            assert!(error.contains(&format!("did you mean --by {name}?")), "{error}");
        }
        for word in ["colour", "", "tag:", "label:"] {
            let error = parsed(&[word]).unwrap_err().in_full();
            assert!(error.contains("known dimensions: hour, day"), "{error}");
        }
    }
}

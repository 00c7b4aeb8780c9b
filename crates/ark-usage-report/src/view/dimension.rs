//! Dimensions that rows can be grouped by.

use ark_usage_model::Tags;

use crate::error::ReportError;
use crate::lang::Text;
use crate::{suggest, text};

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
const NAMED: [(&str, Dimension); 11] = [
    ("hour", Dimension::Hour),
    ("day", Dimension::Day),
    ("week", Dimension::Week),
    ("month", Dimension::Month),
    ("endpoint", Dimension::Endpoint),
    ("model", Dimension::Model),
    ("project", Dimension::Project),
    ("scene", Dimension::Scene),
    ("batch-job", Dimension::BatchJob),
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
            Self::Tag(key) => key == Tags::ENDPOINT_ID || !SERVICE_TAGS.contains(&key.as_str()),
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

    /// Returns the tags of the service that hold its value.
    pub(super) fn tag_keys(&self) -> Vec<&str> {
        match self {
            Self::Endpoint | Self::Model | Self::Label(_) => vec![Tags::ENDPOINT_ID],
            Self::Scene => vec![Tags::SCENE],
            Self::BatchJob => vec![Tags::BATCH_JOB_ID],
            Self::Account => vec![Tags::ACCOUNT_ID],
            Self::Tag(key) if SERVICE_TAGS.contains(&key.as_str()) => vec![key],
            Self::Tag(key) => vec![key, Tags::ENDPOINT_ID],
            Self::Hour | Self::Day | Self::Week | Self::Month | Self::Project | Self::Profile => {
                Vec::new()
            }
        }
    }
}

/// Tags that the service is known to send; any other may be one that people gave an endpoint.
const SERVICE_TAGS: [&str; 4] =
    [Tags::ENDPOINT_ID, Tags::ACCOUNT_ID, Tags::BATCH_JOB_ID, Tags::SCENE];

fn unknown(word: &str) -> ReportError {
    let names = NAMED.map(|(name, _)| name);
    let all = text!(
        "known dimensions: {names}, tag:KEY and label:COLUMN",
        "可用的有 {names}、tag:键 和 label:列名",
        names = names.join(", ")
    );
    let hint = match suggest::nearest(word, names) {
        None if !word.is_empty() && !word.contains(':') => text!(
            "write --by tag:{word} for a tag of endpoints, or --by label:{word} for a column of --labels\n{all}",
            "推理接入点的标签请写 --by tag:{word}，--labels 的列请写 --by label:{word}\n{all}";
            all = all
        ),
        meant => suggest::hint_of("--by ", meant, all),
    };
    ReportError::invalid(text!("--by {word}: unknown dimension", "--by {word}：未知的维度"))
        .with_hint(hint)
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

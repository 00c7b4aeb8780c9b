//! Part three: the conformance kit over a signer in another language, right and wrong ones.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::programs::{Outcome, Programs};

/// The change to the example, and the first stage and a word of the cause that has to come out.
const MISTAKES: [(&str, &str, &str, &str); 5] = [
    ("safe=\"-_.~\"", "safe=\"-_.~/\"", "canonical_request", "slash"),
    ("unquote_plus(value)", "unquote(value)", "canonical_request", ""),
    ("asked[\"service\"], \"request\"", "\"iam\", \"request\"", "string_to_sign", ""),
    (
        "asked[\"secret_access_key\"].encode()",
        "b\"AWS4\" + asked[\"secret_access_key\"].encode()",
        "signature",
        "secret",
    ),
    ("SignedHeaders=", "Headers=", "authorization", "Authorization"),
];

/// The example conforms, and each mistake is found where it was made.
pub(crate) fn run(programs: &Programs) -> Outcome<String> {
    let example = programs.scripts.join("example_signer.py");
    let text = fs::read_to_string(&example).map_err(|error| error.to_string())?;
    let home = tempfile::tempdir().map_err(|error| error.to_string())?;
    let report = report(programs, home.path(), &example)?;
    let counts = report.get("counts").cloned().unwrap_or_default();
    if report.get("conforms") != Some(&Value::Bool(true)) {
        return Err(format!("the example signer does not conform: {report:#}"));
    }
    for (right, wrong, stage, word) in MISTAKES {
        let script = home.path().join("signer.py");
        let mistaken = text.replace(right, wrong);
        if mistaken == text {
            return Err(format!("the example signer has no {right:?}"));
        }
        fs::write(&script, mistaken).map_err(|error| error.to_string())?;
        let report = self::report(programs, home.path(), &script)?;
        let found = departures(&report).any(|case| {
            let causes = case.get("causes").map(Value::to_string).unwrap_or_default();
            case.get("stage").and_then(Value::as_str) == Some(stage) && causes.contains(word)
        });
        if !found {
            let first = departures(&report).next();
            return Err(format!("{wrong}: not found at {stage} with {word:?}, but {first:?}"));
        }
    }
    Ok(format!(
        "the example signer conforms ({counts}); {} mistakes are found where they are",
        MISTAKES.len()
    ))
}

fn report(programs: &Programs, home: &Path, signer: &Path) -> Outcome<Value> {
    let command = format!("'{}' '{}'", programs.python.display(), signer.display());
    let mut ours = programs.ours(home);
    ours.args(["conformance", "-f", "json", "--signer", &command]);
    let output = ours.output().map_err(|error| error.to_string())?;
    let said = || String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_slice(&output.stdout).map_err(|error| format!("{error}: {}", said()))
}

fn departures(report: &Value) -> impl Iterator<Item = &Value> {
    let cases = report.get("cases").and_then(Value::as_array).into_iter().flatten();
    cases.filter(|case| case.get("outcome").and_then(Value::as_str) == Some("departs"))
}

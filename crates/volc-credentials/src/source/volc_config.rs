//! `~/.volc/config` of the older SDKs: JSON with `ak`, `sk`; the Node SDK reads other names from it.

use std::path::PathBuf;

use volc_sign::Credentials;

use super::{Candidate, Located, Probe};
use crate::absence::Absence;
use crate::environment::{Environment, UnreadableVariable};
use crate::found::{Origin, SourceKind};
use crate::json::Object;
use crate::outcome::{HalfKey, Outcome};
use crate::temporary::Temporary;

/// The two spellings; both halves must be of the same one.
const SPELLINGS: [[&str; 2]; 2] = [["ak", "sk"], ["VOLC_ACCESSKEY", "VOLC_SECRETKEY"]];

pub(super) fn path(environment: &Environment) -> Result<Option<PathBuf>, UnreadableVariable> {
    Ok(environment.read_home()?.map(|home| home.join(".volc").join("config")))
}

pub(super) fn locate(probe: &mut Probe<'_>) -> Result<Candidate, Outcome> {
    let path = path(probe.environment())?.ok_or(Outcome::Absent(Absence::HomeUnknown))?;
    let text = probe.reader.text(&path)?;
    let text = text.ok_or_else(|| Outcome::Absent(Absence::FileMissing(path.clone())))?;
    let file = Object::parse(&path, &text)?;

    let mut half = None;
    for [id_key, secret_key] in SPELLINGS {
        match (file.string(id_key)?, file.string(secret_key)?) {
            (Some(id), Some(secret)) => {
                let credentials = Credentials::new(id, secret);
                return Ok(Candidate {
                    origin: Origin { file: Some(path), ..Origin::new(SourceKind::VolcConfig) },
                    settings: None,
                    located: Located::Ready(Temporary { credentials, expires: None }),
                });
            }
            (Some(_), None) => half = half.or(Some((id_key, secret_key))),
            (None, Some(_)) => half = half.or(Some((secret_key, id_key))),
            (None, None) => {}
        }
    }
    Err(match half {
        Some((present, missing)) => Outcome::Half {
            present: HalfKey::Entry(Box::new(file.place(present))),
            missing: HalfKey::named(missing),
        },
        None => Outcome::Absent(Absence::NoKeys(path)),
    })
}

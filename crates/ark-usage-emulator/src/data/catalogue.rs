//! The catalogue of an account: its projects, their inference endpoints, and the workloads
//! on these.

use super::api_key::ApiKey;
use super::made_up::{is_made_up, project_name};
use super::noise::{fold_text, letters, mix, pick};
use super::vendor_day::VENDOR_DAY_PROJECT;
use super::vendor_day_spread::spread;
use super::workload::{Endpoint, Output, Rhythm, Workload};
use crate::calendar::digits;

/// The numbers of projects of an account and of endpoints of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CatalogueSize {
    /// Projects, the project `default` among them; at least one is made.
    pub projects: usize,
    /// Inference endpoints of `default`; later projects have one fewer each, but at least two
    /// (or as many as `default`, where that has fewer).
    pub endpoints: usize,
}

impl Default for CatalogueSize {
    fn default() -> Self {
        Self { projects: 3, endpoints: 4 }
    }
}

/// All projects of one account.
#[derive(Clone, Debug)]
pub(crate) struct Catalogue {
    pub(crate) projects: Vec<Project>,
}

impl Catalogue {
    pub(crate) fn new(seed: u64, account_id: u64, size: CatalogueSize) -> Self {
        let seed = mix(seed, account_id);
        let count = size.projects.max(1);
        let name = |index| name(account_id, count, index);
        let projects = (0..count).map(|index| project(seed, index, name(index), size));
        let mut projects: Vec<Project> = projects.collect();
        let documented = projects.iter_mut().find(|project| project.name == VENDOR_DAY_PROJECT);
        if let Some(project) = documented.filter(|_| !is_made_up(account_id)) {
            spread(&mut project.endpoints);
        }
        Self { projects }
    }

    pub(crate) fn project(&self, name: &str) -> Option<&Project> {
        self.projects.iter().find(|project| project.name == name)
    }
}

/// One project.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) created: i64,
    pub(crate) endpoints: Vec<Endpoint>,
    /// Models called by name, without an endpoint of their own: pictures and videos. They use no
    /// prompt or completion tokens, so `GetUsage` has nothing of them.
    pub(crate) presets: Vec<Endpoint>,
    pub(crate) api_keys: Vec<ApiKey>,
}

impl Project {
    pub(crate) fn has_batch_job(&self, id: &str) -> bool {
        let mut workloads = self.endpoints.iter().flat_map(|endpoint| &endpoint.workloads);
        workloads.any(|workload| workload.batch_job_id.as_deref() == Some(id))
    }
}

const SCENE_ORDINARY: &str = "Ordinary";
const SCENE_BATCH: &str = "Batch";
const SCENE_BATCH_CHAT: &str = "BatchChat";

const PROJECT_NAMES: [(&str, &str); 6] = [
    ("default", "Default project"),
    ("search", "Search and ranking"),
    ("assistant", "Customer assistant"),
    ("translation", "Translation"),
    ("code-review", "Code review"),
    ("research", "Research"),
];

const ENDPOINT_NAMES: [&str; 8] =
    ["chat", "summary", "extract", "rewrite", "classify", "vision", "rerank", "draft"];

const MODELS: [(&str, &str); 5] = [
    ("doubao-seed-1-6", "250615"),
    ("doubao-1-5-pro-32k", "250115"),
    ("doubao-1-5-lite-32k", "250115"),
    ("doubao-seed-1-6-flash", "250715"),
    ("deepseek-v3", "241226"),
];

/// 2024-06-01 00:00 +08:00: the oldest thing in the catalogue is not older.
const FOUNDED: i64 = 1_717_171_200;
/// Prompt tokens of the busiest endpoint's best hour: makes a working day of `default` about as
/// large as the documented one.
const BUSIEST: u64 = 60_000_000;
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

/// The name and display name of one of `count` projects.
fn name(account_id: u64, count: usize, index: usize) -> (String, String) {
    let own = || project_name(account_id, count.saturating_sub(1), index.checked_sub(1)?);
    let common = || {
        // Those of a made-up account have other names, or a number.
        let names = PROJECT_NAMES.get(index).filter(|_| index == 0 || !is_made_up(account_id));
        names.map(|(name, display_name)| ((*name).to_owned(), (*display_name).to_owned()))
    };
    let numbered = || (format!("project-{:02}", index + 1), format!("Project {}", index + 1));
    own().or_else(common).unwrap_or_else(numbered)
}

fn project(
    account_seed: u64,
    index: usize,
    (name, display_name): (String, String),
    size: CatalogueSize,
) -> Project {
    let seed = fold_text(account_seed, &name);
    let count = size.endpoints.saturating_sub(index).max(size.endpoints.min(2));
    let endpoints: Vec<Endpoint> = (0..count).map(|nth| endpoint(seed, index, nth)).collect();
    let presets = if endpoints.is_empty() { Vec::new() } else { presets(seed, index) };
    let founded = FOUNDED + 30 * 86_400;
    let api_keys = (0..endpoints.len().clamp(3, 40)).map(|nth| ApiKey::new(seed, nth, founded));
    Project {
        name,
        display_name,
        created: FOUNDED + instant_within(seed, 30),
        endpoints,
        presets,
        api_keys: api_keys.collect(),
    }
}

/// The models that are called by name: one makes pictures, the other videos.
fn presets(project_seed: u64, project: usize) -> Vec<Endpoint> {
    let preset = |nth: usize, (model, model_version): (&'static str, _), output, most: u64| {
        let seed = mix(project_seed, 1000 + nth as u64);
        let created = FOUNDED + 30 * 86_400 + instant_within(mix(seed, 1), 90);
        let busiest = most / rank(project);
        let rhythm = Rhythm::OfficeHours;
        Endpoint {
            id: format!("ep-m-{}-{}", digits(created), unique_letters(seed, nth)),
            name: model.to_owned(),
            model,
            model_version,
            created,
            tags: Vec::new(),
            workloads: vec![workload(seed, SCENE_ORDINARY, None, busiest, rhythm)],
            output,
            model_unit: None,
        }
    };
    [
        (("doubao-seedream-4-0", "250828"), Output::Images, 900),
        (("doubao-seedance-1-0-pro", "250528"), Output::Videos, 90),
    ]
    .into_iter()
    .enumerate()
    .map(|(nth, (model, output, most))| preset(nth, model, output, most))
    .collect()
}

fn endpoint(project_seed: u64, project: usize, nth: usize) -> Endpoint {
    let seed = mix(project_seed, nth as u64);
    let created = FOUNDED + 30 * 86_400 + instant_within(mix(seed, 1), 90);
    let id = format!("ep-{}-{}", digits(created), unique_letters(seed, nth));
    let (model, model_version) = pick(mix(seed, 3), &MODELS).copied().unwrap_or_default();
    let role = ENDPOINT_NAMES.get(nth % ENDPOINT_NAMES.len()).copied().unwrap_or_default();
    let name = match nth / ENDPOINT_NAMES.len() {
        0 => role.to_owned(),
        round => format!("{role}-{}", round + 1),
    };
    let team = pick(mix(seed, 4), &["growth", "platform", "data"]).copied().unwrap_or_default();
    let stage = if nth == 0 { "production" } else { "staging" };
    Endpoint {
        id,
        name,
        model,
        model_version,
        created,
        tags: vec![("team", team), ("stage", stage)],
        workloads: workloads(seed, BUSIEST / rank(project) / rank(nth), nth, created),
        output: Output::Text,
        model_unit: (nth % 4 == 3)
            .then(|| format!("mu-{}-{}", digits(created), letters(seed, LETTERS, 5))),
    }
}

/// Every endpoint serves ordinary calls; the first of every three runs two batch jobs as well, the
/// second one batch chat job, the third none and only in office hours.
fn workloads(seed: u64, busiest: u64, nth: usize, created: i64) -> Vec<Workload> {
    let ordinary = if nth % 3 == 2 { Rhythm::OfficeHours } else { Rhythm::RoundTheClock };
    let mut workloads = vec![workload(seed, SCENE_ORDINARY, None, busiest, ordinary)];
    let job = |number: u64| {
        let key = mix(seed, 100 + number);
        let started = created + 86_400 + instant_within(key, 20);
        Some(format!("bi-{}-{}", digits(started), letters(key, LETTERS, 5)))
    };
    match nth % 3 {
        0 => {
            workloads.push(workload(seed, SCENE_BATCH, job(0), busiest / 4, Rhythm::Night));
            workloads.push(workload(seed, SCENE_BATCH, job(1), busiest / 6, Rhythm::Night));
        }
        1 => {
            workloads.push(workload(seed, SCENE_BATCH_CHAT, job(0), busiest / 5, Rhythm::Evening));
        }
        _ => {}
    }
    workloads
}

fn workload(
    endpoint_seed: u64,
    scene: &'static str,
    batch_job_id: Option<String>,
    busiest: u64,
    rhythm: Rhythm,
) -> Workload {
    let key = fold_text(fold_text(endpoint_seed, scene), batch_job_id.as_deref().unwrap_or(""));
    Workload {
        scene,
        batch_job_id,
        key,
        full_load: busiest / 2 + mix(key, 1) % (busiest / 2 + 1),
        completion_permille: 15 + mix(key, 2) % 45,
        rhythm,
        vendor_day: None,
    }
}

/// The first is busiest; from the eighth on all are alike.
fn rank(nth: usize) -> u64 {
    (nth as u64 + 1).min(8)
}

/// Five letters, the last two of them counting, so that endpoints made in one second differ.
fn unique_letters(seed: u64, nth: usize) -> String {
    let free = letters(mix(seed, 2), LETTERS, 3);
    let alphabet: Vec<char> = LETTERS.chars().collect();
    let digit = |index: usize| alphabet.get(index % alphabet.len()).copied().unwrap_or('0');
    format!("{free}{}{}", digit(nth / alphabet.len()), digit(nth))
}

fn instant_within(seed: u64, days: u64) -> i64 {
    // Below a few months of seconds, far from the edge of i64.
    i64::try_from(mix(seed, 7) % (days * 86_400)).unwrap_or_default()
}

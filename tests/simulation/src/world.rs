//! The truth: every number of every account, asked once of an emulator without faults.

use std::collections::BTreeMap;

use ark_usage_emulator::faults::{Effect, Fault, When};
use ark_usage_emulator::{
    Account, Behaviors, CatalogueSize, DEMO_ACCOUNT_ID, Emulator, EmulatorOptions, FaultScript,
};
use ark_usage_model::get_inference_usage::{GetInferenceUsage, QueryInterval, UsageFilter};
use ark_usage_model::{GetUsage, Interval, Tags, Target};
use serde_json::Value;
use volc_openapi::Action;
use volc_sign::{Credentials, Signer, SigningTime};

use crate::action::ActionKind;

/// Start of the first day and hour of the world: 2024-11-18 at UTC+8.
pub(crate) const ORIGIN: i64 = 1_731_859_200;
/// Days of the world.
pub(crate) const DAYS: u32 = 24;
/// Hours within which schedules by hour lie.
pub(crate) const HOURS: u32 = 72;
/// Projects of each account.
pub(crate) const PROJECTS: [&str; 2] = ["default", "search"];
/// The percentages of the true values that revised ones may have; 100 is not revised.
pub(crate) const PERCENTS: [u64; 3] = [100, 97, 104];

/// Long after everything in the world has ended.
const LATER: u64 = 1_800_000_000;
const BASE_URL: &str = "http://127.0.0.1/";

/// Everything that was ever used, at the finest grain there is.
#[derive(Debug)]
pub struct World {
    tables: BTreeMap<TableKey, Vec<Cell>>,
    signers: Vec<Signer>,
}

/// Action, account, project, interval in seconds, percent.
type TableKey = (ActionKind, u32, &'static str, i64, u64);

/// Usage that has one endpoint, scene, batch job and metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// `EndpointId`
    pub endpoint_id: String,
    /// `Scene`
    pub scene: String,
    /// `BatchJobId`, inside batch jobs.
    pub batch_job_id: Option<String>,
    /// Its other properties, by the keys of tags; `(none)` where it has nothing.
    pub tags: BTreeMap<&'static str, String>,
    /// The metric, by its name in the action.
    pub metric: String,
    /// Its values by hour, from the first hour of the world on; whole buckets in their first hour.
    pub hours: Vec<i64>,
    /// The hours of a bucket that have values of their own.
    pub hours_in_bucket: usize,
}

impl Cell {
    /// Its hours in the bucket that starts at this instant; those the world does not have are 0.
    pub fn bucket(&self, start: i64) -> impl Iterator<Item = i64> {
        let first = usize::try_from((start - ORIGIN) / 3_600).unwrap_or(usize::MAX);
        (0..self.hours_in_bucket).map(move |hour| {
            let index = first.checked_add(hour).filter(|_| start >= ORIGIN);
            index.and_then(|index| self.hours.get(index)).copied().unwrap_or(0)
        })
    }

    /// True when a target asks for it.
    pub fn is_asked(&self, target: &Target) -> bool {
        let ids = &target.endpoint_ids;
        let scenes = &target.scenes;
        (ids.is_empty() || ids.contains(&self.endpoint_id))
            && (scenes.is_empty() || scenes.iter().any(|scene| scene.as_str() == self.scene))
            && (target.batch_job_id.is_none() || target.batch_job_id == self.batch_job_id)
            && target.filters.iter().all(|filter| {
                let value = self.tags.get(filter.key.as_str());
                filter.values.is_empty() || value.is_none_or(|value| filter.values.contains(value))
            })
    }
}

impl World {
    /// Asks for everything.
    pub fn new() -> Self {
        let signers: Vec<Signer> = accounts()
            .into_iter()
            .map(|account| Signer::new(account.credentials, "cn-beijing", "ark"))
            .collect();
        let mut world = Self { tables: BTreeMap::new(), signers };
        for percent in PERCENTS {
            let emulator = all_telling(percent);
            for account in 0..2 {
                for project in PROJECTS {
                    let usage = world.ask(&emulator, account, project);
                    let inference = world.ask_inference(&emulator, account, project);
                    for kind in ActionKind::ALL {
                        let by_hour =
                            if kind == ActionKind::InferenceUsage { &inference } else { &usage };
                        for interval in [Interval::Day, Interval::Hour] {
                            let hours = usize::try_from(interval.seconds() / 3_600).unwrap_or(1);
                            let cells = kind.cells(by_hour, hours);
                            let key = (kind, account, project, interval.seconds(), percent);
                            world.tables.insert(key, cells);
                        }
                    }
                }
            }
        }
        world
    }

    /// All cells of a target's account and project.
    pub fn cells(
        &self,
        kind: ActionKind,
        target: &Target,
        interval: Interval,
        percent: u64,
    ) -> &[Cell] {
        let name = target.project.as_deref().unwrap_or("default");
        let project = PROJECTS.into_iter().find(|project| *project == name).unwrap_or("default");
        self.tables
            .get(&(kind, target.account.0, project, interval.seconds(), percent))
            .map_or(&[], Vec::as_slice)
    }

    /// The signer of an account.
    pub fn signer(&self, account: u32) -> &Signer {
        let index = usize::try_from(account).unwrap_or(0);
        self.signers.get(index).or_else(|| self.signers.first()).expect("there are two accounts")
    }

    /// The ids of a project's endpoints, in order.
    pub fn endpoint_ids(&self, account: u32, project: Option<&str>) -> Vec<String> {
        let target = Target {
            account: ark_usage_model::AccountId(account),
            project: project.map(str::to_owned),
            ..Target::default()
        };
        let cells = self.cells(ActionKind::GetUsage, &target, Interval::Day, 100);
        let mut ids: Vec<String> = cells.iter().map(|cell| cell.endpoint_id.clone()).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// The batch jobs of a project, in order.
    pub fn batch_jobs(&self, target: &Target) -> Vec<String> {
        let cells = self.cells(ActionKind::GetUsage, target, Interval::Day, 100);
        let mut jobs: Vec<String> =
            cells.iter().filter_map(|cell| cell.batch_job_id.clone()).collect();
        jobs.sort();
        jobs.dedup();
        jobs
    }

    /// The usage of every hour.
    fn ask(&self, emulator: &Emulator, account: u32, project: &str) -> Vec<Cell> {
        let last = ORIGIN + 3_600 * (i64::from(DAYS) * 24 - 1);
        let action = GetUsage {
            project_name: Some(project.to_owned()),
            ..GetUsage::new(Interval::Hour, ORIGIN, last)
        };
        cells(&self.result(emulator, account, &action))
    }

    /// The same of `GetInferenceUsage`, by everything that schedules group and filter by.
    fn ask_inference(&self, emulator: &Emulator, account: u32, project: &str) -> Vec<Cell> {
        let group = |key: &&str| UsageFilter { key: (*key).to_owned(), values: Vec::new() };
        let action = GetInferenceUsage {
            start_time: "2024-11-18".to_owned(),
            end_time: format!("2024-12-{:02}", DAYS - 13),
            query_interval: QueryInterval::Hour,
            project_name: Some(project.to_owned()),
            filters: INFERENCE_KEYS.iter().map(|(key, _)| group(key)).collect(),
        };
        inference_cells(&self.result(emulator, account, &action))
    }

    fn result<A: Action>(&self, emulator: &Emulator, account: u32, action: &A) -> Value {
        let base_url = BASE_URL.parse().expect("a base URL");
        let mut request = action.to_http(&base_url).expect("a request");
        let time = SigningTime::from_unix(LATER).expect("an instant");
        self.signer(account).sign_request(&mut request, time).expect("it can be signed");
        let response = emulator.handle(&request, time);
        let answer: Value = serde_json::from_slice(response.body()).expect("JSON");
        answer["Result"].clone()
    }

    /// The values of a tag in a target's project, in order.
    pub(crate) fn values(&self, target: &Target, key: &str) -> Vec<String> {
        let cells = self.cells(ActionKind::InferenceUsage, target, Interval::Day, 100);
        let mut values: Vec<String> =
            cells.iter().filter_map(|cell| cell.tags.get(key)).cloned().collect();
        values.sort();
        values.dedup();
        values
    }
}

/// The filters by which the truth is asked for, and their tags.
pub(crate) const INFERENCE_KEYS: [(&str, &str); 5] = [
    ("ModelEndpoint", Tags::ENDPOINT_ID),
    ("ApikeyID", Tags::API_KEY_ID),
    ("ModelName", Tags::MODEL_NAME),
    ("BillingStatus", Tags::BILLING_STATUS),
    ("BatchJobID", Tags::BATCH_JOB_ID),
];

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// The accounts of the world. Not keys of any real account.
pub(crate) fn accounts() -> Vec<Account> {
    let key =
        Credentials::new("AKLTEXAMPLE0000000000000000000001", "fake-secret-for-tests-only-0001");
    vec![Account::demo(), Account::new(key, DEMO_ACCOUNT_ID + 1)]
}

/// The amount there is of everything.
pub(crate) const fn size() -> CatalogueSize {
    CatalogueSize { projects: PROJECTS.len(), endpoints: 3 }
}

/// An emulator that splits as finely as it can.
fn all_telling(percent: u64) -> Emulator {
    let behaviors: Behaviors =
        "tags=always,tag-keys=EndpointId+Scene+BatchJobId".parse().expect("known switches");
    let revision = Fault {
        name: None,
        when: When::default(),
        effect: Effect::Revision { percent, since: None },
    };
    let faults = if percent == 100 { Vec::new() } else { vec![revision] };
    Emulator::new(EmulatorOptions {
        accounts: accounts(),
        behaviors,
        faults: FaultScript { faults },
        size: size(),
        ..EmulatorOptions::default()
    })
}

/// Reads an answer without any help of the model's.
fn cells(result: &Value) -> Vec<Cell> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut cells = Vec::new();
    for metric in list(&result["UsageResults"]) {
        for item in list(&metric["MetricItems"]) {
            let tags: BTreeMap<String, String> = list(&item["Tags"])
                .iter()
                .map(|tag| (text(&tag["Key"]), text(&tag["Value"])))
                .collect();
            let value = |sample: &Value| sample["Value"].as_i64().expect("a value");
            cells.push(Cell {
                endpoint_id: tags.get("EndpointId").cloned().expect("an endpoint"),
                scene: tags.get("Scene").cloned().unwrap_or_default(),
                batch_job_id: tags.get("BatchJobId").cloned(),
                tags: BTreeMap::new(),
                metric: text(&metric["Name"]),
                hours: list(&item["Values"]).iter().map(value).collect(),
                hours_in_bucket: 1,
            });
        }
    }
    cells
}

/// Reads a table as the emulator writes it, without any help of the model's.
fn inference_cells(result: &Value) -> Vec<Cell> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let names: Vec<String> = list(&result["Fields"])
        .iter()
        .map(|field| field["Name"].as_str().unwrap_or_default().to_owned())
        .collect();
    let mut cells: BTreeMap<(Vec<String>, &str), Cell> = BTreeMap::new();
    for row in list(&result["Data"]) {
        let text = |name: &str| {
            let place = names.iter().position(|known| known == name).expect("a column");
            row[place].as_str().expect("text").to_owned()
        };
        let day: usize = match text("Day").split_at(8) {
            ("2024-11-", day) => day.parse::<usize>().expect("a day") - 18,
            (_, day) => day.parse::<usize>().expect("a day") + 12,
        };
        let hour = day * 24 + text("Hour").parse::<usize>().expect("an hour");
        let dims: Vec<String> = INFERENCE_KEYS.iter().map(|(key, _)| text(key)).collect();
        for metric in INFERENCE_METRICS {
            let cell = cells
                .entry((dims.clone(), metric))
                .or_insert_with(|| inference_cell(&dims, metric));
            *cell.hours.get_mut(hour).expect("an hour of the world") =
                text(metric).parse().expect("a number");
        }
    }
    cells.into_values().collect()
}

const INFERENCE_METRICS: [&str; 6] =
    ["InputTokens", "CacheTokensHit", "OutputTokens", "ImageCount", "TotalTokens", "ReqCnt"];

/// A cell without usage, by the values of [`INFERENCE_KEYS`].
fn inference_cell(values: &[String], metric: &str) -> Cell {
    let named = |value: &String| match value.as_str() {
        "" => Tags::NONE.to_owned(),
        value => value.to_owned(),
    };
    let keys = INFERENCE_KEYS.iter().map(|(_, tag)| *tag);
    let tags: BTreeMap<&'static str, String> = keys.zip(values.iter().map(named)).collect();
    let job = tags.get(Tags::BATCH_JOB_ID).filter(|job| *job != Tags::NONE).cloned();
    Cell {
        endpoint_id: tags.get(Tags::ENDPOINT_ID).cloned().unwrap_or_default(),
        scene: String::new(),
        batch_job_id: job,
        tags,
        metric: metric.to_owned(),
        hours: vec![0; usize::try_from(DAYS * 24).unwrap_or_default()],
        hours_in_bucket: 1,
    }
}

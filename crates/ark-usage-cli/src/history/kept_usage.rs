//! A history in place of the service: which accounts it has, and what it answers.

use std::collections::BTreeSet;
use std::fmt;
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use ark_usage_history::{Catalog, RespondError, Store, StoreError, respond};
use ark_usage_model::{AccountId, RequestedUsage, Scene, Tags};
use ark_usage_render::shell_word;
use ark_usage_report::{listed, suggest, text};
use ark_usage_transport::TransportError;
use http::{Request, Response};

use super::HistoryFile;
use crate::actions::{ACTIONS, DEFAULT};
use crate::args::FILTER_FLAGS;
use crate::error::CliError;
use crate::lang::Text;

/// A history that answers in place of the service. Clones answer from the same file.
#[derive(Clone)]
pub(crate) struct KeptUsage {
    shared: Arc<KeptParts>,
}

struct KeptParts {
    file: HistoryFile,
    state: Mutex<KeptState>,
}

struct KeptState {
    store: Box<dyn Store + Send>,
    /// The accounts of the run, by their position.
    accounts: Vec<KeptAccount>,
    /// The first request that the history cannot answer.
    refused: Option<CliError>,
}

/// An account of a history.
struct KeptAccount {
    number: String,
    /// Read with the first request.
    catalog: Option<Catalog>,
}

impl fmt::Debug for KeptUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptUsage").field("file", &self.shared.file).finish_non_exhaustive()
    }
}

impl KeptAccount {
    /// Returns the catalog, which is read once.
    fn catalog(&mut self, store: &dyn Store) -> Result<&Catalog, StoreError> {
        let catalog = match self.catalog.take() {
            Some(catalog) => catalog,
            None => Catalog::read(store, &self.number)?,
        };
        Ok(self.catalog.insert(catalog))
    }

    /// Returns the projects whose usage was kept, unless the service has listed projects.
    fn unlisted_projects(&mut self, store: &dyn Store) -> Result<Option<Vec<String>>, StoreError> {
        if !self.listed_projects(store)?.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.catalog(store)?.projects().map(str::to_owned).collect()))
    }

    /// Returns the names of the projects, as the service last listed them.
    fn listed_projects(&self, store: &dyn Store) -> Result<Vec<String>, StoreError> {
        let projects = store.names(&self.number)?.projects.into_iter();
        Ok(projects.filter_map(|project| project.project_name).collect())
    }
}

/// The number of names that a message lists.
const LISTED: usize = 20;

/// The project that the service takes when a request names none.
const DEFAULT_PROJECT: &str = "default";

impl KeptUsage {
    /// Opens the file to read it.
    pub(crate) fn open(file: HistoryFile) -> Result<Self, CliError> {
        let store = Box::new(file.open_to_read()?);
        let state = Mutex::new(KeptState { store, accounts: Vec::new(), refused: None });
        Ok(Self { shared: Arc::new(KeptParts { file, state }) })
    }

    /// Chooses the accounts of the run: those that `profiles` name, by the profile they were last seen
    /// with or by their number; all without any. Returns the name of each, which the only account of
    /// a file does not need.
    pub(crate) fn choose(
        &self,
        profiles: &[String],
        all: bool,
    ) -> Result<Vec<Option<String>>, CliError> {
        let known = self.known().map_err(|error| self.shared.file.failed(error))?;
        if known.is_empty() {
            return Err(self.empty());
        }
        let mut chosen: Vec<(&String, Option<String>)> = Vec::new();
        for name in profiles {
            let number = self.number_of(name, &known)?;
            if chosen.iter().any(|(other, _)| *other == number) {
                return Err(twice(name, number));
            }
            chosen.push((number, Some(name.clone())));
        }
        if profiles.is_empty() {
            let is_named = all || known.len() > 1;
            let name = |(number, profile): &(String, Option<String>)| {
                is_named.then(|| profile.clone().unwrap_or_else(|| number.clone()))
            };
            chosen.extend(known.iter().map(|account| (&account.0, name(account))));
        }
        let accounts = chosen
            .iter()
            .map(|(number, _)| KeptAccount { number: (*number).clone(), catalog: None });
        self.state().accounts = accounts.collect();
        Ok(chosen.into_iter().map(|(_, name)| name).collect())
    }

    /// Runs a future whose requests all go to this history. Fails as soon as one cannot be answered.
    pub(crate) async fn drive<T>(
        &self,
        future: impl Future<Output = Result<T, CliError>>,
    ) -> Result<T, CliError> {
        let mut future = pin!(future);
        poll_fn(|context| {
            let polled = future.as_mut().poll(context);
            match self.state().refused.take() {
                Some(error) => Poll::Ready(Err(error)),
                None => polled,
            }
        })
        .await
    }

    /// Answers a request.
    pub(crate) async fn send(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let answered = self.state().respond(&request);
        match answered {
            Ok(response) => Ok(response),
            Err(error) => {
                let error = self.refusal(error);
                self.state().refused.get_or_insert(error);
                // The run ends because of it, in `drive`.
                pending().await
            }
        }
    }

    /// Returns the projects whose usage was kept, if the list of all of them never was.
    pub(crate) fn unlisted_projects(
        &self,
        account: AccountId,
    ) -> Result<Option<Vec<String>>, CliError> {
        let mut state = self.state();
        let KeptState { store, accounts, .. } = &mut *state;
        let account = position(account).and_then(|place| accounts.get_mut(place));
        let Some(account) = account else { return Ok(None) };
        account.unlisted_projects(&**store).map_err(|error| self.shared.file.failed(error))
    }

    /// Refuses a project that no account of the run is known to have.
    pub(crate) fn check_projects(&self, names: &[String]) -> Result<(), CliError> {
        let mut known = BTreeSet::new();
        let mut state = self.state();
        let KeptState { store, accounts, .. } = &mut *state;
        for account in accounts {
            let listed = account.listed_projects(&**store);
            known.extend(listed.map_err(|error| self.shared.file.failed(error))?);
            let catalog = account.catalog(&**store);
            let catalog = catalog.map_err(|error| self.shared.file.failed(error))?;
            known.extend(catalog.projects().map(str::to_owned));
        }
        let is_unknown = |name: &&String| *name != DEFAULT_PROJECT && !known.contains(*name);
        let Some(name) = names.iter().find(is_unknown) else { return Ok(()) };
        let file = self.shared.file.name();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let all = text!("it has {all}", "其中有：{all}"; all = listed(&known, LISTED));
        Err(CliError::usage(text!(
            "--project {name}: {file} has no project of this name",
            "--project {name}：{file} 中没有这个项目";
            file = file
        ))
        .with_hint(suggest::hint("--project ", name, known, all)))
    }

    /// Returns the hint on usage of an action that is missing since a time.
    pub(crate) fn sync_hint(&self, action: &str, since: &str) -> Text {
        let arguments = format!("{} --since {since}", api_words(action));
        text!(
            "fetch it with `{command}` while the service still keeps it",
            "请在服务端还保留数据时用 `{command}` 获取",
            command = self.shared.file.sync_command(&arguments)
        )
    }

    /// The accounts with the profile each was last seen with.
    fn known(&self) -> Result<Vec<(String, Option<String>)>, StoreError> {
        let state = self.state();
        let numbers = state.store.accounts()?.into_iter();
        numbers.map(|number| Ok((number.clone(), state.store.names(&number)?.profile))).collect()
    }

    /// The number of the account that a word names.
    fn number_of<'a>(
        &self,
        name: &str,
        known: &'a [(String, Option<String>)],
    ) -> Result<&'a String, CliError> {
        let is_meant = |(number, profile): &&(String, Option<String>)| {
            number == name || profile.as_deref() == Some(name)
        };
        let meant: Vec<&String> = known.iter().filter(is_meant).map(|(number, _)| number).collect();
        let file = self.shared.file.name();
        match meant.as_slice() {
            [only] => Ok(only),
            [] => {
                let names =
                    known.iter().flat_map(|(number, profile)| profile.iter().chain([number]));
                let names: Vec<&str> = names.map(String::as_str).collect();
                let all = text!("it has {all}", "其中有：{all}"; all = listed(&names, LISTED));
                Err(CliError::usage(text!(
                    "--profile {name}: {file} has no account of this name or number",
                    "--profile {name}：{file} 中没有这个名称或编号的账号";
                    file = file
                ))
                .with_hint(suggest::hint("--profile ", name, names, all)))
            }
            several => Err(CliError::usage(text!(
                "--profile {name}: {file} has several accounts that were seen with this profile",
                "--profile {name}：{file} 中有多个账号用过这个 profile";
                file = file
            ))
            .with_hint(text!(
                "pass a number: {all}",
                "请写编号：{all}";
                all = listed(several, LISTED)
            ))),
        }
    }

    fn empty(&self) -> CliError {
        let file = &self.shared.file;
        CliError::configuration(text!(
            "{name}: nothing has been kept yet",
            "{name}：还没有保存任何数据";
            name = file.name()
        ))
        .with_hint(text!(
            "fetch usage with `{command}`",
            "请用 `{command}` 获取用量",
            command = file.sync_command("")
        ))
    }

    fn refusal(&self, error: RespondError) -> CliError {
        let file = &self.shared.file;
        match error {
            RespondError::NotKept(asked) => self.not_kept(&asked),
            RespondError::Store(error) => file.failed(error),
            other => CliError::configuration(text!(
                "{name}: this cannot be answered from a history",
                "{name}：历史无法回答这个查询";
                name = file.name()
            ))
            .with_source(other),
        }
    }

    /// The error for usage that was never fetched like this, with the command that does.
    fn not_kept(&self, asked: &RequestedUsage) -> CliError {
        let (name, action) = (self.shared.file.name(), asked.action);
        let filters = filter_words(asked);
        let state = self.state();
        let catalogs = state.accounts.iter().filter_map(|account| account.catalog.as_ref());
        let has_action = catalogs.into_iter().any(|catalog| catalog.has_action(action));
        drop(state);
        let error = if has_action && !filters.is_empty() {
            let words = filters.trim_start();
            text!(
                "{name}: usage of {action} was kept, but not with {words}",
                "{name}：保存了 {action} 的用量，但没有 {words} 的";
                name = name
            )
        } else if has_action {
            text!(
                "{name}: usage of {action} was kept, but not told apart as this needs it",
                "{name}：保存了 {action} 的用量，但没有按所需的维度区分";
                name = name
            )
        } else {
            text!(
                "{name}: no usage of {action} has been kept",
                "{name}：没有保存 {action} 的用量";
                name = name
            )
        };
        let api = api_words(action);
        CliError::configuration(error).with_hint(text!(
            "fetch it with `{command}` while the service still keeps it",
            "请在服务端还保留数据时用 `{command}` 获取",
            command = self.shared.file.sync_command(&format!("{api}{filters}"))
        ))
    }

    /// A poisoned lock is as good: no change is ever left half done.
    fn state(&self) -> MutexGuard<'_, KeptState> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeptState {
    fn respond(&mut self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, RespondError> {
        let id: AccountId = request.extensions().get().copied().unwrap_or_default();
        let account = position(id).and_then(|place| self.accounts.get_mut(place));
        let account =
            account.ok_or_else(|| RespondError::Unsupported(format!("account {}", id.0)))?;
        let number = account.number.clone();
        respond(&*self.store, account.catalog(&*self.store)?, &number, request)
    }
}

/// The position of an account among those of the run.
fn position(AccountId(id): AccountId) -> Option<usize> {
    usize::try_from(id).ok()
}

/// The error for two names of one account.
fn twice(name: &str, number: &str) -> CliError {
    CliError::usage(text!(
        "--profile {name}: account {number} is named twice; its usage would be counted twice",
        "--profile {name}：账号 {number} 写了两次，其用量会被重复计算"
    ))
    .with_hint(text!("use only one of the names", "请只用其中一个名称"))
}

/// The flag that names an action after a blank; nothing for the default one.
fn api_words(action: &str) -> String {
    let named = ACTIONS.iter().find(|one| one.action.name() == action && action != DEFAULT.name());
    named.map(|one| format!(" --api {}", one.name)).unwrap_or_default()
}

/// The filters of a request as flags, each after a blank.
fn filter_words(asked: &RequestedUsage) -> String {
    let target = &asked.target;
    let mut words = String::new();
    for (flag, key) in FILTER_FLAGS {
        let fields = target.filters.iter().filter(|filter| filter.key == key);
        let mut values: Vec<&str> =
            fields.flat_map(|filter| filter.values.iter().map(String::as_str)).collect();
        match key {
            Tags::SCENE => {
                values.extend(target.scenes.iter().map(Scene::as_str));
            }
            Tags::BATCH_JOB_ID => values.extend(target.batch_job_id.as_deref()),
            _ => {}
        }
        for value in values {
            words.extend([" ", flag, " ", &shell_word(value)]);
        }
    }
    words
}

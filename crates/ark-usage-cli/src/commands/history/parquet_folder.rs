//! `history export --parquet`: a folder of Parquet files, a partition for each account and month.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ark_usage_files::{FileAccess, FileLock, OutputFile};
use ark_usage_history::{Contents, ExportError, Partition, Sink, UsageRow, UsageSeries};
use ark_usage_model::Tags;
use ark_usage_render::history::KeptUsage;
use ark_usage_render::{
    ExportManifest, ExportedPartition, KeptBucket, KeptNames, KeptSeries, ParquetWriter,
    parquet_columns,
};
use ark_usage_report::chart_data::grouped;
use ark_usage_report::text;

use super::{OpenHistory, state_of};
use crate::args::ExportArgs;
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::{interrupt, output, secrets};

/// The file of a partition. Always the same name, so that no reader sees a month twice.
const FILE: &str = "usage.parquet";
/// Engines leave out names that begin so.
const MANIFEST: &str = "_manifest.json";
const LOCK: &str = "_lock";

/// Writes the months of the range that have changed.
pub(super) fn export(
    folder: &Path,
    args: &ExportArgs,
    context: &Context<'_>,
) -> Result<ExitStatus, CliError> {
    if args.prune && args.rows.range.is_given() {
        return Err(CliError::usage(text!(
            "--prune removes the months that the history no longer has, and a range names only some",
            "--prune 会删除历史中已不存在的月份，而时间范围只涉及其中一部分"
        ))
        .with_hint(text!("leave out the range, or --prune", "请去掉时间范围或 --prune")));
    }
    let history = OpenHistory::new(&args.rows.file, context)?;
    let range = history.range(Some(&args.rows.range), args.rows.range.tz.as_deref(), context)?;
    let range = range.window;
    interrupt::watch();
    let mut sink = ParquetFolder::new(folder, args.prune);
    let exported = history.store.export((range.first(), range.end()), &mut sink);
    exported.map_err(|error| match error {
        ExportError::Store(error) => history.failed(error),
        ExportError::Sink(error) => error,
        _ => CliError::internal(text!("cannot export", "无法导出")),
    })?;
    sink.finish(&history.accounts()?)?;
    let line = text!(
        "{folder}: months written {written}, unchanged {unchanged}, removed {removed}; rows {rows}, of which {settling} may still change\n",
        "{folder}：写出 {written} 个月，未变 {unchanged} 个月，删除 {removed} 个月；共 {rows} 行，其中 {settling} 行仍可能变化\n",
        folder = folder.display(),
        written = grouped(sink.counts.written.into()),
        unchanged = grouped(sink.counts.unchanged.into()),
        removed = grouped(sink.counts.removed.into()),
        rows = grouped(sink.counts.rows.into()),
        settling = grouped(sink.counts.settling.into())
    );
    output::write_stdout(line.in_lang(context.lang).as_bytes())?;
    Ok(ExitStatus::Done)
}

/// The folder, an account at a time.
struct ParquetFolder<'a> {
    root: &'a Path,
    prune: bool,
    account: Option<AccountFolder>,
    file: Option<OpenPartition>,
    finished: BTreeSet<String>,
    counts: Counts,
}

/// Figures of an export.
#[derive(Default)]
struct Counts {
    written: u32,
    unchanged: u32,
    removed: u32,
    rows: u64,
    settling: u64,
}

/// The folder of an account, which no other export writes to meanwhile.
struct AccountFolder {
    account_id: String,
    path: PathBuf,
    manifest: ExportManifest,
    /// The months that the history has, of those that were looked at.
    months: BTreeSet<(i64, u8)>,
    is_changed: bool,
    _lock: FileLock,
}

/// A partition that is being written.
struct OpenPartition {
    path: PathBuf,
    writer: ParquetWriter<OutputFile>,
    entry: ExportedPartition,
    series: Option<(UsageSeries, KeptSeries)>,
}

impl<'a> ParquetFolder<'a> {
    fn new(root: &'a Path, prune: bool) -> Self {
        let (finished, counts) = (BTreeSet::new(), Counts::default());
        Self { root, prune, account: None, file: None, finished, counts }
    }

    /// Makes an account the current one, and completes the one before.
    fn turn_to(&mut self, account_id: &str) -> Result<&mut AccountFolder, CliError> {
        if self.account.as_ref().is_none_or(|account| account.account_id != account_id) {
            self.finish_account()?;
            self.account = Some(AccountFolder::open(self.root, account_id)?);
        }
        self.account.as_mut().ok_or_else(no_partition)
    }

    /// Completes the folder; `accounts` are those of the history.
    fn finish(&mut self, accounts: &[String]) -> Result<(), CliError> {
        self.finish_account()?;
        for account_id in accounts {
            if self.prune && !self.finished.contains(account_id) {
                self.turn_to(account_id)?;
                self.finish_account()?;
            }
        }
        Ok(())
    }

    fn finish_account(&mut self) -> Result<(), CliError> {
        let Some(mut account) = self.account.take() else { return Ok(()) };
        if self.prune {
            self.counts.removed += account.prune()?;
        }
        if account.is_changed {
            let path = account.path.join(MANIFEST);
            output::write_file("--parquet", &path, &account.manifest.document()?)?;
        }
        self.finished.insert(account.account_id);
        Ok(())
    }
}

impl Sink for ParquetFolder<'_> {
    type Error = CliError;

    fn begin(&mut self, partition: &Partition, contents: &Contents) -> Result<bool, CliError> {
        self.counts.rows += contents.rows;
        self.counts.settling += contents.settling;
        let account = self.turn_to(&partition.account_id)?;
        let (year, month) = (partition.month.year, partition.month.month);
        account.months.insert((year, month));
        if account.is_current(year, month, contents) {
            self.counts.unchanged += 1;
            return Ok(false);
        }
        self.file = Some(account.begin(year, month, contents)?);
        Ok(true)
    }

    fn row(&mut self, row: &UsageRow<'_>) -> Result<(), CliError> {
        let file = self.file.as_mut().ok_or_else(no_partition)?;
        let bucket = KeptBucket {
            start: row.start,
            end: row.end,
            value: row.value,
            state: state_of(row.is_final),
            fetched_at: row.fetched_at,
        };
        let cells = match &mut file.series {
            Some((known, cells)) if known == row.series => cells,
            series => &mut series.insert((row.series.clone(), kept_series(row.series)?)).1,
        };
        Ok(file.writer.row(cells.row(bucket))?)
    }

    fn commit(&mut self) -> Result<(), CliError> {
        let Some(OpenPartition { path, writer, mut entry, .. }) = self.file.take() else {
            return Err(no_partition());
        };
        let written = writer.finish()?.finish().and_then(|()| fs::metadata(&path));
        entry.bytes = written.map_err(|error| unwritable(&path, error))?.len();
        let account = self.account.as_mut().ok_or_else(no_partition)?;
        account.manifest.put(entry);
        account.is_changed = true;
        self.counts.written += 1;
        Ok(())
    }
}

impl AccountFolder {
    fn open(root: &Path, account_id: &str) -> Result<Self, CliError> {
        let path = root.join(format!("account_id={}", volc_openapi::encode_component(account_id)));
        fs::create_dir_all(&path).map_err(|error| unwritable(&path, error))?;
        let lock = FileLock::try_lock(&path.join(LOCK));
        let lock = lock.map_err(|error| unwritable(&path, error))?.ok_or_else(|| {
            CliError::busy(text!(
                "{path}: another export is writing to it",
                "{path}：另一个导出正在写入",
                path = path.display()
            ))
            .with_hint(text!("export again when it has ended", "请等它结束后再导出"))
        })?;
        let name = path.join(MANIFEST);
        let manifest = match fs::read(&name) {
            Ok(text) => ExportManifest::read(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(unreadable(&name, error)),
        };
        // A manifest that cannot be used costs one export of everything.
        let fresh = ExportManifest::new(account_id);
        let manifest = match manifest.filter(ExportManifest::has_current_columns) {
            Some(known) if known.account_id == account_id => known,
            _ => fresh,
        };
        let (months, account_id) = (BTreeSet::new(), account_id.to_owned());
        Ok(Self { account_id, path, manifest, months, is_changed: false, _lock: lock })
    }

    /// Returns true if the file of a month is there and has these rows.
    fn is_current(&self, year: i64, month: u8, contents: &Contents) -> bool {
        self.manifest.partition(year, month).is_some_and(|known| {
            known.digest == contents.digest
                && fs::metadata(self.path.join(&known.file))
                    .is_ok_and(|found| found.is_file() && found.len() == known.bytes)
        })
    }

    fn begin(&self, year: i64, month: u8, contents: &Contents) -> Result<OpenPartition, CliError> {
        let file = format!("year={year}/month={month}/{FILE}");
        let path = self.path.join(&file);
        let folder = path.parent().unwrap_or(&self.path);
        fs::create_dir_all(folder).map_err(|error| unwritable(folder, error))?;
        let output = OutputFile::open(&path, FileAccess::Usual);
        let output = output.map_err(|error| unwritable(&path, io::Error::other(error)))?;
        let writer = ParquetWriter::new(output, &parquet_columns())?;
        let Contents { rows, settling, digest, .. } = contents.clone();
        let entry = ExportedPartition { year, month, file, rows, settling, bytes: 0, digest };
        Ok(OpenPartition { path, writer, entry, series: None })
    }

    /// Removes the months that the history no longer has; returns their number.
    fn prune(&mut self) -> Result<u32, CliError> {
        let mut removed = 0;
        for gone in self.manifest.partitions.clone() {
            if self.months.contains(&(gone.year, gone.month)) {
                continue;
            }
            let path = self.path.join(format!("year={}/month={}", gone.year, gone.month));
            match fs::remove_file(path.join(FILE)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(unwritable(&path, error));
                }
                _ => removed += 1,
            }
            // Folders that others have put files in stay.
            let _ = fs::remove_dir(&path);
            self.manifest.remove(gone.year, gone.month);
            self.is_changed = true;
        }
        Ok(removed)
    }
}

/// Returns the cells that the rows of a series share, without secrets.
fn kept_series(series: &UsageSeries) -> Result<KeptSeries, CliError> {
    let usage = KeptUsage {
        account_id: masked(&series.account_id),
        api: series.api.clone(),
        project: series.project.as_deref().map(masked),
        endpoint_id: series.endpoint_id.as_deref().map(masked),
        ..KeptUsage::default()
    };
    let names = KeptNames {
        profile: series.profile.as_deref().map(masked),
        endpoint_name: series.endpoint_name.as_deref().map(masked),
        model: model(series).map(|model| masked(&model)),
        api_key_name: series.api_key_name.as_deref().map(masked),
        endpoint_tags: masked_map(&series.endpoint_tags),
    };
    Ok(KeptSeries::new(&usage, &masked_map(&series.tags), &series.metric, &names)?)
}

/// Returns the model as `get` shows it: with its version where the endpoint names it.
fn model(series: &UsageSeries) -> Option<String> {
    match (&series.model, &series.model_version) {
        (Some(model), Some(version)) if !series.tags.contains_key(Tags::MODEL_NAME) => {
            Some(format!("{model}/{version}"))
        }
        (model, _) => model.clone(),
    }
}

fn masked(text: &str) -> String {
    String::from_utf8_lossy(&secrets::masked(text.as_bytes().to_vec())).into_owned()
}

fn masked_map(
    map: &std::collections::BTreeMap<String, String>,
) -> std::collections::BTreeMap<String, String> {
    map.iter().map(|(key, value)| (key.clone(), masked(value))).collect()
}

fn unwritable(path: &Path, error: io::Error) -> CliError {
    CliError::internal(text!(
        "--parquet {path}: cannot be written",
        "--parquet {path}：无法写入",
        path = path.display()
    ))
    .with_source(error)
    .with_hint(text!(
        "months that were complete stay; check the folder and the free space, and export again",
        "已写完的月份仍然有效；请检查目录和剩余空间后重新导出"
    ))
}

fn unreadable(path: &Path, error: io::Error) -> CliError {
    CliError::internal(text!(
        "--parquet {path}: cannot be read",
        "--parquet {path}：无法读取",
        path = path.display()
    ))
    .with_source(error)
}

/// A fault of the history crate.
fn no_partition() -> CliError {
    CliError::internal(text!("a row without a partition", "数据行没有分区"))
}

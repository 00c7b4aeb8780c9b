//! `history backup` and `forget`.

use std::io::{IsTerminal as _, stdin};

use ark_usage_history::Store as _;
use ark_usage_model::Interval;
use ark_usage_report::chart_data::grouped;
use ark_usage_report::range::{self, RangeInput, RangeSpec};
use ark_usage_report::text;

use super::{OpenHistory, zone};
use crate::args::{BackupArgs, ForgetArgs};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::history::HistoryFile;
use crate::output;

/// Writes a copy.
pub(super) fn backup(args: &BackupArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let history = OpenHistory::new(&args.file, context)?;
    let target = args.target.display();
    if args.target.exists() {
        return Err(CliError::usage(text!("{target}: the file exists", "{target}：文件已存在"))
            .with_hint(text!("choose a new name", "请换一个文件名")));
    }
    let folder = args.target.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        let folder = folder.display();
        return Err(CliError::usage(text!(
            "{target}: the folder {folder} does not exist",
            "{target}：目录 {folder} 不存在"
        ))
        .with_hint(text!("create the folder first", "请先创建该目录")));
    }
    history.store.backup(&args.target).map_err(|error| {
        CliError::internal(text!("{target}: cannot write the copy", "{target}：无法写出副本"))
            .with_source(error)
    })?;
    context.note(text!(
        "note: {target} is a copy of {history}",
        "注意：{target} 是 {history} 的副本",
        history = history.path
    ));
    Ok(ExitStatus::Done)
}

/// Deletes everything before a time, if it may.
pub(super) fn forget(args: &ForgetArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let file = HistoryFile::new(args.file.history.as_deref(), context.environment)?;
    let (zone, zone_name) = zone(args.tz.as_deref(), context)?;
    let input = RangeInput::Before(args.before.clone());
    let spec = RangeSpec::new(&input, &zone, &zone_name, context.clock.now());
    let range = range::resolve(&RangeSpec { rows: Some(Interval::Hour), ..spec })?;
    file.require()?;
    let before = range.rfc3339(range.window.first());
    if !args.yes && !is_confirmed(&file, &before, context)? {
        context.say(text!("nothing was deleted", "没有删除任何数据"));
        return Ok(ExitStatus::AnswerNo);
    }
    let lock = file.try_lock()?.ok_or_else(|| file.busy())?;
    let mut store = file.open_to_write(&lock)?;
    let gone = store.forget(range.window.first()).map_err(|error| file.failed(error))?;
    let line = text!(
        "deleted everything before {before}: {points} values, {former} former values\n",
        "已删除 {before} 之前的全部数据：{points} 个数值，{former} 个原值\n",
        points = grouped(gone.points.into()),
        former = grouped(gone.former_values.into())
    );
    output::write_stdout(line.in_lang(context.lang).as_bytes())?;
    Ok(ExitStatus::Done)
}

/// Asks on the terminal.
fn is_confirmed(file: &HistoryFile, before: &str, context: &Context<'_>) -> Result<bool, CliError> {
    if !stdin().is_terminal() {
        return Err(CliError::usage(text!(
            "history forget deletes data for good, and cannot ask without a terminal",
            "history forget 会永久删除数据，而没有终端就无法询问"
        ))
        .with_hint(text!("pass --yes if you are sure", "确定要删除请加 --yes")));
    }
    context.say(text!(
        "delete everything before {before} from {path}? [y/N]",
        "从 {path} 中删除 {before} 之前的全部数据？[y/N]",
        path = file.path.display()
    ));
    let mut answer = String::new();
    let read = stdin().read_line(&mut answer);
    read.map_err(|error| {
        CliError::internal(text!("cannot read the answer", "无法读取回答")).with_source(error)
    })?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "是"))
}

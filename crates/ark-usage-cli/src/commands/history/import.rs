//! `history import`: rows and recordings, taken in like answers of the service.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use ark_usage_history::{Intake, RowError, RowReader, SkipReason, Store as _, WindowAnswer};
use ark_usage_report::chart_data::grouped;
use ark_usage_report::text;
use jiff::Timestamp;

use super::recording::recorded_answers;
use crate::args::ImportArgs;
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::history::HistoryFile;
use crate::lang::Text;
use crate::output;

/// Takes in each file, and prints a line for each.
pub(super) fn import(args: &ImportArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let file = HistoryFile::new(args.file.history.as_deref(), context.environment)?;
    let account = args.account.as_deref().map(account_number).transpose()?;
    // Every file is read before anything is changed.
    let mut contents = Vec::new();
    for path in &args.files {
        contents.push((path, read(path, account.as_deref())?));
    }
    let lock = file.try_lock()?.ok_or_else(|| file.busy())?;
    let mut store = file.open_to_write(&lock)?;
    for (path, FileContent { answers, skipped, unused }) in contents {
        let mut intake = Intake::default();
        for answer in answers {
            intake += store.apply(&answer).map_err(|error| file.failed(error))?;
        }
        let path = path.display();
        for (reason, rows) in &skipped {
            let reason = reason_words(*reason);
            context.warn(&text!(
                "{path}: rows skipped: {rows}; {reason}",
                "{path}：跳过 {rows} 行：{reason}",
                rows = grouped((*rows).into());
                reason = reason
            ));
        }
        if unused > 0 {
            context.warn(&text!(
                "{path}: recorded calls that brought no usage, because they were refused or failed: {unused}",
                "{path}：因被拒绝或失败而没有带来用量的录制调用：{unused}"
            ));
        }
        let all = skipped.iter().map(|(_, rows)| *rows).sum::<u64>();
        let rows = if all == 1 { "row" } else { "rows" };
        let line = text!(
            "{path}: {new} new, {revised} revised, {unchanged} unchanged; {skipped} {rows} skipped\n",
            "{path}：新增 {new}，修订 {revised}，未变 {unchanged}；跳过 {skipped} 行\n",
            new = grouped(intake.new.into()),
            revised = grouped(intake.revised.into()),
            unchanged = grouped(intake.unchanged.into()),
            skipped = grouped(all.into())
        );
        output::write_stdout(line.in_lang(context.lang).as_bytes())?;
    }
    Ok(ExitStatus::Done)
}

/// The reason why rows are skipped, and what to do about it.
fn reason_words(reason: SkipReason) -> Text {
    match reason {
        SkipReason::SeveralBuckets => text!(
            "they add up several hours or days: write them with `get --by hour,project,endpoint -f ndjson`",
            "它们合计了多个小时或多天：请用 `get --by hour,project,endpoint -f ndjson` 写出"
        ),
        SkipReason::SeveralProjects => text!(
            "they add up several projects: write them with `get --by hour,project,endpoint -f ndjson`",
            "它们合计了多个项目：请用 `get --by hour,project,endpoint -f ndjson` 写出"
        ),
        SkipReason::NoValue => {
            text!("they have no value, because data was missing", "它们没有数值：当时数据缺失")
        }
        _ => text!("they do not say when they were fetched", "它们没有写明获取时间"),
    }
}

fn account_number(text: &str) -> Result<String, CliError> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(text.to_owned());
    }
    Err(CliError::usage(text!(
        "--account {text}: an account number has digits only",
        "--account {text}：账号编号只含数字"
    ))
    .with_hint(text!(
        "`ark-usage history status` lists the accounts that are kept, `ark-usage doctor` yours",
        "`ark-usage history status` 列出已保存的账号，`ark-usage doctor` 显示您的账号"
    )))
}

/// The contents of a file.
struct FileContent {
    answers: Box<dyn Iterator<Item = WindowAnswer>>,
    /// The rows that are left out, by the reason.
    skipped: Vec<(SkipReason, u64)>,
    /// The number of recorded calls for usage that brought none.
    unused: usize,
}

/// The error of a file that cannot be read.
fn unreadable(path: &Path, error: io::Error) -> CliError {
    let name = path.display();
    match error.kind() {
        io::ErrorKind::InvalidData => CliError::usage(text!(
            "{name}: these are neither rows nor a recording, but binary data",
            "{name}：这是二进制数据，既不是数据行也不是录制"
        ))
        .with_hint(text!(
            "a history goes to another machine by `history backup`; rows are those of `history export`",
            "要把历史搬到另一台机器，请用 `history backup`；数据行则来自 `history export`"
        )),
        io::ErrorKind::NotFound if path.is_dir() => CliError::usage(text!(
            "{name}: this folder has no recording in it",
            "{name}：这个目录中没有录制"
        ))
        .with_hint(rows_hint()),
        _ => CliError::usage(text!("{name}: cannot read the file", "{name}：无法读取文件"))
            .with_source(error),
    }
}

/// Reads a file, line by line: rows, or a recording, which may also be its folder.
fn read(path: &Path, account: Option<&str>) -> Result<FileContent, CliError> {
    let unreadable = |error: io::Error| unreadable(path, error);
    let mut input: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else if path.is_dir() {
        Box::new(BufReader::new(File::open(path.join(RECORDING)).map_err(unreadable)?))
    } else {
        Box::new(BufReader::new(File::open(path).map_err(unreadable)?))
    };
    let mut rows = RowReader::new(account.map(str::to_owned));
    let mut line = String::new();
    for number in 1.. {
        line.clear();
        if input.read_line(&mut line).map_err(unreadable)? == 0 {
            break;
        }
        if number == 1 && line.contains("\"ark-usage/recording\"") {
            input.read_to_string(&mut line).map_err(unreadable)?;
            return recording(path, &line, account);
        }
        if line.trim().is_empty() {
            continue;
        }
        rows.read(&line, &instant).map_err(|error| refused(path, number, &error))?;
    }
    let skipped = rows.skip_reasons().collect();
    Ok(FileContent { answers: Box::new(rows.answers()), skipped, unused: 0 })
}

/// The file of a recording in its folder.
const RECORDING: &str = "recording.ndjson";

/// Reads a recording. One without the number of an account needs it.
fn recording(path: &Path, text: &str, account: Option<&str>) -> Result<FileContent, CliError> {
    let path = path.display();
    let found = recorded_answers(text, account).map_err(|error| {
        CliError::usage(text!("{path}: unreadable recording", "{path}：无法读取录制"))
            .with_source(error)
    })?;
    if found.unknown > 0 {
        return Err(CliError::usage(text!(
            "{path}: the recording names no account",
            "{path}：录制中没有账号编号"
        ))
        .with_hint(name_the_account()));
    }
    Ok(FileContent {
        answers: Box::new(found.answers.into_iter()),
        skipped: Vec::new(),
        unused: found.unused,
    })
}

fn name_the_account() -> Text {
    text!(
        "pass --account NUMBER if all of it is of one account",
        "如果全部属于同一账号，请用 --account 指定编号"
    )
}

fn instant(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_second)
}

/// The error of a line; nothing was taken in.
fn refused(path: &Path, number: u64, error: &RowError) -> CliError {
    let (problem, hint): (Text, Text) = match error {
        RowError::NoAccount => {
            (text!("the row names no account", "这一行没有写明账号"), name_the_account())
        }
        RowError::Invalid { key } => (
            text!("{key} has an invalid value", "{key} 的值无效"),
            text!(
                "write the file again; nothing was taken in",
                "请重新生成该文件；没有导入任何数据"
            ),
        ),
        RowError::NotARow(cause) if !cause.is_data() => (
            text!("this is not JSON with an object a line", "这不是每行一个对象的 JSON"),
            rows_hint(),
        ),
        _ => (text!("this is not a row", "这不是数据行"), rows_hint()),
    };
    CliError::usage(text!(
        "{path}: line {number}: {problem}",
        "{path}：第 {number} 行：{problem}",
        path = path.display();
        problem = problem
    ))
    .with_hint(hint)
}

fn rows_hint() -> Text {
    text!(
        "import takes the NDJSON of `history export` and of `get -f ndjson` without --fields, and recordings",
        "import 接受 `history export` 与 `get -f ndjson`（不带 --fields）的 NDJSON，以及录制"
    )
}

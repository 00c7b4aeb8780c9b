//! `history import`: rows and recordings, taken in like answers of the service.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use ark_usage_history::{Intake, RowError, RowReader, Store as _, WindowAnswer};
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
    for (path, (answers, skipped)) in contents {
        let mut intake = Intake::default();
        for answer in answers {
            intake += store.apply(&answer).map_err(|error| file.failed(error))?;
        }
        let rows = if skipped == 1 { "row" } else { "rows" };
        let line = text!(
            "{path}: {new} new, {revised} revised, {unchanged} unchanged; {skipped} {rows} skipped\n",
            "{path}：新增 {new}，修订 {revised}，未变 {unchanged}；跳过 {skipped} 行\n",
            path = path.display(),
            new = intake.new,
            revised = intake.revised,
            unchanged = intake.unchanged
        );
        output::write_stdout(line.in_lang(context.lang).as_bytes())?;
    }
    Ok(ExitStatus::Done)
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

/// The answers of a file, and the number of rows that are left out.
type FileAnswers = (Box<dyn Iterator<Item = WindowAnswer>>, u64);

/// Reads a file, line by line: rows, or a recording, which may also be its folder.
fn read(path: &Path, account: Option<&str>) -> Result<FileAnswers, CliError> {
    let name = path.display();
    let unreadable = |error: io::Error| {
        CliError::usage(text!("{name}: cannot read the file", "{name}：无法读取文件"))
            .with_source(error)
    };
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
        rows.read(&line, &instant).map_err(|error| refused(path, number, error))?;
    }
    let skipped = rows.skipped();
    Ok((Box::new(rows.answers()), skipped))
}

/// The file of a recording in its folder.
const RECORDING: &str = "recording.ndjson";

/// Reads a recording. One without the number of an account needs it.
fn recording(path: &Path, text: &str, account: Option<&str>) -> Result<FileAnswers, CliError> {
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
    Ok((Box::new(found.answers.into_iter()), 0))
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
fn refused(path: &Path, number: u64, error: RowError) -> CliError {
    let (problem, hint): (Text, Text) = match &error {
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
        _ => (
            text!("this is not a row", "这不是数据行"),
            text!(
                "import takes the output of `get -f ndjson` without --fields, of `history export`, and recordings",
                "import 接受 `get -f ndjson`（不带 --fields）与 `history export` 的输出，以及录制"
            ),
        ),
    };
    CliError::usage(text!(
        "{path}: line {number}: {problem}",
        "{path}：第 {number} 行：{problem}",
        path = path.display();
        problem = problem
    ))
    .with_hint(hint)
    .with_source(error)
}

//! The folder of a recording, and what can go wrong with its file.

use std::fs::File;
use std::io;
use std::path::Path;

use ark_usage_report::text;
use ark_usage_transport::{RecordingError, ReplayTransport};

use super::header::RecordingHeader;
use crate::error::CliError;
use crate::lang::Text;
use crate::text_file::{self, MAX_RECORDING};

/// The file's name in the folder.
const FILE: &str = "recording.ndjson";

/// Refuses a folder that holds a recording.
pub(super) fn check_free(folder: &Path) -> Result<(), CliError> {
    if folder.join(FILE).exists() { Err(already_there(folder)) } else { Ok(()) }
}

/// Creates the folder and the file.
pub(super) fn create(folder: &Path) -> Result<File, CliError> {
    std::fs::create_dir_all(folder).map_err(|error| not_written(folder).with_source(error))?;
    File::create_new(folder.join(FILE)).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => already_there(folder),
        _ => not_written(folder).with_source(error),
    })
}

/// Reads the recording in a folder.
pub(super) fn open(folder: &Path) -> Result<(ReplayTransport, RecordingHeader), CliError> {
    let path = folder.join(FILE);
    let text = text_file::read_text(&path, MAX_RECORDING)
        .map_err(|problem| problem.add_to(not_read(folder)))?;
    let replay = ReplayTransport::parse(&text).map_err(|error| unusable(&path, error))?;
    let header = RecordingHeader::of(&replay).map_err(|problem| damaged(&path, 1, &problem))?;
    Ok((replay, header))
}

fn not_read(folder: &Path) -> CliError {
    CliError::usage(text!(
        "--replay {folder}: no readable {FILE}",
        "--replay {folder}：其中没有可读的 {FILE}",
        folder = folder.display()
    ))
    .with_hint(text!("create a recording with --record DIR", "用 --record DIR 录制"))
}

/// The recording could not be written.
pub(super) fn not_written(folder: &Path) -> CliError {
    CliError::internal(text!(
        "--record {folder}: cannot write the recording",
        "--record {folder}：录制无法写入",
        folder = folder.display()
    ))
    .with_hint(text!("choose a writable folder", "请选择可写的目录"))
}

fn already_there(folder: &Path) -> CliError {
    CliError::usage(text!(
        "--record {folder}: the folder already holds a recording",
        "--record {folder}：其中已有录制",
        folder = folder.display()
    ))
    .with_hint(text!(
        "choose another folder, or replay this one with --replay",
        "请换一个目录；可用 --replay 回放这一份"
    ))
}

fn unusable(path: &Path, error: RecordingError) -> CliError {
    match error {
        RecordingError::NotARecording => CliError::usage(text!(
            "{path}:1: not a recording",
            "{path}:1：这不是录制文件",
            path = path.display()
        ))
        .with_hint(text!(
            "the first line of a recording has \"format\":\"ark-usage/recording\"",
            "录制文件的第一行应有 \"format\":\"ark-usage/recording\""
        )),
        RecordingError::Version { found, readable } => {
            let version = found.map(|version| Text::same(version.to_string()));
            CliError::usage(text!(
                "{path}:1: unsupported recording version {version} (supported: {readable})",
                "{path}:1：录制的版本是 {version}；本程序读取版本 {readable}",
                path = path.display();
                version = version.unwrap_or_else(|| text!("unknown", "未知"))
            ))
            .with_hint(text!("use a newer ark-usage", "更新的 ark-usage 可以读取"))
        }
        RecordingError::Damaged { line, problem } => damaged(path, line, &problem),
        other => not_read(path).with_source(other),
    }
}

fn damaged(path: &Path, line: usize, problem: &str) -> CliError {
    CliError::usage(text!(
        "{path}:{line}: the recording is damaged: {problem}",
        "{path}:{line}：录制已损坏：{problem}",
        path = path.display()
    ))
    .with_hint(text!("replay an unmodified recording", "请回放原样的录制文件，每一行都要完整"))
}

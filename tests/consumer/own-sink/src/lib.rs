//! A history exported to files of one's own: a folder of text files, one per account and month, replaced by renaming.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use ark_usage_history::sqlite::SqliteStore;
use ark_usage_history::{Contents, Partition, Sink, UsageRow};

/// A folder of files with a line per row: start, project, endpoint, metric and value, separated by tabs.
pub struct TextFolder {
    root: PathBuf,
    open: Option<(PathBuf, BufWriter<File>)>,
    /// The number of files that were written.
    pub written: usize,
}

impl TextFolder {
    /// Returns a sink for a folder, which must exist.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), open: None, written: 0 }
    }

    fn current(&mut self) -> io::Result<&mut (PathBuf, BufWriter<File>)> {
        self.open.as_mut().ok_or_else(|| io::Error::other("no partition was begun"))
    }
}

impl Sink for TextFolder {
    type Error = io::Error;

    fn begin(&mut self, partition: &Partition, contents: &Contents) -> io::Result<bool> {
        let Partition { account_id, month } = partition;
        let name = format!("{account_id}-{}-{:02}.tsv", month.year, month.month);
        let path = self.root.join(name);
        // The first line of a file says which rows it holds.
        let head = format!("# {}\n", contents.digest);
        if fs::read_to_string(&path).is_ok_and(|text| text.starts_with(&head)) {
            return Ok(false);
        }
        let mut file = BufWriter::new(File::create(path.with_extension("new"))?);
        file.write_all(head.as_bytes())?;
        self.open = Some((path, file));
        Ok(true)
    }

    fn row(&mut self, row: &UsageRow<'_>) -> io::Result<()> {
        let project = row.series.project.as_deref().unwrap_or_default();
        let endpoint = row.series.endpoint_id.as_deref().unwrap_or_default();
        let (start, metric, value) = (row.start, &row.series.metric, row.value);
        writeln!(self.current()?.1, "{start}\t{project}\t{endpoint}\t{metric}\t{value}")
    }

    fn commit(&mut self) -> io::Result<()> {
        self.current()?.1.flush()?;
        if let Some((path, _)) = self.open.take() {
            fs::rename(path.with_extension("new"), path)?;
            self.written += 1;
        }
        Ok(())
    }
}

/// Exports everything in a history; returns the number of files that have changed.
///
/// # Errors
///
/// The history cannot be read, or the folder cannot be written.
pub fn export(history: &Path, folder: &Path) -> Result<usize, Box<dyn std::error::Error>> {
    let store = SqliteStore::open_read_only(history)?;
    let mut sink = TextFolder::new(folder);
    store.export((i64::MIN, i64::MAX), &mut sink)?;
    Ok(sink.written)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ark_usage_history::{Line, Place, Slice, Store as _, Subject, WindowAnswer};
    use ark_usage_model::{Interval, Metric, Tags, Window};

    use super::*;

    /// 2024-11-30T23:00:00+08:00: the next hour is in December.
    const LAST_HOUR: i64 = 1_732_978_800;

    fn answer(values: &[i64]) -> WindowAnswer {
        let points = (0..).zip(values).map(|(at, value)| (LAST_HOUR + at * 3_600, *value));
        WindowAnswer {
            subject: Subject {
                account_id: "2100000001".to_owned(),
                slice: Slice::new("GetUsage"),
                project: Some("search".to_owned()),
                place: Place::Whole,
            },
            window: Window::new(Interval::Hour, LAST_HOUR, LAST_HOUR + 3_600).unwrap(),
            fetched_at: LAST_HOUR + 90_000,
            settle: Duration::from_secs(3_600),
            levels: Vec::new(),
            lines: vec![(
                Line { tags: Tags::default(), metric: Metric::PROMPT_TOKENS },
                points.collect(),
            )],
        }
    }

    #[test]
    fn a_month_is_a_file_and_only_changed_ones_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let history = folder.path().join("history.db");
        SqliteStore::open(&history).unwrap().apply(&answer(&[5, 7])).unwrap();
        let out = folder.path().join("out");
        fs::create_dir(&out).unwrap();
        assert_eq!(export(&history, &out).unwrap(), 2);
        let november = fs::read_to_string(out.join("2100000001-2024-11.tsv")).unwrap();
        assert_eq!(november.lines().nth(1), Some("1732978800\tsearch\t\tPromptTokens\t5"));
        assert_eq!(export(&history, &out).unwrap(), 0);
        let mut revised = answer(&[5, 8]);
        revised.fetched_at += 1;
        SqliteStore::open(&history).unwrap().apply(&revised).unwrap();
        // Both were received again.
        assert_eq!(export(&history, &out).unwrap(), 2);
        let december = fs::read_to_string(out.join("2100000001-2024-12.tsv")).unwrap();
        assert!(december.ends_with("PromptTokens\t8\n"), "{december}");
    }
}

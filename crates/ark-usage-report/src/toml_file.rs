//! A TOML file written by hand: every error names file, line and key.
//!
//! Numbers are read from their text, so that `1e9` and `0.0008` stay exact.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use volc_openapi::{few_letters, few_letters_of_quotes};

use crate::error::ReportError;
use crate::lang::Text;
use crate::{suggest, text, token_count};

/// The text of a file, with its name.
#[derive(Clone, Copy, Debug)]
pub struct SourceFile<'a> {
    /// The flag that named it; empty where none did.
    pub flag: &'static str,
    /// The name of the file, as messages show it.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// A value and its line.
pub type Spotted<T> = (T, usize);

impl<'a> SourceFile<'a> {
    /// The whole document.
    pub fn parse(&self) -> Result<Spanned<DeTable<'a>>, ReportError> {
        DeTable::parse(self.text).map_err(|error| {
            let said = said(&few_letters_of_quotes(error.message()));
            let line = self.line(&error.span().unwrap_or_default());
            let written = self.text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
            let hint = unquoted(written).unwrap_or_else(|| {
                text!(
                    "the file must be TOML: [tables], and key = \"text\" with quotes",
                    "文件应为 TOML 格式：[表]，以及 key = \"带引号的文本\""
                )
            });
            self.wrong(line, said).with_hint(hint)
        })
    }

    /// The file as a table.
    pub fn root(self, document: &'a Spanned<DeTable<'a>>) -> Table<'a> {
        let ends = self.text.match_indices('\n').map(|(place, _)| place).collect();
        let keys = document.get_ref();
        Table { source: self, lines: Rc::new(LineEnds(ends)), name: String::new(), line: 1, keys }
    }

    /// An error in one of its lines.
    pub fn wrong(&self, line: usize, what: impl Into<Text>) -> ReportError {
        let file = format!("{} {}", self.flag, self.name);
        let (file, what) = (file.trim_start(), what.into());
        ReportError::invalid(text!(
            "{file} line {line}: {what}",
            "{file} 第 {line} 行：{what}";
            what = what
        ))
    }

    fn line(&self, span: &Range<usize>) -> usize {
        self.text.get(..span.start).unwrap_or_default().split('\n').count()
    }
}

/// The places of all line ends: counting them anew for each key would cost the square of the length.
#[derive(Debug)]
struct LineEnds(Vec<usize>);

impl LineEnds {
    fn line(&self, span: &Range<usize>) -> usize {
        self.0.partition_point(|end| *end < span.start) + 1
    }
}

/// One table of the file.
#[derive(Debug)]
pub struct Table<'a> {
    source: SourceFile<'a>,
    lines: Rc<LineEnds>,
    /// Its name with a dot behind, or nothing for the whole file.
    name: String,
    /// The line it begins in.
    pub line: usize,
    keys: &'a DeTable<'a>,
}

impl<'a> Table<'a> {
    /// Fails for an unknown key.
    pub fn check(&self, known: &[&str]) -> Result<(), ReportError> {
        let unknown = |(key, _): &(&'a Spanned<_>, _)| !known.contains(&key_name(key));
        let Some((key, _)) = self.keys.iter().find(unknown) else { return Ok(()) };
        let name = key_name(key);
        let full = self.full_key(name);
        let all = text!("known keys: {all}", "可用的键：{all}", all = known.join(", "));
        let hint = suggest::hint("", name, known.iter().copied(), all);
        let line = self.lines.line(&key.span());
        let full = full.split('.').map(few_letters).collect::<Vec<_>>().join(".");
        Err(self.source.wrong(line, text!("unknown key {full}", "未知的键 {full}")).with_hint(hint))
    }

    /// Returns the keys, each with its text, if it has one, and the line of the key.
    pub fn keys(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>, usize)> {
        self.keys.iter().map(|(key, value)| {
            (key_name(key), value.get_ref().as_str(), self.lines.line(&key.span()))
        })
    }

    /// Returns the name of a key with those of the tables it is in.
    pub fn full_key(&self, key: &str) -> String {
        format!("{}{key}", self.name)
    }

    /// Returns the table of `[key]`.
    pub fn table(&self, key: &str) -> Result<Option<Self>, ReportError> {
        let Some(value) = self.keys.get(key) else { return Ok(None) };
        let keys = value.get_ref().as_table().ok_or_else(|| {
            let full = self.full_key(key);
            self.wrong(key, value, text!("must be a table", "不是表")).with_hint(text!(
                "write [{full}] with its keys below",
                "请写 [{full}]，并在下面写它的键"
            ))
        })?;
        let line = self.lines.line(&value.span());
        let lines = Rc::clone(&self.lines);
        let name = format!("{}{key}.", self.name);
        Ok(Some(Table { source: self.source, lines, name, line, keys }))
    }

    /// The tables of `[[key]]`, in the order of the file.
    pub fn tables(&self, key: &str) -> Result<Vec<Self>, ReportError> {
        let Some(value) = self.keys.get(key) else { return Ok(Vec::new()) };
        let wrong = || {
            self.wrong(key, value, text!("must be a list of tables", "不是表的列表"))
                .with_hint(text!("write [[{key}]]", "请写成 [[{key}]]"))
        };
        let list = value.get_ref().as_array().ok_or_else(wrong)?;
        let inner = |item: &'a Spanned<DeValue<'a>>| {
            Ok(Table {
                source: self.source,
                lines: Rc::clone(&self.lines),
                name: format!("{key}."),
                line: self.lines.line(&item.span()),
                keys: item.get_ref().as_table().ok_or_else(wrong)?,
            })
        };
        list.iter().map(inner).collect()
    }

    /// A text.
    pub fn text(&self, key: &str) -> Result<Option<Spotted<String>>, ReportError> {
        let Some(value) = self.keys.get(key) else { return Ok(None) };
        self.text_of(key, value).map(Some)
    }

    /// Returns a text, or a list of them.
    pub fn text_or_list(&self, key: &str) -> Result<Option<Spotted<Vec<String>>>, ReportError> {
        let Some(value) = self.keys.get(key) else { return Ok(None) };
        let text = |value| self.text_of(key, value).map(|(text, _)| text);
        let texts = match value.get_ref().as_array() {
            Some(list) => list.iter().map(text).collect::<Result<_, _>>()?,
            None => vec![text(value)?],
        };
        Ok(Some((texts, self.lines.line(&value.span()))))
    }

    /// `key = { name = "value" }`: names with a text each.
    pub fn texts(&self, key: &str) -> Result<BTreeMap<String, String>, ReportError> {
        let Some(value) = self.keys.get(key) else { return Ok(BTreeMap::new()) };
        let Some(pairs) = value.get_ref().as_table().filter(|pairs| !pairs.is_empty()) else {
            return Err(self
                .wrong(key, value, text!("must be a table of texts", "不是文本的表"))
                .with_hint(text!(
                    "write {key} = {{ team = \"search\" }}",
                    "请写成 {key} = {{ team = \"search\" }}"
                )));
        };
        let pair = |(name, value): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| {
            let name = key_name(name).to_owned();
            let (text, _) = self.text_of(&format!("{key}.{name}"), value)?;
            Ok((name, text))
        };
        pairs.iter().map(pair).collect()
    }

    /// `true` or `false`.
    pub fn boolean(&self, key: &str) -> Result<Option<Spotted<bool>>, ReportError> {
        let Some(value) = self.keys.get(key) else { return Ok(None) };
        let wrong = || {
            self.wrong(key, value, text!("must be true or false", "必须是 true 或 false"))
                .with_hint(text!("write {key} = true", "请写成 {key} = true"))
        };
        let written = value.get_ref().as_bool().ok_or_else(wrong)?;
        Ok(Some((written, self.lines.line(&value.span()))))
    }

    /// A number as it is written, with or without quotes.
    pub fn number(&self, key: &str) -> Result<Option<Spotted<String>>, ReportError> {
        let Some(value) = self.keys.get(key) else { return Ok(None) };
        let written = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            DeValue::String(text) => text.trim(),
            _ => "",
        };
        if !written.bytes().any(|byte| byte.is_ascii_digit()) {
            let shown = few_letters(written);
            let what = if written.is_empty() {
                text!("must be a number", "不是数字")
            } else {
                text!("{shown} is not a number", "{shown} 不是数字")
            };
            return Err(self.wrong(key, value, what));
        }
        Ok(Some((written.to_owned(), self.lines.line(&value.span()))))
    }

    /// A date, with or without quotes, as it is written.
    pub fn date(&self, key: &str) -> Result<Option<Spotted<String>>, ReportError> {
        let Some(value) = self.keys.get(key) else { return Ok(None) };
        let written = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            DeValue::String(text) => text.trim().to_owned(),
            _ => return Err(self.wrong(key, value, text!("must be a date", "不是日期"))),
        };
        Ok(Some((written, self.lines.line(&value.span()))))
    }

    /// An error in the value of `key`, in that line.
    pub fn wrong_at(&self, key: &str, line: usize, what: impl Into<Text>) -> ReportError {
        let (key, what) = (self.full_key(key), what.into());
        self.source.wrong(line, text!("key {key}: {what}", "键 {key}：{what}"; what = what))
    }

    /// Returns the error about a required key that is missing.
    pub fn lacks(&self, key: &str) -> ReportError {
        let name = self.name.trim_end_matches('.');
        self.source
            .wrong(self.line, text!("[[{name}]] has no key {key}", "[[{name}]] 缺少键 {key}"))
    }

    fn text_of(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Spotted<String>, ReportError> {
        let text = value.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
        let Some(text) = text else {
            return Err(self
                .wrong(key, value, text!("must be a non-empty text", "不是文本，或文本为空"))
                .with_hint(text!("write {key} = \"…\"", "请写成 {key} = \"…\"")));
        };
        Ok((text.to_owned(), self.lines.line(&value.span())))
    }

    fn wrong(&self, key: &str, value: &Spanned<DeValue<'_>>, what: Text) -> ReportError {
        self.wrong_at(key, self.lines.line(&value.span()), what)
    }
}

/// Returns the hint for `key = 20G` and `key = CNY`: TOML takes words, and units and commas of a number,
/// within quotes only.
fn unquoted(line: &str) -> Option<Text> {
    let (key, value) = line.split_once('=')?;
    let value = value.split('#').next().unwrap_or_default().trim();
    let key = key.trim();
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-');
    let is_word =
        value.starts_with(char::is_alphabetic) && value.chars().all(char::is_alphanumeric);
    let needs_quotes = token_count::read(value).is_ok()
        // A long word may be a key: it is not repeated.
        || is_word && few_letters(value) == value && !["true", "false"].contains(&value);
    (needs_quotes && !key.is_empty() && key.chars().all(is_name)).then(|| {
        let key = few_letters(key);
        text!("put it in quotes: {key} = \"{value}\"", "请加上引号：{key} = \"{value}\"")
    })
}

/// Messages of the TOML library in Chinese, by the beginning of the English.
const SAID: [(&str, &str); 12] = [
    ("string values must be quoted", "文本值必须加引号"),
    ("duplicate key", "键重复"),
    ("key with no value", "键没有值"),
    ("missing value", "键没有值"),
    ("invalid basic string", "引号没有配对，或文本中有不允许的字符"),
    ("invalid literal string", "引号没有配对，或文本中有不允许的字符"),
    ("invalid multi-line basic string", "引号没有配对，或文本中有不允许的字符"),
    ("unclosed table", "表名的方括号没有闭合"),
    ("unclosed array table", "表名的方括号没有闭合"),
    ("unclosed array", "列表的方括号没有闭合"),
    ("unexpected key or value", "值之后有多余的内容"),
    ("missing key", "缺少键名"),
];

/// Returns the words of the library in both languages, as far as they are known.
fn said(words: &str) -> Text {
    let known = SAID.iter().find(|(beginning, _)| words.starts_with(beginning));
    match known {
        Some((_, chinese)) => Text::both(words.replace('\n', " "), *chinese),
        None => Text::same(words.to_owned()),
    }
}

fn key_name<'a>(key: &'a Spanned<std::borrow::Cow<'_, str>>) -> &'a str {
    key.get_ref().as_ref()
}

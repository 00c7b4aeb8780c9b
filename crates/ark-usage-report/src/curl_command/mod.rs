//! A curl command that was pasted, read into the request that it sends.
//!
//! Options that change nothing of the request are passed over; any other that is not known is refused by name, so
//! that no request is judged that curl would not send.

mod options;
mod words;

use volc_openapi::{encode_component, first_letters};

use self::options::{Kind, Meaning, option};
use self::words::unreadable;
use crate::error::ReportError;
use crate::lang::Text;
use crate::text;

/// A request as curl sends it, but for the files it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CurlCommand {
    /// The method.
    pub method: String,
    /// The URL, with the data of `-G`.
    pub url: String,
    /// `Name: value`, `Name:`, `Name;`, or `@FILE` with such lines, in the order of the command.
    /// [`headers_sent`](Self::headers_sent) tells those that are sent.
    pub headers: Vec<String>,
    /// The parts of the body, to be joined by `separator`.
    pub data: Vec<CurlData>,
    /// The sign between two parts of the body.
    pub separator: &'static str,
    /// The `Content-Type` of a body whose type is not given.
    default_type: &'static str,
}

/// A part of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CurlData {
    /// Text of the command.
    Text(String),
    /// A file as it is; `-` is standard input.
    File(String),
    /// A file without its line ends, as `-d @FILE` sends it.
    Lines(String),
}

/// The options of a command, as they are read.
#[derive(Default)]
struct Reader {
    command: CurlCommand,
    method: Option<String>,
    urls: Vec<String>,
    is_query: bool,
    is_head: bool,
    is_json: bool,
    is_literal: bool,
    is_path_kept: bool,
    has_user: bool,
}

impl CurlCommand {
    /// Reads a command line that begins with `curl`.
    ///
    /// ```
    /// use ark_usage_report::CurlCommand;
    ///
    /// let command = CurlCommand::parse("curl -sSX POST 'https://h/?a=1' -H 'X-Date: 1' --data-raw '{}'")?;
    /// assert_eq!((command.method.as_str(), command.url.as_str()), ("POST", "https://h/?a=1"));
    /// assert_eq!(command.headers[0], "X-Date: 1");
    /// assert!(CurlCommand::parse("curl https://h/ --foo").is_err());
    /// # Ok::<(), ark_usage_report::ReportError>(())
    /// ```
    ///
    /// # Errors
    /// [`ReportError`] with the word that cannot be read.
    pub fn parse(command: &str) -> Result<Self, ReportError> {
        let mut words = words::words(command)?.into_iter();
        let program = words.next().unwrap_or_default();
        let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
        if name != "curl" && name != "curl.exe" {
            return Err(ReportError::invalid(text!(
                "--curl: not a curl command",
                "--curl：不是 curl 命令"
            ))
            .with_hint(text!(
                "paste the command as it was run, curl 'https://…' -H '…', or write @FILE",
                "请原样粘贴运行过的命令（curl 'https://…' -H '…'），或写 @FILE"
            )));
        }
        let mut reader = Reader::default();
        let mut are_options_over = false;
        while let Some(word) = words.next() {
            match word.strip_prefix('-') {
                _ if are_options_over => reader.urls.push(word),
                Some("-") => are_options_over = true,
                Some(long) if long.starts_with('-') => reader.long(&word, &mut words)?,
                Some(short) if !short.is_empty() => reader.short(short, &mut words)?,
                _ => reader.urls.push(word),
            }
        }
        reader.finish()
    }
}

impl Reader {
    fn long(
        &mut self,
        word: &str,
        rest: &mut impl Iterator<Item = String>,
    ) -> Result<(), ReportError> {
        let meaning = option(word).ok_or_else(|| unknown(&long_name(word)))?;
        let value = match meaning.1 {
            Kind::Flag => String::new(),
            Kind::Value => rest.next().ok_or_else(|| no_value(word))?,
        };
        self.take(word, meaning.0, value)
    }

    /// Reads letters that stand together; the rest of the word may be the value of the last.
    fn short(
        &mut self,
        letters: &str,
        rest: &mut impl Iterator<Item = String>,
    ) -> Result<(), ReportError> {
        let mut letters = letters.chars();
        while let Some(letter) = letters.next() {
            let name = format!("-{letter}");
            let meaning = option(&name).ok_or_else(|| unknown(&first_letters(&name)))?;
            if meaning.1 == Kind::Flag {
                self.take(&name, meaning.0, String::new())?;
                continue;
            }
            let attached = letters.as_str();
            let value = if attached.is_empty() {
                rest.next().ok_or_else(|| no_value(&name))?
            } else {
                attached.to_owned()
            };
            return self.take(&name, meaning.0, value);
        }
        Ok(())
    }

    fn take(&mut self, name: &str, meaning: Meaning, value: String) -> Result<(), ReportError> {
        let header = |name: &str| format!("{name}: {value}");
        match meaning {
            Meaning::Nothing => {}
            Meaning::Method if is_token(&value) => self.method = Some(value),
            Meaning::Method => return Err(unreadable(name).with_hint(method_hint())),
            Meaning::Url => self.urls.push(value),
            Meaning::Header => self.command.headers.push(value),
            Meaning::UserAgent => self.command.headers.push(header("User-Agent")),
            Meaning::Referer => self.command.headers.push(header("Referer")),
            Meaning::Cookie if value.contains('=') => self.command.headers.push(header("Cookie")),
            Meaning::Cookie => return Err(unreadable(name).with_hint(cookie_hint())),
            Meaning::User => self.has_user = true,
            Meaning::Query => self.is_query = true,
            Meaning::Head => self.is_head = true,
            Meaning::Literal => self.is_literal = true,
            Meaning::KeepPath => self.is_path_kept = true,
            Meaning::Lines => self.command.data.push(file_or_text(value, CurlData::Lines)),
            Meaning::Raw => self.command.data.push(CurlData::Text(value)),
            Meaning::Binary => self.command.data.push(file_or_text(value, CurlData::File)),
            Meaning::Json => {
                self.is_json = true;
                self.command.data.push(file_or_text(value, CurlData::File));
            }
            Meaning::Encoded => self.command.data.push(CurlData::Text(encoded(name, &value)?)),
        }
        Ok(())
    }

    fn finish(self) -> Result<CurlCommand, ReportError> {
        let Self { mut command, method, urls, is_query, is_head, is_json, .. } = self;
        let is_signed = has(&command.headers, "authorization");
        if self.has_user && !is_signed {
            return Err(unreadable("-u").with_hint(text!(
                "a password is no signature: paste the command that sends the Authorization header",
                "密码不是签名：请粘贴发送 Authorization 请求头的命令"
            )));
        }
        let mut urls = urls.into_iter();
        let url = urls
            .next()
            .ok_or_else(|| ReportError::invalid(text!("--curl: no URL", "--curl：没有 URL")))?;
        if let Some(second) = urls.next() {
            return Err(unreadable(&first_letters(&second)).with_hint(text!(
                "one URL is a request; leave out the others",
                "一个 URL 是一个请求；请去掉其余的"
            )));
        }
        check_url(&url, self.is_literal, self.is_path_kept)?;
        command.url =
            if url.contains("://") || url.starts_with('/') { url } else { format!("http://{url}") };
        if is_query {
            command.add_query()?;
        }
        command.separator = if is_json { "" } else { "&" };
        command.method = match method {
            Some(method) => method,
            None if is_head => "HEAD".to_owned(),
            None if command.data.is_empty() => "GET".to_owned(),
            None => "POST".to_owned(),
        };
        command.default_type =
            if is_json { "application/json" } else { "application/x-www-form-urlencoded" };
        Ok(command)
    }
}

impl CurlCommand {
    /// Returns the headers that curl sends, each as `Name: value`. `lines` are `headers`, with each `@FILE` replaced by
    /// the lines of the file.
    ///
    /// ```
    /// use ark_usage_report::CurlCommand;
    ///
    /// let command = CurlCommand::parse("curl https://h/ -H 'Accept:' -H 'X-Empty;' -H 'X-Note: at:'")?;
    /// assert_eq!(command.headers_sent(&command.headers), ["X-Empty:", "X-Note: at:"]);
    /// # Ok::<(), ark_usage_report::ReportError>(())
    /// ```
    pub fn headers_sent(&self, lines: &[String]) -> Vec<String> {
        let mut sent: Vec<String> = lines.iter().filter_map(|line| header_sent(line)).collect();
        if !self.data.is_empty() && !has(lines, "content-type") {
            sent.push(format!("Content-Type: {}", self.default_type));
        }
        sent
    }

    /// Moves the data to the query, as `-G` does.
    fn add_query(&mut self) -> Result<(), ReportError> {
        for part in std::mem::take(&mut self.data) {
            let CurlData::Text(text) = part else { return Err(unreadable("-G -d @FILE")) };
            let sign = if self.url.contains('?') { '&' } else { '?' };
            self.url.push(sign);
            self.url.push_str(&text);
        }
        Ok(())
    }
}

/// Returns true if a header is given, also one without a value.
fn has(headers: &[String], name: &str) -> bool {
    let named =
        |header: &String| header.split([':', ';']).next().unwrap_or_default().to_lowercase();
    headers.iter().any(|header| named(header) == name)
}

/// Refuses a URL that curl would expand or shorten.
fn check_url(url: &str, is_literal: bool, is_path_kept: bool) -> Result<(), ReportError> {
    let (_, behind_host) = url
        .split_once("://")
        .map_or(("", url), |(_, rest)| rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len())));
    let path = behind_host.split('?').next().unwrap_or_default();
    let refusal = |sign: &str, flag: &str| {
        unreadable(sign).with_hint(text!(
            "curl changes this part of the URL unless {flag} is given",
            "如果没有 {flag}，curl 会改写 URL 的这一部分"
        ))
    };
    if !is_literal
        && let Some(sign) =
            ["{", "}", "[", "]"].into_iter().find(|sign| behind_host.contains(*sign))
    {
        return Err(refusal(sign, "--globoff"));
    }
    let has_dots = path.split('/').any(|part| part == "." || part == "..");
    if has_dots && !is_path_kept { Err(refusal("..", "--path-as-is")) } else { Ok(()) }
}

fn file_or_text(value: String, file: fn(String) -> CurlData) -> CurlData {
    match value.strip_prefix('@') {
        Some(path) => file(path.to_owned()),
        None => CurlData::Text(value),
    }
}

/// Returns the value of `--data-urlencode`: `TEXT`, `=TEXT` or `NAME=TEXT`.
fn encoded(name: &str, value: &str) -> Result<String, ReportError> {
    match value.split_once('=') {
        Some(("", text)) => Ok(encode_component(text)),
        Some((key, text)) => Ok(format!("{key}={}", encode_component(text))),
        None if value.contains('@') => Err(unreadable(&format!("{name} NAME@FILE"))),
        None => Ok(encode_component(value)),
    }
}

/// Returns a header as curl sends it; `None` for one that it leaves out. `Name:` removes a header of curl's own, `Name;`
/// sends an empty one, and a line without either sign is no header.
fn header_sent(line: &str) -> Option<String> {
    let is_space = |sign: char| matches!(sign, ' ' | '\t'..='\r');
    let sent = match line.split_once(':') {
        Some((_, value)) if value.trim_matches(is_space).is_empty() => return None,
        Some(_) => line.to_owned(),
        None => format!("{}:", line.strip_suffix(';').filter(|name| !name.contains(';'))?),
    };
    (!sent.starts_with(':')).then_some(sent)
}

/// Returns true for what curl sends as a method and a server reads as one.
fn is_token(value: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !value.is_empty() && value.bytes().all(is_sign)
}

/// Returns the name of a long option; of a word that holds more, or is none, the first letters.
fn long_name(word: &str) -> String {
    let name = word.split('=').next().unwrap_or_default();
    let is_of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.';
    // No part of an option of curl is longer.
    let is_part = |part: &str| part.len() <= 14 && part.bytes().all(is_of_name);
    if name.len() <= 40 && name.split('-').all(is_part) {
        name.to_owned()
    } else {
        first_letters(name)
    }
}

fn method_hint() -> Text {
    text!("a method is one word, such as POST", "请求方法是一个单词，例如 POST")
}

fn cookie_hint() -> Text {
    text!(
        "a file of cookies is not read: write -b 'NAME=VALUE'",
        "不读取存放 cookie 的文件：请写 -b 'NAME=VALUE'"
    )
}

fn unknown(name: &str) -> ReportError {
    unreadable(name).with_hint(text!(
        "leave it out if it changes nothing of the request; otherwise pass METHOD, URL, -H and -d",
        "如果它不影响请求，请去掉；否则请直接给出 METHOD、URL、-H 和 -d"
    ))
}

fn no_value(name: &str) -> ReportError {
    ReportError::invalid(text!("--curl: {name} has no value", "--curl：{name} 没有值"))
        .with_hint(text!("copy the whole command", "请复制完整的命令"))
}

#[cfg(test)]
mod tests;

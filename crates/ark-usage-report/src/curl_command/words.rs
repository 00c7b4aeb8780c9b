//! The words of a command that was pasted, as a POSIX shell reads them.
//!
//! `shlex` splits words. It knows no `$'…'`, keeps a backslash before the end of a line as an empty word, and takes
//! characters that a shell acts on as text; those are seen to here.

use std::iter::Peekable;
use std::str::Chars;

use volc_openapi::first_letters;

use crate::error::ReportError;
use crate::lang::Text;
use crate::text;

/// Returns the words of a command; fails for one that depends on a shell's variables, files or other commands.
pub(super) fn words(command: &str) -> Result<Vec<String>, ReportError> {
    let command = command.replace("\r\n", "\n");
    let command = command.trim_start();
    let command = command.strip_prefix("$ ").unwrap_or(command);
    if command.contains(" ^\n") {
        return Err(unreadable("^").with_hint(text!(
            "this is a command for cmd.exe: copy it as cURL for bash",
            "这是 cmd.exe 的命令：请复制为 bash 格式的 cURL"
        )));
    }
    let mut lexer = Lexer { rest: command.chars().peekable(), plain: String::new() };
    lexer.read()?;
    shlex::split(&lexer.plain).ok_or_else(not_closed)
}

/// Returns the error of a part of the command that cannot be read. It is shown whole: of a text that is neither an operator
/// nor the name of an option, pass the first letters.
pub(super) fn unreadable(shown: &str) -> ReportError {
    ReportError::invalid(text!("--curl: cannot read {shown}", "--curl：无法读取 {shown}"))
}

fn not_closed() -> ReportError {
    ReportError::invalid(text!("--curl: a quote is not closed", "--curl：有引号没有结束"))
        .with_hint(text!("copy the whole command", "请复制完整的命令"))
}

/// Rewrites a command to one that `shlex` reads as a shell reads the original.
struct Lexer<'a> {
    rest: Peekable<Chars<'a>>,
    plain: String,
}

impl Lexer<'_> {
    fn read(&mut self) -> Result<(), ReportError> {
        while let Some(sign) = self.rest.next() {
            match sign {
                '\\' => self.escape()?,
                '\'' => self.single()?,
                '"' => self.double()?,
                '$' if self.rest.peek() == Some(&'\'') => self.ansi_c()?,
                '$' => return Err(expansion(&self.name())),
                '`' => return Err(expansion("")),
                '|' | '&' | ';' | '<' | '>' | '(' | ')' => return Err(operator(sign)),
                '#' if self.plain.ends_with([' ', '\t', '\n']) || self.plain.is_empty() => {
                    self.rest.find(|sign| *sign == '\n');
                    self.plain.push('\n');
                }
                sign => self.plain.push(sign),
            }
        }
        Ok(())
    }

    /// A backslash outside quotes; one before the end of a line continues it.
    fn escape(&mut self) -> Result<(), ReportError> {
        match self.rest.next().ok_or_else(not_closed)? {
            '\n' => {}
            sign => self.plain.extend(['\\', sign]),
        }
        Ok(())
    }

    fn single(&mut self) -> Result<(), ReportError> {
        self.plain.push('\'');
        loop {
            let sign = self.rest.next().ok_or_else(not_closed)?;
            self.plain.push(sign);
            if sign == '\'' {
                return Ok(());
            }
        }
    }

    fn double(&mut self) -> Result<(), ReportError> {
        self.plain.push('"');
        loop {
            let sign = self.rest.next().ok_or_else(not_closed)?;
            let begins_name = |next: &char| next.is_alphanumeric() || "_{(@*#?$!-".contains(*next);
            match sign {
                '\\' => self.plain.extend(['\\', self.rest.next().ok_or_else(not_closed)?]),
                '`' => return Err(expansion("")),
                '$' if self.rest.peek().is_some_and(begins_name) => {
                    return Err(expansion(&self.name()));
                }
                // `shlex` takes it as it is.
                sign => self.plain.push(sign),
            }
            if sign == '"' {
                return Ok(());
            }
        }
    }

    /// `$'…'`, with the escapes of C.
    fn ansi_c(&mut self) -> Result<(), ReportError> {
        self.rest.next();
        let mut bytes = Vec::new();
        loop {
            match self.rest.next().ok_or_else(not_closed)? {
                '\'' => break,
                '\\' => self.c_escape(&mut bytes)?,
                sign => push(&mut bytes, sign),
            }
        }
        let text = String::from_utf8(bytes).map_err(|_| unreadable("$'…'"))?;
        let quoted = shlex::try_quote(&text).map_err(|_| unreadable("$'…\\0…'"))?;
        self.plain.push_str(&quoted);
        Ok(())
    }

    fn c_escape(&mut self, bytes: &mut Vec<u8>) -> Result<(), ReportError> {
        let sign = self.rest.next().ok_or_else(not_closed)?;
        let wide = |code: u32| char::from_u32(code).ok_or_else(|| unreadable("\\u"));
        match sign {
            'n' => bytes.push(b'\n'),
            't' => bytes.push(b'\t'),
            'r' => bytes.push(b'\r'),
            'a' => bytes.push(7),
            'b' => bytes.push(8),
            'v' => bytes.push(11),
            'f' => bytes.push(12),
            'e' | 'E' => bytes.push(27),
            '\\' | '\'' | '"' | '?' => push(bytes, sign),
            'x' => bytes.push(u8::try_from(self.number(16, 2)).unwrap_or_default()),
            'u' => push(bytes, wide(self.number(16, 4))?),
            'U' => push(bytes, wide(self.number(16, 8))?),
            '0'..='7' => {
                let first = sign.to_digit(8).unwrap_or_default();
                let mut code = first;
                for _ in 0..2 {
                    let Some(digit) = self.rest.peek().and_then(|next| next.to_digit(8)) else {
                        break;
                    };
                    code = code * 8 + digit;
                    self.rest.next();
                }
                bytes.push(u8::try_from(code & 0xff).unwrap_or_default());
            }
            'c' => return Err(unreadable("\\c")),
            // An unknown escape stays as it is.
            other => {
                bytes.push(b'\\');
                push(bytes, other);
            }
        }
        Ok(())
    }

    /// Reads at most `most` digits.
    fn number(&mut self, radix: u32, most: usize) -> u32 {
        let mut number: u32 = 0;
        for _ in 0..most {
            let Some(digit) = self.rest.peek().and_then(|next| next.to_digit(radix)) else { break };
            number = number.wrapping_mul(radix).wrapping_add(digit);
            self.rest.next();
        }
        number
    }

    /// Reads the name of a variable.
    fn name(&mut self) -> String {
        let mut name = String::new();
        while let Some(sign) =
            self.rest.next_if(|next| next.is_alphanumeric() || "_{(".contains(*next))
        {
            name.push(sign);
        }
        name
    }
}

fn push(bytes: &mut Vec<u8>, sign: char) {
    bytes.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Returns the error of a part that a shell would replace.
fn expansion(name: &str) -> ReportError {
    let shown = if name.is_empty() {
        Text::same("`")
    } else {
        Text::same(format!("${}", first_letters(name)))
    };
    ReportError::invalid(text!(
        "--curl: the shell would replace {shown}",
        "--curl：shell 会替换 {shown}";
        shown = shown
    ))
    .with_hint(text!("write its value instead, in single quotes", "请改写成它的值，并加上单引号"))
}

/// Returns the error of a sign that ends a command, or connects it with others.
fn operator(sign: char) -> ReportError {
    ReportError::invalid(text!(
        "--curl: {sign} outside quotes ends the command",
        "--curl：引号之外的 {sign} 会结束命令"
    ))
    .with_hint(text!(
        "leave out what follows the command, or put the URL in single quotes",
        "请去掉该命令之后的部分，或给 URL 加上单引号"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_a_shell() {
        for (command, expected) in [
            ("curl -H 'a b' \"c d\" e\\ f", &["curl", "-H", "a b", "c d", "e f"][..]),
            ("$ curl \\\n  -X POST \\\r\n 'u'", &["curl", "-X", "POST", "u"]),
            ("# good until\ncurl u # note 'x\n-k", &["curl", "u", "-k"]),
            ("curl $'it\\'s \\u4f60\\x41\\n'", &["curl", "it's 你A\n"]),
            ("curl $'\\xe4\\xbd\\xa0\\101\\z' ''", &["curl", "你A\\z", ""]),
            ("curl u#part \"a$ b\" \"\\$HOME\"", &["curl", "u#part", "a$ b", "$HOME"]),
            ("curl 'it'\\''s'", &["curl", "it's"]),
            ("curl \"a\\\nb\"", &["curl", "ab"]),
        ] {
            assert_eq!(words(command).unwrap(), expected, "{command}");
        }
    }

    #[test]
    fn a_command_that_depends_on_the_shell_is_refused() {
        for (command, named) in [
            ("curl $URL", "$URL"),
            ("curl \"$HOME/x\"", "$HOME"),
            ("curl \"`date`\"", "`"),
            ("curl `date`", "`"),
            ("curl u | jq .", "|"),
            ("curl https://h/?a=1&b=2", "&"),
            ("curl u > file", ">"),
            ("curl 'u", "not closed"),
            ("curl \"u", "not closed"),
            ("curl $'u", "not closed"),
            ("curl u \\", "not closed"),
            ("curl ^\n u", "^"),
            ("curl $'\\xff'", "$'…'"),
            ("curl $'\\x00'", "$'"),
        ] {
            let error = words(command).unwrap_err().to_string();
            assert!(error.starts_with("--curl: ") && error.contains(named), "{command}: {error}");
        }
    }
}

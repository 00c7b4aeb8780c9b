//! The fault of a file, of a program's output, or of a service's answer.

use std::fmt;
use std::io;

use volc_openapi::NotUtf8;

/// The fault of a content that was read: in a file, printed by a program, answered by a service.
///
/// It names keys, never values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentProblem {
    /// The text is not JSON.
    NotJson,
    /// The JSON is no object.
    NotAnObject,
    /// The JSON has other fields.
    ExpectedFields,
    /// The JSON is not what the service documents.
    NotDocumented,
    /// This value is no object.
    ExpectedObject,
    /// This value is no object that holds keys.
    ExpectedObjectWithKeys,
    /// This value is no text in quotes.
    ExpectedText,
    /// This value is no whole number.
    ExpectedNumber,
    /// This value is neither `true` nor `false`.
    ExpectedBoolean,
    /// This value is no date with a time.
    ExpectedTime,
    /// This value is neither a host name nor a base URL.
    ExpectedAddress,
    /// This value is no mode of a profile.
    ExpectedMode,
    /// This line is no `key = value`.
    ExpectedPair,
    /// This line opens a bracket and does not close it.
    NoBracket,
    /// This line stands before any section.
    NoSection,
    /// The file holds no token.
    NoToken,
    /// A key in this value is missing or empty.
    Incomplete,
    /// The file is UTF-16 text.
    Utf16,
    /// The file is not UTF-8 text.
    NotUtf8,
    /// The output is not UTF-8 text.
    Encoding(NotUtf8),
    /// This field is missing or empty.
    Missing(&'static str),
    /// This field is no text in quotes.
    NotText(&'static str),
    /// This field is no date with a time and a zone.
    NotInstant(&'static str),
    /// `Version` is not 1.
    Version,
    /// The credentials have expired.
    Expired,
    /// There are no credentials in it.
    NoCredentials,
    /// It is no token.
    NotAToken,
    /// It is no list of role names.
    NotRoles,
    /// No role is bound to this server.
    NoRole,
}

impl fmt::Display for ContentProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "not valid JSON",
            Self::NotAnObject => "not a JSON object",
            Self::ExpectedFields => "not a JSON object with the expected fields",
            Self::NotDocumented => "not the documented JSON",
            Self::ExpectedObject => "expected an object",
            Self::ExpectedObjectWithKeys => "expected an object with keys",
            Self::ExpectedText => "expected a text in quotes",
            Self::ExpectedNumber => "expected a whole number",
            Self::ExpectedBoolean => "expected true or false",
            Self::ExpectedTime => "expected a date and time (RFC 3339)",
            Self::ExpectedAddress => "expected a host name or a base URL",
            Self::ExpectedMode => {
                "expected one of ak, ramrolearn, oidc, ecsrole, sso, console-login"
            }
            Self::ExpectedPair => "expected key = value",
            Self::NoBracket => "no closing ]",
            Self::NoSection => "a key before any [section]",
            Self::NoToken => "the file holds no token",
            Self::Incomplete => "a key in it is missing or empty",
            Self::Utf16 => "UTF-16 text; save the file as UTF-8",
            Self::NotUtf8 => "not UTF-8 text",
            Self::Encoding(problem) => return problem.fmt(f),
            Self::Missing(name) => return write!(f, "{name} is missing or empty"),
            Self::NotText(name) => return write!(f, "{name}: expected a text in quotes"),
            Self::NotInstant(name) => {
                return write!(f, "{name}: expected a date and time with a zone (RFC 3339)");
            }
            Self::Version => "its Version is not 1",
            Self::Expired => "the credentials have expired",
            Self::NoCredentials => "no credentials in it",
            Self::NotAToken => "not a token",
            Self::NotRoles => "not a list of role names",
            Self::NoRole => "no role is bound to this server",
        })
    }
}

/// The kind of an I/O error in words; those of the standard library name its own concepts.
pub(crate) fn error_kind(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::NotFound => "no such file",
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::IsADirectory => "it is a folder",
        io::ErrorKind::NotADirectory => "a part of the path is not a folder",
        io::ErrorKind::FileTooLarge => "file too large",
        io::ErrorKind::TimedOut => "timed out",
        io::ErrorKind::ExecutableFileBusy => "the program is being written",
        io::ErrorKind::ArgumentListTooLong => "too many arguments",
        io::ErrorKind::OutOfMemory => "out of memory",
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidFilename => "not a valid path",
        io::ErrorKind::WouldBlock => "no resources at the moment",
        io::ErrorKind::UnexpectedEof => "it ends too early",
        _ => "input or output failed",
    }
}

//! Key pairs that cannot be right, told before anything is sent with them.

use std::fmt;

use volc_sign::Credentials;

/// The prefixes of key ids: long-term and temporary ones.
const ID_PREFIXES: [&str; 2] = ["AKLT", "AKTP"];

/// The reason for which a key pair is refused before it is used. It shows neither half.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyProblem {
    /// The secret begins like a key id and the id does not: each stands in the other's place.
    Exchanged,
    /// A part holds a sign that none can have: take it out.
    Sign {
        /// The part.
        part: KeyPart,
        /// The sign.
        sign: char,
    },
}

/// A part of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyPart {
    /// The access key id.
    Id,
    /// The secret access key.
    Secret,
    /// The session token.
    Token,
}

impl KeyProblem {
    /// Finds the problem of a key pair, if it has one.
    pub(crate) fn of(credentials: &Credentials) -> Option<Self> {
        let id = credentials.access_key_id();
        let secret = credentials.secret().expose();
        let token = credentials.session_token().map_or("", |token| token.expose());
        let sign = |part, sign: Option<char>| sign.map(|sign| Self::Sign { part, sign });
        sign(KeyPart::Id, id.chars().find(|sign| is_quote(*sign) || !sign.is_ascii_graphic()))
            .or_else(|| sign(KeyPart::Secret, foreign(secret)))
            .or_else(|| sign(KeyPart::Token, foreign(token)))
            .or_else(|| (begins_like_id(secret) && !begins_like_id(id)).then_some(Self::Exchanged))
    }
}

/// Secrets and tokens are used as they are, so only what nobody can have meant is refused: a quote
/// around them, and signs that cannot be seen.
fn foreign(text: &str) -> Option<char> {
    let ends = [text.chars().next(), text.chars().next_back()];
    let quotes = match ends {
        [Some(first), Some(last)] if is_quote(first) && is_quote(last) => Some(first),
        _ => None,
    };
    quotes.or_else(|| text.chars().find(|sign| is_invisible(*sign)))
}

fn begins_like_id(text: &str) -> bool {
    ID_PREFIXES.iter().any(|prefix| text.starts_with(prefix))
}

fn is_quote(sign: char) -> bool {
    matches!(sign, '"' | '\'' | '`' | '‘' | '’' | '“' | '”' | '＂' | '＇' | '「' | '」')
}

/// Control signs, blanks outside ASCII, marks of direction and of no width.
fn is_invisible(sign: char) -> bool {
    sign.is_control()
        || (sign.is_whitespace() && sign != ' ')
        || matches!(u32::from(sign),
            0x00ad | 0x034f | 0x061c | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f
            | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfe00..=0xfe0f
            | 0xfeff | 0xffa0 | 0xfff9..=0xfffb | 0xe0000..=0xe0fff)
}

/// The sign so that it can be seen: `"`, `U+200B (zero width space)`.
struct Shown(char);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(sign) = *self;
        if sign.is_ascii_graphic() {
            return write!(f, "{sign}");
        }
        write!(f, "U+{:04X}", u32::from(sign))?;
        match sign {
            ' ' => f.write_str(" (space)"),
            '\t' => f.write_str(" (tab)"),
            '\n' => f.write_str(" (line feed)"),
            '\r' => f.write_str(" (carriage return)"),
            '\u{a0}' => f.write_str(" (no-break space)"),
            '\u{200b}' => f.write_str(" (zero width space)"),
            '\u{feff}' => f.write_str(" (byte order mark)"),
            '\u{fffd}' => f.write_str(" (replacement character)"),
            _ if is_invisible(sign) => Ok(()),
            _ => write!(f, " ({sign})"),
        }
    }
}

impl KeyProblem {
    /// The sign as it may be shown, if that is the problem: invisible ones by their number.
    pub fn sign(&self) -> Option<String> {
        match self {
            Self::Sign { sign, .. } => Some(Shown(*sign).to_string()),
            Self::Exchanged => None,
        }
    }
}

impl fmt::Display for KeyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exchanged => f.write_str(
                "access key id and secret look exchanged: the secret begins like an id (AKLT, AKTP), the id does not",
            ),
            Self::Sign { part, sign } => {
                write!(f, "the {part} holds the character {}, which cannot be part of it", Shown(*sign))
            }
        }
    }
}

impl std::error::Error for KeyProblem {}

impl fmt::Display for KeyPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Id => "access key id",
            Self::Secret => "secret access key",
            Self::Token => "session token",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(id: &str, secret: &str) -> Option<String> {
        KeyProblem::of(&Credentials::new(id, secret)).map(|problem| problem.to_string())
    }

    #[test]
    fn swapped_key_halves_are_reported() {
        for id in ["fake-secret-for-tests", "AKfake", "aklt-fake"] {
            for secret in ["AKLTEXAMPLE0001", "AKTPEXAMPLE0001"] {
                let told = problem(id, secret).unwrap();
                assert!(told.contains("look exchanged") && !told.contains(id), "{told}");
                assert!(!told.contains(secret), "{told}");
            }
        }
        assert_eq!(problem("AKLTEXAMPLE0001", "AKLTEXAMPLE0002"), None);
        assert_eq!(problem("a", "s"), None);
    }

    #[test]
    fn the_sign_that_cannot_be_is_named() {
        for (id, shown) in [
            ("\"AKLTEXAMPLE0001\"", "character \","),
            ("'AKLTEXAMPLE0001", "character ',"),
            ("AKLTEXAMPLE\u{200b}0001", "U+200B (zero width space)"),
            ("\u{feff}AKLTEXAMPLE0001", "U+FEFF (byte order mark)"),
            ("AKLTEXAMPLE0001\u{a0}", "U+00A0 (no-break space)"),
            ("ＡKLTEXAMPLE0001", "U+FF21 (Ａ)"),
            ("AKLT 0001", "U+0020 (space)"),
        ] {
            let told = problem(id, "fake-secret").unwrap();
            assert!(told.contains(shown) && !told.contains("EXAMPLE0001"), "{told}");
        }
    }

    #[test]
    fn secrets_may_hold_anything_that_can_be_seen() {
        assert_eq!(problem("a", "密\"钥' =="), None);
        assert!(problem("a", "\"fake\"").unwrap().contains("secret access key"));
        assert!(problem("a", "fake\u{200d}").unwrap().contains("U+200D"));
        let token = Credentials::new("a", "s").with_session_token("'fake'");
        assert!(KeyProblem::of(&token).unwrap().to_string().contains("session token"));
    }
}

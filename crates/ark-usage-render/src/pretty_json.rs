//! JSON of a server made readable: same members, same order, same numbers.

use serde_json::value::RawValue;

use crate::harmless::json_document;

/// The document with one value a line, and signs escaped that a terminal would act on; text that is not JSON
/// comes back as it is.
///
/// Only the white space between values is written anew. Texts and numbers are never read, and so never
/// rewritten: 64 bits and 17 digits are no limit. Nothing is built beside the result, because an answer
/// of some megabytes would become a tree of gigabytes.
pub fn pretty_json(text: &[u8]) -> Vec<u8> {
    let mut bytes = match serde_json::from_slice::<&RawValue>(text) {
        Ok(value) => IndentedJson::of(value.get()),
        Err(_) => text.to_vec(),
    };
    if bytes.last() != Some(&b'\n') {
        bytes.push(b'\n');
    }
    json_document(bytes)
}

/// Deeper than anything a service sends; what lies deeper stays on one line, or indentation would be
/// most of the result.
const DEEPEST: usize = 16;

/// The result so far, and where in the document it is.
struct IndentedJson {
    bytes: Vec<u8>,
    depth: usize,
    /// The last byte opened an object or a list.
    is_opened: bool,
}

impl IndentedJson {
    /// Lays a document out, which is known to be JSON.
    fn of(json: &str) -> Vec<u8> {
        let mut layout = Self { bytes: Vec::new(), depth: 0, is_opened: false };
        let mut rest = json.as_bytes();
        while let [byte, behind @ ..] = rest {
            rest = if *byte == b'"' {
                layout.text(rest)
            } else {
                layout.sign(*byte);
                behind
            };
        }
        layout.bytes
    }

    /// Copies a text, which begins here, as it stands; returns what is behind it.
    fn text<'a>(&mut self, json: &'a [u8]) -> &'a [u8] {
        let mut is_escaped = true;
        let quote = json.iter().position(|byte| {
            let ends = *byte == b'"' && !is_escaped;
            is_escaped = *byte == b'\\' && !is_escaped;
            ends
        });
        let end = quote.map_or(json.len(), |quote| quote + 1);
        let (text, behind) = json.split_at_checked(end).unwrap_or((json, &[]));
        self.begin_element();
        self.bytes.extend_from_slice(text);
        behind
    }

    /// Takes any byte outside of texts.
    fn sign(&mut self, byte: u8) {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'{' | b'[' => {
                self.begin_element();
                self.bytes.push(byte);
                self.depth += 1;
                self.is_opened = true;
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                // Nothing was in it: both signs stay together.
                if !std::mem::take(&mut self.is_opened) && self.depth < DEEPEST {
                    self.end_line();
                }
                self.bytes.push(byte);
            }
            b',' => {
                self.bytes.push(byte);
                if self.depth <= DEEPEST {
                    self.end_line();
                }
            }
            b':' => self.bytes.extend_from_slice(if self.depth <= DEEPEST { b": " } else { b":" }),
            other => {
                self.begin_element();
                self.bytes.push(other);
            }
        }
    }

    /// Puts the first element of an object or a list on a line of its own.
    fn begin_element(&mut self) {
        if std::mem::take(&mut self.is_opened) && self.depth <= DEEPEST {
            self.end_line();
        }
    }

    fn end_line(&mut self) {
        self.bytes.push(b'\n');
        self.bytes.resize(self.bytes.len() + 2 * self.depth, b' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pretty(text: &str) -> String {
        String::from_utf8(pretty_json(text.as_bytes())).unwrap()
    }

    #[test]
    fn order_and_numbers_are_the_servers() {
        let text =
            r#" {"b":[1.0,123456789012345678901234567890],"a":{"é":"\u00e9"},"b":{},"c":[]} "#;
        let expected = r#"{
  "b": [
    1.0,
    123456789012345678901234567890
  ],
  "a": {
    "é": "\u00e9"
  },
  "b": {},
  "c": []
}
"#;
        assert_eq!(pretty(text), expected);
    }

    #[test]
    fn depth_has_an_end() {
        let text = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(pretty(&text).contains("[[[["));
        let deep = "[".repeat(16) + "[1,{\"a\":2}]" + &"]".repeat(16);
        let line = format!("\n{}[1,{{\"a\":2}}]\n", " ".repeat(32));
        assert!(pretty(&deep).contains(&line), "{}", pretty(&deep));
        assert_eq!(pretty("not JSON"), "not JSON\n");
    }

    #[test]
    fn nothing_in_it_steers_a_terminal() {
        let shown = pretty("{\"a\u{9b}\u{7f}\":\t\"\u{202e}\"}");
        assert_eq!(shown, "{\n  \"a\\u009b\\u007f\": \"\\u202e\"\n}\n");
    }
}

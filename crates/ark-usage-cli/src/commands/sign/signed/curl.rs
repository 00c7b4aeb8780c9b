//! `-f curl`: a curl command that sends exactly the signed request.

use ark_usage_report::text;

use super::SignedRequest;
use crate::error::CliError;
use crate::lang::Lang;
use crate::request::BodySource;
use crate::shell::quoted;

/// The longest body within the command; systems limit an argument to 128 KiB.
const INLINE: usize = 64 << 10;

/// Returns the command, one option a line, below a comment that says until when it works.
pub(crate) fn curl(request: &SignedRequest<'_>, lang: Lang) -> Result<Vec<u8>, CliError> {
    let url = request.url();
    if !url.contains("://") || url.starts_with('/') {
        return Err(CliError::usage(text!(
            "-f curl: the URL names no server",
            "-f curl：URL 没有指明服务端"
        ))
        .with_hint(text!("write a whole URL, https://HOST/…", "请写完整的 URL：https://HOST/…")));
    }
    // Without these two options curl expands braces and resolves dot segments.
    let comment = request.good_until().map(|until| {
        text!("# good until {until}\n", "# 有效期至 {until}\n").in_lang(lang).to_owned()
    });
    let mut parts = vec![format!("curl --globoff --path-as-is{}", method(request))];
    parts.push(quoted(url).into_owned());
    parts.extend(request.headers.iter().map(|header| {
        // A header without a value is written with a semicolon; a colon would remove it.
        let text = match header.value.as_str() {
            "" => format!("{};", header.name),
            _ => header.to_string(),
        };
        format!("-H {}", quoted(&text))
    }));
    if let Some(data) = data(request) {
        if !request.headers.iter().any(|header| header.is("Content-Type")) {
            // curl sends any body as a form by default.
            parts.push("-H 'Content-Type:'".to_owned());
        }
        parts.push(data);
    }
    Ok((comment.unwrap_or_default() + &parts.join(" \\\n  ") + "\n").into_bytes())
}

/// Returns true if the command reads the body from standard input.
pub(crate) fn feeds_stdin(request: &SignedRequest<'_>) -> bool {
    let body = &request.given.body;
    body.source == BodySource::Stdin && inline(&body.bytes).is_none()
}

fn method(request: &SignedRequest<'_>) -> String {
    match request.given.method.as_str() {
        "GET" if request.given.body.bytes.is_empty() => String::new(),
        // With `-X HEAD`, curl would wait for a body.
        "HEAD" if request.given.body.bytes.is_empty() => " --head".to_owned(),
        method => format!(" -X {}", quoted(method)),
    }
}

/// Returns the option for the body; `--data-raw` does not treat `@` specially.
fn data(request: &SignedRequest<'_>) -> Option<String> {
    let body = &request.given.body;
    match (&body.source, inline(&body.bytes)) {
        (BodySource::Absent, _) => {
            // Sends Content-Length: 0, which some servers require.
            let wants_length = ["POST", "PUT", "PATCH"].contains(&request.given.method.as_str());
            wants_length.then(|| "--data-raw ''".to_owned())
        }
        (BodySource::File(path), _) => {
            Some(format!("--data-binary {}", quoted(&format!("@{path}"))))
        }
        (_, Some(text)) => Some(format!("--data-raw {}", quoted(text))),
        (_, None) => Some("--data-binary @-".to_owned()),
    }
}

/// Returns the body as text, if it fits into a command.
fn inline(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    (text.len() <= INLINE && !text.contains('\0')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_text_is_put_into_the_command() {
        assert_eq!(inline(b"{}"), Some("{}"));
        assert_eq!(inline(b"a\0b"), None);
        assert_eq!(inline(&[0xff]), None);
        assert_eq!(inline(&vec![b'a'; INLINE + 1]), None);
    }
}

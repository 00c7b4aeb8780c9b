//! Masking secrets that a server echoes: a gateway's error page may show the whole request.

use http::{HeaderMap, HeaderValue};

/// The sensitive values of a request, such as its token and its `Authorization`.
pub(super) struct Echoes(Vec<HeaderValue>);

/// Pages that quote requests are small, and usage is not searched.
const LARGEST: usize = 64 << 10;
/// A short value would be found everywhere.
const SHORTEST: usize = 8;
const COVER: u8 = b'*';

impl Echoes {
    /// The values of a request as it is sent.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let sensitive = headers.values().filter(|value| value.is_sensitive());
        Self(sensitive.filter(|value| value.len() >= SHORTEST).cloned().collect())
    }

    /// Masks them in a response, byte by byte.
    pub(super) fn cover(&self, body: &mut [u8]) {
        if body.len() > LARGEST {
            return;
        }
        for secret in &self.0 {
            let secret = secret.as_bytes();
            let mut from = 0;
            while let Some(at) = find(body.get(from..).unwrap_or_default(), secret) {
                let end = from + at + secret.len();
                body.get_mut(from + at..end).unwrap_or_default().fill(COVER);
                from = end;
            }
        }
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sensitive_values_are_masked() {
        let mut token = HeaderValue::from_static("fake-token");
        token.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert("x-security-token", token);
        headers.insert("host", HeaderValue::from_static("open.example.com"));
        let mut body = b"host=open.example.com token=fake-token,fake-token".to_vec();
        Echoes::of(&headers).cover(&mut body);
        assert_eq!(body, b"host=open.example.com token=**********,**********");
        let mut large = [b"fake-token".to_vec(), vec![b' '; LARGEST]].concat();
        let same = large.clone();
        Echoes::of(&headers).cover(&mut large);
        assert_eq!(large, same);
    }
}

//! Stage 1b: the path (rule R2).

use alloc::string::String;

use crate::percent::{Plus, decode, encode};
use crate::{Ambiguity, SignError};

/// Writes the canonical form of a path: each segment decoded once and encoded again; an empty path
/// is `/`; trailing and doubled slashes and dot segments stay.
pub(crate) fn write(out: &mut String, path: &str, ambiguity: Ambiguity) -> Result<(), SignError> {
    if path.is_empty() {
        out.push('/');
        return Ok(());
    }
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            out.push('/');
        }
        let (bytes, valid) = decode(segment, Plus::Literal);
        match ambiguity {
            Ambiguity::Refuse => {
                check(&bytes, valid)?;
                encode(out, &bytes);
            }
            // Go decodes the whole path before it looks for slashes.
            Ambiguity::LikeGo => encode_but_slashes(out, &bytes),
            Ambiguity::AsSent => encode(out, &bytes),
        }
    }
    Ok(())
}

fn check(segment: &[u8], valid: bool) -> Result<(), SignError> {
    if !valid {
        return Err(SignError::InvalidEscape { part: "path" });
    }
    if segment.contains(&b'/') {
        return Err(SignError::EncodedSlash);
    }
    if core::str::from_utf8(segment).is_err() {
        return Err(SignError::PathNotUtf8);
    }
    Ok(())
}

fn encode_but_slashes(out: &mut String, segment: &[u8]) {
    for (index, piece) in segment.split(|&byte| byte == b'/').enumerate() {
        if index > 0 {
            out.push('/');
        }
        encode(out, piece);
    }
}

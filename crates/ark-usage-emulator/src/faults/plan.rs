//! The effects that apply to one call, put together: what changes before, in and after the answer.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderValue, Response, StatusCode};

use super::effect::{Effect, ResetAt, StatusBody};
use super::socket::SocketFault;
use crate::behaviors::Behaviors;
use crate::behaviors::Extras;
use crate::calendar::HOUR;
use crate::data::Adjustment;
use crate::envelope::About;
use crate::errors::Refusal;

const HTML_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Error</title></head>\n\
                         <body><h1>The page you asked for is not here</h1></body></html>\n";

/// Everything scripted for one call.
///
/// Of effects that replace, damage or mistreat the answer, the first in the script wins; those that
/// change what is answered add up.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    /// Seconds to add to the server's clock.
    pub(crate) clock_offset: i64,
    /// True when the key is unknown by now.
    pub(crate) key_revoked: bool,
    pub(crate) behaviors: Behaviors,
    pub(crate) adjustments: Vec<Adjustment>,
    pub(crate) extras: Extras,
    replacement: Option<&'a Effect>,
    damage: Option<&'a Effect>,
    socket: Option<SocketFault>,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(
        effects: impl IntoIterator<Item = &'a Effect>,
        behaviors: &Behaviors,
        now: i64,
    ) -> Self {
        let mut plan = Self {
            clock_offset: 0,
            key_revoked: false,
            behaviors: behaviors.clone(),
            adjustments: Vec::new(),
            extras: Extras::default(),
            replacement: None,
            damage: None,
            socket: None,
        };
        let effects: Vec<&Effect> = effects.into_iter().collect();
        for effect in &effects {
            if let Effect::ClockOff { minutes } = effect {
                plan.clock_offset = plan.clock_offset.saturating_add(minutes.saturating_mul(60));
            }
        }
        // A server has one clock: what is late is late by it.
        let now = now.saturating_add(plan.clock_offset);
        for effect in effects {
            plan.add(effect, now);
        }
        plan
    }

    /// The answer the script gives instead of the action's.
    pub(crate) fn replacement(&self, about: &About) -> Option<Response<Vec<u8>>> {
        self.replacement.and_then(|effect| replacement(effect, about))
    }

    /// The answer after everything that is to happen to it.
    pub(crate) fn damage(&self, response: Response<Vec<u8>>) -> Response<Vec<u8>> {
        let mut response = match self.damage {
            Some(Effect::TruncatedJson {}) => response.map(first_half),
            Some(Effect::GzipBomb { bytes }) => gzip_bomb(response, *bytes),
            _ => response,
        };
        if let Some(fault) = self.socket {
            response.extensions_mut().insert(fault);
        }
        response
    }

    fn add(&mut self, effect: &'a Effect, now: i64) {
        match effect {
            Effect::Throttle { .. }
            | Effect::Error { .. }
            | Effect::Status { .. }
            | Effect::HtmlPage { .. }
            | Effect::ResultNull {}
            | Effect::Redirect { .. } => {
                self.replacement.get_or_insert(effect);
            }
            Effect::TruncatedJson {} | Effect::GzipBomb { .. } => {
                self.damage.get_or_insert(effect);
            }
            // Its clock is set before anything else.
            Effect::ClockOff { .. } => {}
            Effect::RevokeKey {} => self.key_revoked = true,
            Effect::Behavior { set } => set.apply(&mut self.behaviors),
            Effect::Undocumented { fields, metrics, tags } => {
                self.extras.fields |= fields;
                self.extras.metrics |= metrics;
                self.extras.tags |= tags;
            }
            Effect::LateData { hours, percent } => {
                // The first hour that ends less than so many hours ago.
                let horizon = now.saturating_sub(hours.saturating_mul(HOUR));
                let from = horizon.saturating_sub(HOUR - 1);
                self.adjustments.push(Adjustment { from, percent: *percent });
            }
            Effect::Revision { percent, since } => {
                let from = since.unwrap_or(i64::MIN);
                self.adjustments.push(Adjustment { from, percent: *percent });
            }
            Effect::HugeBody { .. }
            | Effect::ContentLength { .. }
            | Effect::Reset { .. }
            | Effect::Stall { .. }
            | Effect::SlowDrip { .. }
            | Effect::Delay { .. } => self.socket = self.socket.or_else(|| socket_fault(effect)),
        }
    }
}

fn socket_fault(effect: &Effect) -> Option<SocketFault> {
    match *effect {
        Effect::HugeBody { bytes } => Some(SocketFault::HugeBody { bytes }),
        Effect::ContentLength { off_by } => Some(SocketFault::ContentLength { off_by }),
        Effect::Reset { at: ResetAt::BeforeBody } => Some(SocketFault::ResetBeforeBody),
        Effect::Reset { at: ResetAt::InBody } => Some(SocketFault::ResetInBody),
        Effect::Reset { at: ResetAt::AfterBody } => Some(SocketFault::ResetAfterBody),
        Effect::Stall { after } => Some(SocketFault::Stall { after }),
        Effect::SlowDrip { bytes, millis } => Some(SocketFault::SlowDrip { bytes, millis }),
        Effect::Delay { millis } => Some(SocketFault::Delay { millis }),
        _ => None,
    }
}

fn replacement(effect: &Effect, about: &About) -> Option<Response<Vec<u8>>> {
    match effect {
        Effect::Throttle { retry_after, http_200 } => {
            let action = about.action();
            let mut failure = if *http_200 {
                Refusal::account_flow_limit_exceeded(action)
            } else {
                Refusal::flow_limit_exceeded(action)
            };
            failure.retry_after = *retry_after;
            Some(about.failure(&failure))
        }
        Effect::Error { status, code, code_n, message, retry_after } => {
            let mut failure = Refusal::scripted(status_code(*status), code, *code_n, message);
            failure.retry_after = *retry_after;
            Some(about.failure(&failure))
        }
        Effect::Status { status, body, retry_after } => {
            let status = status_code(*status);
            let mut response = match body {
                StatusBody::Envelope => about.failure(&Refusal::of_status(status)),
                StatusBody::Html => html(about, status),
                StatusBody::Empty => about.json(status, Vec::new()),
            };
            if let Some(seconds) = retry_after {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*seconds));
            }
            Some(response)
        }
        Effect::HtmlPage { status } => Some(html(about, status_code(*status))),
        Effect::ResultNull {} => Some(about.success(&())),
        Effect::Redirect { location, status } => {
            let mut response = html(about, status_code(*status));
            if let Ok(location) = HeaderValue::try_from(location) {
                response.headers_mut().insert(LOCATION, location);
            }
            Some(response)
        }
        _ => None,
    }
}

fn html(about: &About, status: StatusCode) -> Response<Vec<u8>> {
    let mut response = about.json(status, HTML_PAGE.as_bytes().to_vec());
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, html);
    response
}

/// Scripts are checked when they are read; in hand-made ones nonsense is an internal error.
fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn first_half(mut body: Vec<u8>) -> Vec<u8> {
    body.truncate(body.len() / 2);
    body
}

fn gzip_bomb(response: Response<Vec<u8>>, bytes: u64) -> Response<Vec<u8>> {
    let (mut parts, body) = response.into_parts();
    let packed = pack_with_padding(&body, bytes).unwrap_or_default();
    parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(parts, packed)
}

fn pack_with_padding(body: &[u8], bytes: u64) -> std::io::Result<Vec<u8>> {
    let padding = [b' '; 4096];
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body)?;
    let mut missing = bytes.saturating_sub(body.len() as u64);
    while missing > 0 {
        let length = usize::try_from(missing).unwrap_or(usize::MAX).min(padding.len());
        encoder.write_all(padding.get(..length).unwrap_or_default())?;
        missing -= length as u64;
    }
    encoder.finish()
}

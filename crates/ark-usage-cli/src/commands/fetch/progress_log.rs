//! Progress of a query for people: the progress line, or every call with `-v`.

use std::collections::BTreeMap;
use std::time::Duration;

use ark_usage_model::{Exchange, ExchangeId, Progress, UsageReport};
use ark_usage_report::range::Range;
use ark_usage_report::text;
use ark_usage_transport::{Clock as _, Event, Observer, masked_headers};
use http::{HeaderMap, Response};

use crate::clock::DriverClock;
use crate::context::Context;
use crate::lang::{Text, TextOf as _};

/// Shows events to people and passes them on to another observer.
pub(super) struct ProgressLogger<'a, O> {
    pub(super) inner: &'a mut O,
    pub(super) context: &'a Context<'a>,
    /// The range, which names the buckets.
    pub(super) range: &'a Range,
    pub(super) clock: DriverClock,
    /// The time each pending exchange was sent.
    pub(super) sent: BTreeMap<ExchangeId, Duration>,
}

impl<O: Observer> Observer for ProgressLogger<'_, O> {
    fn on_event(&mut self, event: Event<'_>) {
        self.context.progress.take(&event);
        self.log(&event);
        self.inner.on_event(event);
    }

    fn takes_parts(&self) -> bool {
        self.inner.takes_parts()
    }

    fn on_part(&mut self, part: UsageReport) {
        // Rows may go to the terminal that shows the progress line.
        self.context.progress.aside(|| self.inner.on_part(part));
    }
}

impl<O> ProgressLogger<'_, O> {
    fn log(&mut self, event: &Event<'_>) {
        match event {
            Event::Sent { exchange } => self.log_sent(exchange),
            Event::Answered { exchange, response } => self.log_answered(exchange, response),
            Event::Failed { exchange, error } => {
                self.context.detail(of_call(exchange.id.0, &Text::of_error(*error)));
            }
            Event::Progress { id, progress } => {
                if let Some(text) = progress_text(progress) {
                    self.context.detail(of_call(id.0, &text));
                }
            }
            _ => {}
        }
    }

    fn log_sent(&mut self, exchange: &Exchange) {
        let id = exchange.id.0;
        let (first, last) = (exchange.window.first(), exchange.window.last());
        let line = text!(
            "{first} … {last}, attempt {attempt}",
            "{first} … {last}，第 {attempt} 次尝试",
            first = self.range.bucket_label(first),
            last = self.range.bucket_label(last),
            attempt = exchange.attempt
        );
        self.context.detail(of_call(id, &line));
        if self.context.shows_headers() {
            self.sent.insert(exchange.id, self.clock.elapsed());
            let request = &exchange.request;
            let line = format!("> {} {}", request.method(), request.uri());
            self.context.detail(of_call(id, &Text::same(line)));
            self.log_headers(id, '>', request.headers());
        }
    }

    fn log_answered(&mut self, exchange: &Exchange, response: &Response<Vec<u8>>) {
        let id = exchange.id.0;
        let (status, bytes) = (response.status(), response.body().len());
        if status.is_success() {
            self.context.release_notes();
        }
        let Some(sent) = self.sent.remove(&exchange.id) else {
            let line = text!("{status}, {bytes} bytes", "{status}，{bytes} 字节");
            return self.context.detail(of_call(id, &line));
        };
        let seconds = self.clock.elapsed().saturating_sub(sent).as_secs_f64();
        let line = text!(
            "{status}, {bytes} bytes in {seconds:.3} s",
            "{status}，{bytes} 字节，用时 {seconds:.3} 秒"
        );
        self.context.detail(of_call(id, &line));
        self.log_headers(id, '<', response.headers());
    }

    fn log_headers(&self, id: u64, sign: char, headers: &HeaderMap) {
        for (name, value) in masked_headers(headers) {
            self.context.detail(of_call(id, &Text::same(format!("{sign} {name}: {value}"))));
        }
    }
}

fn of_call(number: u64, line: &Text) -> Text {
    text!("call {number}: {line}", "调用 {number}：{line}"; line = line)
}

/// Describes a decision of the query that is more than accepting a response.
fn progress_text(progress: &Progress) -> Option<Text> {
    Some(match progress {
        Progress::Retrying { after, why } => text!(
            "retrying in {after:.1} s: {why}",
            "{after:.1} 秒后重试，原因：{why}",
            after = after.as_secs_f32();
            why = Text::of(why)
        ),
        Progress::CorrectingClock { offset } => text!(
            "retrying with the server's time, {offset:+} s from the local clock",
            "改用服务端时间重试，与本机相差 {offset:+} 秒"
        ),
        Progress::RefreshingCredentials { why } => text!(
            "retrying with refreshed credentials: {why}",
            "更新密钥后重试，原因：{why}";
            why = Text::of(why)
        ),
        Progress::Probing { why } => text!(
            "requesting less to find the cause: {why}",
            "缩小查询以查明原因：{why}";
            why = Text::of(why)
        ),
        Progress::Narrowed { from, to, .. } => {
            text!(
                "requesting {to} at a time instead of {from}",
                "每次查询 {to} 个，而不是 {from} 个"
            )
        }
        Progress::AskingFurther { .. } => text!(
            "the last bucket is missing: requesting one more interval",
            "没有收到最后一个时间段：多查一个时间段"
        ),
        Progress::Failed(why) => text!("giving up: {why}", "已放弃：{why}"; why = Text::of(why)),
        Progress::TargetStopped { why, .. } | Progress::AccountStopped { why, .. } => {
            text!("no more calls: {why}", "不再调用：{why}"; why = Text::of(why))
        }
        _ => return None,
    })
}

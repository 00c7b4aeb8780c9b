//! What people see of a query on its way: the line of progress, or every call with `-v`.

use std::collections::BTreeMap;
use std::time::Duration;

use ark_usage_model::{Exchange, ExchangeId, Progress, UsageReport};
use ark_usage_transport::{Clock as _, Event, Observer, masked_headers};
use http::{HeaderMap, Response};

use crate::clock::DriverClock;
use crate::context::Context;
use crate::lang::{Text, TextOf as _};
use crate::range::Range;
use crate::text;

/// Tells people what happens, and then whoever else wants to know.
pub(super) struct ProgressLogger<'a, O> {
    pub(super) inner: &'a mut O,
    pub(super) context: &'a Context<'a>,
    /// Names the buckets.
    pub(super) range: &'a Range,
    pub(super) clock: DriverClock,
    /// When what is out was sent.
    pub(super) sent: BTreeMap<ExchangeId, Duration>,
}

impl<O: Observer> Observer for ProgressLogger<'_, O> {
    fn on_event(&mut self, event: Event<'_>) {
        self.context.progress.take(&event);
        self.tell(&event);
        self.inner.on_event(event);
    }

    fn takes_parts(&self) -> bool {
        self.inner.takes_parts()
    }

    fn on_part(&mut self, part: UsageReport) {
        // It may be written to the terminal that the line of progress stands on.
        self.context.progress.aside(|| self.inner.on_part(part));
    }
}

impl<O> ProgressLogger<'_, O> {
    fn tell(&mut self, event: &Event<'_>) {
        match event {
            Event::Sent { exchange } => self.tell_sent(exchange),
            Event::Answered { exchange, response } => self.tell_answered(exchange, response),
            Event::Failed { exchange, error } => {
                self.context.detail(of_call(exchange.id.0, &Text::of_error(*error)));
            }
            Event::Progress { id, progress } => {
                if let Some(told) = in_words(progress) {
                    self.context.detail(of_call(id.0, &told));
                }
            }
            _ => {}
        }
    }

    fn tell_sent(&mut self, exchange: &Exchange) {
        let id = exchange.id.0;
        let (first, last) = (exchange.window.first(), exchange.window.last());
        let told = text!(
            "{first} … {last}, attempt {attempt}",
            "{first} … {last}，第 {attempt} 次尝试",
            first = self.range.bucket_label(first),
            last = self.range.bucket_label(last),
            attempt = exchange.attempt
        );
        self.context.detail(of_call(id, &told));
        if self.context.tells_headers() {
            self.sent.insert(exchange.id, self.clock.elapsed());
            let request = &exchange.request;
            let line = format!("> {} {}", request.method(), request.uri());
            self.context.detail(of_call(id, &Text::same(line)));
            self.tell_headers(id, '>', request.headers());
        }
    }

    fn tell_answered(&mut self, exchange: &Exchange, response: &Response<Vec<u8>>) {
        let id = exchange.id.0;
        let (status, bytes) = (response.status(), response.body().len());
        let Some(sent) = self.sent.remove(&exchange.id) else {
            let told = text!("{status}, {bytes} bytes", "{status}，{bytes} 字节");
            return self.context.detail(of_call(id, &told));
        };
        let seconds = self.clock.elapsed().saturating_sub(sent).as_secs_f64();
        let told = text!(
            "{status}, {bytes} bytes in {seconds:.3} s",
            "{status}，{bytes} 字节，用时 {seconds:.3} 秒"
        );
        self.context.detail(of_call(id, &told));
        self.tell_headers(id, '<', response.headers());
    }

    fn tell_headers(&self, id: u64, sign: char, headers: &HeaderMap) {
        for (name, value) in masked_headers(headers) {
            self.context.detail(of_call(id, &Text::same(format!("{sign} {name}: {value}"))));
        }
    }
}

fn of_call(number: u64, told: &Text) -> Text {
    text!("call {number}: {told}", "调用 {number}：{told}"; told = told)
}

/// What the query made of an answer, where it is more than taking it in.
fn in_words(progress: &Progress) -> Option<Text> {
    Some(match progress {
        Progress::Retrying { after, why } => text!(
            "again in {after:.1} s, because: {why}",
            "{after:.1} 秒后重试，原因：{why}",
            after = after.as_secs_f32();
            why = Text::of(why)
        ),
        Progress::CorrectingClock { offset } => text!(
            "again with the server's time, {offset:+} s from this machine's",
            "改用服务端时间重试，与本机相差 {offset:+} 秒"
        ),
        Progress::RefreshingCredentials { why } => text!(
            "again with fresh credentials, because: {why}",
            "更新密钥后重试，原因：{why}";
            why = Text::of(why)
        ),
        Progress::Probing { why } => text!(
            "asking for less to find out why: {why}",
            "缩小查询以查明原因：{why}";
            why = Text::of(why)
        ),
        Progress::Narrowed { from, to, .. } => {
            text!("asking for {to} at a time, not {from}", "每次查询 {to} 个，而不是 {from} 个")
        }
        Progress::AskingFurther { .. } => text!(
            "the last bucket did not come: asking one interval further",
            "没有收到最后一个时间段：多查一个时间段"
        ),
        Progress::Failed(why) => text!("given up: {why}", "已放弃：{why}"; why = Text::of(why)),
        Progress::TargetStopped { why, .. } | Progress::AccountStopped { why, .. } => {
            text!("no further calls: {why}", "不再调用：{why}"; why = Text::of(why))
        }
        _ => return None,
    })
}

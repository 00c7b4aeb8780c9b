//! What `-v` says of every call.

use ark_usage_model::Progress;
use ark_usage_transport::Event;

use crate::commands::Context;
use crate::lang::Text;
use crate::range::Range;
use crate::text;

/// Tells what happened, to people who want to know; `range` names the buckets.
pub(crate) fn tell(event: &Event<'_>, range: &Range, context: &Context<'_>) {
    match event {
        Event::Sent { exchange } => {
            let (first, last) = (exchange.window.first(), exchange.window.last());
            let told = text!(
                "{first} … {last}, attempt {attempt}",
                "{first} … {last}，第 {attempt} 次尝试",
                first = range.bucket_label(first),
                last = range.bucket_label(last),
                attempt = exchange.attempt
            );
            context.detail(of_call(exchange.id.0, &told));
        }
        Event::Answered { exchange, response } => {
            let (status, bytes) = (response.status(), response.body().len());
            let told = text!("{status}, {bytes} bytes", "{status}，{bytes} 字节");
            context.detail(of_call(exchange.id.0, &told));
        }
        Event::Failed { exchange, error } => {
            context.detail(of_call(exchange.id.0, &Text::of_error(*error)));
        }
        Event::Progress { id, progress } => {
            if let Some(told) = in_words(progress) {
                context.detail(of_call(id.0, &told));
            }
        }
        _ => {}
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

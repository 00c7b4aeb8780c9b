//! What `-v` says of every call.

use ark_usage_model::Progress;
use ark_usage_transport::Event;

use crate::commands::Context;
use crate::range::Range;

/// Tells what happened, to people who want to know; `range` names the buckets.
pub(crate) fn tell(event: &Event<'_>, range: &Range, context: &Context<'_>) {
    match event {
        Event::Sent { exchange } => context.detail(format!(
            "call {}: {} … {}, attempt {}",
            exchange.id.0,
            range.bucket_label(exchange.window.first()),
            range.bucket_label(exchange.window.last()),
            exchange.attempt
        )),
        Event::Answered { exchange, response } => context.detail(format!(
            "call {}: {}, {} bytes",
            exchange.id.0,
            response.status(),
            response.body().len()
        )),
        Event::Failed { exchange, error } => {
            context.detail(format!("call {}: {error}", exchange.id.0));
        }
        Event::Progress { id, progress } => {
            if let Some(text) = in_words(progress) {
                context.detail(format!("call {}: {text}", id.0));
            }
        }
        _ => {}
    }
}

/// What the query made of an answer, where it is more than taking it in.
fn in_words(progress: &Progress) -> Option<String> {
    match progress {
        Progress::Retrying { after, why } => {
            Some(format!("again in {:.1} s, because: {why}", after.as_secs_f32()))
        }
        Progress::CorrectingClock { offset } => {
            Some(format!("again with the server's time, {offset:+} s from this machine's"))
        }
        Progress::RefreshingCredentials { why } => {
            Some(format!("again with fresh credentials, because: {why}"))
        }
        Progress::Probing { why } => Some(format!("asking for less to find out why: {why}")),
        Progress::Narrowed { from, to, .. } => {
            Some(format!("asking for {to} at a time, not {from}"))
        }
        Progress::AskingFurther { .. } => {
            Some("the last bucket did not come: asking one interval further".to_owned())
        }
        Progress::Failed(why) => Some(format!("given up: {why}")),
        Progress::TargetStopped { why, .. } | Progress::AccountStopped { why, .. } => {
            Some(format!("no further calls: {why}"))
        }
        _ => None,
    }
}

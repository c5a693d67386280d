//! A server that runs, as the tools ask it: one request, its reply, and what that says of faults.
//!
//! Owns why there is no reply, in words, and the reading of `detail`. Knows no route.

use std::io;
use std::time::Duration;

use serde_json::Value;
use tradepit_load::Target;

use crate::asking::{self, Asked};

/// So many faults are told.
const TOLD_AT_MOST: usize = 20;

/// Why nothing was answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoReply {
    #[error("{0} cannot be reached: {1}")]
    Unreachable(Target, io::Error),
    #[error("{0} has not answered within {limit} s", limit = .1.as_secs())]
    Silent(Target, Duration),
    #[error("{0} answers, but not over HTTP")]
    NoHttp(Target),
}

/// What was answered.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: String,
}

/// Asks, and waits so long.
pub(super) async fn ask(whom: &Target, asked: Asked<'_>, limit: Duration) -> Result<Reply, NoReply> {
    let reply = tokio::time::timeout(limit, asking::exchange(whom, None, asked)).await;
    let reply = reply.map_err(|_| NoReply::Silent(whom.clone(), limit))?;
    let reply = reply.map_err(|why| NoReply::Unreachable(whom.clone(), why))?;
    let status = asking::status(&reply).ok_or_else(|| NoReply::NoHttp(whom.clone()))?;
    Ok(Reply { status, body: asking::body(&reply).to_owned() })
}

impl Reply {
    /// What it says why a request was refused.
    pub(super) fn reason(&self) -> String {
        let said = self.field("detail").and_then(|detail| detail.as_str().map(str::to_owned));
        said.unwrap_or_else(|| "it does not say why".to_owned())
    }

    /// The code of a refusal, where it has one.
    pub(super) fn code(&self) -> Option<String> {
        self.field("code").and_then(|code| code.as_str().map(str::to_owned))
    }

    /// The faults of what was sent, a line each, with the names that `place` gives their places; `None` where there are
    /// none.
    pub(super) fn faults(&self, place: impl Fn(&[Value]) -> Option<String>) -> Option<String> {
        let detail = self.field("detail")?;
        let faults = detail.as_array().filter(|faults| !faults.is_empty())?;
        let mut told: Vec<String> = faults.iter().take(TOLD_AT_MOST).map(|fault| words(fault, &place)).collect();
        if faults.len() > TOLD_AT_MOST {
            told.push(format!("and {} more faults", faults.len() - TOLD_AT_MOST));
        }
        Some(told.join("\n"))
    }

    fn field(&self, name: &str) -> Option<Value> {
        let mut body: Value = serde_json::from_str(&self.body).ok()?;
        body.get_mut(name).map(Value::take)
    }
}

fn words(fault: &Value, place: impl Fn(&[Value]) -> Option<String>) -> String {
    let place = place(fault["loc"].as_array().map_or(&[][..], Vec::as_slice));
    let said = fault["msg"].as_str().unwrap_or("it is faulty");
    let input = Some(&fault["input"]).filter(|input| !input.is_null()).map(|input| format!(", not {input}"));
    let place = place.map_or_else(String::new, |place| format!("{place}: "));
    format!("{place}{said}{}", input.unwrap_or_default())
}

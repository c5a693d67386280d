//! What a client sends about faults, as the OpenAPI document describes it; `reading` and `deeds` read it.

#![expect(dead_code, reason = "described here, read in reading and deeds")]

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

/// A fault: what it is to match, and what it does.
#[derive(ToSchema)]
#[schema(as = NewFault)]
pub(in crate::control) struct FaultBody {
    /// What `Tradepit-Fault` tells of it; `fault-` and its place, from 1 on, where nothing is said.
    #[schema(min_length = 1, max_length = 64, example = "lost reply")]
    name: Option<String>,
    /// Everything where nothing is said.
    #[schema(required = false, rename = "match")]
    matches: MatchBody,
    #[schema(rename = "do")]
    does: DoBody,
    /// At most so often.
    #[schema(minimum = 1, example = 3)]
    times: Option<u64>,
}

/// What is looked at: it must meet all that is said.
#[derive(ToSchema)]
#[schema(as = FaultMatch)]
pub(super) struct MatchBody {
    /// Of requests: a route as this document writes it, with its method or without.
    #[schema(example = "POST /orders")]
    route: Option<String>,
    /// Of streams: a channel; what `/ws` tells without channels is `orders`.
    #[schema(example = "orders")]
    stream: Option<String>,
    /// The account that a request names, or for which a socket listens; `default` where none is named.
    #[schema(example = "alice")]
    account: Option<String>,
    /// Two times of the venue: from the first until before the second.
    #[schema(min_items = 2, max_items = 2, example = json!(["2026-01-05T14:30:00Z", "2026-01-05T14:35:00Z"]))]
    between: Option<Vec<String>>,
    /// Only this one of those that meet the rest, the first is 1; of streams by socket.
    #[schema(minimum = 1)]
    nth: Option<u64>,
    /// Each so many of them.
    #[schema(minimum = 1)]
    every: Option<u64>,
    /// So often, as the venue's seed draws.
    #[schema(minimum = 0, maximum = 1, example = 0.1)]
    probability: Option<f64>,
}

/// What is done: one of these, and with `status` its body and headers.
#[derive(ToSchema)]
#[schema(as = FaultDeed)]
pub(super) struct DoBody {
    /// The request is answered so, and nothing is done.
    #[schema(minimum = 200, maximum = 599, example = 503)]
    status: Option<u16>,
    /// With `status`: a text, or any JSON.
    body: Option<serde_json::Value>,
    /// With `status`.
    #[schema(required = false)]
    headers: HashMap<String, String>,
    /// In real time, a duration or a delay model of at most 1h: before a request is handled; of a stream before a
    /// frame.
    #[schema(example = "2s")]
    delay: Option<String>,
    /// Cuts the connection without a byte of a reply, before anything was done or after it was done and kept; of a
    /// stream, `true`: without a close frame.
    #[schema(required = false, inline)]
    drop: DropBody,
    /// The reply's body ends after so many bytes, and the connection with it.
    #[schema(minimum = 0, example = 20)]
    truncate: Option<u64>,
    /// 429 beyond it, for each account; a burst of as many.
    #[schema(example = "10/s")]
    rate_limit: Option<String>,
    /// Closes the socket with this code, in place of the frame.
    #[schema(minimum = 1000, maximum = 4999, example = 1011)]
    close: Option<u16>,
    /// Nothing is written for so long, no pong either; then the frame comes.
    #[schema(example = "10s")]
    stall: Option<String>,
    /// The frame comes twice.
    duplicate: Option<bool>,
    /// It comes behind one of so many that follow.
    #[schema(minimum = 1, maximum = 100, example = 3)]
    reorder: Option<u64>,
    /// It never comes.
    skip: Option<bool>,
}

#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum DropBody {
    OfRequest(DropWhen),
    OfStream(bool),
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum DropWhen {
    Before,
    After,
}

//! A refused request as JSON: in the list of `GET /rejects`, as a frame of `/ws?rejects=true`, and as the documents
//! describe it. Also the query of that list.

use std::sync::Arc;

use tradepit_actors::Aside;
use utoipa::ToSchema;

use super::error::ApiError;
use super::flaw::Flaw;
use super::object::{Object, write_list};
use super::query::{note, parameter, read_limit, read_number, refuse};
use crate::edge::rejects::{Reject, Rejects};

/// How many a list shows at most.
const REJECTS_LISTED: usize = 1_000;

// As the documents describe it; `write_reject` writes it.
/// A refused request.
#[derive(ToSchema)]
#[schema(as = Reject)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(crate) struct WireReject {
    /// 1, 2, 3 … in the life of the process.
    #[schema(minimum = 1, example = 17)]
    number: u64,
    /// When it was answered, by the venue's clock.
    #[schema(format = DateTime)]
    at: String,
    /// Its method.
    #[schema(example = "POST")]
    method: String,
    /// Its path within the venue: at most 1000 characters.
    #[schema(example = "/orders")]
    path: String,
    /// Its query, if it had one: at most 1000 characters, the values of what is named like a secret masked by `…`.
    #[schema(value_type = String, required = false, example = "status=x")]
    query: Option<String>,
    /// The answer's status: 400 or above.
    #[schema(minimum = 400, example = 422)]
    status: u16,
    /// The beginning of its body, at most 1000 characters, masked likewise; null where nothing of it was read.
    #[schema(required = true)]
    sent: Option<String>,
    /// What the answer's `detail` was, masked likewise: a string, or an array of faults; of more than 8 KiB of them the
    /// first.
    #[schema(value_type = serde_json::Value, required = true)]
    detail: Option<String>,
}

fn write_reject(reject: &Reject, json: &mut Object<'_>) {
    json.number("number", reject.number);
    json.time("at", reject.at);
    json.text("method", &reject.method);
    json.text("path", &reject.path);
    if let Some(query) = &reject.query {
        json.text("query", query);
    }
    json.number("status", reject.status.into());
    match &reject.sent {
        Some(sent) => json.text("sent", sent),
        None => json.null("sent"),
    }
    match &reject.detail {
        Some(detail) => json.spelled("detail", detail),
        None => json.null("detail"),
    }
}

/// A list of them.
pub(crate) fn rejects_body(rejects: &[Arc<Reject>]) -> Vec<u8> {
    let mut body = Vec::new();
    write_list(&mut body, rejects, |reject, out| {
        let mut json = Object::begin(out);
        write_reject(reject, &mut json);
        json.end();
    });
    body
}

/// Says each as a frame.
pub(crate) struct Said(pub(crate) Arc<Rejects>);

impl Aside for Said {
    fn newest(&self) -> u64 {
        self.0.total()
    }

    fn place(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    fn said_after(&self, number: u64, at_most: usize) -> Vec<(u64, Vec<u8>)> {
        let frame = |reject: Arc<Reject>| {
            let mut frame = Vec::with_capacity(512);
            let mut json = Object::begin(&mut frame);
            json.plain("type", "reject");
            write_reject(&reject, &mut json);
            json.end();
            (reject.number, frame)
        };
        self.0.after(number, at_most).into_iter().map(frame).collect()
    }
}

/// What `GET /rejects` is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RejectsQuery {
    pub(crate) limit: usize,
    /// Only older ones than the one of this number.
    pub(crate) after: u64,
}

impl RejectsQuery {
    pub(crate) fn parse(query: &str) -> Result<RejectsQuery, ApiError> {
        let mut flaws = Vec::new();
        let mut parsed = RejectsQuery { limit: REJECTS_LISTED, after: u64::MAX };
        if let Some(limit) = parameter(query, "limit") {
            let limit = read_limit("limit", &limit, REJECTS_LISTED);
            parsed.limit = limit.unwrap_or_else(|flaw| note(&mut flaws, flaw));
        }
        if let Some(after) = parameter(query, "after") {
            parsed.after = read_number(&after).unwrap_or_else(|| {
                let msg = "Input should be the number of a reject: an integer of 0 or more";
                note(&mut flaws, Flaw::in_query("int_parsing", "after", msg, &after))
            });
        }
        refuse(flaws).map(|()| parsed)
    }
}

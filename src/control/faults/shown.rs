//! Faults as JSON, and as the documents describe them.

use utoipa::ToSchema;

use super::bodies::{DoBody, MatchBody};
use crate::edge::faults::in_force::InForce;
use crate::native::wire::object::{Object, write_list};

// As the documents describe it; `faults_body` writes it.
/// A fault in force.
#[derive(ToSchema)]
#[schema(as = FaultInForce)]
#[expect(dead_code, reason = "described here, written field by field")]
pub(super) struct WireFault {
    /// What `Tradepit-Fault` tells of it.
    #[schema(example = "fault-2")]
    name: String,
    #[schema(rename = "match")]
    matches: MatchBody,
    #[schema(rename = "do")]
    does: DoBody,
    /// At most so often; null where that is not bounded.
    #[schema(required = true)]
    times: Option<u64>,
    /// How often it met something.
    #[schema(example = 3)]
    matched: u64,
}

pub(super) fn faults_body(in_force: &InForce) -> Vec<u8> {
    let mut body = Vec::with_capacity(256);
    write_list(&mut body, in_force.counted(), |(fault, matched), out| {
        let mut json = Object::begin(out);
        json.text("name", fault.name.to_str().unwrap_or_default());
        json.spelled("match", &fault.matches);
        json.spelled("do", &fault.does);
        match fault.times {
            Some(times) => json.number("times", times.get()),
            None => json.null("times"),
        }
        json.number("matched", matched);
        json.end();
    });
    body
}

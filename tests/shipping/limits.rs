//! Limits: a constant where each is enforced, and every place that tells clients of it says the same number.
//!
//! Constants of a crate's face are asked for; all others are read from the source.

use tradepit::config::Config;
use tradepit_actors::session::guard::Breach;
use tradepit_actors::{CloseCode, DELAY_CAP_US};
use tradepit_engine::{Label, Quantity, Symbol};

use crate::support::text;

const OPERATING: &str = "docs/operating.md";
const CONTRACT: &str = "docs/contract.md";
const REFUSAL: &str = "src/edge/refusal.rs";
const ROUTES: &str = "src/native/refused.rs";
const REQUESTS: &str = "src/native/requests/parameters.rs";
const ASYNCAPI: &str = "src/native/asyncapi.json";

/// How a number is written.
#[derive(Clone, Copy)]
enum Unit {
    /// `64 KiB`, or `1 MiB`.
    Binary,
    /// `10 s`.
    Seconds,
    /// `1 000`.
    Spaced,
    /// `1000`.
    Plain,
}
use Unit::{Binary, Plain, Seconds, Spaced};

/// Where a number is told, with `{}` where it stands there.
type Told = &'static [(&'static str, Unit, &'static str)];

/// Limits by where each is enforced: file and constant.
const ENFORCED: &[(&str, &str, Told)] = &[
    (
        "src/edge/gate/stay.rs",
        "REQUESTS_AT_MOST",
        &[
            (OPERATING, Spaced, "| requests in flight of one venue that was made; its WebSockets | {}; 1 000 | 503 |"),
            ("docs/venues.md", Spaced, "| requests in flight, WebSockets | {} of each for one venue"),
        ],
    ),
    (
        "src/edge/gate/stay.rs",
        "SOCKETS_AT_MOST",
        &[(OPERATING, Spaced, "| requests in flight of one venue that was made; its WebSockets | 1 000; {} | 503 |")],
    ),
    (
        "src/edge/rejects/mod.rs",
        "OF_VENUE_AT_MOST",
        &[("docs/venues.md", Spaced, "| refused requests | {} of a venue")],
    ),
    (
        "src/control/faults/reading.rs",
        "FAULTS_AT_MOST",
        &[
            (OPERATING, Plain, "| faults of one venue; its requests that wait for them | {}; 500 | 422; 503 |"),
            ("docs/venues.md", Plain, "| `PUT /faults` | a list of {} at most"),
        ],
    ),
    (
        "src/edge/faults/in_force.rs",
        "WAITING_AT_MOST",
        &[
            (OPERATING, Spaced, "| faults of one venue; its requests that wait for them | 100; {} | 422; 503 |"),
            ("docs/venues.md", Spaced, "{} requests of a venue may wait at a time"),
        ],
    ),
    (
        "src/control/faults/deeds.rs",
        "REORDER_AT_MOST",
        &[
            ("docs/venues.md", Plain, "where so many do not come; {} at most"),
            ("src/control/faults/bodies.rs", Plain, "minimum = 1, maximum = {}, example = 3"),
        ],
    ),
    (
        "src/edge/body.rs",
        "BODY_BYTES",
        &[
            (OPERATING, Binary, "| body of a request | {} | 413 |"),
            (CONTRACT, Binary, "A body over {} is 413"),
            (REFUSAL, Plain, "The body is larger than {} bytes"),
            (ROUTES, Binary, "The body is larger than {}"),
            ("src/ops/documents.rs", Binary, "a body over {} is 413"),
        ],
    ),
    (
        "src/edge/body.rs",
        "BODY_WITHIN",
        &[
            (OPERATING, Seconds, "| time for the head; for the body | 10 s; {} | 408, closed |"),
            (CONTRACT, Seconds, "A body that is not complete in {} is 408"),
            (REFUSAL, Seconds, "The body was not complete in {}"),
            (ROUTES, Seconds, "The body was not complete in {}"),
        ],
    ),
    (
        "src/edge/connection/stream.rs",
        "HEAD_BYTES",
        &[
            (OPERATING, Binary, "| head of a request | {}, 96 headers | 431 |"),
            (CONTRACT, Binary, "a request head over {}, or of more than 96 headers, is 431"),
            (REFUSAL, Plain, "The request's head is larger than {} bytes, or has more than 96 headers"),
            ("src/ops/documents.rs", Binary, "a request head over {} 431"),
        ],
    ),
    (
        "src/edge/connection/stream.rs",
        "HEAD_WITHIN",
        &[
            (OPERATING, Seconds, "| time for the head; for the body | {}; 10 s | 408, closed |"),
            (REFUSAL, Seconds, "The request's head was not complete in {}"),
        ],
    ),
    (
        "src/edge/connection/handshake.rs",
        "HANDSHAKE_WITHIN",
        &[
            (OPERATING, Seconds, "| time for a TLS handshake | {} | closed |"),
            ("src/edge/connection/broken.rs", Seconds, "a TLS handshake was not complete in {}"),
        ],
    ),
    (
        "src/edge/connection/broken.rs",
        "WARN_EVERY",
        &[(OPERATING, Seconds, "| warnings of what is no request | one in {}, with their number |")],
    ),
    ("src/workers.rs", "KEEP_ALIVE", &[(OPERATING, Seconds, "| idle connection | {} | closed |")]),
    (
        "src/native/wire/query.rs",
        "LIST_AT_MOST",
        &[
            (OPERATING, Spaced, "| orders on a page of `GET /orders` | {} | a next page, which `Link` names |"),
            (CONTRACT, Spaced, "answers at most {} orders unless asked for fewer"),
            (CONTRACT, Spaced, "A `limit` above {} means"),
            (REQUESTS, Plain, "above {} means 1000, the default"),
            (REQUESTS, Plain, "minimum = 1, default = {}"),
        ],
    ),
    (
        "src/native/wire/input.rs",
        "LONGEST",
        &[
            (CONTRACT, Plain, "where its text is longer than {} characters"),
            (CONTRACT, Plain, "it is a string of the first {} characters"),
        ],
    ),
    (
        "actors/src/session/mod.rs",
        "MAX_MESSAGE_BYTES",
        &[
            (OPERATING, Binary, "| WebSocket message from a client | {} | closed with 1009 |"),
            (CONTRACT, Binary, "a message over {} closes with 1009"),
            (ASYNCAPI, Binary, "a message over {} closes with 1009, broken UTF-8 with 1007"),
        ],
    ),
    (
        "actors/src/feed/subscription.rs",
        "SLOW_AT_BYTES",
        &[(
            OPERATING,
            Binary,
            "| what a subscriber lets gather unread | {} | cut off with 1013, or from outside after",
        )],
    ),
    (
        "src/native/wire/reject.rs",
        "REJECTS_LISTED",
        &[
            (
                OPERATING,
                Spaced,
                "| refused requests on a page of `GET /rejects` | {} | a next page, which `Link` names |",
            ),
            (REQUESTS, Plain, "above {} means 1000, the default"),
        ],
    ),
    (
        "src/edge/rejects/mod.rs",
        "TEXT_CHARACTERS",
        &[
            (OPERATING, Spaced, "| what is kept of a refused request | {} characters of path, query and body each;"),
            ("src/native/wire/reject.rs", Plain, "The beginning of its body, at most {} characters"),
            (ASYNCAPI, Plain, "The beginning of the body, at most {} characters"),
        ],
    ),
    (
        "src/edge/rejects/mod.rs",
        "DETAIL_BYTES",
        &[
            (OPERATING, Binary, "path, query and body each; {} of faults | cut |"),
            ("src/native/wire/reject.rs", Binary, "an array of faults; of more than {} of them the /// first"),
        ],
    ),
    (
        "src/edge/rejects/mod.rs",
        "BYTES_EACH",
        &[(OPERATING, Binary, "| all of them that are kept | {} for each that may be | the oldest go earlier |")],
    ),
    (
        "src/edge/rejects/mod.rs",
        "REJECTS_AT_MOST",
        &[(OPERATING, Spaced, "refused requests kept in memory, the newest, {} at most;")],
    ),
    (
        "actors/src/feed/subscription.rs",
        "CLOSE_WITHIN",
        &[(OPERATING, Seconds, "| cut off with 1013, or from outside after {} more |")],
    ),
    (
        "actors/src/feed/subscription.rs",
        "PING_EVERY",
        &[
            (OPERATING, Seconds, "| a subscriber's silence (it is pinged every {}) |"),
            (CONTRACT, Seconds, "The server pings every {} and"),
            (ASYNCAPI, Seconds, "The server pings every {} and"),
        ],
    ),
    (
        "actors/src/feed/subscription.rs",
        "SILENT_AT",
        &[
            (OPERATING, Seconds, "(it is pinged every 15 s) | {} in which the server ran | dropped |"),
            (ASYNCAPI, Seconds, "drops a client that sent nothing, no pong either, for {};"),
        ],
    ),
    (
        "store/src/threads/mod.rs",
        "QUESTIONS",
        &[(OPERATING, Spaced, "| questions that wait for the disk | {} | 503 at once |")],
    ),
    (
        "src/server.rs",
        "FINISH_WITHIN",
        &[(OPERATING, Seconds, "| stop: requests in flight; closing WebSockets | {}; 1 s | cut short |")],
    ),
    (
        "src/workers.rs",
        "CLOSE_WITHIN",
        &[(OPERATING, Seconds, "| stop: requests in flight; closing WebSockets | 3 s; {} | cut short |")],
    ),
    (
        "src/signals.rs",
        "END_WITHIN",
        &[(OPERATING, Seconds, "| stop: all of it, whatever holds it up | {} | the process ends, exit code 1 |")],
    ),
];

/// Limits that a crate's face tells.
const OPEN: &[(u64, Told)] = &[
    (
        Symbol::MAX_LEN as u64,
        &[
            (OPERATING, Plain, "| a symbol | {} characters | 422 |"),
            (CONTRACT, Plain, "1 to {} characters of"),
            (REQUESTS, Plain, "min_length = 1, max_length = {}, pattern = \"^[A-Za-z0-9._/-]+$\""),
            (ASYNCAPI, Plain, "\"minLength\": 1, \"maxLength\": {}, \"pattern\": \"^[A-Za-z0-9._/-]+$\""),
        ],
    ),
    (
        Label::MAX_LEN as u64,
        &[
            (OPERATING, Plain, "| `client_order_id`, `Idempotency-Key` | {} characters | 422 |"),
            (REQUESTS, Plain, "min_length = 1, max_length = {}, pattern = \"^[!-~]+$\""),
            (REQUESTS, Plain, "1 to {} visible ASCII characters"),
            ("src/native/wire/flaw.rs", Plain, "should have at most {} characters"),
        ],
    ),
    (Quantity::MAX, &[(OPERATING, Spaced, "| a quantity | {} | 422 |"), (CONTRACT, Spaced, "1 to {};")]),
    (DELAY_CAP_US / 3_600_000_000, &[(OPERATING, Plain, "(median and sigma, capped at {} h)")]),
    (
        CloseCode::GOING_AWAY.code as u64,
        &[(CONTRACT, Plain, "it closes every WebSocket with {}."), (ASYNCAPI, Plain, "it closes with {}.")],
    ),
];

/// The value of a constant: a number, a product, or a time in seconds.
fn constant(file: &str, name: &str) -> u64 {
    let code = text(file);
    let value =
        code.lines().find_map(|line| line.trim_start().split_once(&format!("const {name}: "))?.1.split_once(" = "));
    let value = value.unwrap_or_else(|| panic!("{file} has no {name}")).1.trim_end_matches(';');
    let seconds = value.strip_prefix("Duration::from_secs(").and_then(|value| value.strip_suffix(')'));
    let factors = seconds.unwrap_or(value).split(" * ").map(|factor| factor.replace('_', "").parse::<u64>());
    factors.product::<Result<u64, _>>().unwrap_or_else(|error| panic!("{file}: {name} is {value}: {error}"))
}

/// A number as it is written there.
fn spelled(number: u64, unit: Unit) -> String {
    const KIB: u64 = 1_024;
    match unit {
        Unit::Binary if number.is_multiple_of(KIB * KIB) => format!("{} MiB", number / KIB / KIB),
        Unit::Binary => format!("{} KiB", number / KIB),
        Unit::Seconds => format!("{number} s"),
        Unit::Plain => number.to_string(),
        Unit::Spaced => {
            let digits = number.to_string();
            let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
            groups.collect::<Vec<_>>().join(" ")
        }
    }
}

/// A text on one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn check(number: u64, told: Told) {
    for &(place, unit, sentence) in told {
        let sentence = sentence.replace("{}", &spelled(number, unit));
        assert!(flat(&text(place)).contains(&sentence), "{place} does not say: {sentence}");
    }
}

#[test]
fn a_limit_is_told_as_it_is_enforced() {
    for &(file, name, told) in ENFORCED {
        check(constant(file, name), told);
    }
    for &(number, told) in OPEN {
        check(number, told);
    }
}

/// Every row of the table of limits is held against a constant, but for the one that has no number.
#[test]
fn no_limit_is_told_that_nothing_enforces() {
    let operating = text(OPERATING);
    let table = operating.split("| limit | value | beyond it |").nth(1).expect("the table is there");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let rows: Vec<&str> = rows.filter(|row| !row.starts_with("| its encoding |")).collect();
    assert!(rows.len() > 10, "they were not found: {rows:?}");
    let told = || ENFORCED.iter().map(|(.., told)| *told).chain(OPEN.iter().map(|(_, told)| *told)).flatten();
    for row in rows {
        let first = format!("|{}|", row.split('|').nth(1).expect("a cell"));
        let is_held = |sentence: &str| sentence.starts_with(first.split(" (").next().unwrap_or(&first));
        assert!(told().any(|(_, _, sentence)| is_held(sentence)), "no constant for: {row}");
    }
}

/// What the contract promises beside: it is wider than what is enforced.
#[test]
fn the_contract_promises_no_more_than_is_kept() {
    let subscription = "actors/src/feed/subscription.rs";
    let (ping, silent) = (constant(subscription, "PING_EVERY"), constant(subscription, "SILENT_AT"));
    check(silent - ping, &[(CONTRACT, Seconds, "leaves a ping unanswered, and sends nothing else, for {};")]);
    let slow = constant(subscription, "SLOW_AT_BYTES");
    let contract = flat(&text(CONTRACT));
    assert!(contract.contains("one less than 256 KiB behind never is") && slow >= 256 * 1024);
    assert!(contract.contains("It costs the process at most 1 MiB") && slow < 1024 * 1024);
    for (breach, code) in [(Breach::Protocol, 1002), (Breach::InvalidUtf8, 1007), (Breach::TooBig, 1009)] {
        assert_eq!(breach.close_code(), code, "RFC 6455, section 7.4.1");
    }
    let config = Config::default().venue;
    assert!(contract.contains("uniformly from 0.1 s to 1.0 s") && contract.contains("makes the delay 5 s"));
    let delays = format!("{:?} {:?}", config.delay, config.long_delay);
    assert_eq!(delays, "Uniform { min_us: 100000, max_us: 1000000 } Fixed { us: 5000000 }");
}

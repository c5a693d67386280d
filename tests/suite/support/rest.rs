//! What the REST tests need beyond single requests: kept connections, symbols of their own, times, lists and flaws.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::server::Base;
use super::{Reply, in_time};

/// A symbol that no other test, and no earlier run, has used.
pub fn symbol() -> String {
    static RUN: OnceLock<u32> = OnceLock::new();
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let run = RUN.get_or_init(|| RandomState::new().build_hasher().finish() as u32);
    format!("T{run:08x}.{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

pub fn id(order: &Value) -> &str {
    order["id"].as_str().unwrap_or_else(|| panic!("no id in {order}"))
}

/// The fields of an order that native clients know: those that a frame tells of an open one.
pub fn native_fields(order: &Value) -> Value {
    let names = ["id", "stoks", "quantity", "status", "accepted_at", "due_at", "closed_at", "seq", "accepted_seq"];
    let named = ["client_order_id", "idempotency_key"];
    let has = |name: &&str| order.get(*name).is_some();
    let fields = names.into_iter().chain(named).filter(has).map(|name| (name.to_owned(), order[name].clone()));
    Value::Object(fields.collect())
}

/// Where an order is found.
pub fn path(order: &Value) -> String {
    format!("/orders/{}", id(order))
}

/// A time of the wire in microseconds; checks the spelling, `2026-11-22T08:00:00.123456Z`.
pub fn micros(time: &Value) -> i64 {
    let text = time.as_str().unwrap_or_else(|| panic!("{time} is no time"));
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    assert_eq!(shape, "0000-00-00T00:00:00.000000Z", "{text}");
    text.parse::<Timestamp>().unwrap_or_else(|error| panic!("{error}: {text}")).as_microsecond()
}

/// The orders of a list, in the order in which they are written.
pub fn listed(reply: &Reply) -> Vec<(String, Value)> {
    struct Pairs;
    impl<'de> Visitor<'de> for Pairs {
        type Value = Vec<(String, Value)>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut pairs = Vec::new();
            while let Some(pair) = map.next_entry()? {
                pairs.push(pair);
            }
            Ok(pairs)
        }
    }
    struct List(Vec<(String, Value)>);
    impl<'de> Deserialize<'de> for List {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<List, D::Error> {
            deserializer.deserialize_map(Pairs).map(List)
        }
    }
    assert_eq!(reply.status, 200, "{reply:?}");
    let list: List = serde_json::from_str(&reply.body).unwrap_or_else(|error| panic!("{error} in {reply:?}"));
    list.0
}

/// The ids of a list, in the order in which they are written.
pub fn listed_ids(reply: &Reply) -> Vec<String> {
    listed(reply).into_iter().map(|(id, _)| id).collect()
}

/// The path and query of the next page, if the reply names one.
pub fn next_page(reply: &Reply) -> Option<String> {
    let link = reply.header("link")?;
    let url = link.strip_prefix('<').and_then(|rest| rest.strip_suffix(">; rel=\"next\""));
    let url = url.unwrap_or_else(|| panic!("not of the form <…>; rel=\"next\": {link}"));
    let path = url.strip_prefix("http://localhost").unwrap_or(url);
    assert!(path.starts_with('/'), "the link leads elsewhere: {link}");
    Some(path.to_owned())
}

/// One flaw of a 422.
#[derive(Debug, serde::Deserialize)]
pub struct Flaw {
    #[serde(rename = "type")]
    pub kind: String,
    pub loc: Vec<Value>,
    pub msg: String,
    /// As it was spelled: it may be a number that no float holds.
    pub input: Box<RawValue>,
}

impl Flaw {
    /// The place with dots: `body.quantity`.
    pub fn place(&self) -> String {
        let steps = self.loc.iter().map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned));
        steps.collect::<Vec<_>>().join(".")
    }
}

/// The flaws of a 422; checks its shape.
pub fn flaws(reply: &Reply) -> Vec<Flaw> {
    #[derive(serde::Deserialize)]
    struct Flaws {
        detail: Vec<Flaw>,
    }
    assert_eq!(reply.status, 422, "{reply:?}");
    assert_eq!(reply.header("content-type"), Some("application/json"), "{reply:?}");
    let flaws: Flaws = serde_json::from_str(&reply.body).unwrap_or_else(|error| panic!("{error} in {reply:?}"));
    assert!(!flaws.detail.is_empty(), "{reply:?}");
    for flaw in &flaws.detail {
        assert!(!flaw.kind.is_empty() && !flaw.msg.is_empty() && !flaw.loc.is_empty(), "{flaw:?}");
    }
    flaws.detail
}

/// The places of the flaws of a 422, sorted.
pub fn flaw_places(reply: &Reply) -> Vec<String> {
    let mut places: Vec<String> = flaws(reply).iter().map(Flaw::place).collect();
    places.sort();
    places
}

/// Checks a reply that is an error with a detail.
#[track_caller]
pub fn assert_detail(reply: &Reply, status: u16, detail: &str) {
    assert_eq!(reply.status, status, "{reply:?}");
    assert_eq!(reply.header("content-type"), Some("application/json"), "{reply:?}");
    assert_eq!(reply.json(), serde_json::json!({ "detail": detail }), "{reply:?}");
}

/// Checks a reply that is an error with some detail and nothing else.
#[track_caller]
pub fn assert_some_detail(reply: &Reply, status: u16) {
    assert_eq!(reply.status, status, "{reply:?}");
    assert_eq!(reply.header("content-type"), Some("application/json"), "{reply:?}");
    let body = reply.json();
    let object = body.as_object().unwrap_or_else(|| panic!("no object: {reply:?}"));
    assert!(object.len() == 1 && object["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{reply:?}");
}

/// Checks a 503: it says when to try again.
#[track_caller]
pub fn assert_overloaded(reply: &Reply) {
    assert_some_detail(reply, 503);
    let seconds = reply.header("retry-after").and_then(|value| value.parse::<u32>().ok());
    assert!(seconds.is_some(), "no Retry-After in seconds: {reply:?}");
}

/// A connection that is kept: many requests, one after the other.
pub struct Kept {
    stream: BufReader<TcpStream>,
    /// What stands before each path that is asked.
    prefix: String,
}

impl Kept {
    pub async fn open(at: impl Into<Base>) -> Kept {
        let Base { addr, prefix } = at.into();
        let stream = TcpStream::connect(addr).await.expect("the server accepts");
        stream.set_nodelay(true).expect("an option of every socket");
        Kept { stream: BufReader::new(stream), prefix }
    }

    /// Sends a request without headers of its own and reads its reply.
    pub async fn ask(&mut self, method: &str, path: &str, body: &str) -> Reply {
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let whole = format!("{}{path}", self.prefix);
        self.write(format!("{method} {whole} HTTP/1.1\r\nHost: localhost\r\n{length}\r\n{body}").as_bytes()).await;
        self.reply(method).await.expect("the connection is kept")
    }

    pub async fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.expect("the server reads");
    }

    /// As [`Kept::write`], where the server may have closed already.
    pub async fn try_write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// The next reply, to a request of this method; none where the server has closed.
    pub async fn reply(&mut self, method: &str) -> Option<Reply> {
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            let read = in_time("a reply", self.stream.read_until(b'\n', &mut answer)).await;
            if read.unwrap_or(0) == 0 {
                assert!(answer.is_empty(), "it broke off: {:?}", String::from_utf8_lossy(&answer));
                return None;
            }
        }
        let head = Reply::parse(&answer);
        if method != "HEAD" && head.status != 204 && head.status >= 200 {
            let length = head.header("content-length").and_then(|length| length.parse().ok());
            let mut body = vec![0; length.unwrap_or_else(|| panic!("no length: {head:?}"))];
            in_time("a body", self.stream.read_exact(&mut body)).await.expect("the whole body");
            answer.append(&mut body);
        }
        Some(Reply::parse(&answer))
    }

    /// Whether the server has closed, with nothing more to read.
    pub async fn is_closed(&mut self) -> bool {
        in_time("the end", self.stream.read(&mut [0; 1])).await.unwrap_or(0) == 0
    }
}

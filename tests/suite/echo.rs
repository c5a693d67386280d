//! What a flaw repeats of what was sent: so that any JSON reader takes it (contract, "Routes").

use serde_json::value::RawValue;
use serde_json::{Value, json};
use tradepit_places::everywhere;

use crate::support::rest::{Flaw, flaws};
use crate::support::{Reply, Request, venue};

/// What is said of this quantity.
async fn echo_of(json: &str) -> String {
    let reply = venue().post("/orders", &format!(r#"{{"stoks": "A", "quantity": {json}}}"#)).await;
    let flaw = only_flaw(&reply);
    assert_eq!(flaw.place(), "body.quantity", "{json:.200}");
    flaw.input.get().to_owned()
}

#[track_caller]
fn only_flaw(reply: &Reply) -> Flaw {
    let mut flaws = flaws(reply);
    assert_eq!(flaws.len(), 1, "{reply:.300?}");
    flaws.remove(0)
}

/// The JSON of a string of the first 200 characters.
fn start_of(text: &str) -> String {
    Value::from(text.chars().take(200).collect::<String>()).to_string()
}

#[everywhere]
async fn what_any_reader_takes_is_repeated_as_it_was_spelled() {
    let cases = [
        "null",
        "true",
        "-1",
        "0",
        "-0",
        "1.5",
        "1.50",
        "-0.0078125",
        "15e-1",
        "1e16",
        "9007199254740992",
        "18446744073709551616",
        "1e22",
        "[]",
        "{}",
        r#"[1, "a", {"b": null, "c": [1.25]}]"#,
        r#""7.0""#,
        r#""0.1""#,
        r#""1e400""#,
        r#""é€💶""#,
        r#""\ud83d\udcb6 \u0041\n\"""#,
        r#"{"a": "1e400", "1e400": 1}"#,
    ];
    for json in cases {
        assert_eq!(echo_of(json).await, json);
    }
    let long = format!("\"{}\"", "é".repeat(198));
    assert_eq!(echo_of(&long).await, long);
}

#[everywhere]
async fn what_is_longer_than_200_characters_becomes_a_string_of_the_first_200() {
    let lists = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let cases = [
        "9".repeat(50_000),
        format!("1.5{}", "0".repeat(198)),
        lists,
        format!("\"{}\"", "A".repeat(199)),
        format!("\"{}\"", "💶".repeat(10_000)),
        format!("[{}1]", "1,".repeat(100)),
        format!("[{}]", " ".repeat(199)),
        format!("\"{}\"", r"\u00e9".repeat(40)),
    ];
    for json in cases {
        assert_eq!(echo_of(&json).await, start_of(&json), "{json:.80}");
    }
}

#[everywhere]
async fn a_number_that_no_double_is_becomes_a_string_wherever_it_stands() {
    let numbers = [
        "0.1",
        "1.1",
        "9007199254740993",
        "18446744073709551617",
        "9007199254740992.5",
        "1e23",
        "1e400",
        "-1E400",
        "1e-400",
        "5e-324",
        "1e99999999999999999999",
        "1e-99999999999999999999",
        "-0.30000000000000004",
        "1.0000000000000000000000001",
    ];
    for number in numbers {
        for json in [
            number.to_owned(),
            format!("[{number}]"),
            format!(r#"{{"a": [1, {{"b":{number} }}]}}"#),
            format!(r#"["a", {number}, 1]"#),
        ] {
            assert_eq!(echo_of(&json).await, start_of(&json));
        }
    }
}

#[everywhere]
async fn what_some_readers_refuse_becomes_a_string() {
    let deep = format!("{}{}", "[".repeat(60), "]".repeat(60));
    let cases = [
        deep.as_str(),
        r#""\ud800""#,
        r#""\udc00\ud800""#,
        r#"["\ud83d", 1]"#,
        r#"{"\ud83d": 1}"#,
        r#"{"a": 1, "a": 2}"#,
        r#"[{"a": 1, "\u0061": 2}]"#,
    ];
    for json in cases {
        assert_eq!(echo_of(json).await, start_of(json));
    }
}

#[everywhere]
async fn every_place_of_a_request_is_repeated_by_the_same_rule() {
    let long = "x".repeat(50_000);
    let start = json!("x".repeat(200));
    let is_start = |flaw: &Flaw| {
        let told: Value = serde_json::from_str(flaw.input.get()).expect("JSON");
        assert_eq!(told, start, "{}", flaw.place());
    };
    for query in ["limit", "after", "status", "stoks", "client_order_id"] {
        is_start(&only_flaw(&venue().get(&format!("/orders?{query}={long}")).await));
    }
    let key = Request::new("POST", "/orders").header("Idempotency-Key", &long).body(r#"{"stoks":"A","quantity":1}"#);
    is_start(&only_flaw(&key.send(venue()).await));

    // The whole body, where a field is missing.
    let body = format!(r#"{{"stoks": "A", "x": "{long}"}}"#);
    assert_eq!(only_flaw(&venue().post("/orders", &body).await).input.get(), start_of(&body));
    let body = r#"{"stoks": "A", "x": 0.1}"#;
    assert_eq!(only_flaw(&venue().post("/orders", body).await).input.get(), start_of(body));
    // The body itself, where it is no object.
    let body = format!("[\"{long}\"]");
    assert_eq!(only_flaw(&venue().post("/orders", &body).await).input.get(), start_of(&body));
    // A name that was used for another order.
    let name = format!("{:n<255}", crate::support::rest::symbol());
    let order = |quantity| json!({"stoks": "A", "quantity": quantity, "client_order_id": name}).to_string();
    assert_eq!(venue().post("/orders", &order(1)).await.status, 200);
    let taken = only_flaw(&venue().post("/orders", &order(2)).await);
    assert_eq!(taken.input.get(), start_of(&Value::from(name.as_str()).to_string()));
}

#[everywhere]
async fn a_field_that_was_given_twice_is_named_by_its_first_200_characters() {
    let long = "é".repeat(15_000);
    let body = format!(r#"{{"stoks": "A", "quantity": 1, "{long}": 1, "{long}": 0.1}}"#);
    let flaw = only_flaw(&venue().post("/orders", &body).await);
    assert_eq!(flaw.loc, [json!("body"), json!("é".repeat(200))]);
    assert_eq!(flaw.input.get(), "\"0.1\"");
}

/// The reply as a whole, read by a reader that refuses what is no exact double, is nested deeply, or is no text.
#[everywhere]
async fn a_whole_reply_is_read_by_a_strict_reader() {
    let poison = [
        format!("1{}", "0".repeat(400)),
        "1e400".to_owned(),
        r#""\ud800""#.to_owned(),
        format!("{}{}", "[".repeat(99), "]".repeat(99)),
        format!("{}1{}", r#"{"a":"#.repeat(3_000), "}".repeat(3_000)),
    ];
    for json in &poison {
        for body in [
            format!(r#"{{"stoks": {json}, "quantity": {json}, "client_order_id": {json}}}"#),
            format!(r#"{{"symbol": {json}, "x": {json}, "x": {json}}}"#),
            json.clone(),
        ] {
            let reply = venue().post("/orders", &body).await;
            assert_eq!(reply.status, 422, "{body:.80}");
            let told: Value = serde_json::from_str(&reply.body).unwrap_or_else(|error| panic!("{error}: {body:.80}"));
            let again: Box<RawValue> = serde_json::from_str(&told.to_string()).expect("JSON");
            assert_eq!(serde_json::from_str::<Value>(again.get()).expect("JSON"), told, "{body:.80}");
            assert!(reply.body.len() < 8_000, "{} bytes for {body:.80}", reply.body.len());
        }
    }
}

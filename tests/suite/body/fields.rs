//! The fields together: all flaws at once, keys given twice, fields that mean nothing.

use super::*;

#[everywhere]
async fn every_flaw_is_told_at_once() {
    let mut poster = Poster::new().await;
    let cases: [(&str, &[&str]); 9] = [
        ("{}", &["body.quantity", "body.stoks"]),
        (r#"{"quantity": 1}"#, &["body.stoks"]),
        (r#"{"stoks": "A"}"#, &["body.quantity"]),
        (r#"{"symbol": "A"}"#, &["body.quantity"]),
        (r#"{"stoks": "", "quantity": 0}"#, &["body.quantity", "body.stoks"]),
        (r#"{"symbol": null, "quantity": null}"#, &["body.quantity", "body.symbol"]),
        (r#"{"Stoks": "A", "QUANTITY": 1}"#, &["body.quantity", "body.stoks"]),
        (
            r#"{"quantity": 0, "quantity": 0, "x": 1, "x": 1}"#,
            &["body.quantity", "body.quantity", "body.stoks", "body.x"],
        ),
        (r#"{"id": 1, "id": 2, "status": 1, "status": 2, "stoks": "A"}"#, &["body.id", "body.quantity", "body.status"]),
    ];
    for (body, places) in cases {
        poster.refuses(body, places).await;
    }
}

#[everywhere]
async fn a_missing_field_is_told_as_the_contract_shows() {
    let reply = venue().post("/orders", r#"{"stoks": "A"}"#).await;
    let body = reply.json();
    let flaw = &body["detail"][0];
    assert_eq!(flaw["type"], "missing");
    assert_eq!(flaw["loc"], json!(["body", "quantity"]));
    assert_eq!(flaw["msg"], "Field required");
    assert!(flaw.as_object().is_some_and(|flaw| flaw.len() == 4 && flaw.contains_key("input")), "{flaw}");
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(1), "{body}");
}

#[everywhere]
async fn a_flaw_tells_what_was_sent() {
    let cases = [
        (r#""stoks": 7, "quantity": 1"#, "7"),
        (r#""stoks": "A", "quantity": 1.50"#, "1.50"),
        (r#""stoks": "A", "quantity": "7.0""#, r#""7.0""#),
        (r#""stoks": "A", "quantity": [true, null]"#, "[true, null]"),
        (r#""stoks": "A*é", "quantity": 1"#, r#""A*é""#),
    ];
    for (fields, input) in cases {
        let reply = venue().post("/orders", &format!("{{{fields}}}")).await;
        let flaws = flaws(&reply);
        let told: Value = serde_json::from_str(flaws[0].input.get()).expect("JSON");
        assert_eq!(told, serde_json::from_str::<Value>(input).expect("JSON"), "{fields}");
    }
}

#[everywhere]
async fn a_key_given_twice_is_refused() {
    let mut poster = Poster::new().await;
    let cases = [
        (r#""stoks": "A", "quantity": 1, "quantity": 1"#, "body.quantity"),
        (r#""stoks": "A", "quantity": 1, "quantity": 2"#, "body.quantity"),
        (r#""stoks": "A", "stoks": "A", "quantity": 1"#, "body.stoks"),
        (r#""symbol": "A", "quantity": 1, "symbol": "A""#, "body.symbol"),
        (r#""stoks": "A", "quantity": 1, "x": 1, "x": 1"#, "body.x"),
        (r#""id": 1, "stoks": "A", "quantity": 1, "id": 1"#, "body.id"),
        (r#""status": 1, "stoks": "A", "quantity": 1, "status": 1"#, "body.status"),
        (r#""stoks": "A", "quantity": 1, "\u0071uantity": 1"#, "body.quantity"),
        (r#""stoks": "A", "quantity": 1, "": 1, "": 2"#, "body."),
        (r#""stoks": "A", "quantity": 1, "x": 1, "\u0078": 1, "x": 3"#, "body.x"),
        (r#""stoks": "A", "quantity": 1, "né": 1, "n\u00e9": 1"#, "body.né"),
    ];
    for (fields, place) in cases {
        poster.refuses(&format!("{{{fields}}}"), &[place]).await;
    }
}

#[everywhere]
async fn a_key_given_twice_deeper_down_is_no_flaw() {
    let mut poster = Poster::new().await;
    for extra in [r#"{"a": 1, "a": 2}"#, r#"[{"stoks": 1, "stoks": 2}]"#, r#"{"x": 1}"#] {
        let body = format!(r#"{{"stoks": "A", "quantity": 1, "x": {extra}}}"#);
        Poster::assert_order(&body, &poster.post(&body).await, "A", 1);
    }
}

#[everywhere]
async fn keys_that_differ_in_anything_are_not_the_same() {
    let mut poster = Poster::new().await;
    let body = r#"{"stoks": "A", "quantity": 1, "x": 1, "X": 1, "x ": 1, " x": 1, "x\u0000": 1, "é": 1, "e\u0301": 1}"#;
    Poster::assert_order(body, &poster.post(body).await, "A", 1);
}

#[everywhere]
async fn whatever_is_in_an_unknown_field_is_ignored() {
    let mut poster = Poster::new().await;
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let nested = format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
    for extra in ["1E400", "-0", "null", r#""\ud83d\udcb6""#, "[1, [2, {}]]", &"9".repeat(60_000), &deep, &nested] {
        let body = format!(r#"{{"stoks": "A", "quantity": 1, "x": {extra}}}"#);
        Poster::assert_order(&format!("{body:.100}"), &poster.post(&body).await, "A", 1);
    }
}

#[everywhere]
async fn a_deeply_nested_value_is_refused_where_it_means_something() {
    let mut poster = Poster::new().await;
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    for (field, other) in [("stoks", r#""quantity": 1"#), ("quantity", r#""stoks": "A""#)] {
        let reply = poster.post(&format!(r#"{{"{field}": {deep}, {other}}}"#)).await;
        assert_eq!(reply.status, 422);
    }
    assert_eq!(poster.post(&deep).await.status, 422);
}

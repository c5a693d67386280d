//! The body of `POST /orders`: what is read as an order, and every flaw of what is not (contract, "An order" and
//! "Routes").

use serde_json::{Value, json};

use crate::support::rest::{Kept, assert_detail, flaw_places, flaws};
use crate::support::{Reply, Request, venue};

/// Posts bodies over one connection.
struct Poster(Kept);

impl Poster {
    async fn new() -> Poster {
        Poster(Kept::open(venue().addr).await)
    }

    async fn post(&mut self, body: &str) -> Reply {
        self.0.ask("POST", "/orders", body).await
    }

    #[track_caller]
    fn assert_order(body: &str, reply: &Reply, stoks: &str, quantity: u64) {
        assert_eq!(reply.status, 200, "{body}: {reply:?}");
        let order = reply.json();
        assert_eq!((&order["stoks"], &order["quantity"]), (&json!(stoks), &json!(quantity)), "{body}");
    }

    async fn accepts_quantity(&mut self, quantity: &str, read: u64) {
        let body = format!(r#"{{"stoks": "A", "quantity": {quantity}}}"#);
        Poster::assert_order(&body, &self.post(&body).await, "A", read);
    }

    /// The body is refused for exactly these places, in any order.
    async fn refuses(&mut self, body: &str, places: &[&str]) {
        let reply = self.post(body).await;
        assert_eq!(reply.status, 422, "{body:.200}: {reply:?}");
        assert_eq!(flaw_places(&reply), places, "{body:.200}");
    }

    async fn refuses_quantity(&mut self, quantity: &str) {
        let body = format!(r#"{{"stoks": "A", "quantity": {quantity}}}"#);
        self.refuses(&body, &["body.quantity"]).await;
    }
}

#[tokio::test]
async fn a_quantity_is_a_whole_number_however_it_is_spelled() {
    let mut poster = Poster::new().await;
    let max = 9_007_199_254_740_991;
    let long = format!("7.{}", "0".repeat(60_000));
    let shifted = format!("7{}e-400", "0".repeat(400));
    let cases = [
        ("1", 1),
        ("7", 7),
        ("7.0", 7),
        ("7.000", 7),
        ("70e-1", 7),
        ("0.7e1", 7),
        ("7e0", 7),
        ("7E-0", 7),
        ("1e3", 1_000),
        ("1E3", 1_000),
        ("1e+3", 1_000),
        ("1.5e1", 15),
        ("1000e-3", 1),
        ("9007199254740991", max),
        ("9007199254740991.0", max),
        ("9.007199254740991e15", max),
        ("9007199254740990", max - 1),
        (long.as_str(), 7),
        (shifted.as_str(), 7),
    ];
    for (quantity, read) in cases {
        poster.accepts_quantity(quantity, read).await;
    }
}

#[tokio::test]
async fn a_quantity_may_be_a_string_of_digits() {
    let mut poster = Poster::new().await;
    for (quantity, read) in [(r#""7""#, 7), (r#""1""#, 1), (r#""9007199254740991""#, 9_007_199_254_740_991)] {
        poster.accepts_quantity(quantity, read).await;
    }
}

/// JSON has two spellings of each character of a string: both are the same string.
#[tokio::test]
async fn a_quantity_in_a_string_may_be_spelled_with_escapes() {
    Poster::new().await.accepts_quantity(r#""\u0037""#, 7).await;
}

#[tokio::test]
async fn a_quantity_that_is_out_of_range_is_refused() {
    let mut poster = Poster::new().await;
    let digits = "9".repeat(60_000);
    let cases = [
        "0",
        "-0",
        "0.0",
        "-0.0",
        "0e5",
        "0e99999999999999999999",
        "-1",
        "-7.0",
        "-9007199254740991",
        "9007199254740992",
        "9007199254740992.0",
        "9007199254740993",
        "18446744073709551615",
        "18446744073709551616",
        "18446744073709551617",
        "340282366920938463463374607431768211457",
        "1e16",
        "9.007199254740992e15",
        "1E400",
        "-1E400",
        "1e99999999999999999999",
        "1e9223372036854775807",
        "1e18446744073709551617",
        &digits,
    ];
    for quantity in cases {
        poster.refuses_quantity(quantity).await;
    }
}

#[tokio::test]
async fn a_quantity_with_a_fraction_is_refused_however_small_it_is() {
    let mut poster = Poster::new().await;
    let tiny = format!("1.{}1", "0".repeat(60_000));
    let cases = [
        "1.5",
        "0.5",
        "15e-1",
        "1e-1",
        "-1.5",
        "9007199254740990.5",
        "9007199254740991.5",
        "9007199254740991.00000001",
        "0.99999999999999999999",
        "1.0000000000000000000000001",
        "1e-400",
        "1E-99999999999999999999",
        &tiny,
    ];
    for quantity in cases {
        poster.refuses_quantity(quantity).await;
    }
}

#[tokio::test]
async fn a_quantity_of_another_type_or_any_other_string_is_refused() {
    let mut poster = Poster::new().await;
    let digits = format!("\"{}\"", "9".repeat(60_000));
    let cases = [
        "true",
        "false",
        "null",
        "[]",
        "[7]",
        "{}",
        r#"{"quantity": 7}"#,
        r#""""#,
        r#""7.0""#,
        r#""0""#,
        r#""-1""#,
        r#""-0""#,
        r#""abc""#,
        r#""1.5""#,
        r#""1e3""#,
        r#""+7""#,
        r#"" 7""#,
        r#""7 ""#,
        r#""7\n""#,
        r#""7\u0000""#,
        r#""07""#,
        r#""007""#,
        r#""0x7""#,
        r#""1_000""#,
        r#""1,000""#,
        r#""true""#,
        r#""null""#,
        r#""NaN""#,
        r#""７""#,
        r#""٧""#,
        r#""9007199254740992""#,
        r#""18446744073709551617""#,
        r#""\"7\"""#,
        &digits,
    ];
    for quantity in cases {
        poster.refuses_quantity(quantity).await;
    }
}

#[tokio::test]
async fn a_symbol_has_1_to_32_characters_of_the_allowed_ones() {
    let mut poster = Poster::new().await;
    let longest = "A".repeat(32);
    let symbols =
        ["A", "z", "0", ".", "_", "/", "-", "EURUSD", "eur/usd", "BRK.B", "..", "../..", "null", longest.as_str()];
    let all = "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789._/-";
    for symbol in symbols.into_iter().chain(all.split(' ')) {
        for field in ["stoks", "symbol"] {
            let body = format!(r#"{{"{field}": "{symbol}", "quantity": 3}}"#);
            Poster::assert_order(&body, &poster.post(&body).await, symbol, 3);
        }
    }
}

#[tokio::test]
async fn names_and_symbols_may_be_spelled_with_escapes() {
    let mut poster = Poster::new().await;
    let body = r#"{"\u0073toks": "\u0045UR\/USD", "quantit\u0079": 3}"#;
    Poster::assert_order(body, &poster.post(body).await, "EUR/USD", 3);
}

#[tokio::test]
async fn any_other_symbol_is_refused() {
    let mut poster = Poster::new().await;
    let (long, very_long) = (format!("\"{}\"", "A".repeat(33)), format!("\"{}\"", "A".repeat(60_000)));
    let cases = [
        r#""""#,
        r#"" ""#,
        r#""EUR USD""#,
        r#"" A""#,
        r#""A ""#,
        r#""A\n""#,
        r#""A\u0000""#,
        r#""é""#,
        r#""Ａ""#,
        r#""💶""#,
        r#""A*""#,
        r#""A+B""#,
        r#""A:B""#,
        r#""A,B""#,
        r#""A\\B""#,
        r#""\"A\"""#,
        r#""A@""#,
        r#""[""#,
        r#""`""#,
        r#""{""#,
        "7",
        "7.0",
        "null",
        "true",
        "false",
        "[]",
        r#"["A"]"#,
        "{}",
        &long,
        &very_long,
    ];
    for symbol in cases {
        for field in ["stoks", "symbol"] {
            let body = format!(r#"{{"{field}": {symbol}, "quantity": 1}}"#);
            poster.refuses(&body, &[&format!("body.{field}")]).await;
        }
    }
}

#[tokio::test]
async fn a_character_of_many_bytes_is_refused_wherever_the_length_ends() {
    let mut poster = Poster::new().await;
    for count in [16, 17, 31, 32, 33] {
        let body = format!(r#"{{"stoks": "{}", "quantity": 1}}"#, "é".repeat(count));
        poster.refuses(&body, &["body.stoks"]).await;
    }
}

#[tokio::test]
async fn symbol_is_not_accepted_beside_stoks() {
    let mut poster = Poster::new().await;
    let values = ["\"A\"", "\"B\"", "null", "7"];
    for (stoks, symbol) in values.iter().flat_map(|stoks| values.map(|symbol| (stoks, symbol))) {
        for body in [
            format!(r#"{{"stoks": {stoks}, "symbol": {symbol}, "quantity": 1}}"#),
            format!(r#"{{"symbol": {symbol}, "quantity": 1, "stoks": {stoks}}}"#),
        ] {
            let reply = poster.post(&body).await;
            let places = flaw_places(&reply);
            assert!(places.iter().all(|place| place == "body.stoks" || place == "body.symbol"), "{body}: {places:?}");
        }
    }
}

#[tokio::test]
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

#[tokio::test]
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

#[tokio::test]
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

#[tokio::test]
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

#[tokio::test]
async fn a_key_given_twice_deeper_down_is_no_flaw() {
    let mut poster = Poster::new().await;
    for extra in [r#"{"a": 1, "a": 2}"#, r#"[{"stoks": 1, "stoks": 2}]"#, r#"{"x": 1}"#] {
        let body = format!(r#"{{"stoks": "A", "quantity": 1, "x": {extra}}}"#);
        Poster::assert_order(&body, &poster.post(&body).await, "A", 1);
    }
}

#[tokio::test]
async fn keys_that_differ_in_anything_are_not_the_same() {
    let mut poster = Poster::new().await;
    let body = r#"{"stoks": "A", "quantity": 1, "x": 1, "X": 1, "x ": 1, " x": 1, "x\u0000": 1, "é": 1, "e\u0301": 1}"#;
    Poster::assert_order(body, &poster.post(body).await, "A", 1);
}

#[tokio::test]
async fn whatever_is_in_an_unknown_field_is_ignored() {
    let mut poster = Poster::new().await;
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let nested = format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
    for extra in ["1E400", "-0", "null", r#""\ud83d\udcb6""#, "[1, [2, {}]]", &"9".repeat(60_000), &deep, &nested] {
        let body = format!(r#"{{"stoks": "A", "quantity": 1, "x": {extra}}}"#);
        Poster::assert_order(&format!("{body:.100}"), &poster.post(&body).await, "A", 1);
    }
}

#[tokio::test]
async fn a_deeply_nested_value_is_refused_where_it_means_something() {
    let mut poster = Poster::new().await;
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    for (field, other) in [("stoks", r#""quantity": 1"#), ("quantity", r#""stoks": "A""#)] {
        let reply = poster.post(&format!(r#"{{"{field}": {deep}, {other}}}"#)).await;
        assert_eq!(reply.status, 422);
    }
    assert_eq!(poster.post(&deep).await.status, 422);
}

#[tokio::test]
async fn space_around_and_between_is_ignored() {
    let mut poster = Poster::new().await;
    for body in [
        "{\"stoks\":\"A\",\"quantity\":3}",
        "\r\n\t { \"stoks\"\n:\t\"A\" ,\r\n\"quantity\" : 3\t}\r\n ",
        " {\"quantity\":3,\"stoks\":\"A\"}",
    ] {
        Poster::assert_order(body, &poster.post(body).await, "A", 3);
    }
}

#[tokio::test]
async fn malformed_json_is_422_with_the_position() {
    let mut poster = Poster::new().await;
    // The sign § is not sent: it stands before the first character that cannot be. One more or less is fine: parsers
    // count differently.
    let cases = [
        r#"{"stoks": "A", "quantity": §nope}"#,
        r#"{§'stoks': "A"}"#,
        r#"{"stoks": "A",§}"#,
        r#"{"stoks": "A" §"quantity": 1}"#,
        r#"{"stoks"§, "A"}"#,
        r#"{"stoks": "A", "quantity": 1} §x"#,
        r#"{"stoks": "A", "quantity": 1}§}"#,
        r#"{"stoks": "A", "quantity": 1} §{"stoks": "A", "quantity": 1}"#,
        r#"{"stoks": "A", "quantity": 0§7}"#,
        r#"{"stoks": "A", "quantity": §+7}"#,
        r#"{"stoks": "A", "quantity": §.5}"#,
        r#"{"stoks": "A", "quantity": 1.§}"#,
        r#"{"stoks": "A", "quantity": 1e§}"#,
        r#"{"stoks": "A", "quantity": 0§x10}"#,
        r#"{"stoks": "A", "quantity": 1§_000}"#,
        r#"{"stoks": "A", "quantity": §NaN}"#,
        r#"{"stoks": "A", "quantity": §Infinity}"#,
        r#"{"stoks": "A", "quantity": -§Infinity}"#,
        r#"{"stoks": "A\§x", "quantity": 1}"#,
        "{\"stoks\": \"A§\n\", \"quantity\": 1}",
        r#"{"stoks": "A", "quantity": 1§"#,
        r#"{§"#,
        r#"§nope"#,
        r#"§stoks=A&quantity=1"#,
        "{\n  \"stoks\": \"A\",\r\n  \"quantity\": §x\n}",
        "{\"é€💶\": 1, \"stoks\": §x}",
        "\n\n{\n\"é\": \"💶\",\n\n\"stoks\":§}",
    ];
    for case in cases {
        let (before, after) = case.split_once('§').expect("a sign");
        let expected = before.chars().count();
        let body = format!("{before}{after}");
        let flaws = flaws(&poster.post(&body).await);
        assert_eq!((flaws.len(), flaws[0].loc.len()), (1, 2), "{body}: {flaws:?}");
        assert_eq!(flaws[0].loc[0], "body", "{body}");
        let position = flaws[0].loc[1].as_u64().unwrap_or_else(|| panic!("no position: {body}: {flaws:?}"));
        assert!(position.abs_diff(expected as u64) <= 1, "{body}: at {position}, not {expected}");
        assert!(position <= body.chars().count() as u64, "{body}: {position} is beyond the end");
    }
}

#[tokio::test]
async fn a_position_counts_from_the_beginning_of_the_body_also_after_leading_space() {
    // A surrogate that stands alone is no character: whether it is the grammar or the text that is at flaw, the place
    // is in the key.
    let body = format!("{}{}", "\n".repeat(40), r#"{"stoks": "A", "quantity": 1, "\ud800": 1}"#);
    let reply = venue().post("/orders", &body).await;
    if reply.status != 200 {
        let flaws = flaws(&reply);
        let position = flaws[0].loc[1].as_u64().unwrap_or_else(|| panic!("no position: {flaws:?}"));
        let key = body.find(r"\ud800").expect("it is there") as u64;
        assert!((key - 1..=key + 7).contains(&position), "at {position}, not {key}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_422_with_the_position() {
    let bodies: [&[u8]; 5] = [
        b"{\"stoks\": \"\xff\", \"quantity\": 1}",
        b"{\"stoks\": \"A\", \"quantity\": 1, \"\xc3\": 1}",
        b"\xff\xfe{\x00}\x00",
        b"\x00\x00\x00",
        b"\x1f\x8b\x08\x00",
    ];
    for body in bodies {
        let reply = Request::new("POST", "/orders").body(body).send(venue().addr).await;
        let flaws = flaws(&reply);
        assert!(flaws[0].loc[0] == "body" && flaws[0].loc[1].is_u64(), "{body:?}: {flaws:?}");
    }
}

#[tokio::test]
async fn what_is_not_one_json_object_is_422() {
    let mut poster = Poster::new().await;
    for body in ["[]", "null", "true", "7", r#""stoks""#, r#"[{"stoks": "A", "quantity": 1}]"#, " \n[1, 2]\n ", "1E400"]
    {
        poster.refuses(body, &["body"]).await;
    }
}

#[tokio::test]
async fn an_empty_body_is_422() {
    for body in ["", " ", "\r\n\r\n"] {
        let reply = venue().post("/orders", body).await;
        assert!(flaws(&reply).iter().all(|flaw| flaw.loc[0] == "body"), "{body:?}: {reply:?}");
    }
    let reply = Request::new("POST", "/orders").header("Content-Length", "0").send(venue().addr).await;
    assert_eq!(reply.status, 422);
    let chunked = Request::new("POST", "/orders").header("Transfer-Encoding", "chunked").body("0\r\n\r\n");
    assert_eq!(chunked.send(venue().addr).await.status, 422);
}

#[tokio::test]
async fn the_body_is_read_as_json_whatever_the_content_type() {
    let types = [
        "application/json",
        "application/json; charset=utf-8",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "text/html",
        "application/xml",
        "application/octet-stream",
        "image/png",
        "nonsense",
        "",
        ";;;",
        "*/*",
        "application/vnd.api+json",
    ];
    for content_type in types {
        let request = Request::new("POST", "/orders").header("Content-Type", content_type);
        let reply = request.clone().body(r#"{"stoks": "A", "quantity": 3}"#).send(venue().addr).await;
        Poster::assert_order(content_type, &reply, "A", 3);
        let refused = request.body("stoks=A&quantity=3").send(venue().addr).await;
        assert_eq!(refused.status, 422, "{content_type}");
    }
    let twice = Request::new("POST", "/orders").header("Content-Type", "text/a").header("Content-Type", "text/b");
    assert_eq!(twice.body(r#"{"stoks": "A", "quantity": 3}"#).send(venue().addr).await.status, 200);
}

#[tokio::test]
async fn a_query_on_post_means_nothing() {
    let reply = venue().post("/orders?stoks=B&quantity=2&limit=0", r#"{"stoks": "A", "quantity": 3}"#).await;
    Poster::assert_order("a query", &reply, "A", 3);
    assert_eq!(venue().post("/orders?stoks=B&quantity=2", "").await.status, 422);
}

#[tokio::test]
async fn a_refused_body_places_no_order() {
    let symbol = crate::support::rest::symbol();
    for rest in [r#""quantity": 0}"#, r#""quantity": 1, "quantity": 1}"#, r#""quantity": 1"#, r#""quantity": 1}x"#] {
        assert_eq!(venue().post("/orders", &format!(r#"{{"stoks": "{symbol}", {rest}"#)).await.status, 422);
    }
    assert_eq!(venue().get(&format!("/orders?stoks={symbol}")).await.body, "{}");
}

#[tokio::test]
async fn a_body_for_an_unknown_path_or_method_is_not_looked_at() {
    assert_detail(&venue().post("/nowhere", "no JSON").await, 404, "Not Found");
    let put = Request::new("PUT", "/orders").body("no JSON").send(venue().addr).await;
    assert_detail(&put, 405, "Method Not Allowed");
}

//! The text: space, what is no JSON and where, what is no object, and what else of the request means nothing.

use super::*;

#[everywhere]
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

#[everywhere]
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

#[everywhere]
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

#[everywhere]
async fn bytes_that_are_no_text_are_422_with_the_position() {
    let bodies: [&[u8]; 5] = [
        b"{\"stoks\": \"\xff\", \"quantity\": 1}",
        b"{\"stoks\": \"A\", \"quantity\": 1, \"\xc3\": 1}",
        b"\xff\xfe{\x00}\x00",
        b"\x00\x00\x00",
        b"\x1f\x8b\x08\x00",
    ];
    for body in bodies {
        let reply = Request::new("POST", "/orders").body(body).send(venue()).await;
        let flaws = flaws(&reply);
        assert!(flaws[0].loc[0] == "body" && flaws[0].loc[1].is_u64(), "{body:?}: {flaws:?}");
    }
}

#[everywhere]
async fn what_is_not_one_json_object_is_422() {
    let mut poster = Poster::new().await;
    for body in ["[]", "null", "true", "7", r#""stoks""#, r#"[{"stoks": "A", "quantity": 1}]"#, " \n[1, 2]\n ", "1E400"]
    {
        poster.refuses(body, &["body"]).await;
    }
}

#[everywhere]
async fn an_empty_body_is_422() {
    for body in ["", " ", "\r\n\r\n"] {
        let reply = venue().post("/orders", body).await;
        assert!(flaws(&reply).iter().all(|flaw| flaw.loc[0] == "body"), "{body:?}: {reply:?}");
    }
    let reply = Request::new("POST", "/orders").header("Content-Length", "0").send(venue()).await;
    assert_eq!(reply.status, 422);
    let chunked = Request::new("POST", "/orders").header("Transfer-Encoding", "chunked").body("0\r\n\r\n");
    assert_eq!(chunked.send(venue()).await.status, 422);
}

#[everywhere]
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
        let reply = request.clone().body(r#"{"stoks": "A", "quantity": 3}"#).send(venue()).await;
        Poster::assert_order(content_type, &reply, "A", 3);
        let refused = request.body("stoks=A&quantity=3").send(venue()).await;
        assert_eq!(refused.status, 422, "{content_type}");
    }
    let twice = Request::new("POST", "/orders").header("Content-Type", "text/a").header("Content-Type", "text/b");
    assert_eq!(twice.body(r#"{"stoks": "A", "quantity": 3}"#).send(venue()).await.status, 200);
}

#[everywhere]
async fn a_query_on_post_means_nothing() {
    let reply = venue().post("/orders?stoks=B&quantity=2&limit=0", r#"{"stoks": "A", "quantity": 3}"#).await;
    Poster::assert_order("a query", &reply, "A", 3);
    assert_eq!(venue().post("/orders?stoks=B&quantity=2", "").await.status, 422);
}

#[everywhere]
async fn a_refused_body_places_no_order() {
    let symbol = crate::support::rest::symbol();
    for rest in [r#""quantity": 0}"#, r#""quantity": 1, "quantity": 1}"#, r#""quantity": 1"#, r#""quantity": 1}x"#] {
        assert_eq!(venue().post("/orders", &format!(r#"{{"stoks": "{symbol}", {rest}"#)).await.status, 422);
    }
    assert_eq!(venue().get(&format!("/orders?stoks={symbol}")).await.body, "{}");
}

#[everywhere]
async fn a_body_for_an_unknown_path_or_method_is_not_looked_at() {
    assert_detail(&venue().post("/nowhere", "no JSON").await, 404, "Not Found");
    let put = Request::new("PUT", "/orders").body("no JSON").send(venue()).await;
    assert_detail(&put, 405, "Method Not Allowed");
}

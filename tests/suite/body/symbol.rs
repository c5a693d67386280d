//! The symbol, under either of its names.

use super::*;

#[everywhere]
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

#[everywhere]
async fn names_and_symbols_may_be_spelled_with_escapes() {
    let mut poster = Poster::new().await;
    let body = r#"{"\u0073toks": "\u0045UR\/USD", "quantit\u0079": 3}"#;
    Poster::assert_order(body, &poster.post(body).await, "EUR/USD", 3);
}

#[everywhere]
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

#[everywhere]
async fn a_character_of_many_bytes_is_refused_wherever_the_length_ends() {
    let mut poster = Poster::new().await;
    for count in [16, 17, 31, 32, 33] {
        let body = format!(r#"{{"stoks": "{}", "quantity": 1}}"#, "é".repeat(count));
        poster.refuses(&body, &["body.stoks"]).await;
    }
}

#[everywhere]
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

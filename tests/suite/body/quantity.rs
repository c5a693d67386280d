//! The quantity: how it may be spelled, and what is none.

use super::*;

#[everywhere]
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

#[everywhere]
async fn a_quantity_may_be_a_string_of_digits() {
    let mut poster = Poster::new().await;
    for (quantity, read) in [(r#""7""#, 7), (r#""1""#, 1), (r#""9007199254740991""#, 9_007_199_254_740_991)] {
        poster.accepts_quantity(quantity, read).await;
    }
}

/// JSON has two spellings of each character of a string: both are the same string.
#[everywhere]
async fn a_quantity_in_a_string_may_be_spelled_with_escapes() {
    Poster::new().await.accepts_quantity(r#""\u0037""#, 7).await;
}

#[everywhere]
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

#[everywhere]
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

#[everywhere]
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

/// What is said of a quantity: the kind of flaw, and the words.
async fn said(poster: &mut Poster, quantity: &str) -> (String, String) {
    let reply = poster.post(&format!(r#"{{"stoks": "A", "quantity": {quantity}}}"#)).await;
    let flaw = flaws(&reply).remove(0);
    assert_eq!(flaw.place(), "body.quantity");
    (flaw.kind, flaw.msg)
}

#[everywhere]
async fn a_quantity_out_of_range_is_told_alike_as_number_and_as_string_with_the_range() {
    let mut poster = Poster::new().await;
    let range = "Input should be an integer from 1 to 9007199254740991";
    for (kind, quantities) in [
        ("greater_than_equal", &["0", "-0", "-1", "-7", "-9007199254740992", "-99999999999999999999"][..]),
        (
            "less_than_equal",
            &["9007199254740992", "18446744073709551615", "18446744073709551617", "9".repeat(99).as_str()],
        ),
    ] {
        for quantity in quantities {
            for spelled in [(*quantity).to_owned(), format!("\"{quantity}\"")] {
                assert_eq!(said(&mut poster, &spelled).await, (kind.to_owned(), range.to_owned()), "{spelled}");
            }
        }
    }
}

#[everywhere]
async fn a_quantity_that_is_no_integer_keeps_the_kind_of_its_flaw() {
    let mut poster = Poster::new().await;
    for (kind, quantities) in [
        ("int_from_float", &["1.5", "-1.5", "0.5"][..]),
        (
            "int_parsing",
            &[r#""""#, r#""-""#, r#""--1""#, r#""00""#, r#""-01""#, r#""+1""#, r#""1.5""#, r#""0.0""#, r#""x""#],
        ),
        ("int_type", &["true", "null", "[]"]),
    ] {
        for quantity in quantities {
            assert_eq!(said(&mut poster, quantity).await.0, kind, "{quantity}");
        }
    }
}

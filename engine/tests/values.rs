//! The small values: what each takes, what it refuses and why, and where time ends.

use tradepit_engine::{
    InvalidLabel, InvalidQuantity, InvalidSymbol, Label, Name, Number, OrderId, Origin, Quantity, Symbol, Time,
};

const LONGEST: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef";

#[test]
fn a_symbol_is_1_to_32_characters_of_the_contracts_set() {
    for text in [
        "A",
        "EURUSD",
        "0",
        "BRK.B",
        "BTC/USD",
        "a_b",
        "a-b",
        "GHIJKLMNOPQRSTUVWXYZ./_-",
        "ghijklmnopqrstuvwxyz0123456789",
        LONGEST,
    ] {
        assert_eq!(Symbol::new(text).map(|symbol| symbol.as_str().to_owned()), Ok(text.to_owned()));
    }
}

#[test]
fn a_symbol_of_any_other_character_is_refused() {
    let allowed = |c: char| matches!(c, 'A'..='Z' | 'a'..='z' | '0'..='9' | '.' | '_' | '/' | '-');
    for c in ('\0'..='\u{17f}').chain(['Ａ', '０', '😀', '\u{2028}']) {
        let told = Symbol::new(&format!("A{c}B")).map(|_| ());
        assert_eq!(told, if allowed(c) { Ok(()) } else { Err(InvalidSymbol::Character) }, "{c:?}");
    }
}

#[test]
fn a_symbol_of_no_character_or_of_more_than_32_is_refused() {
    #[rustfmt::skip]
    let table = [
        (String::new(),             InvalidSymbol::Empty),
        (format!("{LONGEST}g"),     InvalidSymbol::TooLong),
        ("A".repeat(255),           InvalidSymbol::TooLong),
        ("A".repeat(256 + 1),       InvalidSymbol::TooLong), // would fit if the length were cut to a byte
        (format!("{LONGEST} "),     InvalidSymbol::Character),
        (" ".to_owned(),            InvalidSymbol::Character),
    ];
    for (text, why) in table {
        assert_eq!(Symbol::new(&text), Err(why), "{text:?}");
    }
}

#[test]
fn symbols_are_equal_where_their_texts_are() {
    let symbol = |text| Symbol::new(text).expect("a symbol");
    assert_eq!(symbol("EURUSD"), symbol("EURUSD"));
    assert_ne!(symbol("EURUSD"), symbol("EURUS"));
    assert_ne!(symbol("EURUSD"), symbol("eurusd"));
    assert_eq!(format!("{:?}", symbol("BTC/USD")), "BTC/USD");
}

#[test]
fn a_quantity_is_1_to_the_greatest_integer_that_json_keeps_exact() {
    #[rustfmt::skip]
    let table = [
        (0,                         Err(InvalidQuantity::TooSmall)),
        (1,                         Ok(1)),
        (9_007_199_254_740_991,     Ok(9_007_199_254_740_991)),
        (9_007_199_254_740_992,     Err(InvalidQuantity::TooLarge)),
        (u64::MAX,                  Err(InvalidQuantity::TooLarge)),
    ];
    for (value, told) in table {
        assert_eq!(Quantity::new(value).map(Quantity::get), told, "{value}");
    }
}

#[test]
fn a_delay_ends_at_the_end_of_time_rather_than_overflow() {
    #[rustfmt::skip]
    let table = [
        (0,              0,         0),
        (5,              10,        15),
        (-5,             10,        5),
        (i64::MAX - 1,   1,         i64::MAX),
        (i64::MAX - 1,   2,         i64::MAX),
        (i64::MAX,       u64::MAX,  i64::MAX),
        (0,              u64::MAX,  i64::MAX),
        (-1,             1 << 63,   i64::MAX), // more than an i64 can count, yet in range
        (-2,             1 << 63,   i64::MAX - 1),
        (i64::MIN,       u64::MAX,  i64::MAX),
        (i64::MIN,       0,         i64::MIN),
    ];
    for (from, delay_us, to) in table {
        assert_eq!(Time(from).plus_us(delay_us), Time(to), "{from} + {delay_us}");
    }
}

#[test]
fn the_time_since_a_later_moment_is_none() {
    #[rustfmt::skip]
    let table = [
        (15,        5,              10),
        (5,         5,              0),
        (5,         15,             0),
        (5,         -5,             10),
        (i64::MIN,  i64::MAX,       0),
        (i64::MAX,  0,              i64::MAX as u64),
    ];
    for (at, earlier, us) in table {
        assert_eq!(Time(at).us_since(Time(earlier)), us, "{at} since {earlier}");
    }
}

#[test]
fn the_first_number_is_1_and_each_next_one_is_greater_by_1_invariant_4() {
    assert_eq!(Number::default(), Number(0));
    assert_eq!(Number(0).next(), Number(1));
    assert_eq!(Number(41).next(), Number(42));
}

#[test]
fn an_order_id_shows_as_its_32_hexadecimal_digits() {
    let id = OrderId([0x1d, 0x70, 0xae, 0xaa, 0x65, 0x8c, 0x47, 0x99, 0x81, 0x9f, 0x79, 0xc4, 0x36, 0xd2, 0xdd, 0x18]);
    assert_eq!(format!("{id:?}"), "1d70aeaa658c4799819f79c436d2dd18");
    assert_eq!(format!("{:?}", OrderId([0; 16])), "00000000000000000000000000000000");
}

#[test]
fn a_key_is_1_to_255_visible_ascii_characters() {
    let longest = "k".repeat(255);
    for text in ["k", "!", "~", "me/1", "8e03978e-40d5-43e8-bc93-6894a57f9324", "\"{'`\\", &longest] {
        assert_eq!(Label::new(text).map(|key| key.as_str().to_owned()), Ok(text.to_owned()));
    }
}

#[test]
fn a_key_of_any_other_character_is_refused() {
    for c in ('\0'..='\u{17f}').chain(['Ａ', '😀', '\u{2028}', '\u{feff}']) {
        let told = Label::new(&format!("a{c}b")).map(|_| ());
        assert_eq!(told, if matches!(c, '!'..='~') { Ok(()) } else { Err(InvalidLabel::Character) }, "{c:?}");
    }
}

#[test]
fn a_key_of_no_character_or_of_more_than_255_is_refused() {
    #[rustfmt::skip]
    let table = [
        (String::new(),                     InvalidLabel::Empty),
        ("k".repeat(256),                   InvalidLabel::TooLong),
        ("k".repeat(65_536 + 1),            InvalidLabel::TooLong), // would fit if the length were cut
        (format!("{} ", "k".repeat(255)),   InvalidLabel::Character),
        ("é".repeat(127),                   InvalidLabel::Character),
        (" ".to_owned(),                    InvalidLabel::Character),
    ];
    for (text, why) in table {
        assert_eq!(Label::new(&text), Err(why), "{text:?}");
    }
}

#[test]
fn an_origin_has_a_name_or_there_is_none() {
    let key = |text| Some(Label::new(text).expect("a key"));
    let names = |own, request| Origin::new(own, request).map(|origin| origin.names().collect::<Vec<_>>());
    let own = |text| Name::ClientOrderId(Label::new(text).expect("a key"));
    let request = |text| Name::IdempotencyKey(Label::new(text).expect("a key"));
    assert_eq!(names(None, None), None);
    assert_eq!(names(key("a"), None), Some(vec![own("a")]));
    assert_eq!(names(None, key("a")), Some(vec![request("a")]));
    assert_eq!(names(key("a"), key("a")), Some(vec![own("a"), request("a")]));
    assert_ne!(own("a"), request("a"));
}

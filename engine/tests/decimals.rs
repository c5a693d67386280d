//! Decimals: how they are read and written, what they are multiples of, at their limits too.

use tradepit_engine::{Decimal, InvalidDecimal, Money};
use tradepit_kit::Dice;

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_else(|why| panic!("{text:?}: {why:?}"))
}

#[test]
fn numbers_are_read_by_their_digits_and_written_without_zeros_at_the_end() {
    let cases = [
        ("0", "0"),
        ("-0", "0"),
        ("0.000", "0"),
        ("0e999999999999", "0"),
        ("1", "1"),
        ("-1.50", "-1.5"),
        ("1.0850", "1.085"),
        ("1200", "1200"),
        ("12e2", "1200"),
        ("1.2E+3", "1200"),
        ("1200e-2", "12"),
        ("1e-9", "0.000000001"),
        ("0.1e1", "1"),
        ("10000000000000000.1", "10000000000000000.1"),
        ("9007199254740993", "9007199254740993"),
        ("1e00000000000000000000000000000000002", "100"),
        ("0.000000000000000000000000000000000001", "0.000000000000000000000000000000000001"),
        ("999999999999999999999999999999999999", "999999999999999999999999999999999999"),
        ("1.00000000000000000000000000000000000000000000000000", "1"),
    ];
    for (text, written) in cases {
        assert_eq!(decimal(text).to_string(), written, "{text}");
    }
}

#[test]
fn what_is_no_number_or_too_long_says_so() {
    for text in
        ["", "-", "+1", "01", "-01", ".5", "5.", "1e", "1e+", "e5", "1.2.3", "1,5", " 1", "1 ", "0x10", "NaN", "½"]
    {
        assert_eq!(Decimal::parse(text), Err(InvalidDecimal::Spelling), "{text:?}");
    }
    let long = ["1e36", "1e-37", "1e99999999999999999999", "1e-99999999999999999999", "-1e36", "0.5e-36"];
    let longer = [
        "1234567890123456789012345678901234567",
        "1.234567890123456789012345678901234567",
        "123456789012345678.9012345678901234567",
    ];
    for text in long.iter().chain(&longer) {
        assert_eq!(Decimal::parse(text), Err(InvalidDecimal::TooLong), "{text:?}");
    }
}

#[test]
fn prices_are_written_with_the_decimals_of_their_tick() {
    let cases =
        [("1.085", 5, "1.08500"), ("7", 2, "7.00"), ("0", 3, "0.000"), ("-0.5", 2, "-0.50"), ("1.25", 1, "1.25")];
    for (text, decimals, written) in cases {
        assert_eq!(decimal(text).with_decimals(decimals).to_string(), written, "{text} with {decimals}");
    }
}

#[test]
fn a_number_is_so_many_steps_or_none() {
    let cases = [
        ("1.0850", "0.00001", Some(108_500)),
        ("1.085005", "0.00001", None),
        ("101.25", "0.25", Some(405)),
        ("101.3", "0.25", None),
        ("0", "0.25", Some(0)),
        ("-3", "1.5", Some(-2)),
        ("5", "0", None),
        ("999999999999999999999999999999999999", "0.000000001", None),
    ];
    for (number, step, steps) in cases {
        assert_eq!(decimal(number).steps(decimal(step)), steps, "{number} in steps of {step}");
    }
    assert_eq!(decimal("0.25").times(405), Some(decimal("101.25")));
    assert_eq!(decimal("0.25").times(i128::MAX), None);
}

#[test]
fn money_is_exact_to_its_twelfth_decimal() {
    let cases = [("100000", "100000"), ("0.000000000001", "0.000000000001"), ("-2.50", "-2.5"), ("0", "0")];
    for (text, written) in cases {
        assert_eq!(Money::of(decimal(text)).expect("money").to_string(), written, "{text}");
    }
    assert_eq!(Money::of(decimal("0.0000000000001")), None);
    assert_eq!(Money::of(decimal("1e30")), None);
    assert_eq!(Money(i128::MIN).to_string(), "-170141183460469231731687303.715884105728");
}

#[test]
fn the_ceiling_is_the_least_whole_number_that_is_not_less() {
    let cases = [("0", 0), ("2", 2), ("1e-9", 1), ("1.5", 2), ("-1.5", -1), ("-2", -2), ("1e35", 10_i128.pow(35))];
    for (text, whole) in cases {
        assert_eq!(decimal(text).ceiling(), whole, "{text}");
    }
}

#[test]
fn what_is_written_is_read_as_the_same_number_and_steps_lead_there() {
    let mut dice = Dice::seeded(3);
    for _ in 0..50_000 {
        let size = (u128::from(dice.number()) << 64 | u128::from(dice.number())) >> (8 + dice.below(119_u32));
        let units = size.cast_signed() * dice.of(&[1, -1]);
        let Some(number) = Decimal::new(units, dice.below(37_u32)) else { continue };
        assert_eq!(Decimal::parse(&number.to_string()), Ok(number));
        assert_eq!(Decimal::parse(&number.with_decimals(dice.below(60_u32)).to_string()), Ok(number));
        let step = Decimal::new(1 + i128::from(dice.below(500_u64)), dice.below(12_u32)).expect("short");
        if let Some(multiple) = step.times(units >> 60) {
            assert_eq!(multiple.steps(step), Some(units >> 60));
        }
        assert!(number.steps(step).is_none_or(|steps| step.times(steps) == Some(number)));
    }
}

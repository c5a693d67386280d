//! Instruments: what can be listed, and what a price and a quantity come to.

use tradepit_engine::{Decimal, Instrument, InvalidListing, Listing, Money, Quantity, Symbol, built_in};
use tradepit_kit::symbol;

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).expect("a number")
}

fn share() -> Listing {
    Listing::of_unknown(symbol("ACME"))
}

fn wrong(listing: Listing) -> Vec<InvalidListing> {
    Instrument::new(listing).expect_err("something is wrong with it")
}

#[test]
fn what_is_built_in_can_be_listed_and_is_known_once() {
    let mut known: Vec<Symbol> = Vec::new();
    for listing in built_in() {
        let instrument = Instrument::new(listing).expect("it can be listed");
        assert!(!known.contains(&listing.symbol), "{:?} twice", listing.symbol);
        known.push(listing.symbol);
        // The greatest native order at the highest price is money.
        let most = instrument.whole_lots(Quantity::new(Quantity::MAX).expect("a quantity"));
        let highest = instrument.lot_price(instrument.reference_ticks() * Instrument::HIGHEST);
        assert!(highest.0.checked_mul(most.cast_signed()).is_some(), "{:?}", listing.symbol);
        assert!(instrument.quantity(most).is_some());
    }
    assert_eq!(known.len(), 30);
}

#[test]
fn a_listing_says_all_that_is_wrong_with_it() {
    use InvalidListing::*;
    let cases: [(Listing, &[InvalidListing]); 14] = [
        (Listing { tick: decimal("0"), ..share() }, &[Tick, ReferencePrice]),
        (Listing { tick: decimal("-0.01"), ..share() }, &[Tick, ReferencePrice]),
        (Listing { lot: decimal("2"), ..share() }, &[Lot]),
        (Listing { lot: decimal("0.3"), ..share() }, &[Lot]),
        (Listing { lot: decimal("0"), ..share() }, &[Lot]),
        (Listing { lot: decimal("0.00000000001"), ..share() }, &[Steps]),
        (Listing { reference_price: decimal("100.001"), ..share() }, &[ReferencePrice]),
        (Listing { reference_price: decimal("0"), ..share() }, &[ReferencePrice]),
        (Listing { reference_price: decimal("1e15"), ..share() }, &[ReferencePrice]),
        (Listing { min_quantity: Some(decimal("0.5")), ..share() }, &[MinQuantity]),
        (Listing { max_quantity: Some(decimal("0")), ..share() }, &[MaxQuantity]),
        (Listing { max_quantity: Some(decimal("1e19")), ..share() }, &[MaxQuantity]),
        (Listing { min_quantity: Some(decimal("5")), max_quantity: Some(decimal("4")), ..share() }, &[MaxQuantity]),
        (Listing { taker_fee: decimal("1.1"), maker_fee: decimal("-0.1"), ..share() }, &[Fee]),
    ];
    for (listing, expected) in cases {
        assert_eq!(wrong(listing), expected, "{listing:?}");
    }
    let all = Listing { tick: decimal("0"), lot: decimal("2"), taker_fee: decimal("2"), ..share() };
    assert_eq!(wrong(all), [Tick, Lot, ReferencePrice, Fee]);
}

#[test]
fn prices_and_quantities_are_counted_in_steps() {
    let eurusd = built_in().find(|listing| listing.symbol == symbol("EURUSD")).expect("it is built in");
    let eurusd = Instrument::new(eurusd).expect("it can be listed");
    assert_eq!(eurusd.ticks(decimal("1.0850")), Some(108_500));
    for outside in ["0", "-1", "1.085005", "108.50001"] {
        assert_eq!(eurusd.ticks(decimal(outside)), None, "{outside}");
    }
    assert_eq!(eurusd.ticks(decimal("108.5")), Some(10_850_000));
    assert_eq!(eurusd.price(108_500).with_decimals(5).to_string(), "1.08500");
    assert_eq!(eurusd.lot_price(108_500), Money::of(decimal("1.085")).expect("money"));

    let quarter = Listing { tick: decimal("0.25"), lot: decimal("0.5"), ..share() };
    let quarter = Instrument::new(quarter).expect("it can be listed");
    assert_eq!(quarter.whole_lots(Quantity::new(3).expect("a quantity")), 6);
    assert_eq!((quarter.rounded_up(6), quarter.rounded_up(7)), (3, 4));
    assert_eq!(quarter.quantity(7), Some(decimal("3.5")));
    assert_eq!(quarter.lot_price(3), Money::of(decimal("0.375")).expect("money"));
    assert_eq!(quarter.limits(), (1, 2_000_000_000));
}

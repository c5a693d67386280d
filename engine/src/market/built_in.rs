//! The instruments that every venue lists at first.

use super::instrument::{Class, Listing};
use crate::values::{Decimal, Symbol};

/// Symbol, reference price, decimals of the tick.
type Row = (&'static str, &'static str, u32);

const FOREX: [Row; 10] = [
    ("EURUSD", "1.085", 5),
    ("GBPUSD", "1.27", 5),
    ("USDJPY", "150", 3),
    ("AUDUSD", "0.66", 5),
    ("USDCAD", "1.36", 5),
    ("USDCHF", "0.88", 5),
    ("NZDUSD", "0.61", 5),
    ("EURGBP", "0.855", 5),
    ("EURJPY", "162.5", 3),
    ("GBPJPY", "190", 3),
];

const EQUITIES: [Row; 12] = [
    ("AAPL", "230", 2),
    ("AMZN", "200", 2),
    ("BRK.B", "450", 2),
    ("GOOGL", "180", 2),
    ("JPM", "220", 2),
    ("META", "560", 2),
    ("MSFT", "420", 2),
    ("NVDA", "130", 2),
    ("QQQ", "490", 2),
    ("SPY", "580", 2),
    ("TSLA", "250", 2),
    ("V", "290", 2),
];

const CRYPTO: [Row; 8] = [
    ("BTC/USD", "65000", 2),
    ("ETH/USD", "3000", 2),
    ("SOL/USD", "150", 3),
    ("LTC/USD", "80", 3),
    ("LINK/USD", "15", 3),
    ("AVAX/USD", "30", 3),
    ("XRP/USD", "0.6", 4),
    ("DOGE/USD", "0.12", 4),
];

/// All of them, by class.
pub fn built_in() -> impl Iterator<Item = Listing> {
    let forex = FOREX.iter().map(|row| {
        let (base, quote) = row.0.split_at(3);
        listed(row, Class::Forex, base, quote, 0)
    });
    let equities = EQUITIES.iter().map(|row| listed(row, Class::Equity, row.0, "USD", 9));
    let crypto = CRYPTO.iter().map(|row| {
        let (base, quote) = row.0.split_once('/').expect("a pair has two sides");
        listed(row, Class::Crypto, base, quote, 8)
    });
    forex.chain(equities).chain(crypto)
}

fn listed(&(symbol, price, tick): &Row, class: Class, base: &str, quote: &str, lot: u32) -> Listing {
    let symbol_of = |text| Symbol::new(text).expect("it is a symbol");
    let step = |decimals| Decimal::new(1, decimals).expect("it is short");
    Listing {
        class,
        base: symbol_of(base),
        quote: symbol_of(quote),
        tick: step(tick),
        lot: step(lot),
        reference_price: Decimal::parse(price).expect("it is a number"),
        ..Listing::of_unknown(symbol_of(symbol))
    }
}

//! Three instruments, as they are listed by default.

use tradepit_engine::{Class, Decimal, Instrument, Listing, Symbol};
use tradepit_market::{Market, Preset};

pub(crate) const SYMBOLS: [&str; 3] = ["EURUSD", "AAPL", "BTC/USD"];

/// A step in November 2026.
pub(crate) const NOW: u64 = 17_957_000_000;

pub(crate) fn markets(seed: u64, preset: Preset) -> [Market; 3] {
    let number = |text: &str| Decimal::parse(text).expect("a number");
    let of = |symbol: &str, class, tick: &str, lot: &str, reference: &str| {
        let symbol = Symbol::new(symbol).expect("a symbol");
        let (tick, lot, reference_price) = (number(tick), number(lot), number(reference));
        let listing = Listing { class, tick, lot, reference_price, ..Listing::of_unknown(symbol) };
        Market::of(seed, preset, &Instrument::new(listing).expect("it can be listed"))
    };
    let [euro, apple, bitcoin] = SYMBOLS;
    [
        of(euro, Class::Forex, "0.00001", "1", "1.08500"),
        of(apple, Class::Equity, "0.01", "0.000000001", "190.00"),
        of(bitcoin, Class::Crypto, "0.01", "0.00000001", "60000.00"),
    ]
}

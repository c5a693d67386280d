//! What a mix trades: an instrument's steps and its touch, as the server tells them once before the run.
//!
//! Owns prices as whole numbers of ticks, quantities as whole numbers of their last decimal, and how both are written.
//! Read from `GET /instruments/{symbol}` and `GET /quotes/{symbol}`.

use hyper::{StatusCode, Uri};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::chance::Chance;
use super::decimal::{Decimal, write, write_short};
use super::post::Poster;

/// No order is for more than so many times the least quantity.
const QUANTITIES: u64 = 100;

/// No price of the contract is above so many times the reference.
const HIGHEST: u64 = 100;

/// Why there is nothing to trade.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfit {
    #[error("GET {0} was not answered: {1}")]
    Unanswered(String, &'static str),
    #[error("GET {0} was answered with {1}")]
    Refused(String, u16),
    #[error("the reply to GET {0} is not as the contract says")]
    Unread(String),
}

/// An instrument and where it stood at the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instrument {
    symbol: String,
    /// In units of 10^−`price_decimals`.
    tick: u128,
    price_decimals: u32,
    /// The least quantity, in units of 10^−`quantity_decimals`.
    least: u128,
    quantity_decimals: u32,
    /// How many times the least quantity an order is for, at most.
    most: u64,
    /// In ticks.
    pub(super) bid: u64,
    pub(super) ask: u64,
    pub(super) highest: u64,
}

#[derive(Deserialize)]
struct Listing {
    tick: String,
    lot: String,
    min_quantity: String,
    max_quantity: String,
    reference_price: String,
}

#[derive(Deserialize)]
struct Quote {
    bid: Option<String>,
    ask: Option<String>,
}

impl Instrument {
    /// Asks the server about `symbol`.
    pub(super) async fn fetch(poster: &mut Poster, symbol: &str) -> Result<Self, Unfit> {
        let (listing, quote) = (format!("/instruments/{symbol}"), format!("/quotes/{symbol}"));
        let told: Listing = read(poster, &listing).await?;
        let quoted: Quote = read(poster, &quote).await?;
        Self::new(symbol, &told, &quoted).ok_or(Unfit::Unread(listing))
    }

    fn new(symbol: &str, listing: &Listing, quote: &Quote) -> Option<Self> {
        let decimal = |text: &str| text.parse::<Decimal>().ok();
        let (tick, lot) = (decimal(&listing.tick)?, decimal(&listing.lot)?);
        let (price_decimals, least) = (tick.decimals(), decimal(&listing.min_quantity)?);
        let quantity_decimals = lot.decimals().max(least.decimals());
        let tick = tick.in_units(price_decimals)?;
        let least = least.in_units(quantity_decimals)?;
        let most = decimal(&listing.max_quantity)?.in_units(quantity_decimals)?.checked_div(least)?;
        let ticks = |text: &str| {
            let units = decimal(text)?.in_units(price_decimals)?;
            u64::try_from(units.checked_div(tick)?).ok()
        };
        let reference = ticks(&listing.reference_price)?;
        // Where a side is empty, what rests beside the other one is the touch.
        let (bid, ask) = match (&quote.bid, &quote.ask) {
            (Some(bid), Some(ask)) => (ticks(bid)?, ticks(ask)?),
            (Some(bid), None) => (ticks(bid)?, ticks(bid)?.checked_add(1)?),
            (None, Some(ask)) => (ticks(ask)?.saturating_sub(1), ticks(ask)?),
            (None, None) => (reference.saturating_sub(1), reference.checked_add(1)?),
        };
        Some(Self {
            symbol: symbol.to_owned(),
            tick,
            price_decimals,
            least,
            quantity_decimals,
            most: u64::try_from(most).unwrap_or(u64::MAX).clamp(1, QUANTITIES),
            bid,
            ask,
            highest: reference.checked_mul(HIGHEST)?,
        })
    }

    pub(super) fn symbol(&self) -> &str {
        &self.symbol
    }

    /// So many ticks, as a price is written.
    pub(super) fn price(&self, ticks: u64) -> String {
        write(u128::from(ticks) * self.tick, self.price_decimals)
    }

    /// A quantity, as it is written.
    pub(super) fn quantity(&self, units: u128) -> String {
        write_short(units, self.quantity_decimals)
    }

    /// A quantity that the server wrote.
    pub(super) fn read_quantity(&self, text: &str) -> Option<u128> {
        text.parse::<Decimal>().ok()?.in_units(self.quantity_decimals)
    }

    /// Some quantity that an order may be for.
    pub(super) fn draw_quantity(&self, chance: &mut Chance) -> u128 {
        u128::from(chance.below(self.most) + 1) * self.least
    }

    #[cfg(test)]
    pub(super) fn example() -> Self {
        let listing = |tick: &str, reference: &str| Listing {
            tick: tick.to_owned(),
            lot: "1".to_owned(),
            min_quantity: "1".to_owned(),
            max_quantity: "1000000000".to_owned(),
            reference_price: reference.to_owned(),
        };
        let quote = Quote { bid: Some("1.08499".to_owned()), ask: Some("1.08501".to_owned()) };
        Self::new("EURUSD", &listing("0.00001", "1.08500"), &quote).unwrap()
    }
}

async fn read<T: DeserializeOwned>(poster: &mut Poster, path: &str) -> Result<T, Unfit> {
    let uri: Uri = path.parse().map_err(|_| Unfit::Unread(path.to_owned()))?;
    let reply = poster.get(uri).await.map_err(|broken| Unfit::Unanswered(path.to_owned(), broken))?;
    if reply.status != StatusCode::OK {
        return Err(Unfit::Refused(path.to_owned(), reply.status.as_u16()));
    }
    serde_json::from_slice(&reply.body).map_err(|_| Unfit::Unread(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instrument(
        tick: &str,
        lot: &str,
        limits: [&str; 2],
        bid: Option<&str>,
        ask: Option<&str>,
    ) -> Option<Instrument> {
        let listing = Listing {
            tick: tick.to_owned(),
            lot: lot.to_owned(),
            min_quantity: limits[0].to_owned(),
            max_quantity: limits[1].to_owned(),
            reference_price: "65000.00".to_owned(),
        };
        let quote = Quote { bid: bid.map(str::to_owned), ask: ask.map(str::to_owned) };
        Instrument::new("BTC/USD", &listing, &quote)
    }

    #[test]
    fn prices_are_ticks_and_written_with_the_decimals_of_the_tick() {
        let forex = Instrument::example();
        assert_eq!((forex.bid, forex.ask, forex.highest), (108_499, 108_501, 10_850_000));
        assert_eq!((forex.price(108_500), forex.price(1)), ("1.08500".to_owned(), "0.00001".to_owned()));
        let coarse = instrument("0.25", "1", ["1", "10"], Some("64999.75"), Some("65000.25")).unwrap();
        assert_eq!((coarse.bid, coarse.price(coarse.bid + 1)), (259_999, "65000.00".to_owned()));
    }

    #[test]
    fn quantities_are_within_the_limits_and_exact() {
        let crypto = instrument("0.01", "0.00000001", ["0.00000010", "0.0000005"], None, None).unwrap();
        let mut chance = Chance::seeded(1);
        let drawn: std::collections::BTreeSet<_> =
            (0..100).map(|_| crypto.quantity(crypto.draw_quantity(&mut chance))).collect();
        let all = ["0.0000001", "0.0000002", "0.0000003", "0.0000004", "0.0000005"];
        assert_eq!(drawn, all.map(str::to_owned).into());
        assert_eq!(crypto.read_quantity("0.00000012"), Some(12));
        assert_eq!(crypto.read_quantity("0.000000001"), None);
    }

    #[test]
    fn an_empty_side_is_beside_the_other_one_or_the_reference() {
        let touch = |bid, ask| {
            let instrument = instrument("0.01", "1", ["1", "10"], bid, ask).unwrap();
            (instrument.price(instrument.bid), instrument.price(instrument.ask))
        };
        let both = |bid: &str, ask: &str| (bid.to_owned(), ask.to_owned());
        assert_eq!(touch(None, None), both("64999.99", "65000.01"));
        assert_eq!(touch(Some("70000.00"), None), both("70000.00", "70000.01"));
        assert_eq!(touch(None, Some("60000.00")), both("59999.99", "60000.00"));
    }

    #[test]
    fn what_makes_no_sense_is_refused_and_does_not_panic() {
        assert_eq!(instrument("0.00", "1", ["1", "10"], None, None), None);
        assert_eq!(instrument("0.01", "1", ["0", "10"], None, None), None);
        assert_eq!(instrument("0.01", "one", ["1", "10"], None, None), None);
        assert_eq!(instrument("0.01", "1", ["1", "10"], Some("-1"), None), None);
    }
}

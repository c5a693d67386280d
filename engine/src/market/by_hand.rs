//! A quote that was set by hand: it stands in place of the house's own until it is taken back.

use super::book::Side;
use super::house::{House, Offer};
use super::instrument::Instrument;
use crate::values::{Decimal, Step, Symbol};

/// What a client asks the house to quote in an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedQuote {
    /// The price at which it buys.
    pub bid: Decimal,
    /// The price at which it sells.
    pub ask: Decimal,
    /// How much it buys; the greatest quantity of an order where nothing is said.
    pub bid_size: Option<Decimal>,
    /// How much it sells; the same.
    pub ask_size: Option<Decimal>,
}

/// What an instrument does not allow of such a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuoteFault {
    /// The price of a side is no multiple of the tick.
    PriceTick(Side),
    /// The price of a side is less than a tick, or more than the highest price.
    PriceRange(Side),
    /// The size of a side is no multiple of the lot.
    SizeLot(Side),
    /// The size of a side is less than a lot, or more than the greatest quantity of an order.
    SizeRange(Side),
    /// The bid is not below the ask.
    Crossed,
}

/// The house's one price on each side, and what is left there: what is taken from it is gone until the next quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandQuote {
    /// What it buys.
    pub bid: Offer,
    /// What it sells.
    pub ask: Offer,
}

/// What the house quotes in an instrument from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// In which.
    pub symbol: Symbol,
    /// What its prices are multiples of.
    pub tick: Step,
    /// What its quantities are multiples of.
    pub lot: Step,
    /// What was set by hand; `None` where that was taken back.
    pub quote: Option<HandQuote>,
}

impl HandQuote {
    /// What the house offers on a side.
    #[must_use]
    pub fn offer(&self, side: Side) -> Offer {
        match side {
            Side::Buy => self.bid,
            Side::Sell => self.ask,
        }
    }

    /// So much was taken of a side; of more than was offered, what was offered.
    pub(crate) fn take(&mut self, side: Side, lots: u128) {
        let offer = match side {
            Side::Buy => &mut self.bid,
            Side::Sell => &mut self.ask,
        };
        offer.lots = offer.lots.saturating_sub(u64::try_from(lots).unwrap_or(u64::MAX));
    }
}

impl From<HandQuote> for House {
    fn from(quote: HandQuote) -> House {
        House::offering(vec![quote.bid], vec![quote.ask])
    }
}

impl Instrument {
    /// What a client asks for, in ticks and lots.
    ///
    /// # Errors
    /// All that the instrument does not allow.
    pub fn quote(&self, asked: &AskedQuote) -> Result<HandQuote, Vec<QuoteFault>> {
        let AskedQuote { bid, ask, bid_size, ask_size } = *asked;
        let mut faults = Vec::new();
        let (bid, ask) =
            (self.offer(Side::Buy, bid, bid_size, &mut faults), self.offer(Side::Sell, ask, ask_size, &mut faults));
        if faults.is_empty() && bid.ticks >= ask.ticks {
            faults.push(QuoteFault::Crossed);
        }
        if faults.is_empty() { Ok(HandQuote { bid, ask }) } else { Err(faults) }
    }

    fn offer(&self, side: Side, price: Decimal, size: Option<Decimal>, faults: &mut Vec<QuoteFault>) -> Offer {
        let (_, most) = self.limits();
        let ticks = self.ticks(price).unwrap_or_else(|| {
            let is_step = price.steps(self.tick().size()).is_some();
            faults.push(if is_step { QuoteFault::PriceRange(side) } else { QuoteFault::PriceTick(side) });
            0
        });
        let lots = size.map_or(Ok(most), |size| {
            let lots = size.steps(self.lot().size()).ok_or(QuoteFault::SizeLot(side))?;
            let lots = u64::try_from(lots).ok().filter(|lots| (1..=most).contains(lots));
            lots.ok_or(QuoteFault::SizeRange(side))
        });
        let lots = lots.unwrap_or_else(|fault| {
            faults.push(fault);
            0
        });
        Offer { ticks, lots }
    }
}

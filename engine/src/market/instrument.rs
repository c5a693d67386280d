//! What can be traded: its steps of price and size, its limits, and what a price and a size come to in money.

use super::hours::Hours;
use crate::values::{Decimal, Money, Quantity, Step, Symbol, Time};

/// What kind of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A share.
    Equity,
    /// One currency in another.
    Forex,
    /// A crypto currency in another currency.
    Crypto,
}

/// Whether it trades, beside its hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trading {
    /// It does.
    Open,
    /// It does not for a while: orders are taken, and wait.
    Halted,
    /// It does not, and no order is taken.
    Closed,
}

/// What is said of an instrument when it is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// By what it is known.
    pub symbol: Symbol,
    /// What kind of thing it is.
    pub class: Class,
    /// The code of what is bought and sold.
    pub base: Symbol,
    /// The code of the currency in which it is paid.
    pub quote: Symbol,
    /// Prices are multiples of this.
    pub tick: Decimal,
    /// Quantities are multiples of this.
    pub lot: Decimal,
    /// The least quantity of an order; a lot where nothing is said.
    pub min_quantity: Option<Decimal>,
    /// The greatest; [`Listing::MOST`], or as much as can be counted, where nothing is said.
    pub max_quantity: Option<Decimal>,
    /// Where its price begins.
    pub reference_price: Decimal,
    /// The part of a trade's worth that the maker pays.
    pub maker_fee: Decimal,
    /// The part that the taker pays.
    pub taker_fee: Decimal,
    /// Whether an account may sell what it does not have.
    pub short: bool,
    /// When it trades.
    pub hours: Hours,
}

/// What an instrument is from now on, of what may change: all that happened before follows from the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstrumentChanged {
    /// Which one.
    pub symbol: Symbol,
    /// Whether it trades, beside its hours.
    pub status: Trading,
    /// The part of a trade's worth that the maker pays.
    pub maker_fee: Decimal,
    /// The part that the taker pays.
    pub taker_fee: Decimal,
    /// Whether an account may sell what it does not have.
    pub short: bool,
}

/// What of it shall be otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InstrumentChange {
    /// Whether it trades, beside its hours.
    pub status: Option<Trading>,
    /// The part of a trade's worth that the maker pays.
    pub maker_fee: Option<Decimal>,
    /// The part that the taker pays.
    pub taker_fee: Option<Decimal>,
    /// Whether an account may sell what it does not have.
    pub short: Option<bool>,
}

/// What a listing has wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidListing {
    /// The tick is not greater than zero, or has more than some nine digits.
    Tick,
    /// The lot is not greater than zero, has more than some nine digits, or 1 is not a multiple of it.
    Lot,
    /// Tick and lot have more than [`Money::DECIMALS`] decimals together.
    Steps,
    /// The reference price is no multiple of the tick, is not greater than zero, or a hundred times it is too large.
    ReferencePrice,
    /// The least quantity is no multiple of the lot, or not greater than zero.
    MinQuantity,
    /// The greatest quantity is no multiple of the lot, less than the least, or too large.
    MaxQuantity,
    /// A fee is below zero, above 1, or has more than [`Money::DECIMALS`] decimals.
    Fee,
}

impl Listing {
    /// The greatest quantity where nothing is said.
    pub const MOST: u64 = 1_000_000_000;

    /// The code of what is bought and sold, where nothing is said: what stands before a slash, or before the currency
    /// in which a pair is paid; else the symbol.
    #[must_use]
    pub fn base_of(class: Class, symbol: Symbol, quote: Symbol) -> Symbol {
        let (text, is_pair) = (symbol.as_str(), class != Class::Equity);
        let before_quote = || text.strip_suffix(quote.as_str()).filter(|_| is_pair);
        let base = text.split_once('/').map(|(base, _)| base).or_else(before_quote);
        base.and_then(|base| Symbol::new(base).ok()).unwrap_or(symbol)
    }

    /// What is listed for a symbol that nobody knows: a share at 100.00 dollars, whole ones only.
    #[must_use]
    pub fn of_unknown(symbol: Symbol) -> Listing {
        let number = |units, decimals| Decimal::new(units, decimals).expect("it is short");
        Listing {
            symbol,
            class: Class::Equity,
            base: symbol,
            quote: Symbol::new("USD").expect("it is a symbol"),
            tick: number(1, 2),
            lot: number(1, 0),
            min_quantity: None,
            max_quantity: None,
            reference_price: number(100, 0),
            maker_fee: Decimal::ZERO,
            taker_fee: Decimal::ZERO,
            short: true,
            hours: Hours::Always,
        }
    }
}

/// An instrument: what was listed, and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    listing: Listing,
    tick: Step,
    lot: Step,
    /// Whether it trades.
    pub status: Trading,
    reference_ticks: u64,
    highest_ticks: u64,
    /// The least and the greatest quantity of an order, in lots.
    limits: (u64, u64),
    lots_in_one: u64,
    /// What a lot at a price of one tick comes to.
    step: Money,
    /// What a lot at the highest price comes to, with fees: a fee is at most as much again.
    highest_lot: Money,
}

impl Instrument {
    /// The highest price is so many times the reference price.
    pub const HIGHEST: u64 = 100;

    /// Lists an instrument.
    ///
    /// # Errors
    /// All that is wrong with the listing.
    pub fn new(listing: Listing) -> Result<Instrument, Vec<InvalidListing>> {
        let Listing { tick, lot, .. } = listing;
        let one = Decimal::new(1, 0).expect("it is short");
        let positive =
            |steps: Option<i128>| steps.and_then(|steps| u64::try_from(steps).ok()).filter(|&steps| steps > 0);
        let mut wrong = Vec::new();
        let mut or_wrong = |found: Option<u64>, why| {
            if found.is_none() {
                wrong.push(why);
            }
            found.unwrap_or(1)
        };
        let steps = (Step::new(tick), Step::new(lot));
        or_wrong(steps.0.map(|_| 1), InvalidListing::Tick);
        let lots_in_one = or_wrong(steps.1.and_then(|_| positive(one.steps(lot))), InvalidListing::Lot);
        let step = worth_of_a_step(tick, lot);
        or_wrong(step.map(|_| 1), InvalidListing::Steps);
        let reference = positive(listing.reference_price.steps(tick));
        let highest =
            |ticks: &u64| ticks.checked_mul(Instrument::HIGHEST).is_some_and(|most| i64::try_from(most).is_ok());
        let reference_ticks = or_wrong(reference.filter(highest), InvalidListing::ReferencePrice);
        let min_lots = match listing.min_quantity {
            Some(quantity) => or_wrong(positive(quantity.steps(lot)), InvalidListing::MinQuantity),
            None => 1,
        };
        let max_lots = match listing.max_quantity {
            Some(quantity) => {
                let most =
                    positive(quantity.steps(lot)).filter(|&most| most >= min_lots && i64::try_from(most).is_ok());
                or_wrong(most, InvalidListing::MaxQuantity)
            }
            None => Listing::MOST.checked_mul(lots_in_one).map_or(i64::MAX as u64, |most| most.min(i64::MAX as u64)),
        };
        let are_fees = [listing.maker_fee, listing.taker_fee].into_iter().all(Instrument::is_fee);
        or_wrong(are_fees.then_some(1), InvalidListing::Fee);
        match (step, steps) {
            (Some(step), (Some(tick), Some(lot))) if wrong.is_empty() => {
                let highest_ticks = reference_ticks * Instrument::HIGHEST;
                let highest_lot = step.times(2 * u128::from(highest_ticks)).unwrap_or(Money(i128::MAX));
                Ok(Instrument {
                    listing,
                    tick,
                    lot,
                    status: Trading::Open,
                    reference_ticks,
                    highest_ticks,
                    limits: (min_lots, max_lots),
                    lots_in_one,
                    step,
                    highest_lot,
                })
            }
            _ => Err(wrong),
        }
    }

    /// Whether this can be the part of a trade's worth that somebody pays.
    #[must_use]
    pub fn is_fee(fee: Decimal) -> bool {
        fee.units(Money::DECIMALS).is_some_and(|part| (0..=10_i128.pow(Money::DECIMALS)).contains(&part))
    }

    /// What was listed, as it is now.
    #[must_use]
    pub fn listing(&self) -> &Listing {
        &self.listing
    }

    /// Whether it trades at this time.
    #[must_use]
    pub fn trades(&self, at: Time) -> bool {
        self.status == Trading::Open && self.listing.hours.is_open(at)
    }

    /// The first moment from this one on at which it trades; `None` where that is somebody's to say.
    pub(crate) fn trades_from(&self, at: Time) -> Option<Time> {
        (self.status == Trading::Open).then(|| self.listing.hours.opens_by(at))
    }

    /// What it would be from now on.
    #[must_use]
    pub fn changed_by(&self, change: &InstrumentChange) -> InstrumentChanged {
        let Listing { symbol, maker_fee, taker_fee, short, .. } = self.listing;
        InstrumentChanged {
            symbol,
            status: change.status.unwrap_or(self.status),
            maker_fee: change.maker_fee.unwrap_or(maker_fee),
            taker_fee: change.taker_fee.unwrap_or(taker_fee),
            short: change.short.unwrap_or(short),
        }
    }

    /// It is this from now on. No fee is more than what the highest worth of a lot has room for.
    pub(crate) fn change(&mut self, changed: &InstrumentChanged) {
        let InstrumentChanged { symbol: _, status, maker_fee, taker_fee, short } = *changed;
        self.status = status;
        (self.listing.maker_fee, self.listing.taker_fee, self.listing.short) = (maker_fee, taker_fee, short);
    }

    /// What its prices are multiples of.
    #[must_use]
    pub fn tick(&self) -> Step {
        self.tick
    }

    /// What its quantities are multiples of.
    #[must_use]
    pub fn lot(&self) -> Step {
        self.lot
    }

    /// The reference price in ticks.
    #[must_use]
    pub fn reference_ticks(&self) -> u64 {
        self.reference_ticks
    }

    /// The least and the greatest quantity of an order, in lots. They do not bind native orders.
    #[must_use]
    pub fn limits(&self) -> (u64, u64) {
        self.limits
    }

    /// A price in ticks; `None` where it is no multiple of the tick, or not between one tick and the highest price.
    #[must_use]
    #[inline]
    pub fn ticks(&self, price: Decimal) -> Option<u64> {
        let ticks = self.tick.count_64(price)?;
        (1..=self.highest_ticks).contains(&ticks).then_some(ticks)
    }

    /// A price of so many ticks.
    #[must_use]
    pub fn price(&self, ticks: u64) -> Decimal {
        self.listing.tick.times(i128::from(ticks)).expect("prices have few digits")
    }

    /// How many lots a whole one is.
    pub(crate) fn lots_in_one(&self) -> u64 {
        self.lots_in_one
    }

    /// A whole quantity in lots.
    #[must_use]
    pub fn whole_lots(&self, quantity: Quantity) -> u128 {
        u128::from(quantity.get()) * u128::from(self.lots_in_one)
    }

    /// A quantity of so many lots; `None` where it has too many digits to be written.
    #[must_use]
    pub fn quantity(&self, lots: u128) -> Option<Decimal> {
        self.listing.lot.times(i128::try_from(lots).ok()?)
    }

    /// The least whole quantity that is not less than so many lots.
    #[must_use]
    pub fn rounded_up(&self, lots: u128) -> u128 {
        lots.div_ceil(u128::from(self.lots_in_one))
    }

    /// The part of a trade's worth that its taker, or its maker, pays: rounded half to even.
    #[must_use]
    pub fn fee(&self, worth: Money, is_maker: bool) -> Money {
        let rate = if is_maker { self.listing.maker_fee } else { self.listing.taker_fee };
        if rate == Decimal::ZERO {
            return Money::ZERO;
        }
        match rate.units(Money::DECIMALS).and_then(|part| u128::try_from(part).ok()) {
            None => Money::ZERO,
            Some(part) => worth.share(part, 10_u128.pow(Money::DECIMALS)).unwrap_or(Money::ZERO),
        }
    }

    /// What so many lots come to at the highest price, with fees; `None` where that is beyond all that is counted.
    pub(crate) fn highest_worth(&self, lots: u128) -> Option<Money> {
        self.highest_lot.times(lots)
    }

    /// What one lot at a price of so many ticks comes to.
    #[must_use]
    pub fn lot_price(&self, ticks: u64) -> Money {
        Money(self.step.0 * i128::from(ticks))
    }
}

/// What a lot at a price of one tick comes to; `None` where money has not the decimals for it.
pub(crate) fn worth_of_a_step(tick: Decimal, lot: Decimal) -> Option<Money> {
    let rest = Money::DECIMALS.checked_sub(tick.decimals() + lot.decimals())?;
    let (ticks, lots) = (tick.units(tick.decimals())?, lot.units(lot.decimals())?);
    ticks.checked_mul(lots)?.checked_mul(10_i128.pow(rest)).map(Money)
}

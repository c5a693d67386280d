//! What the twin's house quotes, what was taken of it, and which resting orders a new quote meets.

use std::rc::Rc;

use tradepit_engine::{
    AskedQuote, Body, Decimal, Ending, HandQuote, Offer, QuoteFault, Quoted, Quoting, Rejection, Side, Symbol, Then,
};

use super::Naive;
use super::terms::limit;
use super::trading::TRADES_AT_MOST;
use crate::accounts::HOUSE;
use crate::market::{Market, is_better};

/// A tenth of a second: what was taken is back with the next one.
const STEP: i64 = 100_000;

/// So many lots were taken from what the house quoted at a price.
#[derive(Clone)]
pub(super) struct Take {
    at: i64,
    symbol: Symbol,
    side: Side,
    ticks: u64,
    pub(super) lots: u128,
    /// Whether that was a quote by hand.
    pub(super) by_hand: bool,
}

/// A quote by hand, and how much was ever taken before it was set.
#[derive(Clone, Copy)]
pub(super) struct ByHand {
    quote: HandQuote,
    takes_before: usize,
}

impl Naive {
    pub(super) fn take(&mut self, at: i64, market: &Market, side: Side, ticks: u64, lots: u128) {
        let by_hand = self.by_hand.contains_key(&market.symbol);
        self.takes.push(Take { at, symbol: market.symbol, side, ticks, lots, by_hand });
    }

    /// Sets a quote, or takes it back.
    pub(super) fn quote(&mut self, at: i64, symbol: Symbol, asked: Option<&AskedQuote>) -> Result<(), Rejection> {
        let market = self.markets.iter().find(|market| market.symbol == symbol).ok_or(Rejection::UnknownSymbol)?;
        let (tick, lot) = market.steps();
        let was_set = self.by_hand.remove(&symbol);
        let quote = match asked {
            Some(asked) => {
                let quote = quote_of(market, asked).map_err(Rejection::FaultyQuote);
                if quote.is_err() {
                    self.by_hand.extend(was_set.map(|before| (symbol, before)));
                }
                Some(quote?)
            }
            None => None,
        };
        if quote.is_none() && was_set.is_none() {
            return Ok(());
        }
        self.by_hand.extend(quote.map(|quote| (symbol, ByHand { quote, takes_before: self.takes.len() })));
        self.tell(at, 1, 0, Body::Quoted(Box::new(Quoted { symbol, tick, lot, quote })));
        self.touched.insert(symbol, at);
        Ok(())
    }

    /// What is quoted by hand on a side: the price, what is left, and what there was.
    pub(crate) fn by_hand(&self, symbol: Symbol, side: Side) -> Option<(u64, u128, u128)> {
        let ByHand { quote, takes_before } = self.by_hand.get(&symbol)?;
        let Offer { ticks, lots } = if side == Side::Buy { quote.bid } else { quote.ask };
        let since = self.takes[*takes_before..].iter().filter(|take| (take.symbol, take.side) == (symbol, side));
        let taken: u128 = since.map(|take| take.lots).sum();
        Some((ticks, u128::from(lots).saturating_sub(taken), lots.into()))
    }

    /// What the house quotes on a side, with what is left of it in this tenth of a second; prices of which nothing is
    /// left too.
    pub(crate) fn house_of(&self, market: &Market, side: Side, at: i64) -> Vec<(u64, u128)> {
        if !self.trades(market, at) {
            return Vec::new();
        }
        if let Some((ticks, left, _)) = self.by_hand(market.symbol, side) {
            return vec![(ticks, left)];
        }
        if matches!(self.quoting, Quoting::Nobody) {
            return Vec::new();
        }
        let step = |time: i64| time.div_euclid(STEP);
        let recent = || {
            self.takes
                .iter()
                .rev()
                .take_while(|take| step(take.at) >= step(at))
                .filter(|take| step(take.at) == step(at))
        };
        let left = |ticks: u64| {
            let is_it = |take: &&Take| {
                (take.symbol, take.side, take.ticks, take.by_hand) == (market.symbol, side, ticks, false)
            };
            (ticks, market.most.saturating_sub(recent().filter(is_it).map(|take| take.lots).sum()))
        };
        market.ladder(side).into_iter().map(left).collect()
    }

    /// What the house has left for whoever rests on a side at this price.
    pub(super) fn left_for(&self, market: &Market, side: Side, ticks: u64, at: i64) -> Vec<(u64, u128)> {
        let mut offers = self.house_of(market, side.other(), at);
        offers.retain(|(offered, lots)| *lots > 0 && !is_better(side, ticks, *offered));
        offers
    }

    /// The first order of a side's line, and its price.
    fn first_in_line(&self, market: &Market, side: Side) -> Option<(usize, u64)> {
        let (ticks, ..) = *self.levels(market.symbol, side).first()?;
        let is_of = |place: &usize| {
            let entry = &self.orders[*place];
            entry.rests() && entry.symbol == market.symbol && entry.terms.side == side
        };
        let places = (0..self.orders.len()).filter(is_of);
        let places = places.filter(|place| limit(&self.orders[*place].terms) == Some(ticks));
        Some((places.min_by_key(|place| self.orders[*place].line)?, ticks))
    }

    /// When what rests there meets the house: at once where it does, or when what was taken is back. What waits for
    /// a price may be stirred by that too.
    pub(crate) fn meeting(&self, market: &Market) -> Option<i64> {
        let at = *self.touched.get(&market.symbol)?;
        let meets = |at: i64| {
            let sides = [Side::Buy, Side::Sell].into_iter();
            let mut firsts = sides.filter_map(|side| Some((side, self.first_in_line(market, side)?.1)));
            firsts.any(|(side, ticks)| !self.left_for(market, side, ticks, at).is_empty())
        };
        let step_after = (at.div_euclid(STEP) + 1) * STEP;
        let back_at = self.trades_from(market, if self.trades(market, at) { step_after } else { at })?;
        let stirs = |at: i64| !self.behind(market, at).is_empty() || !self.triggered(market, at).is_empty();
        let does = |at: i64| meets(at) || (at == back_at && stirs(at));
        [at, back_at].into_iter().find(|at| self.trades(market, *at) && does(*at))
    }

    pub(super) fn first_to_meet(&self, at: i64) -> Option<Rc<Market>> {
        let meetings = (0..self.markets.len()).filter_map(|place| Some((self.meeting(&self.markets[place])?, place)));
        let (meets_at, place) = meetings.min()?;
        (meets_at <= at).then(|| Rc::clone(&self.markets[place]))
    }

    /// What rests trades with the house at its own price, the first in line first; the house gives its best first.
    pub(super) fn meet_house(&mut self, at: i64, market: &Rc<Market>) {
        for side in [Side::Buy, Side::Sell] {
            while let Some((place, ticks)) = self.first_in_line(market, side) {
                let offers = self.left_for(market, side, ticks, at);
                if offers.is_empty() {
                    break;
                }
                if self.told.len() == TRADES_AT_MOST {
                    return;
                }
                if self.orders[place].terms.expires_at.is_some_and(|end| end.0 <= at) {
                    self.end(at, place, Ending::Expired);
                    continue;
                }
                let (mut left, before) = (self.orders[place].left(), self.orders[place].left());
                for (offered, lots) in offers {
                    let taken = left.min(lots);
                    left -= taken;
                    if taken > 0 {
                        self.take(at, market, side.other(), offered, taken);
                    }
                }
                let lots = before - left;
                let worth = market.worth(ticks, lots).expect("in range");
                let own = (self.orders[place].account, market.fee(worth, true));
                let (buyer, seller) = if side == Side::Buy { (own, (HOUSE, 0)) } else { ((HOUSE, 0), own) };
                self.deal(market, (ticks, lots, worth), buyer, seller);
                let (trade, then) = (self.last_number + 1, if left == 0 { Then::Closes } else { Then::Rests });
                self.take_part(at, place, (ticks, lots, worth), (trade, own, Some((HOUSE, 0))), true, then);
                if self.rival(place).is_some() {
                    return;
                }
            }
        }
        if self.told.is_empty() {
            self.stir(at, market);
        }
    }
}

fn quote_of(market: &Market, asked: &AskedQuote) -> Result<HandQuote, Vec<QuoteFault>> {
    let mut faults = Vec::new();
    let mut offer = |side: Side, price: Decimal, size: Option<Decimal>| {
        let ticks = Market::count(price, market.tick);
        let highest = 100 * i128::from(market.reference_ticks);
        faults.extend(match ticks {
            None => Some(QuoteFault::PriceTick(side)),
            Some(ticks) if ticks < 1 || ticks > highest => Some(QuoteFault::PriceRange(side)),
            Some(_) => None,
        });
        let lots = match size {
            Some(size) => Market::count(size, market.lot),
            None => Some(market.most.cast_signed()),
        };
        faults.extend(match lots {
            None => Some(QuoteFault::SizeLot(side)),
            Some(lots) if lots < 1 || lots.unsigned_abs() > market.most => Some(QuoteFault::SizeRange(side)),
            Some(_) => None,
        });
        let short = |count: Option<i128>| count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
        Offer { ticks: short(ticks), lots: short(lots) }
    };
    let (bid, ask) = (offer(Side::Buy, asked.bid, asked.bid_size), offer(Side::Sell, asked.ask, asked.ask_size));
    match faults.is_empty() {
        true if bid.ticks >= ask.ticks => Err(vec![QuoteFault::Crossed]),
        true => Ok(HandQuote { bid, ask }),
        false => Err(faults),
    }
}

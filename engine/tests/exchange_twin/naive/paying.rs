//! What an account can pay: looked up each time from all that it has and all that it has open, in lists that are
//! sorted.

use std::rc::Rc;

use tradepit_engine::{AccountKind, Group, OrderType, Rejection, Side, State, Symbol, Terms};

use super::owners::Owner;
use super::terms::limit;
use super::trading::Offer;
use super::{Entry, Naive};
use crate::accounts::share;
use crate::market::{Market, ONE};

/// What an open order is counted as: so many lots, at a price of one of them; `None` for any price.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    side: Side,
    lots: u128,
    price: Option<i128>,
}

impl Counted {
    pub(super) fn of(entry: &Entry) -> Counted {
        let ticks = limit(&entry.terms).or_else(|| entry.trigger_price());
        let price = ticks.map(|ticks| entry.market.worth(ticks, 1).expect("in range"));
        Counted { side: entry.terms.side, lots: entry.left(), price }
    }

    /// What is counted of one that asks for this, and waits for no market to trail.
    pub(super) fn asked(market: &Market, terms: Terms) -> Counted {
        let ticks = limit(&terms).or(match terms.order_type {
            OrderType::Stop { stop } => Some(stop),
            _ => None,
        });
        let price = ticks.map(|ticks| market.worth(ticks, 1).expect("in range"));
        Counted { side: terms.side, lots: terms.lots, price }
    }

    /// The one that comes to more, the first of two that come to the same. What takes any price comes to most.
    pub(super) fn or_greater(self, other: Counted) -> Counted {
        let worth = |of: Counted| of.price.map_or(i128::MAX, |price| price * of.lots.cast_signed());
        if worth(other) > worth(self) { other } else { self }
    }
}

/// What a lot comes to at the best price of the other side: for who buys, for who sells.
#[derive(Clone, Copy)]
struct Far {
    buy: i128,
    sell: i128,
}

/// What all of a side come to but the cheapest, so many lots of them. One that takes any price counts at the best price
/// of the other side and a twentieth: all is counted in twentieths.
fn dearest(open: &[Counted], side: Side, but: u128, far: Far) -> i128 {
    let far = if side == Side::Buy { far.buy } else { far.sell };
    let of_side = open.iter().filter(|own| own.side == side);
    let mut all: Vec<(i128, u128)> =
        of_side.map(|own| (own.price.map_or(21 * far, |price| 20 * price), own.lots)).collect();
    all.sort_unstable();
    let (mut left_out, mut sum) = (but, 0);
    for (price, lots) in all {
        let counts = lots.saturating_sub(left_out);
        left_out = left_out.saturating_sub(lots);
        sum += price * counts.cast_signed();
    }
    share(sum, 1, 20)
}

fn lots_of(open: &[Counted], side: Side) -> u128 {
    open.iter().filter(|own| own.side == side).map(|own| own.lots).sum()
}

impl Naive {
    /// All that an account has open in a market, but one order and those that end with it. A group counts once.
    pub(super) fn counted(&self, account: u32, symbol: Symbol, but: Option<usize>) -> Vec<Counted> {
        let first_of = |place: usize| self.orders[place].group.map(|group| group.first);
        let is_it = |place: usize| {
            but == Some(place) || (first_of(place).is_some() && but.and_then(first_of) == first_of(place))
        };
        let mut firsts = Vec::new();
        let mut counted = Vec::new();
        for (place, entry) in self.orders.iter().enumerate() {
            let is_own = entry.is_open() && entry.is_rich && (entry.account, entry.symbol) == (account, symbol);
            if !is_own || is_it(place) {
                continue;
            }
            match entry.group {
                None => counted.push(Counted::of(entry)),
                Some(group) if !firsts.contains(&group.first) => {
                    firsts.push(group.first);
                    counted.extend(self.counted_together(group));
                }
                Some(_) => {}
            }
        }
        counted.retain(|own| own.lots > 0);
        counted
    }

    /// Of a group the one that comes to most, of those that act.
    fn counted_together(&self, group: Group) -> Option<Counted> {
        let is_of = |entry: &&Entry| entry.group.is_some_and(|own| own.first == group.first);
        let mut acting: Vec<&Entry> = self.orders.iter().filter(is_of).filter(|entry| entry.is_open()).collect();
        acting.retain(|entry| entry.state != State::Held && entry.left() > 0);
        acting.sort_by_key(|entry| entry.group.map(|group| group.role as usize));
        acting.into_iter().map(Counted::of).reduce(Counted::or_greater)
    }

    /// What is counted of an order alone, or of the group that it is of.
    pub(super) fn counts_as(&self, place: usize) -> Option<Counted> {
        let entry = &self.orders[place];
        match entry.group {
            Some(group) => self.counted_together(group),
            None => Some(Counted::of(entry)).filter(|own| entry.is_rich && entry.is_open() && own.lots > 0),
        }
    }

    /// What an order would be counted as that asks for this, beside its rival; nothing while it waits for its parent.
    pub(super) fn would_count(
        &self,
        place: usize,
        terms: Terms,
        (filled, mark): (u128, Option<u64>),
    ) -> Option<Counted> {
        let before = &self.orders[place];
        if before.state == State::Held {
            return None;
        }
        let own = Counted::of(&Entry { terms, filled, mark, ..before.clone() });
        let rival = self.rival(place).map(|rival| &self.orders[rival]).filter(|rival| rival.state != State::Held);
        let rival = rival.map(Counted::of).filter(|rival| rival.lots > 0);
        Some(rival.map_or(own, |rival| own.or_greater(rival)))
    }

    /// Refuses what its account cannot pay, or sells short where nobody may: `with` in place of what an order counts.
    pub(super) fn check_paid(
        &self,
        at: i64,
        (account, market): (u32, &Rc<Market>),
        instead_of: Option<usize>,
        with: Option<Counted>,
    ) -> Result<(), Rejection> {
        let (owner, Some(with)) = (&self.owners[account as usize], with) else { return Ok(()) };
        if !owner.is_limited && market.listing.short {
            return Ok(());
        }
        let before = instead_of.and_then(|place| self.counts_as(place));
        let grows = before.is_none_or(|before| with.lots > before.lots);
        let mut open = self.counted(account, market.symbol, instead_of);
        open.push(with);
        let (position, all) = (self.held(account, market.symbol), lots_of(&open, with.side));
        let is_short = with.side == Side::Sell && all > position.max(0).unsigned_abs();
        if is_short && grows && !market.listing.short && owner.kind == AccountKind::Margin {
            return Err(Rejection::ShortNotAllowed);
        }
        if !owner.is_limited {
            return Ok(());
        }
        self.rate(market.listing.quote, owner.currency, at).ok_or(Rejection::NoConversion)?;
        let closes = if with.side == Side::Sell { position.max(0) } else { (-position).max(0) }.unsigned_abs();
        let (with, without) = ((market.symbol, open), (market.symbol, self.counted(account, market.symbol, None)));
        let (left, needs) = match owner.kind {
            AccountKind::Margin => {
                let needed = |open| self.needed(account, owner.currency, Some(open), at);
                (self.margin_left(account, Some(&with), at), (needed(&with), needed(&without)))
            }
            AccountKind::Spot => {
                let code = paid_with(
                    market,
                    if with.1.last().is_some_and(|own| own.side == Side::Buy) { Side::Buy } else { Side::Sell },
                );
                let locked = |open| self.locked(account, code, Some(open), at);
                (self.total(account, code) - locked(&with), (locked(&with), locked(&without)))
            }
        };
        let is_reducing = owner.kind == AccountKind::Margin && closes >= all;
        let takes_more = grows || needs.0 > needs.1;
        if left >= 0 || is_reducing || !takes_more { Ok(()) } else { Err(Rejection::InsufficientBuyingPower) }
    }

    /// What an account may still take on.
    pub(crate) fn buying_power(&self, account: u32, at: i64) -> Option<i128> {
        let owner = &self.owners[account as usize];
        owner.is_limited.then(|| match owner.kind {
            AccountKind::Margin => self.margin_left(account, None, at),
            AccountKind::Spot => self.spot_left(account, owner.currency, at),
        })
    }

    /// What of it would be left without so much of a currency.
    pub(super) fn left_without(&self, account: u32, (code, amount): (Symbol, i128), at: i64) -> i128 {
        let owner = &self.owners[account as usize];
        match owner.kind {
            AccountKind::Margin => {
                let amount = self.converted(amount, code, owner.currency, at);
                self.margin_left(account, None, at) - owner.leveraged(amount)
            }
            AccountKind::Spot => self.spot_left(account, code, at) - amount,
        }
    }

    fn margin_left(&self, account: u32, instead: Option<&(Symbol, Vec<Counted>)>, at: i64) -> i128 {
        let owner = &self.owners[account as usize];
        let (equity, exposure) = self.worth(account, None, at);
        owner.leveraged(equity) - exposure - self.needed(account, owner.currency, instead, at)
    }

    fn spot_left(&self, account: u32, code: Symbol, at: i64) -> i128 {
        self.total(account, code) - self.locked(account, code, None, at)
    }

    /// What it has open in each market; in one of them this.
    fn all_open(&self, account: u32, instead: Option<&(Symbol, Vec<Counted>)>) -> Vec<(Rc<Market>, Vec<Counted>)> {
        let open = |market: &Rc<Market>| match instead {
            Some((symbol, open)) if *symbol == market.symbol => open.clone(),
            _ => self.counted(account, market.symbol, None),
        };
        let all = self.markets.iter().map(|market| (Rc::clone(market), open(market)));
        all.filter(|(_, open)| !open.is_empty()).collect()
    }

    /// What open orders would take of its buying power.
    fn needed(&self, account: u32, currency: Symbol, instead: Option<&(Symbol, Vec<Counted>)>, at: i64) -> i128 {
        let each = self.all_open(account, instead).into_iter();
        each.map(|(market, open)| {
            let far = self.far(&market, at);
            let beyond = beyond(&market, &open, self.held(account, market.symbol), far);
            self.converted(beyond, market.listing.quote, currency, at)
        })
        .sum()
    }

    /// What open orders hold of a code: buys what they would pay, with the fee, sells what they would give.
    fn locked(&self, account: u32, code: Symbol, instead: Option<&(Symbol, Vec<Counted>)>, at: i64) -> i128 {
        let mut locked = 0;
        for (market, open) in self.all_open(account, instead) {
            if market.listing.quote == code {
                let worth = dearest(&open, Side::Buy, 0, self.far(&market, at));
                locked += worth + market.fee(worth, false);
            }
            if market.listing.base == code {
                locked += market.lot * lots_of(&open, Side::Sell).cast_signed();
            }
        }
        locked
    }

    fn far(&self, market: &Market, at: i64) -> Far {
        let worth = |best: Option<u64>| match best {
            Some(ticks) => market.worth(ticks, 1).expect("in range"),
            None => value(market, self.half_ticks(market, at), 1),
        };
        Far { buy: worth(self.best_for(market, Side::Buy, at)), sell: worth(self.best_for(market, Side::Sell, at)) }
    }
}

/// What open orders take in one market beside a position: the greater of what the buys and what the sells come to that
/// lead further than it is, with the fee.
fn beyond(market: &Market, open: &[Counted], position: i128, far: Far) -> i128 {
    let back = 2 * position.unsigned_abs();
    let (buys, sells) = if position < 0 { (back, 0) } else { (0, back) };
    let worth = dearest(open, Side::Buy, buys, far).max(dearest(open, Side::Sell, sells, far));
    worth + market.fee(worth, false)
}

/// With what an account pays that borrows nothing.
fn paid_with(market: &Market, side: Side) -> Symbol {
    if side == Side::Buy { market.listing.quote } else { market.listing.base }
}

/// What so many lots are worth at a mark that is counted in half ticks.
pub(super) fn value(market: &Market, half_ticks: u64, lots: i128) -> i128 {
    share(lots.signum() * market.worth(half_ticks, lots.unsigned_abs()).expect("in range"), 1, 2)
}

/// What an account can pay while one of its orders trades: as all stood when that began.
pub(super) struct Purse {
    owner: Owner,
    account: u32,
    market: Rc<Market>,
    has: Has,
    position: i128,
    paid: i128,
    given: i128,
}

enum Has {
    Spot {
        quote: i128,
        base: i128,
    },
    Margin {
        equity: i128,
        exposure: i128,
        needed: i128,
        rate: (i128, u128, u128),
        half_ticks: u64,
        open: Vec<Counted>,
        far: Far,
    },
}

impl Naive {
    /// The purse of an order's account; `None` where that has no limit.
    pub(super) fn purse(&self, at: i64, place: usize) -> Option<Purse> {
        let Entry { account, symbol, ref market, .. } = self.orders[place];
        let owner = self.owners[account as usize].clone();
        if !owner.is_limited {
            return None;
        }
        let open = self.counted(account, symbol, Some(place));
        let instead = Some((symbol, open.clone()));
        let has = match owner.kind {
            AccountKind::Spot => {
                let left = |code| self.total(account, code) - self.locked(account, code, instead.as_ref(), at);
                Has::Spot { quote: left(market.listing.quote), base: left(market.listing.base) }
            }
            AccountKind::Margin => {
                let (equity, exposure) = self.worth(account, Some(symbol), at);
                let nothing = (symbol, Vec::new());
                let needed = self.needed(account, owner.currency, Some(&nothing), at);
                let (part, whole) = self.rate(market.listing.quote, owner.currency, at).expect("it was looked at");
                let (half_ticks, far) = (self.half_ticks(market, at), self.far(market, at));
                Has::Margin { equity, exposure, needed, rate: (ONE, part, whole), half_ticks, open, far }
            }
        };
        let (market, position) = (Rc::clone(market), self.held(account, symbol));
        Some(Purse { owner, account, market, has, position, paid: 0, given: 0 })
    }
}

impl Purse {
    /// How many of these lots it can pay for; they are paid. What closes a position always is.
    pub(super) fn pay(&mut self, twin: &Naive, side: Side, offer: &Offer, lots: u128) -> u128 {
        let worth = self.market.worth(offer.ticks, lots).expect("in range");
        if offer.client.is_some_and(|client| twin.orders[client].account == self.account) {
            self.paid += self.market.fee(worth, true) + self.market.fee(worth, false);
            return lots;
        }
        let closes = match (self.owner.kind, side) {
            (AccountKind::Spot, _) => 0,
            (AccountKind::Margin, Side::Sell) => self.position.max(0),
            (AccountKind::Margin, Side::Buy) => (-self.position).max(0),
        };
        let closes = closes.unsigned_abs().min(lots);
        let is_payable = |lots: &u128| *lots == closes || self.left_after(side, offer.ticks, *lots) >= 0;
        let payable = (closes..=lots).rev().find(is_payable).unwrap_or(closes);
        (self.position, self.paid, self.given) = self.after(side, offer.ticks, payable);
        payable
    }

    fn after(&self, side: Side, ticks: u64, lots: u128) -> (i128, i128, i128) {
        let worth = self.market.worth(ticks, lots).expect("in range");
        let (sign, lots) = (if side == Side::Buy { 1 } else { -1 }, lots.cast_signed());
        let paid = self.paid + sign * worth + self.market.fee(worth, false);
        (self.position + sign * lots, paid, self.given - sign * lots)
    }

    fn left_after(&self, side: Side, ticks: u64, lots: u128) -> i128 {
        let (position, paid, given) = self.after(side, ticks, lots);
        match &self.has {
            Has::Spot { quote, .. } if side == Side::Buy => quote - paid,
            Has::Spot { base, .. } => base - self.market.lot * given,
            Has::Margin { equity, exposure, needed, rate: (_, part, whole), half_ticks, open, far } => {
                let converted = |amount: i128| share(amount, *part, *whole);
                let value = value(&self.market, *half_ticks, position);
                let equity = equity + converted(value - paid);
                let exposure = exposure + converted(value.abs());
                let open = converted(beyond(&self.market, open, position, *far));
                self.owner.leveraged(equity) - exposure - needed - open
            }
        }
    }
}

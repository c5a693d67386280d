//! What the twin does with orders that it has: they arrive, trade, end.

use std::rc::Rc;
use std::sync::Arc;

use tradepit_engine::{
    Arrived, Body, EXECUTE_AT_MOST, Ended, Ending, Filled, HouseTrade, Money, Number, Party, SelfTrade, Side, State,
    Then, TimeInForce,
};

use super::paying::Purse;
use super::terms::{limit, stays, sum_of, whole};
use super::{Entry, Naive};
use crate::accounts::{DEFAULT, Deal, HOUSE};
use crate::market::{Market, is_better};

/// So many trades of one order are told at a time.
pub(super) const TRADES_AT_MOST: usize = 256;

/// What somebody offers: a client by the place of the order, or the house.
#[derive(Clone, Copy)]
pub(super) struct Offer {
    pub(super) ticks: u64,
    lots: u128,
    pub(super) client: Option<usize>,
    /// Whether it is of the same account, and they shall not trade.
    pub(super) is_own: bool,
}

impl Naive {
    /// The order that is trading first; else whatever is due, by the time that it waits for and by age. Native orders
    /// that buy all from the house at its best price are told many at a time, whoever trades otherwise by himself.
    pub(super) fn execute(&mut self, now: i64) {
        let at = self.moment(now);
        if let Some(place) = self.trading() {
            return self.trade(at, place);
        }
        if let Some(place) = self.in_place_of_another() {
            self.arriving = None;
            return self.reach(at, place);
        }
        if let Some(place) = self.released(at, false) {
            return self.reach(at, place);
        }
        let due = self.due(at);
        if let Some(place) =
            due.first().and_then(|first| self.find(Number(*first))).filter(|first| self.expires(*first, at))
        {
            return self.end(at, place, Ending::Expired);
        }
        if let Some(market) = self.first_to_meet(at) {
            return self.meet_house(at, &market);
        }
        if let Some(market) = self.restless() {
            return self.stir(at, &market);
        }
        if let Some(place) = self.released(at, true) {
            return self.reach(at, place);
        }
        if let Some((_, place)) = self.first_outside().filter(|(acts_at, _)| *acts_at <= at) {
            return self.reach(at, place);
        }
        for accepted in due {
            let place = self.find(Number(accepted)).expect("nothing is forgotten here");
            match self.price_of_all(at, place) {
                Some(ticks) => {
                    let market = Rc::clone(&self.orders[place].market);
                    let best = self.best_for(&market, Side::Buy, at);
                    self.buy(at, place, ticks);
                    // Whom that triggers comes before whoever arrives next, and finds another price.
                    if self.best_for(&market, Side::Buy, at) != best {
                        return;
                    }
                }
                None if self.told.is_empty() => return self.reach(at, place),
                None => return,
            }
        }
    }

    /// Whether an order ends by itself by then, and does not arrive before.
    fn expires(&self, place: usize, at: i64) -> bool {
        let entry = &self.orders[place];
        let ends_first = |end: i64| {
            entry.state != State::Accepted || entry.outside || entry.due_at.is_none_or(|due_at| end <= due_at)
        };
        entry.terms.expires_at.is_some_and(|end| end.0 <= at && ends_first(end.0))
    }

    /// Which orders are due.
    fn due(&self, at: i64) -> Vec<u64> {
        let open = self.orders.iter().filter(|entry| entry.is_open());
        let mut due: Vec<(i64, bool, u64)> = open.filter_map(Entry::turn).collect();
        due.retain(|(time, ..)| *time <= at);
        due.sort_unstable();
        due.into_iter().take(EXECUTE_AT_MOST).map(|(.., accepted)| accepted).collect()
    }

    /// The price at which a native order buys all at once: the house's best one, or the reference price where nobody
    /// offers anything.
    fn price_of_all(&self, at: i64, place: usize) -> Option<u64> {
        let entry = &self.orders[place];
        if entry.is_rich {
            return None;
        }
        let market = &entry.market;
        if !self.trades(market, at) {
            return Some(self.mark_above(market));
        }
        let offers = self.offers(at, place);
        if let (Some(offer), Some((ticks, left, _))) = (offers.first(), self.by_hand(entry.symbol, Side::Sell)) {
            return (offer.client.is_none() && left >= entry.left()).then_some(ticks);
        }
        match offers.first() {
            None => Some(market.reference_ticks),
            Some(offer) => (offer.client.is_none() && offer.lots >= entry.left()).then_some(offer.ticks),
        }
    }

    fn buy(&mut self, at: i64, place: usize, ticks: u64) {
        let (order, market) = (self.refer(place), Rc::clone(&self.orders[place].market));
        let lots = self.orders[place].terms.lots;
        let worth = market.worth(ticks, lots).expect("in range");
        let fee = market.fee(worth, false);
        self.orders[place].bought = Some((ticks, fee));
        self.deal(&market, (ticks, lots, worth), (DEFAULT, fee), (HOUSE, 0));
        if self.trades(&market, at) {
            self.take(at, &market, Side::Sell, ticks, lots);
        }
        let tick = market.steps().0;
        self.close_in(2, place, State::Filled, at, Body::Bought(HouseTrade { order, ticks, tick, fee: Money(fee) }));
    }

    /// An order that is due expires, or reaches the exchange.
    fn reach(&mut self, at: i64, place: usize) {
        if self.expires(place, at) {
            return self.end(at, place, Ending::Expired);
        }
        let is_trading = self.trades(&self.orders[place].market, at);
        let entry = &self.orders[place];
        let is_native =
            entry.account == DEFAULT && entry.group.is_none() && entry.terms == whole(&entry.market, entry.quantity);
        if !is_trading && !is_native {
            return self.end(at, place, Ending::NotTrading);
        }
        let waits = self.orders[place].is_to_wait();
        let ending = if waits || !is_trading { None } else { self.ends_at_once(at, place) };
        if ending.is_none() && !waits && is_trading {
            self.clear_the_way(at, place);
        }
        let (order, entry) = (self.refer(place), self.orders[place].clone());
        let comes_to_rest = ending.is_none() && is_trading;
        let rests = waits || (comes_to_rest && !self.acts(at, place) && stays(&entry.terms));
        let is_told = !entry.is_rich || sum_of(&entry.terms).is_some();
        let rich = is_told.then(|| Arc::new(entry.rich()));
        let (waited, is_partly) = (entry.outside, entry.filled > 0);
        self.tell(at, 1, 0, Body::Arrived(Arrived { order, rests, waited, is_partly, rich }));
        let number = self.last_number;
        let entry = &mut self.orders[place];
        let state = if is_partly { State::PartiallyFilled } else { State::New };
        (entry.is_rich, entry.state, entry.number) = (true, state, number);
        (entry.arrived_at, entry.updated_at, entry.line, entry.outside) = (Some(at), at, None, false);
        if !is_trading {
            let (ticks, lots) = (self.mark_above(&self.orders[place].market), self.orders[place].left());
            let offer = Offer { ticks, lots, client: None, is_own: false };
            return self.fill(at, place, &offer, lots, Then::Closes);
        }
        if waits {
            entry.line = Some(number);
        } else if let Some(ending) = ending {
            self.end(at, place, ending);
        } else if rests {
            entry.line = Some(number);
        } else {
            self.trade(at, place);
        }
    }

    /// Why an order that comes ends before it trades.
    fn ends_at_once(&mut self, at: i64, place: usize) -> Option<Ending> {
        let is_for_nothing = self.count_out(at, place);
        let Entry { terms, .. } = self.orders[place];
        if is_for_nothing {
            return Some(not_filled(terms.time_in_force));
        }
        if terms.post_only && self.meets(at, place) {
            return Some(Ending::PostOnly);
        }
        self.killed(at, place)
    }

    /// Why one ends that is to trade whole or not at all: there is not enough, or its account cannot pay for it.
    pub(super) fn killed(&self, at: i64, place: usize) -> Option<Ending> {
        let Entry { terms, .. } = self.orders[place];
        if terms.time_in_force != TimeInForce::FillOrKill {
            return None;
        }
        if self.offered_to(at, place) < self.orders[place].left() {
            return Some(Ending::FillOrKill);
        }
        let mut purse = self.purse(at, place)?;
        let mut left = self.orders[place].left();
        for offer in self.offers(at, place).into_iter().filter(|offer| !offer.is_own) {
            let lots = left.min(offer.lots);
            left -= lots;
            if purse.pay(self, terms.side, &offer, lots) < lots {
                return Some(Ending::InsufficientBuyingPower);
            }
        }
        None
    }

    /// What is offered for the sum of an order that says one; returns whether it is for nothing that it comes.
    fn count_out(&mut self, at: i64, place: usize) -> bool {
        let Entry { terms, .. } = self.orders[place];
        let Some(mut sum) = sum_of(&terms) else { return false };
        let (mut lots, mut some_is_left) = (0, true);
        for offer in self.offers(at, place) {
            let each = self.orders[place].market.worth(offer.ticks, 1).expect("in range");
            if offer.is_own && self.self_trade(place) == SelfTrade::CancelOldest {
                continue;
            }
            let payable = (sum / each).unsigned_abs().min(offer.lots);
            lots += payable;
            sum -= each * payable.cast_signed();
            // Where it is not enough for all of these it may still be for one at a lower price, when it is raised: but
            // these come first.
            some_is_left = sum >= each;
            if payable < offer.lots || offer.is_own {
                some_is_left = false;
                break;
            }
        }
        self.orders[place].terms.lots = lots;
        lots == 0 || (some_is_left && terms.time_in_force == TimeInForce::FillOrKill)
    }

    /// How much an order may trade with, of what is left of it.
    pub(super) fn offered_to(&self, at: i64, place: usize) -> u128 {
        let left = self.orders[place].left();
        let offers = self.offers(at, place);
        offers.iter().filter(|offer| !offer.is_own).map(|offer| offer.lots.min(left)).sum()
    }

    /// Whether an order comes to anybody, be it another one of its account.
    pub(super) fn meets(&self, at: i64, place: usize) -> bool {
        !self.offers(at, place).is_empty()
    }

    /// Whether it trades, or ends, by whom it comes to: those that are cancelled for it do not count.
    pub(super) fn acts(&self, at: i64, place: usize) -> bool {
        let goes = self.self_trade(place) == SelfTrade::CancelOldest;
        self.offers(at, place).iter().any(|offer| !(goes && offer.is_own))
    }

    fn self_trade(&self, place: usize) -> SelfTrade {
        self.owners[self.orders[place].account as usize].self_trade
    }

    /// Cancels those of its own account that an order comes to before it is filled, where they are to go.
    pub(super) fn clear_the_way(&mut self, at: i64, place: usize) {
        if self.self_trade(place) != SelfTrade::CancelOldest {
            return;
        }
        let mut left = self.orders[place].left();
        for offer in self.offers(at, place) {
            match offer.client {
                _ if left == 0 => return,
                Some(own) if offer.is_own => self.end(at, own, Ending::SelfTrade),
                _ => left -= left.min(offer.lots),
            }
        }
    }

    /// All that an order comes to, the best first: by price, then clients before the house, then by age in line. No
    /// further than the first of its own account where it ends there.
    pub(super) fn offers(&self, at: i64, place: usize) -> Vec<Offer> {
        let Entry { symbol, terms, account, .. } = self.orders[place];
        let self_trade = self.self_trade(place);
        let market = &self.orders[place].market;
        let other = terms.side.other();
        let mut offers = Vec::new();
        for (client, entry) in self.orders.iter().enumerate() {
            if entry.rests() && entry.symbol == symbol && entry.terms.side == other {
                let ticks = limit(&entry.terms).expect("what rests has a limit");
                let is_own = entry.account == account && self_trade != SelfTrade::Allow;
                offers.push((Offer { ticks, lots: entry.left(), client: Some(client), is_own }, entry.line));
            }
        }
        let ladder = self.house_of(market, other, at);
        let last = ladder.last().map(|(ticks, _)| *ticks);
        for (ticks, left) in ladder {
            // Its last price has no end for whoever takes any.
            let is_endless = limit(&terms).is_none() && Some(ticks) == last;
            let lots = if is_endless { u128::MAX } else { left };
            offers.push((Offer { ticks, lots, client: None, is_own: false }, Some(u64::MAX)));
        }
        offers.retain(|(offer, _)| {
            let within = |limit| !is_better(terms.side, limit, offer.ticks);
            offer.lots > 0 && limit(&terms).is_none_or(within)
        });
        offers.sort_by_key(|(offer, line)| {
            let ticks = i128::from(offer.ticks);
            (if terms.side == Side::Buy { ticks } else { -ticks }, *line)
        });
        let mut offers: Vec<Offer> = offers.into_iter().map(|(offer, _)| offer).collect();
        if self_trade != SelfTrade::CancelOldest
            && let Some(own) = offers.iter().position(|offer| offer.is_own)
        {
            offers.truncate(own + 1);
        }
        self.without_rivals(offers)
    }

    /// Trades with one offer after another, so many at a time. What is left then rests, or ends.
    pub(super) fn trade(&mut self, at: i64, place: usize) {
        let purse = self.purse(at, place);
        self.trade_with(at, place, purse);
    }

    /// The same, with what its account can pay.
    pub(super) fn trade_with(&mut self, at: i64, place: usize, mut purse: Option<Purse>) {
        // Those that went for it are gone by now.
        let mut offers = self.offers(at, place);
        if self.self_trade(place) == SelfTrade::CancelOldest {
            offers.retain(|offer| !offer.is_own);
        }
        for (count, offer) in offers.iter().enumerate() {
            let (left, terms) = (self.orders[place].left(), self.orders[place].terms);
            if offer.is_own {
                return self.meet_oneself(at, place, offer);
            }
            let wanted = left.min(offer.lots);
            let lots = purse.as_mut().map_or(wanted, |purse| purse.pay(self, terms.side, offer, wanted));
            if lots == 0 {
                return self.end(at, place, Ending::InsufficientBuyingPower);
            }
            let is_last = count + 1 == offers.len();
            let then = match (lots == left, is_last && lots == wanted && stays(&terms)) {
                (true, _) => Then::Closes,
                (false, true) => Then::Rests,
                (false, false) => Then::GoesOn,
            };
            self.fill(at, place, offer, lots, then);
            if lots < wanted {
                return self.end(at, place, Ending::InsufficientBuyingPower);
            }
            let makers = offer.client.filter(|maker| self.rival(*maker).is_some());
            let pauses = count + 1 == TRADES_AT_MOST || makers.is_some() || self.rival(place).is_some();
            if then != Then::GoesOn || (pauses && !is_last) {
                return;
            }
        }
        let Entry { quantity, terms, account, .. } = self.orders[place];
        let market = Rc::clone(&self.orders[place].market);
        if account == DEFAULT && terms == whole(&market, quantity) && self.orders[place].group.is_none() {
            // It is a native order, which executes whole.
            let lots = self.orders[place].left();
            let offer = Offer { ticks: market.reference_ticks, lots, client: None, is_own: false };
            return self.fill(at, place, &offer, lots, Then::Closes);
        }
        self.end(at, place, not_filled(terms.time_in_force));
    }

    fn meet_oneself(&mut self, at: i64, place: usize, own: &Offer) {
        if let Some(own) = own.client.filter(|_| self.self_trade(place) == SelfTrade::CancelBoth) {
            self.end(at, own, Ending::SelfTrade);
        }
        self.end(at, place, Ending::SelfTrade);
    }

    /// One trade: told to the taker, then to the maker.
    fn fill(&mut self, at: i64, place: usize, offer: &Offer, lots: u128, then: Then) {
        let side = self.orders[place].terms.side;
        let market = Rc::clone(&self.orders[place].market);
        let worth = market.worth(offer.ticks, lots).expect("in range");
        let (taker_fee, maker_fee) = (market.fee(worth, false), market.fee(worth, true));
        let own = (self.orders[place].account, taker_fee);
        let other = offer.client.map_or((HOUSE, 0), |maker| (self.orders[maker].account, maker_fee));
        let (buyer, seller) = if side == Side::Buy { (own, other) } else { (other, own) };
        self.deal(&market, (offer.ticks, lots, worth), buyer, seller);
        if offer.client.is_none() && self.trades(&market, at) {
            self.take(at, &market, side.other(), offer.ticks, lots);
        }
        let trade = self.last_number + 1;
        self.take_part(at, place, (offer.ticks, lots, worth), (trade, own, Some(other)), false, then);
        if let Some(maker) = offer.client {
            let then = if self.orders[maker].left() == lots { Then::Closes } else { Then::Rests };
            self.take_part(at, maker, (offer.ticks, lots, worth), (trade, other, None), true, then);
        }
    }

    pub(super) fn take_part(
        &mut self,
        at: i64,
        place: usize,
        (ticks, lots, worth): (u64, u128, i128),
        (trade, own, other): (u64, (u32, i128), Option<(u32, i128)>),
        is_maker: bool,
        then: Then,
    ) {
        let order = self.refer(place);
        let (tick, lot) = self.orders[place].market.steps();
        let entry = &mut self.orders[place];
        entry.filled += lots;
        entry.cost += worth;
        entry.state = State::PartiallyFilled;
        let party = |(account, fee)| Party { account, fee: Money(fee) };
        let filled = Filled {
            order,
            trade: Number(trade),
            ticks,
            tick,
            lots,
            lot,
            side: entry.terms.side,
            party: party(own),
            settles_with: other.map(party),
            is_maker,
            filled: entry.filled,
            cost: Money(entry.cost),
            then,
        };
        let body = Body::Filled(Box::new(filled));
        if then == Then::Closes {
            return self.close(place, State::Filled, at, body);
        }
        self.tell(at, 1, 0, body);
        let number = self.last_number;
        let entry = &mut self.orders[place];
        (entry.number, entry.updated_at) = (number, at);
        if then == Then::Rests && !is_maker {
            entry.line = Some(number);
        }
    }

    pub(super) fn deal(
        &mut self,
        market: &Market,
        (ticks, lots, worth): (u64, u128, i128),
        buyer: (u32, i128),
        seller: (u32, i128),
    ) {
        let (symbol, currency) = (market.symbol, market.listing.quote);
        let deal = Deal { symbol, currency, ticks, lots, worth, buyer, seller };
        self.accounts.settle(&deal);
        self.deals.push(deal);
    }

    pub(super) fn end(&mut self, at: i64, place: usize, ending: Ending) {
        let order = self.refer(place);
        self.orders[place].ending = Some(ending);
        let state = match ending {
            Ending::Expired => State::Expired,
            Ending::PostOnly | Ending::Refused => State::Rejected,
            _ => State::Cancelled,
        };
        self.close(place, state, at, Body::Ended(Ended { order, ending }));
    }

    pub(super) fn close(&mut self, place: usize, state: State, at: i64, body: Body) {
        self.close_in(1, place, state, at, body);
    }

    fn close_in(&mut self, changes: u64, place: usize, state: State, at: i64, body: Body) {
        self.tell(at, changes, 1, body);
        let (number, seq) = (self.last_number, self.last_seq);
        let entry = &mut self.orders[place];
        (entry.number, entry.seq, entry.closed_at) = (number, seq, Some(at));
        (entry.state, entry.updated_at) = (state, at);
    }
}

/// Why the rest of an order ends that nobody trades with.
fn not_filled(time_in_force: TimeInForce) -> Ending {
    match time_in_force {
        TimeInForce::ImmediateOrCancel => Ending::ImmediateOrCancel,
        TimeInForce::FillOrKill => Ending::FillOrKill,
        TimeInForce::GoodTillCancelled | TimeInForce::Day => Ending::NoLiquidity,
    }
}

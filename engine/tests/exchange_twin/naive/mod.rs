//! The twin: an exchange so slow and plain that it is right at a glance. One list of orders in order of creation, one
//! of trades, a map of what each account has. Whoever trades is shown a list of all offers, sorted. What is told is
//! true at once: there is no deciding and applying, no index, no book, no agenda.
//!
//! It shares only the shapes of commands, events and values with the engine. Money is counted here from the decimals of
//! the listings: everything in 10^-12.
//!
//! `terms.rs` is what orders ask for, `trading.rs` and `amending.rs` what it does with them, `acting.rs` what is made
//! to happen to them, `replacing.rs` those in place of others, `stops.rs` those that wait for a price, `groups.rs`
//! those that end each other, `halts.rs` and `hours.rs` those that wait for trading, `owners.rs` and `paying.rs` whose
//! they are and what those can pay, `quotes.rs` what the house quotes, and whom that meets.

mod acting;
mod amending;
mod entry;
mod groups;
mod halts;
pub(crate) mod hours;
mod owners;
mod paying;
mod quotes;
mod replacing;
mod stops;
mod terms;
mod trading;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use tradepit_engine::{
    Accepted, Asked, AskedGroup, Body, Command, Ending, Event, Group, Listing, Name, Number, Order, OrderId, OrderRef,
    Origin, Quantity, Quoting, Rejection, Rules, Seq, Side, State, Submit, Symbol, Terms, Time, Trading,
};

use crate::accounts::{Accounts, DEFAULT, Deal};
use crate::market::{Market, ONE};
pub(crate) use entry::Entry;
use groups::Team;
use owners::Owner;
use paying::Counted;
use quotes::{ByHand, Take};
use terms::{limit, sum_of, terms, whole};

/// The other orders that a new one has to do with.
#[derive(Clone, Copy, Default)]
struct Others {
    group: Option<Group>,
    asked_group: Option<AskedGroup>,
    replaces: Option<OrderId>,
}

/// The plain exchange: what it is told, it does at once.
#[derive(Clone)]
pub(crate) struct Naive {
    quoting: Quoting,
    max_orders: usize,
    max_instruments: usize,
    pub(crate) markets: Vec<Rc<Market>>,
    /// Orders held, in order of creation.
    pub(crate) orders: Vec<Entry>,
    /// All trades that ever were.
    pub(crate) deals: Vec<Deal>,
    /// What was ever taken from the house.
    takes: Vec<Take>,
    /// What it quotes by hand.
    by_hand: BTreeMap<Symbol, ByHand>,
    /// When something befell an order of it last.
    touched: BTreeMap<Symbol, i64>,
    /// Orders that end each other.
    teams: Vec<Team>,
    /// The order that came in place of another one, and arrives before anything else happens.
    arriving: Option<u64>,
    pub(crate) accounts: Accounts,
    pub(crate) owners: Vec<Owner>,
    /// What came in for each account, and went out.
    pub(crate) moved: Vec<(u32, Symbol, i128)>,
    pub(crate) last_number: u64,
    pub(crate) last_seq: u64,
    pub(crate) last_at: i64,
    /// Orders that were ever accepted.
    pub(crate) accepted: u64,
    pub(crate) forgotten: u64,
    /// What the command in hand brought about.
    told: Vec<Event>,
}

impl Naive {
    pub(crate) fn new(max_orders: usize, rules: &Rules) -> Naive {
        Naive {
            quoting: rules.quoting,
            max_orders,
            max_instruments: rules.max_instruments,
            markets: rules.listings.iter().map(|listing| Rc::new(Market::of(listing))).collect(),
            orders: Vec::new(),
            deals: Vec::new(),
            takes: Vec::new(),
            by_hand: BTreeMap::new(),
            touched: BTreeMap::new(),
            teams: Vec::new(),
            arriving: None,
            accounts: Accounts::default(),
            owners: Owner::always(),
            moved: Vec::new(),
            last_number: 0,
            last_seq: 0,
            last_at: i64::MIN,
            accepted: 0,
            forgotten: 0,
            told: Vec::new(),
        }
    }

    pub(crate) fn obey(&mut self, now: Time, command: &Command) -> Result<Vec<Event>, Rejection> {
        let at = now.0.max(self.last_at);
        match command {
            Command::Submit(submit) => self.submit(at, submit)?,
            Command::Cancel { accepted_number } => {
                let place = self.find(*accepted_number).ok_or(Rejection::UnknownOrder)?;
                if self.orders[place].is_open() {
                    self.orders[place].ending = Some(Ending::Client);
                    self.close(place, State::Cancelled, at, Body::Cancelled(self.refer(place)));
                }
            }
            Command::Amend { accepted_number, amendment, quantity } => {
                let place = self.find(*accepted_number).ok_or(Rejection::UnknownOrder)?;
                self.amend(at, place, amendment, *quantity)?;
            }
            Command::SubmitGroup(submit) => self.submit_group(at, submit)?,
            Command::Replace(replace) => self.replace(at, replace)?,
            Command::Act { accepted_number, act } => self.act(at, *accepted_number, act)?,
            Command::Quote { symbol, quote } => self.quote(at, *symbol, quote.as_ref())?,
            Command::AppendRows { .. } | Command::DropRows { .. } | Command::SetRules { .. } | Command::Decided(_) => {
                unreachable!("of rows of quotes and of rules it knows nothing")
            }
            Command::List { listing, hours } => self.list(at, listing, *hours)?,
            Command::ChangeInstrument { symbol, change } => self.change(at, *symbol, change)?,
            Command::OpenAccount(open) => self.open_account(at, open)?,
            Command::Transfer(transferred) => self.transfer(at, transferred)?,
            Command::ExecuteDue => self.execute(at),
        }
        self.settle_teams(at);
        Ok(std::mem::take(&mut self.told))
    }

    fn submit(&mut self, at: i64, submit: &Submit) -> Result<(), Rejection> {
        self.check_owner(submit.asked.map_or(DEFAULT, |asked| asked.account))?;
        self.check_names(submit, None)?;
        let Submit { symbol, quantity, asked, .. } = *submit;
        let native = Asked::native(quantity).expect("quantities are short");
        let asked = asked.unwrap_or(native);
        let is_rich = asked != native;
        let known = self.markets.iter().find(|market| market.symbol == symbol).cloned();
        if known.is_none() && is_rich {
            return Err(Rejection::UnknownSymbol);
        }
        let market = known.clone().unwrap_or_else(|| Rc::new(Market::of(&Listing::of_unknown(symbol))));
        // The limits of size do not bind native orders.
        let mut terms =
            if is_rich { terms(&market, &asked, at).map_err(Rejection::Faulty)? } else { whole(&market, quantity) };
        if is_rich && market.status == Trading::Closed {
            return Err(Rejection::InstrumentClosed);
        }
        let mut quantity = quantity;
        if let Some(sum) = sum_of(&terms) {
            terms.lots = self.about(&market, terms.side, sum, at);
            let ones = terms.lots.div_ceil((ONE / market.lot).unsigned_abs()).max(1);
            let whole = u64::try_from(ones).ok().and_then(|ones| Quantity::new(ones).ok());
            quantity = whole.ok_or(Rejection::OutOfRange)?;
        }
        self.check_range(&market, most(&market, &terms))?;
        if is_rich && known.is_some() {
            let with = Counted::asked(&market, terms);
            self.check_paid(at, (asked.account, &market), None, Some(with))?;
        }
        if self.open_orders() + 1 > self.max_orders {
            return Err(Rejection::BookFull);
        }
        if known.is_none() {
            if self.markets.len() >= self.max_instruments {
                return Err(Rejection::TooManyInstruments);
            }
            self.tell(at, 1, 0, Body::Listed(Box::new(market.listing)));
            self.markets.push(Rc::clone(&market));
        }
        self.accept(at, (submit, quantity), &market, (asked, terms, is_rich), Others::default());
        Ok(())
    }

    /// What a sum comes to at the best price of the other side, else at the last trade's, else at the reference price.
    fn about(&self, market: &Market, side: Side, sum: i128, at: i64) -> u128 {
        let last = self.deals.iter().rev().find(|deal| deal.symbol == market.symbol).map(|deal| deal.ticks);
        let best = self.best_for(market, side, at).or(last).unwrap_or(market.reference_ticks);
        (sum / market.worth(best, 1).expect("in range")).unsigned_abs()
    }

    fn accept(
        &mut self,
        at: i64,
        (submit, quantity): (&Submit, Quantity),
        market: &Rc<Market>,
        asks: (Asked, Terms, bool),
        Others { group, asked_group, replaces }: Others,
    ) {
        while self.orders.len() >= self.max_orders && self.forget_longest_closed() {}
        let Submit { id, symbol, delay_us, ref origin, .. } = *submit;
        let (asked, terms, is_rich) = asks;
        let due_at = at.saturating_add_unsigned(delay_us);
        let (accepted, accepted_seq) = (self.last_number + 1, self.last_seq + 1);
        let entry = Entry {
            id,
            account: asked.account,
            symbol,
            market: Rc::clone(market),
            quantity,
            accepted_at: at,
            accepted,
            accepted_seq,
            due_at: Some(due_at),
            state: if group.is_some_and(|group| group.held) { State::Held } else { State::Accepted },
            number: accepted,
            seq: accepted_seq,
            closed_at: None,
            origin: origin.clone(),
            asked: (submit.quantity, asked),
            bought: None,
            is_rich,
            terms,
            filled: 0,
            cost: 0,
            arrived_at: None,
            updated_at: at,
            line: None,
            ending: None,
            reason_text: None,
            triggered: false,
            mark: None,
            first: None,
            group,
            asked_group,
            replaces,
            replaced_by: None,
            outside: false,
        };
        let rich = is_rich.then(|| Arc::new(entry.rich()));
        self.orders.push(entry);
        let place = self.orders.len() - 1;
        self.orders[place].outside = self.is_for_outside(place, at);
        self.accepted += 1;
        let accepted = Accepted { id, symbol, quantity, due_at: Some(Time(due_at)), origin: origin.clone(), rich };
        self.tell(at, 1, 1, Body::Accepted(accepted));
    }

    fn check_names(&self, submit: &Submit, group: Option<AskedGroup>) -> Result<(), Rejection> {
        let native = Asked::native(submit.quantity).expect("quantities are short");
        let asked = (submit.quantity, submit.asked.unwrap_or(native));
        let is_same = |entry: &Entry| (entry.symbol, entry.asked, entry.asked_group) == (submit.symbol, asked, group);
        self.check_named(submit.origin.as_ref(), asked.1.account, is_same)
    }

    /// The first name that stands for another order is what counts, then the first that stands for this one.
    fn check_named(
        &self,
        own: Option<&Arc<Origin>>,
        account: u32,
        is_same: impl Fn(&Entry) -> bool,
    ) -> Result<(), Rejection> {
        let Some(origin) = own else { return Ok(()) };
        let mut placed = None;
        for name in origin.names() {
            let has_it = |entry: &&Entry| entry.account == account && entry.has(&name);
            let Some(entry) = self.orders.iter().find(has_it) else { continue };
            let other = entry.origin.as_ref().and_then(|origin| origin.client_order_id.as_ref());
            if !is_same(entry) || other != origin.client_order_id.as_ref() {
                return Err(Rejection::NameTaken(name.in_account(account)));
            }
            placed = placed.or(Some(Number(entry.accepted)));
        }
        placed.map_or(Ok(()), |number| Err(Rejection::AlreadyPlaced(number)))
    }

    /// An eighth of all that is counted is enough for this, all that is open at its highest price with as much again
    /// for fees, and all that there ever was in the ledger.
    fn check_range(&self, market: &Market, lots: u128) -> Result<(), Rejection> {
        let open = self.orders.iter().filter(|entry| entry.is_open());
        let stakes = open.map(|entry| entry.market.highest_worth(most(&entry.market, &entry.terms)));
        let mut all = market.highest_worth(lots).and_then(|worth| worth.checked_add(self.accounts.extent));
        for stake in stakes {
            all = all.and_then(|all| all.checked_add(stake?));
        }
        all.filter(|all| *all <= i128::MAX / 8).map(|_| ()).ok_or(Rejection::OutOfRange)
    }

    fn forget_longest_closed(&mut self) -> bool {
        let closed = self.orders.iter().filter(|entry| !entry.is_open());
        let Some(longest) = closed.map(|entry| entry.number).min() else { return false };
        self.orders.retain(|entry| entry.is_open() || entry.number != longest);
        self.forgotten = self.forgotten.max(longest);
        true
    }
}

impl Naive {
    fn tell(&mut self, at: i64, changes: u64, of_status: u64, body: Body) {
        self.last_number += changes;
        self.last_seq += of_status;
        self.last_at = at;
        let event = Event { number: Number(self.last_number), seq: Seq(self.last_seq), at: Time(at), body };
        if let (Some(order), None) = (event.order(), event.accepted()) {
            self.touched.insert(order.symbol, at);
        }
        self.told.push(event);
    }

    fn refer(&self, place: usize) -> OrderRef {
        let Entry { accepted, id, symbol, quantity, .. } = self.orders[place];
        OrderRef { accepted_number: Number(accepted), id, symbol, quantity }
    }

    pub(crate) fn find(&self, accepted: Number) -> Option<usize> {
        self.orders.iter().position(|entry| entry.accepted == accepted.0)
    }

    pub(crate) fn named(&self, name: &Name) -> Option<Order> {
        let entry = self.orders.iter().find(|entry| entry.account == DEFAULT && entry.has(name))?;
        Some(entry.shown())
    }

    pub(crate) fn market(&self, symbol: Symbol) -> &Market {
        self.markets.iter().find(|market| market.symbol == symbol).expect("what is ordered is listed")
    }

    pub(crate) fn open_orders(&self) -> usize {
        self.orders.iter().filter(|entry| entry.is_open()).count()
    }

    /// The order that has traded and goes on at once, by its place.
    pub(crate) fn trading(&self) -> Option<usize> {
        self.orders.iter().position(Entry::is_trading)
    }

    pub(crate) fn next_due(&self) -> Option<Time> {
        if self.acts_now() {
            return Some(Time(self.last_at));
        }
        let awaited = self.orders.iter().filter(|entry| entry.is_open()).filter_map(Entry::awaits);
        let meetings = self.markets.iter().filter_map(|market| Some(self.meeting(market)?.max(self.last_at)));
        let outside = self.first_outside().map(|(acts_at, _)| acts_at.max(self.last_at));
        awaited.chain(meetings).chain(outside).chain(self.next_released()).min().map(Time)
    }

    /// Each price of a side that has orders, with what is left of them and how many they are; the best first.
    pub(crate) fn levels(&self, symbol: Symbol, side: Side) -> Vec<(u64, u128, u32)> {
        let mut levels = BTreeMap::new();
        for entry in &self.orders {
            if entry.rests() && entry.symbol == symbol && entry.terms.side == side {
                let level = levels.entry(limit(&entry.terms).expect("what rests has a limit")).or_insert((0, 0));
                *level = (level.0 + entry.left(), level.1 + 1);
            }
        }
        let levels = levels.into_iter().map(|(ticks, (lots, orders))| (ticks, lots, orders));
        if side == Side::Buy { levels.rev().collect() } else { levels.collect() }
    }

    /// The same with the house's beside, each price once.
    pub(crate) fn offered(&self, symbol: Symbol, side: Side, at: i64) -> Vec<(u64, u128)> {
        let market = self.market(symbol);
        let clients = self.levels(symbol, side).into_iter().map(|(ticks, lots, _)| (ticks, lots));
        let mut prices = BTreeMap::new();
        for (ticks, lots) in clients.chain(self.house_of(market, side, at)).filter(|(_, lots)| *lots > 0) {
            *prices.entry(ticks).or_insert(0) += lots;
        }
        let prices = prices.into_iter();
        if side == Side::Buy { prices.rev().collect() } else { prices.collect() }
    }
}

/// The most that an order can come to: for a sum, at one tick each.
fn most(market: &Market, terms: &Terms) -> u128 {
    sum_of(terms).map_or(terms.lots, |sum| (sum / market.worth(1, 1).expect("in range")).unsigned_abs())
}

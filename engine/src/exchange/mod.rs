//! The exchange: every order held, what is due next, the books and the accounts, and what may be forgotten.
//!
//! [`Exchange::decide`] reads and refuses or returns events; [`Exchange::apply`] changes and cannot fail. Nothing else
//! changes anything, so what is replayed is what ran.
//!
//! | | |
//! |---|---|
//! | `accounts.rs` | accounts that clients open, and transfers |
//! | `act.rs` | what is made to happen to an order, by hand or by a rule |
//! | `submit.rs` | what a new order must be, to be accepted |
//! | `amend.rs` | what an open order may ask for instead |
//! | `arrive.rs` | what is due: orders reach the exchange, trade, rest, expire |
//! | `buying_power.rs`, `purse.rs` | what an account can pay |
//! | `worth.rs` | what an account has, in one currency |
//! | `reserved.rs` | what is open of accounts that have a limit |
//! | `grouping.rs` | what a new order with legs must be, to be accepted |
//! | `groups.rs` | orders that end each other: what follows for the others |
//! | `native.rs` | native orders that are due, many in one go |
//! | `change.rs` | what an event changes |
//! | `copy.rs` | another exchange, of all that is in one at a moment |
//! | `lane/` | the same, of plain limit orders, straight away |
//! | `keep.rs` | what is held, what was forgotten, and where a store goes on |
//! | `part.rs` | orders as they take part in trades |
//! | `outside.rs` | what waits while its instrument does not trade |
//! | `listing.rs` | instruments that clients list, and what of one may change |
//! | `quote.rs` | what the house quotes, by its rule or by hand |
//! | `replace.rs` | a new order in place of another |
//! | `rows.rs` | quotes that clients recorded, in place of those |
//! | `requote.rs` | its new quote meets what rests |
//! | `trigger.rs` | stops follow the market, and are triggered |
//! | `marks.rs` | what things are worth at a moment |
//! | `standing.rs` | how accounts and positions stand |
//! | `past.rs` | what an account had at an earlier moment, and what that was worth |
//! | `planned.rs` | that, carried out: how orders end when they arrive, in which parts they trade |
//! | `ruling.rs` | what rules have to say of an order, and what they have in store for it |
//! | `offered.rs` | what clients and the house offer at a moment |

mod accounts;
mod act;
mod amend;
mod arrive;
mod buying_power;
mod change;
mod copy;
mod grouping;
mod groups;
mod keep;
mod lane;
mod listing;
pub(crate) mod marks;
mod native;
mod notional;
pub(crate) mod offered;
mod outside;
mod part;
pub(crate) mod past;
mod planned;
mod purse;
mod quote;
mod replace;
mod requote;
mod reserved;
mod rows;
pub(crate) mod ruling;
pub(crate) mod standing;
mod submit;
mod telling;
mod trigger;
mod worth;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::accounts::clearing::Clearing;
use crate::accounts::ledger::InstrumentNumber;
use crate::agenda::Agenda;
use crate::command::{Command, Rejection, Replace};
use crate::event::{Body, Ended, Event, HouseTrade, RulesSet, Triggered};
use crate::market::built_in::built_in;
use crate::market::hours::Hours;
use crate::market::instrument::Listing;
use crate::market::pit::{Opening, Pit};
use crate::market::quoting::Quoting;
use crate::orders::held::RichOrders;
use crate::orders::origin::Name;
use crate::orders::pages::Pages;
use crate::orders::reason_text::ReasonText;
use crate::rules::rule::PutOff;
use crate::rules::rulebook::Rulebook;
use crate::sheets::{Queue, Sorted, Spread};
use crate::told::Told;
use crate::values::{Money, Number, Seq, Time};
use groups::Groups;
use planned::Planned;
use reserved::Reserved;
use telling::Telling;

/// How many native orders one [`Command::ExecuteDue`] executes: a burst that falls due at once is told in batches.
pub const EXECUTE_AT_MOST: usize = 256;

/// An exchange, in memory.
///
/// A native order costs about 150 bytes with its share of the indexes. What is hashed is only ever looked up, never
/// iterated: its order is chance.
#[derive(Clone, Debug)]
pub struct Exchange {
    orders: Pages,
    /// What only rich orders have.
    rich: RichOrders,
    /// Clients choose these: hashed so that none can make the table slow.
    by_name: Spread<Name, Number>,
    /// What native orders paid beside the price, by the change that accepted each: of those that paid anything.
    fees: Sorted<Number, Money>,
    /// Why orders ended, in somebody's own words, by the change that accepted each: of those of which it was said.
    reason_texts: Sorted<Number, ReasonText>,
    agenda: Agenda,
    /// The order that trades in pieces, and is not yet done.
    acting: Option<Number>,
    /// The order that replaces another one, and arrives before anything else happens.
    arriving: Option<Number>,
    clearing: Clearing,
    /// Which orders end each other.
    groups: Groups,
    /// What is open of those accounts that are looked at.
    reserved: Reserved,
    /// Where each instrument trades, by its number.
    pits: Vec<Pit>,
    /// Where what rests meets the house's quote, and when: the first comes first.
    meetings: BTreeSet<(Time, InstrumentNumber)>,
    /// Where orders wait outside the book, and when the first of them acts: the first to act comes first.
    openings: BTreeSet<Opening>,
    /// Where an order is triggered, or follows the market, before anything else happens.
    restless: BTreeSet<InstrumentNumber>,
    max_instruments: usize,
    lists_unknown: bool,
    equity_hours: Hours,
    quoting: Quoting,
    /// In how many instruments there are rows of quotes.
    replayed: usize,
    /// The rules that there are; none where nobody set any.
    rulebook: Option<Box<Rulebook>>,
    /// What rules have in store for open orders, by the change that accepted each.
    plans: Sorted<Number, Planned>,
    /// When parts of them trade, and of which: the first comes first.
    parts_due: Sorted<(Time, Number), ()>,
    /// When it is decided what was asked of orders and put off.
    decisions: Sorted<(Time, Number), ()>,
    /// What all open orders could come to, each at its highest price.
    at_stake: Money,
    /// Closed orders, longest closed first: the order of forgetting.
    closed: Queue<Number>,
    open: usize,
    max_orders: usize,
    backing: Option<Backing>,
    last_number: Number,
    last_seq: Seq,
    last_at: Time,
    /// Orders that were ever accepted.
    accepted: u64,
    forgotten: Number,
}

/// What an exchange may forget because a store remembers it.
#[derive(Clone, Debug)]
struct Backing {
    /// Closed orders that are kept all the same: those that are asked for most.
    recent: usize,
    /// The store holds all changes up to this one.
    stored: Number,
}

/// How an exchange is set up.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Which house quotes.
    pub quoting: Quoting,
    /// What is listed at first.
    pub listings: Vec<Listing>,
    /// How many instruments there may be.
    pub max_instruments: usize,
    /// Whether a native order for a symbol that nobody knows lists that.
    pub lists_unknown: bool,
    /// When a share trades that is listed without saying so.
    pub equity_hours: Hours,
}

impl Default for Rules {
    /// What is built in, with a house that stays where it is.
    fn default() -> Rules {
        let (quoting, max_instruments) = (Quoting::Frozen, Rules::MAX_INSTRUMENTS);
        let (lists_unknown, equity_hours) = (true, Hours::Always);
        Rules { quoting, listings: built_in().collect(), max_instruments, lists_unknown, equity_hours }
    }
}

impl Rules {
    /// How many instruments there may be where nothing is said.
    pub const MAX_INSTRUMENTS: usize = 100_000;
}

impl Exchange {
    /// An empty exchange that holds at most `max_orders` orders, open and closed.
    #[must_use]
    pub fn new(max_orders: usize) -> Exchange {
        Exchange::with_rules(max_orders, Rules::default())
    }

    /// The same, set up in a way of its own.
    #[must_use]
    pub fn with_rules(max_orders: usize, rules: Rules) -> Exchange {
        let Rules { quoting, listings, max_instruments, lists_unknown, equity_hours } = rules;
        let clearing = Clearing::of(&listings);
        let pits = clearing.instruments().map(|_| Pit::default()).collect();
        Exchange {
            orders: Pages::default(),
            rich: RichOrders::default(),
            by_name: Spread::default(),
            fees: Sorted::default(),
            reason_texts: Sorted::default(),
            agenda: Agenda::default(),
            acting: None,
            arriving: None,
            clearing,
            groups: Groups::default(),
            reserved: Reserved::default(),
            pits,
            meetings: BTreeSet::new(),
            openings: BTreeSet::new(),
            restless: BTreeSet::new(),
            max_instruments,
            lists_unknown,
            equity_hours,
            quoting,
            replayed: 0,
            rulebook: None,
            plans: Sorted::default(),
            parts_due: Sorted::default(),
            decisions: Sorted::default(),
            at_stake: Money::ZERO,
            closed: Queue::default(),
            open: 0,
            max_orders,
            backing: None,
            last_number: Number(0),
            last_seq: Seq(0),
            last_at: Time(i64::MIN),
            accepted: 0,
            forgotten: Number(0),
        }
    }

    /// An empty exchange in front of a store: it holds open orders, at most `max_orders`, the `recent` ones of the
    /// closed, and whatever the store does not hold yet ([`Exchange::stored`]). What it does not know is not open.
    #[must_use]
    pub fn backed(max_orders: usize, recent: usize) -> Exchange {
        Exchange::new(max_orders).in_front_of_store(recent)
    }

    /// This exchange, which is new, in front of a store: see [`Exchange::backed`].
    #[must_use]
    pub fn in_front_of_store(self, recent: usize) -> Exchange {
        Exchange { backing: Some(Backing { recent, stored: Number(0) }), ..self }
    }

    /// What `command` brings about at `now`; nothing changes until the events are applied.
    ///
    /// A `now` before the newest event counts as the time of that event: time never runs backwards here.
    pub fn decide(&self, now: Time, command: &Command) -> Result<Vec<Event>, Rejection> {
        let mut told = Told::default();
        self.decide_into(now, command, &mut told)?;
        Ok(told.into_events())
    }

    /// The same, told in the room of what was told before: that is gone, also where the command is refused.
    pub fn decide_into(&self, now: Time, command: &Command, told: &mut Told) -> Result<(), Rejection> {
        let telling = &mut Telling::after(self.last_number, self.last_seq, now.max(self.last_at), told);
        match command {
            Command::Submit(submit) => match self.submit_plainly(telling, submit) {
                Some(()) => Ok(()),
                None => self.submit(telling, submit),
            },
            Command::SubmitGroup(submit) => self.submit_group(telling, submit),
            Command::Cancel { accepted_number } => {
                self.cancel(telling, *accepted_number)?;
                self.settle_groups(telling);
                Ok(())
            }
            Command::Amend { accepted_number, .. } | Command::Replace(Replace { accepted_number, .. })
                if !self.plans.is_empty() && self.puts_off(telling, *accepted_number, command)? =>
            {
                Ok(())
            }
            Command::Decided(command) => self.decide_now(telling, command),
            Command::Amend { .. } | Command::Replace(_) => self.decide_now(telling, command),
            Command::Act { accepted_number, act } => {
                self.act(telling, *accepted_number, act)?;
                self.settle_groups(telling);
                Ok(())
            }
            Command::List { listing, hours } => self.list(telling, listing, *hours),
            Command::ChangeInstrument { symbol, change } => self.change_instrument(telling, *symbol, change),
            Command::Quote { symbol, quote } => self.set_quote(telling, *symbol, quote.as_ref()),
            Command::AppendRows { symbol, rows } => self.append_rows(telling, *symbol, rows),
            Command::DropRows { symbol } => self.drop_rows(telling, *symbol),
            Command::OpenAccount(open) => self.open_account(telling, open),
            Command::Transfer(transferred) => self.transfer(telling, transferred),
            Command::SetRules { rules, seed } => {
                telling.tell(Body::RulesSet(Box::new(RulesSet { rules: Arc::clone(rules), seed: *seed })));
                Ok(())
            }
            Command::ExecuteDue => {
                self.execute_due(telling);
                self.settle_groups(telling);
                Ok(())
            }
        }
    }

    /// Makes an event true. Events come from [`Exchange::decide`] or from a record of what it returned, in order.
    pub fn apply(&mut self, event: &Event) {
        self.last_number = event.number;
        self.last_seq = event.seq;
        self.last_at = self.last_at.max(event.at);
        if self.change_plainly(event).is_some() {
            return;
        }
        match &event.body {
            Body::Accepted(accepted) => drop(self.open(event, accepted, accepted.state())),
            Body::Listed(_) => {
                self.clearing.apply(event);
                self.pits.resize_with(self.clearing.instruments().len(), Pit::default);
            }
            Body::InstrumentChanged(changed) => self.changed(event, changed),
            Body::AccountOpened(_) | Body::Transferred(_) => self.clearing.apply(event),
            Body::RulesSet(set) => self.have_rules(Rulebook::new(Arc::clone(&set.rules), set.seed)),
            Body::Ruled(ruled) => self.ruled(ruled),
            Body::Refused(refused) => self.count_ruling(&refused.noticed),
            Body::Quoted(quoted) => {
                self.clearing.apply(event);
                let quoted = self.clearing.find(quoted.symbol);
                quoted.into_iter().for_each(|number| self.look_around(number, event.at));
            }
            Body::RowsChanged(changed) => self.rows_changed(changed, event.at),
            Body::Followed(followed) => self.follow(followed, event.at),
            Body::Arrived(arrived) => self.change(event, &arrived.order, |exchange, step| {
                exchange.arrived(event, arrived, step);
            }),
            Body::Filled(filled) => self.change(event, &filled.order, |exchange, step| {
                exchange.filled(event, filled, step);
            }),
            Body::Amended(amended) => self.change(event, &amended.order, |exchange, step| {
                exchange.amended(event, amended, step);
            }),
            Body::Executed(order)
            | Body::Cancelled(order)
            | Body::Bought(HouseTrade { order, .. })
            | Body::Ended(Ended { order, .. })
            | Body::Triggered(Triggered { order, .. }) => self.change(event, order, |exchange, step| {
                exchange.befall(event, step);
            }),
            Body::Replaced(replaced) => self.change(event, &replaced.order, |exchange, step| {
                exchange.befall(event, step);
            }),
            Body::Rescheduled(rescheduled) => self.change(event, &rescheduled.order, |exchange, step| {
                exchange.rescheduled(event, rescheduled, step);
            }),
            Body::Scripted(scripted) => self.change(event, &scripted.order, |exchange, step| {
                exchange.scripted(event, scripted, step);
            }),
        }
    }

    /// Tells what follows for groups, where there are any.
    #[inline]
    fn settle_groups(&self, telling: &mut Telling<'_>) {
        if !self.groups.is_empty() {
            self.settle_open_groups(telling);
        }
    }

    fn cancel(&self, telling: &mut Telling<'_>, accepted_number: Number) -> Result<(), Rejection> {
        let row = self.orders.get(accepted_number).ok_or(Rejection::UnknownOrder)?;
        if !row.is_open() {
            return Ok(());
        }
        if let Some(us) = self.plan_of(row).and_then(|plan| plan.cancel_us).filter(|us| *us > 0) {
            return self.put_off(telling, row, PutOff::Cancel, us);
        }
        telling.tell(Body::Cancelled(self.refer(row)));
        Ok(())
    }
}

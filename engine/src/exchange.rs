//! The exchange: every order held, what is due next, and what may be forgotten.
//!
//! [`Exchange::decide`] reads and refuses or returns events; [`Exchange::apply`] changes and cannot fail. Nothing else
//! changes anything, so what is replayed is what ran.

use std::collections::{HashMap, VecDeque};

use crate::agenda::Agenda;
use crate::command::{Command, Rejection};
use crate::event::{Accepted, Body, Event, OrderRef};
use crate::order::{Order, State};
use crate::orders::Orders;
use crate::origin::{Name, Origin};
use crate::values::{Number, Quantity, Symbol, Time};

/// How many orders one [`Command::ExecuteDue`] executes: a burst that falls due at once is told in batches.
pub const EXECUTE_AT_MOST: usize = 256;

/// All orders held, in memory.
///
/// An order costs about 150 bytes with its share of the indexes. `by_name` is only ever looked up, never iterated: its
/// order is chance.
#[derive(Debug)]
pub struct Exchange {
    orders: Orders,
    /// Clients choose these: hashed so that none can make the table slow.
    by_name: HashMap<Name, Number>,
    agenda: Agenda,
    /// Closed orders, longest closed first: the order of forgetting.
    closed: VecDeque<Number>,
    max_orders: usize,
    backing: Option<Backing>,
    last_number: Number,
    last_at: Time,
    /// Orders that were ever accepted.
    accepted: u64,
    forgotten: Number,
}

/// What an exchange may forget because a store remembers it.
#[derive(Debug)]
struct Backing {
    /// Closed orders that are kept all the same: those that are asked for most.
    recent: usize,
    /// The store holds all changes up to this one.
    stored: Number,
}

impl Exchange {
    /// An empty exchange that holds at most `max_orders` orders, open and closed.
    #[must_use]
    pub fn new(max_orders: usize) -> Exchange {
        Exchange {
            orders: Orders::default(),
            by_name: HashMap::new(),
            agenda: Agenda::default(),
            closed: VecDeque::new(),
            max_orders,
            backing: None,
            last_number: Number(0),
            last_at: Time(i64::MIN),
            accepted: 0,
            forgotten: Number(0),
        }
    }

    /// An empty exchange in front of a store: it holds open orders, at most `max_orders`, the `recent` ones of the
    /// closed, and whatever the store does not hold yet ([`Exchange::stored`]). What it does not know is not open.
    #[must_use]
    pub fn backed(max_orders: usize, recent: usize) -> Exchange {
        Exchange { backing: Some(Backing { recent, stored: Number(0) }), ..Exchange::new(max_orders) }
    }

    /// What `command` brings about at `now`; nothing changes until the events are applied.
    ///
    /// A `now` before the newest event counts as the time of that event: time never runs backwards here.
    pub fn decide(&self, now: Time, command: &Command) -> Result<Vec<Event>, Rejection> {
        let now = now.max(self.last_at);
        match *command {
            Command::Submit { id, symbol, quantity, delay_us, ref origin } => {
                self.check_names(symbol, quantity, origin.as_deref())?;
                self.check_room()?;
                let (due_at, origin) = (now.plus_us(delay_us), origin.clone());
                let body = Body::Accepted(Accepted { id, symbol, quantity, due_at, origin });
                Ok(vec![Event { number: self.last_number.next(), at: now, body }])
            }
            Command::Cancel { accepted_number } => {
                let order = self.order(accepted_number).ok_or(Rejection::UnknownOrder)?;
                Ok(self.closing(order, self.last_number.next(), now, Body::Cancelled).into_iter().collect())
            }
            Command::ExecuteDue => Ok(self.executions(now)),
        }
    }

    /// Makes an event true. Events come from [`Exchange::decide`] or from a record of what it returned, in order.
    pub fn apply(&mut self, event: &Event) {
        self.last_number = event.number;
        self.last_at = self.last_at.max(event.at);
        match &event.body {
            Body::Accepted(accepted) => self.open(Order::accepted(event.number, event.at, accepted)),
            Body::Executed(order) | Body::Cancelled(order) => self.close(order.accepted_number, event),
        }
    }

    /// The store ends with the change `number` at `at`, and `accepted` orders were ever accepted: the open ones of them
    /// were applied, everything else is left to it.
    pub fn resume(&mut self, number: Number, at: Time, accepted: u64) {
        self.last_number = number;
        self.last_at = at;
        self.accepted = accepted;
        self.forgotten = number;
        self.stored(number);
    }

    /// The store holds all changes up to `number` now: what was closed by then may be forgotten.
    ///
    /// Changes nothing in an exchange without a store, and nothing that an order is or will be in any.
    pub fn stored(&mut self, number: Number) {
        let Some(backing) = &mut self.backing else { return };
        backing.stored = backing.stored.max(number);
        let recent = backing.recent;
        while (self.closed.len() > recent || self.orders.len() > self.max_orders) && self.forget_oldest() {}
    }

    /// The store has removed what was closed by the changes up to `number`: it is gone from here too, so that no reader
    /// is shown an order that another one cannot find.
    pub fn removed(&mut self, number: Number) {
        let is_gone = |orders: &Orders, closed: Number| orders.get(closed).is_none_or(|order| order.number <= number);
        while self.closed.front().is_some_and(|&closed| is_gone(&self.orders, closed)) && self.forget_oldest() {}
    }

    /// The order that this change accepted, if it is held.
    #[must_use]
    pub fn order(&self, accepted: Number) -> Option<&Order> {
        self.orders.get(accepted)
    }

    /// The order of this name, if it is held.
    #[must_use]
    pub fn find_named(&self, name: &Name) -> Option<&Order> {
        self.by_name.get(name).and_then(|&accepted| self.orders.get(accepted))
    }

    /// Orders accepted after the change `after`, in order of creation.
    pub fn orders_after(&self, after: Number) -> impl Iterator<Item = &Order> {
        self.orders.after(after)
    }

    /// Orders accepted before the change `before`, the youngest first.
    pub fn orders_before(&self, before: Number) -> impl Iterator<Item = &Order> {
        self.orders.before(before)
    }

    /// The number of the first order that is held and was accepted at this time or later; beyond all where there is
    /// none.
    #[must_use]
    pub fn first_since(&self, time: Time) -> Number {
        self.orders.first_since(time)
    }

    /// When the next order falls due.
    #[must_use]
    pub fn next_due(&self) -> Option<Time> {
        self.agenda.first().map(|(due_at, _)| due_at)
    }

    /// The number of the newest change; 0 before the first.
    #[must_use]
    pub fn last_number(&self) -> Number {
        self.last_number
    }

    /// How many orders are open.
    #[must_use]
    pub fn open_orders(&self) -> usize {
        self.agenda.len()
    }

    /// How many orders were ever accepted.
    #[must_use]
    pub fn accepted_orders(&self) -> u64 {
        self.accepted
    }

    /// How many orders are held, open and closed.
    #[must_use]
    pub fn held_orders(&self) -> usize {
        self.orders.len()
    }

    /// The newest change of any order that was forgotten: who asks about a time before it may miss an order.
    #[must_use]
    pub fn forgotten(&self) -> Number {
        self.forgotten
    }

    /// Whoever repeats a request is told the order that it placed, whoever reuses a name for another order is refused.
    fn check_names(&self, symbol: Symbol, quantity: Quantity, origin: Option<&Origin>) -> Result<(), Rejection> {
        let mut placed = None;
        for name in origin.into_iter().flat_map(Origin::names) {
            match self.find_named(&name) {
                None => {}
                Some(order) if order.is_for(symbol, quantity, origin) => {
                    placed = placed.or(Some(order.accepted_number))
                }
                Some(_) => return Err(Rejection::NameTaken(name)),
            }
        }
        placed.map_or(Ok(()), |accepted| Err(Rejection::AlreadyPlaced(accepted)))
    }

    fn check_room(&self) -> Result<(), Rejection> {
        if self.agenda.len() >= self.max_orders { Err(Rejection::BookFull) } else { Ok(()) }
    }

    fn executions(&self, now: Time) -> Vec<Event> {
        let due = self.open_and_due(now);
        let mut events = Vec::with_capacity(due.len());
        let mut number = self.last_number;
        for order in due {
            events.extend(self.closing(order, number.next(), now, Body::Executed));
            number = number.next();
        }
        events
    }

    /// The orders that are due by `now` and open, earliest first, at most [`EXECUTE_AT_MOST`].
    ///
    /// They were last touched when they were accepted, so each waits for memory: here they wait together, and whoever
    /// uses them next does not.
    fn open_and_due(&self, now: Time) -> Vec<&Order> {
        let mut due = self.agenda.by(now);
        let (mut open, mut looked_at) = (Vec::new(), Vec::new());
        loop {
            looked_at.extend(due.by_ref().take(EXECUTE_AT_MOST - open.len()).map(|accepted| self.orders.get(accepted)));
            if looked_at.is_empty() {
                return open;
            }
            open.extend(looked_at.drain(..).flatten().filter(|order| order.state == State::Pending));
        }
    }

    /// The event that closes `order`, unless it is closed already.
    fn closing(&self, order: &Order, number: Number, at: Time, body: fn(OrderRef) -> Body) -> Option<Event> {
        let body = body(order.into());
        order.state.after(&body, at)?;
        Some(Event { number, at, body })
    }

    fn open(&mut self, order: Order) {
        while self.orders.len() >= self.max_orders && self.forget_oldest() {}
        self.accepted += 1;
        let (due_at, accepted) = (order.due_at, order.accepted_number);
        for name in order.origin.iter().flat_map(|origin| origin.names()) {
            self.by_name.insert(name, accepted);
        }
        self.orders.insert(order);
        self.agenda.open((due_at, accepted));
    }

    fn close(&mut self, accepted: Number, event: &Event) {
        let Some(order) = self.orders.get_mut(accepted) else { return };
        if order.close(event) {
            let due = (order.due_at, accepted);
            let is_open = |accepted| self.orders.get(accepted).is_some_and(|order| order.state == State::Pending);
            self.agenda.close(due, is_open);
            self.closed.push_back(accepted);
        }
    }

    /// Forgets the order closed longest ago, unless there is none or the store does not hold it yet.
    fn forget_oldest(&mut self) -> bool {
        let stored = self.backing.as_ref().map(|backing| backing.stored);
        let orders = &self.orders;
        let is_kept = |order: &Order| stored.is_some_and(|stored| order.number > stored);
        let oldest = self.closed.pop_front_if(|accepted| !orders.get(*accepted).is_some_and(is_kept));
        oldest.map(|accepted| self.forget(accepted)).is_some()
    }

    fn forget(&mut self, accepted: Number) {
        if let Some(order) = self.orders.remove(accepted) {
            for name in order.origin.iter().flat_map(|origin| origin.names()) {
                // A recorded life may hold a name twice, if the first was forgotten in between: the second one stays.
                if self.by_name.get(&name) == Some(&accepted) {
                    self.by_name.remove(&name);
                }
            }
            self.forgotten = self.forgotten.max(order.number);
        }
    }
}

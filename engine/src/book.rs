//! The book: every order held, what is due next, and what may be forgotten.
//!
//! [`Book::decide`] reads and refuses or returns events; [`Book::apply`] changes and cannot fail. Nothing else
//! changes anything, so what is replayed is what ran.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::hash::BuildHasherDefault;
use std::ops::Bound;

use crate::command::{Command, Rejection};
use crate::event::{Change, Event};
use crate::ids::IdHasher;
use crate::order::{Order, State};
use crate::values::{OrderId, Seq, Time};

/// How many orders one [`Command::ExecuteDue`] executes: a burst that falls due at once is told in batches.
pub const EXECUTE_AT_MOST: usize = 256;

/// All orders held, in memory.
///
/// An order costs about 270 bytes with its share of the indexes. `by_id` is only ever looked up, never iterated:
/// its order is chance.
#[derive(Debug)]
pub struct Book {
    /// Orders by the change that accepted them: in order of creation.
    orders: BTreeMap<Seq, Order>,
    by_id: HashMap<OrderId, Seq, BuildHasherDefault<IdHasher>>,
    /// The delay queue: open orders by due time, then by age.
    due: BTreeSet<(Time, Seq)>,
    /// Closed orders, longest closed first: the order of forgetting.
    closed: VecDeque<Seq>,
    max_orders: usize,
    last_seq: Seq,
    last_at: Time,
    forgotten: Seq,
}

impl Book {
    /// An empty book that holds at most `max_orders` orders, open and closed.
    #[must_use]
    pub fn new(max_orders: usize) -> Book {
        Book {
            orders: BTreeMap::new(),
            by_id: HashMap::default(),
            due: BTreeSet::new(),
            closed: VecDeque::new(),
            max_orders,
            last_seq: Seq(0),
            last_at: Time(i64::MIN),
            forgotten: Seq(0),
        }
    }

    /// What `command` brings about at `now`; nothing changes until the events are applied.
    ///
    /// A `now` before the newest event counts as the time of that event: time never runs backwards here.
    pub fn decide(&self, now: Time, command: &Command) -> Result<Vec<Event>, Rejection> {
        let now = now.max(self.last_at);
        match *command {
            Command::Submit { id, symbol, quantity, delay_us } => {
                self.check_room_for(id)?;
                let change = Change::Accepted { due_at: now.plus_us(delay_us) };
                Ok(vec![Event { seq: self.last_seq.next(), at: now, id, symbol, quantity, change }])
            }
            Command::Cancel { id } => {
                let order = self.find(id).ok_or(Rejection::UnknownOrder)?;
                Ok(self.closing(order, self.last_seq.next(), now, Change::Cancelled).into_iter().collect())
            }
            Command::ExecuteDue => Ok(self.executions(now)),
        }
    }

    /// Makes an event true. Events come from [`Book::decide`] or from a record of what it returned, in order.
    pub fn apply(&mut self, event: &Event) {
        self.last_seq = event.seq;
        self.last_at = self.last_at.max(event.at);
        match event.change {
            Change::Accepted { due_at } => self.open(event, due_at),
            Change::Executed | Change::Cancelled => self.close(event),
        }
    }

    /// The order of this id, if it is held.
    #[must_use]
    pub fn find(&self, id: OrderId) -> Option<&Order> {
        self.by_id.get(&id).and_then(|seq| self.orders.get(seq))
    }

    /// Orders accepted after the change `after`, in order of creation.
    pub fn orders_after(&self, after: Seq) -> impl Iterator<Item = &Order> {
        self.orders.range((Bound::Excluded(after), Bound::Unbounded)).map(|(_, order)| order)
    }

    /// When the next order falls due.
    #[must_use]
    pub fn next_due(&self) -> Option<Time> {
        self.due.first().map(|&(due_at, _)| due_at)
    }

    /// The number of the newest change; 0 before the first.
    #[must_use]
    pub fn last_seq(&self) -> Seq {
        self.last_seq
    }

    /// How many orders are open.
    #[must_use]
    pub fn open_orders(&self) -> usize {
        self.due.len()
    }

    /// How many orders are held, open and closed.
    #[must_use]
    pub fn held_orders(&self) -> usize {
        self.orders.len()
    }

    /// The newest change of any order that was forgotten: who asks about a time before it may miss an order.
    #[must_use]
    pub fn forgotten(&self) -> Seq {
        self.forgotten
    }

    fn check_room_for(&self, id: OrderId) -> Result<(), Rejection> {
        if self.by_id.contains_key(&id) {
            Err(Rejection::DuplicateOrder)
        } else if self.due.len() >= self.max_orders {
            Err(Rejection::BookFull)
        } else {
            Ok(())
        }
    }

    fn executions(&self, now: Time) -> Vec<Event> {
        let due = self.due.iter().take_while(|&&(due_at, _)| due_at <= now).take(EXECUTE_AT_MOST);
        let orders = due.filter_map(|(_, seq)| self.orders.get(seq));
        let numbers = std::iter::successors(Some(self.last_seq.next()), |seq| Some(seq.next()));
        orders.zip(numbers).filter_map(|(order, seq)| self.closing(order, seq, now, Change::Executed)).collect()
    }

    /// The event that closes `order`, unless it is closed already.
    fn closing(&self, order: &Order, seq: Seq, at: Time, change: Change) -> Option<Event> {
        order.state.after(change, at)?;
        Some(Event { seq, at, id: order.id, symbol: order.symbol, quantity: order.quantity, change })
    }

    fn open(&mut self, event: &Event, due_at: Time) {
        while self.orders.len() >= self.max_orders {
            let Some(oldest) = self.closed.pop_front() else { break };
            self.forget(oldest);
        }
        let order = Order {
            id: event.id,
            symbol: event.symbol,
            quantity: event.quantity,
            accepted_at: event.at,
            accepted_seq: event.seq,
            due_at,
            state: State::Pending,
            seq: event.seq,
        };
        self.orders.insert(event.seq, order);
        self.by_id.insert(event.id, event.seq);
        self.due.insert((due_at, event.seq));
    }

    fn close(&mut self, event: &Event) {
        let Some(accepted_seq) = self.by_id.get(&event.id) else { return };
        let Some(order) = self.orders.get_mut(accepted_seq) else { return };
        let Some(state) = order.state.after(event.change, event.at) else { return };
        order.state = state;
        order.seq = event.seq;
        self.due.remove(&(order.due_at, order.accepted_seq));
        self.closed.push_back(order.accepted_seq);
    }

    fn forget(&mut self, accepted_seq: Seq) {
        if let Some(order) = self.orders.remove(&accepted_seq) {
            // A recorded life may hold an id twice, if the first was forgotten in between: the second one stays.
            if self.by_id.get(&order.id) == Some(&accepted_seq) {
                self.by_id.remove(&order.id);
            }
            self.forgotten = self.forgotten.max(order.seq);
        }
    }
}

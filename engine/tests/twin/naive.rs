//! The twin: an exchange so slow and plain that it is right at a glance. One list of orders in order of creation, and
//! every question is a walk along it. It shares only the shapes of commands, events and values with the engine,
//! and none of its ways: no index, no agenda, no division into deciding and applying.

use std::sync::Arc;

use tradepit_engine::{
    Accepted, Body, Command, EXECUTE_AT_MOST, Event, Label, Name, Number, Order, OrderId, OrderRef, Origin, Quantity,
    Rejection, State, Symbol, Time,
};

/// The plain exchange: what it is told, it does at once.
pub(crate) struct Naive {
    pub(crate) max_orders: usize,
    /// With a store behind it: how many closed orders it keeps all the same.
    pub(crate) recent: Option<usize>,
    /// The store holds all changes up to this one.
    pub(crate) stored: u64,
    /// Orders held, in order of creation.
    pub(crate) orders: Vec<Entry>,
    pub(crate) last_number: u64,
    pub(crate) last_at: i64,
    /// Orders that were ever accepted.
    pub(crate) accepted: u64,
    pub(crate) forgotten: u64,
}

pub(crate) struct Entry {
    id: OrderId,
    symbol: Symbol,
    quantity: Quantity,
    pub(crate) accepted: (u64, i64),
    due_at: i64,
    /// The number of the change that closed it, and as what.
    closed: Option<(u64, State)>,
    origin: Option<Arc<Origin>>,
}

impl Entry {
    fn has(&self, name: &Name) -> bool {
        self.origin.as_ref().is_some_and(|origin| match name {
            Name::ClientOrderId(key) => origin.client_order_id.as_ref() == Some(key),
            Name::IdempotencyKey(key) => origin.idempotency_key.as_ref() == Some(key),
        })
    }

    fn own_id(&self) -> Option<&Label> {
        self.origin.as_ref().and_then(|origin| origin.client_order_id.as_ref())
    }

    fn is_open(&self) -> bool {
        self.closed.is_none()
    }

    /// The entry as the engine should show it.
    pub(crate) fn shown(&self) -> Order {
        let (number, state) = self.closed.unwrap_or((self.accepted.0, State::Pending));
        Order {
            id: self.id,
            symbol: self.symbol,
            quantity: self.quantity,
            accepted_at: Time(self.accepted.1),
            accepted_number: Number(self.accepted.0),
            due_at: Time(self.due_at),
            state,
            number: Number(number),
            origin: self.origin.clone(),
        }
    }
}

impl Naive {
    pub(crate) fn new(max_orders: usize, recent: Option<usize>) -> Naive {
        Naive {
            max_orders,
            recent,
            stored: 0,
            orders: Vec::new(),
            last_number: 0,
            last_at: i64::MIN,
            accepted: 0,
            forgotten: 0,
        }
    }

    /// The store holds all changes up to `number`.
    pub(crate) fn store(&mut self, number: u64) {
        self.stored = self.stored.max(number);
        let Some(recent) = self.recent else { return };
        let is_too_many =
            |twin: &Naive| twin.orders.len() - twin.open_orders() > recent || twin.orders.len() > twin.max_orders;
        while is_too_many(self) && self.forget_longest_closed() {}
    }

    /// A new start in front of the store: what is closed is left to it.
    pub(crate) fn resume(&mut self) {
        self.orders.retain(Entry::is_open);
        (self.forgotten, self.stored) = (self.last_number, self.last_number);
    }

    pub(crate) fn obey(&mut self, now: Time, command: &Command) -> Result<Vec<Event>, Rejection> {
        let now = if now.0 < self.last_at { self.last_at } else { now.0 };
        match *command {
            Command::Submit { id, symbol, quantity, delay_us, ref origin } => {
                self.check_names(symbol, quantity, origin.as_deref())?;
                if self.open_orders() >= self.max_orders {
                    return Err(Rejection::BookFull);
                }
                self.make_room();
                // Wide enough never to overflow; then cut to the end of time.
                let due_at = (i128::from(now) + i128::from(delay_us)).min(i128::from(i64::MAX));
                let due_at = i64::try_from(due_at).expect("cut to fit");
                self.count(now);
                self.accepted += 1;
                let (accepted, origin) = ((self.last_number, now), origin.clone());
                self.orders.push(Entry {
                    id,
                    symbol,
                    quantity,
                    accepted,
                    due_at,
                    closed: None,
                    origin: origin.clone(),
                });
                let body = Body::Accepted(Accepted { id, symbol, quantity, due_at: Time(due_at), origin });
                Ok(vec![Event { number: Number(self.last_number), at: Time(now), body }])
            }
            Command::Cancel { accepted_number } => {
                let position = self.position(accepted_number).ok_or(Rejection::UnknownOrder)?;
                let open = self.orders[position].is_open();
                Ok(if open { vec![self.close(position, State::Cancelled { at: Time(now) })] } else { Vec::new() })
            }
            Command::ExecuteDue => Ok(self.execute(now)),
        }
    }

    fn make_room(&mut self) {
        while self.orders.len() >= self.max_orders && self.forget_longest_closed() {}
    }

    /// Unless there is none, or the store lacks it.
    fn forget_longest_closed(&mut self) -> bool {
        let closings = self.orders.iter().filter_map(|entry| entry.closed);
        let Some(longest_closed) = closings.map(|(number, ..)| number).min() else { return false };
        if self.recent.is_some() && longest_closed > self.stored {
            return false;
        }
        self.orders.retain(|entry| entry.closed.is_none_or(|(number, ..)| number != longest_closed));
        self.forgotten = self.forgotten.max(longest_closed);
        true
    }

    /// The first name that stands for another order is what counts, then the first that stands for this one.
    fn check_names(&self, symbol: Symbol, quantity: Quantity, origin: Option<&Origin>) -> Result<(), Rejection> {
        let Some(origin) = origin else { return Ok(()) };
        let own_id = origin.client_order_id.as_ref();
        let found: Vec<(Name, &Entry)> =
            origin.names().filter_map(|name| self.named(&name).map(|entry| (name, entry))).collect();
        for (name, entry) in &found {
            if entry.symbol != symbol || entry.quantity != quantity || entry.own_id() != own_id {
                return Err(Rejection::NameTaken(name.clone()));
            }
        }
        found.first().map_or(Ok(()), |(_, entry)| Err(Rejection::AlreadyPlaced(Number(entry.accepted.0))))
    }

    pub(crate) fn named(&self, name: &Name) -> Option<&Entry> {
        self.orders.iter().find(|entry| entry.has(name))
    }

    fn close(&mut self, position: usize, state: State) -> Event {
        let (at, body): (Time, fn(OrderRef) -> Body) = match state {
            State::Executed { at } => (at, Body::Executed),
            State::Cancelled { at } => (at, Body::Cancelled),
            State::Pending => unreachable!("nothing closes an order so"),
        };
        self.count(at.0);
        let entry = &mut self.orders[position];
        entry.closed = Some((self.last_number, state));
        let Entry { id, symbol, quantity, .. } = *entry;
        let order = OrderRef { accepted_number: Number(entry.accepted.0), id, symbol, quantity };
        Event { number: Number(self.last_number), at, body: body(order) }
    }

    fn execute(&mut self, now: i64) -> Vec<Event> {
        let is_due = |entry: &Entry| entry.is_open() && entry.due_at <= now;
        let mut due: Vec<usize> = (0..self.orders.len()).filter(|&p| is_due(&self.orders[p])).collect();
        due.sort_by_key(|&p| self.orders[p].due_at); // stable: ties stay in order of creation
        due.truncate(EXECUTE_AT_MOST);
        due.into_iter().map(|p| self.close(p, State::Executed { at: Time(now) })).collect()
    }

    fn count(&mut self, now: i64) {
        self.last_number += 1;
        self.last_at = now;
    }

    pub(crate) fn position(&self, accepted: Number) -> Option<usize> {
        self.orders.iter().position(|entry| entry.accepted.0 == accepted.0)
    }

    pub(crate) fn open_orders(&self) -> usize {
        self.orders.iter().filter(|entry| entry.is_open()).count()
    }

    pub(crate) fn next_due(&self) -> Option<Time> {
        self.orders.iter().filter(|entry| entry.is_open()).map(|entry| Time(entry.due_at)).min()
    }
}

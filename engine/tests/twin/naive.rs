//! The twin: an exchange so slow and plain that it is right at a glance. One list of orders in order of creation, and
//! every question is a walk along it. It shares only the shapes of commands, events and values with the engine,
//! and none of its ways: no index, no agenda, no division into deciding and applying.

use std::sync::Arc;

use tradepit_engine::{
    Accepted, Body, Bought, Command, Decimal, EXECUTE_AT_MOST, Event, HouseTrade, Label, Money, Name, Number, Order,
    OrderId, OrderRef, Origin, Quantity, Rejection, Seq, State, Step, Submit, Symbol, Time,
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
    pub(crate) last_seq: u64,
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
    accepted_seq: u64,
    due_at: i64,
    /// The number of the change that closed it, how many there were of its kind, when, and as what.
    closed: Option<(u64, u64, i64, State)>,
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
        let open = (self.accepted.0, self.accepted_seq, self.accepted.1, State::Accepted);
        let (number, seq, at, state) = self.closed.unwrap_or(open);
        let (ticks, tick) = reference(self.symbol);
        Order {
            id: self.id,
            symbol: self.symbol,
            quantity: self.quantity,
            accepted_at: Time(self.accepted.1),
            accepted_number: Number(self.accepted.0),
            accepted_seq: Seq(self.accepted_seq),
            due_at: Some(Time(self.due_at)),
            state,
            closed_at: self.closed.map(|_| Time(at)),
            number: Number(number),
            seq: Seq(seq),
            origin: self.origin.clone(),
            bought: (state == State::Filled).then_some(Bought { ticks, tick, fee: Money::ZERO }),
            rich: None,
            reason_text: None,
            put_off: None,
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
            last_seq: 0,
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
            Command::Submit(Submit { id, symbol, quantity, delay_us, ref origin, .. }) => {
                self.check_names(symbol, quantity, origin.as_deref())?;
                if self.open_orders() >= self.max_orders {
                    return Err(Rejection::BookFull);
                }
                self.make_room();
                // Wide enough never to overflow; then cut to the end of time.
                let due_at = (i128::from(now) + i128::from(delay_us)).min(i128::from(i64::MAX));
                let due_at = i64::try_from(due_at).expect("cut to fit");
                self.count(now, 1);
                self.accepted += 1;
                let (accepted, origin) = ((self.last_number, now), origin.clone());
                self.orders.push(Entry {
                    id,
                    symbol,
                    quantity,
                    accepted,
                    accepted_seq: self.last_seq,
                    due_at,
                    closed: None,
                    origin: origin.clone(),
                });
                let due_at = Some(Time(due_at));
                let body = Body::Accepted(Accepted { id, symbol, quantity, due_at, origin, rich: None });
                Ok(vec![self.event(now, body)])
            }
            Command::Cancel { accepted_number } => {
                let position = self.position(accepted_number).ok_or(Rejection::UnknownOrder)?;
                let open = self.orders[position].is_open();
                Ok(if open { vec![self.close(position, State::Cancelled, now)] } else { Vec::new() })
            }
            Command::Amend { .. }
            | Command::Replace(_)
            | Command::Act { .. }
            | Command::SubmitGroup(_)
            | Command::Quote { .. }
            | Command::AppendRows { .. }
            | Command::DropRows { .. }
            | Command::List { .. }
            | Command::ChangeInstrument { .. }
            | Command::OpenAccount(_)
            | Command::Transfer(_)
            | Command::SetRules { .. }
            | Command::Decided(_) => {
                panic!("nothing is amended, acted on or quoted here, and there is one account")
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
        let Some(longest_closed) = closings.map(|closed| closed.0).min() else { return false };
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

    fn close(&mut self, position: usize, state: State, at: i64) -> Event {
        // To arrive and to trade are two changes, though told as one.
        self.count(at, if state == State::Filled { 2 } else { 1 });
        let entry = &mut self.orders[position];
        entry.closed = Some((self.last_number, self.last_seq, at, state));
        let Entry { id, symbol, quantity, .. } = *entry;
        let order = OrderRef { accepted_number: Number(entry.accepted.0), id, symbol, quantity };
        let (ticks, tick) = reference(symbol);
        let body = match state {
            State::Filled => Body::Bought(HouseTrade { order, ticks, tick, fee: Money::ZERO }),
            _ => Body::Cancelled(order),
        };
        self.event(at, body)
    }

    fn event(&self, at: i64, body: Body) -> Event {
        Event { number: Number(self.last_number), seq: Seq(self.last_seq), at: Time(at), body }
    }

    fn execute(&mut self, now: i64) -> Vec<Event> {
        let is_due = |entry: &Entry| entry.is_open() && entry.due_at <= now;
        let mut due: Vec<usize> = (0..self.orders.len()).filter(|&p| is_due(&self.orders[p])).collect();
        due.sort_by_key(|&p| self.orders[p].due_at); // stable: ties stay in order of creation
        due.truncate(EXECUTE_AT_MOST);
        due.into_iter().map(|p| self.close(p, State::Filled, now)).collect()
    }

    fn count(&mut self, now: i64, changes: u64) {
        self.last_number += changes;
        self.last_seq += 1;
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

/// The price at which nobody but the house sells, in ticks, and what a tick is.
fn reference(symbol: Symbol) -> (u64, Step) {
    let (ticks, tick) = match symbol.as_str() {
        "EURUSD" => (108_500, "0.00001"),
        "GBPUSD" => (127_000, "0.00001"),
        "BTC/USD" => (6_500_000, "0.01"),
        "BRK.B" => (45_000, "0.01"),
        other => panic!("nobody orders {other}"),
    };
    (ticks, Step::new(Decimal::parse(tick).expect("a number")).expect("a step"))
}

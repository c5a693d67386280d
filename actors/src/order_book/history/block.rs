//! A run of changes, packed.

use std::sync::Arc;

use tradepit_engine::{
    Accepted, Arrived, Body, Event, HouseTrade, Money, Number, Order, OrderId, OrderRef, Origin, Quantity, Rich, Seek,
    Seq, Step, Symbol, Time,
};

use super::Place;

/// Changes that follow each other.
#[derive(Clone)]
pub(super) struct Block {
    /// The change before the first one.
    pub(super) before: Place,
    pub(super) changes: Vec<Kept>,
    /// The symbols, each with its tick where one is known; changes of one symbol in a row share it.
    symbols: Vec<(Symbol, Option<Step>)>,
    /// The names of the orders that have some, by the change's place in the block.
    origins: Vec<(usize, Arc<Origin>)>,
    /// What is asked for by the rich orders that are accepted, in the same way.
    riches: Vec<(usize, Arc<Rich>)>,
    /// The rich orders that rest, as of then, in the same way.
    resting: Vec<(usize, Arc<Order>)>,
    /// What is told by nothing of that, by its place in the block.
    others: Vec<Other>,
    /// A bit for each symbol that traded, which others may share.
    traded: u128,
    /// The same, of those that were quoted by hand or set to something else.
    set: u128,
}

/// A change that is kept as it is.
#[derive(Clone)]
struct Other {
    place: usize,
    body: Body,
    /// The fill of the same order before it, where it is a fill and that one was held.
    earlier: Option<Number>,
    /// Its order as of after it, where that is a rich one and there was one before.
    order: Option<Arc<Order>>,
}

/// When an order is due that waits for an act: no clock shows that.
const NEVER: Time = Time(i64::MIN);

/// A change, packed.
#[derive(Clone, Copy)]
pub(super) struct Kept {
    at: Time,
    id: OrderId,
    quantity: Quantity,
    /// When the order is due, where this accepts it; otherwise the change that accepted it.
    due_at_or_accepted_number: u64,
    /// The price at which it bought.
    ticks: u32,
    symbol: u16,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Accepted,
    Executed,
    Cancelled,
    Bought,
    /// It arrived, and rests.
    Rests,
    Other,
}

impl Block {
    /// With room for so many changes at once: a venue in which little happens has none for more.
    pub(super) fn after(before: Place, room: usize) -> Block {
        Block {
            before,
            changes: Vec::with_capacity(room),
            symbols: Vec::new(),
            origins: Vec::new(),
            riches: Vec::new(),
            resting: Vec::new(),
            others: Vec::new(),
            traded: 0,
            set: 0,
        }
    }

    /// Adds the change that comes next; where it is a fill, `earlier` is the one of the same order before it.
    pub(super) fn push(&mut self, event: &Event, order: Option<&Arc<Order>>, earlier: Option<Number>) {
        let place = self.changes.len();
        if let Body::Bought(HouseTrade { order, .. }) = &event.body {
            self.traded |= bit_of(order.symbol);
        } else if let Body::Filled(filled) = &event.body {
            self.traded |= bit_of(filled.order.symbol);
        } else if let Body::Quoted(quoted) = &event.body {
            self.set |= bit_of(quoted.symbol);
        } else if let Body::InstrumentChanged(changed) = &event.body {
            self.set |= bit_of(changed.symbol);
        }
        let rich = order.filter(|order| order.rich.is_some() && event.accepted().is_none());
        let (kind, order, what, ticks, tick) = match event.body {
            Body::Accepted(ref accepted) => {
                self.origins.extend(accepted.origin.iter().map(|origin| (place, Arc::clone(origin))));
                self.riches.extend(accepted.rich.iter().map(|rich| (place, Arc::clone(rich))));
                let due_at = accepted.due_at.unwrap_or(NEVER).0.cast_unsigned();
                (Kind::Accepted, accepted.order(event.number), due_at, 0, None)
            }
            Body::Arrived(Arrived { order, rests: true, waited: false, is_partly: false, rich: None }) => {
                self.resting.extend(rich.map(|order| (place, Arc::clone(order))));
                (Kind::Rests, order, order.accepted_number.0, 0, None)
            }
            _ if rich.is_some() => return self.push_other(event, rich, earlier),
            Body::Executed(order) => (Kind::Executed, order, order.accepted_number.0, 0, None),
            Body::Cancelled(order) => (Kind::Cancelled, order, order.accepted_number.0, 0, None),
            Body::Bought(HouseTrade { order, ticks: ticks @ ..=0xffff_ffff, tick, fee: Money::ZERO }) => {
                (Kind::Bought, order, order.accepted_number.0, ticks as u32, Some(tick))
            }
            Body::Bought(_)
            | Body::Arrived(_)
            | Body::Filled(_)
            | Body::Ended(_)
            | Body::Replaced(_)
            | Body::Rescheduled(_)
            | Body::Scripted(_)
            | Body::Amended(_)
            | Body::Listed(_)
            | Body::InstrumentChanged(_)
            | Body::Triggered(_)
            | Body::Followed(_)
            | Body::Quoted(_)
            | Body::RowsChanged(_)
            | Body::AccountOpened(_)
            | Body::Transferred(_)
            | Body::RulesSet(_)
            | Body::Ruled(_)
            | Body::Refused(_) => return self.push_other(event, None, earlier),
        };
        let OrderRef { id, symbol, quantity, .. } = order;
        let (symbol, at) = (self.keep_symbol(symbol, tick), event.at);
        self.changes.push(Kept { at, id, quantity, due_at_or_accepted_number: what, ticks, symbol, kind });
    }

    fn push_other(&mut self, event: &Event, order: Option<&Arc<Order>>, earlier: Option<Number>) {
        let (place, body, order) = (self.changes.len(), event.body.clone(), order.cloned());
        self.others.push(Other { place, body, earlier, order });
        let (at, id, quantity) = (event.at, OrderId([0; 16]), Quantity::ONE);
        let (due_at_or_accepted_number, ticks, symbol, kind) = (0, 0, u16::MAX, Kind::Other);
        self.changes.push(Kept { at, id, quantity, due_at_or_accepted_number, ticks, symbol, kind });
    }

    /// Where a symbol is kept. A block has at most 256 of them.
    fn keep_symbol(&mut self, symbol: Symbol, tick: Option<Step>) -> u16 {
        match self.symbols.last_mut() {
            Some((last, known)) if *last == symbol && (known.is_none() || tick.is_none() || *known == tick) => {
                *known = known.or(tick);
            }
            _ => self.symbols.push((symbol, tick)),
        }
        (self.symbols.len() - 1) as u16
    }

    /// The change at this place, which comes after that one.
    pub(super) fn event(&self, place: usize, before: Place) -> Event {
        let at = self.changes[place].at;
        let body = self.body(place);
        let number = Number(before.number.0 + body.changes());
        let seq = Seq(before.seq.0 + u64::from(body.status().is_some()));
        Event { number, seq, at, body }
    }

    fn body(&self, place: usize) -> Body {
        let Kept { id, quantity, due_at_or_accepted_number, ticks, symbol, kind, .. } = self.changes[place];
        if let Kind::Other = kind {
            return self.other(place).body.clone();
        }
        let (symbol, tick) = self.symbols[usize::from(symbol)];
        let order = OrderRef { accepted_number: Number(due_at_or_accepted_number), id, symbol, quantity };
        match (kind, tick) {
            (Kind::Accepted, _) => {
                let due_at = Some(Time(due_at_or_accepted_number.cast_signed())).filter(|due_at| *due_at != NEVER);
                let (origin, rich) = (find(&self.origins, place).cloned(), find(&self.riches, place).cloned());
                Body::Accepted(Accepted { id, symbol, quantity, due_at, origin, rich })
            }
            (Kind::Rests, _) => {
                Body::Arrived(Arrived { order, rests: true, waited: false, is_partly: false, rich: None })
            }
            (Kind::Bought, Some(tick)) => {
                Body::Bought(HouseTrade { order, ticks: ticks.into(), tick, fee: Money::ZERO })
            }
            (Kind::Cancelled, _) => Body::Cancelled(order),
            (Kind::Executed | Kind::Bought | Kind::Other, _) => Body::Executed(order),
        }
    }

    fn other(&self, place: usize) -> &Other {
        let found = self.others.binary_search_by_key(&place, |other| other.place);
        &self.others[found.expect("it was kept")]
    }

    /// How many changes the one at this place tells of, and whether it is one of a status.
    pub(super) fn step(&self, place: usize) -> (u64, u64) {
        match self.changes[place].kind {
            Kind::Accepted | Kind::Executed | Kind::Cancelled => (1, 1),
            Kind::Bought => (2, 1),
            Kind::Rests => (1, 0),
            Kind::Other => {
                let body = &self.other(place).body;
                (body.changes(), u64::from(body.status().is_some()))
            }
        }
    }

    /// The change at this place, which comes after that one, as a place.
    pub(super) fn place_of(&self, place: usize, before: Place) -> Place {
        let (changes, statuses) = self.step(place);
        Place { number: Number(before.number.0 + changes), seq: Seq(before.seq.0 + statuses) }
    }

    /// The order of which the change at this place is a fill that is told by itself.
    pub(super) fn filled_order(&self, place: usize) -> Option<Number> {
        if !matches!(self.changes[place].kind, Kind::Other) {
            return None;
        }
        match &self.other(place).body {
            Body::Filled(filled) => Some(filled.order.accepted_number),
            _ => None,
        }
    }

    /// The order as it stood after the change at this place, where that is kept.
    pub(super) fn order(&self, place: usize) -> Option<&Arc<Order>> {
        match self.changes[place].kind {
            Kind::Rests => find(&self.resting, place),
            Kind::Other => self.other(place).order.as_ref(),
            Kind::Accepted | Kind::Executed | Kind::Cancelled | Kind::Bought => None,
        }
    }

    /// The fill before the one at this place, of the same order.
    pub(super) fn earlier(&self, place: usize) -> Option<Number> {
        self.other(place).earlier
    }

    /// Whether a trade may be here of this symbol.
    pub(super) fn may_have_traded(&self, symbol: Symbol) -> bool {
        self.traded & bit_of(symbol) != 0
    }

    /// Whether what is sought may be here.
    pub(super) fn may_have(&self, symbol: Symbol, seek: Seek) -> bool {
        match seek {
            Seek::Trade => self.may_have_traded(symbol),
            Seek::Quote | Seek::Status => self.set & bit_of(symbol) != 0,
        }
    }

    /// Whether its first change was at this time or earlier.
    pub(super) fn begins_by(&self, time: Time) -> bool {
        self.changes.first().is_some_and(|first| first.at <= time)
    }

    /// Whether a fill, or what else has no packed form, may be at this place.
    pub(super) fn may_be_fill(&self, place: usize) -> bool {
        matches!(self.changes[place].kind, Kind::Bought | Kind::Other)
    }
}

/// What is kept of the change at this place.
fn find<T>(kept: &[(usize, T)], place: usize) -> Option<&T> {
    let found = kept.binary_search_by_key(&place, |(place, _)| *place).ok()?;
    Some(&kept[found].1)
}

/// One of 128 bits.
fn bit_of(symbol: Symbol) -> u128 {
    let hash = symbol.as_str().bytes().fold(0_u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
    1 << (hash % 128)
}

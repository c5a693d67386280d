//! Lives: the changes that a real exchange makes of seeded random commands.

use std::sync::Arc;

use tradepit_engine::{
    Accepted, Asked, AskedGroup, Body, Clearing, Command, Decimal, Event, Exchange, GroupClass, Instrument, Label,
    Loss, Number, OrderId, Origin, Quantity, Rejection, Side, Submit, SubmitGroup, Symbol, Time, TimeInForce,
};
use tradepit_kit::Dice;
use tradepit_store::Batch;

/// 2026-01-02T00:00:00Z. No life lasts until the next day.
pub(crate) const BEGINNING: Time = Time(1_767_312_000_000_000);

pub(crate) const SYMBOLS: [&str; 3] = ["EURUSD", "BTC/USD", "BRK.B"];

/// What nobody has listed at first.
const UNKNOWN: [&str; 4] = ["NEW", "a_b-9", "X.Y", "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"];

/// The event that accepts an order, with other names for it.
pub(crate) fn named(event: &Event, origin: Option<Arc<Origin>>) -> Event {
    let accepted = event.accepted().expect("it accepts an order").clone();
    Event { body: Body::Accepted(Accepted { origin, ..accepted }), ..event.clone() }
}

pub(crate) fn rounded_up(instrument: &Instrument, qty: Decimal) -> Quantity {
    let lots =
        qty.steps(instrument.lot().size()).and_then(|lots| u128::try_from(lots).ok()).expect("it is so many lots");
    Quantity::new(instrument.rounded_up(lots).try_into().expect("few")).expect("in range")
}

pub(crate) struct Life {
    pub(crate) dice: Dice,
    pub(crate) now: Time,
    pub(crate) exchange: Exchange,
    /// The change that accepted each order so far.
    pub(crate) accepted: Vec<Number>,
    /// Names so far: none is used twice.
    names: u64,
    /// What every name begins with.
    prefix: String,
    /// One of so many orders that can have legs has some; none where it is 0.
    legs_once_in: u64,
}

impl Life {
    pub(crate) fn new(seed: u64) -> Life {
        let (dice, exchange) = (Dice::seeded(seed), Exchange::new(usize::MAX));
        Life { dice, now: BEGINNING, exchange, accepted: Vec::new(), names: 0, prefix: String::new(), legs_once_in: 0 }
    }

    /// A life whose names are as long as they may be: its database is large with few orders.
    pub(crate) fn wordy(seed: u64) -> Life {
        Life { prefix: "n".repeat(Label::MAX_LEN - 8), ..Life::new(seed) }
    }

    /// A life in which many orders have legs.
    pub(crate) fn with_legs(seed: u64) -> Life {
        Life { legs_once_in: 2, ..Life::new(seed) }
    }

    /// What happens next, until it is at least so many changes.
    pub(crate) fn batch(&mut self, changes: usize) -> Batch {
        let mut events = Vec::new();
        while events.len() < changes {
            let command = self.command();
            events.extend(self.obey(&command));
        }
        events.into()
    }

    /// What happens in one turn of a random size: mostly few changes, so that the store is quiet; at times many.
    pub(crate) fn turn(&mut self) -> Batch {
        let changes = match self.dice.below(10) {
            0..6 => 1 + self.dice.below(3),
            6..9 => 5 + self.dice.below(30),
            _ => 100 + self.dice.below(100),
        };
        self.batch(changes)
    }

    /// The changes that accept so many orders, none of which executes today.
    pub(crate) fn patient(&mut self, orders: usize) -> Batch {
        let mut events = Vec::new();
        for _ in 0..orders {
            let command = Command::Submit(self.native(&SYMBOLS, 10_000_000_000));
            events.extend(self.obey(&command));
        }
        events.into()
    }

    /// The change that cancels the order that was accepted `back` orders ago.
    pub(crate) fn cancel(&mut self, back: usize) -> Batch {
        let accepted_number = self.accepted[self.accepted.len() - 1 - back];
        self.obey(&Command::Cancel { accepted_number }).into()
    }

    /// Goes on with an exchange that was recovered, and with the orders that it holds.
    pub(crate) fn take_over(&mut self, exchange: Exchange) {
        self.accepted.retain(|&accepted| exchange.order(accepted).is_some());
        self.exchange = exchange;
    }

    fn obey(&mut self, command: &Command) -> Vec<Event> {
        self.try_obey(command).expect("a life asks for nothing that is refused")
    }

    /// What comes of a command that may be refused.
    pub(crate) fn try_obey(&mut self, command: &Command) -> Result<Vec<Event>, Rejection> {
        let events = self.exchange.decide(self.now, command)?;
        for event in &events {
            self.exchange.apply(event);
            self.accepted.extend(event.accepted().map(|_| event.number));
        }
        Ok(events)
    }

    /// One of the orders that came last.
    pub(crate) fn recent(&mut self) -> Option<Number> {
        let from = self.accepted.len().saturating_sub(30);
        (!self.accepted.is_empty()).then(|| self.dice.of(&self.accepted[from..]))
    }

    pub(crate) fn command(&mut self) -> Command {
        self.now = Time(self.now.0 + self.dice.below(2_000));
        match self.dice.below(10) {
            0..2 if let Some(accepted_number) = self.recent() => Command::Cancel { accepted_number },
            2..4 => Command::ExecuteDue,
            _ => {
                // Some wait as long as the life lasts.
                let delay_us = if self.dice.once_in(15) { 10_000_000_000 } else { self.dice.below(20_000) };
                let submit = self.submit(delay_us);
                if self.legs_once_in > 0 && self.dice.once_in(self.legs_once_in) {
                    return self.grouped(submit);
                }
                Command::Submit(submit)
            }
        }
    }

    /// A native order, for what is not listed yet at times, or a rich one.
    fn submit(&mut self, delay_us: u64) -> Submit {
        match self.dice.below(10) {
            0..5 => self.native(&SYMBOLS, delay_us),
            5 => self.native(&UNKNOWN, delay_us),
            _ => self.rich(delay_us),
        }
    }

    fn native(&mut self, symbols: &[&str], delay_us: u64) -> Submit {
        let id = u128::from(self.dice.number()) << 64 | u128::from(self.dice.number());
        let id = OrderId(id.to_be_bytes());
        let symbol = Symbol::new(self.dice.of(symbols)).expect("a symbol");
        // More than the house offers at one price, at times.
        let most = if self.dice.once_in(20) { 10_000_000_000 } else { 500 };
        let quantity = Quantity::new(1 + self.dice.below(most)).expect("in range");
        Submit { id, symbol, quantity, delay_us, origin: self.origin(), asked: None }
    }

    /// An order that rests near the house's prices, crosses them or others, or ends by its own terms.
    pub(crate) fn rich(&mut self, delay_us: u64) -> Submit {
        let submit = self.native(&SYMBOLS, delay_us);
        let instrument = self.exchange.instrument(submit.symbol).expect("it is listed").clone();
        let time_in_force = match self.dice.below(8) {
            0 => TimeInForce::FillOrKill,
            1 => TimeInForce::ImmediateOrCancel,
            2 => TimeInForce::Day,
            _ => TimeInForce::GoodTillCancelled,
        };
        let rests = matches!(time_in_force, TimeInForce::GoodTillCancelled | TimeInForce::Day);
        let limit_price = self.price(&instrument);
        let qty = instrument.lot().times(1 + self.dice.below(2_000_u128)).expect("it is short");
        let asked = Asked {
            account: Clearing::DEFAULT,
            side: self.dice.of(&[Side::Buy, Side::Sell]),
            limit_price,
            stop: None,
            time_in_force,
            post_only: rests && limit_price.is_some() && self.dice.once_in(4),
            qty,
            notional: None,
        };
        Submit { quantity: rounded_up(&instrument, qty), asked: Some(asked), ..submit }
    }

    /// The same with legs, where it can have some: one that takes a profit, one that stops a loss, or both.
    fn grouped(&mut self, submit: Submit) -> Command {
        let Some(asked) = submit.asked else { return Command::Submit(submit) };
        let instrument = self.exchange.instrument(submit.symbol).expect("it is listed").clone();
        let mut near = || instrument.price(instrument.reference_ticks() + self.dice.below(16) - 8);
        let (profit, stop, limit) = (near(), near(), near());
        let loss = Loss { stop, limit: self.dice.once_in(2).then_some(limit) };
        let class = self.dice.of(&GroupClass::ALL);
        let (take_profit, stop_loss) = match class {
            GroupClass::Bracket => (Some(profit), Some(loss)),
            GroupClass::Oto => (Some(profit), None),
            GroupClass::Oco => (None, Some(loss)),
        };
        let group = AskedGroup { class, take_profit, stop_loss };
        if !group.can_be_of(&asked) {
            return Command::Submit(submit);
        }
        let Submit { id, symbol, quantity, delay_us, origin, .. } = submit;
        let legs = [1, 2].map(|leg| OrderId((u128::from_be_bytes(id.0) ^ leg).to_be_bytes()));
        Command::SubmitGroup(Box::new(SubmitGroup { id, legs, symbol, quantity, delay_us, origin, asked, group }))
    }

    /// One near the reference price, or none: then it is a market order.
    fn price(&mut self, instrument: &Instrument) -> Option<Decimal> {
        let ticks = instrument.reference_ticks() + self.dice.below(16);
        (!self.dice.once_in(5)).then(|| instrument.price(ticks - 8))
    }

    /// Neither name, one, the other, both, or both with the same text.
    fn origin(&mut self) -> Option<Arc<Origin>> {
        let (name, other) = (self.name(), self.name());
        match self.dice.below(5) {
            0 => None,
            1 => Origin::new(Some(name), None),
            2 => Origin::new(None, Some(name)),
            3 => Origin::new(Some(name), Some(other)),
            _ => Origin::new(Some(name.clone()), Some(name)),
        }
    }

    fn name(&mut self) -> Label {
        self.names += 1;
        Label::new(&format!("{}{}", self.prefix, self.names)).expect("a key")
    }
}

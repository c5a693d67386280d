//! What is made to happen to orders by hand, as it is drawn, and what of that is met.

use tradepit_engine::{
    Act, Body, Command, Decimal, Event, Hindrance, OrderFault, PriceOf, ReasonText, Rejection, Rescheduled, State, Then,
};

use crate::commands::Drawing;
use crate::market::times;
use crate::naive::{Entry, Naive};

impl Drawing {
    pub(crate) fn act(&mut self, twin: &Naive) -> Command {
        let accepted_number = self.number(twin);
        let entry = twin.find(accepted_number).map(|place| &twin.orders[place]);
        let is_on_hold = entry.is_some_and(|entry| entry.state == State::Accepted && entry.due_at.is_none());
        let act = match (self.dice.below(16), entry) {
            (0..4, _) if is_on_hold => Act::Release,
            (0..4, _) => Act::Hold,
            (4 | 5, _) => Act::Arrive,
            (6, _) => Act::Release,
            (7, _) => Act::Cancel,
            (8, _) => Act::Expire,
            (9, _) => {
                let text = ReasonText::new(self.dice.of(&["insufficient margin", "nicht jetzt – später"]));
                Act::Reject { text: text.ok().filter(|_| self.dice.once_in(2)) }
            }
            (_, None) => Act::Fill { qty: None, price: None },
            (_, Some(entry)) => {
                let (market, left) = (self.market(entry.symbol), entry.left());
                let few = 1 + u128::from(self.dice.below(u64::try_from(left.min(40)).expect("few") + 1));
                let qty = match self.dice.below(12) {
                    0 => Some(times(market.lot * 2 / 4, 1)),
                    1 => Some(times(market.lot, left + 1)),
                    2..9 => Some(times(market.lot, few.min(left.max(1)))),
                    _ => None,
                };
                let off_tick = Decimal::new(market.tick * 2 + 5, 13).filter(|_| self.dice.once_in(4));
                let price = self.dice.once_in(2).then(|| self.price(&market, entry.terms.side)).or(off_tick);
                Act::Fill { qty, price }
            }
        };
        Command::Act { accepted_number, act }
    }
}

/// What came about by this command, before which these orders were held.
pub(crate) fn met_by_acts(
    command: &Command,
    done: &Result<Vec<Event>, Rejection>,
    before: &[Entry],
) -> Vec<&'static str> {
    let own = |event: &Event| before.iter().find(|entry| Some(entry.accepted) == event.about().map(|number| number.0));
    let mut met = Vec::new();
    for event in done.iter().flatten() {
        let was = own(event);
        let is_native = was.is_some_and(|own| !own.is_rich);
        met.extend(match &event.body {
            Body::Rescheduled(Rescheduled { due_at: None, .. }) if is_native => Some("a native order held"),
            Body::Rescheduled(Rescheduled { due_at: None, .. }) => Some("held by hand"),
            Body::Rescheduled(_) if was.is_some_and(|own| own.due_at.is_none()) => Some("released"),
            Body::Rescheduled(_) if is_native => Some("a native order let arrive"),
            Body::Rescheduled(_) => Some("let arrive"),
            Body::Scripted(scripted) if was.is_some_and(|own| own.filled > 0) => Some(match scripted.ending.state() {
                State::Expired => "expired by hand, partly filled",
                _ => "cancelled by hand, partly filled",
            }),
            Body::Scripted(scripted) if is_native => Some(match scripted.ending.state() {
                State::Rejected => "a native order rejected",
                _ => "a native order ended by hand",
            }),
            Body::Scripted(scripted) => Some(match scripted.ending.state() {
                State::Rejected => "rejected by hand",
                State::Expired => "expired by hand",
                _ => "cancelled by hand",
            }),
            Body::Ended(_) if was.is_some_and(|own| own.due_at.is_none()) => Some("ended on hold"),
            Body::Filled(filled) if matches!(command, Command::Act { .. }) => Some(match filled.then {
                Then::Closes => "filled by hand",
                Then::Rests | Then::GoesOn => "filled by hand in part",
            }),
            _ => None,
        });
    }
    met.extend(match done {
        Err(Rejection::Hindered(hindrance)) => vec![match hindrance {
            Hindrance::NotArrived => "not arrived",
            Hindrance::HasArrived => "has arrived",
            Hindrance::WaitsForParent => "waits for its parent",
            Hindrance::WaitsForPrice => "waits for a price",
            Hindrance::NotTrading => "does not trade",
            Hindrance::NotOnHold => "not on hold",
            Hindrance::Undecided => "undecided",
        }],
        Err(Rejection::Faulty(faults)) => {
            let of_fill = faults.iter().filter_map(|fault| match fault {
                OrderFault::QuantityLeft => Some("more than is left"),
                OrderFault::PriceBeyond => Some("beyond its limit"),
                OrderFault::PriceTick(PriceOf::Fill) => Some("a fill between two ticks"),
                OrderFault::PriceRange(PriceOf::Fill) => Some("a fill out of range"),
                _ => None,
            });
            of_fill.collect()
        }
        _ => Vec::new(),
    });
    met
}

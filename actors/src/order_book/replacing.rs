//! How the OrderBook places an order in place of another one.

use tradepit_engine::{Command, Number, Rejection, Replace};

use super::OrderBook;
use super::answers::{Answers, Lookup, Placing};
use super::put_off::Decided;
use crate::ask::{self, Placed};

/// [`ask::Replace`], from whoever has looked its names up in the store.
pub(crate) struct PlaceInstead {
    pub(crate) replace: ask::Replace,
    /// The store knows none of the names, as of this change. Without a store nobody has to look.
    pub(crate) unknown_as_of: Option<Number>,
}

impl Answers<PlaceInstead> for OrderBook {
    /// Where to look for the order to replace in the store: if it is there, it is closed.
    type Answer = Lookup<Placing<ask::Replace>, Number>;

    fn answer(&mut self, PlaceInstead { replace, unknown_as_of }: PlaceInstead) -> Self::Answer {
        if replace.origin.is_some() && self.must_look_first(unknown_as_of) {
            return Lookup::Here(Placing::LookFirst(replace));
        }
        self.place_instead(replace).map(|placing| match placing {
            Decided::Now(placed) => Placing::Done(placed),
            Decided::Later(told) => Placing::Later(told),
        })
    }
}

impl OrderBook {
    /// The same, whatever the store has of its names.
    pub(super) fn place_instead(
        &mut self,
        replace: ask::Replace,
    ) -> Lookup<Decided<Result<Placed, Rejection>>, Number> {
        let old = self.locate(replace.id).map(|order| order.accepted_number);
        old.map(|accepted_number| {
            let placed = self.replace(accepted_number, replace.clone(), |command| command);
            // One that was put off has placed nothing yet.
            match placed {
                Err(Rejection::UnknownOrder) if self.is_put_off(accepted_number) => {
                    Decided::Later(self.replace_later(accepted_number, replace))
                }
                placed => Decided::Now(placed),
            }
        })
    }

    /// The same, once it is decided.
    pub(super) fn replace_now(&mut self, accepted_number: Number, replace: ask::Replace) -> Result<Placed, Rejection> {
        self.replace(accepted_number, replace, |command| Command::Decided(Box::new(command)))
    }

    fn replace(
        &mut self,
        accepted_number: Number,
        replace: ask::Replace,
        into: impl FnOnce(Command) -> Command,
    ) -> Result<Placed, Rejection> {
        let ask::Replace { amendment, quantity, origin, .. } = replace;
        // The old one ends first.
        let accepted = self.exchange.last_number().next().next();
        let id = self.chance.id(accepted);
        let command = into(Command::Replace(Replace { accepted_number, id, amendment, quantity, origin }));
        let placed = match self.commit(&command) {
            Ok(_) => self.exchange.order(accepted).map(|order| Placed::New(order.as_accepted())),
            Err(Rejection::AlreadyPlaced(number)) => {
                self.exchange.order(number).map(|order| Placed::Again(order.as_accepted()))
            }
            Err(rejection) => return Err(rejection),
        };
        placed.ok_or(Rejection::UnknownOrder)
    }
}

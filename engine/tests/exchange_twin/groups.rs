//! Orders with legs, as they are drawn, and what of them is met.

use tradepit_engine::{
    AskedGroup, Body, Command, Decimal, Ending, Event, GroupClass, Loss, OrderFault, OrderId, Rejection, Side, State,
    Submit, SubmitGroup, TimeInForce,
};

use crate::commands::Drawing;
use crate::naive::{Entry, Naive};

impl Drawing {
    /// The same order with legs, of one in so many; seldom with such that no group has.
    pub(crate) fn with_legs(&mut self, submit: Submit) -> Command {
        let once_in = self.world.legs_once_in;
        // None that says a sum has legs.
        let can_have = submit.asked.is_some_and(|asked| asked.notional.is_none());
        if once_in == 0 || !can_have || !self.dice.once_in(once_in) {
            return Command::Submit(submit);
        }
        let is_again = submit.origin.is_some() && self.dice.once_in(6);
        if let Some(again) = self.grouped.clone().filter(|_| is_again) {
            return Command::SubmitGroup(Box::new(SubmitGroup { id: submit.id, ..again }));
        }
        let Submit { id, symbol, quantity, delay_us, origin, asked } = submit;
        let Some(mut asked) = asked else { return Command::ExecuteDue };
        if !self.dice.once_in(20) {
            let stands = matches!(asked.time_in_force, TimeInForce::GoodTillCancelled | TimeInForce::Day);
            asked.stop = None;
            asked.time_in_force = if stands { asked.time_in_force } else { TimeInForce::GoodTillCancelled };
        }
        let market = self.market(symbol);
        let class = self.dice.of(&GroupClass::ALL);
        // Mostly the right way round, and both near: often both are in the book.
        let mut near = |side: Side| self.price(&market, side);
        let (profit, stop, limit): (Decimal, Decimal, Decimal) =
            (near(asked.side.other()), near(asked.side), near(asked.side.other()));
        let loss = Loss { stop, limit: (!self.dice.once_in(3)).then_some(limit) };
        let (mut take_profit, mut stop_loss) = match class {
            GroupClass::Bracket => (Some(profit), Some(loss)),
            GroupClass::Oto if self.dice.once_in(2) => (Some(profit), None),
            GroupClass::Oto => (None, Some(loss)),
            GroupClass::Oco => (None, Some(loss)),
        };
        if class == GroupClass::Oco && !self.dice.once_in(20) {
            asked.limit_price = asked.limit_price.or(Some(limit));
        }
        match self.dice.below(40) {
            0 => take_profit = None,
            1 => stop_loss = None,
            2 => take_profit = Some(profit),
            _ => {}
        }
        let group = AskedGroup { class, take_profit, stop_loss };
        let legs = [1, 2].map(|leg| OrderId((u128::from_be_bytes(id.0) << 2 | leg).to_be_bytes()));
        let submit = SubmitGroup { id, legs, symbol, quantity, delay_us, origin, asked, group };
        self.grouped = Some(submit.clone());
        Command::SubmitGroup(Box::new(submit))
    }
}

/// What came about for groups by this command, before which these orders were held.
pub(crate) fn met_by_groups(
    command: &Command,
    done: &Result<Vec<Event>, Rejection>,
    before: &[Entry],
    twin: &Naive,
) -> Vec<&'static str> {
    let mut met = Vec::new();
    let events = match (command, done) {
        (Command::SubmitGroup(_), Err(Rejection::AlreadyPlaced(_))) => return vec!["repeated with legs"],
        (_, Err(Rejection::Faulty(faults))) if faults.contains(&OrderFault::Group) => return vec!["no such group"],
        (_, Err(_)) => return met,
        (_, Ok(events)) => events,
    };
    if let Command::SubmitGroup(submit) = command {
        met.push(match submit.group.class {
            GroupClass::Bracket => "a bracket",
            GroupClass::Oco => "an oco",
            GroupClass::Oto => "an oto",
        });
    }
    let of_command = match command {
        Command::Amend { accepted_number, .. } => Some(*accepted_number),
        _ => None,
    };
    for event in events {
        let Some(accepted) = event.about() else { continue };
        let own = before.iter().find(|entry| entry.accepted == accepted.0);
        let place = twin.find(accepted);
        let Some(group) = place.and_then(|place| twin.orders[place].group) else { continue };
        let was = own.map(|own| own.state);
        let filled = own.is_some_and(|own| own.filled > 0);
        met.extend(match &event.body {
            Body::Arrived(_) if was == Some(State::Held) => Some("acts"),
            Body::Cancelled(_) if was == Some(State::Held) => Some("a held leg cancelled"),
            Body::Cancelled(_) if group.is_leg() => Some("a leg cancelled"),
            Body::Cancelled(_) if filled => Some("a parent cancelled partly filled"),
            Body::Ended(ended) => match ended.ending {
                Ending::Group if was == Some(State::Held) || group.held && own.is_none() => Some("ended as a held leg"),
                Ending::Group if group.is_leg() => Some("ended with its group"),
                Ending::Group => Some("ended as a parent"),
                Ending::Expired if group.is_leg() => Some("a leg expired"),
                Ending::Expired => Some("a parent expired"),
                _ => None,
            },
            Body::Amended(_) if of_command == Some(accepted) && was == Some(State::Held) => Some("a held leg amended"),
            Body::Amended(_) if of_command.is_some() && of_command != Some(accepted) => Some("amended with its parent"),
            Body::Amended(_) if of_command.is_none() => Some("loses what the other fills"),
            Body::Filled(_) if twin.trading() == place && place.and_then(|place| twin.rival(place)).is_some() => {
                Some("more than one trade beside a rival")
            }
            _ => None,
        });
    }
    let both =
        |place: usize| twin.orders[place].rests() && twin.rival(place).is_some_and(|rival| twin.orders[rival].rests());
    met.extend((0..twin.orders.len()).any(both).then_some("in the book both"));
    met
}

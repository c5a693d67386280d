//! The legs that an order may have: what its body says of them, and whether that fits together.

use serde_json::value::RawValue;
use tradepit_engine::{AskedGroup, Decimal, GroupClass, Loss, PriceOf, TimeInForce};

use super::draft::{Draft, Type};
use crate::native::wire::body::fields::Fields;
use crate::native::wire::body::values::read_decimal;
use crate::native::wire::flaw::{Flaw, Place};
use crate::native::wire::input::beginning;
use crate::native::wire::json::Members;

const CLASSES: [(&str, Option<GroupClass>); 4] = [
    ("simple", None),
    ("bracket", Some(GroupClass::Bracket)),
    ("oco", Some(GroupClass::Oco)),
    ("oto", Some(GroupClass::Oto)),
];

/// What to tell of a leg that an order of its class has not.
pub(super) const NO_LEGS: (&str, &str) = ("unexpected", "Only a bracket, oco or oto order has this");

/// What to tell of a quantity that is not an order's own.
pub(super) const QUANTITY_OF_GROUP: &str = "The quantity of a leg or an oco order follows from its group, and so does \
                                            that of whatever replaces another order of a group than the parent of a \
                                            bracket";

const TAKE_PROFIT: &str = "take_profit";
const STOP_LOSS: &str = "stop_loss";
const LIMIT_PRICE: &str = "limit_price";
const STOP_PRICE: &str = "stop_price";

/// The legs of an order, as far as its body could be read.
#[derive(Default)]
pub(super) struct Legs {
    class: Option<GroupClass>,
    take_profit: Option<Decimal>,
    stop_loss: Option<Loss<Decimal>>,
}

impl Legs {
    /// The group that is asked for, if one is.
    pub(super) fn group(&self) -> Option<AskedGroup> {
        let Legs { class, take_profit, stop_loss } = *self;
        // The order of an `oco` takes the profit itself.
        let take_profit = take_profit.filter(|_| class != Some(GroupClass::Oco));
        class.map(|class| AskedGroup { class, take_profit, stop_loss })
    }

    /// The limit price of the order itself, where that is said of a leg.
    pub(super) fn own_limit(&self) -> Option<Decimal> {
        self.take_profit.filter(|_| self.class == Some(GroupClass::Oco))
    }
}

impl Draft<'_> {
    /// Reads the class of an order and its legs, and looks whether they fit together, and to the order. Returns of what
    /// type that is: one of an `oco` is a limit order where nothing is said.
    pub(super) fn read_legs(&mut self, said: Option<Type>, time_in_force: Option<TimeInForce>) -> Option<Type> {
        let class = self.reading.choice("order_class", &CLASSES);
        let [take_profit] = self.prices_of(TAKE_PROFIT, [LIMIT_PRICE], LIMIT_PRICE);
        let [stop, worst] = self.prices_of(STOP_LOSS, [STOP_PRICE, LIMIT_PRICE], STOP_PRICE);
        let stop_loss = stop.map(|stop| Loss { stop, limit: worst });
        // What could not be read is not looked at again.
        let Some(class) = class else { return said };
        self.legs = Legs { class, take_profit, stop_loss };
        match class {
            None => [TAKE_PROFIT, STOP_LOSS].into_iter().for_each(|leg| self.refuse_leg(leg)),
            Some(GroupClass::Bracket) => [TAKE_PROFIT, STOP_LOSS].into_iter().for_each(|leg| self.require_leg(leg)),
            Some(GroupClass::Oto) => self.require_one_leg(),
            Some(GroupClass::Oco) => return self.read_oco(said),
        }
        if class.is_some() {
            self.require_parent(said, time_in_force);
        }
        said
    }

    fn has(&self, leg: &str) -> bool {
        self.reading.fields.given(leg).is_some()
    }

    fn refuse_leg(&mut self, leg: &'static str) {
        if self.has(leg) {
            self.reading.flaw(leg, NO_LEGS.0, NO_LEGS.1);
        }
    }

    fn require_leg(&mut self, leg: &'static str) {
        if !self.has(leg) {
            self.reading.flaw(leg, "missing", "Field required");
        }
    }

    fn require_one_leg(&mut self) {
        match (self.has(TAKE_PROFIT), self.has(STOP_LOSS)) {
            (false, false) => {
                self.reading.flaw(TAKE_PROFIT, "missing", "An oto order has either take_profit or stop_loss");
            }
            (true, true) => {
                self.reading.flaw(STOP_LOSS, "legs_conflict", "Give either take_profit or stop_loss, not both");
            }
            (true, false) | (false, true) => {}
        }
    }

    /// An order whose legs wait for it trades at once, or stands until it does.
    fn require_parent(&mut self, order_type: Option<Type>, time_in_force: Option<TimeInForce>) {
        if order_type.is_some_and(|order_type| !matches!(order_type, Type::Market | Type::Limit)) {
            let msg = "The order of a bracket or an oto is a market or a limit order";
            self.reading.flaw("type", "type_of_parent", msg);
        }
        if time_in_force.is_some_and(|time_in_force| !time_in_force.stands()) {
            let msg = "The order of a bracket or an oto stands till cancelled (gtc) or for the day (day)";
            self.reading.flaw("time_in_force", "time_in_force_of_parent", msg);
        }
        if self.has("notional") {
            let msg = "The legs of an order follow its quantity, which one that says a notional has not";
            self.reading.flaw("notional", "notional_of_parent", msg);
        }
    }

    /// An order that takes a profit, beside the leg that stops a loss.
    fn read_oco(&mut self, said: Option<Type>) -> Option<Type> {
        self.require_leg(STOP_LOSS);
        let own = self.reading.fields.given(LIMIT_PRICE);
        let is_other = |json| read_decimal(json).is_ok_and(|own| self.legs.take_profit.is_some_and(|of| of != own));
        if own.is_some_and(is_other) {
            let json = price_in(&self.reading.fields, TAKE_PROFIT, LIMIT_PRICE);
            let msg = "Give the limit_price of an oco order once: it is that of its take_profit";
            self.flaw_in(TAKE_PROFIT, LIMIT_PRICE, json, ("take_profit_conflict", msg.into()));
        }
        if !self.has("type") {
            return Some(Type::Limit);
        }
        if said.is_some_and(|said| said != Type::Limit) {
            self.reading.flaw("type", "type_of_oco", "The order of an oco is a limit order");
        }
        said
    }

    /// Reads what a leg says of these prices, of which it must have one.
    fn prices_of<const N: usize>(
        &mut self,
        leg: &'static str,
        names: [&'static str; N],
        needed: &str,
    ) -> [Option<Decimal>; N] {
        let Some(json) = self.reading.fields.given(leg) else { return [None; N] };
        let Some(Members(members)) = members(json) else {
            self.reading.flaw(leg, "model_attributes_type", "Input should be a JSON object");
            return [None; N];
        };
        for (at, (name, value)) in members.iter().enumerate() {
            let is_first_again = members[..at].iter().filter(|(before, _)| before == name).count() == 1;
            if is_first_again {
                let place = [Place::Name(leg), Place::Field(beginning(name).to_owned())];
                let flaw = Flaw::in_body("duplicate_key", place, "Field given twice", (*value).into());
                self.reading.flaws.push(flaw);
            }
        }
        names.map(|name| {
            let last = members.iter().rfind(|(member, value)| member == name && value.get() != "null");
            match last.map(|(_, value)| (read_decimal(value), *value)) {
                Some((Ok(price), _)) => return Some(price),
                Some((Err(wrong), value)) => self.flaw_in(leg, name, Some(value), wrong),
                None if name == needed => self.flaw_in(leg, name, Some(json), ("missing", "Field required".into())),
                None => {}
            }
            None
        })
    }

    fn flaw_in(
        &mut self,
        leg: &'static str,
        name: &'static str,
        json: Option<&RawValue>,
        (kind, msg): (&'static str, std::borrow::Cow<'static, str>),
    ) {
        let input = json.map_or_else(|| self.reading.fields.input(leg), Into::into);
        self.reading.flaws.push(Flaw::in_body(kind, [Place::Name(leg), Place::Name(name)], msg, input));
    }
}

fn members(json: &RawValue) -> Option<Members<'_>> {
    if json.get().starts_with('{') { serde_json::from_str(json.get()).ok() } else { None }
}

/// By which name a leg has this price.
pub(super) fn price_of_leg(of: PriceOf) -> Option<&'static str> {
    match of {
        PriceOf::TakeProfit | PriceOf::LossLimit => Some(LIMIT_PRICE),
        PriceOf::LossStop => Some(STOP_PRICE),
        PriceOf::Limit | PriceOf::Stop | PriceOf::Trail | PriceOf::Fill => None,
    }
}

/// What a leg says of this price.
pub(super) fn price_in<'a>(fields: &Fields<'a>, leg: &str, name: &str) -> Option<&'a RawValue> {
    let Members(members) = members(fields.given(leg)?)?;
    members.iter().rfind(|(member, _)| member == name).map(|&(_, json)| json)
}

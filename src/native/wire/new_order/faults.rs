//! What an instrument, or the venue, has against an order: the flaws that no body tells by itself.

use tradepit_engine::{Asked, Instrument, OrderFault, PriceOf, Time, Trail};

use super::draft::{Draft, NO_LIMIT, NO_STOP, NO_TRAIL};
use super::legs::{NO_LEGS, QUANTITY_OF_GROUP, price_in, price_of_leg};
use crate::native::wire::body::fields::Fields;
use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::{Flaw, Flaws, Place};
use crate::native::wire::input::Input;

impl Draft<'_> {
    /// Refuses it for all that is wrong with it by itself.
    pub(crate) fn refused(self) -> ApiError {
        ApiError::Invalid(Flaws { detail: self.reading.flaws })
    }

    /// Refuses it for that, and for all that its instrument has against it.
    pub(crate) fn refused_by(mut self, instrument: &Instrument) -> ApiError {
        let mut asked = self.asked();
        let is_sum = self.notional.is_some() && asked.limit_price.is_none() && asked.stop.is_none();
        if self.amount.is_none() && !is_sum {
            // What could not be read, or does not fit, has a flaw already: here it has none.
            let qty = instrument.quantity(instrument.limits().0.into()).unwrap_or(asked.qty);
            asked = Asked { qty, notional: None, ..asked };
        }
        // When it would expire does not matter.
        let mut faults = instrument.terms(&asked, Time(0)).err().unwrap_or_default();
        let of_legs = self.legs.group().and_then(|group| instrument.legs(&asked, &group).err()).unwrap_or_default();
        // Whether it is a group at all its body tells by itself.
        faults.extend(of_legs.into_iter().filter(|fault| *fault != OrderFault::Group));
        let flaws: Vec<Flaw> =
            faults.into_iter().map(|fault| flaw_of(fault, instrument, &self.reading.fields)).collect();
        self.reading.flaws.extend(flaws);
        self.refused()
    }

    /// Refuses it because nobody knows its instrument.
    pub(crate) fn refused_as_unknown(mut self) -> ApiError {
        let field = if self.reading.fields.get("stoks").is_some() { "stoks" } else { "symbol" };
        self.refuse_field(field, "unknown_symbol", "No instrument has this symbol")
    }

    /// Refuses it because nobody has its account, or that takes no orders.
    pub(crate) fn refused_for_its_account(mut self) -> ApiError {
        self.refuse_field("account", "unknown_account", "There is no such account")
    }

    /// Refuses it because its account cannot tell what it would come to.
    pub(crate) fn refused_as_no_conversion(mut self) -> ApiError {
        let field = if self.reading.fields.get("stoks").is_some() { "stoks" } else { "symbol" };
        let msg = "Nothing leads from this instrument's currency to that of the account";
        self.refuse_field(field, "no_conversion", msg)
    }

    /// Refuses it because it could come to more than is counted.
    pub(crate) fn refused_as_out_of_range(mut self) -> ApiError {
        let msg = "At the highest price this order, with all open ones, could come to more than is counted";
        self.refuse_field(amount_field(&self.reading.fields), "out_of_range", msg)
    }

    fn refuse_field(&mut self, field: &'static str, kind: &'static str, msg: &'static str) -> ApiError {
        let input = self.reading.fields.input(field);
        self.reading.flaws.push(Flaw::in_body(kind, [Place::Name(field)], msg, input));
        ApiError::Invalid(Flaws { detail: std::mem::take(&mut self.reading.flaws) })
    }
}

/// Which field says how much.
pub(super) fn amount_field(fields: &Fields<'_>) -> &'static str {
    ["quantity", "notional"].into_iter().find(|field| fields.given(field).is_some()).unwrap_or("qty")
}

fn price_field(of: PriceOf) -> &'static str {
    match of {
        PriceOf::Limit => "limit_price",
        PriceOf::Stop => "stop_price",
        PriceOf::Trail => "trail_price",
        PriceOf::TakeProfit => "take_profit",
        PriceOf::LossStop | PriceOf::LossLimit => "stop_loss",
        PriceOf::Fill => "price",
    }
}

/// The field by which that price was given.
fn given(of: PriceOf, fields: &Fields<'_>) -> &'static str {
    let by_percent = of == PriceOf::Trail && fields.given("trail_percent").is_some();
    if by_percent { "trail_percent" } else { price_field(of) }
}

/// The flaw of a field that an instrument, or the order as it stands, does not allow.
pub(crate) fn flaw_of(fault: OrderFault, instrument: &Instrument, fields: &Fields<'_>) -> Flaw {
    let (tick, lot) = (instrument.tick(), instrument.lot());
    let (least, most) = instrument.limits();
    let highest = instrument.price(instrument.reference_ticks().saturating_mul(Instrument::HIGHEST));
    let lots = |lots: u64| lot.times(lots.into()).map_or_else(String::new, |quantity| quantity.to_string());
    let (field, kind, msg) = match fault {
        OrderFault::PriceTick(of) => {
            (price_field(of), "price_tick", format!("Input should be a multiple of the tick, {tick:?}"))
        }
        OrderFault::PriceRange(of) => {
            (price_field(of), "price_range", format!("Input should be from {tick:?} to {highest}"))
        }
        OrderFault::TrailPercent => {
            let msg = format!("Input should be between 0 and 100, with at most {} decimals", Trail::DECIMALS);
            ("trail_percent", "trail_percent", msg)
        }
        OrderFault::QuantityLot => {
            (amount_field(fields), "quantity_lot", format!("Input should be a multiple of the lot, {lot:?}"))
        }
        OrderFault::QuantityRange => {
            let msg = format!("Input should be from {} to {}", lots(least), lots(most));
            (amount_field(fields), "quantity_range", msg)
        }
        OrderFault::Notional => {
            let msg = "The order says a notional, and no quantity".to_owned();
            (amount_field(fields), "quantity_of_notional", msg)
        }
        OrderFault::QuantityFilled => {
            (amount_field(fields), "quantity_filled", "Input should be more than has traded already".to_owned())
        }
        OrderFault::No(of) => {
            let (kind, msg) = match of {
                PriceOf::Limit => NO_LIMIT,
                PriceOf::Stop => NO_STOP,
                PriceOf::Trail => NO_TRAIL,
                PriceOf::TakeProfit | PriceOf::LossStop | PriceOf::LossLimit | PriceOf::Fill => NO_LEGS,
            };
            (given(of, fields), kind, msg.to_owned())
        }
        OrderFault::Triggered => {
            let field =
                given(if fields.given("stop_price").is_some() { PriceOf::Stop } else { PriceOf::Trail }, fields);
            (field, "triggered", "The order was triggered: what it waited for is over".to_owned())
        }
        OrderFault::TimeInForce => {
            let msg = "What is post_only or has reached the exchange stands till cancelled (gtc) or for the day (day)";
            ("time_in_force", "time_in_force", msg.to_owned())
        }
        OrderFault::PostOnly => {
            let msg = "At this price the order would trade, and it is post_only";
            ("limit_price", "post_only", msg.to_owned())
        }
        OrderFault::Group => ("order_class", "no_group", "No group has such orders".to_owned()),
        OrderFault::QuantityLeft => {
            (amount_field(fields), "quantity_left", "Input should be at most what is left".to_owned())
        }
        OrderFault::PriceBeyond => {
            (price_field(PriceOf::Fill), "price_beyond", "Input should be no worse than the order's limit".to_owned())
        }
        OrderFault::QuantityOfGroup => (amount_field(fields), "quantity_of_group", QUANTITY_OF_GROUP.to_owned()),
    };
    if let OrderFault::PriceTick(of) | OrderFault::PriceRange(of) = fault
        && let Some(inner) = price_of_leg(of)
    {
        let input = price_in(fields, field, inner).map_or_else(|| fields.input(field), Input::from);
        return Flaw::in_body(kind, [Place::Name(field), Place::Name(inner)], msg, input);
    }
    Flaw::in_body(kind, [Place::Name(field)], msg, fields.input(field))
}

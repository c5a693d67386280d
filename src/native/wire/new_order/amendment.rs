//! The body of `PATCH /orders/{id}`: what an open order shall ask for instead.

use tradepit_engine::{Amendment, AskedStop, Instrument, OrderFault, Quantity};

use super::faults::{amount_field, flaw_of};
use crate::native::wire::body::fields::Fields;
use crate::native::wire::body::reading::Reading;
use crate::native::wire::body::values::read_decimal;
use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::{Flaw, Flaws, Place};
use crate::native::wire::input::Input;
use crate::native::wire::terms::TIMES_IN_FORCE;

/// What was read of such a body, which has no flaw of its own.
pub(crate) struct AmendmentDraft<'a> {
    reading: Reading<'a>,
    pub(crate) amendment: Amendment,
    /// How much in all, rounded up to whole ones.
    pub(crate) quantity: Option<Quantity>,
}

impl<'a> AmendmentDraft<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// All that is wrong with it by itself.
    pub(crate) fn read(body: &'a [u8]) -> Result<AmendmentDraft<'a>, ApiError> {
        let fields = Fields::read(body).map_err(|flaw| ApiError::Invalid(Flaws { detail: vec![flaw] }))?;
        let flaws = fields.given_twice();
        let mut reading = Reading { fields, flaws };
        let amount = reading.amount();
        let limit_price = reading.optional("limit_price", read_decimal);
        let is_given = reading.fields.given("time_in_force").is_some();
        let time_in_force = reading.choice("time_in_force", &TIMES_IN_FORCE).filter(|_| is_given);
        let stop = reading.optional("stop_price", read_decimal).map(AskedStop::At);
        let distance = reading.optional("trail_price", read_decimal).map(AskedStop::Behind);
        let percent = reading.optional("trail_percent", read_decimal).map(AskedStop::BehindPercent);
        let stops: Vec<AskedStop> = [stop, distance, percent].into_iter().flatten().collect();
        if stops.len() > 1 {
            let last = if percent.is_some() { "trail_percent" } else { "trail_price" };
            reading.flaw(
                last,
                "trail_conflict",
                "No order has more than one of stop_price, trail_price, trail_percent",
            );
        }
        let stop = stops.first().copied();
        let says_nothing = amount.is_none() && limit_price.is_none() && stop.is_none() && time_in_force.is_none();
        if says_nothing && reading.flaws.is_empty() {
            let msg = "Give at least one of quantity, qty, limit_price, stop_price, trail_price, trail_percent and time_in_force";
            reading.flaws.push(Flaw::in_body("missing", [Place::Name("quantity")], msg, Input::Nothing));
        }
        if !reading.flaws.is_empty() {
            return Err(ApiError::Invalid(Flaws { detail: reading.flaws }));
        }
        let amendment = Amendment { qty: amount.map(|(qty, _)| qty), limit_price, stop, time_in_force };
        Ok(AmendmentDraft { reading, amendment, quantity: amount.map(|(_, quantity)| quantity) })
    }

    /// Refuses it for what the instrument, or the order as it stands, has against it.
    pub(crate) fn refused_by(&self, faults: &[OrderFault], instrument: &Instrument) -> ApiError {
        let flaws = faults.iter().map(|&fault| flaw_of(fault, instrument, &self.reading.fields));
        ApiError::Invalid(Flaws { detail: flaws.collect() })
    }

    /// Refuses it because the order could come to more than is counted.
    pub(crate) fn refused_as_out_of_range(&self) -> ApiError {
        let (field, msg) = (amount_field(&self.reading.fields), "It could come to more than is counted");
        let input = self.reading.fields.input(field);
        ApiError::Invalid(Flaws { detail: vec![Flaw::in_body("out_of_range", [Place::Name(field)], msg, input)] })
    }
}

//! The bodies of `PATCH /orders/{id}` and `POST /orders/{id}/replace`: what an open order shall ask for instead, itself
//! or by another one in its place.

use tradepit_engine::{Amendment, AskedStop, Instrument, Label, OrderFault, Quantity};

use super::faults::{amount_field, flaw_of};
use crate::native::wire::body::fields::Fields;
use crate::native::wire::body::reading::Reading;
use crate::native::wire::body::values::{read_decimal, read_label};
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
    /// The client's own id of a replacement.
    pub(crate) client_order_id: Option<Label>,
}

impl<'a> AmendmentDraft<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// All that is wrong with it by itself.
    pub(crate) fn read(body: &'a [u8]) -> Result<AmendmentDraft<'a>, ApiError> {
        let mut draft = AmendmentDraft::begin(body, None)?;
        if draft.amendment == Amendment::default() && draft.reading.flaws.is_empty() {
            let msg = "Give at least one of quantity, qty, time_in_force, and the prices that the order has";
            draft.reading.flaws.push(Flaw::in_body("missing", [Place::Name("quantity")], msg, Input::Nothing));
        }
        draft.without_flaws()
    }

    /// Reads the body of a replacement, whose head may have a flaw too.
    ///
    /// # Errors
    /// All that is wrong with both by themselves.
    pub(crate) fn read_replacement(body: &'a [u8], in_head: Option<Flaw>) -> Result<AmendmentDraft<'a>, ApiError> {
        let mut draft = AmendmentDraft::begin(body, in_head)?;
        draft.client_order_id = draft.reading.optional("client_order_id", read_label);
        draft.without_flaws()
    }

    /// What can be read, with all the flaws that it has.
    fn begin(body: &'a [u8], in_head: Option<Flaw>) -> Result<AmendmentDraft<'a>, ApiError> {
        let mut flaws = Vec::from_iter(in_head);
        let fields = match Fields::read(body) {
            Ok(fields) => fields,
            Err(flaw) => {
                flaws.push(flaw);
                return Err(ApiError::Invalid(Flaws { detail: flaws }));
            }
        };
        flaws.extend(fields.given_twice());
        let mut reading = Reading { fields, flaws };
        let amount = reading.amount();
        let limit_price = reading.optional("limit_price", read_decimal);
        let is_given = reading.fields.given("time_in_force").is_some();
        let time_in_force = reading.choice("time_in_force", &TIMES_IN_FORCE).filter(|_| is_given);
        let stop = read_stop(&mut reading);
        let amendment = Amendment { qty: amount.map(|(qty, _)| qty), limit_price, stop, time_in_force };
        let quantity = amount.map(|(_, quantity)| quantity);
        Ok(AmendmentDraft { reading, amendment, quantity, client_order_id: None })
    }

    fn without_flaws(self) -> Result<AmendmentDraft<'a>, ApiError> {
        if self.reading.flaws.is_empty() {
            return Ok(self);
        }
        Err(ApiError::Invalid(Flaws { detail: self.reading.flaws }))
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

/// What an order shall wait for instead, which is one thing.
fn read_stop(reading: &mut Reading<'_>) -> Option<AskedStop> {
    let stop = reading.optional("stop_price", read_decimal).map(AskedStop::At);
    let distance = reading.optional("trail_price", read_decimal).map(AskedStop::Behind);
    let percent = reading.optional("trail_percent", read_decimal).map(AskedStop::BehindPercent);
    let stops: Vec<AskedStop> = [stop, distance, percent].into_iter().flatten().collect();
    if stops.len() > 1 {
        let last = if percent.is_some() { "trail_percent" } else { "trail_price" };
        let msg = "No order has more than one of stop_price, trail_price and trail_percent";
        reading.flaw(last, "trail_conflict", msg);
    }
    stops.first().copied()
}

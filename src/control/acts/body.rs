//! What a client sends to make something happen to an order: read, and as the OpenAPI document describes it.

use serde_json::value::RawValue;
use tradepit_engine::{Act, Instrument, InvalidReasonText, OrderFault, ReasonText};
use utoipa::ToSchema;

use crate::native::wire::body::reading::Reading;
use crate::native::wire::body::values::{Wrong, read_decimal, read_text};
use crate::native::wire::error::ApiError;
use crate::native::wire::flaw::Flaws;
use crate::native::wire::new_order::flaw_of;

/// What shall happen to an order.
#[derive(ToSchema)]
#[schema(as = Act)]
#[expect(dead_code, reason = "described here, read by ActDraft")]
pub(super) struct ActBody {
    act: Asked,
    /// Of a `fill`: how much, a multiple of the lot, at most what is left; all of that where nothing is said.
    #[schema(example = "40")]
    qty: Option<String>,
    /// Of a `fill`: at which price, a multiple of the tick, no worse than the order's limit; at that where nothing is
    /// said.
    #[schema(example = "1.08490")]
    price: Option<String>,
    /// Of a `reject`: why, in words. It stands in the order's `reason_text`.
    #[schema(min_length = 1, max_length = 255, example = "insufficient margin")]
    reason_text: Option<String>,
}

/// What can be made to happen to an order.
#[derive(Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(as = ActName, rename_all = "lowercase")]
enum Asked {
    Arrive,
    Fill,
    Reject,
    Cancel,
    Expire,
    Hold,
    Release,
}

const ACTS: [(&str, Asked); 7] = [
    ("arrive", Asked::Arrive),
    ("fill", Asked::Fill),
    ("reject", Asked::Reject),
    ("cancel", Asked::Cancel),
    ("expire", Asked::Expire),
    ("hold", Asked::Hold),
    ("release", Asked::Release),
];

/// What was read of such a body, which has no flaw of its own.
pub(super) struct ActDraft<'a> {
    reading: Reading<'a>,
    pub(super) act: Act,
}

impl<'a> ActDraft<'a> {
    /// Reads a body.
    ///
    /// # Errors
    /// All that is wrong with it by itself.
    pub(super) fn read(body: &'a [u8]) -> Result<ActDraft<'a>, ApiError> {
        let mut reading = Reading::of(body)?;
        let asked = match reading.fields.given("act") {
            Some(_) => reading.choice_or_none("act", &ACTS),
            None => reading.missing("act"),
        };
        let qty = reading.optional("qty", read_decimal);
        let price = reading.optional("price", read_decimal);
        let text = reading.optional("reason_text", read_reason_text);
        let is_known = asked.is_some();
        for field in ["qty", "price"] {
            if is_known && asked != Some(Asked::Fill) && reading.fields.given(field).is_some() {
                reading.flaw(field, "act_conflict", "Only a fill says how much, and at which price");
            }
        }
        if is_known && asked != Some(Asked::Reject) && reading.fields.given("reason_text").is_some() {
            reading.flaw("reason_text", "act_conflict", "Only a reject says why");
        }
        let act = match asked.filter(|_| reading.flaws.is_empty()) {
            None => return Err(ApiError::Invalid(Flaws { detail: reading.flaws })),
            Some(Asked::Arrive) => Act::Arrive,
            Some(Asked::Fill) => Act::Fill { qty, price },
            Some(Asked::Reject) => Act::Reject { text },
            Some(Asked::Cancel) => Act::Cancel,
            Some(Asked::Expire) => Act::Expire,
            Some(Asked::Hold) => Act::Hold,
            Some(Asked::Release) => Act::Release,
        };
        Ok(ActDraft { reading, act })
    }

    /// Refuses it for what the order, or its instrument, has against it.
    pub(super) fn refused_by(&self, faults: &[OrderFault], instrument: &Instrument) -> ApiError {
        let flaws = faults.iter().map(|&fault| flaw_of(fault, instrument, &self.reading.fields));
        ApiError::Invalid(Flaws { detail: flaws.collect() })
    }
}

/// A reason in words.
fn read_reason_text(json: &RawValue) -> Result<ReasonText, Wrong> {
    ReasonText::new(&read_text(json)?).map_err(|invalid| match invalid {
        InvalidReasonText::Empty => ("string_too_short", "String should have at least 1 character".into()),
        InvalidReasonText::TooLong => ("string_too_long", "String should have at most 255 characters".into()),
        InvalidReasonText::Control => {
            ("string_pattern_mismatch", "String should have no control characters, such as line ends".into())
        }
    })
}

//! What a client sends to list an instrument, or to change one, as the OpenAPI document describes it; `wire::listing`
//! reads it.

use utoipa::ToSchema;

use crate::native::requests::Decimal;
use crate::native::wire::market::{WireClass, WireHours, WireTrading};

/// What a client sends to list an instrument.
#[derive(ToSchema)]
#[schema(as = NewInstrument)]
pub(crate) struct NewInstrumentBody {
    /// By what it shall be known.
    #[schema(min_length = 1, max_length = 32, pattern = "^[A-Za-z0-9._/-]+$", example = "DOT/EUR")]
    symbol: String,
    /// What kind of thing it is. One currency is worth in another what the mark of a pair says.
    class: WireClass,
    /// The code of what is bought and sold; where nothing is said what stands in the symbol before a slash, or, of a
    /// pair, before the currency in which it is paid; else the symbol.
    #[schema(example = "DOT")]
    base: Option<String>,
    /// The code of the currency in which it is paid.
    #[schema(example = "EUR")]
    quote: String,
    /// Prices are multiples of this.
    #[schema(example = "0.001")]
    tick: Decimal,
    /// Quantities are multiples of this.
    #[schema(example = "0.0001")]
    lot: Decimal,
    /// The least quantity of an order; a lot where nothing is said.
    #[schema(example = "0.01")]
    min_quantity: Option<Decimal>,
    /// The greatest; 1000000000, or as much as can be counted, where nothing is said.
    #[schema(example = "100000")]
    max_quantity: Option<Decimal>,
    /// Where its price begins: a multiple of the tick. No price is above 100 times this.
    #[schema(example = "5.250")]
    reference_price: Decimal,
    /// The part of price × quantity that whoever rested pays: from 0 to 1, 0 where nothing is said.
    #[schema(example = "0.001")]
    maker_fee: Option<Decimal>,
    /// The part that whoever came later pays.
    #[schema(example = "0.002")]
    taker_fee: Option<Decimal>,
    /// Whether an account may sell what it does not have; it may where nothing is said.
    short: Option<bool>,
    /// When it trades; where nothing is said `always`, but of an equity as `--hours` says.
    hours: Option<WireHours>,
}

/// What of an instrument shall be otherwise; what is not said stays as it is.
#[derive(ToSchema)]
#[schema(as = InstrumentChange)]
pub(crate) struct ChangeBody {
    /// Whether it trades, beside its hours.
    status: Option<WireTrading>,
    /// The part of price × quantity that whoever rested pays: from 0 to 1.
    #[schema(example = "0.001")]
    maker_fee: Option<Decimal>,
    /// The part that whoever came later pays.
    #[schema(example = "0.002")]
    taker_fee: Option<Decimal>,
    /// Whether an account may sell what it does not have.
    short: Option<bool>,
}
